//! What a chain says of itself.

use super::{Axis, Camera, Chain, ChainError, Motion, Seen};

fn turns(role: &str) -> Axis {
    Axis { role: role.into(), motion: Motion::Rotation, direction: [1.0, 0.0, 0.0], ..Axis::default() }
}

fn shifts(role: &str) -> Axis {
    Axis { motion: Motion::Translation, ..turns(role) }
}

#[test]
fn the_standard_chain_is_what_the_minidiff_was() {
    let chain = Chain::standard();
    let (phiy, phiz, omega, sampx, sampy) = (-30.0, 12.0, 31.0_f64, 70.0, -44.0);
    let (x, y, z) = (5.0, -8.0, 21.0);
    let (sin, cos) = omega.to_radians().sin_cos();
    let seen = chain.see(&[phiy, phiz, omega, sampx, sampy], [x, y, z]);
    assert!((seen.x - (x + phiy)).abs() < 1e-12);
    assert!((seen.y - ((z + sampx) * sin + (y + sampy) * cos + phiz)).abs() < 1e-12);
    assert!((seen.depth - ((z + sampx) * cos - (y + sampy) * sin)).abs() < 1e-12);
}

#[test]
fn a_point_is_found_where_it_is_seen() {
    let mut axes = Chain::standard().axes().to_vec();
    axes[1].datum = 17.0;
    axes.push(Axis { direction: [0.3, 0.3, -0.9], point: [300.0, 280.0, -1000.0], datum: 4.0, ..turns("kappa") });
    let chain = Chain::new(axes, Camera { x: [0.0, 1.0, 0.0], y: [0.0, 0.0, 2.0] }).expect("it is one");
    let positions = [1.0, 2.0, 33.0, 4.0, 5.0, 66.0];
    let seen = Seen { x: 100.0, y: -50.0, depth: 7.0 };
    let again = chain.see(&positions, chain.locate(&positions, seen));
    let same = |one: f64, other: f64| (one - other).abs() < 1e-9;
    assert!(same(seen.x, again.x) && same(seen.y, again.y) && same(seen.depth, again.depth), "{again:?}");
}

#[test]
fn what_is_no_chain_is_refused_with_the_axis_and_the_cure() {
    let camera = Camera::default();
    let refused = |axes: &[Axis], camera| Chain::new(axes.to_vec(), camera).map(|_| ()).expect_err("it is none");
    let two = [shifts("phiy"), turns("omega")];
    assert!(Chain::new(two.to_vec(), camera).is_ok());
    assert_eq!(refused(&[turns("omega")], camera), ChainError::Incomplete);
    assert_eq!(refused(&[shifts("phiy"), turns("phiy")], camera), ChainError::Twice("phiy".into()));
    assert_eq!(refused(&[shifts(""), turns("omega")], camera), ChainError::Unnamed);
    let flat = Axis { direction: [0.0; 3], ..shifts("flat") };
    assert_eq!(refused(&[flat, turns("omega")], camera), ChainError::Direction("flat".into(), [0.0; 3]));
    let odd = Axis { datum: f64::NAN, ..shifts("odd") };
    assert_eq!(refused(&[odd, turns("omega")], camera), ChainError::Number("odd".into()));
    let skew = Camera { x: [1.0, 0.0, 0.0], y: [1.0, 1.0, 0.0] };
    assert!(matches!(refused(&two, skew), ChainError::Camera { .. }));
    assert!(
        refused(&[shifts("phiy"), turns("omega"), Axis { direction: [f64::INFINITY; 3], ..shifts("a") }], camera)
            .to_string()
            .contains("such as (1, 0, 0)")
    );
}
