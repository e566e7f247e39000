//! About this beamline: which versions run, which generation of each plugin, how its last reload went, and what it costs.

use brickwork_link::PluginFile;
use brickwork_sdk::Value;
use brickwork_sdk::view::{Column, Node, Tone, View, column, grid, row, table, text};

use crate::format;

/// From so many old generations on, a restart is advised: their memory is not given back.
const MANY_GENERATIONS: u64 = 200;

/// What is known of the processes and plugins.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The beamline's name.
    pub beamline: String,
    /// The layout's file.
    pub layout: String,
    /// The engine's process.
    pub engine: Option<u32>,
    /// What the engine keeps in memory, in KB.
    pub engine_rss_kb: u64,
    /// The plugins in force.
    pub plugins: Vec<PluginFile>,
    /// The slowest view and the slowest update of each plugin's bricks, in milliseconds.
    pub slowest: Vec<(String, f64, f64)>,
}

/// What it shows; `time` gives the words for seconds since 1970.
pub fn about(about: &About, shell_rss_kb: u64, time: impl Fn(f64) -> String) -> Node {
    let process = |id: Option<u32>, kb: u64| match id {
        Some(id) => format!("process {id}, {:.0} MB", kb as f64 / 1024.0),
        None => "not connected".into(),
    };
    let facts = [
        ("Brickwork", env!("CARGO_PKG_VERSION").to_owned()),
        ("Layout", about.layout.clone()),
        ("Engine", process(about.engine, about.engine_rss_kb)),
        ("Shell", process(Some(std::process::id()), shell_rss_kb)),
    ];
    let facts = facts.into_iter().flat_map(|(name, words)| [text(name).muted(), text(words)]);
    let columns = [
        Column::new("Plugin"),
        Column::new("Version"),
        Column::numeric("Generation"),
        Column::new("Loaded"),
        Column::new("Last reload").grow(1.0),
        Column::numeric("Old generations"),
        Column::numeric("Slowest view"),
        Column::numeric("Slowest update"),
        Column::new("Content"),
    ];
    let rows = about.plugins.iter().map(|plugin| cells(about, plugin, &time));
    let title = text(format!("About {}", about.beamline)).tone(Tone::Title);
    let plugins = table("plugins", "Plugins", &columns, (0, about.plugins.len()), rows).grow();
    let view: View<Value> = column([title, row([grid(4, facts)]), plugins]).grow();
    view.into_node()
}

fn cells(about: &About, plugin: &PluginFile, time: &impl Fn(f64) -> String) -> Vec<View<Value>> {
    let slowest = about.slowest.iter().find(|(name, ..)| *name == plugin.name);
    let ms =
        |number: Option<f64>| text(number.map_or_else(String::new, |ms| format!("{} ms", format::number(ms, 1, 8))));
    let old = plugin.generation.saturating_sub(1);
    let result = match plugin.refused.lines().next() {
        Some(why) => text(format!("refused: {why}")).tone(Tone::Danger),
        None if old >= MANY_GENERATIONS => {
            text("well; restart some day: old generations keep their memory").tone(Tone::Warning)
        }
        None => text("well").muted(),
    };
    vec![
        text(plugin.name.as_str()),
        text(plugin.version.as_str()).muted(),
        text(plugin.generation.to_string()),
        text(time(plugin.loaded_wall_secs)).muted(),
        result,
        text(old.to_string()),
        ms(slowest.map(|(_, view, _)| *view)),
        ms(slowest.map(|(_, _, update)| *update)),
        text(plugin.hash.chars().take(8).collect::<String>()).muted(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_plugin_is_named_with_its_generation_and_how_its_last_reload_went() {
        let plugin = |name: &str, generation, refused: &str| PluginFile {
            name: name.into(),
            generation,
            refused: refused.into(),
            ..PluginFile::default()
        };
        let known = About {
            beamline: "ID-TEST".into(),
            engine: Some(7),
            engine_rss_kb: 20_480,
            plugins: vec![plugin("sim", 4, ""), plugin("motors", 2, "it is cut short\nmore"), plugin("old", 300, "")],
            slowest: vec![("motors".into(), 1.25, 0.04)],
            ..About::default()
        };
        let node = about(&known, 1024, |_| "06:00".into());
        assert!(node.problems().is_empty(), "{:?}", node.problems());
        let words: Vec<&str> = node.walk().map(|node| node.text("text")).collect();
        for wanted in ["About ID-TEST", "process 7, 20 MB", "4", "3", "refused: it is cut short", "1.2 ms"] {
            assert!(words.contains(&wanted), "{wanted} in {words:?}");
        }
        assert!(words.iter().any(|words| words.contains("restart some day")), "{words:?}");
    }
}
