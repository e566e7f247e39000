//! The log of one process: the last lines in memory for whoever looks, all of them in a file.
//!
//! Filled by [`Layer`] from `tracing` events of any thread; nothing here waits for a disk, a shell or the core. The
//! engine sends its lines to the shells, a shell shows them beside its own.

use std::collections::VecDeque;
use std::fmt::{self, Write as _};
use std::io::Write;

use brickwork_link::{LogLine, NoticeLevel};
use brickwork_sdk::secrets::without_secrets;
use parking_lot::Mutex;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::Context;

use crate::clock::Clock;

/// Lines that are kept in memory.
pub const KEPT: usize = 1_000;
/// Longer texts are cut: a line is read by a person.
const MAX_TEXT: usize = 4_000;

/// Called when there are new lines; it may only take note.
pub type Wake = Box<dyn Fn() + Send + Sync>;

/// The last lines of this process.
#[derive(Default)]
pub struct Log {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    lines: VecDeque<LogLine>,
    last: u64,
    file: Option<Box<dyn Write + Send>>,
    listeners: Vec<(u64, Wake)>,
    next_listener: u64,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Log({} lines)", self.state.lock().last)
    }
}

impl Log {
    /// A log that is also written to `file`, one line for each event; the writer must not wait.
    pub fn to(file: impl Write + Send + 'static) -> Self {
        Self { state: Mutex::new(State { file: Some(Box::new(file)), ..State::default() }) }
    }

    /// Adds a line; its number is given here.
    pub fn add(&self, mut line: LogLine) {
        let mut state = self.state.lock();
        state.last += 1;
        line.number = state.last;
        if let Some(file) = &mut state.file {
            // A full disk must not end the beamline, and there is nowhere else to say it.
            let _ = file.write_all(in_one_line(&line).as_bytes());
        }
        if state.lines.len() == KEPT {
            state.lines.pop_front();
        }
        state.lines.push_back(line);
        for (_, wake) in &state.listeners {
            wake();
        }
    }

    /// The lines after the one with this number that are still in memory.
    pub fn since(&self, number: u64) -> Vec<LogLine> {
        let state = self.state.lock();
        let first = state.lines.partition_point(|line| line.number <= number);
        state.lines.range(first..).cloned().collect()
    }

    /// Has `wake` called at each new line; answers the name by which it is taken back.
    pub fn listen(&self, wake: Wake) -> u64 {
        let mut state = self.state.lock();
        state.next_listener += 1;
        let name = state.next_listener;
        state.listeners.push((name, wake));
        name
    }

    /// Calls a listener no more.
    pub fn ignore(&self, name: u64) {
        self.state.lock().listeners.retain(|(other, _)| *other != name);
    }
}

/// A line as the file holds it: time, level, object, caller, what happened and all that is known of it.
pub fn in_one_line(line: &LogLine) -> String {
    let at = jiff::Timestamp::from_microsecond((line.wall_secs * 1e6) as i64).unwrap_or_default();
    let local = at.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S%.3f%:z").to_string();
    let mut words = format!("{local} {:<7} {}", line.level.word(), line.subject());
    if !line.caller.is_empty() {
        let _ = write!(words, " for {}", line.caller);
    }
    let _ = write!(words, ": {}", line.text);
    for (name, value) in
        [("cause", line.causes.join("; ")), ("remedy", line.remedy.clone()), ("at", line.place.clone())]
    {
        if !value.is_empty() {
            let _ = write!(words, " [{name}: {value}]");
        }
    }
    let mut one = words.replace('\\', "\\\\").replace('\n', "\\n").replace(|c: char| c.is_control(), " ");
    one.push('\n');
    one
}

/// Turns `tracing` events into lines.
pub struct Layer {
    log: std::sync::Arc<Log>,
}

impl Layer {
    /// A layer that fills `log`.
    pub fn new(log: std::sync::Arc<Log>) -> Self {
        Self { log }
    }
}

impl<S: Subscriber> tracing_subscriber::Layer<S> for Layer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let level = match *event.metadata().level() {
            Level::ERROR => NoticeLevel::Error,
            Level::WARN => NoticeLevel::Warning,
            _ => NoticeLevel::Info,
        };
        let mut fields = Fields(LogLine { level, wall_secs: Clock::wall_secs(), ..LogLine::default() });
        event.record(&mut fields);
        self.log.add(fields.0);
    }
}

/// Sorts the fields of an event into a line.
struct Fields(LogLine);

impl Fields {
    fn take(&mut self, name: &str, value: String) {
        if value.is_empty() {
            return;
        }
        let value = without_secrets(&value);
        let line = &mut self.0;
        match name {
            "message" => {
                // Other fields may have come before it.
                let others = std::mem::replace(&mut line.text, value.chars().take(MAX_TEXT).collect());
                line.text += &others;
            }
            "object" | "subject" | "brick" => line.object = value,
            "plugin" => line.plugin = value,
            "caller" | "user" => line.caller = value,
            "place" => line.place = value,
            "remedy" => line.remedy = value,
            "causes" => line.causes = value.lines().map(str::to_owned).collect(),
            // What a library calls its own modules says nothing to a person.
            "target" | "log.target" | "log.module_path" | "log.file" | "log.line" => {}
            other => line.text += &format!(" {other}={value}"),
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.take(field.name(), format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    fn logged(log: &Arc<Log>, events: impl FnOnce()) {
        let subscriber = tracing_subscriber::registry().with(Layer::new(log.clone()));
        tracing::subscriber::with_default(subscriber, events);
    }

    #[test]
    fn an_event_is_one_line_with_object_caller_and_cause() {
        #[derive(Clone, Default)]
        struct Sink(Arc<Mutex<Vec<u8>>>);
        impl Write for Sink {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                self.0.lock().extend_from_slice(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let sink = Sink::default();
        let log = Arc::new(Log::to(sink.clone()));
        let caller = "opd29";
        logged(&log, || {
            tracing::warn!(
                object = "omega",
                caller,
                causes = "timeout\nno route",
                remedy = "call",
                "move_to failed:\nlost"
            );
        });
        let text = String::from_utf8(sink.0.lock().clone()).expect("it is text");
        assert_eq!(text.lines().count(), 1, "{text}");
        let end = "warning omega for opd29: move_to failed:\\nlost [cause: timeout; no route] [remedy: call]\n";
        assert!(text.ends_with(end), "{text}");
        let line = &log.since(0)[0];
        assert_eq!((line.object.as_str(), line.caller.as_str(), line.causes.len()), ("omega", "opd29", 2));
    }

    #[test]
    fn no_line_holds_a_login_or_a_password() {
        let log = Arc::new(Log::default());
        logged(&log, || {
            tracing::warn!(
                causes = "GET /s?pwd=abc",
                remedy = "see http://mx:abc@cam",
                "lost http://cam/?password=abc"
            );
        });
        let told = in_one_line(&log.since(0)[0]);
        assert!(!told.contains("abc") && told.contains("http://cam/?password=<removed>"), "{told}");
    }

    #[test]
    fn memory_is_bounded_and_a_reader_hears_only_what_is_new() {
        let log = Arc::new(Log::default());
        let wakes = Arc::new(AtomicUsize::new(0));
        let counted = wakes.clone();
        let name = log.listen(Box::new(move || {
            counted.fetch_add(1, Ordering::Relaxed);
        }));
        logged(&log, || (0..KEPT + 5).for_each(|number| tracing::info!("{number}")));
        assert_eq!(wakes.load(Ordering::Relaxed), KEPT + 5);
        assert_eq!(log.since(0).len(), KEPT);
        assert_eq!(
            log.since(KEPT as u64 + 3).iter().map(|line| line.text.as_str()).collect::<Vec<_>>(),
            ["1003", "1004"]
        );
        log.ignore(name);
        logged(&log, || tracing::info!("more"));
        assert_eq!(wakes.load(Ordering::Relaxed), KEPT + 5);
    }
}
