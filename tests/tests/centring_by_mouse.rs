//! Centring as a person does it: with the mouse, in the real window of the shipped demo.

use brickwork_axes::Chain;
use brickwork_sdk::status::Link;
use brickwork_tests::beamline::{Beamline, shipped};
use brickwork_tests::display::Picture;
use brickwork_tests::{PATIENCE, display, poll, programs};

const BRICK: &str = "minidiff.sample_view(camera=onaxis,diffractometer=minidiff,zoom=zoom)";
const PANEL: &str = "minidiff.centring(diffractometer=minidiff)";
/// Where the demo's crystal is mounted, in um, and what a pixel is at its zoom.
const SAMPLE: [f64; 3] = [-80.0, 110.0, -140.0];
const SCALE: f64 = 1.2;
const SIZE: (f64, f64) = (1280.0, 1024.0);

struct Demo(Beamline);

impl Demo {
    /// Where the crystal is seen, as a pixel of the picture.
    fn truth(&self) -> (f64, f64) {
        let (chain, engine) = (Chain::standard(), self.0.engine());
        let at = |role: &str| {
            poll(PATIENCE, || (engine.status(role).link == Link::Live).then_some(())).expect("it is simulated");
            engine.number(role, "position") * if role == "omega" { 1.0 } else { 1e3 }
        };
        let positions: Vec<f64> = chain.axes().iter().map(|axis| at(&axis.role)).collect();
        let seen = chain.see(&positions, SAMPLE);
        (SIZE.0 / 2.0 + seen.x / SCALE, SIZE.1 / 2.0 + seen.y / SCALE)
    }

    /// Where a pixel of the picture is on the screen: the picture is as large as fits.
    fn on_screen(&self, (x, y): (f64, f64)) -> (i32, i32) {
        let (left, top, width, height) = self.0.find("area", &format!("{BRICK}/picture")).place;
        let scale = (f64::from(width) / SIZE.0).min(f64::from(height) / SIZE.1);
        let place = |start: i32, room: i32, size: f64, at: f64| {
            f64::from(start) + (f64::from(room) - size * scale) / 2.0 + at * scale
        };
        (place(left, width, SIZE.0, x).round() as i32, place(top, height, SIZE.1, y).round() as i32)
    }
}

/// How many of the pixels around the middle are as dark as the crystal.
fn dark_in_the_middle(picture: &Picture) -> f64 {
    /// Half the side of the part that is looked at.
    const HALF: usize = 8;
    let part = picture.part((picture.width / 2 - HALF, picture.height / 2 - HALF, 2 * HALF, 2 * HALF));
    let is_dark = |pixel: &&[u8]| pixel.iter().all(|part| *part < 110);
    part.rgb.chunks(3).filter(is_dark).count() as f64 / (part.width * part.height) as f64
}

#[test]
fn three_clicks_in_the_window_bring_the_crystal_under_the_mark_of_the_beam() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let demo = Demo(Beamline::open(&shipped("demo.ron")));
    demo.0.click("window 0//tab1");
    demo.0.sees("nothing was centred yet");
    let before = poll(PATIENCE, || {
        let share = dark_in_the_middle(&demo.0.picture_of("area", &format!("{BRICK}/picture")));
        (share < 0.2).then_some(share)
    });
    assert!(before.is_some(), "the crystal is not in the middle");
    demo.0.click(&format!("{PANEL}/clicks"));
    for step in 1..=3 {
        demo.0.sees(&format!("click the sample: {step} of 3"));
        demo.0.display.click(demo.on_screen(demo.truth()));
    }
    demo.0.sees("centred, within");
    let after = poll(PATIENCE, || {
        let share = dark_in_the_middle(&demo.0.picture_of("area", &format!("{BRICK}/picture")));
        (share > 0.5).then_some(share)
    });
    assert!(after.is_some(), "the crystal is under the mark");
    let (x, y) = demo.truth();
    let off = (x - SIZE.0 / 2.0).hypot(y - SIZE.1 / 2.0) * SCALE;
    // A click is as good as a pixel of the screen.
    assert!(off < 5.0, "{off} um");

    demo.0.click(&format!("{PANEL}/save"));
    demo.0.find("control", &format!("{PANEL}/go:1"));
    demo.0.click(&format!("{PANEL}/clicks"));
    demo.0.sees("click the sample: 1 of 3");
    demo.0.display.act(&["key", "Escape"]);
    demo.0.sees("centring ended");
}

#[test]
fn dragging_moves_the_sample_the_wheel_zooms_and_the_picture_is_saved_with_what_is_drawn_over_it() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let demo = Demo(Beamline::open(&shipped("demo.ron")));
    demo.0.click("window 0//tab1");
    demo.0.sees("nothing was centred yet");
    let ((x, y), by) = (demo.truth(), (120.0, -60.0));
    let place = |at: (f64, f64)| {
        let (x, y) = demo.on_screen(at);
        [x.to_string(), y.to_string()]
    };
    let ([x0, y0], [x1, y1]) = (place((x, y)), place((x + by.0, y + by.1)));
    demo.0.display.act(&["mousemove", &x0, &y0, "mousedown", "1", "sleep", "0.2"]);
    demo.0.display.act(&["mousemove", &x1, &y1, "sleep", "0.2", "mouseup", "1"]);
    let off = || (demo.truth().0 - x - by.0).hypot(demo.truth().1 - y - by.1);
    // A place is as good as a pixel of the screen.
    assert!(poll(PATIENCE, || (off() < 4.0).then_some(())).is_some(), "it is off by {} pixels", off());

    let engine = demo.0.engine();
    let zoom = || engine.latest("zoom", "position").0;
    assert_eq!(zoom().as_str(), Some("3"));
    demo.0.display.act(&["keydown", "ctrl", "click", "4", "keyup", "ctrl"]);
    assert!(poll(PATIENCE, || (zoom().as_str() == Some("4")).then_some(())).is_some(), "{:?}", zoom());

    demo.0.click(&format!("{BRICK}/save"));
    demo.0.sees("written: ");
    let files = std::fs::read_dir(demo.0.state("pictures")).expect("it was made for the picture");
    let files: Vec<_> = files.filter_map(Result::ok).map(|file| file.path()).collect();
    let [file] = files.as_slice() else { panic!("one picture was saved: {files:?}") };
    let saved = Picture::open(file);
    assert_eq!((saved.width, saved.height), (1280, 1024), "as large as its source");
    let (blue, whole) = (|pixel: &&[u8]| pixel[2] > 180 && pixel[0] < 120, saved.rgb.chunks(3));
    assert!(whole.filter(blue).count() > 100, "the mark of the beam and the scale are in it");
}
