//! A shape is where it is said to be, as soft as it is said to be, and nowhere else.

use super::*;

fn painted(shape: Shape, soft: f32) -> Canvas {
    let mut canvas = Canvas { width: 80, height: 60, pixels: vec![200; 80 * 60] };
    canvas.paint(shape, Paint { level: 0.0, cover: 1.0, soft });
    canvas
}

fn at(canvas: &Canvas, x: usize, y: usize) -> u8 {
    canvas.pixels[y * canvas.width + x]
}

#[test]
fn each_shape_is_dark_where_it_is_and_leaves_the_rest() {
    let middle = (40.0, 30.0);
    for (shape, on, off) in [
        (Shape::Ellipse(Place::upright(middle, (20.0, 10.0))), (40, 30), (62, 30)),
        (Shape::Ellipse(Place::upright(middle, (20.0, 10.0))), (40, 22), (40, 18)),
        (Shape::Ring(Place::upright(middle, (20.0, 10.0)), 2.0), (59, 30), (40, 30)),
        (Shape::Facets(Place::upright(middle, (20.0, 10.0))), (40, 30), (59, 38)),
        (Shape::Edges(Place::upright(middle, (20.0, 10.0)), 1.5), (40, 39), (40, 30)),
        (Shape::Rod((middle, 2.0), ((70.0, 30.0), 8.0)), (69, 35), (42, 35)),
    ] {
        let canvas = painted(shape, 0.5);
        assert_eq!((at(&canvas, on.0, on.1), at(&canvas, off.0, off.1)), (0, 200), "{shape:?}");
    }
}

#[test]
fn out_of_focus_an_edge_is_wide_and_a_thin_shape_is_faint() {
    let ring = Shape::Ring(Place::upright((40.0, 30.0), (20.0, 10.0)), 1.0);
    let darkest = |soft| painted(ring, soft).pixels.into_iter().min();
    assert_eq!(darkest(0.5), Some(0));
    assert!(darkest(5.0) > Some(150), "{:?}", darkest(5.0));
    let body = painted(Shape::Facets(Place::upright((40.0, 30.0), (20.0, 10.0))), 4.0);
    assert!(at(&body, 40, 42) < 200 && at(&body, 40, 42) > 100);
}

#[test]
fn what_lies_outside_the_picture_paints_nothing() {
    for middle in [(-500.0, 30.0), (900.0, 30.0), (40.0, -500.0), (40.0, 900.0)] {
        assert!(
            painted(Shape::Ellipse(Place::upright(middle, (20.0, 10.0))), 3.0).pixels.iter().all(|pixel| *pixel == 200)
        );
    }
}

/// An asymmetric blot of each kind, turned by an angle with the clock.
fn turned(deg: f32) -> [Shape; 4] {
    let (sin, cos) = deg.to_radians().sin_cos();
    let place = Place { middle: (40.0, 30.0), half: (22.0, 9.0), turn: (cos, sin) };
    [Shape::Ellipse(place), Shape::Ring(place, 1.5), Shape::Facets(place), Shape::Edges(place, 1.5)]
}

#[test]
fn a_shape_that_is_turned_by_half_a_turn_is_the_same() {
    for (here, there) in turned(30.0).into_iter().zip(turned(210.0)) {
        let (here, there) = (painted(here, 1.0), painted(there, 1.0));
        assert!(here.pixels.iter().zip(&there.pixels).all(|(a, b)| a.abs_diff(*b) <= 1));
    }
}

#[test]
fn a_turned_shape_covers_as_much_and_points_where_it_is_turned_to() {
    for (index, upright) in turned(0.0).into_iter().enumerate() {
        let dark = |shape, soft| painted(shape, soft).pixels.iter().map(|p| f64::from(200 - p)).sum::<f64>();
        for deg in [20.0f32, 45.0, 90.0, 135.0] {
            let shape = turned(deg)[index];
            for soft in [0.5, 2.0] {
                let (plain, other) = (dark(upright, soft), dark(shape, soft));
                assert!((plain - other).abs() < 0.02 * plain, "{shape:?}: {plain} {other}");
            }
            let (sin, cos) = deg.to_radians().sin_cos();
            let canvas = painted(shape, 0.5);
            let end = |share: f32| at(&canvas, (40.0 + share * cos) as usize, (30.0 + share * sin) as usize);
            assert_eq!((end(25.5), end(-25.5)), (200, 200), "{shape:?}");
            assert!(end(21.5) < 150 || end(-21.5) < 150, "{shape:?}");
        }
    }
}

#[test]
fn a_core_ends_where_the_distance_is_its_depth() {
    for deg in [0.0, 25.0, 90.0, 160.0] {
        let [ellipse, _, body, _] = turned(deg);
        let mut rows = 0;
        for y in (0..60).map(|row| row as f32 + 0.5) {
            for depth in [0.0, 1.0, 3.0] {
                let ends = |shape: Shape| shape.core(y, depth).map(|(left, right)| [left, right]);
                if let (Shape::Facets(place), Some(ends)) = (body, ends(body)) {
                    let distance = |x| {
                        let (u, v) = place.local(x, y);
                        facets(u, v, place.half)
                    };
                    assert!(ends.iter().all(|x| (distance(*x) + depth).abs() < 0.01), "{body:?} {y} {depth} {ends:?}");
                    rows += 1;
                }
                if let (Shape::Ellipse(place), Some(ends)) = (ellipse, ends(ellipse)) {
                    let radius = |x| {
                        let ((u, v), (a, b)) = (place.local(x, y), place.half);
                        (u / (a - depth)).hypot(v / (b - depth))
                    };
                    assert!(ends.iter().all(|x| (radius(*x) - 1.0).abs() < 0.01), "{ellipse:?} {y} {depth} {ends:?}");
                    rows += 1;
                }
            }
        }
        assert!(rows > 60, "{rows} rows at {deg} deg");
    }
}
