//! Displays as they are found: small, scaled, without shared memory, of few colours, out of reach. A window lies within
//! its screen with ABORT on it, a click hits the pixel under the pointer, and where no window can open one sentence says
//! why.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use brickwork_sdk::ErrorKind;
use brickwork_sdk::protocol::Outcome;
use brickwork_tests::beamline::Beamline;
use brickwork_tests::display::{self, Display, Picture};
use brickwork_tests::programs::{self, Program, built};
use brickwork_tests::window::Seen;
use brickwork_tests::{PATIENCE, poll};

const SCALE: &str = "WINIT_X11_SCALE_FACTOR";
const HD: (u32, u32, u32) = (1920, 1080, 24);
const UHD: (u32, u32, u32) = (3840, 2160, 24);

/// A motor behind a bar that has too much in it, and a second window.
const CROWDED: &str = r#"Beamline(
    format: 1,
    name: "A BEAMLINE WHOSE NAME GOES ON AND ON AND ON",
    objects: {"omega": (kind: "sim.motor", config: (unit: "deg", limits: (-720, 720), velocity: 60))},
    windows: [
        Window("Brickwork one", Tabs([
            Tab("Data collection", Brick("motors.one", uses: {"motor": "omega"})),
            Tab("Sample view", Column([])),
            Tab("Energy scans", Column([])),
            Tab("Characterisation", Column([])),
            Tab("Commissioning", Column([])),
        ])),
        Window("Brickwork two", Brick("motors.one", id: "other", uses: {"motor": "omega"})),
    ],
)"#;

const CARD: &str = r#"Beamline(
    format: 1,
    name: "CARD",
    objects: {"card": (kind: "gallery.camera")},
    windows: [Window("Card", Brick("gallery.picture", uses: {"cameras": ["card"]}))],
)"#;

fn put_plugins(beamline: &Beamline) {
    for name in ["sim", "motors", "gallery"] {
        let file = format!("libbrickwork_{name}.so");
        beamline.put_plugin(&built(&file), &file);
    }
}

fn on(screen: (u32, u32, u32), arguments: &[&str], layout: &str) -> Option<Beamline> {
    let beamline =
        programs::have(display::PROGRAMS).then(|| Beamline::prepare_on(Display::with(screen, arguments), layout))?;
    put_plugins(&beamline);
    Some(beamline)
}

/// Waits until so many windows are in sight and all lie within the screen.
fn lie_within(beamline: &Beamline, count: usize, (width, height): (i32, i32)) {
    let mut last = Vec::new();
    let found = poll(PATIENCE, || {
        last = beamline.display.windows("Brickwork");
        let is_within =
            |&(_, (x, y, w, h)): &(u32, (i32, i32, i32, i32))| x >= 0 && y >= 0 && x + w <= width && y + h <= height;
        (last.len() == count && last.iter().all(is_within)).then_some(())
    });
    assert!(found.is_some(), "a screen of {width}x{height} has windows at {last:?}");
}

/// ABORT of each window is wholly on it, with room for its word; answers where it is, in pixels of the screen.
fn has_abort(beamline: &Beamline, count: usize, scale: f64) -> Vec<(i32, i32)> {
    let windows = beamline.display.windows("Brickwork");
    let least = |(w, h): (i32, i32), (_, place): &(u32, (i32, i32, i32, i32))| (w.min(place.2), h.min(place.3));
    let (width, height) = windows.iter().fold((i32::MAX, i32::MAX), least);
    let is_it = |seen: &&Seen| seen.kind == "control" && seen.id == "bar/abort";
    let seen = beamline.wait("ABORT", PATIENCE, |seen| seen.iter().filter(|seen| is_it(seen)).count() == count);
    let pixels = |length: i32| (f64::from(length) * scale).round() as i32;
    let place = |abort: &Seen| {
        let (x, y, w, h) = abort.place;
        assert!(x >= 0 && y >= 0 && pixels(x + w) <= width && pixels(y + h) <= height, "{abort:?} of {width}x{height}");
        assert!(w >= 96 && h >= 28, "{abort:?}");
        (pixels(x + w / 2), pixels(y + h / 2))
    };
    seen.iter().filter(is_it).map(place).collect()
}

#[test]
fn a_window_lies_within_its_screen_at_every_size_and_scale_and_abort_works() {
    let Some(mut beamline) = on(UHD, &[], CROWDED) else { return };
    // Of the first it remembers what none of the others has room for.
    let screens = [
        (UHD, "1.25", &["--size", "9000x9000"][..]),
        ((640, 480, 24), "1", &[]),
        ((800, 600, 24), "2", &[]),
        ((1366, 768, 24), "1.5", &["--size", "1500x600"]),
    ];
    for (number, (screen, scale, arguments)) in screens.into_iter().enumerate() {
        if number > 0 {
            beamline.kill_shell();
            beamline.display = Display::with(screen, &[]);
        }
        beamline.run_with(arguments, &[(SCALE, scale)]);
        lie_within(&beamline, 2, (screen.0 as i32, screen.1 as i32));
        let abort = has_abort(&beamline, 2, scale.parse().expect("a number"));
        let engine = beamline.engine();
        engine.say("odd", &"words ".repeat(60));
        let call = engine.move_to("omega", if number % 2 == 0 { 700.0 } else { -700.0 });
        engine.moves("omega");
        beamline.display.click(abort[0]);
        let end = engine.end_of(call);
        assert!(matches!(&end, Outcome::Ended(error) if error.kind == ErrorKind::Aborted), "{screen:?}: {end:?}");
    }
}

#[test]
fn a_window_with_a_frame_round_it_lies_within_its_screen_too() {
    if !programs::have(&["openbox"]) {
        return;
    }
    let Some(mut beamline) = on(HD, &[], CROWDED) else { return };
    let _openbox = manage(&beamline);
    beamline.run_with(&["--size", "1920x1080"], &[]);
    // Its title and border take more than that.
    lie_within(&beamline, 2, (HD.0 as i32, HD.1 as i32 - 5));
    let windows = beamline.display.windows("Brickwork");
    assert!(windows.iter().all(|(_, (_, y, ..))| *y >= 10), "there is a frame round them: {windows:?}");
    has_abort(&beamline, 2, 1.0);
}

/// A window manager on the display of a beamline.
fn manage(beamline: &Beamline) -> Program {
    let mut openbox = Command::new("openbox");
    openbox.env("DISPLAY", beamline.display.name()).stdout(Stdio::null()).stderr(Stdio::null());
    let openbox = Program::start(&mut openbox);
    let mut asked = Command::new("xdotool");
    asked.env("DISPLAY", beamline.display.name()).arg("get_num_desktops").stdout(Stdio::null()).stderr(Stdio::null());
    poll(PATIENCE, || asked.status().is_ok_and(|status| status.success()).then_some(())).expect("it runs");
    openbox
}

/// The pixels of a row of `picture` in which a line of the test card's grid is seen best within one of its bars.
fn lines(picture: &Picture, row: usize) -> Vec<usize> {
    const BESIDE: usize = 5;
    let bright = |x: usize| picture.rgb[(row * picture.width + x) * 3..][..3].iter().map(|part| i32::from(*part)).sum();
    let sums: Vec<i32> = (0..picture.width).map(bright).collect();
    let contrast = |x: usize| {
        let (left, right) = (sums[x - BESIDE], sums[x + BESIDE]);
        if left.abs_diff(right) < 20 { sums[x].abs_diff(left) } else { 0 }
    };
    let is_line = |x: &usize| contrast(*x) > 60 && (x - 3..=x + 3).all(|beside| contrast(beside) <= contrast(*x));
    (BESIDE + 3..picture.width.saturating_sub(BESIDE + 3)).filter(is_line).collect()
}

#[test]
fn a_click_on_a_picture_tells_the_pixel_that_is_seen_under_the_pointer_at_every_scale() {
    let Some(mut beamline) = on(HD, &[], CARD) else { return };
    // The monitor's, and how large the content was made.
    let scales = [("1", "1"), ("1.25", "1"), ("1.5", "1"), ("2", "1"), ("1", "1.5"), ("1.25", "1.1")];
    for (number, (scale, zoom)) in scales.into_iter().enumerate() {
        if number > 0 {
            beamline.kill_shell();
        }
        // A little more than one pixel of the screen for one of the card, each time at another fraction of it.
        let size = [(1901, 1043), (1521, 833), (1267, 693), (943, 517), (1901, 1043), (1521, 833)][number];
        beamline.run_with(&["--size", &format!("{}x{}", size.0, size.1), "--scale", zoom], &[(SCALE, scale)]);
        let [factor, zoomed]: [f64; 2] = [scale, zoom].map(|number| number.parse().expect("a number"));
        let factor = factor * zoomed;
        let screen = |length: i32| (f64::from(length) * factor).round() as usize;
        let shapes = beamline.find("control", "gallery.picture(cameras=card)/overlays").middle();
        beamline.display.click((screen(shapes.0) as i32, screen(shapes.1) as i32));
        beamline.sees("Overlays(false)");
        beamline.display.act(&["mousemove", "1", "1"]);
        let (x, y, width, height) = beamline.find("area", "gallery.picture(cameras=card)/picture card").place;
        let area = (screen(x), screen(y), screen(width), screen(height));
        let seen = poll(PATIENCE, || {
            let picture = beamline.display.picture().part(area);
            let rows = (0..area.3 / 2).step_by(7).map(|row| (row, lines(&picture, row)));
            rows.into_iter().find(|(_, seen)| seen.len() >= 8)
        });
        let ((row, seen), mut before) = (seen.expect("the lines of the card are seen"), None);
        // Those in white and in black, whose colours do not run.
        for line in [seen[0], seen[seen.len() - 1]] {
            beamline.display.click(((area.0 + line) as i32, (area.1 + row) as i32));
            let told = beamline.wait("the place", PATIENCE, |seen| clicked(seen).is_some_and(|x| Some(x) != before));
            before = clicked(&told);
            let told = before.expect("it was just seen");
            let off = (told + 20.0).rem_euclid(40.0) - 20.0;
            // A line is the pixel from 40 to 41.
            assert!(
                (-0.1..=1.1).contains(&off),
                "at {scale} and {zoom}, a click on the line at {line} is told as {told}"
            );
        }
    }
}

/// The first number of the click that the brick was told of last.
fn clicked(seen: &[Seen]) -> Option<f64> {
    let words = seen.iter().find_map(|seen| seen.words.split_once("Click((").map(|(_, rest)| rest))?;
    words.split(',').next()?.parse().ok()
}

/// What `brickwork run` says at the terminal where no window can open.
fn refusal(beamline: &Beamline, variables: &[(&str, &str)]) -> String {
    let mut command = beamline.command(&["run"]);
    let begun = Instant::now();
    let output = command.envs(variables.iter().copied()).output().expect("the program starts");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(begun.elapsed() < Duration::from_secs(8), "{words}");
    assert!(!words.contains("panicked") && words.lines().count() == 1, "{words}");
    words
}

#[test]
fn where_no_window_can_open_one_sentence_says_why_and_what_the_engine_does() {
    let Some(beamline) = on((1280, 1024, 16), &[], CROWDED) else { return };
    let refused = |variables: &[(&str, &str)], words: &[&str]| {
        let said = refusal(&beamline, variables);
        assert!(words.iter().all(|words| said.contains(words)), "{said}");
        assert!(said.contains("The engine was not started"), "{said}");
        assert!(!beamline.has_engine());
    };
    refused(&[], &["16 bits", "-depth 24"]);
    refused(&[("DISPLAY", ":77")], &["no X server answers at DISPLAY=:77", "ssh -X"]);
    refused(&[("DISPLAY", "")], &["DISPLAY and WAYLAND_DISPLAY are not set"]);
    refused(&[("DISPLAY", ""), ("WAYLAND_DISPLAY", "gone")], &["no Wayland compositor answers", "gone"]);
    let good = Display::start();
    for scale in ["abc", "0", "-1", "1e9", "NaN"] {
        refused(&[("DISPLAY", good.name()), (SCALE, scale)], &[SCALE, scale, "0.5 to 5"]);
    }
    let simple = Display::with(HD, &["-extension", "RANDR"]);
    refused(&[("DISPLAY", simple.name())], &["lacks the extension RANDR"]);

    let folder = beamline.state("");
    let cookies = folder.join("cookies");
    // Of any host, for any display: MIT-MAGIC-COOKIE-1 and its sixteen bytes.
    let cookie = [&[0xff, 0xff, 0, 0, 0, 0, 0, 18][..], b"MIT-MAGIC-COOKIE-1", &[0, 16], &[7; 16]].concat();
    std::fs::write(&cookies, cookie).expect("the folder is ours");
    let closed = Display::with(HD, &["-auth", &cookies.to_string_lossy()]);
    let none = folder.join("none").to_string_lossy().into_owned();
    refused(&[("DISPLAY", closed.name()), ("XAUTHORITY", &none)], &["refuses this user", "xhost"]);

    let _engine = beamline.run_engine();
    poll(PATIENCE, || beamline.has_engine().then_some(())).expect("it runs");
    let said = refusal(&beamline, &[("DISPLAY", ":77")]);
    assert!(said.contains("The engine goes on; `brickwork stop ") && said.contains("beamline.ron"), "{said}");
    assert!(beamline.has_engine());
}

#[test]
fn a_wayland_that_is_not_there_is_passed_over_where_an_x_server_answers() {
    let Some(mut beamline) = on(HD, &[], CROWDED) else { return };
    beamline.run_with(&[], &[("WAYLAND_DISPLAY", "gone")]);
    beamline.sees("omega");
}

/// The processor time that a process has used, in seconds.
fn used_secs(process: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("it runs");
    let numbers: Vec<f64> =
        text.rsplit(')').next().into_iter().flat_map(str::split_whitespace).filter_map(|n| n.parse().ok()).collect();
    // The state is a letter; the times are the eleventh and twelfth number after it, in hundredths.
    (numbers[10] + numbers[11]) / 100.0
}

#[test]
fn without_shared_memory_a_window_is_as_large_as_can_be_drawn_and_rests() {
    let Some(mut beamline) = on(UHD, &["-extension", "MIT-SHM"], CROWDED) else { return };
    beamline.run_with(&["--size", "3840x2160"], &[]);
    lie_within(&beamline, 2, (2730, 1535));
    beamline.sees("omega");
    let is_drawn = || (beamline.display.picture().colour() > 1.0).then_some(());
    poll(PATIENCE, is_drawn).expect("ABORT is red");
    let shell = beamline.shell_process();
    let (before, begun) = (used_secs(shell), Instant::now());
    std::thread::sleep(Duration::from_secs(2));
    let share = (used_secs(shell) - before) / begun.elapsed().as_secs_f64();
    assert!(share < 0.3, "a window at rest takes {share} of a core");
}

#[test]
fn a_window_that_is_made_larger_than_can_be_drawn_gets_back() {
    if !programs::have(&["openbox"]) {
        return;
    }
    let Some(mut beamline) = on(UHD, &["-extension", "MIT-SHM"], CROWDED) else { return };
    let _openbox = manage(&beamline);
    beamline.run_with(&[], &[]);
    let one = || beamline.display.windows("Brickwork one").first().copied();
    let (id, _) = poll(PATIENCE, one).expect("it is in sight");
    beamline.display.fill_screen(id);
    let back = poll(PATIENCE, || one().filter(|(_, (_, _, width, height))| (*width, *height) == (2730, 1535)));
    assert!(back.is_some(), "{:?}", one());
}

#[test]
fn a_window_that_is_kept_larger_than_can_be_drawn_ends_in_words() {
    let Some(mut beamline) = on(UHD, &["-extension", "MIT-SHM"], CROWDED) else { return };
    beamline.run_with(&[], &[]);
    let one = || beamline.display.windows("Brickwork one").first().copied();
    let (id, _) = poll(PATIENCE, one).expect("it is in sight");
    let display = beamline.display.name().to_owned();
    // As a window manager does that knows no limits.
    let insists = std::thread::spawn(move || display::insist(&display, id, UHD.0, UHD.1));
    let said = beamline.shell_ends();
    insists.join().expect("it ends with the window");
    let words = ["3840x2160", "MIT-SHM", "-maxbigreqsize", "The engine goes on; `brickwork stop "];
    assert!(words.iter().all(|words| said.contains(words)), "{said}");
}
