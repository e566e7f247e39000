//! The goniometer turns and shifts as its motors say.

use brickwork_axes::Seen;

use super::*;
use crate::axes::Axes;

const CRYSTAL: [f64; 3] = [-80.0, 110.0, -140.0];

fn see(axes: Axes) -> Seen {
    let chain = chain();
    chain.see(&axes.positions(&chain), CRYSTAL)
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn half_a_turn_mirrors_a_point_about_the_axis() {
    for omega_deg in [0.0, 35.0, 90.0, -120.0] {
        let axes = Axes { omega_deg, phiz_um: 30.0, phiy_um: 7.0, ..Axes::default() };
        let turned = Axes { omega_deg: omega_deg + 180.0, ..axes };
        let (seen, mirrored) = (see(axes), see(turned));
        assert!(near(seen.y - 30.0, 30.0 - mirrored.y), "{seen:?} {mirrored:?}");
        assert!(near(seen.depth, -mirrored.depth) && near(seen.x, mirrored.x));
    }
}

#[test]
fn two_angles_are_enough_to_bring_a_point_to_the_axis_for_all() {
    let at = |omega_deg| see(Axes { omega_deg, ..Axes::default() }).y;
    let (sampy_um, sampx_um) = (-at(0.0), -at(90.0));
    for omega_deg in (0..360).step_by(15).map(f64::from) {
        let seen = see(Axes { omega_deg, sampx_um, sampy_um, phiz_um: 12.0, ..Axes::default() });
        assert!(near(seen.y, 12.0) && near(seen.depth, 0.0), "at {omega_deg}: {seen:?}");
    }
}

#[test]
fn the_head_turns_and_what_carries_it_does_not() {
    let axes = Axes { omega_deg: 90.0, ..Axes::default() };
    let origin = see(axes);
    let moved = |axes: Axes| {
        let seen = see(axes);
        (seen.x - origin.x, seen.y - origin.y, seen.depth - origin.depth)
    };
    let is = |(a, b, c): (f64, f64, f64), (d, e, f): (f64, f64, f64)| near(a, d) && near(b, e) && near(c, f);
    assert!(is(moved(Axes { sampx_um: 5.0, ..axes }), (0.0, 5.0, 0.0)));
    assert!(is(moved(Axes { sampy_um: 5.0, ..axes }), (0.0, 0.0, -5.0)));
    assert!(is(moved(Axes { phiy_um: 5.0, ..axes }), (5.0, 0.0, 0.0)));
    assert!(is(moved(Axes { phiz_um: 5.0, ..axes }), (0.0, 5.0, 0.0)));
    assert!(is(moved(Axes { focus_um: 5.0, ..axes }), (0.0, 0.0, 0.0)));
}

#[test]
fn with_the_minikappa_at_0_the_goniometer_is_the_standard_one() {
    let standard = Chain::standard();
    for omega_deg in [0.0, 33.0, 200.0] {
        let axes = Axes { omega_deg, sampx_um: 40.0, sampy_um: -25.0, phiy_um: 9.0, phiz_um: 3.0, ..Axes::default() };
        let (ours, ideal) = (see(axes), standard.see(&axes.positions(&standard), CRYSTAL));
        assert!(near(ours.x, ideal.x) && near(ours.y, ideal.y) && near(ours.depth, ideal.depth), "{ours:?} {ideal:?}");
    }
}

#[test]
fn kappa_turns_the_sample_about_its_own_axis_and_no_point_of_that_moves() {
    let chain = chain();
    // Directions and places are those of [sampx, sampy, phiy], which are away, downwards and to the right; a place of
    // the motors is the opposite place of the sample.
    let on_axis = |along: f64| {
        let [away, down, right] = [0, 1, 2].map(|i| along * KAPPA[0][i] - KAPPA[1][i]);
        [right, down, away]
    };
    let see = |kappa_deg, point| {
        let axes = Axes { kappa_deg, omega_deg: 40.0, ..Axes::default() };
        chain.see(&axes.positions(&chain), point)
    };
    for along in [-500.0, 0.0, 700.0] {
        let (still, turned) = (see(0.0, on_axis(along)), see(75.0, on_axis(along)));
        assert!((still.x - turned.x).hypot(still.y - turned.y) < 1e-6, "{still:?} {turned:?}");
    }
    let (still, turned) = (see(0.0, CRYSTAL), see(75.0, CRYSTAL));
    assert!((still.x - turned.x).hypot(still.y - turned.y) > 50.0, "{still:?} {turned:?}");
    // 24 degrees between kappa and the spindle: half a turn of kappa turns the spindle's direction by 48.
    let direction = |kappa_deg| {
        let (from, to) = (see(kappa_deg, [0.0; 3]), see(kappa_deg, [1.0, 0.0, 0.0]));
        [to.x - from.x, to.y - from.y, to.depth - from.depth]
    };
    let cosine: f64 = direction(0.0).iter().zip(direction(180.0)).map(|(a, b)| a * b).sum();
    assert!((cosine.acos().to_degrees() - 48.0).abs() < 0.01, "{}", cosine.acos().to_degrees());
}
