//! Rows, columns and aligned grids whose children keep their state by key.
//!
//! iced pairs the children of two rebuilds by position: a node inserted above an input would take
//! its caret away, or worse, give it to another input. Here every child has a key (its node id), and
//! state follows the key.

mod grid;
mod wrap;

use iced::advanced::layout::{self, Layout, flex};
use iced::advanced::widget::{Operation, Tree, tree};
use iced::advanced::{Clipboard, Shell, Widget, mouse, overlay, renderer};
use iced::{Alignment, Color, Length, Padding, Point, Rectangle, Renderer, Size, Theme, Vector};

use crate::Element;
use crate::event::Event;
use crate::mark::fill;

/// How children are placed.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrange {
    /// Side by side.
    Row,
    /// Side by side, on as many lines as that takes.
    Wrap,
    /// One below the other.
    Column,
    /// In rows of aligned columns.
    Grid(Vec<GridColumn>),
}

/// One column of a grid.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GridColumn {
    /// Its share of the spare width; 0 takes what its content needs.
    pub grow: f32,
    /// Whether its content stands at the right.
    pub right: bool,
}

/// Lines and backgrounds behind the rows of a grid.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Between rows.
    pub line: Color,
    /// Behind the first row, when that is a heading.
    pub header: Option<Color>,
    /// Behind the selected row.
    pub selected: Option<(usize, Color)>,
}

type OnRow<'a> = Box<dyn Fn(usize) -> Option<Event> + 'a>;

/// Children with keys, placed by an [`Arrange`].
pub struct Flow<'a> {
    arrange: Arrange,
    keys: Vec<String>,
    children: Vec<Element<'a>>,
    width: Length,
    height: Length,
    spacing: Size,
    padding: Padding,
    align: Alignment,
    rules: Option<Rules>,
    on_row: Option<OnRow<'a>>,
    /// The rows of a grid below which the last children stand, over its whole width.
    notes: Vec<usize>,
    at_end: bool,
}

/// Children that differ in height are aligned by their first or last line, not by their middles.
const LINE: f32 = crate::tokens::space::CONTROL;
/// What is lower than this has one line, however large.
const ONE_LINE: f32 = 40.0;

/// How far below the upper edge of its row a child stands.
fn band(row: f32, child: f32, at_end: bool) -> f32 {
    let band = if row <= ONE_LINE { row } else { LINE };
    let within = ((band - child) / 2.0).max(0.0);
    match at_end {
        false => within.round(),
        true if child >= band => row - child,
        true => (row - band + within).round(),
    }
}

/// Puts at each place what stands at the place of `order`.
fn permute<T>(items: &mut Vec<T>, order: &[usize]) {
    let mut old: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.iter().filter_map(|from| old.get_mut(*from).and_then(Option::take)));
}

/// The order that undoes another.
fn inverse(order: &[usize]) -> Vec<usize> {
    let mut back = vec![0; order.len()];
    for (to, from) in order.iter().enumerate() {
        back[*from] = to;
    }
    back
}

impl<'a> Flow<'a> {
    /// Children placed so; those with an empty key are known by their position.
    pub fn new(arrange: Arrange, children: impl IntoIterator<Item = (String, Element<'a>)>) -> Self {
        let (keys, children): (Vec<_>, Vec<Element<'a>>) = children.into_iter().unzip();
        let (mut width, mut height) = (Length::Shrink, Length::Shrink);
        for child in &children {
            let hint = child.as_widget().size_hint();
            (width, height) = (width.enclose(hint.width), height.enclose(hint.height));
        }
        if let Arrange::Grid(columns) = &arrange {
            let grows = columns.iter().any(|column| column.grow > 0.0);
            width = if grows { Length::Fill } else { width };
            height = Length::Shrink;
        }
        Self {
            arrange,
            keys,
            children,
            width,
            height,
            spacing: Size::ZERO,
            padding: Padding::ZERO,
            align: Alignment::Start,
            rules: None,
            on_row: None,
            notes: Vec::new(),
            at_end: false,
        }
    }

    /// Room between columns and between rows.
    pub fn spacing(self, x: f32, y: f32) -> Self {
        Self { spacing: Size::new(x, y), ..self }
    }

    /// Room round all children.
    pub fn padding(self, padding: impl Into<Padding>) -> Self {
        Self { padding: padding.into(), ..self }
    }

    /// The width; otherwise what the children ask for.
    pub fn width(self, width: impl Into<Length>) -> Self {
        Self { width: width.into(), ..self }
    }

    /// How children stand across the direction.
    pub fn align(self, align: Alignment) -> Self {
        Self { align, ..self }
    }

    /// The children of a row are aligned by their last line: that of inputs with labels above them.
    pub fn at_end(self, at_end: bool) -> Self {
        Self { at_end, ..self }
    }

    /// Sentences over the whole width of a grid, each below the row of this number.
    pub fn notes(mut self, notes: impl IntoIterator<Item = (usize, Element<'a>)>) -> Self {
        for (row, note) in notes {
            self.keys.push(format!("note {row}"));
            self.children.push(note);
            self.notes.push(row);
        }
        self
    }

    /// Where there is less room than all ask for, those with a key, the controls, have theirs first: words beside a
    /// button are broken, the button is never squeezed.
    fn row(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let (width, height, padding, spacing) = (self.width, self.height, self.padding, self.spacing.width);
        let order = self.controls_first();
        permute(&mut self.children, &order);
        permute(&mut tree.children, &order);
        let (children, trees) = (&mut self.children, &mut tree.children);
        let axis = flex::Axis::Horizontal;
        let start = Alignment::Start;
        let node = flex::resolve(axis, renderer, limits, width, height, padding, spacing, start, children, trees);
        let back = inverse(&order);
        permute(&mut self.children, &back);
        permute(&mut tree.children, &back);
        let mut nodes = node.children().to_vec();
        permute(&mut nodes, &back);
        let (room, mut x) = (node.size().height - padding.y(), padding.left);
        for child in &mut nodes {
            let y = child.bounds().y + band(room, child.size().height, self.at_end);
            child.move_to_mut(Point::new(x, y));
            x += child.size().width + spacing;
        }
        layout::Node::with_children(node.size(), nodes)
    }

    fn controls_first(&self) -> Vec<usize> {
        let (controls, words): (Vec<usize>, Vec<usize>) =
            (0..self.keys.len()).partition(|index| !self.keys[*index].is_empty());
        [controls, words].concat()
    }

    /// Lines between the rows of a grid; the cells then have `spacing` as room within the lines.
    pub fn rules(self, rules: Rules) -> Self {
        Self { rules: Some(rules), ..self }
    }

    /// What pressing a row of a grid gives.
    pub fn on_row(self, on_row: impl Fn(usize) -> Option<Event> + 'a) -> Self {
        Self { on_row: Some(Box::new(on_row)), ..self }
    }

    fn draw_rules(&self, tree: &Tree, renderer: &mut Renderer, bounds: Rectangle, cursor: mouse::Cursor) {
        let Some(rules) = &self.rules else { return };
        let rows = &tree.state.downcast_ref::<State>().rows;
        let mut top = bounds.y;
        for (index, bottom) in rows.iter().enumerate() {
            let bottom = (bounds.y + bottom).round().min(bounds.y + bounds.height);
            let row = Rectangle { y: top, height: bottom - top, ..bounds };
            match (index, rules.header, rules.selected) {
                (0, Some(color), _) => fill(renderer, row, color),
                (_, _, Some((selected, color))) if selected == index => fill(renderer, row, color),
                _ if self.on_row.is_some() && cursor.is_over(row) => {
                    fill(renderer, row, rules.line.scale_alpha(0.35));
                }
                _ => {}
            }
            if index + 1 < rows.len() {
                fill(renderer, Rectangle { y: bottom - 1.0, height: 1.0, ..row }, rules.line);
            }
            top = bottom;
        }
    }

    fn press_row(
        &self,
        tree: &mut Tree,
        bounds: Rectangle,
        cursor: mouse::Cursor,
        event: &iced::Event,
    ) -> Option<Event> {
        let on_row = self.on_row.as_ref()?;
        let state = tree.state.downcast_mut::<State>();
        let position = cursor.position_in(bounds)?;
        let row = state.rows.iter().position(|bottom| position.y < *bottom);
        match event {
            iced::Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)) => {
                state.held = row;
                None
            }
            iced::Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)) => {
                on_row(state.held.take().filter(|held| Some(*held) == row)?)
            }
            _ => None,
        }
    }
}

#[derive(Debug, Default)]
struct State {
    keys: Vec<String>,
    widths: Vec<f32>,
    rows: Vec<f32>,
    held: Option<usize>,
    hovered: Option<usize>,
}

impl Widget<Event, Theme, Renderer> for Flow<'_> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State { keys: self.keys.clone(), ..State::default() })
    }

    fn children(&self) -> Vec<Tree> {
        self.children.iter().map(Tree::new).collect()
    }

    fn diff(&self, tree: &mut Tree) {
        let state = tree.state.downcast_mut::<State>();
        if state.keys == self.keys {
            tree.diff_children(&self.children);
            return;
        }
        let keys = std::mem::replace(&mut state.keys, self.keys.clone());
        let mut old: Vec<_> =
            keys.into_iter().zip(tree.children.drain(..)).enumerate().map(|(i, o)| (i, Some(o))).collect();
        let mut take = |index: usize, key: &str| {
            let found = old.iter_mut().find(|(at, entry)| {
                entry.as_ref().is_some_and(|(name, _)| name == key && (!key.is_empty() || *at == index))
            });
            found.and_then(|(_, entry)| entry.take()).map(|(_, tree)| tree)
        };
        tree.children = (self.keys.iter().zip(&self.children).enumerate())
            .map(|(index, (key, child))| match take(index, key) {
                Some(mut tree) => {
                    tree.diff(child);
                    tree
                }
                None => Tree::new(child),
            })
            .collect();
    }

    fn size(&self) -> Size<Length> {
        Size::new(self.width, self.height)
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        match self.arrange.clone() {
            Arrange::Grid(columns) => return self.grid(tree, renderer, limits, &columns),
            Arrange::Row => return self.row(tree, renderer, limits),
            Arrange::Wrap => return self.wrap(tree, renderer, limits),
            Arrange::Column => {}
        }
        let (width, height, padding, align) = (self.width, self.height, self.padding, self.align);
        let (axis, spacing) = (flex::Axis::Vertical, self.spacing.height);
        let (children, trees) = (&mut self.children, &mut tree.children);
        flex::resolve(axis, renderer, limits, width, height, padding, spacing, align, children, trees)
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        operation.container(None, layout.bounds());
        operation.traverse(&mut |operation| {
            for ((child, tree), layout) in self.children.iter_mut().zip(&mut tree.children).zip(layout.children()) {
                child.as_widget_mut().operate(tree, layout, renderer, operation);
            }
        });
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &iced::Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Event>,
        viewport: &Rectangle,
    ) {
        for ((child, tree), layout) in self.children.iter_mut().zip(&mut tree.children).zip(layout.children()) {
            child.as_widget_mut().update(tree, event, layout, cursor, renderer, clipboard, shell, viewport);
        }
        if self.on_row.is_some() && !shell.is_event_captured() && cursor.is_over(*viewport) {
            if let Some(event) = self.press_row(tree, layout.bounds(), cursor, event) {
                shell.publish(event);
                shell.capture_event();
            }
            let state = tree.state.downcast_mut::<State>();
            let position = cursor.position_in(layout.bounds());
            let hovered = position.and_then(|position| state.rows.iter().position(|bottom| position.y < *bottom));
            if std::mem::replace(&mut state.hovered, hovered) != hovered {
                shell.request_redraw();
            }
        }
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let Some(visible) = layout.bounds().intersection(viewport) else {
            return;
        };
        self.draw_rules(tree, renderer, layout.bounds(), cursor);
        for ((child, tree), layout) in self.children.iter().zip(&tree.children).zip(layout.children()) {
            if layout.bounds().intersects(&visible) {
                child.as_widget().draw(tree, renderer, theme, style, layout, cursor, viewport);
            }
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        (self.children.iter().zip(&tree.children).zip(layout.children()))
            .map(|((child, tree), layout)| {
                child.as_widget().mouse_interaction(tree, layout, cursor, viewport, renderer)
            })
            .max()
            .unwrap_or_default()
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Event, Theme, Renderer>> {
        overlay::from_children(&mut self.children, tree, layout, renderer, viewport, translation)
    }
}

impl<'a> From<Flow<'a>> for Element<'a> {
    fn from(flow: Flow<'a>) -> Self {
        Element::new(flow)
    }
}
