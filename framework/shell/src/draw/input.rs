//! What is entered: numbers, text, sliders; and progress.

use brickwork_sdk::view::Node;
use iced::keyboard::{Key, key::Named};
use iced::widget::{container, progress_bar, row, slider, text, text_input};
use iced::{Alignment, Border, Length};

use super::Pen;
use crate::copy::copyable;
use crate::event::{Event, Rule};
use crate::field::{Field, Step};
use crate::focus::{Look, Pressable};
use crate::tokens::{size, space};
use crate::{Element, fonts, format, mark, style};

const NUMBER_WIDTH: f32 = 96.0;
const TEXT_WIDTH: f32 = 200.0;

impl<'a> Pen<'a> {
    /// What the node accepts and sends; `None` when it cannot be used now.
    fn rule(self, node: &Node) -> Option<Rule> {
        self.is_usable(node).then(|| Rule::of(node, self.unit(node)))
    }

    /// The committed number: that of the followed channel, else that of the brick.
    fn committed(self, node: &Node) -> f64 {
        let followed = node.bound().and_then(|(object, channel)| self.drawing.readings.reading(object, channel));
        followed.and_then(|shown| shown.value.as_f64()).or_else(|| node.number("value")).unwrap_or(0.0)
    }

    pub(super) fn number_input(self, node: &'a Node) -> Element<'a> {
        let decimals = node.number("decimals").map(|decimals| decimals.clamp(0.0, 12.0) as usize);
        // A channel gives all the digits of its computation; nobody wants to edit those.
        let shown = decimals.or_else(|| node.bound().map(|_| 3));
        let committed = self.committed(node);
        let words = format::editable(committed, shown);
        // Steps start from what is seen, so that what is sent is what was seen.
        let from = words.parse().unwrap_or(committed);
        let step = node.number("step").map(|by| Step { from, by, decimals: shown.unwrap_or(0) });
        let control = self.field(node, words, step);
        let control = match self.unit(node) {
            "" => control,
            unit => row![control, super::text::label(unit, self.tokens().muted)]
                .spacing(space::XS)
                .align_y(Alignment::Center)
                .into(),
        };
        self.with_label(node, control)
    }

    pub(super) fn text_input(self, node: &'a Node) -> Element<'a> {
        let control = self.field(node, node.text("value").into(), None);
        self.with_label(node, control)
    }

    fn field(self, node: &'a Node, committed: String, step: Option<Step>) -> Element<'a> {
        let (t, place) = (self.tokens(), self.place(node));
        let is_number = node.kind != "text_input";
        let typed = self.drawing.edits.typed(&place);
        let refused = self.drawing.edits.refusal(&place).is_some();
        let rule = self.rule(node);
        let width = match node.attribute("grow") {
            Some(_) => Length::Fill,
            None if is_number => NUMBER_WIDTH.into(),
            None => TEXT_WIDTH.into(),
        };
        let edit = place.clone();
        let input = text_input(node.text("placeholder"), typed.unwrap_or(&committed))
            .id(place.widget_id())
            .on_input_maybe(rule.is_some().then_some(move |text| Event::Edit { place: edit.clone(), text }))
            .secure(node.flag("secret"))
            .size(size::BODY)
            .font(fonts::REGULAR)
            .line_height(iced::Pixels(18.0))
            .padding([5.0, space::S])
            .width(width)
            .align_x(if is_number { iced::alignment::Horizontal::Right } else { iced::alignment::Horizontal::Left })
            .style(style::input(t, typed.is_some(), refused));
        let words = typed.unwrap_or(&committed).to_owned();
        let unit = if is_number && typed.is_none() { self.unit(node) } else { "" };
        let copy = (!node.flag("secret")).then(|| super::value::with_unit(&words, unit));
        let channel = node.bound().map(|(object, channel)| format!("{object}.{channel}"));
        let offers: Vec<String> = copy.iter().cloned().chain(channel).collect();
        let field = Field { input, place, rule, step, words, copy, is_edited: typed.is_some(), replace: is_number };
        copyable(field, offers, t)
    }

    pub(super) fn slider(self, node: &'a Node) -> Element<'a> {
        // What has no end has no place on a slider.
        let (Some(min), Some(max)) = (node.number("min"), node.number("max")) else { return self.number_input(node) };
        let (t, place) = (self.tokens(), self.place(node));
        let committed = self.committed(node);
        let dragged = self.drawing.edits.typed(&place).and_then(|text| text.parse::<f64>().ok());
        let now = dragged.unwrap_or(committed);
        let by = node.number("step").unwrap_or((max - min) / 100.0);
        let (edit, usable) = (place.clone(), self.is_usable(node));
        let nothing = Rule { message: None, ..Rule::of(node, self.unit(node)) };
        let rule = self.rule(node).unwrap_or(nothing);
        let knob = slider(min..=max, now, move |to| match usable {
            true => Event::Edit { place: edit.clone(), text: format!("{}", (to / by).round() * by) },
            false => Event::Cancel { place: edit.clone() },
        });
        let knob = knob
            .step(by)
            .width(if node.attribute("grow").is_some() { Length::Fill } else { 140.0.into() })
            .on_release(Event::Commit { place: place.clone(), rule: rule.clone() })
            .style(style::slide(t, usable));
        let (own, is_edited) = (place.clone(), dragged.is_some());
        let on_key = move |key: &Key| {
            let (place, rule) = (place.clone(), rule.clone());
            let by = match key {
                Key::Named(Named::ArrowRight | Named::ArrowUp) => by,
                Key::Named(Named::ArrowLeft | Named::ArrowDown) => -by,
                Key::Named(Named::Enter) if is_edited => return Some(Event::Commit { place, rule }),
                Key::Named(Named::Escape) if is_edited => return Some(Event::Cancel { place }),
                _ => return None,
            };
            Some(Event::Step { place, from: committed, by, decimals: 0, rule })
        };
        let mut knob = Pressable::new(knob, t).look(Look::Bare).padding([0.0, space::XS]).place(own);
        if usable {
            knob = knob.on_key(on_key);
        }
        let decimals = node.number("decimals").map_or(1, |decimals| decimals.clamp(0.0, 12.0) as usize);
        let figures = [min, max].map(|end| format::number(end, decimals, 8).chars().count()).into_iter().max();
        let width = figures.unwrap_or(1) as f32 * format::FIGURE_EM * size::BODY;
        let number =
            text(format::number(now, decimals, 8)).size(size::BODY).width(width.ceil()).align_x(Alignment::End);
        let number = if is_edited { number.color(t.accent) } else { number };
        let unit = super::text::label(self.unit(node), t.muted);
        let number = row![number, unit].spacing(space::XS).align_y(Alignment::Center);
        // What follows a channel is as good as the channel.
        let number: Element<'_> = match node.bound() {
            Some((object, channel)) => {
                let mark = self.mark(object, self.drawing.readings.reading(object, channel));
                mark::marked(number, mark, t)
            }
            None => number.into(),
        };
        let control = row![knob, number];
        self.with_label(node, control.spacing(space::XS).align_y(Alignment::Center))
    }

    pub(super) fn progress(self, node: &'a Node) -> Element<'a> {
        let t = self.tokens();
        let fraction = node.number("fraction").unwrap_or(0.0).clamp(0.0, 1.0) as f32;
        let bar = progress_bar(0.0..=1.0, fraction).girth(6.0).style(move |_| progress_bar::Style {
            background: t.outline.into(),
            bar: t.accent.into(),
            border: Border { radius: 3.0.into(), ..Border::default() },
        });
        let percent = text(format!("{:.0} %", fraction * 100.0)).size(size::LABEL).width(40).align_x(Alignment::End);
        let label = super::text::label(node.label(), t.muted);
        container(row![label, bar, percent].spacing(space::S).align_y(Alignment::Center)).width(Length::Fill).into()
    }
}
