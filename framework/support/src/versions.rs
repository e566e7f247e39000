//! Which versions run, where, and since when: the head of every report, and the list of plugins.

use brickwork_link::{EngineInfo, LINK_PROTOCOL, PluginFile};

use crate::text::{facts, table};
use crate::words::{bytes, date_and_time};

/// What identifies a running beamline in a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Versions {
    /// What the beamline is called.
    pub beamline: String,
    /// The layout and how often one came into force since the engine started; 0 if none did.
    pub layout: (String, u64),
    /// The engine, its process and what that holds in memory; `None` while none answers.
    pub engine: Option<(EngineInfo, u32, u64)>,
    /// The plugins.
    pub plugins: Vec<PluginFile>,
    /// The time of the report, seconds since 1970.
    pub wall_secs: f64,
}

/// The name of this machine.
pub fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

impl Versions {
    /// The lines above a report with this title.
    pub fn header(&self, title: &str) -> String {
        let (layout, revision) = &self.layout;
        let in_force = if *revision > 0 { format!("{layout}, revision {revision}") } else { layout.clone() };
        let own = format!("{}, link protocol {LINK_PROTOCOL}", env!("CARGO_PKG_VERSION"));
        let plugin = |file: &PluginFile| format!("{} {} generation {}", file.name, file.version, file.generation);
        let lines = facts(&[
            ("beamline", self.beamline.clone()),
            ("layout", in_force),
            ("host", host()),
            ("time", date_and_time(self.wall_secs)),
            ("brickwork", own),
            ("engine", self.engine.as_ref().map_or_else(|| "none answers".into(), engine_words)),
            ("plugins", self.plugins.iter().map(plugin).collect::<Vec<_>>().join(", ")),
        ]);
        format!("{title}\n\n{lines}")
    }
}

fn engine_words((info, process, memory): &(EngineInfo, u32, u64)) -> String {
    format!(
        "{}, plugin protocol {}, process {process}, since {}, memory {}",
        info.version,
        info.abi_protocol,
        date_and_time(info.started_wall_secs),
        bytes(*memory)
    )
}

/// The plugins as aligned text.
pub fn plugins_text(plugins: &[PluginFile]) -> String {
    let row = |file: &PluginFile| {
        let refused = match file.refused.lines().next() {
            Some(why) => format!("refused {}: {why}", date_and_time(file.refused_wall_secs)),
            None => "in force".into(),
        };
        vec![
            file.name.clone(),
            file.version.clone(),
            file.generation.to_string(),
            date_and_time(file.loaded_wall_secs),
            file.hash.clone(),
            file.source.clone(),
            refused,
        ]
    };
    let rows: Vec<Vec<String>> = plugins.iter().map(row).collect();
    table(&["plugin", "version", "generation", "loaded", "hash", "file", "the file as it is now"], &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_where_when_and_with_which_versions_it_was_made() {
        let plugin = PluginFile { name: "motors".into(), version: "0.1.0".into(), generation: 2, ..Default::default() };
        let engine = EngineInfo { version: "0.1.0".into(), abi_protocol: 1, started_wall_secs: 1.8e9 };
        let versions = Versions {
            beamline: "ID-DEMO".into(),
            layout: ("/b/demo.ron".into(), 3),
            engine: Some((engine, 4711, 52_000_000)),
            plugins: vec![plugin],
            wall_secs: 1.8e9,
        };
        let text = versions.header("Connections");
        for wanted in ["ID-DEMO", "revision 3", "process 4711", "52 MB", "motors 0.1.0 generation 2", &host()] {
            assert!(text.contains(wanted), "{wanted} in {text}");
        }
        assert!(Versions::default().header("x").contains("none answers"));
    }

    #[test]
    fn a_file_that_was_refused_says_why_in_one_line() {
        let refused = PluginFile { refused: "it is cut short\nmore".into(), ..PluginFile::default() };
        let text = plugins_text(&[refused, PluginFile::default()]);
        assert!(text.contains(": it is cut short\n") && text.contains("in force"), "{text}");
    }
}
