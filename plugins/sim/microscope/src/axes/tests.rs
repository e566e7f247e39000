//! Positions by role and in the order of a chain are the same.

use super::*;
use crate::goniometer::chain;

#[test]
fn positions_of_a_chain_take_the_place_of_others() {
    let (chain, standard) = (chain(), Chain::standard());
    let axes =
        Axes { omega_deg: 10.0, kappa_deg: 5.0, kappa_phi_deg: 6.0, phiy_um: 4.0, focus_um: 7.0, ..Axes::default() };
    assert_eq!(axes.positions(&standard), [4.0, 0.0, 10.0, 0.0, 0.0]);
    let moved = axes.at(&standard, &[-3.0, 1.0, 20.0, 2.0, 8.0]);
    let expected = Axes { phiy_um: -3.0, phiz_um: 1.0, omega_deg: 20.0, sampx_um: 2.0, sampy_um: 8.0, ..axes };
    assert_eq!(moved, expected, "what the chain does not have stays");
    assert_eq!(Axes { focus_um: 7.0, ..Axes::default() }.at(&chain, &moved.positions(&chain)), moved);
}

#[test]
fn an_axis_that_no_motor_of_the_microscope_drives_stays_at_its_datum() {
    let mut axes = Chain::standard().axes().to_vec();
    axes[1].role = "table".into();
    axes[1].datum = 33.0;
    let chain = Chain::new(axes, brickwork_axes::Camera::default()).expect("it is one");
    assert_eq!(Axes { phiz_um: 9.0, ..Axes::default() }.positions(&chain)[1], 33.0);
}

#[test]
fn a_pixel_is_as_large_as_the_zoom_says() {
    let seen = Seen { x: 50.0, y: -20.0, depth: 0.0 };
    let pixel = |um_per_pixel| Optics { size: (640, 480), um_per_pixel }.pixel(seen);
    assert_eq!(pixel(1.0), (370.0, 220.0));
    assert_eq!(pixel(0.5), (420.0, 200.0));
}
