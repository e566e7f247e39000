//! Centring on the simulated beamline, with an engine alone: clicks that are made from the truth, pictures that the
//! simulated microscope renders, and everything that can come in between.

use brickwork_axes::Chain;
use brickwork_sdk::interfaces::{Centring, CentringPhase, SampleMark, SampleScale};
use brickwork_sdk::protocol::Outcome;
use brickwork_sdk::status::Link;
use brickwork_sdk::{Error, ErrorKind, Value, from_value};
use brickwork_tests::centring::{Mounting, SCALE, positions, wobble};
use brickwork_tests::headless::Headless;
use brickwork_tests::{PATIENCE, poll};

struct Stage(Headless);

impl Stage {
    fn start(mounting: Mounting) -> Self {
        Self(mounting.start())
    }

    fn call(&self, command: &str, arguments: Value) -> u64 {
        self.0.engine.call_on("md", "diffractometer", command, arguments)
    }

    fn plain(&self, command: &str) -> u64 {
        self.call(command, Value::map::<&str>([]))
    }

    fn centring(&self) -> Centring {
        from_value(self.0.engine.latest("md", "centring").0).expect("it has one shape")
    }

    fn waits_for(&self, phase: CentringPhase, step: u32) {
        let there = poll(PATIENCE, || {
            let now = self.centring();
            (now.phase == phase && now.step == step).then_some(())
        });
        assert!(there.is_some(), "no {phase:?} {step}, but {:?}", self.centring());
    }

    fn positions(&self) -> Vec<f64> {
        positions(&self.0)
    }

    /// Where the crystal is seen, as a pixel.
    fn truth(&self) -> (f64, f64) {
        let seen = Chain::standard().see(&self.positions(), Mounting::default().sample);
        (640.0 + seen.x / SCALE, 512.0 + seen.y / SCALE)
    }

    fn click_the_truth(&self) {
        let (x, y) = self.truth();
        let clicked = self.call("click", Value::map([("x", Value::Float(x)), ("y", Value::Float(y))]));
        assert!(matches!(self.0.engine.end_of(clicked), Outcome::Finished(_)));
    }

    /// The largest distance of the crystal from the beam over a full turn, in um.
    fn wobble(&self) -> f64 {
        wobble(&self.0, Mounting::default().sample, f64::hypot)
    }

    fn ends_with(&self, call: u64) -> Error {
        match self.0.engine.end_of(call) {
            Outcome::Ended(error) => error,
            Outcome::Finished(value) => panic!("it should not have finished with {value:?}"),
        }
    }

    /// Nothing runs, and omega is where it was.
    fn is_at_rest(&self) {
        self.0.engine.arrives("omega", 0.0);
    }
}

#[test]
fn three_clicks_bring_the_crystal_into_the_beam_for_good() {
    let stage = Stage::start(Mounting::default());
    assert!(stage.wobble() > 100.0, "it is not centred yet");
    let centre = stage.plain("centre");
    for step in 1..=3 {
        stage.waits_for(CentringPhase::WaitsForClick, step);
        assert_eq!(stage.centring().message, format!("click the sample: {step} of 3"));
        stage.click_the_truth();
    }
    assert!(matches!(stage.0.engine.end_of(centre), Outcome::Finished(_)), "{:?}", stage.centring());
    assert!(stage.wobble() < 0.5, "{} um", stage.wobble());
    stage.is_at_rest();
    assert_eq!(stage.centring().phase, CentringPhase::Centred);

    // What is saved is marked where it is seen, and follows the motors.
    let saved = stage.call("save", Value::map([("name", Value::from("first"))]));
    assert!(matches!(stage.0.engine.end_of(saved), Outcome::Finished(_)));
    let mark = |at: (f64, f64)| {
        let marks = || from_value::<Vec<SampleMark>>(stage.0.engine.latest("md", "marks").0).unwrap_or_default();
        let scale = || from_value::<SampleScale>(stage.0.engine.latest("md", "scale").0).expect("it has one shape");
        let seen = |mark: &SampleMark| scale().see(mark.point);
        let near = |mark: &SampleMark| (seen(mark).0 - at.0).hypot(seen(mark).1 - at.1) < 1.0 && mark.name == "first";
        assert!(poll(PATIENCE, || marks().iter().any(near).then_some(())).is_some(), "{at:?}, but {:?}", marks());
    };
    mark((640.0, 512.0));
    stage.0.engine.end_of(stage.0.engine.move_to("phiy", 0.2));
    mark(stage.truth());
    let back = stage.call("go_to", Value::map([("name", Value::from("first"))]));
    assert!(matches!(stage.0.engine.end_of(back), Outcome::Finished(_)));
    assert!(stage.wobble() < 0.5, "{} um", stage.wobble());

    // A click moves what is seen there into the beam, and turns nothing.
    stage.0.engine.end_of(stage.0.engine.move_to("sampy", 0.1));
    let (x, y) = stage.truth();
    let moved = stage.call("move_to_beam", Value::map([("x", Value::Float(x)), ("y", Value::Float(y))]));
    assert!(matches!(stage.0.engine.end_of(moved), Outcome::Finished(_)));
    let (x, y) = stage.truth();
    assert!((x - 640.0).hypot(y - 512.0) < 1.0, "{x}, {y}");
}

#[test]
fn a_loop_is_found_and_centred_without_anybody_and_an_empty_pin_is_nothing() {
    let stage = Stage::start(Mounting::default());
    let centre = stage.plain("centre_automatically");
    let ended = stage.0.engine.end_of(centre);
    assert!(matches!(ended, Outcome::Finished(_)), "{ended:?}");
    // The loop is what is found; the crystal lies in it.
    assert!(stage.wobble() < 60.0, "{} um", stage.wobble());
    stage.is_at_rest();

    for mounted in ["Pin", "Nothing"] {
        let empty = Stage::start(Mounting { mounted, ..Mounting::default() });
        let before = empty.positions();
        let error = empty.ends_with(empty.plain("centre_automatically"));
        assert!(error.message.contains("found in 0 of 4 pictures, too few to centre it"), "{mounted}: {error:?}");
        empty.is_at_rest();
        for (was, is) in before.iter().zip(empty.positions()) {
            assert!((was - is).abs() < 0.1, "nothing but omega was moved");
        }
    }
}

#[test]
fn whoever_ends_a_centring_omega_is_turned_back_and_the_reason_stands_there() {
    let stage = Stage::start(Mounting::default());
    for aborted_at in [1, 2, 3] {
        let centre = stage.plain("centre");
        for step in 1..aborted_at {
            stage.waits_for(CentringPhase::WaitsForClick, step);
            stage.click_the_truth();
        }
        stage.waits_for(CentringPhase::WaitsForClick, aborted_at);
        let stop = stage.plain("stop");
        assert_eq!(stage.ends_with(centre).kind, ErrorKind::Aborted);
        stage.0.engine.end_of(stop);
        assert_eq!(stage.centring().phase, CentringPhase::Ended, "{:?}", stage.centring());
        stage.is_at_rest();
    }
    assert!(stage.wobble() > 100.0, "nothing was centred");
}

#[test]
fn nobody_else_moves_the_axes_of_a_centring() {
    let stage = Stage::start(Mounting::default());
    let centre = stage.plain("centre");
    stage.waits_for(CentringPhase::WaitsForClick, 1);
    let refused = stage.ends_with(stage.0.engine.move_to("phiy", 1.0));
    assert!(refused.message.contains("centring is in progress"), "{refused:?}");
    let second = stage.ends_with(stage.plain("centre_automatically"));
    assert_eq!(second.kind, ErrorKind::Refused, "{second:?}");
    stage.plain("stop");
    stage.ends_with(centre);
}

#[test]
fn a_limit_in_the_way_is_said_and_nothing_moves() {
    let stage = Stage::start(Mounting { sampx_limit: 0.05, ..Mounting::default() });
    let centre = stage.plain("centre");
    for step in 1..=3 {
        stage.waits_for(CentringPhase::WaitsForClick, step);
        stage.click_the_truth();
    }
    let error = stage.ends_with(centre);
    assert!(error.message.contains("a limit is in the way: sampx: 0.14 is above the limit 0.05 mm"), "{error:?}");
    stage.is_at_rest();
    let moved: f64 = stage.positions().iter().map(|position| position.abs()).sum();
    assert!(moved < 1.0, "nothing but omega was moved: {:?}", stage.positions());
}

#[test]
fn an_axis_that_is_moved_by_hand_and_a_camera_that_is_lost_end_a_centring_with_the_reason() {
    let stage = Stage::start(Mounting::default());
    let fault = |object: &str, command: &str, name: &str, number: f64| {
        let arguments = Value::map([(name, Value::Float(number))]);
        let call = stage.0.engine.call_on(object, "sim_fault", command, arguments);
        assert!(matches!(stage.0.engine.end_of(call), Outcome::Finished(_)));
    };
    let until_the_second = || {
        let centre = stage.plain("centre");
        stage.waits_for(CentringPhase::WaitsForClick, 1);
        stage.click_the_truth();
        stage.waits_for(CentringPhase::WaitsForClick, 2);
        centre
    };
    let centre = until_the_second();
    fault("sampx", "by_hand", "by", 0.05);
    let error = stage.ends_with(centre);
    assert!(error.message.contains("sampx is at 0.05 mm, but was left at 0 mm"), "{error:?}");
    assert_eq!(stage.centring().phase, CentringPhase::Ended);
    stage.is_at_rest();

    let centre = until_the_second();
    fault("onaxis", "disconnect", "seconds", 3.0);
    let error = stage.ends_with(centre);
    assert!(error.message.contains("onaxis shows no pictures any more"), "{error:?}");
    stage.is_at_rest();
    let is_back = || (stage.0.engine.status("onaxis").link == Link::Live).then_some(());
    assert!(poll(PATIENCE, is_back).is_some(), "{:?}", stage.0.engine.status("onaxis"));

    let centre = until_the_second();
    fault("phiy", "disconnect", "seconds", 3.0);
    let error = stage.ends_with(centre);
    assert!(error.message.contains("phiy is not connected"), "{error:?}");
    assert!(stage.centring().message.contains("phiy is not connected"), "{:?}", stage.centring());
    stage.is_at_rest();
}

#[test]
fn a_camera_without_pictures_ends_an_automatic_centring_with_the_reason() {
    let stage = Stage::start(Mounting { rate: 0, ..Mounting::default() });
    let error = stage.ends_with(stage.plain("centre_automatically"));
    assert!(error.message.contains("onaxis showed no new picture within 5 s"), "{error:?}");
    stage.is_at_rest();
}

#[test]
fn a_click_that_nobody_waits_for_is_refused_and_one_outside_of_the_picture_too() {
    let stage = Stage::start(Mounting::default());
    let click = |x: f64| stage.call("click", Value::map([("x", Value::Float(x)), ("y", Value::Float(5.0))]));
    assert!(stage.ends_with(click(5.0)).message.contains("no centring waits for a click"));
    assert!(stage.ends_with(click(9999.0)).message.contains("outside the picture"));
    let go = stage.call("go_to", Value::map([("name", Value::from("nowhere"))]));
    assert!(stage.ends_with(go).message.contains("no position \"nowhere\" was saved"));
}
