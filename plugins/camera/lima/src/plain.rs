//! Pixels that need no neighbours: words of two bytes, and colours in another order. `Block` calls it with whole
//! pixels only.

/// The upper 8 of the `bits` significant bits of each word; a brighter one is white.
pub(crate) fn eight_bits(pixels: &[u8], big_endian: bool, bits: u8) -> Vec<u8> {
    let order = if big_endian { u16::from_be_bytes } else { u16::from_le_bytes };
    let shift = bits.saturating_sub(8);
    let words = pixels.chunks_exact(2).map(|pair| order([pair[0], pair[1]]));
    words.map(|word| u8::try_from(word >> shift).unwrap_or(u8::MAX)).collect()
}

/// Red, green and blue of pixels of `N` bytes, where they stand in each.
pub(crate) fn colours<const N: usize>(pixels: &[u8], places: [usize; 3]) -> Vec<u8> {
    pixels.chunks_exact(N).flat_map(|pixel| places.map(|place| pixel[place])).collect()
}
