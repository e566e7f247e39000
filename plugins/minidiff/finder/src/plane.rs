//! A grey picture of numbers, as small as the search needs it. `background` and `outline` work on planes; this module
//! makes them from pictures and blurs them, and knows nothing of loops.

use crate::picture::Picture;

/// Numbers in rows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plane {
    pub width: usize,
    pub height: usize,
    pub values: Vec<f32>,
}

impl Plane {
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, values: vec![0.0; width * height] }
    }

    /// The brightness, 0 to 255, of blocks of `step` x `step` pixels; `margin` pixels at each side are left out.
    pub fn of_picture(picture: &Picture<'_>, step: usize, margin: usize) -> Self {
        let blocks = |length: usize| length.saturating_sub(2 * margin) / step;
        let mut plane = Self::new(blocks(picture.width()), blocks(picture.height()));
        let scale = 1.0 / (1000 * step * step) as f32;
        let mut sums = vec![0; plane.width];
        for (y, row) in plane.values.chunks_exact_mut(plane.width.max(1)).enumerate() {
            sums.fill(0);
            for line in 0..step {
                picture.add_row(margin + y * step + line, margin, step, &mut sums);
            }
            for (value, sum) in row.iter_mut().zip(&sums) {
                *value = *sum as f32 * scale;
            }
        }
        plane
    }

    /// The plane with a frame of `frame` more pixels. A slope goes on there, so that a blur keeps it as it is.
    pub fn framed(&self, frame: usize) -> Self {
        let mut framed = Self::new(self.width + 2 * frame, self.height + 2 * frame);
        for (y, row) in framed.values.chunks_exact_mut(self.width + 2 * frame).enumerate() {
            let (y, mirror) = inside(y, frame, self.height);
            for (x, value) in row.iter_mut().enumerate() {
                let (x, mirror_x) = inside(x, frame, self.width);
                let at = |x: usize, y: usize| self.values[y * self.width + x];
                *value = match (mirror_x, mirror) {
                    (None, None) => at(x, y),
                    (Some(edge), None) => 2.0 * at(edge, y) - at(x, y),
                    (None, Some(edge)) => 2.0 * at(x, edge) - at(x, y),
                    (Some(edge_x), Some(edge_y)) => 2.0 * at(edge_x, edge_y) - at(x, y),
                };
            }
        }
        framed
    }

    /// The plane without such a frame.
    pub fn unframed(&self, frame: usize) -> Self {
        let mut plane = Self::new(self.width - 2 * frame, self.height - 2 * frame);
        let rows = self.values.chunks_exact(self.width).skip(frame);
        for (to, from) in plane.values.chunks_exact_mut(plane.width).zip(rows) {
            to.copy_from_slice(&from[frame..][..to.len()]);
        }
        plane
    }

    /// Each value becomes the mean of a square with sides of `2 radius + 1`, `times` times over.
    pub fn blurred(&self, radius: usize, times: usize) -> Self {
        let mut plane = self.clone();
        let mut other = Self::new(self.width, self.height);
        for _ in 0..times {
            blur_rows(&plane, &mut other, radius);
            blur_columns(&other, &mut plane, radius);
        }
        plane
    }

    /// The value below which `share` (0 to 1) of all values lie.
    pub fn quantile(&self, share: f64) -> f32 {
        // Every seventh tells enough.
        let mut some: Vec<f32> = self.values.iter().copied().step_by(7).collect();
        if some.is_empty() {
            return 0.0;
        }
        let index = ((some.len() - 1) as f64 * share) as usize;
        *some.select_nth_unstable_by(index, f32::total_cmp).1
    }
}

/// The place inside for one with a frame, and the edge at which it was mirrored, if it was.
fn inside(framed: usize, frame: usize, length: usize) -> (usize, Option<usize>) {
    let last = length - 1;
    if framed < frame {
        ((frame - framed).min(last), Some(0))
    } else if framed - frame > last {
        (last.saturating_sub(framed - frame - last), Some(last))
    } else {
        (framed - frame, None)
    }
}

fn blur_rows(from: &Plane, to: &mut Plane, radius: usize) {
    let scale = 1.0 / (2 * radius + 1) as f32;
    let last = from.width - 1;
    for (row, out) in from.values.chunks_exact(from.width).zip(to.values.chunks_exact_mut(from.width)) {
        let at = |x: usize| row[x.min(last)];
        let mut sum: f32 = row[0] * radius as f32 + (0..=radius).map(at).sum::<f32>();
        for (x, out) in out.iter_mut().enumerate() {
            *out = sum * scale;
            sum += at(x + radius + 1) - row[x.saturating_sub(radius)];
        }
    }
}

fn blur_columns(from: &Plane, to: &mut Plane, radius: usize) {
    let scale = 1.0 / (2 * radius + 1) as f32;
    let row = |y: usize| &from.values[y.min(from.height - 1) * from.width..][..from.width];
    let mut sums: Vec<f32> = row(0).iter().map(|value| value * radius as f32).collect();
    for y in 0..=radius {
        sums.iter_mut().zip(row(y)).for_each(|(sum, value)| *sum += value);
    }
    for (y, out) in to.values.chunks_exact_mut(from.width).enumerate() {
        let (enters, leaves) = (row(y + radius + 1), row(y.saturating_sub(radius)));
        for (((out, sum), enters), leaves) in out.iter_mut().zip(&mut sums).zip(enters).zip(leaves) {
            *out = *sum * scale;
            *sum += enters - leaves;
        }
    }
}
