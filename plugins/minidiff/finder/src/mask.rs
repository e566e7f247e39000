//! Which pixels of a plane belong to something: grown, closed, filled and taken apart. `background` and `outline` call
//! it; it never looks at brightness.

use std::ops::Range;

/// Yes or no for each pixel, in rows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mask {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<bool>,
}

/// A connected piece of a mask.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// The indices of its pixels.
    pub pixels: Vec<usize>,
    /// The columns that it reaches.
    pub columns: Range<usize>,
    /// The rows that it reaches.
    pub rows: Range<usize>,
}

impl Mask {
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![false; width * height] }
    }

    pub fn of(width: usize, height: usize, pixels: impl Iterator<Item = bool>) -> Self {
        Self { width, height, pixels: pixels.collect() }
    }

    pub fn is_set(&self, x: usize, y: usize) -> bool {
        self.pixels[y * self.width + x]
    }

    pub fn inverted(&self) -> Self {
        Self::of(self.width, self.height, self.pixels.iter().map(|set| !set))
    }

    /// Set wherever a set pixel is at most `radius` columns and rows away.
    pub fn grown(&self, radius: usize) -> Self {
        let mut across = Self::new(self.width, self.height);
        let rows = self.pixels.chunks_exact(self.width).zip(across.pixels.chunks_exact_mut(self.width));
        for (from, to) in rows {
            let mut reached = 0;
            for (x, _) in from.iter().enumerate().filter(|(_, set)| **set) {
                // What was reached before is already written.
                let end = (x + radius + 1).min(self.width);
                to[x.saturating_sub(radius).max(reached)..end].fill(true);
                reached = end;
            }
        }
        let mut grown = across.clone();
        for y in 0..self.height {
            let from = &across.pixels[y * self.width..][..self.width];
            for near in y.saturating_sub(radius)..(y + radius + 1).min(self.height) {
                if near != y {
                    let to = &mut grown.pixels[near * self.width..][..self.width];
                    to.iter_mut().zip(from).for_each(|(to, from)| *to |= *from);
                }
            }
        }
        grown
    }

    /// Gaps up to twice `radius` are closed. The border of the picture closes nothing and opens nothing.
    pub fn closed(&self, radius: usize) -> Self {
        let mut closed = self.grown(radius).inverted().grown(radius).inverted();
        closed.pixels.iter_mut().zip(&self.pixels).for_each(|(closed, set)| *closed |= *set);
        closed
    }

    /// What is enclosed is set too.
    pub fn filled(&self) -> Self {
        let mut filled = self.clone();
        for hole in self.inverted().pieces() {
            if !hole.touches_border(self.width, self.height) {
                hole.pixels.iter().for_each(|index| filled.pixels[*index] = true);
            }
        }
        filled
    }

    /// The connected pieces; pixels that only share a corner are connected.
    pub fn pieces(&self) -> Vec<Piece> {
        let mut left = self.pixels.clone();
        let mut pieces = Vec::new();
        for start in 0..left.len() {
            if left[start] {
                pieces.push(self.take_piece(&mut left, start));
            }
        }
        pieces
    }

    /// The piece with this pixel, taken run by run.
    fn take_piece(&self, left: &mut [bool], start: usize) -> Piece {
        let (x, y) = (start % self.width, start / self.width);
        let mut piece = Piece { pixels: Vec::new(), columns: x..x + 1, rows: y..y + 1 };
        let mut seeds = vec![start];
        while let Some(seed) = seeds.pop() {
            if !left[seed] {
                continue;
            }
            let (x, y) = (seed % self.width, seed / self.width);
            let row = &mut left[y * self.width..][..self.width];
            let from = row[..x].iter().rposition(|set| !set).map_or(0, |before| before + 1);
            let to = row[x..].iter().position(|set| !set).map_or(self.width, |after| x + after);
            row[from..to].fill(false);
            piece.pixels.extend(y * self.width + from..y * self.width + to);
            piece.columns = piece.columns.start.min(from)..piece.columns.end.max(to);
            piece.rows = piece.rows.start.min(y)..piece.rows.end.max(y + 1);
            let (near_from, near_to) = (from.saturating_sub(1), (to + 1).min(self.width));
            for near_y in [y.checked_sub(1), Some(y + 1).filter(|below| *below < self.height)].into_iter().flatten() {
                let near = &left[near_y * self.width..][near_from..near_to];
                let mut before = false;
                for (offset, set) in near.iter().enumerate() {
                    if *set && !before {
                        seeds.push(near_y * self.width + near_from + offset);
                    }
                    before = *set;
                }
            }
        }
        piece
    }
}

impl Piece {
    pub fn touches_border(&self, width: usize, height: usize) -> bool {
        self.columns.start == 0 || self.rows.start == 0 || self.columns.end == width || self.rows.end == height
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(rows: &[&str]) -> Mask {
        Mask::of(rows[0].len(), rows.len(), rows.concat().chars().map(|sign| sign == '#'))
    }

    #[test]
    fn pixels_that_share_a_corner_are_one_piece() {
        let pieces = mask(&["#..#.", ".#...", "#..##", "#.#.."]).pieces();
        let mut sizes: Vec<_> = pieces.iter().map(|piece| (piece.pixels.len(), piece.columns.clone())).collect();
        sizes.sort_by_key(|(size, _)| *size);
        assert_eq!(sizes, [(1, 3..4), (3, 2..5), (4, 0..2)]);
    }

    #[test]
    fn a_hole_is_filled_and_a_bay_is_not() {
        let filled = mask(&["####.", "#..##", "####.", "..###", "..#.."]).filled();
        assert_eq!(filled, mask(&["####.", "#####", "####.", "..###", "..#.."]));
    }

    #[test]
    fn closing_bridges_a_gap_and_moves_no_edge() {
        let gap = mask(&["......", "......", "##..##", "##..##", "......", "......"]);
        assert_eq!(gap.closed(1), mask(&["......", "......", "######", "######", "......", "......"]));
    }
}
