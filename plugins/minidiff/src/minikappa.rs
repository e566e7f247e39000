//! `minidiff.minikappa`: turns the minikappa while the sample stays in the beam, and lays a line of the sample along the
//! spindle. The diffractometer does it all; the motors are here to be shown.

use brickwork_sdk::interfaces::diffractometer::{self, Diffractometer};
use brickwork_sdk::interfaces::motor::{self, Motor};
use brickwork_sdk::interfaces::{limits_in_words, outside_from, real_limits};
use brickwork_sdk::status::{Activity, Link};
use brickwork_sdk::unit::{Unit, UnitKind};
use brickwork_sdk::view::{
    Tone, View, button, choice, column, grid, group, number_input, row, space, state, text, value,
};
use brickwork_sdk::{Brick, BrickContext, Restored, Result, Role, State};
use serde::{Deserialize, Serialize};

const SCHEMA: &str = "minidiff.minikappa 1";

/// The controls of a minikappa.
pub struct Minikappa {
    diffractometer: Diffractometer,
    kappa: Motor,
    kappa_phi: Motor,
    entered: Entered,
}

/// What a person has entered and not yet used.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Entered {
    /// In deg; without it, where the motor was last sent.
    kappa: Option<f64>,
    /// In deg; without it, where the motor was last sent.
    kappa_phi: Option<f64>,
    from: String,
    to: String,
}

/// What a person can do.
#[derive(Serialize, Deserialize)]
pub enum Message {
    /// The next kappa, in deg.
    Kappa(f64),
    /// The next angle on the minikappa, in deg.
    KappaPhi(f64),
    /// Turn there.
    Turn,
    /// Turn both to 0.
    Home,
    /// The saved position at which a line begins.
    From(String),
    /// The one at which it ends.
    To(String),
    /// Lay it along the spindle.
    Align,
    /// End every motion.
    Stop,
}

impl Brick for Minikappa {
    const KIND: &'static str = "minidiff.minikappa";
    const HELP: &'static str = "Turns the minikappa with the sample kept in the beam, and aligns a line of the sample.";
    type Config = ();
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![
            Role::one("diffractometer", diffractometer::NAME).help("What turns and aligns; it has the same motors."),
            Role::one("kappa", motor::NAME).help("The motor in the diffractometer's role kappa, to be shown."),
            Role::one("kappa_phi", motor::NAME).help("The motor in the diffractometer's role kappa_phi, to be shown."),
        ]
    }

    fn new((): (), ctx: &BrickContext) -> Result<Self> {
        Ok(Self {
            diffractometer: Diffractometer::bind(ctx, "diffractometer")?,
            kappa: Motor::bind(ctx, "kappa")?,
            kappa_phi: Motor::bind(ctx, "kappa_phi")?,
            entered: Entered::default(),
        })
    }

    fn update(&mut self, message: Message) {
        match message {
            Message::Kappa(angle) => self.entered.kappa = Some(angle),
            Message::KappaPhi(angle) => self.entered.kappa_phi = Some(angle),
            Message::Turn => {
                if let Ok([kappa, kappa_phi]) = self.targets() {
                    self.diffractometer.turn_head(kappa, kappa_phi).detach();
                }
            }
            Message::Home => {
                (self.entered.kappa, self.entered.kappa_phi) = (None, None);
                self.diffractometer.turn_head(0.0, 0.0).detach();
            }
            Message::From(name) => self.entered.from = name,
            Message::To(name) => self.entered.to = name,
            Message::Align => {
                (self.entered.kappa, self.entered.kappa_phi) = (None, None);
                self.diffractometer.align(self.entered.from.clone(), self.entered.to.clone()).detach();
            }
            Message::Stop => self.diffractometer.stop().detach(),
        }
    }

    fn view(&self) -> View<Message> {
        let name = self.diffractometer.object();
        let stop = button("stop", "Stop").danger().help(format!("Stop {name}")).on_press(Message::Stop);
        let [kappa, kappa_phi] = [(&self.kappa, self.entered.kappa), (&self.kappa_phi, self.entered.kappa_phi)];
        let angles = [
            text("Kappa").muted(),
            value(self.kappa.position()).decimals(2).label("Kappa"),
            input("kappa", "Next kappa", kappa).on_submit(Message::Kappa),
            text("Phi").muted(),
            value(self.kappa_phi.position()).decimals(2).label("Phi"),
            input("kappa_phi", "Next phi", kappa_phi).on_submit(Message::KappaPhi),
        ];
        let (busy, targets) = (self.busy(), self.targets().err().unwrap_or_default());
        let at_home = self.within([0.0; 2]).err().unwrap_or_default();
        let turn = button("turn", "Turn, keep the centre").help("What is in the beam stays there").primary();
        let home = button("home", "Home").help("Turn both to 0, and keep the centre");
        let turn = turn.disabled_as_said(first(&busy, &targets)).on_press(Message::Turn);
        let home = home.disabled_as_said(first(&busy, &at_home)).on_press(Message::Home);
        column([
            row([text("Minikappa").tone(Tone::Title), space(), state(name)]),
            grid(3, angles),
            row([turn, home, stop]).wrap(),
            text(first(&busy, &targets)).tone(Tone::Warning),
            group("Along the spindle", self.line(&busy)),
        ])
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &self.entered)
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore(SCHEMA, &mut self.entered)
    }
}

impl Minikappa {
    /// Why nothing can be turned now; empty if it can.
    fn busy(&self) -> String {
        let status = self.diffractometer.status().value().unwrap_or_default();
        if status.link != Link::Live {
            return format!("{} is not connected", self.diffractometer.object());
        }
        let centring = self.diffractometer.centring().value().filter(|centring| centring.is_running());
        match centring {
            Some(centring) => format!("a centring goes on: {}", centring.message),
            None if status.activity != Activity::Idle => status.message,
            None => String::new(),
        }
    }

    /// Where the minikappa would turn, in deg; else why it cannot.
    fn targets(&self) -> Result<[f64; 2], String> {
        let target = |motor: &Motor, entered| {
            next(motor, entered).ok_or_else(|| format!("the position of {} is not known", motor.object()))
        };
        let (kappa, kappa_phi) = (&self.kappa, &self.kappa_phi);
        self.within([target(kappa, self.entered.kappa)?, target(kappa_phi, self.entered.kappa_phi)?])
    }

    /// These angles, in deg; else why the minikappa cannot turn there.
    fn within(&self, angles: [f64; 2]) -> Result<[f64; 2], String> {
        for (motor, angle) in [&self.kappa, &self.kappa_phi].into_iter().zip(angles) {
            let now = motor.position().value().map(|at| degrees(motor).map(|factor| at * factor)).transpose()?;
            if let Some(why) = outside_from(now, angle, limits(motor)?, "deg") {
                return Err(format!("{}: {why}", motor.object()));
            }
        }
        Ok(angles)
    }

    /// The line that is to lie along the spindle.
    fn line(&self, busy: &str) -> View<Message> {
        let saved = self.diffractometer.saved().value().unwrap_or_default();
        let names: Vec<String> = saved.into_iter().map(|position| position.name).collect();
        let Entered { from, to, .. } = &self.entered;
        if names.len() < 2 {
            return text("save two positions of the sample to lay the line between them there").muted();
        }
        let unready = match () {
            () if !(names.contains(from) && names.contains(to)) => "choose the two ends of the line",
            () if from == to => "choose two different ends",
            () => "",
        };
        let align = button("align", "Align").help("Turn the minikappa so that the line lies along the spindle");
        let align = align.disabled_as_said(first(busy, unready)).on_press(Message::Align);
        let end = |id, label, at: &str| choice(id, label, names.clone(), at);
        column([
            row([text("From").muted(), end("from", "The line's first end", from).on_select(Message::From)]),
            row([text("To").muted(), end("to", "The line's other end", to).on_select(Message::To), space(), align]),
            text(unready).muted(),
        ])
    }
}

/// The input for an angle, within the limits of its motor.
fn input(id: &str, label: &str, (motor, entered): (&Motor, Option<f64>)) -> View<Message> {
    let known = limits(motor);
    let input = number_input(id, label, next(motor, entered).unwrap_or(0.0)).form().unit("deg").decimals(2);
    match known {
        Ok(limits) => input.range(limits).help(limits_in_words(limits, "deg")),
        Err(why) => input.disabled_as_said(why),
    }
}

/// The angle that is entered, else where the motor was last sent, in deg.
fn next(motor: &Motor, entered: Option<f64>) -> Option<f64> {
    let sent = || Some(motor.target().value().or_else(|| motor.position().value())? * degrees(motor).ok()?);
    entered.or_else(sent)
}

/// Between which angles a motor may be sent, in deg.
fn limits(motor: &Motor) -> Result<(f64, f64), String> {
    let limits = motor.limits().value();
    let limits = limits.ok_or_else(|| format!("the limits of {} are not known", motor.object()))?;
    let (low, high) = real_limits(limits);
    let factor = degrees(motor)?;
    // Without the last digits of a product, which nobody wants to read.
    let in_deg = |limit: f64| (limit * factor * 1e9).round() / 1e9;
    Ok((in_deg(low), in_deg(high)))
}

/// Degrees for one unit of a motor.
fn degrees(motor: &Motor) -> Result<f64, String> {
    let unit = motor.unit().value().unwrap_or_default();
    let factor = Unit::factor_of(&unit, UnitKind::Angle);
    factor.ok_or_else(|| format!("{} moves in {unit:?}, which is no angle", motor.object()))
}

/// The first that says something.
fn first(one: &str, other: &str) -> String {
    if one.is_empty() { other.into() } else { one.into() }
}
