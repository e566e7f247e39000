//! Each decoder takes its seeds and some thousand mutations of them; the same ones each time.

use brickwork_fuzz::TARGETS;

/// Mutations of each target.
const ROUNDS: usize = 3_000;

/// Xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }
}

fn mutate(data: &mut Vec<u8>, random: &mut Random) {
    const TELLING: &[u8] = b"\0\x01\x7f\x80\xff\xfe\x10\r\n\"'()[]{},:0-9#/\\";
    let start = random.below(data.len());
    let end = start + random.below((data.len() - start).min(200));
    match random.below(6) {
        0 => data.truncate(start),
        1 => drop(data.drain(start..end)),
        2 => {
            let copy = data[start..end].to_vec();
            data.splice(start..start, copy);
        }
        3 => data[start..end].iter_mut().for_each(|byte| *byte = random.below(256) as u8),
        _ => {
            for _ in 0..1 + random.below(4) {
                let at = random.below(data.len());
                if let Some(byte) = data.get_mut(at) {
                    *byte = TELLING[random.below(TELLING.len())];
                }
            }
        }
    }
}

#[test]
fn every_decoder_survives_its_seeds_and_what_is_near_to_them() {
    let mut random = Random(0x5eed_f022);
    for target in TARGETS {
        let seeds = (target.seeds)();
        assert!(!seeds.is_empty(), "{} has seeds", target.name);
        seeds.iter().for_each(|seed| (target.run)(seed));
        for round in 0..ROUNDS {
            let mut data = seeds[round % seeds.len()].clone();
            for _ in 0..1 + random.below(4) {
                mutate(&mut data, &mut random);
            }
            (target.run)(&data);
        }
    }
}
