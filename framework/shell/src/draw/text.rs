//! Words: text, icons, labels, refusals.

use brickwork_sdk::view::{Node, Tone};
use iced::Color;
use iced::widget::text::IntoFragment;
use iced::widget::{row, text};

use super::Pen;
use crate::tokens::{Tokens, size, space};
use crate::{Element, fonts};

impl<'a> Pen<'a> {
    pub(super) fn text(self, node: &'a Node) -> Element<'a> {
        let (t, words) = (self.tokens(), node.text("text"));
        if words.is_empty() {
            return iced::widget::Space::new().into();
        }
        if node.flag("fixed") {
            let fixed = text(words).size(size::LABEL).font(fonts::MONO).color(t.text);
            return fixed.wrapping(text::Wrapping::Glyph).into();
        }
        match node.tone() {
            // A path or an address has no place to break, and must not run over what stands beside it.
            Tone::Normal => text(words).size(size::BODY).color(t.text).wrapping(text::Wrapping::WordOrGlyph).into(),
            Tone::Muted => text(words).size(size::LABEL).color(t.muted).wrapping(text::Wrapping::WordOrGlyph).into(),
            Tone::Title => text(words).size(size::VALUE).font(fonts::SEMIBOLD).color(t.text).into(),
            Tone::Primary => text(words).size(size::HERO).font(fonts::SEMIBOLD).color(t.text).into(),
            Tone::Warning => signed("⚠", t.minor, words, t),
            Tone::Danger => signed("⚠", t.major, words, t),
        }
    }

    pub(super) fn icon(self, node: &'a Node) -> Element<'a> {
        let t = self.tokens();
        let color = match node.tone() {
            Tone::Muted => t.muted,
            Tone::Warning => t.minor,
            Tone::Danger => t.major,
            Tone::Normal | Tone::Primary | Tone::Title => t.text,
        };
        match glyph(node.text("name")) {
            Some(glyph) => {
                let icon = text(glyph).size(size::BODY).color(color).into();
                if node.label().is_empty() { icon } else { super::tooltip(icon, node.label().into(), t) }
            }
            None => label(node.label(), t.muted),
        }
    }
}

/// The signs of the bundled font that bricks may name.
fn glyph(name: &str) -> Option<&'static str> {
    Some(match name {
        "ok" | "done" => "✓",
        "failed" | "close" => "✗",
        "warning" => "⚠",
        "start" | "play" => "▶",
        "stop" => "■",
        "dot" => "●",
        "ring" => "○",
        "up" => "↑",
        "down" => "↓",
        "left" => "←",
        "right" => "→",
        "light" => "☀",
        "plus" => "+",
        "minus" => "−",
        _ => return None,
    })
}

fn signed<'a>(sign: &'a str, color: Color, words: &'a str, t: Tokens) -> Element<'a> {
    row![text(sign).size(size::BODY).color(color), text(words).size(size::BODY).color(t.text)].spacing(space::XS).into()
}

/// Small words: labels, units, hints.
pub(crate) fn label<'a>(words: impl IntoFragment<'a>, color: Color) -> Element<'a> {
    text(words).size(size::LABEL).color(color).into()
}

/// One sentence that says why something was refused.
pub(crate) fn refusal<'a>(words: String, t: Tokens) -> Element<'a> {
    row![text("⚠").size(size::LABEL).color(t.major), text(words).size(size::LABEL).color(t.text)]
        .spacing(space::XS)
        .into()
}
