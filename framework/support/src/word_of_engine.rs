//! Asks a running engine for all that it says to a shell, once. It is a shell that only listens: it calls nothing and
//! waits no longer than a few seconds.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::time::{Duration, Instant};

use brickwork_layout::Beamline;
use brickwork_link::{
    CallInfo, EngineInfo, LINK_PROTOCOL, LogLine, Notice, Place, PluginFile, ToEngine, ToShell, TransportError, Writer,
    split,
};
use brickwork_sdk::from_value;
use brickwork_sdk::status::ObjectStatus;

use crate::words::Now;

/// How long the engine may take to say everything.
const LIMIT: Duration = Duration::from_secs(3);

/// Why there is no word of an engine.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Nobody listens.
    #[error("no engine runs this layout")]
    NotRunning,
    /// It does not take us.
    #[error("the engine refuses to answer: {0}")]
    Refused(String),
    /// It listens and says nothing.
    #[error("an engine runs this layout, but it does not answer: {0}")]
    Lost(#[from] TransportError),
}

impl From<io::Error> for AskError {
    fn from(error: io::Error) -> Self {
        Self::Lost(error.into())
    }
}

/// What an engine said.
#[derive(Clone, Debug, Default)]
pub struct EngineWord {
    /// Its process.
    pub process: u32,
    /// What it is.
    pub info: EngineInfo,
    /// What its process holds in memory, in bytes.
    pub memory_bytes: u64,
    /// The moment of its word.
    pub now: Now,
    /// Counts the layouts that came into force.
    pub revision: u64,
    /// The layout in force, if one ever was.
    pub beamline: Option<Beamline>,
    /// What is wrong with the layout file as it is now.
    pub diagnostics: String,
    /// The plugins in force.
    pub plugins: Vec<PluginFile>,
    /// The status of each object.
    pub statuses: BTreeMap<String, ObjectStatus>,
    /// The lines of its log that it has in memory.
    pub log: Vec<LogLine>,
    /// What persons should know.
    pub notices: Vec<Notice>,
    /// What runs.
    pub running: Vec<CallInfo>,
}

/// Asks the engine at a place.
///
/// # Errors
/// When none runs there, or it does not answer.
pub fn ask(place: &Place) -> Result<EngineWord, AskError> {
    let stream = place.connect().map_err(|_| AskError::NotRunning)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    let (mut reader, mut writer) = split(stream)?;
    writer.send(&ToEngine::Hello { protocol: LINK_PROTOCOL, user: "brickwork support".into() })?;
    let mut listener = Listener { word: EngineWord::default(), names: HashMap::new(), has_log: false };
    let begun = Instant::now();
    while !listener.has_all() && begun.elapsed() < LIMIT {
        match reader.receive() {
            Ok(message) => listener.take(message, &mut writer)?,
            // What was said before it fell silent is worth more than nothing.
            Err(_) if listener.word.process != 0 => break,
            Err(error) => return Err(error.into()),
        }
    }
    writer.close();
    Ok(listener.word)
}

struct Listener {
    word: EngineWord,
    /// The objects by the names of our subscriptions.
    names: HashMap<u64, String>,
    has_log: bool,
}

impl Listener {
    fn has_all(&self) -> bool {
        let has_statuses = self.names.values().all(|object| self.word.statuses.contains_key(object));
        self.word.revision > 0 && self.has_log && has_statuses
    }

    fn take(&mut self, message: ToShell, writer: &mut Writer) -> Result<(), AskError> {
        let word = &mut self.word;
        match message {
            ToShell::Refused { reason } => return Err(AskError::Refused(reason)),
            ToShell::Welcome { engine_pid, engine, .. } => (word.process, word.info) = (engine_pid, engine),
            ToShell::Heartbeat { engine_ns, wall_secs, memory_bytes } => {
                (word.now, word.memory_bytes) = (Now { engine_ns, wall_secs }, memory_bytes);
            }
            ToShell::Plugins(plugins) => word.plugins = plugins,
            ToShell::Beamline { revision, beamline, diagnostics, .. } => {
                (word.revision, word.diagnostics) = (revision, diagnostics);
                word.beamline = from_value(beamline).ok();
                self.subscribe(writer)?;
            }
            ToShell::Updates(updates) => {
                for update in updates {
                    let Some(object) = self.names.get(&update.id) else { continue };
                    if let Ok(status) = from_value(update.value) {
                        self.word.statuses.insert(object.clone(), status);
                    }
                }
            }
            ToShell::Log(lines) => {
                word.log.extend(lines);
                self.has_log = true;
            }
            ToShell::Notice(notice) => {
                word.notices.retain(|other| other.subject != notice.subject);
                word.notices.extend((!notice.text.is_empty()).then_some(notice));
            }
            ToShell::Running(running) => word.running = running,
            ToShell::CallEnd { .. } => {}
        }
        Ok(())
    }

    fn subscribe(&mut self, writer: &mut Writer) -> Result<(), AskError> {
        let objects = self.word.beamline.iter().flat_map(|beamline| beamline.objects.keys().cloned());
        self.names = (1..).zip(objects).collect();
        for (id, object) in &self.names {
            let (object, channel) = (object.clone(), "status".to_owned());
            writer.send(&ToEngine::Subscribe { id: *id, object, channel })?;
        }
        Ok(())
    }
}
