//! Styles of the iced widgets that the shell uses, made from [`Tokens`] and from nothing else.

use iced::overlay::menu;
use iced::widget::{container, pick_list, scrollable, slider, text_input};
use iced::{Background, Border, Color, Theme};

use crate::tokens::{Tokens, space};

fn line(color: Color, radius: f32) -> Border {
    Border { color, width: space::LINE, radius: radius.into() }
}

/// The whole window.
pub fn window(t: Tokens) -> impl Fn(&Theme) -> container::Style {
    move |_| container::Style { background: Some(t.background.into()), text_color: Some(t.text), ..Default::default() }
}

/// A tile: the place of one brick.
pub fn tile(t: Tokens) -> impl Fn(&Theme) -> container::Style {
    move |_| container::Style {
        background: Some(t.surface.into()),
        text_color: Some(t.text),
        border: line(t.outline, space::RADIUS),
        ..Default::default()
    }
}

/// A group within a tile.
pub fn group(t: Tokens) -> impl Fn(&Theme) -> container::Style {
    move |_| container::Style { border: line(t.outline, space::RADIUS), ..Default::default() }
}

/// What lies a step above a tile: headers, the status line, tooltips.
pub fn raised(t: Tokens) -> impl Fn(&Theme) -> container::Style {
    move |_| container::Style {
        background: Some(t.raised.into()),
        text_color: Some(t.text),
        border: line(t.outline, space::RADIUS_INNER),
        ..Default::default()
    }
}

/// A card that says what failed.
pub fn failed(t: Tokens) -> impl Fn(&Theme) -> container::Style {
    move |_| container::Style {
        background: Some(t.failed().into()),
        text_color: Some(t.text),
        border: line(t.danger, space::RADIUS),
        ..Default::default()
    }
}

/// A card that says that something must be waited for.
pub fn waiting(t: Tokens) -> impl Fn(&Theme) -> container::Style {
    move |_| container::Style {
        background: Some(t.raised.into()),
        text_color: Some(t.text),
        border: line(t.minor, space::RADIUS),
        ..Default::default()
    }
}

/// An input; `edited` when it holds what was not sent, `refused` when it holds what was refused.
pub fn input(t: Tokens, edited: bool, refused: bool) -> impl Fn(&Theme, text_input::Status) -> text_input::Style {
    move |_, status| {
        let (color, width) = match status {
            _ if refused => (t.major, 2.0),
            text_input::Status::Focused { .. } => (t.accent, 2.0),
            _ if edited => (t.accent, space::LINE),
            text_input::Status::Hovered => (t.muted, space::LINE),
            _ => (t.outline, space::LINE),
        };
        let disabled = matches!(status, text_input::Status::Disabled);
        text_input::Style {
            background: Background::Color(if disabled { t.surface } else { t.background }),
            border: Border { color, width, radius: space::RADIUS_INNER.into() },
            icon: t.muted,
            placeholder: t.disabled(),
            value: if disabled { t.disabled() } else { t.text },
            selection: t.accent.scale_alpha(0.35),
        }
    }
}

/// A scrollable: a thin bar that is seen when it is needed.
pub fn scroll(t: Tokens) -> impl Fn(&Theme, scrollable::Status) -> scrollable::Style {
    move |theme, status| {
        let hovered = matches!(
            status,
            scrollable::Status::Hovered { is_vertical_scrollbar_hovered: true, .. }
                | scrollable::Status::Dragged { .. }
        );
        let rail = scrollable::Rail {
            background: None,
            border: Border::default(),
            scroller: scrollable::Scroller {
                background: if hovered { t.muted } else { t.outline }.into(),
                border: Border { radius: 3.0.into(), ..Border::default() },
            },
        };
        scrollable::Style {
            container: container::Style::default(),
            vertical_rail: rail,
            horizontal_rail: rail,
            gap: None,
            ..scrollable::default(theme, status)
        }
    }
}

/// A slider.
pub fn slide(t: Tokens, usable: bool) -> impl Fn(&Theme, slider::Status) -> slider::Style {
    move |_, status| {
        let color = match status {
            _ if !usable => t.outline,
            slider::Status::Active => t.accent,
            slider::Status::Hovered => t.hovered(t.accent),
            slider::Status::Dragged => t.pressed(t.accent),
        };
        slider::Style {
            rail: slider::Rail {
                backgrounds: (color.into(), t.outline.into()),
                width: 4.0,
                border: Border { radius: 2.0.into(), ..Border::default() },
            },
            handle: slider::Handle {
                shape: slider::HandleShape::Circle { radius: 7.0 },
                background: color.into(),
                border_width: 2.0,
                border_color: t.surface,
            },
        }
    }
}

/// A closed list of options; `edited` when it shows one that was not sent.
pub fn pick(t: Tokens, edited: bool) -> impl Fn(&Theme, pick_list::Status) -> pick_list::Style {
    move |_, status| pick_list::Style {
        text_color: t.text,
        placeholder_color: t.muted,
        handle_color: t.muted,
        background: match status {
            pick_list::Status::Active => t.raised,
            _ => t.hovered(t.raised),
        }
        .into(),
        border: line(if edited { t.accent } else { t.outline }, space::RADIUS),
    }
}

/// An open list of options.
pub fn menu(t: Tokens) -> impl Fn(&Theme) -> menu::Style {
    move |_| menu::Style {
        background: t.raised.into(),
        border: line(t.outline, space::RADIUS_INNER),
        text_color: t.text,
        selected_text_color: t.text,
        selected_background: t.selected().into(),
        shadow: iced::Shadow::default(),
    }
}
