//! How sharp a region of a picture is, for autofocus. It compares pictures of one scene with each other; a number
//! alone means nothing, and no background or sample is looked for.

use crate::find::Area;
use crate::picture::Picture;
use crate::plane::Plane;

/// How sharp the pixels in `region` are: the mean square of the slope of brightness (Tenengrad, with the gradient of
/// Sobel), divided by the square of the mean brightness, so that a lamp that ages changes nothing. It is highest in
/// focus. What of the region lies outside the picture is not counted; without at least 3 x 3 pixels it is 0.
pub fn sharpness(picture: Picture<'_>, region: Area) -> f64 {
    let within = |low: f64, high: f64, length: usize| {
        let end = high.clamp(0.0, length as f64).round() as usize;
        (low.clamp(0.0, length as f64).round() as usize).min(end)..end
    };
    let columns = within(region.left, region.right, picture.width());
    let rows = within(region.top, region.bottom, picture.height());
    if columns.len() < 3 || rows.len() < 3 {
        return 0.0;
    }
    let mut plane = Plane::new(columns.len(), rows.len());
    let mut sums = vec![0; columns.len()];
    for (y, row) in rows.zip(plane.values.chunks_exact_mut(columns.len())) {
        sums.fill(0);
        picture.add_row(y, columns.start, 1, &mut sums);
        row.iter_mut().zip(&sums).for_each(|(value, sum)| *value = *sum as f32 / 1000.0);
    }
    let mean = plane.values.iter().map(|value| f64::from(*value)).sum::<f64>() / plane.values.len() as f64;
    // One grey level keeps a black picture from being infinitely sharp.
    tenengrad(&plane) / mean.max(1.0).powi(2)
}

fn tenengrad(plane: &Plane) -> f64 {
    let width = plane.width;
    let mut sum = 0.0;
    for rows in plane.values.windows(3 * width).step_by(width) {
        let (above, rest) = rows.split_at(width);
        let (here, below) = rest.split_at(width);
        let row: f32 = (1..width - 1)
            .map(|x| {
                let (l, r) = (x - 1, x + 1);
                let across = above[r] + 2.0 * here[r] + below[r] - above[l] - 2.0 * here[l] - below[l];
                let down = below[l] + 2.0 * below[x] + below[r] - above[l] - 2.0 * above[x] - above[r];
                across * across + down * down
            })
            .sum();
        sum += f64::from(row);
    }
    // The weights of Sobel add up to 8.
    sum / 64.0 / ((width - 2) * (plane.height - 2)) as f64
}
