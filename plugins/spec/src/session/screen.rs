//! What spec wrote to its screen, as lines: the session shows the last of them. It knows as much of a terminal as spec
//! uses - returns, backspaces, tabs - and leaves out what colours and moves the cursor.

use std::collections::VecDeque;

/// The longest line that is kept, in characters; what is behind is left out.
const WIDTH: usize = 2000;

/// The last lines of what spec wrote.
pub struct Screen {
    limit: usize,
    lines: VecDeque<String>,
    /// What begins the last line anew.
    returned: bool,
    escape: Escape,
    changed: bool,
}

/// How far a sequence is that moves or colours.
#[derive(Clone, Copy, PartialEq)]
enum Escape {
    None,
    Begun,
    Sequence,
}

impl Screen {
    /// An empty one that keeps so many lines.
    pub fn new(limit: usize) -> Self {
        let lines = VecDeque::from([String::new()]);
        Self { limit, lines, returned: false, escape: Escape::None, changed: false }
    }

    /// Takes a piece of output, which need not end with a line.
    pub fn write(&mut self, text: &str) {
        self.changed |= !text.is_empty();
        text.chars().for_each(|letter| self.letter(letter));
    }

    /// The lines; the last one may go on.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.lines.iter().cloned().collect();
        if lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines
    }

    /// Whether something was written since this was last asked.
    pub fn is_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    fn letter(&mut self, letter: char) {
        self.escape = match (self.escape, letter) {
            (Escape::None, '\x1b') => Escape::Begun,
            (Escape::None, _) => Escape::None,
            (Escape::Begun, '[') => Escape::Sequence,
            (Escape::Begun, _) => return self.escape = Escape::None,
            (Escape::Sequence, '@'..='~') => return self.escape = Escape::None,
            (Escape::Sequence, _) => Escape::Sequence,
        };
        if self.escape != Escape::None {
            return;
        }
        let returned = std::mem::take(&mut self.returned);
        let last = self.lines.back_mut().expect("there is always a last line");
        match letter {
            '\n' => {
                self.lines.push_back(String::new());
                if self.lines.len() > self.limit + 1 {
                    self.lines.pop_front();
                }
            }
            '\r' => self.returned = true,
            '\x08' => drop(last.pop()),
            '\t' => last.push(' '),
            letter if letter.is_control() => self.returned = returned,
            letter => {
                if returned {
                    last.clear();
                }
                if last.len() < WIDTH {
                    last.push(letter);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Screen;

    fn screen(pieces: &[&str]) -> Vec<String> {
        let mut screen = Screen::new(3);
        pieces.iter().for_each(|piece| screen.write(piece));
        screen.lines()
    }

    #[test]
    fn pieces_become_lines_and_the_last_ones_are_kept() {
        assert_eq!(screen(&["1.FO", "URC> ", "wa\r\n", "two\nth"]), ["1.FOURC> wa", "two", "th"]);
        assert_eq!(screen(&["a\nb\nc\nd\ne\n"]), ["c", "d", "e"]);
        assert!(screen(&[]).is_empty());
    }

    #[test]
    fn a_position_that_is_written_over_itself_stays_one_line() {
        assert_eq!(screen(&["  1.0\r  2.0\r", "  3.0\r\n"]), ["  3.0"]);
        assert_eq!(screen(&["12\x08\x08ab"]), ["ab"]);
    }

    #[test]
    fn colours_and_bells_are_left_out() {
        assert_eq!(screen(&["\x1b[1;31mred\x1b", "[0m\x07 and\tnot"]), ["red and not"]);
    }
}
