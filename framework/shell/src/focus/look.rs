//! How pressable things look, in each of their states.

use iced::Color;

use crate::tokens::{Tokens, space};

/// How a [`Pressable`] looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// A button as all others.
    #[default]
    Button,
    /// The one main action of a brick.
    Primary,
    /// Stops or breaks something: an edge of danger when the pointer is over it.
    Danger,
    /// ABORT: filled with danger.
    Abort,
    /// One of several options, this one chosen or not.
    Segment(bool),
    /// The title of a page, this one seen or not.
    Tab(bool),
    /// A line of a list, this one selected or not.
    Line(bool),
    /// Only the focus ring.
    Bare,
}

/// The colours of a pressable now.
pub(super) struct Paint {
    pub background: Option<Color>,
    pub border: Option<Color>,
    pub text: Color,
    pub ring: Color,
    pub radius: f32,
}

impl Look {
    pub(super) fn paint(self, t: Tokens, usable: bool, hovered: bool, held: bool) -> Paint {
        let shade = |color: Color| match (held, hovered) {
            (true, _) => t.pressed(color),
            (_, true) => t.hovered(color),
            _ => color,
        };
        let plain = Paint { background: None, border: None, text: t.text, ring: t.accent, radius: space::RADIUS_INNER };
        if !usable {
            let text = t.disabled();
            return match self {
                Self::Bare | Self::Line(false) => Paint { text, ..plain },
                Self::Tab(_) | Self::Segment(false) => Paint { text, ..plain },
                Self::Line(true) | Self::Segment(true) => Paint { background: Some(t.raised), text, ..plain },
                _ => {
                    Paint { background: Some(t.surface), border: Some(t.outline), text, radius: space::RADIUS, ..plain }
                }
            };
        }
        match self {
            Self::Button => {
                Paint { background: Some(shade(t.raised)), border: Some(t.outline), radius: space::RADIUS, ..plain }
            }
            Self::Primary => Paint {
                background: Some(shade(t.accent)),
                text: t.on_accent,
                ring: t.text,
                radius: space::RADIUS,
                ..plain
            },
            Self::Danger => Paint {
                background: Some(shade(t.raised)),
                border: Some(if hovered || held { t.danger } else { t.outline }),
                radius: space::RADIUS,
                ..plain
            },
            Self::Abort => Paint {
                background: Some(shade(t.danger)),
                text: t.on_danger,
                ring: t.text,
                radius: space::RADIUS,
                ..plain
            },
            Self::Segment(true) => Paint { background: Some(t.selected()), border: Some(t.accent), ..plain },
            Self::Line(true) => Paint { background: Some(t.selected()), ..plain },
            Self::Tab(true) => plain,
            Self::Tab(false) => Paint { text: if hovered { t.text } else { t.muted }, ..plain },
            Self::Segment(false) => Paint {
                background: hovered.then(|| shade(t.raised)),
                text: if hovered { t.text } else { t.muted },
                ..plain
            },
            Self::Line(false) => Paint { background: (hovered || held).then(|| shade(t.surface)), ..plain },
            Self::Bare => plain,
        }
    }
}
