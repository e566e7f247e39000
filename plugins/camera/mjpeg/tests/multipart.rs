//! Streams as cameras of all kinds send them, well made and not, out of pictures made by hand.

mod support;

use brickwork_mjpeg::{MAX_FRAME_BYTES, Stream, StreamError};
use support::{exif_with_thumbnail, head, jpeg, jpeg_with, part, plain_head, read, segment};

const SIZES: [(u32, u32); 2] = [(64, 48), (32, 24)];

/// Two pictures, each behind `heading` and before `after`.
fn two_parts(head: &[u8], heading: &str, after: &str) -> Vec<u8> {
    let mut answer = head.to_vec();
    for (width, height) in [(64, 48), (32, 24)] {
        let data = jpeg(width, height);
        let heading = heading.replace("LEN", &data.len().to_string());
        answer.extend([heading.as_bytes(), &data, after.as_bytes()].concat());
    }
    answer
}

fn assert_both_frames(answer: &[u8]) {
    let outcome = read(answer);
    assert_eq!(outcome.sizes(), SIZES);
    assert_eq!((outcome.damaged, outcome.end), (0, Ok(())));
    assert_eq!(outcome.frames[0].data, jpeg(64, 48));
}

#[test]
fn every_way_to_declare_and_write_a_boundary_is_understood() {
    for declared in ["b1", "--b1", "\"b1\"", "\"--b1\"", "b1; charset=x", "another"] {
        for line in ["--b1\r\n", "--b1\n", "--stray\r\n--b1\n", "\r\n--b1\r\n"] {
            let head = head(&format!("Multipart/X-Mixed-Replace;Boundary={declared}"));
            let heading = format!("{line}content-TYPE: image/jpeg\r\n\r\n");
            assert_both_frames(&two_parts(&head, &heading, "\r\n"));
        }
    }
    let head = head("multipart/x-mixed-replace; boundary=b1");
    assert_both_frames(&two_parts(&head, "b1\r\nContent-Type: image/jpeg\r\n\r\n", "\r\n"));
}

#[test]
fn right_padded_wrong_and_missing_lengths_all_give_the_frames() {
    for length in ["Content-Length: LEN", "CONTENT-LENGTH:      LEN  ", "Content-Length: 7"] {
        assert_both_frames(&two_parts(&plain_head(), &format!("--b\r\n{length}\r\n\r\n"), "\r\n"));
    }
    for length in ["Content-Length: 99999999", "Content-Length: -1", "X-Other: 1"] {
        assert_both_frames(&two_parts(&plain_head(), &format!("--b\n{length}\n\n"), ""));
    }
}

#[test]
fn padding_behind_a_picture_is_skipped() {
    assert_both_frames(&two_parts(&plain_head(), "--b\r\n\r\n", "\0\0\0\0\0\0\0\r\n"));
}

#[test]
fn a_line_feed_alone_may_end_the_lines_of_the_head() {
    let head = b"HTTP/1.0 200 OK\ncontent-type: multipart/x-mixed-replace;boundary=b\n\n";
    assert_both_frames(&two_parts(head, "--b\n\n", "\n"));
}

#[test]
fn pictures_without_any_boundary_between_them_are_frames() {
    assert_both_frames(&two_parts(&head("image/jpeg"), "", ""));
    assert_both_frames(&two_parts(b"HTTP/1.1 200\r\n\r\n", "--b\r\n", "\r\n"));
}

#[test]
fn a_frame_comes_out_with_its_last_byte() {
    let data = jpeg(64, 48);
    let answer = [plain_head(), b"--b\r\n\r\n".to_vec(), data.clone()].concat();
    let mut stream = Stream::new();
    let (mut most, mut last) = answer.split_at(answer.len() - 1);
    assert_eq!(stream.push(&mut most), Ok(None));
    let frame = stream.push(&mut last).expect("a good stream").expect("the frame");
    assert_eq!(frame.data, data);
}

#[test]
fn a_thumbnail_inside_exif_ends_no_frame_and_is_none() {
    let data = jpeg_with(64, 48, 300, &exif_with_thumbnail());
    let outcome = read(&[plain_head(), part(&data), part(&data)].concat());
    assert_eq!(outcome.sizes(), [(64, 48); 2]);
    assert_eq!(outcome.frames[1].data, data);
}

#[test]
fn a_frame_cut_off_anywhere_costs_no_other_frame_and_shows_no_thumbnail() {
    let data = jpeg_with(64, 48, 90, &exif_with_thumbnail());
    // Enough to fill the longest segment that the cut can pretend.
    let next = part(&jpeg(32, 24)).repeat(40);
    for cut in 3..data.len() {
        let answer = [&plain_head(), &b"--b\r\n\r\n"[..], &data[..cut], b"\r\n", &next].concat();
        let outcome = support::read_in(&answer, || 1447);
        assert_eq!(outcome.sizes(), [(32, 24); 40], "cut after {cut} bytes");
        assert!(outcome.frames.iter().all(|frame| frame.data == jpeg(32, 24)));
        assert_eq!((outcome.damaged, outcome.end), (1, Ok(())), "cut after {cut} bytes");
    }
}

#[test]
fn a_boundary_right_behind_cut_coded_data_is_found() {
    let cut = &jpeg(64, 48)[..300];
    let outcome = read(&[&plain_head(), &b"--b\r\n\r\n"[..], cut, &part(&jpeg(32, 24))].concat());
    assert_eq!((outcome.sizes(), outcome.damaged), (vec![(32, 24)], 1));
}

#[test]
fn garbage_between_frames_is_skipped() {
    let garbage: &[&[u8]] = &[
        b"\xff\xff\xff\xd8\xff\xd8\xff\x00garbage\xff\xd9",
        b"\xff\xd8\xff\xe0\xff\xff",
        &jpeg(5, 5),
        &[0xff; 40_000],
    ];
    for garbage in garbage {
        let answer = [&plain_head()[..], &part(&jpeg(64, 48)), garbage, b"\r\n", &part(&jpeg(32, 24))];
        assert_eq!(read(&answer.concat()).sizes(), SIZES);
    }
}

#[test]
fn the_size_may_change_in_the_middle_of_a_stream() {
    let sizes = [(64, 48), (1280, 1024), (65_535, 1), (64, 48)];
    let mut answer = plain_head();
    for (width, height) in sizes {
        answer.extend(part(&jpeg(width, height)));
    }
    let expected = sizes.map(|(width, height)| (u32::from(width), u32::from(height)));
    assert_eq!(read(&answer).sizes(), expected);
}

#[test]
fn progressive_scans_and_fill_bytes_lie_inside_a_frame() {
    let mut data = vec![0xff, 0xd8];
    data.extend(segment(0xc2, &[8, 0, 48, 0, 64, 1, 1, 0x11, 0]));
    for _ in 0..3 {
        data.extend(segment(0xc4, &[0; 17]));
        data.extend([0xff, 0xff]);
        data.extend(segment(0xda, &[1, 1, 0, 0, 63, 0]));
        data.extend(b"coded\xff\xd7data\xff\xff");
    }
    data.extend([0xff, 0xd9]);
    let outcome = read(&[plain_head(), part(&data)].concat());
    assert_eq!(outcome.frames[0].data, data);
}

#[test]
fn a_picture_without_size_or_scan_is_damaged() {
    let empty = [0xff, 0xd8, 0xff, 0xd9];
    let no_scan = [&[0xff, 0xd8][..], &segment(0xc0, &[8, 0, 48, 0, 64, 0]), &[0xff, 0xd9]].concat();
    for bad in [&empty[..], &no_scan, &jpeg(0, 48), &jpeg(64, 0)] {
        let outcome = read(&[plain_head(), part(bad), part(&jpeg(64, 48))].concat());
        assert_eq!((outcome.sizes(), outcome.damaged), (vec![(64, 48)], 1));
    }
}

#[test]
fn the_timestamp_belongs_to_the_frame_behind_it() {
    let mut answer = plain_head();
    for line in ["x-timestamp:  12.5\r\n", "", "X-Timestamp: nan\r\n", "X-Timestamp: 13\r\n"] {
        answer.extend([b"--b\r\n", line.as_bytes(), b"\r\n", &jpeg(8, 8)].concat());
    }
    let times: Vec<_> = read(&answer).frames.iter().map(|frame| frame.timestamp).collect();
    assert_eq!(times, [Some(12.5), None, None, Some(13.0)]);
}

#[test]
fn a_frame_over_the_limit_is_skipped_and_the_next_one_found() {
    let large = |coded| jpeg_with(64, 48, coded, b"");
    let answer = [plain_head(), part(&large(MAX_FRAME_BYTES + 100)), part(&jpeg(32, 24))].concat();
    let outcome = support::read_in(&answer, || 1_000_003);
    assert_eq!((outcome.sizes(), outcome.damaged), (vec![(32, 24)], 1));

    let answer = [plain_head(), part(&large(MAX_FRAME_BYTES - 100))].concat();
    assert_eq!(support::read_in(&answer, || answer.len()).sizes(), [(64, 48)]);
}

#[test]
fn a_stream_that_ends_in_a_picture_says_so() {
    let answer = [plain_head(), part(&jpeg(64, 48))].concat();
    let outcome = read(&answer[..answer.len() - 10]);
    assert_eq!((outcome.damaged, outcome.end), (1, Err(StreamError::CutShort)));
}
