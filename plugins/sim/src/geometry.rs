//! Where a point of the sample is seen when the motors stand somewhere. Pure arithmetic in um, deg and pixels.
//!
//! A point `(x, y, z)` of the goniometer head is given at omega 0: x along the spindle, y across it, z along the view,
//! away from the microscope. `sampx` and `sampy` lie on the head and turn with it, `phiy` and `phiz` carry it all:
//!
//! ```text
//! along  = x + phiy
//! across = (z + sampx) sin(omega) + (y + sampy) cos(omega) + phiz
//! depth  = (z + sampx) cos(omega) - (y + sampy) sin(omega)
//! ```
//!
//! This is the geometry of the MiniDiff of MXCuBE (`motor_positions_to_screen`) with the direction +1 for omega and -1
//! for the four translations. The axis is seen at `across = phiz`. On the screen, `along` goes to the right and `across`
//! downwards from the middle. What is at `depth = focus` is sharp.

/// A point of the goniometer head at omega 0, in um.
pub type Point = (f64, f64, f64);

/// Half the width of a blurred edge for each um out of focus: the aperture of the lens.
const APERTURE: f64 = 0.06;

/// Where the motors stand.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Axes {
    /// The rotation, in degrees.
    pub omega_deg: f64,
    /// On the head, along the view at omega 0.
    pub sampx_um: f64,
    /// On the head, across the axis at omega 0.
    pub sampy_um: f64,
    /// Along the spindle.
    pub phiy_um: f64,
    /// Across the axis, below the rotation.
    pub phiz_um: f64,
    /// The depth that is sharp.
    pub focus_um: f64,
}

/// A point as the microscope sees it, in um from its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Along the spindle, to the right.
    pub along: f64,
    /// Across the axis, downwards.
    pub across: f64,
    /// Away from the microscope.
    pub depth: f64,
}

impl Axes {
    /// Where a point is seen.
    pub fn see(&self, (x, y, z): Point) -> Seen {
        let (sin, cos) = self.omega_deg.to_radians().sin_cos();
        let (y, z) = (y + self.sampy_um, z + self.sampx_um);
        Seen { along: x + self.phiy_um, across: z * sin + y * cos + self.phiz_um, depth: z * cos - y * sin }
    }

    /// Half the width of its edges, in um: it grows with the distance from the focus.
    pub fn blur_um(&self, seen: Seen) -> f64 {
        APERTURE * (seen.depth - self.focus_um).abs()
    }
}

/// A picture of so many pixels at one zoom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Optics {
    /// Width and height in pixels.
    pub size: (u16, u16),
    /// The side of a pixel at the sample, in um.
    pub um_per_pixel: f64,
}

impl Optics {
    /// The pixel in which something is seen, from the left and from the top.
    pub fn pixel(&self, seen: Seen) -> (f64, f64) {
        let (width, height) = self.size;
        (
            f64::from(width) / 2.0 + seen.along / self.um_per_pixel,
            f64::from(height) / 2.0 + seen.across / self.um_per_pixel,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRYSTAL: Point = (-80.0, 110.0, -140.0);

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn half_a_turn_mirrors_a_point_about_the_axis() {
        for omega_deg in [0.0, 35.0, 90.0, -120.0] {
            let axes = Axes { omega_deg, phiz_um: 30.0, phiy_um: 7.0, ..Axes::default() };
            let turned = Axes { omega_deg: omega_deg + 180.0, ..axes };
            let (seen, mirrored) = (axes.see(CRYSTAL), turned.see(CRYSTAL));
            assert!(near(seen.across - 30.0, 30.0 - mirrored.across), "{seen:?} {mirrored:?}");
            assert!(near(seen.depth, -mirrored.depth) && near(seen.along, mirrored.along));
        }
    }

    #[test]
    fn two_angles_are_enough_to_bring_a_point_to_the_axis_for_all() {
        let at = |omega_deg| Axes { omega_deg, ..Axes::default() }.see(CRYSTAL).across;
        let (sampy_um, sampx_um) = (-at(0.0), -at(90.0));
        for omega_deg in (0..360).step_by(15).map(f64::from) {
            let seen = Axes { omega_deg, sampx_um, sampy_um, phiz_um: 12.0, ..Axes::default() }.see(CRYSTAL);
            assert!(near(seen.across, 12.0) && near(seen.depth, 0.0), "at {omega_deg}: {seen:?}");
        }
    }

    #[test]
    fn the_head_turns_and_what_carries_it_does_not() {
        let axes = Axes { omega_deg: 90.0, ..Axes::default() };
        let origin = axes.see(CRYSTAL);
        let moved = |axes: Axes| {
            let seen = axes.see(CRYSTAL);
            (seen.along - origin.along, seen.across - origin.across, seen.depth - origin.depth)
        };
        let is = |(a, b, c): (f64, f64, f64), (d, e, f): (f64, f64, f64)| near(a, d) && near(b, e) && near(c, f);
        assert!(is(moved(Axes { sampx_um: 5.0, ..axes }), (0.0, 5.0, 0.0)));
        assert!(is(moved(Axes { sampy_um: 5.0, ..axes }), (0.0, 0.0, -5.0)));
        assert!(is(moved(Axes { phiy_um: 5.0, ..axes }), (5.0, 0.0, 0.0)));
        assert!(is(moved(Axes { phiz_um: 5.0, ..axes }), (0.0, 5.0, 0.0)));
        assert!(is(moved(Axes { focus_um: 5.0, ..axes }), (0.0, 0.0, 0.0)));
    }

    #[test]
    fn a_pixel_is_as_large_as_the_zoom_says() {
        let seen = Axes::default().see((50.0, -20.0, 0.0));
        let pixel = |um_per_pixel| Optics { size: (640, 480), um_per_pixel }.pixel(seen);
        assert_eq!(pixel(1.0), (370.0, 220.0));
        assert_eq!(pixel(0.5), (420.0, 200.0));
    }

    #[test]
    fn blur_grows_with_the_distance_from_the_focus() {
        let blur = |focus_um| {
            let axes = Axes { focus_um, ..Axes::default() };
            axes.blur_um(axes.see(CRYSTAL))
        };
        assert_eq!(blur(-140.0), 0.0);
        assert!(blur(0.0) > blur(-100.0) && blur(-300.0) > blur(-200.0));
        assert!(near(blur(-100.0), blur(-180.0)));
    }
}
