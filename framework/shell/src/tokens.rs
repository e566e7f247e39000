//! The design tokens: every colour, distance and text size of the shell, for both themes.
//!
//! All drawing code takes a [`Tokens`] by value and nothing else knows a colour. A test holds the
//! contrasts: text 4.5:1, state colours 3:1, on every surface.

use brickwork_sdk::status::Quality;
use iced::Color;
use iced::theme::{Palette, Theme};

/// Distances in logical pixels.
pub mod space {
    /// Between parts of one thing.
    pub const XS: f32 = 4.0;
    /// Between controls.
    pub const S: f32 = 8.0;
    /// Inside a tile or a group.
    pub const M: f32 = 12.0;
    /// Between groups.
    pub const L: f32 = 16.0;
    /// Between sections.
    pub const XL: f32 = 24.0;
    /// Corner radius.
    pub const RADIUS: f32 = 6.0;
    /// Corner radius of what lies inside a rounded thing.
    pub const RADIUS_INNER: f32 = 4.0;
    /// Width of an outline.
    pub const LINE: f32 = 1.0;
    /// Height of every control, so that a row of them is aligned.
    pub const CONTROL: f32 = 28.0;
}

/// Text sizes in logical pixels.
pub mod size {
    /// Labels, units, hints.
    pub const LABEL: f32 = 12.0;
    /// Body text.
    pub const BODY: f32 = 14.0;
    /// Values and headings.
    pub const VALUE: f32 = 16.0;
    /// The one value that a brick is about.
    pub const HERO: f32 = 20.0;
}

/// How many colours a heat map has.
pub const HEAT_STEPS: usize = 16;

/// The colours of one theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tokens {
    /// Whether this is the dark theme.
    pub is_dark: bool,
    /// Behind everything.
    pub background: Color,
    /// A tile.
    pub surface: Color,
    /// A control or a header on a tile.
    pub raised: Color,
    /// Lines between and around things.
    pub outline: Color,
    /// Text.
    pub text: Color,
    /// Secondary text.
    pub muted: Color,
    /// The one accent.
    pub accent: Color,
    /// Text on the accent.
    pub on_accent: Color,
    /// Abort and what else is dangerous to press.
    pub danger: Color,
    /// Text on danger.
    pub on_danger: Color,
    /// As it should be.
    pub ok: Color,
    /// In motion.
    pub moving: Color,
    /// Somebody should know.
    pub minor: Color,
    /// Somebody must act.
    pub major: Color,
    /// Not to be believed.
    pub invalid: Color,
    /// Old.
    pub disconnected: Color,
}

const fn rgb(hex: u32) -> Color {
    Color::from_rgb8((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Tokens {
    /// The dark theme.
    pub const fn dark() -> Self {
        Self {
            is_dark: true,
            background: rgb(0x14171A),
            surface: rgb(0x1B1F24),
            raised: rgb(0x23282F),
            outline: rgb(0x333A44),
            text: rgb(0xE6E9ED),
            muted: rgb(0x9AA4B1),
            accent: rgb(0x4DA3FF),
            on_accent: rgb(0x0B1016),
            danger: rgb(0xF0554D),
            on_danger: rgb(0x0B1016),
            ok: rgb(0x3FB27F),
            moving: rgb(0x4DA3FF),
            minor: rgb(0xF2B134),
            major: rgb(0xF0554D),
            invalid: rgb(0xC86BFA),
            disconnected: rgb(0x8A93A0),
        }
    }

    /// The light theme.
    pub const fn light() -> Self {
        Self {
            is_dark: false,
            background: rgb(0xF4F5F7),
            surface: rgb(0xFFFFFF),
            raised: rgb(0xEDEFF2),
            outline: rgb(0xD3D8DE),
            text: rgb(0x1B2026),
            muted: rgb(0x5A6572),
            accent: rgb(0x1668C7),
            on_accent: rgb(0xFFFFFF),
            danger: rgb(0xC62F28),
            on_danger: rgb(0xFFFFFF),
            ok: rgb(0x1E8E5A),
            moving: rgb(0x1668C7),
            minor: rgb(0xB87700),
            major: rgb(0xC62F28),
            invalid: rgb(0x8A2BC2),
            disconnected: rgb(0x6B7480),
        }
    }

    /// The colour of a quality.
    pub const fn quality(self, quality: Quality) -> Color {
        match quality {
            Quality::Ok => self.ok,
            Quality::Minor => self.minor,
            Quality::Major => self.major,
            Quality::Invalid => self.invalid,
        }
    }

    /// `color` a little nearer to the text colour: what the pointer is over.
    pub fn hovered(self, color: Color) -> Color {
        mix(color, self.text, 0.07)
    }

    /// `color` nearer still: what is held down.
    pub fn pressed(self, color: Color) -> Color {
        mix(color, self.text, 0.14)
    }

    /// A faint tint of the accent on a surface: what is selected.
    pub fn selected(self) -> Color {
        mix(self.surface, self.accent, 0.16)
    }

    /// A faint tint of danger on a surface: a card that says what failed.
    pub fn failed(self) -> Color {
        mix(self.surface, self.danger, 0.10)
    }

    /// Text of a control that cannot be used now.
    pub fn disabled(self) -> Color {
        mix(self.muted, self.surface, 0.35)
    }

    /// What lies over a picture that is old.
    pub fn veil(self) -> Color {
        self.background.scale_alpha(0.62)
    }

    /// Behind text that stands on a picture.
    pub fn plate(self) -> Color {
        self.surface.scale_alpha(0.92)
    }

    /// A colour that nobody sees and that differs with `number`.
    pub fn unseen(self, number: u64) -> Color {
        let [r, g, b, ..] = number.to_le_bytes();
        Color::from_rgba8(r, g, b, 0.0)
    }

    /// The colours of the curves of a plot, told apart also by people who see few colours.
    pub const fn curves(self) -> [Color; 4] {
        [self.accent, self.minor, self.ok, self.invalid]
    }

    /// A colour of a heat map, from the smallest value, 0, to the largest, [`HEAT_STEPS`] - 1: lighter is more, also to
    /// people who see few colours.
    pub fn heat(step: usize) -> Color {
        let anchors = [0x440154, 0x3B528B, 0x21908C, 0x5DC863, 0xFDE725].map(rgb);
        let at = step.min(HEAT_STEPS - 1) as f32 / (HEAT_STEPS - 1) as f32 * (anchors.len() - 1) as f32;
        let below = (at as usize).min(anchors.len() - 2);
        mix(anchors[below], anchors[below + 1], at - below as f32)
    }

    /// The iced theme made of these tokens: what widgets use that are given no style of their own.
    pub fn theme(self) -> Theme {
        let palette = Palette {
            background: self.background,
            text: self.text,
            primary: self.accent,
            success: self.ok,
            warning: self.minor,
            danger: self.danger,
        };
        Theme::custom(if self.is_dark { "Brickwork dark" } else { "Brickwork light" }, palette)
    }
}

fn mix(from: Color, to: Color, share: f32) -> Color {
    let at = |a: f32, b: f32| a + (b - a) * share;
    Color::from_rgb(at(from.r, to.r), at(from.g, to.g), at(from.b, to.b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(color: Color) -> f32 {
        let [r, g, b, _] = color.into_linear();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Contrast as WCAG 2.2 defines it.
    fn contrast(a: Color, b: Color) -> f32 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn failures(pairs: &[(&str, Color, Color, f32)]) -> Vec<String> {
        let below = |(name, a, b, least): &(&str, Color, Color, f32)| {
            let found = contrast(*a, *b);
            (found < *least).then(|| format!("{name}: {found:.2} < {least}"))
        };
        pairs.iter().filter_map(below).collect()
    }

    fn check(t: Tokens) -> Vec<String> {
        let mut pairs = vec![
            ("text on accent", t.on_accent, t.accent, 4.5),
            ("text on accent held down", t.on_accent, t.pressed(t.accent), 4.5),
            ("text on danger", t.on_danger, t.danger, 4.5),
            ("text on a failed card", t.text, t.failed(), 4.5),
            ("text on what is selected", t.text, t.selected(), 4.5),
            ("muted text on what is selected", t.muted, t.selected(), 4.5),
        ];
        for surface in [t.background, t.surface, t.raised, t.hovered(t.surface)] {
            pairs.push(("text", t.text, surface, 4.5));
            pairs.push(("muted", t.muted, surface, 4.5));
            for state in [t.accent, t.ok, t.moving, t.minor, t.major, t.invalid, t.disconnected] {
                pairs.push(("a state", state, surface, 3.0));
            }
        }
        failures(&pairs)
    }

    #[test]
    fn every_text_and_state_colour_has_its_contrast_on_every_surface() {
        assert_eq!(check(Tokens::dark()), Vec::<String>::new(), "dark");
        assert_eq!(check(Tokens::light()), Vec::<String>::new(), "light");
    }

    #[test]
    fn a_colour_without_contrast_is_found() {
        assert_eq!(failures(&[("grey on grey", rgb(0x777777), rgb(0x888888), 4.5)]).len(), 1);
    }
}
