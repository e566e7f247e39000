//! Drawn samples: a pin, a stem and a loop with a crystal, all sizes in pixels, entering from the left.

use brickwork_finder::Side;

use super::{Image, Random, Truth};

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mount {
    /// Only the background.
    Nothing,
    /// A pin with nothing on it.
    Pin,
    /// A pin, a stem and a loop.
    Loop,
}

/// Where all of it lies.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    pub size: (usize, usize),
    pub mount: Mount,
    /// Where the pin ends, and half its width there; towards the border it grows by `taper` for each pixel.
    pub pin: ((f64, f64), f64),
    pub taper: f64,
    /// Half the width of the stem and of the fibre of the loop.
    pub fibre: f64,
    /// The middle of the loop, its half axes and how its long axis is turned, in radians.
    pub middle: (f64, f64),
    pub half: (f64, f64),
    pub turned: f64,
    /// The half width of the crystal in the middle; 0 without one.
    pub crystal: f64,
    /// Grey levels of the background, the pin, the fibre, what fills the loop, and the crystal.
    pub levels: [f32; 5],
    /// Half the width over which edges fade.
    pub soft: f64,
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            size: (640, 512),
            mount: Mount::Loop,
            pin: ((150.0, 256.0), 40.0),
            taper: 0.05,
            fibre: 4.0,
            middle: (340.0, 250.0),
            half: (70.0, 45.0),
            turned: 0.1,
            crystal: 20.0,
            levels: [210.0, 20.0, 60.0, 180.0, 40.0],
            soft: 1.0,
        }
    }
}

impl Scene {
    /// A sample as beamlines have them: zooms, loops seen from all angles, light from the front and from the back.
    pub fn random(random: &mut Random, mount: Mount) -> Self {
        let size = random.pick(&[(640, 512), (680, 512), (659, 493), (512, 512), (1280, 1024)]);
        let (width, height) = (size.0 as f64, size.1 as f64);
        let scale = width / 1280.0;
        let long = random.between(35.0, 200.0) * scale;
        let is_edge_on = random.share() < 0.25;
        let half = (long, if is_edge_on { 0.3 * scale } else { long * random.between(0.35, 1.0) });
        let fibre = (long * random.between(0.03, 0.1)).max(1.5 * scale);
        let crystal = if is_edge_on { fibre * random.between(1.5, 3.0) } else { half.1 * random.between(0.0, 0.6) };
        let middle = (random.between(0.35, 0.75) * width, random.between(0.3, 0.7) * height);
        let stem = long * random.between(0.6, 3.0);
        let end = match mount {
            Mount::Pin => width * random.between(0.15, 0.9),
            _ => middle.0 - half.0 - stem,
        };
        Self {
            size,
            mount,
            pin: ((end, middle.1 + random.between(-0.3, 0.3) * stem), random.between(2.5, 8.0) * fibre),
            taper: random.between(0.0, 0.1),
            fibre,
            middle,
            half,
            turned: random.between(-0.4, 0.4) * if is_edge_on { 0.3 } else { 1.0 },
            crystal,
            levels: random_levels(random),
            soft: random.between(0.5, 10.0) * scale,
        }
    }

    pub fn draw(&self) -> Image {
        let (width, height) = self.size;
        let pixel = |index: usize| [self.level((index % width) as f64, (index / width) as f64); 3];
        let truth = if self.mount == Mount::Loop { self.outline() } else { Truth::Nothing };
        Image { width, height, pixels: (0..width * height).map(pixel).collect(), truth, side: Side::Left }
    }

    /// Where a stem ends at the loop.
    fn foot(&self) -> (f64, f64) {
        let (sin, cos) = self.turned.sin_cos();
        (self.middle.0 - self.half.0 * cos, self.middle.1 - self.half.0 * sin)
    }

    fn outline(&self) -> Truth {
        let (sin, cos) = self.turned.sin_cos();
        let point = |step: usize| {
            let (s, c) = (step as f64 / 36.0 * std::f64::consts::TAU).sin_cos();
            let (u, v) = ((self.half.0 + self.fibre) * c, (self.half.1 + self.fibre) * s);
            (self.middle.0 + u * cos - v * sin, self.middle.1 + u * sin + v * cos)
        };
        Truth::Outline((0..36).map(point).collect())
    }

    fn level(&self, x: f64, y: f64) -> f32 {
        let [background, pin, fibre, film, crystal] = self.levels;
        let mut level = background;
        let mut paint = |distance: f64, color: f32, cover: f32| {
            level += (color - level) * cover * (0.5 - 0.5 * distance / self.soft).clamp(0.0, 1.0) as f32;
        };
        if self.mount == Mount::Loop {
            let rim = if self.half.1 > 1.5 * self.fibre { self.rim(x, y) } else { self.edge(x, y) };
            paint(rim, film, 1.0);
            paint(segment((x, y), self.pin.0, self.foot()) - self.fibre, fibre, 0.9);
            paint(rim.abs() - self.fibre, fibre, 0.9);
            let off = ((x - self.middle.0).abs() + (y - self.middle.1).abs()) - 1.3 * self.crystal;
            if self.crystal > 0.0 {
                paint(off, crystal, 1.0);
            }
        }
        if self.mount != Mount::Nothing {
            let ((end, middle), half) = self.pin;
            let body = (y - middle).abs() - half - self.taper * (end - x);
            let cap = (x - end + half).hypot(y - middle) - half;
            paint(if x < end - half { body } else { cap }, pin, 1.0);
        }
        level
    }

    /// The distance to the loop seen from its edge.
    fn edge(&self, x: f64, y: f64) -> f64 {
        let foot = self.foot();
        let tip = (2.0 * self.middle.0 - foot.0, 2.0 * self.middle.1 - foot.1);
        segment((x, y), foot, tip) - self.half.1
    }

    /// The distance to the rim of the loop, negative inside.
    fn rim(&self, x: f64, y: f64) -> f64 {
        let (sin, cos) = self.turned.sin_cos();
        let (x, y) = (x - self.middle.0, y - self.middle.1);
        let (u, v) = ((x * cos + y * sin) / self.half.0, (y * cos - x * sin) / self.half.1);
        let (radius, slope) = (u.hypot(v), (u / self.half.0).hypot(v / self.half.1));
        (radius - 1.0) * radius / slope.max(1e-9)
    }
}

/// Three of four have a bright background.
fn random_levels(random: &mut Random) -> [f32; 5] {
    let is_dark = random.share() < 0.25;
    let background = if is_dark { random.between(5.0, 50.0) } else { random.between(130.0, 245.0) };
    let end = if is_dark { 255.0 } else { 0.0 };
    let mut toward = |low: f64, high: f64| (background + (end - background) * random.between(low, high)) as f32;
    [background as f32, toward(0.6, 1.0), toward(0.4, 0.9), toward(0.02, 0.3), toward(0.5, 0.95)]
}

fn segment((x, y): (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let along = ((x - from.0) * dx + (y - from.1) * dy) / (dx * dx + dy * dy).max(1e-9);
    let along = along.clamp(0.0, 1.0);
    (x - from.0 - along * dx).hypot(y - from.1 - along * dy)
}
