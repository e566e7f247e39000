//! One actuator as a person handles it: the parts of a view that both bricks are made of, and what they do.

use brickwork_sdk::interfaces::ActuatorState;
use brickwork_sdk::interfaces::actuator::Actuator;
use brickwork_sdk::status::Link;
use brickwork_sdk::view::{Tone, View, button, choice, text, value};
use serde::{Deserialize, Serialize};

const FAULT: &str = "fault: somebody must look at it before it moves";

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

    /// Why it cannot be moved now, as its state and [`warning`](Self::warning) say too; empty if it can.
    fn why_not(&self) -> String {
        if !self.is_live() {
            return format!("{} is not connected", self.name());
        }
        match self.actuator.state().value() {
            Some(ActuatorState::Interlocked) => self.interlock(),
            Some(ActuatorState::Fault) => FAULT.into(),
            Some(ActuatorState::Ready | ActuatorState::Moving | ActuatorState::Between) => String::new(),
            None => format!("the state of {} is not known", self.name()),
        }
    }

    fn is_live(&self) -> bool {
        self.actuator.status().value().is_some_and(|status| status.link == Link::Live)
    }

    fn interlock(&self) -> String {
        let said = self.actuator.interlock().value().filter(|why| !why.is_empty());
        said.unwrap_or_else(|| "an interlock forbids it".into())
    }

    /// Where it is.
    pub fn position<M>(&self) -> View<M> {
        value(self.actuator.position()).label("Position")
    }

    /// Its positions to choose from, the present one marked; between two, none is.
    pub fn positions<M: Serialize>(&self, id: &str, send: impl FnOnce(Act) -> M) -> View<M> {
        let Some(positions) = self.actuator.positions().value().filter(|names| !names.is_empty()) else {
            return text("its positions are not known").muted();
        };
        let present = self.actuator.position().value().unwrap_or_default();
        choice(id, format!("Position of {}", self.name()), positions, &present)
            .disabled_as_said(self.why_not())
            .on_select(|position| send(Act::MoveTo(position)))
    }

    /// Where it goes; empty when it stands or is lost.
    pub fn way<M>(&self) -> View<M> {
        let moves = self.is_live() && self.actuator.state().value() == Some(ActuatorState::Moving);
        let target = self.actuator.target().value().filter(|_| moves);
        text(target.map_or_else(String::new, |target| format!("on its way to {target}"))).muted()
    }

    /// What forbids a motion or is wrong with its position, if something is. Nothing while it is lost: what held then
    /// need not hold now.
    pub fn warning<M>(&self) -> Option<View<M>> {
        match self.actuator.state().value().filter(|_| self.is_live())? {
            ActuatorState::Between => Some(text("between its positions").tone(Tone::Warning)),
            ActuatorState::Interlocked => Some(text(self.interlock()).tone(Tone::Warning)),
            ActuatorState::Fault => Some(text(FAULT).tone(Tone::Danger)),
            ActuatorState::Ready | ActuatorState::Moving => None,
        }
    }

    /// The button that ends the motion, whatever else is wrong.
    pub fn stop<M: Serialize>(&self, id: &str, send: impl FnOnce(Act) -> M) -> View<M> {
        button(id, "Stop").danger().help(format!("Stop {}", self.name())).on_press(send(Act::Stop))
    }
}
