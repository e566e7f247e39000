//! Bricks: the panels of the window.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::context::BrickContext;
use crate::protocol::{ConfigProblem, Role};
use crate::view::View;
use crate::{Restored, Result, State};

/// A panel: state, `update`, `view`. It does no I/O; its thread is its own and the window never waits for it.
///
/// Its life:
/// * [`new`](Self::new) with its config, then [`restore`](Self::restore);
/// * [`view`](Self::view) whenever a message was handled or a channel that it read has changed;
/// * [`update`](Self::update) for each message that its view's controls send;
/// * [`save`](Self::save), then it is dropped.
///
/// What is being typed, the focus and the scroll position belong to the shell and survive all of this.
pub trait Brick: Sized + Send + 'static {
    /// Its name in layouts, such as `motors.table`.
    const KIND: &'static str;

    /// One sentence about it.
    const HELP: &'static str = "";

    /// What its `config` holds; `()` for nothing. Its doc comments are its documentation, its schema finds mistakes.
    type Config: DeserializeOwned + JsonSchema;

    /// What its controls send: the author's own enum.
    type Message: Serialize + DeserializeOwned;

    /// The hardware objects that it shows.
    fn roles() -> Vec<Role> {
        Vec::new()
    }

    /// All mistakes in a config that can be parsed.
    fn check(_config: &Self::Config) -> Vec<ConfigProblem> {
        Vec::new()
    }

    /// Makes it.
    ///
    /// # Errors
    /// Says what in its config or roles cannot be.
    fn new(config: Self::Config, ctx: &BrickContext) -> Result<Self>;

    /// A control was used.
    fn update(&mut self, message: Self::Message);

    /// What it shows now.
    fn view(&self) -> View<Self::Message>;

    /// What its successor should know.
    fn save(&self) -> State {
        State::none()
    }

    /// Takes what its predecessor saved, before the first view.
    fn restore(&mut self, state: &State) -> Restored {
        if state.schema.is_empty() {
            Restored::Complete
        } else {
            Restored::Refused(format!("{} keeps no state", Self::KIND))
        }
    }
}
