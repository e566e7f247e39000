//! The panel about this beamline: which layout, versions and processes run, and how every plugin fares: its generation,
//! what became of its last reload, how slow its bricks are. That a reload went well is said only when the new
//! generation is on screen and its objects run it.

use std::time::Duration;

use brickwork_link::LINK_PROTOCOL;
use brickwork_sdk::Value;
use brickwork_sdk::view::{Column, Node, Tone, View, button, column, grid, row, space, table, text};
use brickwork_support::words::{bytes, date_and_time, moment};
use brickwork_support::{Now, Versions};
use serde::{Deserialize, Serialize};

use super::Effect;
use crate::format;
use crate::health::{PluginHealth, Slowest};

/// So many old generations in one process deserve a word.
const MANY_OLD: u64 = 200;

/// What its controls send.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Message {
    Copy,
    Support,
}

/// All that it shows.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Layout, engine and plugins.
    pub versions: Versions,
    /// The plugins as this shell has them.
    pub plugins: Vec<PluginHealth>,
    /// The objects whose plugin has a newer generation than they run: plugin, object, generation.
    pub behind: Vec<(String, String, u64)>,
    /// This process and what it holds in memory, in bytes.
    pub window: (u32, u64),
    /// This moment.
    pub now: Now,
}

/// What became of the last reload of a plugin.
#[derive(Clone, Debug, PartialEq)]
enum Reload {
    /// The first generation is in force.
    Loaded,
    /// A later one is, wherever it should be.
    Done,
    /// It is on its way; what is missing.
    Underway(String),
    /// It came to nothing; why.
    Failed(String),
}

impl About {
    /// Takes what its controls sent.
    pub fn update(&self, message: Value) -> Effect {
        match brickwork_sdk::from_value(message) {
            Ok(Message::Copy) => Effect::Copy(self.report()),
            Ok(Message::Support) => Effect::Support,
            Err(error) => {
                tracing::error!("the panel about this beamline does not know its own message: {error}");
                Effect::Nothing
            }
        }
    }

    /// What it shows.
    pub fn view(&self) -> Node {
        let facts = self.facts().into_iter().flat_map(|(name, value)| [text(name).muted(), text(value)]);
        let columns = [
            Column::new("Plugin"),
            Column::new("Version"),
            Column::numeric("Generation"),
            Column::new("Last reload"),
            Column::new("Result").grow(1.0),
            Column::new("Hash"),
            Column::numeric("Old, engine / window"),
            Column::numeric("Slowest view"),
            Column::numeric("Slowest update"),
        ];
        // What needs somebody stands first.
        let mut sorted: Vec<&PluginHealth> = self.plugins.iter().collect();
        sorted.sort_by_key(|plugin| !matches!(self.reload(plugin), Reload::Failed(_)));
        let rows = sorted.into_iter().map(|plugin| self.cells(plugin));
        let plugins = match self.plugins.as_slice() {
            [] => text("No plugin is in force.").muted(),
            _ => table("plugins", "Plugins", &columns, (0, self.plugins.len()), rows).grow(),
        };
        let hint = self.hints().into_iter().map(|hint| text(hint).tone(Tone::Warning));
        let lines = [bar(), grid(6, facts)].into_iter().chain(hint).chain([plugins]);
        column(lines).grow().into_node()
    }

    /// Names with their values, of the layout, the versions and the processes.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let (layout, revision) = &self.versions.layout;
        let own = env!("CARGO_PKG_VERSION");
        let (process, memory) = self.window;
        let mut facts = vec![
            ("Layout", layout.clone()),
            ("Revision", revision.to_string()),
            ("Window", format!("process {process}, memory {}", bytes(memory))),
        ];
        match &self.versions.engine {
            None => facts.extend([
                ("Brickwork", format!("{own}, link protocol {LINK_PROTOCOL}")),
                ("Beamline", self.versions.beamline.clone()),
                ("Engine", "does not answer".into()),
            ]),
            Some((info, process, memory)) => {
                let up_secs = (self.now.wall_secs - info.started_wall_secs).max(0.0);
                let up = format::lasted(Duration::from_secs_f64(up_secs).as_nanos() as u64);
                let (link, abi) = (LINK_PROTOCOL, info.abi_protocol);
                let version = if info.version == own { own.into() } else { format!("{own}, engine {}", info.version) };
                facts.extend([
                    ("Brickwork", format!("{version}, link protocol {link}, plugin protocol {abi}")),
                    ("Beamline", self.versions.beamline.clone()),
                    ("Engine", format!("process {process}, memory {}, up for {up}", bytes(*memory))),
                ]);
            }
        }
        facts
    }

    fn cells(&self, plugin: &PluginHealth) -> Vec<View<Message>> {
        let file = &plugin.file;
        let result = match self.reload(plugin) {
            Reload::Loaded => text("loaded").muted(),
            Reload::Done => text("ok"),
            Reload::Underway(missing) => text(missing).muted(),
            Reload::Failed(why) => text(why).tone(Tone::Danger),
        };
        vec![
            text(file.name.as_str()),
            text(file.version.as_str()).muted(),
            text(file.generation.to_string()),
            text(moment(when(plugin), self.now.wall_secs)).muted(),
            result,
            text(short(&file.hash)).muted(),
            text(old(plugin)).muted(),
            slowest(plugin.times.view.as_ref()),
            slowest(plugin.times.update.as_ref()),
        ]
    }

    fn reload(&self, plugin: &PluginHealth) -> Reload {
        let file = &plugin.file;
        if let Some(why) = file.refused.lines().next() {
            return Reload::Failed(format!("refused: {why}"));
        }
        if let Some(why) = plugin.troubles.first().and_then(|why| why.lines().next()) {
            return Reload::Failed(format!("not shown: {why}"));
        }
        if plugin.shown < plugin.bricks {
            return Reload::Underway(format!("{} of {} bricks shown", plugin.shown, plugin.bricks));
        }
        match self.behind.iter().find(|(name, ..)| *name == file.name) {
            Some((_, object, generation)) => Reload::Underway(format!("{object} still runs generation {generation}")),
            None if file.generation > 1 => Reload::Done,
            None => Reload::Loaded,
        }
    }

    /// Words on what a process keeps until its end.
    fn hints(&self) -> Vec<String> {
        self.old_hint().into_iter().chain(self.stuck_hint()).collect()
    }

    /// Threads that cannot be stopped, by their plugins.
    fn stuck_hint(&self) -> Option<String> {
        let left = |plugin: &&PluginHealth| plugin.file.threads_left + plugin.stuck > 0;
        let each = self.plugins.iter().filter(left).map(|plugin| {
            let (engine, window) = (plugin.file.threads_left, plugin.stuck);
            format!("{} ({engine} in the engine, {window} in the window)", plugin.file.name)
        });
        let each: Vec<String> = each.collect();
        (!each.is_empty()).then(|| {
            format!(
                "Threads that do not end and cannot be stopped: {}. They stay as long as their process.",
                each.join(", ")
            )
        })
    }

    /// A word on old generations, when there are many: their memory is given back only at the end of a process.
    fn old_hint(&self) -> Option<String> {
        let engine: u64 = self.plugins.iter().map(|plugin| plugin.file.generation.saturating_sub(1)).sum();
        let window: u64 = self.plugins.iter().map(|plugin| plugin.old).sum();
        (engine.max(window) >= MANY_OLD).then(|| {
            format!(
                "{engine} old generations are in the engine's memory, {window} in the window's. Close the window and \
                 `brickwork stop` when it suits, then `brickwork run`: that gives it back."
            )
        })
    }

    /// All of it as aligned text.
    pub fn report(&self) -> String {
        let row = |plugin: &PluginHealth| {
            let result = match self.reload(plugin) {
                Reload::Loaded => "loaded".into(),
                Reload::Done => "ok".into(),
                Reload::Underway(words) | Reload::Failed(words) => words,
            };
            let of = |slowest: Option<&Slowest>| {
                slowest.map_or_else(|| "-".into(), |slowest| format!("{} {}", millis(slowest), slowest.brick))
            };
            let times = &plugin.times;
            let (view, update) = (of(times.view.as_ref()), of(times.update.as_ref()));
            let (file, at) = (&plugin.file, date_and_time(when(plugin)));
            let (name, version, number) = (file.name.clone(), file.version.clone(), file.generation.to_string());
            vec![name, version, number, at, result, file.hash.clone(), old(plugin), view, update]
        };
        let rows: Vec<Vec<String>> = self.plugins.iter().map(row).collect();
        let head = ["plugin", "version", "generation", "last reload", "result", "hash", "old, engine / window"];
        let head: Vec<&str> = head.into_iter().chain(["slowest view", "slowest update"]).collect();
        let (process, memory) = self.window;
        let window = format!("window: process {process}, memory {}\n", bytes(memory));
        let hint: String = self.hints().into_iter().map(|hint| hint + "\n").collect();
        let table = brickwork_support::table(&head, &rows);
        format!("{}{window}{hint}\n{table}", self.versions.header("About this beamline"))
    }
}

fn bar() -> View<Message> {
    row([
        text("About this beamline").tone(Tone::Title),
        space(),
        button("copy", "Copy").help("Copy all as text").on_press(Message::Copy),
        button("support", "Support archive")
            .help("Write all that the person on call needs into one file (Ctrl+B)")
            .on_press(Message::Support),
    ])
}

/// When the last reload came to an end, well or not.
fn when(plugin: &PluginHealth) -> f64 {
    let file = &plugin.file;
    if file.refused.is_empty() { file.loaded_wall_secs } else { file.refused_wall_secs }
}

fn short(hash: &str) -> &str {
    hash.get(..8).unwrap_or(hash)
}

fn old(plugin: &PluginHealth) -> String {
    format!("{} / {}", plugin.file.generation.saturating_sub(1), plugin.old)
}

fn millis(slowest: &Slowest) -> String {
    format!("{:.1} ms", slowest.took.as_secs_f64() * 1e3)
}

fn slowest(slowest: Option<&Slowest>) -> View<Message> {
    match slowest {
        Some(slowest) => text(millis(slowest)).help(slowest.brick.as_str()),
        None => text("–").muted(),
    }
}

#[cfg(test)]
mod tests {
    use brickwork_link::{EngineInfo, PluginFile};
    use brickwork_sdk::to_value;

    use super::*;
    use crate::health::Times;

    fn plugin(generation: u64, bricks: usize, shown: usize) -> PluginHealth {
        let hash = "0123456789abcdef".into();
        let file = PluginFile { name: "motors".into(), generation, hash, ..PluginFile::default() };
        PluginHealth { file, bricks, shown, ..PluginHealth::default() }
    }

    fn about(plugin: PluginHealth) -> About {
        let engine = EngineInfo { version: "0.0.9".into(), abi_protocol: 1, started_wall_secs: 1.8e9 };
        let versions = Versions {
            beamline: "TEST".into(),
            layout: ("/b/test.ron".into(), 3),
            engine: Some((engine, 4711, 52_000_000)),
            plugins: vec![plugin.file.clone()],
            wall_secs: 1.8e9,
        };
        let now = Now { engine_ns: 0, wall_secs: 1.8e9 + 7_200.0 };
        About { versions, plugins: vec![plugin], window: (99, 120_000_000), now, ..About::default() }
    }

    fn words(about: &About) -> Vec<String> {
        let node = about.view();
        assert!(node.problems().is_empty(), "{:?}", node.problems());
        node.walk().filter(|node| node.kind == "text").map(|node| node.text("text").to_owned()).collect()
    }

    #[test]
    fn layout_versions_and_processes_are_named() {
        let words = words(&about(plugin(1, 0, 0)));
        let own = env!("CARGO_PKG_VERSION");
        let brickwork = format!("{own}, engine 0.0.9, link protocol {LINK_PROTOCOL}, plugin protocol 1");
        let engine = "process 4711, memory 52 MB, up for 2 h";
        for wanted in ["/b/test.ron", "3", &brickwork, engine, "process 99, memory 120 MB", "01234567"] {
            assert!(words.iter().any(|word| word == wanted), "{wanted} in {words:?}");
        }
        assert!(self::words(&About::default()).iter().any(|word| word == "does not answer"));
    }

    #[test]
    fn threads_that_do_not_end_are_counted_by_plugin() {
        let mut stuck = plugin(2, 1, 1);
        (stuck.file.threads_left, stuck.stuck) = (1, 2);
        let about = about(stuck);
        let told = "motors (1 in the engine, 2 in the window)";
        assert!(words(&about).iter().any(|word| word.contains(told)), "{:?}", words(&about));
        assert!(about.report().contains(told));
    }

    #[test]
    fn a_reload_is_said_to_be_done_only_when_all_bricks_and_objects_have_it() {
        let result = |about: About| about.reload(&about.plugins[0]);
        assert_eq!(result(about(plugin(1, 2, 2))), Reload::Loaded);
        assert_eq!(result(about(plugin(2, 2, 1))), Reload::Underway("1 of 2 bricks shown".into()));
        assert_eq!(result(about(plugin(2, 2, 2))), Reload::Done);
        let behind = About { behind: vec![("motors".into(), "omega".into(), 1)], ..about(plugin(2, 2, 2)) };
        assert_eq!(result(behind), Reload::Underway("omega still runs generation 1".into()));
        let mut failed = plugin(2, 2, 1);
        failed.troubles = vec!["one: no such row at one.rs:7\nmore".into()];
        assert_eq!(result(about(failed.clone())), Reload::Failed("not shown: one: no such row at one.rs:7".into()));
        failed.file.refused = "it is cut short\nmore".into();
        assert_eq!(result(about(failed)), Reload::Failed("refused: it is cut short".into()));
    }

    #[test]
    fn the_slowest_calls_are_said_with_their_bricks() {
        let mut slow = plugin(1, 1, 1);
        let view = Some(Slowest { took: Duration::from_micros(12_340), brick: "motors.one".into() });
        slow.times = Times { view, update: None };
        let about = about(slow);
        assert!(words(&about).iter().any(|word| word == "12.3 ms"));
        assert!(about.report().contains("12.3 ms motors.one"), "{}", about.report());
        let Effect::Copy(copied) = about.update(to_value(&Message::Copy).expect("plain")) else { panic!("copied") };
        assert!(copied.contains("window: process 99, memory 120 MB"), "{copied}");
        assert_eq!(about.update(to_value(&Message::Support).expect("plain")), Effect::Support);
    }

    #[test]
    fn many_old_generations_deserve_a_word() {
        let has_hint = |generation| {
            words(&about(plugin(generation, 0, 0))).iter().any(|word| word.contains("in the engine's memory"))
        };
        assert!(has_hint(MANY_OLD + 1) && !has_hint(MANY_OLD));
    }
}
