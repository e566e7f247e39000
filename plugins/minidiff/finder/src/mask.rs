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

    fn take_piece(&self, left: &mut [bool], start: usize) -> Piece {
        let (x, y) = (start % self.width, start / self.width);
        let mut piece = Piece { pixels: vec![start], columns: x..x + 1, rows: y..y + 1 };
        left[start] = false;
        let mut next = 0;
        while let Some(&index) = piece.pixels.get(next) {
            next += 1;
            let (x, y) = (index % self.width, index / self.width);
            piece.columns = piece.columns.start.min(x)..piece.columns.end.max(x + 1);
            piece.rows = piece.rows.start.min(y)..piece.rows.end.max(y + 1);
            for near_y in y.saturating_sub(1)..(y + 2).min(self.height) {
                for near_x in x.saturating_sub(1)..(x + 2).min(self.width) {
                    let near = near_y * self.width + near_x;
                    if left[near] {
                        left[near] = false;
                        piece.pixels.push(near);
                    }
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
