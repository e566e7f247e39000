//! What four real servers sent, byte for byte. The captures are not part of the project:
//! `BRICKWORK_VECTORS` names the folder that holds them.

#![allow(clippy::print_stderr)]

mod support;

use std::path::PathBuf;

use support::{Outcome, chunked, read};

/// Head and body of a capture; the chunked coding is already gone from the body.
fn capture(name: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/vectors");
    let root = std::env::var_os("BRICKWORK_VECTORS").map_or_else(|| default.into(), PathBuf::from);
    if !root.is_dir() {
        eprintln!("SKIPPED: no captures in {}; set BRICKWORK_VECTORS", root.display());
        return None;
    }
    let file = |suffix: &str| {
        let path = root.join("images/mjpeg").join(format!("{name}.{suffix}"));
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    Some((file("headers"), file("body")))
}

/// The capture with the body as it is, and with the body in chunks again.
fn answers(name: &str) -> Option<[Vec<u8>; 2]> {
    let (head, body) = capture(name)?;
    let text = String::from_utf8(head).expect("heads are ASCII");
    let plain: String =
        text.split_inclusive('\n').filter(|line| !line.to_ascii_lowercase().starts_with("transfer-encoding")).collect();
    let chunks = plain.replacen("\r\n", "\r\ntransfer-encoding:Chunked\r\n", 1);
    Some([[plain.as_bytes(), &body].concat(), [chunks.as_bytes(), &chunked(&body, 1021)].concat()])
}

fn check(name: &str, frames: usize, size: (u32, u32), cut: bool) -> Option<Outcome> {
    let [plain, chunks] = answers(name)?;
    let outcome = read(&plain);
    assert_eq!(outcome.sizes(), vec![size; frames]);
    assert_eq!(outcome.damaged, u64::from(cut));
    assert_eq!(outcome.end.is_err(), cut, "{:?}", outcome.end);
    assert_eq!(read(&chunks), outcome);
    Some(outcome)
}

#[test]
fn ffmpeg_sends_three_frames_and_a_cut_one() {
    check("ffmpeg_mpjpeg", 3, (1280, 1024), true);
}

#[test]
fn motion_sends_three_frames_with_exif_and_a_cut_one() {
    check("motion", 3, (1280, 1024), true);
}

#[test]
fn ustreamer_sends_two_frames_with_the_time_of_each() {
    if let Some(outcome) = check("ustreamer_nosignal", 2, (640, 480), false) {
        let times: Vec<_> = outcome.frames.iter().map(|frame| frame.timestamp).collect();
        assert_eq!(times, [Some(1_795_328_558.879), Some(1_795_328_559.882)]);
    }
}

#[test]
fn the_mxcube_video_streamer_sends_eight_frames_and_a_cut_one() {
    check("mxcube_video_streamer", 8, (650, 485), true);
}

#[test]
fn a_body_with_the_wrong_chunk_coding_is_an_error_and_not_a_picture() {
    if let Some((head, body)) = capture("motion") {
        let outcome = read(&[head, body].concat());
        assert_eq!(outcome.frames, []);
        assert_eq!(outcome.end, Err(brickwork_mjpeg::StreamError::BadChunk));
    }
}

#[test]
fn an_octet_stream_with_an_undeclared_boundary_is_read_like_a_declared_one() {
    if let Some((_, body)) = capture("ffmpeg_mpjpeg") {
        let outcome = read(&[support::head("application/octet-stream"), body].concat());
        assert_eq!(outcome.sizes(), [(1280, 1024); 3]);
    }
}
