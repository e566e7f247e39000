//! A simulated goniometer with a diffractometer on it, for an engine alone, and where its sample really is.

use brickwork_axes::{Chain, Point};
use brickwork_microscope::{Axes, Lights, Look, Microscope, Mounted, Sample, Scene, Setup, chain};
use brickwork_sdk::status::Link;

use crate::folder::Folder;
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
    /// Draws the sample by chance from this seed, and `sample` says nothing.
    pub seed: Option<u64>,
    /// What is mounted, by the simulator's name.
    pub mounted: &'static str,
    /// How far sampx may go to either side, in mm.
    pub sampx_limit: f64,
    /// Pictures per second.
    pub rate: u32,
    /// The standard error of a click that the diffractometer assumes, in um.
    pub click_error_um: f64,
}

impl Default for Mounting {
    fn default() -> Self {
        let sample = [-80.0, 110.0, -140.0];
        Self { sample, seed: None, mounted: "Loop", sampx_limit: 1.5, rate: 12, click_error_um: 2.0 }
    }
}

impl Mounting {
    /// The layout of it.
    pub fn layout(&self) -> String {
        let Self { sample: [x, y, z], seed, mounted, sampx_limit, rate, click_error_um } = self;
        let sample = match seed {
            Some(seed) => format!("sample_seed: Some({seed})"),
            None => format!("sample: ({x}, {y}, {z})"),
        };
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
                config: (rate: {rate}, mounted: {mounted}, {sample}),
            ),
            "finder": (kind: "minidiff.finder", uses: {{"camera": "onaxis"}}),
            "md": (
                kind: "minidiff.diffractometer",
                uses: {{
                    "omega": "omega", "phiy": "phiy", "phiz": "phiz", "sampx": "sampx", "sampy": "sampy",
                    "camera": "onaxis", "finder": "finder",
                }},
                config: (
                    zooms: [(name: "1", um_per_pixel: ({SCALE}, {SCALE}))], click_error_um: {click_error_um},
                ),
            ),
        }})"#
        )
    }

    /// An engine on it, whose diffractometer is live.
    pub fn start(&self) -> Headless {
        self.start_with(&[])
    }

    /// The same with more arguments for the engine.
    pub fn start_with(&self, arguments: &[&str]) -> Headless {
        let folder = Folder::new();
        for name in ["sim", "minidiff"] {
            folder.put_plugin(&built(&format!("libbrickwork_{name}.so")), &format!("lib{name}.so"));
        }
        let headless = Headless::start_in(folder, &self.layout(), arguments);
        let live = poll(PATIENCE, || (headless.engine.status("md").link == Link::Live).then_some(()));
        assert!(live.is_some(), "{:?}", headless.engine.status("md"));
        headless
    }
}

/// Brings all motors to 0 and mounts another sample in a running engine.
pub fn mount(headless: &Headless, mounting: &Mounting) {
    let engine = &headless.engine;
    for call in Chain::standard().axes().iter().map(|axis| engine.move_to(&axis.role, 0.0)).collect::<Vec<_>>() {
        engine.end_of(call);
    }
    let before = engine.status("onaxis").since_ns;
    std::fs::write(headless.folder().layout(), mounting.layout()).expect("the folder is ours");
    let remade = poll(PATIENCE, || {
        let status = engine.status("onaxis");
        (status.since_ns != before && status.link == Link::Live).then_some(())
    });
    assert!(remade.is_some(), "the sample was not mounted: {:?}", engine.status("onaxis"));
}

/// The motors in um and degrees, as the standard chain has them.
pub fn positions(headless: &Headless) -> Vec<f64> {
    let chain = Chain::standard();
    let at = |role: &str| headless.engine.number(role, "position") * if role == "omega" { 1.0 } else { 1e3 };
    chain.axes().iter().map(|axis| at(&axis.role)).collect()
}

/// The largest distance of the middle of a loop that was drawn by chance from the beam over a full turn, in um, to the
/// right or left and up or down.
pub fn loop_wobble(headless: &Headless, seed: u64) -> f64 {
    let size = (1280, 1024);
    let sample = Sample::random(Mounted::Loop, seed);
    let microscope = Microscope::new(Setup { size, seed, look: Look::Plain, chain: chain(), sample });
    let (standard, positions) = (Chain::standard(), positions(headless));
    let axes = Axes::default().at(&standard, &positions);
    let at = |omega_deg: u32| {
        let axes = Axes { omega_deg: f64::from(omega_deg), ..axes };
        let scene = Scene { axes, um_per_pixel: SCALE, lights: Lights::BOTH };
        let truth = microscope.truth(&scene).expect("the motors say numbers");
        let (x, y) = truth.outline.expect("a loop has an outline").middle();
        (x - 640.0).abs().max((y - 512.0).abs()) * SCALE
    };
    (0..360).step_by(10).map(at).fold(0.0, f64::max)
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
