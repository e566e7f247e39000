//! Layouts that exist show what they showed: golden pictures and documents depend on it.

use super::*;

/// FNV-1a.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn the_picture_of_a_layout_that_says_nothing_is_what_it_always_was() {
    let sample = Sample::new(Mounted::default(), AT);
    let setup = Setup { size: (1280, 1024), seed: 1, look: Look::default(), chain: chain(), sample };
    let microscope = Microscope::new(setup);
    // At omega 0, so that no machine's sine can change it.
    let demo = Scene { axes: Axes::default(), um_per_pixel: 1.2, lights: Lights::BOTH };
    assert_eq!(hash(&pixels(&microscope, &demo)), 0x6d31_f91a_a119_f99b);
    assert_eq!(hash(&pixels(&microscope, &Scene { lights: Lights::FRONT, ..demo })), 0x3b5f_21ca_61d0_efa3);
}
