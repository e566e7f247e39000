//! What the picture would be without the sample. Light falls off towards the corners in its own way at each beamline,
//! so no shape is assumed for it: wherever the brightness changes suddenly the background is unknown, and it is
//! carried on smoothly from where it is known. `find` calls this first; what a thing is, is not decided here.

use crate::mask::Mask;
use crate::plane::Plane;

/// The widest blur that `difference` uses reaches so far.
const FRAME: usize = 26;
/// A change counts when it is so many times the usual one,
const CHANGE_SIGMAS: f32 = 4.5;
/// and this share of the range of brightness,
const CHANGE_SHARE: f32 = 0.04;
/// and this many grey levels.
const CHANGE_LEAST: f32 = 2.2;
/// An area without sudden change belongs to the background if it differs less than this share of the full contrast.
const SAME_SHARE: f32 = 0.3;
/// How often the values carried on are made smooth, at each size.
const RELAXATIONS: usize = 3;
/// From a standard deviation to the median of what is noise.
const SIGMA_PER_MEDIAN: f32 = 1.4826;

/// A plane before its background.
pub(crate) struct Contrast {
    /// How much brighter than the background, in grey levels; 0 where nothing is.
    pub plane: Plane,
    /// The usual noise of a pixel, in grey levels.
    pub noise: f32,
    /// The contrast of what stands out, in grey levels.
    pub full: f32,
}

/// Subtracts the background.
pub(crate) fn contrast(picture: &Plane) -> Contrast {
    let framed = picture.framed(FRAME);
    let fine = difference(&framed, (1, 1), (5, 2));
    let coarse = difference(&framed, (4, 2), (12, 2));
    let range = picture.quantile(0.995) - picture.quantile(0.005);
    let limits = [&fine, &coarse].map(|plane| {
        let usual = SIGMA_PER_MEDIAN * plane.quantile(0.5);
        (CHANGE_SIGMAS * usual).max(CHANGE_SHARE * range).max(CHANGE_LEAST)
    });
    let changes = fine.values.iter().zip(&coarse.values).map(|(f, c)| *f > limits[0] || *c > limits[1]);
    let unknown = Mask::of(picture.width, picture.height, changes).grown(3);
    subtract(picture, &unknown)
}

/// How much two blurs of a plane differ; a blur has a radius and is done so many times.
fn difference(framed: &Plane, narrow: (usize, usize), wide: (usize, usize)) -> Plane {
    let mut plane = framed.blurred(narrow.0, narrow.1);
    let wide = framed.blurred(wide.0, wide.1);
    plane.values.iter_mut().zip(&wide.values).for_each(|(value, wide)| *value = (*value - wide).abs());
    plane.unframed(FRAME)
}

fn subtract(picture: &Plane, unknown: &Mask) -> Contrast {
    let mut areas = unknown.inverted().pieces();
    areas.sort_by_key(|area| std::cmp::Reverse(area.pixels.len()));
    let mut known = Mask::new(picture.width, picture.height);
    let mut areas = areas.iter();
    if let Some(largest) = areas.next() {
        largest.pixels.iter().for_each(|index| known.pixels[*index] = true);
    }
    let first = minus(picture, &carried_on(picture, &known), &known);
    let full = full_contrast(&first, unknown);
    let near = unknown.grown(3);
    for area in areas {
        // Far away, what is carried on may be wrong; where the area begins, it is not.
        let edge = area.pixels.iter().filter(|index| near.pixels[**index]);
        let (count, sum) = edge.fold((0.0, 0.0), |(count, sum), index| (count + 1.0, sum + first.values[*index]));
        if (sum / count as f32).abs() < SAME_SHARE * full {
            area.pixels.iter().for_each(|index| known.pixels[*index] = true);
        }
    }
    let plane = minus(picture, &carried_on(picture, &known), &known);
    Contrast { noise: noise(picture, &known), full: full_contrast(&plane, unknown), plane }
}

fn minus(picture: &Plane, background: &Plane, known: &Mask) -> Plane {
    let mut plane = picture.clone();
    for ((value, behind), known) in plane.values.iter_mut().zip(&background.values).zip(&known.pixels) {
        *value = if *known { 0.0 } else { *value - behind };
    }
    plane
}

/// What the strongest tenth of the places with sudden changes has at least.
fn full_contrast(plane: &Plane, unknown: &Mask) -> f32 {
    let changed = plane.values.iter().zip(&unknown.pixels).filter(|(_, unknown)| **unknown);
    let mut some: Vec<f32> = changed.map(|(value, _)| value.abs()).collect();
    if some.is_empty() {
        return 0.0;
    }
    let index = some.len() * 9 / 10;
    *some.select_nth_unstable_by(index, f32::total_cmp).1
}

/// The noise of pixels of the background: what a pixel differs from the mean of its neighbours left and right.
fn noise(picture: &Plane, known: &Mask) -> f32 {
    let triples = picture.values.windows(3).zip(known.pixels.windows(3)).step_by(5);
    let mut some: Vec<f32> = triples
        .filter(|(_, known)| known.iter().all(|known| *known))
        .map(|(values, _)| (values[1] - 0.5 * (values[0] + values[2])).abs())
        .collect();
    if some.is_empty() {
        return 0.0;
    }
    let middle = some.len() / 2;
    // The difference of one and the mean of two varies 1.22 times as much as one.
    *some.select_nth_unstable_by(middle, f32::total_cmp).1 * SIGMA_PER_MEDIAN / 1.22
}

/// The known values, and between them what smaller and smaller pictures of them say ("pull-push": S. J. Gortler et
/// al., The Lumigraph, SIGGRAPH 1996).
fn carried_on(picture: &Plane, known: &Mask) -> Plane {
    let mut values = picture.clone();
    let mut weights = Plane::new(picture.width, picture.height);
    for ((value, weight), known) in values.values.iter_mut().zip(&mut weights.values).zip(&known.pixels) {
        *weight = if *known { 1.0 } else { 0.0 };
        *value *= *weight;
    }
    pull_push(&values, &weights)
}

/// `values` are already multiplied by their weights.
fn pull_push(values: &Plane, weights: &Plane) -> Plane {
    let mut result = values.clone();
    if values.width > 1 || values.height > 1 {
        let (half_values, half_weights) = (halved(values), halved(weights));
        let coarse = pull_push_limited(half_values, half_weights);
        let open = |index: &usize| weights.values[*index] < 1.0;
        let open: Vec<usize> = (0..result.values.len()).filter(open).collect();
        for index in &open {
            let (x, y) = (index % result.width, index / result.width);
            result.values[*index] += (1.0 - weights.values[*index]) * between(&coarse, x, y);
        }
        for _ in 0..RELAXATIONS {
            relax(&mut result, weights, &open);
        }
    }
    result
}

/// What is not known becomes the mean of its neighbours, so that slopes go on under the sample.
fn relax(values: &mut Plane, weights: &Plane, open: &[usize]) {
    let (width, height) = (values.width, values.height);
    for index in open.iter().filter(|index| weights.values[**index] < 0.5) {
        let (x, y) = (index % width, index / width);
        let (left, right) = (x.saturating_sub(1), (x + 1).min(width - 1));
        let (up, down) = (y.saturating_sub(1) * width, (y + 1).min(height - 1) * width);
        let at = |index: usize| values.values[index];
        let sum = at(up + x) + at(down + x) + at(y * width + left) + at(y * width + right);
        values.values[*index] = 0.25 * sum;
    }
}

/// No place weighs more than 1.
fn pull_push_limited(mut values: Plane, mut weights: Plane) -> Plane {
    for (value, weight) in values.values.iter_mut().zip(&mut weights.values) {
        if *weight > 1.0 {
            *value /= *weight;
            *weight = 1.0;
        }
    }
    pull_push(&values, &weights)
}

/// Sums of 2 x 2.
fn halved(plane: &Plane) -> Plane {
    let mut half = Plane::new(plane.width.div_ceil(2), plane.height.div_ceil(2));
    for (y, row) in plane.values.chunks_exact(plane.width).enumerate() {
        let out = &mut half.values[y / 2 * half.width..][..half.width];
        for (pair, out) in row.chunks(2).zip(out) {
            *out += pair.iter().sum::<f32>();
        }
    }
    half
}

/// The value of a plane of half the size at a place of the full one, from its four neighbours.
fn between(half: &Plane, x: usize, y: usize) -> f32 {
    let near = |at: usize, length: usize| {
        let first = at / 2;
        let second = if at.is_multiple_of(2) { first.saturating_sub(1) } else { (first + 1).min(length - 1) };
        (first, second)
    };
    let ((x0, x1), (y0, y1)) = (near(x, half.width), near(y, half.height));
    let row = |y: usize| 0.75 * half.values[y * half.width + x0] + 0.25 * half.values[y * half.width + x1];
    0.75 * row(y0) + 0.25 * row(y1)
}
