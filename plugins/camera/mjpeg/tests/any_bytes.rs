//! Whatever arrives, the parser neither panics nor hoards, and how the bytes were split never
//! matters. Streams are mutated by a generator with a fixed seed, so a failure repeats.

mod support;

use support::{chunked, exif_with_thumbnail, head, jpeg, jpeg_with, part, plain_head, read_in};

/// Xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }

    fn range(&mut self, len: usize) -> std::ops::Range<usize> {
        let start = self.below(len);
        start..start + self.below((len - start).min(300))
    }
}

fn streams() -> Vec<Vec<u8>> {
    let exif = jpeg_with(64, 48, 700, &exif_with_thumbnail());
    let body = [part(&jpeg(64, 48)), part(&exif), part(&jpeg(32, 24)), part(&exif)].concat();
    let chunk_head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    vec![
        [plain_head(), body.clone()].concat(),
        [head("application/octet-stream"), body.clone()].concat(),
        [&chunk_head[..], &chunked(&body, 100)].concat(),
        [head("image/jpeg"), exif].concat(),
    ]
}

fn mutate(data: &mut Vec<u8>, random: &mut Random) {
    const TELLING: &[u8] = b"\xff\xd8\xd9\xda\xe1\xc0\x00\r\n-:;09f";
    let range = random.range(data.len());
    match random.below(6) {
        0 => data.truncate(range.start.max(data.len() / 2)),
        1 => drop(data.drain(range)),
        2 => {
            let copy = data[range].to_vec();
            let at = random.below(data.len());
            data.splice(at..at, copy);
        }
        3 => data[range].iter_mut().for_each(|byte| *byte = random.below(256) as u8),
        _ => {
            for _ in 0..1 + random.below(4) {
                let at = random.below(data.len());
                data[at] = TELLING[random.below(TELLING.len())];
            }
        }
    }
}

#[test]
fn mutated_streams_come_to_the_same_however_they_are_split() {
    let mut random = Random(0x5eed_b21c);
    let streams = streams();
    let mut frames = 0;
    for round in 0..4000 {
        let mut answer = streams[round % streams.len()].clone();
        for _ in 0..1 + random.below(4) {
            mutate(&mut answer, &mut random);
            answer.push(b'\n');
        }
        let whole = read_in(&answer, || answer.len());
        let limit = 1 + random.below(400);
        let split = read_in(&answer, || 1 + random.below(limit));
        assert_eq!(split, whole, "round {round}");
        for frame in &whole.frames {
            assert!(frame.data.starts_with(b"\xff\xd8\xff") && frame.data.ends_with(b"\xff\xd9"));
            assert!(frame.width > 0 && frame.height > 0);
        }
        frames += whole.frames.len();
    }
    assert!(frames > 4000, "the mutations leave most pictures whole: {frames}");
}

#[test]
fn pure_noise_is_survived() {
    let mut random = Random(0xdead_beef);
    for _ in 0..200 {
        let noise: Vec<u8> = (0..4000).map(|_| [0xff, 0xd8, 0xd9, 0xda, 0, 2, b'-', b'\n'][random.below(8)]).collect();
        let answer = [plain_head(), noise].concat();
        assert_eq!(read_in(&answer, || 13), read_in(&answer, || answer.len()));
    }
}

#[test]
fn nested_starts_and_endless_text_are_read_in_linear_time() {
    // Each of these would take minutes if the parser went back to look at bytes again.
    let patterns: [&[u8]; 6] = [
        b"\xff\xd8\xff\xe0\xff\xff",
        b"\xff\xe0\x00\x06\xff\xd8\xff\xe0",
        b"\xff\xd8\xff\xe0\x00\x02\xff\xda\x00\x02",
        b"--b\r\n\r\n\xff\xd8\xff\xda\x00\x02--b",
        b"no line end",
        b"\xff",
    ];
    for pattern in patterns {
        let body: Vec<u8> = pattern.iter().copied().cycle().take(500_000).collect();
        let answer = [&plain_head()[..], b"--b\r\n\r\n\xff\xd8", &body].concat();
        assert_eq!(read_in(&answer, || 1).damaged, read_in(&answer, || 4096).damaged);
    }
}
