//! The minikappa of the diffractometer, on motors: what is kept in the beam, what is aligned, and what is refused.

use brickwork_axes::{Axis, Chain, Motion, Seen};
use brickwork_sdk::interfaces::{CentredPosition, Centring, CentringPhase, MotorState};
use brickwork_sdk::status::Activity;
use brickwork_sdk::testing::{FakeHost, Outcome, TestObject, fields};
use brickwork_sdk::{ErrorKind, Value};

use super::stage::{Config, ended, host, motor, move_to, refused};

/// The MiniDiff with a minikappa whose lines do not meet the spindle.
fn chain() -> Chain {
    let turn = |role: &str, direction, point| Axis {
        role: role.into(),
        motion: Motion::Rotation,
        direction,
        point,
        ..Axis::default()
    };
    let standard = Chain::standard();
    let mut axes = standard.axes().to_vec();
    axes.push(turn("kappa", [-0.913_545, 0.287_606, 0.287_606], [-1000.0, 300.0, 280.0]));
    axes.push(turn("kappa_phi", [-1.0, 0.0, 0.0], [-1300.0, 45.0, -68.0]));
    Chain::new(axes, brickwork_axes::Camera::default()).expect("it is one")
}

/// A diffractometer with its motors.
struct Stage {
    host: FakeHost,
    chain: Chain,
    motors: Vec<TestObject>,
    md: TestObject,
}

impl Stage {
    /// One whose motors are as a test says, the others as they usually are.
    fn new(special: &[(&str, Config)]) -> Self {
        let (host, chain) = (host(), chain());
        let usual = |role: &str| match role {
            "omega" => Config::deg(-720.0, 720.0),
            "kappa" => Config::deg(-240.0, 240.0),
            "kappa_phi" => Config::deg(-360.0, 360.0),
            _ => Config::default(),
        };
        let roles = chain.axes().iter().map(|axis| axis.role.as_str());
        let config = |role: &str| special.iter().find(|(name, _)| *name == role).map(|(_, config)| config.clone());
        let motors = roles.map(|role| motor(&host, role, &config(role).unwrap_or_else(|| usual(role)))).collect();
        let mut md = host.object("md", "minidiff.diffractometer").config(fields! { axes: chain.axes() });
        for axis in chain.axes() {
            md = md.role(&axis.role, &axis.role);
        }
        let md = md.start();
        md.wait_live();
        Self { host, chain, motors, md }
    }

    /// One with the saved positions `a`, where all is 0, and `b`, where the sample was then shifted.
    fn with_line(special: &[(&str, Config)], shifts: &[(&str, f64)]) -> Self {
        let stage = Self::new(special);
        stage.save("a");
        for (role, position) in shifts {
            move_to(stage.motor(role), *position);
        }
        stage.save("b");
        stage.host.calls();
        stage
    }

    fn motor(&self, role: &str) -> &TestObject {
        &self.motors[self.chain.index(role).expect("a role of the chain")]
    }

    fn save(&self, name: &str) {
        self.md.call("diffractometer", "save", fields! { name: name });
        self.md.wait_value("saved", |saved: &Vec<CentredPosition>| saved.iter().any(|one| one.name == name));
    }

    fn turn(&self, kappa: f64, kappa_phi: f64) -> Outcome {
        self.md.call("diffractometer", "turn_head", fields! { kappa: kappa, kappa_phi: kappa_phi })
    }

    fn align(&self, from: &str, to: &str) -> Outcome {
        self.md.call("diffractometer", "align", fields! { from: from, to: to })
    }

    /// Where all axes are, in um and degrees.
    fn positions(&self) -> Vec<f64> {
        let unit = |motion| if motion == Motion::Rotation { 1.0 } else { 1000.0 };
        let at = |(axis, motor): (&Axis, &TestObject)| motor.value::<f64>("position") * unit(axis.motion);
        self.chain.axes().iter().zip(&self.motors).map(at).collect()
    }

    /// Why an alignment is refused; nothing was sent to a motor then.
    fn refusal(&self, from: &str, to: &str) -> String {
        let why = refused(self.align(from, to));
        assert_eq!(self.host.calls(), Vec::<String>::new(), "nothing is moved: {why}");
        why
    }
}

const BEAM: Seen = Seen { x: 0.0, y: 0.0, depth: 0.0 };
/// A line 22 deg from the spindle.
const SLANTED: [(&str, f64); 2] = [("phiy", 0.1), ("sampy", 0.04)];
/// A line across it.
const ACROSS: [(&str, f64); 1] = [("sampy", 0.1)];

#[test]
fn what_is_in_the_beam_stays_there_when_the_minikappa_turns() {
    let stage = Stage::new(&[]);
    let point = stage.chain.locate(&stage.positions(), BEAM);
    assert_eq!(stage.turn(30.0, -20.0), Outcome::Finished(Value::Null));
    stage.md.wait_status("idle", |status| status.activity == Activity::Idle);
    let now = stage.positions();
    assert_eq!(now[5..], [30.0, -20.0]);
    let seen = stage.chain.see(&now, point);
    assert!(seen.x.abs() < 1e-6 && seen.y.abs() < 1e-6, "{seen:?}");
    assert!(now[..5].iter().any(|position| position.abs() > 1.0), "the translations follow: {now:?}");
}

#[test]
fn a_turn_beyond_a_limit_moves_nothing() {
    let stage = Stage::new(&[]);
    let (_, why) = ended(stage.turn(300.0, 0.0));
    assert_eq!(why, "a limit is in the way: kappa: 300 is above the limit 240 deg; nothing was moved");
    assert_eq!(stage.host.calls(), Vec::<String>::new());
}

#[test]
fn a_stop_ends_a_turn_of_the_minikappa() {
    let stage = Stage::new(&[("kappa", Config { endless: true, ..Config::deg(-240.0, 240.0) })]);
    let call = stage.md.begin("diffractometer", "turn_head", fields! { kappa: 30.0, kappa_phi: 0.0 });
    stage.motor("kappa").wait_value("state", |state: &MotorState| *state == MotorState::Moving);
    stage.md.wait_status("busy", |status| {
        status.activity == Activity::Busy && status.message == "a turn of the minikappa is in progress"
    });
    stage.md.call("diffractometer", "stop", fields! {});
    assert_eq!(ended(call.wait()).0, ErrorKind::Aborted);
    stage.motor("kappa").wait_value("state", |state: &MotorState| *state == MotorState::Ready);
    stage.md.wait_value("centring", |said: &Centring| {
        said.phase == CentringPhase::Ended && said.message == "a turn of the minikappa ended: aborted"
    });
}

#[test]
fn a_line_between_two_saved_positions_is_laid_along_the_spindle_and_stays_in_the_beam() {
    let stage = Stage::with_line(&[], &SLANTED);
    let before = stage.positions();
    let ends = [vec![0.0; 7], before].map(|positions| stage.chain.locate(&positions, BEAM));
    assert_eq!(stage.align("a", "b"), Outcome::Finished(Value::Null));
    let now = stage.positions();
    let [a, b] = ends.map(|end| stage.chain.see(&now, end));
    let length = SLANTED[0].1.hypot(SLANTED[1].1) * 1000.0;
    assert!(((a.x - b.x).abs() - length).abs() < 1e-3, "{a:?} and {b:?} are {length} um apart along the spindle");
    assert!((a.y - b.y).abs() < 0.01 && (a.depth - b.depth).abs() < 0.01, "{a:?} {b:?}");
    assert!(b.x.abs() < 1e-6 && b.y.abs() < 1e-6, "what was in the beam stays there: {b:?}");
}

#[test]
fn another_way_to_align_is_taken_where_phi_has_no_room_for_the_first() {
    let first = Stage::with_line(&[], &SLANTED);
    assert_eq!(first.align("a", "b"), Outcome::Finished(Value::Null));
    let [kappa, phi] = ["kappa", "kappa_phi"].map(|role| first.motor(role).value::<f64>("position"));
    let limits =
        if phi > 0.0 { Config::deg(-360.0 + phi + 1.0, phi - 1.0) } else { Config::deg(phi + 1.0, 359.0 + phi) };
    let other = Stage::with_line(&[("kappa_phi", limits)], &SLANTED);
    assert_eq!(other.align("a", "b"), Outcome::Finished(Value::Null));
    let now = other.positions();
    assert!((now[5] + kappa).abs() < 1e-6 && (now[6] - phi).abs() > 1.0, "{kappa}, {phi} and {now:?}");
}

#[test]
fn a_line_that_no_way_within_limits_lays_along_the_spindle_is_refused_before_anything_moves() {
    let why = Stage::with_line(&[], &ACROSS).refusal("a", "b");
    let head = "the line from a to b cannot be laid along the spindle: ";
    assert!(why.starts_with(&format!("{head}the nearest within the limits of kappa is ")), "{why}");
    let narrow = Stage::with_line(&[("kappa_phi", Config::deg(-0.5, 0.5))], &SLANTED);
    let why = narrow.refusal("a", "b");
    assert!(why.starts_with(&format!("{head}a limit is in the way: kappa_phi: ")), "{why}");
    assert!(why.ends_with("; nothing was moved"), "{why}");
    let small = Config { limits: (-0.05, 0.05), ..Config::default() };
    let why = Stage::with_line(&[("sampx", small.clone()), ("phiz", small)], &SLANTED).refusal("a", "b");
    assert!(why.starts_with(&format!("{head}a limit is in the way: sampx: ")), "the sample cannot follow: {why}");
}

#[test]
fn a_line_needs_two_positions_that_are_known_and_apart() {
    let stage = Stage::with_line(&[], &SLANTED);
    assert_eq!(stage.refusal("a", "a"), "a line needs two saved positions, and \"a\" is one");
    assert_eq!(stage.refusal("a", "c"), "no position \"c\" was saved");
    stage.save("b again");
    assert!(stage.refusal("b", "b again").contains("less than 1 um apart"));
}

#[test]
fn without_a_minikappa_nothing_is_turned_and_that_is_said() {
    let host = host();
    let motors = ["omega", "phiy", "sampx", "sampy"];
    let _motors = motors
        .map(|role| motor(&host, role, &if role == "omega" { Config::deg(-9.0, 9.0) } else { Config::default() }));
    let md = motors.iter().fold(host.object("md", "minidiff.diffractometer"), |md, role| md.role(role, role)).start();
    md.wait_live();
    let turn = md.call("diffractometer", "turn_head", fields! { kappa: 1.0, kappa_phi: 0.0 });
    let align = md.call("diffractometer", "align", fields! { from: "a", to: "b" });
    for outcome in [turn, align] {
        assert_eq!(refused(outcome), "there is no minikappa here: the chain has no axis \"kappa\"");
    }
    assert_eq!(host.calls(), Vec::<String>::new());
}
