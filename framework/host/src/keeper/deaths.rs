//! What processes died of, in words, and what is left off because of it.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitCode, ExitStatus};
use std::time::Duration;

use brickwork_engine::crumbs::{LOAD, Running};
use brickwork_engine::left_off::LeftOff;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::low_level::signal_name;

use super::LOOK_LIMIT;
use crate::log;

/// A process that lived so long ran well: the deaths before it do not count any more.
const RAN_WELL: Duration = Duration::from_secs(60);
/// The first and the longest pause before a dead process is started again.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));
/// A window that lived so long was open.
const OPENED: Duration = Duration::from_secs(3);
/// Processes that die of plugins, one after another, before nothing more is tried.
const MAX_LOOKS: usize = 50;
/// The last lines of a dead process that are told, and their letters.
const WORDS: (usize, usize) = (3, 160);

/// What the child is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The engine.
    Engine,
    /// The window.
    Window,
    /// A command that looks into plugins and ends.
    Look,
}

impl What {
    fn noun(self) -> &'static str {
        match self {
            Self::Engine => "the engine",
            Self::Window => "the window",
            Self::Look => "the process that looks into the plugins",
        }
    }

    /// Deaths in a row after which something is left off.
    fn limit(self) -> usize {
        if self == Self::Look { 1 } else { 3 }
    }
}

/// One death.
pub struct Death {
    /// How the process ended.
    pub status: ExitStatus,
    /// What ran.
    pub running: Vec<Running>,
    /// What it said last.
    pub words: String,
    /// How long it lived.
    pub lived: Duration,
}

impl Death {
    /// Whether it ran well before.
    fn is_long_lived(&self) -> bool {
        self.lived > RAN_WELL
    }

    /// Whether it took a request to end before it had begun to listen for one.
    pub fn is_by_request(&self) -> bool {
        matches!(self.status.signal(), Some(SIGHUP | SIGINT | SIGTERM))
    }

    /// What the process died of.
    pub fn said(&self, what: What) -> String {
        format!("{} died of {}", what.noun(), self.cause(what))
    }

    fn cause(&self, what: What) -> String {
        let how = match (self.status.signal(), self.status.code()) {
            (Some(9), _) if what == What::Look && self.lived >= LOOK_LIMIT => {
                format!("not returning within {} s", LOOK_LIMIT.as_secs())
            }
            (Some(signal), _) => match signal_name(signal) {
                Some(name) => format!("signal {signal} ({name})"),
                None => format!("signal {signal}"),
            },
            (None, Some(code)) => format!("an exit with status {code} that Brickwork did not ask for"),
            (None, None) => "a cause that the system does not tell".into(),
        };
        match self.running.as_slice() {
            [] => format!("{how}; no plugin's function ran, so perhaps a thread of a plugin's own did it"),
            [one] => format!("{how} while {one} ran"),
            several => {
                let several: Vec<String> = several.iter().map(Running::to_string).collect();
                format!("{how} while these ran: {}", several.join(", "))
            }
        }
    }

    fn last_words(&self) -> String {
        let lines: Vec<&str> = self.words.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let last = lines[lines.len().saturating_sub(WORDS.0)..].iter();
        let last: Vec<String> = last.map(|line| line.chars().take(WORDS.1).collect()).collect();
        if last.is_empty() { String::new() } else { format!("\nIt said last: {}", last.join(" / ")) }
    }
}

/// The deaths so far.
pub struct Deaths {
    what: What,
    /// What ran at each, without what does not matter to tell one culprit from another.
    in_a_row: Vec<BTreeSet<Running>>,
    left_off: Vec<LeftOff>,
}

impl Deaths {
    /// None yet.
    pub fn new(what: What) -> Self {
        Self { what, in_a_row: Vec::new(), left_off: Vec::new() }
    }

    /// How long it is waited before another process is started: the longer, the more have died in a row.
    pub fn pause(&self) -> Duration {
        let doublings = u32::try_from(self.in_a_row.len().saturating_sub(1)).unwrap_or(u32::MAX).min(16);
        (PAUSE.0 * (1 << doublings)).min(PAUSE.1)
    }

    /// What is left off.
    pub fn left_off(&self) -> &[LeftOff] {
        &self.left_off
    }

    /// These, by their numbers, are in use again: by a person's wish, or with another build.
    pub fn use_again(&mut self, numbers: u64) {
        let mut number = 0;
        self.left_off.retain(|_| {
            number += 1;
            numbers & (1 << ((number - 1) % 64)) == 0
        });
        if numbers != 0 {
            self.in_a_row.clear();
        }
    }

    /// Counts a death; what is to be told of it.
    pub fn add(&mut self, death: &Death) -> String {
        if death.is_long_lived() {
            self.in_a_row.clear();
        }
        self.in_a_row.push(death.running.iter().map(|running| self.identity(running)).collect());
        let mut text = death.said(self.what);
        text[..1].make_ascii_uppercase();
        text += ".";
        if self.what != What::Look {
            text += " It was started again by itself.";
        }
        let culprits = self.culprits(death);
        if !culprits.is_empty() {
            // With them gone it begins anew.
            self.in_a_row.clear();
        }
        for culprit in culprits {
            let name = if culprit.name.is_empty() || self.what == What::Window && culprit.entry != LOAD {
                format!("the kind {}", culprit.kind)
            } else {
                culprit.name.clone()
            };
            if self.what != What::Look {
                text += &format!("\nIt dies of {name} again and again: {name} is left off from now on.");
            }
            let why = match self.what {
                What::Look => format!("it is the end of a process that looks into it: {}", death.cause(self.what)),
                what => format!("{} died of it again and again, the last time of {}", what.noun(), death.cause(what)),
            };
            self.left_off.push(LeftOff { what: culprit, why });
        }
        text + &death.last_words()
    }

    /// What is to be left off now.
    fn culprits(&self, death: &Death) -> Vec<Running> {
        let limit = self.what.limit();
        let count = self.in_a_row.len();
        let recent = &self.in_a_row[count.saturating_sub(limit)..];
        // The process after the first death lets one run at a time: then it is known which it is.
        let is_sure = count >= limit && (death.running.len() == 1 || count > 1);
        let is_culprit = |running: &&Running| {
            let identity = self.identity(running);
            let known = self.left_off.iter().any(|left| self.identity(&left.what) == identity);
            let always = is_sure && recent.iter().all(|ran| ran.contains(&identity));
            // A plugin one of whose objects was left off has no more patience to use up.
            let is_next =
                self.left_off.iter().any(|left| left.what.plugin == identity.plugin && !identity.plugin.is_empty());
            !known && (always || is_next)
        };
        death.running.iter().filter(is_culprit).cloned().collect()
    }

    /// An object counts as one whichever of its functions ran, and so do all bricks of one kind.
    fn identity(&self, running: &Running) -> Running {
        let entry = if running.entry == LOAD { LOAD } else { "" };
        let mut identity = Running { entry: entry.into(), ..running.clone() };
        if self.what == What::Window && entry != LOAD {
            identity.name.clear();
        }
        identity
    }

    /// Whether it is not tried again. A look has nothing left to leave off; a window cannot be opened, such as on a
    /// display that is gone. An engine is always tried again.
    pub fn gives_up(&self, death: &Death) -> bool {
        let nobodys = self.in_a_row.iter().rev().take_while(|culprits| culprits.is_empty()).count();
        match self.what {
            What::Engine => false,
            What::Window => nobodys >= 2 && death.lived < OPENED,
            What::Look => nobodys > 0 || self.in_a_row.len() > MAX_LOOKS,
        }
    }

    /// Our exit status, with a child's that ended by its own will. What a look could not judge is said.
    pub fn exit_code(&self, code: u8) -> ExitCode {
        let unjudged = self.left_off.iter().filter(|left| self.what == What::Look && left.what.entry != LOAD);
        let mut is_well = true;
        for LeftOff { what, why } in unjudged {
            is_well = false;
            log::say(&format!("plugins: configs of {} are not checked: {why}", what.kind));
        }
        if is_well { ExitCode::from(code) } else { ExitCode::from(code.max(1)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running(name: &str, entry: &str) -> Running {
        let (plugin, kind) = if entry == LOAD { ("", "00ff") } else { ("fool", "fool.motor") };
        Running { plugin: plugin.into(), name: name.into(), kind: kind.into(), entry: entry.into() }
    }

    fn death(running: &[Running], lived_secs: u64) -> Death {
        let (status, lived) = (ExitStatus::from_raw(11), Duration::from_secs(lived_secs));
        Death { status, running: running.to_vec(), words: String::new(), lived }
    }

    fn left_off(deaths: &Deaths) -> Vec<&str> {
        deaths.left_off().iter().map(|left| left.what.name.as_str()).collect()
    }

    #[test]
    fn what_a_process_died_of_is_said_with_the_signal_and_what_ran() {
        let mut dead = death(&[running("omega", "move_to")], 1);
        let said = dead.said(What::Engine);
        assert_eq!(said, "the engine died of signal 11 (SIGSEGV) while omega.move_to of plugin fool ran");
        dead.status = ExitStatus::from_raw(3 << 8);
        dead.running.clear();
        dead.words = "first\n\nassertion failed: x\n".into();
        let text = Deaths::new(What::Engine).add(&dead);
        assert!(
            text.starts_with("The engine died of an exit with status 3 that Brickwork did not ask for; "),
            "{text}"
        );
        assert!(text.ends_with("\nIt said last: first / assertion failed: x"), "{text}");
    }

    #[test]
    fn what_three_in_a_row_died_of_is_left_off_whichever_function_it_was() {
        let mut deaths = Deaths::new(What::Engine);
        for entry in ["move_to", "new"] {
            deaths.add(&death(&[running("omega", entry), running("other", "run")], 1));
            assert!(left_off(&deaths).is_empty());
        }
        let text = deaths.add(&death(&[running("omega", "run")], 1));
        assert_eq!(left_off(&deaths), ["omega"]);
        assert!(text.contains("omega is left off from now on"), "{text}");
        // Another object of the same plugin is not waited for three times.
        deaths.add(&death(&[running("kappa", "new")], 1));
        assert_eq!(left_off(&deaths), ["omega", "kappa"]);
        deaths.use_again(0b01);
        assert_eq!(left_off(&deaths), ["kappa"]);
    }

    #[test]
    fn deaths_with_a_good_life_between_or_of_different_things_leave_nothing_off() {
        let mut deaths = Deaths::new(What::Engine);
        for lived in [1, 1, 100, 1] {
            deaths.add(&death(&[running("omega", "move_to")], lived));
        }
        assert!(left_off(&deaths).is_empty());
        let mut deaths = Deaths::new(What::Engine);
        for name in ["a", "b", "a", "b"] {
            deaths.add(&death(&[running(name, LOAD)], 1));
        }
        assert!(left_off(&deaths).is_empty());
    }

    #[test]
    fn a_look_leaves_out_at_once_what_is_sure_and_looks_again_where_it_is_not() {
        let mut deaths = Deaths::new(What::Look);
        deaths.add(&death(&[running("a.so", LOAD), running("b.so", LOAD)], 1));
        assert!(left_off(&deaths).is_empty());
        deaths.add(&death(&[running("b.so", LOAD)], 1));
        assert_eq!(left_off(&deaths), ["b.so"]);
        deaths.add(&death(&[], 1));
        assert!(deaths.gives_up(&death(&[], 1)));
    }

    #[test]
    fn a_window_that_cannot_be_opened_again_is_given_up_and_an_engine_never() {
        for (what, gives_up) in [(What::Window, [false, true]), (What::Engine, [false, false])] {
            let mut deaths = Deaths::new(what);
            for (lived, is_given_up) in [100, 1].into_iter().zip(gives_up) {
                let death = death(&[], lived);
                deaths.add(&death);
                assert_eq!(deaths.gives_up(&death), is_given_up && lived < 3);
            }
        }
        let mut deaths = Deaths::new(What::Window);
        deaths.add(&death(&[running("one", "view")], 1));
        assert!(!deaths.gives_up(&death(&[], 1)), "that is a brick's doing");
    }

    #[test]
    fn bricks_of_one_kind_count_as_one() {
        let mut deaths = Deaths::new(What::Window);
        for name in ["one", "two", "one"] {
            deaths.add(&death(&[running(name, "view")], 1));
        }
        assert_eq!(deaths.left_off().len(), 1);
    }
}
