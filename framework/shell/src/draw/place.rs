//! What places other nodes: row, column, grid, group, scroll, tabs, space.

use brickwork_sdk::view::{Node, Tone};
use iced::widget::{column, container, scrollable};
use iced::{Length, Padding};

use super::{Inside, Pen};
use crate::event::Event;
use crate::flow::{Arrange, Flow, GridColumn};
use crate::focus::{Look, Pressable};
use crate::tokens::{size, space};
use crate::{Element, fonts, style};

impl<'a> Pen<'a> {
    fn children(self, node: &'a Node, inside: Inside) -> impl Iterator<Item = (String, Element<'a>)> {
        // In a row or grid that begins with words, the words are the label of what follows them; a title is none.
        let begins_with_words = node.children.first().is_some_and(is_label);
        let pen = Self { inside, labelled: self.labelled || (inside != Inside::Column && begins_with_words), ..self };
        node.children.iter().map(move |child| (child.id.clone(), pen.draw(child)))
    }

    pub(super) fn row(self, node: &'a Node) -> Element<'a> {
        let labels_above = !self.labelled
            && !node.children.first().is_some_and(is_label)
            && node
                .children
                .iter()
                .any(|child| matches!(child.kind.as_str(), "number_input" | "text_input" | "slider" | "choice"));
        let arrange = if node.flag("wrap") { Arrange::Wrap } else { Arrange::Row };
        let row = Flow::new(arrange, self.children(node, Inside::Row)).spacing(space::S, space::S);
        let row = row.at_end(labels_above).into();
        if self.inside == Inside::Grid {
            return row;
        }
        let mut lines = vec![("row".to_owned(), row)];
        lines.extend(self.row_notes(node).into_iter().map(|note| ("note".to_owned(), note)));
        Flow::new(Arrange::Column, lines).spacing(0.0, space::XS).into()
    }

    pub(super) fn column(self, node: &'a Node) -> Element<'a> {
        Flow::new(Arrange::Column, self.children(node, Inside::Column)).spacing(space::S, space::S).into()
    }

    pub(super) fn grid(self, node: &'a Node) -> Element<'a> {
        let columns = node.number("columns").map_or(1, |columns| columns.clamp(1.0, 64.0) as usize);
        let notes = node
            .children
            .iter()
            .enumerate()
            .flat_map(|(index, cell)| self.row_notes(cell).into_iter().map(move |note| (index / columns, note)));
        Flow::new(Arrange::Grid(vec![GridColumn::default(); columns]), self.children(node, Inside::Grid))
            .notes(notes)
            .spacing(space::M, space::XS)
            .into()
    }

    pub(super) fn group(self, node: &'a Node) -> Element<'a> {
        let t = self.tokens();
        let pen = Self { inside: Inside::Column, labelled: false, ..self };
        let title = iced::widget::text(node.label()).size(size::LABEL).font(fonts::SEMIBOLD).color(t.muted);
        let mut lines = column![].spacing(space::S);
        if !node.label().is_empty() {
            lines = lines.push(title);
        }
        for child in &node.children {
            lines = lines.push(pen.draw(child));
        }
        container(lines).padding(space::M).width(Length::Fill).style(style::group(t)).into()
    }

    pub(super) fn scroll(self, node: &'a Node) -> Element<'a> {
        let pen = Self { inside: Inside::Column, ..self };
        let child = node.children.first().map(|child| pen.draw(child)).unwrap_or_else(|| column![].into());
        scrolled(child, self.tokens())
    }

    pub(super) fn tabs(self, node: &'a Node) -> Element<'a> {
        let (t, place) = (self.tokens(), self.place(node));
        let titles: Vec<String> = node.read("titles").unwrap_or_default();
        let seen = self.drawing.edits.tab(&place).min(node.children.len().saturating_sub(1));
        let headers = titles.into_iter().enumerate().map(|(page, title)| {
            let words = iced::widget::text(title.clone()).size(size::BODY);
            let header = Pressable::new(words, t)
                .look(Look::Tab(page == seen))
                .place(crate::event::Place::new(self.brick, &format!("{}/{page}", node.id)))
                .on_press(Some(Event::Tab { place: place.clone(), page }));
            (title, header.into())
        });
        let headers =
            container(Flow::new(Arrange::Row, headers)).width(Length::Fill).padding(Padding::ZERO.bottom(space::LINE));
        let line = iced::widget::container(iced::widget::Space::new().width(Length::Fill).height(space::LINE))
            .style(move |_| container::Style { background: Some(t.outline.into()), ..Default::default() });
        let pen = Self { inside: Inside::Column, labelled: false, ..self };
        let page = node.children.get(seen).map(|child| (format!("{seen}"), pen.draw(child)));
        let page = Flow::new(Arrange::Column, page);
        column![column![headers, line], page].spacing(space::M).into()
    }

    pub(super) fn space(self) -> Element<'a> {
        let space = iced::widget::Space::new();
        match self.inside {
            Inside::Row | Inside::Grid => space.width(Length::Fill).into(),
            Inside::Column => space.height(Length::Fill).into(),
        }
    }
}

/// Whether words are the label of what stands beside them.
fn is_label(node: &Node) -> bool {
    node.kind == "text" && !matches!(node.tone(), Tone::Title | Tone::Primary)
}

/// `child` with a thin scroll bar when it is taller than its room.
pub(crate) fn scrolled(child: Element<'_>, tokens: crate::tokens::Tokens) -> Element<'_> {
    let bar = scrollable::Scrollbar::new().width(6.0).scroller_width(6.0).margin(1.0).spacing(space::XS);
    scrollable(child)
        .direction(scrollable::Direction::Vertical(bar))
        .width(Length::Fill)
        .style(style::scroll(tokens))
        .into()
}
