//! Lists of many things: tables and trees.

use brickwork_sdk::Value;
use brickwork_sdk::view::{Column, Node, TreeItem};
use iced::widget::{column, container, row, scrollable, text};
use iced::{Alignment, Length, Padding};

use super::{Inside, Pen};
use crate::event::{Event, Place};
use crate::flow::{Arrange, Flow, GridColumn, Rules};
use crate::focus::{Look, Pressable};
use crate::tokens::{size, space};
use crate::{Element, fonts, style};

/// About how high a row is; what stands for rows that were not given.
const ROW: f32 = space::CONTROL + space::XS;
/// A table without room to grow shows this many rows before it scrolls.
const MOST_ROWS: usize = 16;

impl<'a> Pen<'a> {
    pub(super) fn table(self, node: &'a Node) -> Element<'a> {
        let columns: Vec<Column> = node.read("columns").unwrap_or_default();
        let first = node.number("first").unwrap_or(0.0).max(0.0) as usize;
        let total = (node.number("total").unwrap_or(0.0).max(0.0) as usize).max(first + node.children.len());
        let grows = node.attribute("grow").is_some();
        let rows = self.rows(node, &columns, first);
        let before = iced::widget::Space::new().height(first as f32 * ROW);
        let after = iced::widget::Space::new().height((total - first - node.children.len()) as f32 * ROW);
        let content = column![before, rows, after].width(Length::Fill);
        if !grows && total <= MOST_ROWS {
            // Columns that have no room are cut, not drawn over what stands beside the table.
            let bar = scrollable::Scrollbar::new().width(0.0).scroller_width(0.0);
            return scrollable(content).direction(scrollable::Direction::Vertical(bar)).width(Length::Fill).into();
        }
        let height = if grows { Length::Fill } else { Length::Fixed(MOST_ROWS as f32 * ROW) };
        let (place, given) = (self.place(node), node.children.len());
        let ask = node.attribute("on_page").and_then(|action| action.get("message")).cloned();
        let on_scroll = move |viewport: scrollable::Viewport| {
            let top = (viewport.absolute_offset().y / ROW) as usize;
            let seen = (viewport.bounds().height / ROW).ceil() as usize;
            let missing = top < first || (top + seen).min(total) > first + given;
            // Asked for in pages, with some rows before: scrolling back a little asks for nothing.
            let from = top.saturating_sub(seen) / seen.max(1) * seen.max(1);
            Event::Scrolled { place: place.clone(), first: from, ask: ask.clone().filter(|_| missing) }
        };
        let bar = scrollable::Scrollbar::new().width(6.0).scroller_width(6.0).margin(1.0).spacing(space::XS);
        scrollable(content)
            .direction(scrollable::Direction::Vertical(bar))
            .width(Length::Fill)
            .height(height)
            .on_scroll(on_scroll)
            .style(style::scroll(self.tokens()))
            .into()
    }

    fn rows(self, node: &'a Node, columns: &[Column], first: usize) -> Element<'a> {
        let t = self.tokens();
        let grows = columns.iter().any(|column| column.grow > 0.0);
        let last = columns.len().saturating_sub(1);
        let shape = columns.iter().enumerate().map(|(index, column)| GridColumn {
            // Spare width goes to the last column when none asks for it: the others stay together.
            grow: if !grows && index == last { 1.0 } else { column.grow as f32 },
            right: column.numeric,
        });
        // The cells of the first column stand within their focus rings.
        let ring = if node.attribute("on_select").is_some() { space::XS } else { 0.0 };
        let heads = columns.iter().enumerate().map(move |(at, column)| {
            let words = text(column.title.clone()).size(size::LABEL).font(fonts::SEMIBOLD).color(t.muted);
            let left = if at == 0 { ring } else { 0.0 };
            let padding = Padding { top: space::XS, bottom: space::XS, left, right: 0.0 };
            (format!("head {}", column.title), container(words).padding(padding).into())
        });
        let pen = Self { inside: Inside::Grid, labelled: true, ..self };
        let cells = node.children.iter().enumerate().flat_map(move |(index, line)| {
            (0..columns.len()).map(move |at| {
                let cell: Element<'a> = match line.children.get(at) {
                    Some(cell) => pen.draw(cell),
                    None => iced::widget::Space::new().into(),
                };
                (format!("{}/{at}", first + index), self.cell(node, line, first + index, at, cell))
            })
        });
        let is_selected = |(index, line)| row_name(line, first + index) == node.text("selected");
        let selected = node.children.iter().enumerate().position(is_selected);
        let rules =
            Rules { line: t.outline, header: Some(t.raised), selected: selected.map(|at| (at + 1, t.selected())) };
        let cells: Vec<_> = heads.chain(cells).collect();
        let mut flow = Flow::new(Arrange::Grid(shape.collect()), cells)
            .spacing(space::L, space::XS)
            .padding(Padding { left: space::S, right: space::S, top: 0.0, bottom: space::XS / 2.0 })
            .width(Length::Fill)
            .rules(rules);
        if node.attribute("on_select").is_some() {
            flow = flow.on_row(move |at| {
                let index = at.checked_sub(1)?;
                self.message(node, "on_select", &Value::from(row_name(node.children.get(index)?, first + index)))
            });
        }
        flow.into()
    }

    /// The first cell of a row that can be selected takes the focus for its row.
    fn cell(self, node: &'a Node, line: &'a Node, index: usize, at: usize, cell: Element<'a>) -> Element<'a> {
        if at > 0 || node.attribute("on_select").is_none() {
            return container(cell).align_y(Alignment::Center).into();
        }
        let name = row_name(line, index);
        Pressable::new(cell, self.tokens())
            .look(Look::Bare)
            .padding([0.0, space::XS])
            .place(Place::new(self.brick, &format!("{}/{name}", node.id)))
            .on_press(self.message(node, "on_select", &Value::from(name)))
            .copy(self.row_words(line))
            .into()
    }

    /// What a row says, for a spreadsheet: its words and values with tabs between.
    fn row_words(self, line: &'a Node) -> String {
        let words: Vec<String> = line.walk().map(|node| self.said(node)).filter(|words| !words.is_empty()).collect();
        words.join("\t")
    }

    pub(super) fn tree(self, node: &'a Node) -> Element<'a> {
        let items: Vec<TreeItem> = node.read("items").unwrap_or_default();
        let mut lines = Vec::new();
        self.branches(node, items, 0, &mut lines);
        let lines = Flow::new(Arrange::Column, lines).width(Length::Fill);
        if node.attribute("grow").is_some() {
            super::place::scrolled(lines.into(), self.tokens())
        } else {
            lines.into()
        }
    }

    fn branches(self, node: &'a Node, items: Vec<TreeItem>, depth: usize, lines: &mut Vec<(String, Element<'a>)>) {
        let (t, place) = (self.tokens(), self.place(node));
        for item in items {
            let open = self.drawing.edits.is_open(&place, &item.id);
            let fold = Event::Fold { place: place.clone(), item: item.id.clone(), open: !open };
            let sign = if item.children.is_empty() {
                ""
            } else if open {
                "−"
            } else {
                "+"
            };
            let handle = Pressable::new(text(sign).size(size::BODY).color(t.muted), t)
                .look(Look::Line(false))
                .padding([0.0, 6.0])
                .width(22.0)
                .height(24.0)
                .place(Place::new(self.brick, &format!("{}/{}/fold", node.id, item.id)))
                .on_press((!item.children.is_empty()).then_some(fold));
            let select = self.message(node, "on_select", &Value::from(item.id.as_str()));
            let label = Pressable::new(text(item.label).size(size::BODY), t)
                .look(Look::Line(item.id == node.text("selected")))
                .padding([0.0, space::XS])
                .width(Length::Fill)
                .height(24.0)
                .place(Place::new(self.brick, &format!("{}/{}", node.id, item.id)))
                .on_press(select);
            let line = row![handle, label].padding(Padding::ZERO.left(depth as f32 * space::L)).width(Length::Fill);
            lines.push((item.id.clone(), line.into()));
            if open {
                self.branches(node, item.children, depth + 1, lines);
            }
        }
    }
}

/// What selecting a row sends: its id, or its number when it has none.
fn row_name(line: &Node, index: usize) -> String {
    if line.id.is_empty() { index.to_string() } else { line.id.clone() }
}
