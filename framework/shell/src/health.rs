//! How the plugins fare in this shell: what of them is on screen, what went wrong, how slow they are. The manager and
//! its threads fill it, the panel *About* shows it; it decides nothing.

use std::time::Duration;

use brickwork_link::PluginFile;
use brickwork_sdk::protocol::Ask;

/// One plugin as this shell has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PluginHealth {
    /// What the engine says of it.
    pub file: PluginFile,
    /// How many bricks of the layout are of its kinds.
    pub bricks: usize,
    /// How many of them are on screen with the newest generation.
    pub shown: usize,
    /// Why the others are not, each in a line or more.
    pub troubles: Vec<String>,
    /// The generations before the newest that this process keeps in memory.
    pub old: u64,
    /// Threads of generations before it that do not return, and stay as long as this process.
    pub stuck: u64,
    /// The slowest calls of the newest generation.
    pub times: Times,
}

/// The slowest call of one sort.
#[derive(Clone, Debug, PartialEq)]
pub struct Slowest {
    /// How long it took.
    pub took: Duration,
    /// The brick.
    pub brick: String,
}

/// The slowest calls of one library.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Times {
    /// Of `view`.
    pub view: Option<Slowest>,
    /// Of `update`.
    pub update: Option<Slowest>,
}

impl Times {
    /// A call has returned; `brick` names whose it was.
    pub fn note(&mut self, ask: &Ask, took: Duration, brick: impl FnOnce() -> String) {
        let slowest = match ask {
            Ask::View => &mut self.view,
            Ask::Message(_) => &mut self.update,
            _ => return,
        };
        if slowest.as_ref().is_none_or(|slowest| took > slowest.took) {
            *slowest = Some(Slowest { took, brick: brick() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_view_and_the_slowest_update_are_kept_with_their_bricks() {
        let mut times = Times::default();
        let calls = [(Ask::View, 3, "a"), (Ask::View, 9, "b"), (Ask::View, 5, "c"), (Ask::Save, 99, "d")];
        for (ask, millis, brick) in calls {
            times.note(&ask, Duration::from_millis(millis), || brick.into());
        }
        assert_eq!(times.view, Some(Slowest { took: Duration::from_millis(9), brick: "b".into() }));
        assert_eq!(times.update, None);
    }
}
