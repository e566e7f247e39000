//! What is drawn over the picture of the sample: the beam, a scale, points, lines, grids and measures. All but the beam
//! and the scale are points of the sample, so that they follow the motors.

use brickwork_sdk::interfaces::{SampleDrawing, SampleGrid, SampleMark, SamplePoint, SampleScale, SampleShape};
use brickwork_sdk::view::{Cells, Overlay, Shape, Tone};

use crate::measure::{Measure, Quantity};

/// Arms of the cross on a point, in pixels of the picture.
const ARM: f64 = 14.0;
/// Arms of the cross on a point of a measure.
const SMALL_ARM: f64 = 6.0;
/// The scale bar is at most this part of the picture's width.
const BAR: f64 = 0.2;
/// How far the scale bar is from the corner, in parts of the picture.
const MARGIN: f64 = 0.03;
/// How far its words begin before it and above it, in parts of the picture: they fit there on small pictures too.
const LABEL: (f64, f64) = (0.1, 0.014);

/// Shapes over a picture that is read by one scale.
pub struct Scene<'a> {
    scale: &'a SampleScale,
    overlays: Vec<Overlay>,
}

impl<'a> Scene<'a> {
    /// The beam and the scale bar; nothing while the scale is not known.
    pub fn new(scale: &'a SampleScale) -> Self {
        let mut scene = Self { scale, overlays: Vec::new() };
        if scale.is_known() {
            scene.beam();
            scene.bar();
        }
        scene
    }

    fn add(&mut self, shape: Shape, tone: Tone) {
        self.overlays.push(Overlay { id: String::new(), shape, tone });
    }

    fn beam(&mut self) {
        let SampleScale { um_per_pixel, beam: (x, y), beam_size_um, .. } = *self.scale;
        let (width, height) = (beam_size_um.0 / um_per_pixel.0, beam_size_um.1 / um_per_pixel.1);
        self.add(Shape::Rectangle(x - width / 2.0, y - height / 2.0, width, height), Tone::Primary);
        self.add(Shape::Cross(x, y, width.min(height) / 4.0), Tone::Primary);
    }

    fn bar(&mut self) {
        let SampleScale { size, um_per_pixel, .. } = *self.scale;
        let um = round_below(size.0 * BAR * um_per_pixel.0);
        let length = um / um_per_pixel.0;
        let (left, bottom) = (size.0 * (1.0 - MARGIN) - length, size.1 * (1.0 - MARGIN));
        self.add(Shape::Line(vec![(left, bottom), (left + length, bottom)]), Tone::Normal);
        let label = (left - size.0 * LABEL.0, bottom - size.1 * LABEL.1);
        self.add(Shape::Text(label.0, label.1, format!("{um} um")), Tone::Normal);
    }

    /// The points that have a name.
    pub fn marks(&mut self, marks: &[SampleMark]) {
        for SampleMark { name, point } in marks.iter().filter(|_| self.scale.is_known()) {
            let (x, y) = self.scale.see(*point);
            self.add(Shape::Cross(x, y, ARM), Tone::Warning);
            self.add(Shape::Text(x + ARM, y - ARM, name.clone()), Tone::Warning);
        }
    }

    /// Lines and grids, under their names; the chosen one is told from the others.
    pub fn drawings(&mut self, drawings: &[SampleDrawing], chosen: &str) {
        for SampleDrawing { name, shape } in drawings.iter().filter(|_| self.scale.is_known()) {
            let tone = if name == chosen { Tone::Warning } else { Tone::Primary };
            let (shape, label, words) = match shape {
                SampleShape::Line { from, to } => {
                    let (from, to) = (self.scale.see(*from), self.scale.see(*to));
                    (Shape::Line(vec![from, to]), to, name.clone())
                }
                SampleShape::Grid(grid) => {
                    let cells = self.cells(grid);
                    let label = (cells.corner.0, cells.corner.1 - 26.0);
                    (Shape::Cells(cells), label, format!("{name}: {} × {}", grid.columns, grid.rows))
                }
            };
            self.overlays.push(Overlay { id: name.clone(), shape, tone });
            self.add(Shape::Text(label.0 + 4.0, label.1, words), tone);
        }
    }

    fn cells(&self, grid: &SampleGrid) -> Cells {
        let SampleGrid { corner, along, down, columns, rows, values } = grid.clone();
        let start = self.scale.see(corner);
        let side = |by: SamplePoint| {
            let end = self.scale.see(std::array::from_fn(|axis| corner[axis] + by[axis]));
            (end.0 - start.0, end.1 - start.1)
        };
        Cells { corner: start, along: side(along), down: side(down), columns, rows, values }
    }

    /// What was measured and what is being measured.
    pub fn measures(&mut self, measures: &[Measure]) {
        for measure in measures.iter().filter(|_| self.scale.is_known()) {
            let mut points: Vec<_> = measure.points.iter().map(|point| self.scale.see(*point)).collect();
            for (x, y) in points.clone() {
                self.add(Shape::Cross(x, y, SMALL_ARM), Tone::Normal);
            }
            let last = points.last().copied().unwrap_or_default();
            self.add(Shape::Text(last.0 + 10.0, last.1 + 6.0, measure.words()), Tone::Normal);
            if measure.quantity == Quantity::Area && measure.is_done {
                points.extend(points.first().copied());
            }
            self.add(Shape::Line(points), Tone::Normal);
        }
    }

    /// All of it.
    pub fn overlays(self) -> Vec<Overlay> {
        self.overlays
    }
}

/// The largest of 1, 2 and 5 times a power of ten that is not above `um`.
fn round_below(um: f64) -> f64 {
    let power = 10_f64.powf(um.max(f64::MIN_POSITIVE).log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|digit| digit * power).find(|round| *round <= um).unwrap_or(power)
}
