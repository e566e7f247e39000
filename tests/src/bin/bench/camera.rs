//! `bench camera`: ffmpeg serves 1280x1024 at 25 Hz with a number drawn into each picture; the bench reads
//! that number off the screen. A relay knows when the same picture had arrived at Brickwork's socket.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use brickwork_tests::mjpeg::free_port;
use brickwork_tests::programs::Program;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use crate::Outcome;
use crate::overlays;
use crate::relay::{Passed, Relay};
use crate::report::{Aim, Report, percentile};
use crate::screen::{Area, LOOK, Screen};
use crate::stage::Stage;

/// The camera's picture.
const WIDTH: usize = 1280;
const HEIGHT: usize = 1024;
const RATE: f64 = 25.0;
/// The side of one block of the number, in the camera's pixels.
const BLOCK: usize = 64;
/// The number's bits; each is drawn twice, the second time inverted, so that half a picture is none.
const BITS: usize = 8;
/// From the lower edge, where the number is read: no scale bar is so low.
const READ: usize = BLOCK / 4;
/// Until the window has opened and the picture has its size.
const WARM_UP: Duration = Duration::from_secs(4);

/// A number that came up on the screen.
struct Shown {
    at: Instant,
    number: u8,
}

/// Measures one live picture, alone and below everything that can be drawn on a sample.
pub fn run(report: &mut Report, secs: f64) -> Outcome {
    let plain = measure(plain_layout, &["camera"], secs, |_| Ok(()))?;
    report.figure("source_fps", plain.source_fps, Aim::AtLeast(RATE));
    report.figure("shown_fps", plain.shown_fps, Aim::AtLeast(RATE));
    report.figure("latency_ms_p50", percentile(&plain.latency_ms, 50.0), Aim::AtMost(30.0));
    report.figure("latency_ms_p95", percentile(&plain.latency_ms, 95.0), Aim::AtMost(60.0));
    report.figure("cpu_percent", plain.cpu_percent, Aim::AtMost(60.0));
    let covered = measure(overlays::layout, &["camera", "sim", "minidiff"], secs, overlays::draw)?;
    report.figure("overlay_shown_fps", covered.shown_fps, Aim::AtLeast(RATE));
    report.figure("overlay_latency_ms_p95", percentile(&covered.latency_ms, 95.0), Aim::None);
    report.figure("overlay_cpu_percent", covered.cpu_percent, Aim::AtMost(70.0));
    report.samples("latency_ms", plain.latency_ms);
    Ok(())
}

/// What was measured of one live picture.
struct Live {
    source_fps: f64,
    shown_fps: f64,
    latency_ms: Vec<f64>,
    cpu_percent: f64,
}

/// Shows the camera by a layout for its port, and measures after `prepare`.
fn measure(
    layout: fn(u16) -> String,
    plugins: &[&str],
    secs: f64,
    prepare: impl FnOnce(&mut Stage) -> Outcome,
) -> Outcome<Live> {
    let camera_port = free_port();
    let _camera = camera(camera_port);
    let relay = Relay::start(camera_port)?;
    let mut stage = Stage::new(&layout(relay.port), plugins)?;
    stage.open_window()?;
    prepare(&mut stage)?;
    std::thread::sleep(WARM_UP);
    let row = bottom_row(stage.screen())?;
    let begun = Instant::now();
    let (shown, cpu_percent) = stage.cpu_percent(|| watch(stage.screen(), row, secs))?;
    let ended = Instant::now();

    let passed = numbered(relay.passed.try_iter().collect())?;
    let in_time = passed.iter().filter(|(at, _)| (begun..ended).contains(at)).count();
    let latency_ms = shown.iter().filter_map(|shown| latency_ms(&passed, shown)).collect();
    Ok(Live { source_fps: in_time as f64 / secs, shown_fps: shown.len() as f64 / secs, latency_ms, cpu_percent })
}

/// ffmpeg as the camera: a moving test picture, corners to find it by, and its number at the bottom.
fn camera(port: u16) -> Program {
    let mut filter = format!("testsrc2=size={WIDTH}x{HEIGHT}:rate={RATE}");
    let mut block = |index: usize, colour: &str, when: &str| {
        let (x, y) = (index * BLOCK, HEIGHT - BLOCK);
        filter += &format!(",drawbox=x={x}:y={y}:w={BLOCK}:h={BLOCK}:color={colour}:t=fill{when}");
    };
    block(0, "magenta", "");
    block(WIDTH / BLOCK - 1, "magenta", "");
    for bit in 0..BITS {
        for (index, is_set) in [(1 + bit, 1), (1 + BITS + bit, 0)] {
            block(index, "black", "");
            block(index, "white", &format!(":enable='eq(mod(floor(n/{})\\,2)\\,{is_set})'", 1 << bit));
        }
    }
    let mut command = Command::new("ffmpeg");
    command.args(["-loglevel", "error", "-re", "-f", "lavfi", "-i", &filter]);
    command.args(["-c:v", "mjpeg", "-q:v", "5", "-huffman", "default", "-f", "mpjpeg"]);
    command.args(["-content_type", "multipart/x-mixed-replace;boundary=ffmpeg", "-listen", "1"]);
    command.arg(format!("http://127.0.0.1:{port}/stream"));
    Program::start(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit()))
}

fn plain_layout(port: u16) -> String {
    format!(
        r#"Beamline(format: 1, name: "bench",
            objects: {{"onaxis": (kind: "camera.mjpeg", config: (url: "http://127.0.0.1:{port}/stream"))}},
            windows: [Window("Bench", Brick("camera.view", uses: {{"camera": "onaxis"}}))])"#
    )
}

/// The row of pixels on the screen that goes through the middle of the number, as wide as the picture.
fn bottom_row(screen: &Screen) -> Outcome<Area> {
    let is_magenta = |red, green, blue| red > 200 && green < 60 && blue > 200;
    let picture = screen.find(is_magenta)?.filter(|area| area.width > WIDTH / 4);
    let Area { x, y, width, height } = picture.ok_or("the picture is not on the screen")?;
    Ok(Area { x, y: y + height - READ * width / WIDTH, width, height: 1 })
}

/// The number in a row of pixels of `step` bytes; `None` where two pictures meet.
fn number(row: &[u8], step: usize) -> Option<u8> {
    let width = row.len() / step;
    let is_white = |index: usize| row[(index * BLOCK + BLOCK / 2) * width / WIDTH * step + 1] > 127;
    let bits = |first: usize| (0..BITS).fold(0, |bits, bit| bits | u8::from(is_white(first + bit)) << bit);
    let number = bits(1);
    (number == !bits(1 + BITS)).then_some(number)
}

/// Notes every number that comes up.
fn watch(screen: &Screen, row: Area, secs: f64) -> Outcome<Vec<Shown>> {
    let (begun, mut last) = (Instant::now(), number(&screen.pixels(row)?, 4));
    let mut shown = Vec::new();
    while begun.elapsed().as_secs_f64() < secs {
        let now = number(&screen.pixels(row)?, 4);
        if let Some(number) = now.filter(|_| now != last) {
            shown.push(Shown { at: Instant::now(), number });
            last = now;
        }
        std::thread::sleep(LOOK);
    }
    Ok(shown)
}

/// When each picture had arrived, with its number. Only the first and the last are decoded.
fn numbered(passed: Vec<Passed>) -> Outcome<Vec<(Instant, u8)>> {
    let (Some(first), Some(last)) = (passed.first(), passed.last()) else { return Err("no picture came".into()) };
    let (first, last) = (number_in(&first.jpeg)?, number_in(&last.jpeg)?);
    let counted = (passed.len() - 1) as u8;
    if last != first.wrapping_add(counted) {
        return Err("the camera left pictures out: its numbers do not follow one another".into());
    }
    Ok(passed.iter().enumerate().map(|(index, passed)| (passed.at, first.wrapping_add(index as u8))).collect())
}

fn number_in(jpeg: &[u8]) -> Outcome<u8> {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let pixels = JpegDecoder::new_with_options(ZCursor::new(jpeg), options).decode()?;
    let line = WIDTH * 3;
    let row = pixels.chunks_exact(line).nth(HEIGHT - READ).ok_or("the camera's picture has another size")?;
    number(row, 3).ok_or_else(|| "the camera's picture has no number".into())
}

/// How long after its arrival a picture was on the screen.
fn latency_ms(passed: &[(Instant, u8)], shown: &Shown) -> Option<f64> {
    let (at, _) = passed.iter().rev().find(|(at, number)| *at <= shown.at && *number == shown.number)?;
    Some((shown.at - *at).as_secs_f64() * 1e3)
}
