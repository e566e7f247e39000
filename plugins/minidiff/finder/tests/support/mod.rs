//! What the tests of this crate share: pictures with the truth about them, drawn or real, and ways to make other
//! pictures of them, with the truth moved along.

#![allow(dead_code)] // each test file uses its own share

mod draw;
mod real;

#[allow(unused_imports)] // likewise
pub use draw::{Mount, Scene};
#[allow(unused_imports)]
pub use real::real;

use brickwork_finder::{Format, Found, Options, Picture, Side, find};

/// Xorshift64.
#[derive(Clone)]
pub struct Random(pub u64);

impl Random {
    /// 0 to 1.
    pub fn share(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    pub fn below(&mut self, end: usize) -> usize {
        ((self.share() * end as f64) as usize).min(end.saturating_sub(1))
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// Fails when fewer than `least` (0 to 1) of the answers are right; says which are wrong.
#[expect(clippy::print_stdout, reason = "the share of right answers is the result")]
pub fn at_least(least: f64, images: impl Iterator<Item = (String, Image)>) {
    let (mut count, mut wrong) = (0, Vec::new());
    for (name, image) in images {
        count += 1;
        wrong.extend(image.wrong(image.find().as_ref()).map(|wrong| format!("{name}: {wrong}")));
    }
    println!("{} of {count} are right", count - wrong.len());
    wrong.iter().for_each(|wrong| println!("  {wrong}"));
    assert!((count - wrong.len()) as f64 >= least * count as f64, "{wrong:#?}");
}

/// What is right for a picture.
#[derive(Clone, Debug)]
pub enum Truth {
    /// There is no loop.
    Nothing,
    /// The outline of the loop, as drawn or as marked by a person.
    Outline(Vec<(f64, f64)>),
    /// The point that the reference tool answers, and how far from it is still right.
    Near((f64, f64), f64),
}

/// A picture in colour, levels 0 to 255.
#[derive(Clone)]
pub struct Image {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<[f32; 3]>,
    pub truth: Truth,
    pub side: Side,
}

impl Image {
    pub fn bytes(&self) -> Vec<u8> {
        self.pixels.iter().flatten().map(|level| (level + 0.5) as u8).collect()
    }

    pub fn find(&self) -> Option<Found> {
        let bytes = self.bytes();
        let picture = Picture::new(&bytes, self.width as u32, self.height as u32, 3 * self.width, Format::Rgb8);
        find(picture.expect("as many bytes as pixels"), &Options::default())
    }

    /// What is wrong with an answer; `None` if it is right.
    pub fn wrong(&self, found: Option<&Found>) -> Option<String> {
        let off = |from: (f64, f64), to: (f64, f64)| (from.0 - to.0).hypot(from.1 - to.1);
        match (&self.truth, found) {
            (Truth::Nothing, None) => None,
            (Truth::Nothing, Some(found)) => Some(format!("found {found:?} where nothing is")),
            (_, None) => Some("found nothing".to_owned()),
            (_, Some(found)) if found.entered_from != self.side => {
                Some(format!("from {:?} instead of {:?}", found.entered_from, self.side))
            }
            (Truth::Outline(outline), Some(found)) => {
                (!contains(outline, found.centre)).then(|| format!("{:?} is outside the loop", found.centre))
            }
            (Truth::Near(point, limit), Some(found)) => {
                let off = off(found.tip, *point);
                (off > *limit).then(|| format!("tip {:?} is {off:.1} px from {point:?}", found.tip))
            }
        }
    }

    fn made(&self, width: usize, height: usize, pixel: impl Fn(usize, usize) -> [f32; 3]) -> Self {
        let pixels = (0..width * height).map(|index| pixel(index % width, index / width)).collect();
        Self { width, height, pixels, truth: self.truth.clone(), side: self.side }
    }

    fn at(&self, x: usize, y: usize) -> [f32; 3] {
        self.pixels[y.min(self.height - 1) * self.width + x.min(self.width - 1)]
    }

    fn moved(mut self, to: impl Fn((f64, f64)) -> (f64, f64)) -> Self {
        match &mut self.truth {
            Truth::Nothing => {}
            Truth::Outline(outline) => outline.iter_mut().for_each(|point| *point = to(*point)),
            Truth::Near(point, _) => *point = to(*point),
        }
        self
    }

    pub fn mirrored(&self) -> Self {
        let mut image = self.made(self.width, self.height, |x, y| self.at(self.width - 1 - x, y));
        image.side = match self.side {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
            side => side,
        };
        image.moved(|(x, y)| ((self.width - 1) as f64 - x, y))
    }

    /// By a quarter clockwise.
    pub fn turned(&self) -> Self {
        let mut image = self.made(self.height, self.width, |x, y| self.at(y, self.height - 1 - x));
        image.side = match self.side {
            Side::Left => Side::Top,
            Side::Top => Side::Right,
            Side::Right => Side::Bottom,
            Side::Bottom => Side::Left,
        };
        image.moved(|(x, y)| ((self.height - 1) as f64 - y, x))
    }

    pub fn scaled(&self, times: f64) -> Self {
        let size = |length: usize| (length as f64 * times).round().max(1.0) as usize;
        let (width, height) = (size(self.width), size(self.height));
        let source = if times < 1.0 { self.blurred((0.35 / times) as usize) } else { self.clone() };
        let mut image = source.made(width, height, |x, y| {
            let place = |at: usize| ((at as f64 + 0.5) / times - 0.5).max(0.0);
            source.smooth(place(x), place(y))
        });
        if let Truth::Near(_, limit) = &mut image.truth {
            *limit *= times;
        }
        image.moved(|(x, y)| ((x + 0.5) * times - 0.5, (y + 0.5) * times - 0.5))
    }

    fn smooth(&self, x: f64, y: f64) -> [f32; 3] {
        let (left, top) = (x as usize, y as usize);
        let (u, v) = ((x - left as f64) as f32, (y - top as f64) as f32);
        let corner = |right: usize, down: usize| self.at(left + right, top + down);
        std::array::from_fn(|c| {
            (1.0 - v) * ((1.0 - u) * corner(0, 0)[c] + u * corner(1, 0)[c])
                + v * ((1.0 - u) * corner(0, 1)[c] + u * corner(1, 1)[c])
        })
    }

    /// What lies between these columns and rows.
    pub fn cropped(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        let image = self.made(width, height, |x, y| self.at(left + x, top + y));
        image.moved(|(x, y)| (x - left as f64, y - top as f64))
    }

    /// `change` has the level, 0 to 1, and the place, -0.5 to 0.5.
    pub fn changed(&self, change: impl Fn(f32, f32, f32) -> f32) -> Self {
        let place = |at: usize, length: usize| (at as f32 + 0.5) / length as f32 - 0.5;
        self.made(self.width, self.height, |x, y| {
            let (u, v) = (place(x, self.width), place(y, self.height));
            self.at(x, y).map(|level| 255.0 * change(level / 255.0, u, v).clamp(0.0, 1.0))
        })
    }

    pub fn with_gamma(&self, gamma: f32) -> Self {
        self.changed(|level, _, _| level.powf(gamma))
    }

    pub fn with_levels(&self, black: f32, white: f32) -> Self {
        self.changed(|level, _, _| black + level * (white - black))
    }

    /// Corners darker by `share`, around a middle that may lie elsewhere.
    pub fn with_vignette(&self, share: f32, (mx, my): (f32, f32)) -> Self {
        self.changed(|level, u, v| level * (1.0 - 2.0 * share * ((u - mx).powi(2) + (v - my).powi(2))))
    }

    /// Noise with this standard deviation, in grey levels.
    pub fn with_noise(&self, sigma: f64, random: &mut Random) -> Self {
        let mut image = self.clone();
        for level in image.pixels.iter_mut().flatten() {
            let even: f64 = (0..4).map(|_| random.share() - 0.5).sum();
            *level = (*level + (even * 3f64.sqrt() * sigma) as f32).clamp(0.0, 255.0);
        }
        image
    }

    /// The mean of squares with sides of `2 radius + 1`, twice.
    pub fn blurred(&self, radius: usize) -> Self {
        let mut image = self.clone();
        if radius > 0 {
            for _ in 0..2 {
                image = image.blurred_rows(radius).transposed().blurred_rows(radius).transposed();
            }
        }
        image
    }

    fn transposed(&self) -> Self {
        self.made(self.height, self.width, |x, y| self.at(y, x))
    }

    fn blurred_rows(&self, radius: usize) -> Self {
        let mut image = self.clone();
        let (last, scale) = (self.width - 1, 1.0 / (2 * radius + 1) as f32);
        for (row, out) in self.pixels.chunks_exact(self.width).zip(image.pixels.chunks_exact_mut(self.width)) {
            for channel in 0..3 {
                let at = |x: usize| row[x.min(last)][channel];
                let mut sum = at(0) * radius as f32 + (0..=radius).map(at).sum::<f32>();
                for (x, out) in out.iter_mut().enumerate() {
                    out[channel] = sum * scale;
                    sum += at(x + radius + 1) - at(x.saturating_sub(radius));
                }
            }
        }
        image
    }
}

/// Whether a point lies inside an outline.
pub fn contains(outline: &[(f64, f64)], (x, y): (f64, f64)) -> bool {
    let ends = outline.iter().zip(outline.iter().cycle().skip(1));
    let crossed =
        ends.filter(|((ax, ay), (bx, by))| (*ay > y) != (*by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax));
    crossed.count() % 2 == 1
}
