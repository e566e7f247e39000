//! Against a program that is not ours: ffmpeg makes the pixels of a mode, and shows them too.

mod support;

use std::io::Write as _;
use std::process::{Command, Stdio};

use brickwork_lima::VideoMode;
use support::{fields, picture};

const SIZE: (i32, i32) = (96, 64);

#[allow(clippy::print_stderr)] // whoever runs the tests must see what was not tested
fn is_missing() -> bool {
    let missing = Command::new("ffmpeg").arg("-version").stdout(Stdio::null()).status().is_err();
    if missing {
        assert!(std::env::var_os("CI").is_none(), "ffmpeg is needed for this test: apt-get install ffmpeg");
        eprintln!("SKIPPED: ffmpeg is not installed");
    }
    missing
}

/// One picture from one layout of pixels to another, as ffmpeg does it.
fn converted(pixels: &[u8], from: &str, to: &str) -> Vec<u8> {
    let (width, height) = SIZE;
    let mut child = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-f", "rawvideo", "-s", &format!("{width}x{height}"), "-pix_fmt", from])
        .args(["-i", "-", "-sws_flags", "accurate_rnd+bitexact", "-f", "rawvideo", "-pix_fmt", to, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("ffmpeg was found before");
    // Smaller than what a pipe holds, so that neither side waits for the other.
    child.stdin.take().expect("it is piped").write_all(pixels).expect("ffmpeg reads");
    let output = child.wait_with_output().expect("ffmpeg ends");
    assert!(output.status.success() && !output.stdout.is_empty(), "ffmpeg does not go from {from} to {to}");
    output.stdout
}

/// Soft slopes of all colours.
fn slopes() -> Vec<u8> {
    let (width, height) = SIZE;
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    places.flat_map(|(x, y)| [30 + 2 * x, 40 + 3 * y, 220 - x - y].map(|value| value as u8)).collect()
}

/// How far two pictures differ at most, but for a border of two pixels.
fn distance(a: &[u8], b: &[u8]) -> u8 {
    let (width, height) = (SIZE.0 as usize, SIZE.1 as usize);
    assert_eq!((a.len(), b.len()), (width * height * 3, width * height * 3));
    let inner =
        (2..height - 2).flat_map(|y| (2..width - 2).flat_map(move |x| (0..3).map(move |c| (y * width + x) * 3 + c)));
    inner.map(|at| a[at].abs_diff(b[at])).max().expect("there are pixels")
}

/// Compares what this crate and ffmpeg make of pixels.
#[track_caller]
fn compare(mode: VideoMode, layout: &str, pixels: &[u8], bits: u8, limit: u8) {
    let ours = picture(&fields(mode, SIZE.0, SIZE.1).with(pixels), bits).data;
    let theirs = converted(pixels, layout, "rgb24");
    let (far, from_source) = (distance(&ours, &theirs), distance(&ours, &slopes()));
    assert!(far <= limit, "{mode} is {far} steps of 255 from what ffmpeg makes of {layout}");
    assert!(from_source <= 6, "{mode} is {from_source} steps of 255 from the picture that ffmpeg was given");
}

#[test]
fn pixels_that_ffmpeg_made_are_shown_as_ffmpeg_shows_them() {
    if is_missing() {
        return;
    }
    for (mode, layout) in [
        (VideoMode::Rgb24, "rgb24"),
        (VideoMode::Bgr24, "bgr24"),
        (VideoMode::Rgb32, "rgba"),
        (VideoMode::Bgr32, "bgra"),
    ] {
        compare(mode, layout, &converted(&slopes(), "rgb24", layout), 8, 0);
    }
    // Two right roundings may lie a step from each other. A colour that four pixels share is spread over them by
    // ffmpeg and not by us: on these slopes that makes a few steps.
    for (mode, layout, limit) in
        [(VideoMode::Yuv422Packed, "uyvy422", 3), (VideoMode::Yuv422, "uyvy422", 3), (VideoMode::I420, "yuv420p", 6)]
    {
        compare(mode, layout, &converted(&slopes(), "rgb24", layout), 8, limit);
    }
}

#[test]
fn a_bayer_filter_is_undone_as_ffmpeg_undoes_it() {
    if is_missing() {
        return;
    }
    let (source, width) = (slopes(), SIZE.0 as usize);
    let seen = |corner: usize| -> Vec<u8> {
        let colour = |at: usize| match (at % width % 2, at / width % 2) {
            (0, 0) => corner,
            (1, 1) => 2 - corner,
            _ => 1,
        };
        (0..source.len() / 3).map(|at| source[at * 3 + colour(at)]).collect()
    };
    let wide = |pixels: Vec<u8>| pixels.into_iter().flat_map(|value| [0, value]).collect::<Vec<u8>>();
    compare(VideoMode::BayerRg8, "bayer_rggb8", &seen(0), 8, 2);
    compare(VideoMode::BayerBg8, "bayer_bggr8", &seen(2), 8, 2);
    compare(VideoMode::BayerRg16, "bayer_rggb16le", &wide(seen(0)), 16, 2);
    compare(VideoMode::BayerBg16, "bayer_bggr16le", &wide(seen(2)), 16, 2);
}
