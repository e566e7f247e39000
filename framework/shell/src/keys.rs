//! What keys and wheel mean: one rule for every control, so that nothing moves by accident.
//!
//! * A key is what it gives *as it was pressed*: with NumLock on, keypad 8 is the figure 8 and types it; with NumLock
//!   off it is the arrow up. No control looks at the meaning that a key has without its modifiers.
//! * Arrows and the wheel send nothing. They change what a control shows, from the number or the option that stands
//!   there; Enter sends it and Escape takes it back. After a step, typing replaces the number.
//! * Enter and Space press the button that has the focus, once, however long they are held.
//! * The wheel acts only on the number field that has the focus, and with Ctrl over a picture whose author wants it;
//!   everywhere else it scrolls. Parts of a step, as touchpads give them, add up to whole steps.
//! * A shortcut is the letter that the key has; on a keyboard without Latin letters it is the key at its place.
//! * Escape closes a list that is open, then a panel, then takes back what was typed; with none of these it stops what
//!   the brick of the control in focus has begun. It never answers a question, nor ends what asks it.

use iced::keyboard::key::{Code, Named, Physical};
use iced::keyboard::{Event, Key};
use iced::mouse::ScrollDelta;

/// Pixels of a touchpad that count as one step of a wheel.
const STEP_PIXELS: f32 = 40.0;

/// What a key that went down means.
pub fn pressed(event: &Event) -> Option<&Key> {
    match event {
        Event::KeyPressed { modified_key, .. } => Some(modified_key),
        _ => None,
    }
}

/// Whether this key went down.
pub fn is_pressed(event: &iced::Event, named: Named) -> bool {
    matches!(event, iced::Event::Keyboard(event) if pressed(event) == Some(&Key::Named(named)))
}

/// The letter or sign of a shortcut with Ctrl, small.
pub fn with_ctrl(event: &Event) -> Option<char> {
    let Event::KeyPressed { key, modified_key, physical_key, modifiers, .. } = event else { return None };
    if !modifiers.control() || modifiers.alt() {
        return None;
    }
    match modified_key {
        // Plus stands on the shifted half of a key, and so does 0 on a French keyboard.
        Key::Character(sign) if ["+", "-", "0"].contains(&sign.as_str()) => sign.chars().next(),
        Key::Character(_) if *physical_key == Physical::Code(Code::Digit0) => Some('0'),
        Key::Character(_) => key.to_latin(*physical_key).map(|letter| letter.to_ascii_lowercase()),
        _ => None,
    }
}

/// What a wheel or touchpad has turned that is no whole step yet.
///
/// On an X server without smooth scrolling (VNC, Xvfb) winit 0.30 counts each notch twice: its press and its release.
#[derive(Debug, Default)]
pub struct Wheel {
    rest: f32,
}

impl Wheel {
    /// The whole steps that this turn completes, away from the person above 0.
    pub fn turn(&mut self, delta: ScrollDelta) -> f32 {
        let turned = match delta {
            ScrollDelta::Lines { y, .. } => y,
            ScrollDelta::Pixels { y, .. } => y / STEP_PIXELS,
        };
        // Who turns back begins anew.
        if turned * self.rest < 0.0 {
            self.rest = 0.0;
        }
        self.rest += turned;
        // A tenth ten times is a hair less than one.
        let steps = (self.rest + self.rest.signum() * 1e-4).trunc();
        self.rest -= steps;
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iced::keyboard::{Location, Modifiers};

    fn press(key: &str, modified: &str, code: Code, modifiers: Modifiers) -> Event {
        Event::KeyPressed {
            key: Key::Character(key.into()),
            modified_key: Key::Character(modified.into()),
            physical_key: Physical::Code(code),
            location: Location::Standard,
            modifiers,
            text: None,
            repeat: false,
        }
    }

    #[test]
    fn a_shortcut_is_the_letter_of_the_key_or_else_its_place() {
        let ctrl = |key, code| with_ctrl(&press(key, key, code, Modifiers::CTRL));
        assert_eq!(ctrl("l", Code::KeyL), Some('l'));
        assert_eq!(ctrl("\u{434}", Code::KeyL), Some('l'), "Cyrillic");
        assert_eq!(ctrl("\u{3bb}", Code::KeyL), Some('l'), "Greek");
        assert_eq!(ctrl("k", Code::KeyV), Some('k'), "Dvorak has its own letters");
        assert_eq!(with_ctrl(&press("l", "l", Code::KeyL, Modifiers::empty())), None);
    }

    #[test]
    fn plus_minus_and_nought_are_found_on_every_keyboard() {
        let ctrl = |key, modified, code| with_ctrl(&press(key, modified, code, Modifiers::CTRL));
        assert_eq!(ctrl("=", "+", Code::Equal), Some('+'));
        assert_eq!(ctrl("+", "+", Code::BracketRight), Some('+'));
        assert_eq!(ctrl("=", "=", Code::Equal), Some('='));
        assert_eq!(ctrl("-", "-", Code::Slash), Some('-'));
        assert_eq!(ctrl("\u{e0}", "\u{e0}", Code::Digit0), Some('0'));
    }

    #[test]
    fn parts_of_a_step_add_up_and_a_turn_back_begins_anew() {
        let mut wheel = Wheel::default();
        let lines = |y| ScrollDelta::Lines { x: 0.0, y };
        let pixels = |y| ScrollDelta::Pixels { x: 0.0, y };
        let tenths: f32 = (0..10).map(|_| wheel.turn(lines(0.1))).sum();
        assert_eq!(tenths, 1.0);
        assert_eq!([wheel.turn(pixels(39.0)), wheel.turn(pixels(-39.0)), wheel.turn(pixels(-1.0))], [0.0, 0.0, -1.0]);
        assert_eq!(wheel.turn(lines(-3.0)), -3.0);
    }
}
