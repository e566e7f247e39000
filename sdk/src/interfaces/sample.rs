//! Points, lines and grids on a sample, and how its microscope sees them. What stands in coordinates of the sample
//! follows the motors by itself.

use serde::{Deserialize, Serialize};

/// A point of the sample, in um, in a system that is fixed to it.
pub type SamplePoint = [f64; 3];

/// How the picture of the microscope is to be read now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SampleScale {
    /// Width and height of the picture that the calibration was made for, in pixels. All pixels of this interface are
    /// counted in it: a picture of another size has to have its proportions.
    pub size: (f64, f64),
    /// Um at the sample for one pixel, to the right and downwards; 0 while it is not known.
    pub um_per_pixel: (f64, f64),
    /// The pixel that the beam goes through.
    pub beam: (f64, f64),
    /// Width and height of the beam, in um.
    pub beam_size_um: (f64, f64),
    /// Where points of the sample are seen, in um from the beam: to the right, downwards and away. The first three
    /// numbers of each row go with the point's coordinates and are those of a rotation, the fourth is added.
    pub pose: [[f64; 4]; 3],
}

impl SampleScale {
    /// Whether it was told: before that nothing can be seen or located.
    pub fn is_known(&self) -> bool {
        self.um_per_pixel.0 > 0.0 && self.um_per_pixel.1 > 0.0
    }

    /// The pixel at which a point of the sample is seen.
    pub fn see(&self, point: SamplePoint) -> (f64, f64) {
        let um = |row: [f64; 4]| row[0] * point[0] + row[1] * point[1] + row[2] * point[2] + row[3];
        let [x, y] = [self.pose[0], self.pose[1]].map(um);
        (self.beam.0 + x / self.um_per_pixel.0, self.beam.1 + y / self.um_per_pixel.1)
    }

    /// The point of the sample that is seen at a pixel, if it is as far away as the beam.
    pub fn locate(&self, (x, y): (f64, f64)) -> SamplePoint {
        let at = [(x - self.beam.0) * self.um_per_pixel.0, (y - self.beam.1) * self.um_per_pixel.1, 0.0];
        let coordinate = |axis: usize| (0..3).map(|row| self.pose[row][axis] * (at[row] - self.pose[row][3])).sum();
        [coordinate(0), coordinate(1), coordinate(2)]
    }
}

/// A point of the sample with a name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SampleMark {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub point: SamplePoint,
}

/// Something that was drawn on the sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleDrawing {
    /// What it is called: unique among all drawings of a diffractometer.
    pub name: String,
    /// What it is.
    pub shape: SampleShape,
}

/// What a [`SampleDrawing`] is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SampleShape {
    /// A line between two points, such as that of a helical scan.
    Line {
        /// One end.
        from: SamplePoint,
        /// The other.
        to: SamplePoint,
    },
    /// Cells in rows and columns, such as those of a mesh scan.
    Grid(SampleGrid),
}

/// Cells in rows and columns on a sample.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SampleGrid {
    /// The outer corner of the first cell.
    pub corner: SamplePoint,
    /// From there to the end of the first row, in um.
    pub along: SamplePoint,
    /// From the corner to the end of the first column, in um.
    pub down: SamplePoint,
    /// Cells in a row.
    pub columns: u32,
    /// Rows.
    pub rows: u32,
    /// The value of each cell, row by row; NaN, or too few, for those that have none yet.
    pub values: Vec<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_located_at_a_pixel_is_seen_there() {
        let (sin, cos) = 30_f64.to_radians().sin_cos();
        let scale = SampleScale {
            um_per_pixel: (1.5, 2.0),
            beam: (640.0, 512.0),
            pose: [[1.0, 0.0, 0.0, 12.0], [0.0, cos, -sin, -40.0], [0.0, sin, cos, 7.0]],
            ..SampleScale::default()
        };
        let (x, y) = scale.see(scale.locate((100.0, 900.0)));
        assert!((x - 100.0).abs() < 1e-9 && (y - 900.0).abs() < 1e-9, "{x} {y}");
        assert!(scale.is_known() && !SampleScale::default().is_known());
    }
}
