//! One actuator as a person handles it: the parts of a view that both bricks are made of, and what they do.

use brickwork_sdk::interfaces::ActuatorState;
use brickwork_sdk::interfaces::actuator::Actuator;
use brickwork_sdk::status::Link;
use brickwork_sdk::view::{Tone, View, button, choice, text};
use serde::{Deserialize, Serialize};

/// What a person can do with an actuator.
#[derive(Serialize, Deserialize)]
pub enum Act {
    /// Goes to a position.
    MoveTo(String),
    /// Ends the motion.
    Stop,
}

/// One actuator.
pub struct Part {
    actuator: Actuator,
}

impl Part {
    pub fn new(actuator: Actuator) -> Self {
        Self { actuator }
    }

    pub fn name(&self) -> &str {
        self.actuator.object()
    }

    /// Does what a person wants.
    pub fn act(&self, act: Act) {
        match act {
            Act::MoveTo(position) => self.actuator.move_to(position).detach(),
            Act::Stop => self.actuator.stop().detach(),
        }
    }

    /// Why it cannot be moved now; empty if it can.
    fn why_not(&self) -> String {
        match self.actuator.status().value().map(|status| status.link) {
            Some(Link::Live) => {}
            _ => return format!("{} is not connected", self.name()),
        }
        let interlock = self.actuator.interlock().value().unwrap_or_default();
        match self.actuator.state().value().unwrap_or_default() {
            ActuatorState::Interlocked if interlock.is_empty() => "an interlock forbids it".into(),
            ActuatorState::Interlocked => interlock,
            ActuatorState::Fault => "it cannot be moved until somebody has looked at it".into(),
            ActuatorState::Ready | ActuatorState::Moving | ActuatorState::Between => String::new(),
        }
    }

    /// Its positions, the present one chosen; while it moves, none is.
    pub fn positions<M: Serialize>(&self, id: &str, send: impl FnOnce(Act) -> M) -> View<M> {
        let positions = self.actuator.positions().value().unwrap_or_default();
        let present = self.actuator.position().value().unwrap_or_default();
        choice(id, format!("Position of {}", self.name()), positions, &present)
            .disabled(self.why_not())
            .on_select(|position| send(Act::MoveTo(position)))
    }

    /// What else is to be known of it, if there is something.
    pub fn warning<M>(&self) -> Option<View<M>> {
        match self.actuator.state().value()? {
            ActuatorState::Between => Some(text("between its positions").tone(Tone::Warning)),
            ActuatorState::Fault => Some(text("fault").tone(Tone::Danger)),
            ActuatorState::Moving => {
                let target = self.actuator.target().value().unwrap_or_default();
                Some(text(format!("on its way to {target}")).muted())
            }
            ActuatorState::Ready | ActuatorState::Interlocked => None,
        }
    }

    /// The button that ends the motion, whatever else is wrong.
    pub fn stop<M: Serialize>(&self, id: &str, send: impl FnOnce(Act) -> M) -> View<M> {
        button(id, "Stop").danger().help(format!("Stop {}", self.name())).on_press(send(Act::Stop))
    }
}
