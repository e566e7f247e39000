//! `minidiff.lights`: how the sample is lit and magnified, in one panel: the zoom, lights that are in or out, on or off,
//! and levels of light.

use brickwork_sdk::interfaces::actuator::{self, Actuator};
use brickwork_sdk::interfaces::motor::{self, Motor};
use brickwork_sdk::interfaces::{ActuatorState, real_limits};
use brickwork_sdk::view::{
    Tone, View, button, choice, column, grid, number_input, row, slider, space, text, toggle, value,
};
use brickwork_sdk::{Brick, BrickContext, Result, Role};
use serde::{Deserialize, Serialize};

use crate::reach::{actuator_refusal, motor_refusal};

/// The positions of what is switched: dark and lit.
const SWITCHES: [[&str; 2]; 2] = [["off", "on"], ["out", "in"]];

/// The zoom and the lights.
pub struct Lights {
    zoom: Option<Actuator>,
    lights: Vec<Actuator>,
    levels: Vec<Motor>,
}

/// What a person can do.
#[derive(Serialize, Deserialize)]
pub enum Message {
    /// Brings the zoom or the light of this name to a position.
    MoveTo(String, String),
    /// Sets the level of this name, in its unit.
    Level(String, f64),
    /// Ends every motion.
    Stop,
}

impl Brick for Lights {
    const KIND: &'static str = "minidiff.lights";
    const HELP: &'static str = "Zoom and lights in one panel: positions, switches and levels.";
    type Config = ();
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![
            Role::optional("zoom", actuator::NAME).help("The zoom of the microscope, its positions in their order."),
            Role::many("lights", actuator::NAME).help("Lights that are in or out, on or off, in this order."),
            Role::many("levels", motor::NAME).help("How bright the lights are, in this order; usually in %."),
        ]
    }

    fn new((): (), ctx: &BrickContext) -> Result<Self> {
        Ok(Self {
            zoom: Actuator::bind_optional(ctx, "zoom"),
            lights: Actuator::bind_all(ctx, "lights"),
            levels: Motor::bind_all(ctx, "levels"),
        })
    }

    fn update(&mut self, message: Message) {
        match message {
            Message::MoveTo(name, position) => {
                if let Some(actuator) = self.actuators().find(|actuator| actuator.object() == name) {
                    actuator.move_to(position).detach();
                }
            }
            Message::Level(name, level) => {
                if let Some(motor) = self.levels.iter().find(|motor| motor.object() == name) {
                    motor.move_to(level).detach();
                }
            }
            Message::Stop => {
                self.actuators().for_each(|actuator| actuator.stop().detach());
                self.levels.iter().for_each(|motor| motor.stop().detach());
            }
        }
    }

    fn view(&self) -> View<Message> {
        let stop = button("stop", "Stop").danger().help("Stop the zoom, the lights and the levels");
        let head = row([text("Zoom and lights").tone(Tone::Title), space(), stop.on_press(Message::Stop)]);
        let lines =
            self.zoom.iter().map(zoom).chain(self.lights.iter().map(light)).chain(self.levels.iter().map(level));
        let warnings = self.actuators().filter_map(|actuator| Some((actuator.object(), warning(actuator)?)));
        let refused = self.levels.iter().filter_map(|motor| Some((motor.object(), motor_refusal(motor)?)));
        let said = warnings.chain(refused).map(|(name, why)| text(format!("{name}: {why}")).tone(Tone::Warning));
        column([head, grid(2, lines.flatten())].into_iter().chain(said))
    }
}

impl Lights {
    fn actuators(&self) -> impl Iterator<Item = &Actuator> {
        self.zoom.iter().chain(&self.lights)
    }
}

/// Name and control of the zoom.
fn zoom(zoom: &Actuator) -> [View<Message>; 2] {
    let step = |id, sign, way: isize| {
        let (target, why) = match beside(zoom, way) {
            Ok(target) => (target, actuator_refusal(zoom).unwrap_or_default()),
            Err(why) => (String::new(), why),
        };
        let help = format!("Bring {} to its {} position", zoom.object(), if way < 0 { "last" } else { "next" });
        let button = button(id, sign).help(help).disabled_as_said(why);
        button.on_press(Message::MoveTo(zoom.object().into(), target))
    };
    let steps = row([step("zoom:minus", "−", -1), positions(zoom), step("zoom:plus", "+", 1)]);
    [text(zoom.object()).muted(), steps]
}

/// The position beside the one where an actuator is, or goes; else why there is none.
fn beside(actuator: &Actuator, way: isize) -> Result<String, String> {
    let moves = actuator.state().value() == Some(ActuatorState::Moving);
    let at = if moves { actuator.target().value() } else { actuator.position().value() };
    let positions = actuator.positions().value().unwrap_or_default();
    let at = positions.iter().position(|position| Some(position) == at.as_ref());
    let at = at.ok_or("it is at none of its positions: choose one")?;
    let beside = at.checked_add_signed(way).and_then(|beside| positions.get(beside));
    beside
        .cloned()
        .ok_or_else(|| format!("{:?} is its {} position", positions[at], if way < 0 { "first" } else { "last" }))
}

/// Name and control of a light.
fn light(light: &Actuator) -> [View<Message>; 2] {
    let (name, known) = (light.object(), light.positions().value().unwrap_or_default());
    let is_pair = |pair: &&[&str; 2]| known.len() == 2 && pair.iter().all(|word| known.iter().any(|name| name == word));
    let Some([dark, lit]) = SWITCHES.iter().find(is_pair) else {
        return [text(name).muted(), positions(light)];
    };
    let is_lit = light.position().value().is_some_and(|position| position == *lit);
    let switch = toggle(format!("light:{name}"), format!("{name} is {lit}"), is_lit)
        .disabled_as_said(actuator_refusal(light).unwrap_or_default())
        .on_toggle(move |on| Message::MoveTo(name.into(), if on { *lit } else { *dark }.into()));
    [text(name).muted(), row([switch, value(light.position()).label("Position")])]
}

/// The positions to choose from, the present one marked.
fn positions(actuator: &Actuator) -> View<Message> {
    let name = actuator.object();
    let Some(positions) = actuator.positions().value().filter(|names| !names.is_empty()) else {
        return text("its positions are not known").muted();
    };
    let present = actuator.position().value().unwrap_or_default();
    choice(format!("positions:{name}"), format!("Position of {name}"), positions, &present)
        .disabled_as_said(actuator_refusal(actuator).unwrap_or_default())
        .on_select(|position| Message::MoveTo(name.into(), position))
}

/// What forbids a motion or is wrong with the position, if anything is.
fn warning(actuator: &Actuator) -> Option<String> {
    let is_between = actuator.state().value() == Some(ActuatorState::Between);
    let between = is_between.then(|| "between its positions".to_owned());
    actuator_refusal(actuator).or(between)
}

/// Name and controls of a level.
fn level(motor: &Motor) -> [View<Message>; 2] {
    let (name, unit) = (motor.object(), motor.unit().value().unwrap_or_default());
    let why = motor_refusal(motor);
    let Some(limits) = motor.limits().value() else {
        return [text(name).muted(), text("its limits are not known").muted()];
    };
    let (low, high) = real_limits(limits);
    let now = motor.position().value().unwrap_or(if low.is_finite() { low } else { 0.0 });
    let own = |control: View<Message>| {
        let control = control.follow(motor.position()).unit(unit.as_str()).decimals(1);
        let control = control.disabled_as_said(why.clone().unwrap_or_default());
        control.on_submit(|level| Message::Level(name.into(), level))
    };
    let number = number_input(format!("level:{name}"), format!("Level of {name} as a number"), now);
    let number = own(number).range(limits);
    // What has no end has no place on a slider either.
    if !(low.is_finite() && high.is_finite()) {
        return [text(name).muted(), number];
    }
    let drag = own(slider(format!("slider:{name}"), format!("Level of {name}"), now, limits));
    [text(name).muted(), row([drag, number])]
}
