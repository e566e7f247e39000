//! Forwards the library's `tracing` events, and the records of the crate `log`, to the host, which bounds and writes
//! them.

use std::fmt::Write as _;

use brickwork_abi::HostRef;

use tracing::field::{Field, Visit};
use tracing::span;
use tracing::{Event, Level, Metadata, Subscriber};

use super::panics::host_here;

struct Forward(HostRef);

/// Installs the forwarding once per library; a test with a subscriber or a logger of its own keeps that.
pub(super) fn install(host: HostRef) {
    let _ = tracing::subscriber::set_global_default(Forward(host));
    if log::set_logger(Box::leak(Box::new(Forward(host)))).is_ok() {
        log::set_max_level(log::LevelFilter::Debug);
    }
}

impl log::Log for Forward {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Debug
    }

    fn log(&self, record: &log::Record<'_>) {
        if log::Log::enabled(self, record.metadata()) {
            let text = record.args().to_string();
            host_here(self.0).log(record.level() as u8, 0, record.target().into(), text.as_str().into());
        }
    }

    fn flush(&self) {}
}

impl Subscriber for Forward {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && *metadata.level() <= Level::DEBUG
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        let level = match *event.metadata().level() {
            Level::ERROR => 1,
            Level::WARN => 2,
            Level::INFO => 3,
            Level::DEBUG => 4,
            Level::TRACE => 5,
        };
        host_here(self.0).log(level, 0, event.metadata().target().into(), line.text.as_str().into());
    }
}

#[derive(Default)]
struct Line {
    text: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // Writing to a string cannot fail.
        let _ = if field.name() == "message" {
            write!(self.text, "{value:?}")
        } else {
            write!(self.text, " {}={value:?}", field.name())
        };
    }
}
