//! The bundled typefaces: Brickwork Sans, which is Inter with tabular figures, and for the output of programs Brickwork
//! Mono, which is JetBrains Mono (see `fonts/OFL.txt`).
//!
//! iced cannot switch on OpenType features, so the figures that all have one width are the only ones
//! in the file. The application loads both weights before it opens a window; nothing falls back to
//! a font of the system, so a screen looks the same on every computer.

use iced::Font;
use iced::font::{Family, Weight};

/// Regular weight, for `Settings::fonts`.
pub const REGULAR_BYTES: &[u8] = include_bytes!("../fonts/BrickworkSans-Regular.otf");
/// Semibold weight, for `Settings::fonts`.
pub const SEMIBOLD_BYTES: &[u8] = include_bytes!("../fonts/BrickworkSans-SemiBold.otf");

/// Letters of one width, for `Settings::fonts`.
pub const MONO_BYTES: &[u8] = include_bytes!("../fonts/BrickworkMono-Regular.ttf");

/// Text and values.
pub const REGULAR: Font = Font::with_name("Brickwork Sans");
/// Headings and the one value that a brick is about.
pub const SEMIBOLD: Font = Font { weight: Weight::Semibold, family: Family::Name("Brickwork Sans"), ..Font::DEFAULT };

/// What programs write, in columns.
pub const MONO: Font = Font { family: Family::Name("Brickwork Mono"), ..Font::MONOSPACE };

/// The settings that every window and every test of the shell starts from.
pub fn settings() -> iced::Settings {
    iced::Settings {
        fonts: vec![REGULAR_BYTES.into(), SEMIBOLD_BYTES.into(), MONO_BYTES.into()],
        default_font: REGULAR,
        default_text_size: crate::tokens::size::BODY.into(),
        antialiasing: true,
        ..iced::Settings::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iced::advanced::text::{self, Paragraph as _, Text};

    type Paragraph = <iced::Renderer as text::Renderer>::Paragraph;

    fn width(content: &str, font: Font) -> f32 {
        Paragraph::with_text(Text {
            content,
            bounds: iced::Size::INFINITE,
            size: iced::Pixels(100.0),
            line_height: text::LineHeight::default(),
            font,
            align_x: text::Alignment::Left,
            align_y: iced::alignment::Vertical::Top,
            shaping: text::Shaping::Advanced,
            wrapping: text::Wrapping::None,
        })
        .min_width()
    }

    #[test]
    fn all_figures_have_one_width_in_both_weights() {
        let mut fonts = iced::advanced::graphics::text::font_system().write().expect("nobody panicked with it");
        fonts.load_font(REGULAR_BYTES.into());
        fonts.load_font(SEMIBOLD_BYTES.into());
        fonts.load_font(MONO_BYTES.into());
        drop(fonts);
        assert_eq!(width("iiii", MONO), width("WWWW", MONO), "letters of one width");
        assert_ne!(width("iiii", MONO), width("iiii", REGULAR), "another font");
        for font in [REGULAR, SEMIBOLD] {
            let eights = width("8888", font);
            assert!((100.0..400.0).contains(&eights), "the font was loaded");
            for digit in '0'..='9' {
                assert_eq!(width(&digit.to_string().repeat(4), font), eights, "{digit} in {font:?}");
            }
        }
        assert_ne!(width("88", REGULAR), width("88", SEMIBOLD), "two weights, not one of them twice");
    }
}
