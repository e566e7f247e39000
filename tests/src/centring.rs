//! A simulated goniometer with a diffractometer on it, for an engine alone, and where its sample really is.

use std::path::Path;

use brickwork_axes::{Chain, Point};
use brickwork_sdk::status::Link;

use crate::headless::Headless;
use crate::programs::built;
use crate::{PATIENCE, poll};

/// Um at the sample for one pixel of its microscope.
pub const SCALE: f64 = 1.2;

/// What is on the goniometer.
#[derive(Clone, Copy, Debug)]
pub struct Mounting {
    /// Where the crystal is mounted, in um as the simulator takes it.
    pub sample: Point,
    /// What is mounted, by the simulator's name.
    pub mounted: &'static str,
    /// How far sampx may go to either side, in mm.
    pub sampx_limit: f64,
    /// Pictures per second.
    pub rate: u32,
}

impl Default for Mounting {
    fn default() -> Self {
        Self { sample: [-80.0, 110.0, -140.0], mounted: "Loop", sampx_limit: 1.5, rate: 12 }
    }
}

impl Mounting {
    /// The layout of it.
    pub fn layout(&self) -> String {
        let Self { sample: [x, y, z], mounted, sampx_limit, rate } = self;
        let fast = "velocity: 5, acceleration: 50";
        format!(
            r#"Beamline(format: 1, name: "CENTRING", objects: {{
            "omega": (kind: "sim.motor", config: (unit: "deg", limits: (-720, 720), velocity: 360, acceleration: 3600)),
            "phiy": (kind: "sim.motor", config: (unit: "mm", limits: (-2, 2), {fast})),
            "phiz": (kind: "sim.motor", config: (unit: "mm", limits: (-2, 2), {fast})),
            "sampx": (kind: "sim.motor", config: (unit: "mm", limits: (-{sampx_limit}, {sampx_limit}), {fast})),
            "sampy": (kind: "sim.motor", config: (unit: "mm", limits: (-1.5, 1.5), {fast})),
            "onaxis": (
                kind: "sim.camera",
                uses: {{"omega": "omega", "phiy": "phiy", "phiz": "phiz", "sampx": "sampx", "sampy": "sampy"}},
                config: (rate: {rate}, mounted: {mounted}, sample: ({x}, {y}, {z})),
            ),
            "finder": (kind: "minidiff.finder", uses: {{"camera": "onaxis"}}),
            "md": (
                kind: "minidiff.diffractometer",
                uses: {{
                    "omega": "omega", "phiy": "phiy", "phiz": "phiz", "sampx": "sampx", "sampy": "sampy",
                    "camera": "onaxis", "finder": "finder",
                }},
                config: (zooms: [(name: "1", um_per_pixel: ({SCALE}, {SCALE}))]),
            ),
        }})"#
        )
    }

    /// An engine on it, whose diffractometer is live.
    pub fn start(&self) -> Headless {
        let plugins =
            ["sim", "minidiff"].map(|name| (built(&format!("libbrickwork_{name}.so")), format!("lib{name}.so")));
        let plugins: Vec<(&Path, &str)> = plugins.iter().map(|(path, name)| (path.as_path(), name.as_str())).collect();
        let headless = Headless::start(&self.layout(), &plugins);
        let live = poll(PATIENCE, || (headless.engine.status("md").link == Link::Live).then_some(()));
        assert!(live.is_some(), "{:?}", headless.engine.status("md"));
        headless
    }
}

/// The motors in um and degrees, as the standard chain has them.
pub fn positions(headless: &Headless) -> Vec<f64> {
    let chain = Chain::standard();
    let at = |role: &str| headless.engine.number(role, "position") * if role == "omega" { 1.0 } else { 1e3 };
    chain.axes().iter().map(|axis| at(&axis.role)).collect()
}

/// The largest distance of a point of the sample from the beam over a full turn, in um, as `far` measures it.
pub fn wobble(headless: &Headless, point: Point, far: fn(f64, f64) -> f64) -> f64 {
    let (chain, mut positions) = (Chain::standard(), positions(headless));
    let omega = chain.index("omega").expect("the standard chain has one");
    let at = |degrees: u32| {
        positions[omega] = f64::from(degrees);
        let seen = chain.see(&positions, point);
        far(seen.x, seen.y)
    };
    (0..360).step_by(10).map(at).fold(0.0, f64::max)
}
