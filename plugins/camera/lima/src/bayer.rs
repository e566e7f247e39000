//! One colour in each pixel, to all three: the missing two are the means of the nearest neighbours that have them
//! (bilinear). At the border the picture goes on as its mirror image, which keeps the pattern. `Block` calls it with
//! two rows and columns at least, and with 8 bits a pixel.

/// The colour of the first pixel of the first row; the pixel diagonally below it has the other, the rest are green.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Corner {
    /// Lima's BAYER_RG.
    Red,
    /// Lima's BAYER_BG.
    Blue,
}

/// Red, green and blue of every pixel.
pub(crate) fn rgb(pixels: &[u8], width: usize, corner: Corner) -> Vec<u8> {
    let rows: Vec<&[u8]> = pixels.chunks_exact(width).collect();
    let mut rgb = Vec::with_capacity(pixels.len() * 3);
    for at in 0..rows.len() {
        let lines = Lines {
            above: rows[if at == 0 { 1 } else { at - 1 }],
            here: rows[at],
            below: rows[if at + 1 == rows.len() { at - 1 } else { at + 1 }],
        };
        let has_red = (at % 2 == 0) == (corner == Corner::Red);
        // The corner's colour stands in the even columns of the even rows, the other in the odd ones of the odd.
        lines.convert(at % 2, has_red, &mut rgb);
    }
    rgb
}

/// A row and its neighbours, as long as it.
struct Lines<'a> {
    above: &'a [u8],
    here: &'a [u8],
    below: &'a [u8],
}

impl Lines<'_> {
    /// `coloured`: whether red or blue stands in the even (0) or odd (1) columns; green stands in the others.
    fn convert(&self, coloured: usize, has_red: bool, rgb: &mut Vec<u8>) {
        let last = self.here.len() - 1;
        for x in 0..=last {
            let (left, right) = (if x == 0 { 1 } else { x - 1 }, if x == last { x - 1 } else { x + 1 });
            let across = [self.here[left], self.here[right]];
            let along = [self.above[x], self.below[x]];
            let [own, green, other] = if x % 2 == coloured {
                let corners = [self.above[left], self.above[right], self.below[left], self.below[right]];
                [self.here[x], mean([across[0], across[1], along[0], along[1]]), mean(corners)]
            } else {
                [mean(across), self.here[x], mean(along)]
            };
            rgb.extend(if has_red { [own, green, other] } else { [other, green, own] });
        }
    }
}

fn mean<const N: usize>(values: [u8; N]) -> u8 {
    let sum: usize = values.into_iter().map(usize::from).sum();
    ((sum + N / 2) / N) as u8
}
