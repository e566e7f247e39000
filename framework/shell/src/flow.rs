//! Rows, columns and aligned grids whose children keep their state by key.
//!
//! iced pairs the children of two rebuilds by position: a node inserted above an input would take
//! its caret away, or worse, give it to another input. Here every child has a key (its node id), and
//! state follows the key.

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
        let align = if arrange == Arrange::Row { Alignment::Center } else { Alignment::Start };
        Self {
            arrange,
            keys,
            children,
            width,
            height,
            spacing: Size::ZERO,
            padding: Padding::ZERO,
            align,
            rules: None,
            on_row: None,
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

    /// Lines between the rows of a grid; the cells then have `spacing` as room within the lines.
    pub fn rules(self, rules: Rules) -> Self {
        Self { rules: Some(rules), ..self }
    }

    /// What pressing a row of a grid gives.
    pub fn on_row(self, on_row: impl Fn(usize) -> Option<Event> + 'a) -> Self {
        Self { on_row: Some(Box::new(on_row)), ..self }
    }

    fn grid(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits, columns: &[GridColumn]) -> layout::Node {
        let count = columns.len().max(1);
        let limits = limits.width(self.width).shrink(self.padding);
        let gaps = self.spacing.width * (count - 1) as f32;
        let room = limits.max().width - gaps;
        let state = tree.state.downcast_mut::<State>();
        state.widths.resize(count, 0.0);
        let mut grow: Vec<f32> = columns.iter().map(|column| column.grow).collect();
        grow.resize(count, 0.0);
        for (index, child) in self.children.iter().enumerate() {
            if child.as_widget().size_hint().width.is_fill() && grow[index % count] == 0.0 {
                grow[index % count] = 1.0;
            }
        }
        // What a table has shown once keeps its width: paging must not move its columns.
        let mut widths = if self.rules.is_some() { state.widths.clone() } else { vec![0.0; count] };
        let loose = layout::Limits::new(Size::ZERO, Size::new(room.max(0.0), f32::INFINITY));
        let mut nodes: Vec<Option<layout::Node>> = Vec::with_capacity(self.children.len());
        for (index, (child, tree)) in self.children.iter_mut().zip(&mut tree.children).enumerate() {
            nodes.push((grow[index % count] == 0.0).then(|| {
                let node = child.as_widget_mut().layout(tree, renderer, &loose);
                widths[index % count] = widths[index % count].max(node.size().width.ceil());
                node
            }));
        }
        let shares: f32 = grow.iter().sum();
        if shares > 0.0 {
            let fixed: f32 = widths.iter().zip(&grow).filter(|(_, grow)| **grow == 0.0).map(|(width, _)| width).sum();
            let spare = (room - fixed).max(0.0);
            for (width, grow) in widths.iter_mut().zip(&grow).filter(|(_, grow)| **grow > 0.0) {
                *width = (spare * grow / shares).floor();
            }
        }
        for (index, (child, tree)) in self.children.iter_mut().zip(&mut tree.children).enumerate() {
            let limits = layout::Limits::new(Size::ZERO, Size::new(widths[index % count], f32::INFINITY));
            nodes[index].get_or_insert_with(|| child.as_widget_mut().layout(tree, renderer, &limits));
        }
        tree.state.downcast_mut::<State>().widths.clone_from(&widths);
        let nodes = nodes.into_iter().flatten().collect();
        let (nodes, rows, height) = self.place(nodes, columns, &widths);
        tree.state.downcast_mut::<State>().rows = rows;
        let size = Size::new(widths.iter().sum::<f32>() + gaps, height).expand(self.padding);
        let width = if self.width.is_fill() { size.width.max(limits.max().width) } else { size.width };
        layout::Node::with_children(Size::new(width, size.height), nodes)
    }

    /// The cells at their places, the lower edges of the rows, and the height of all.
    fn place(
        &self,
        mut nodes: Vec<layout::Node>,
        columns: &[GridColumn],
        widths: &[f32],
    ) -> (Vec<layout::Node>, Vec<f32>, f32) {
        let (mut y, mut rows) = (self.padding.top, Vec::new());
        for row in nodes.chunks_mut(widths.len()) {
            let height = row.iter().map(|node| node.size().height.ceil()).fold(0.0, f32::max);
            let mut x = self.padding.left;
            for (index, node) in row.iter_mut().enumerate() {
                let right = columns.get(index).is_some_and(|column| column.right);
                let dx = if right { widths[index] - node.size().width } else { 0.0 };
                node.move_to_mut(Point::new(x + dx, y + ((height - node.size().height) / 2.0).round()));
                x += widths[index] + self.spacing.width;
            }
            y += height;
            rows.push(y + self.spacing.height / 2.0);
            y += self.spacing.height;
        }
        (nodes, rows, (y - self.spacing.height - self.padding.top).max(0.0))
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

    fn press_row(&self, tree: &mut Tree, bounds: Rectangle, cursor: mouse::Cursor, event: &iced::Event) -> Option<Event> {
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
        let mut old: Vec<_> = keys.into_iter().zip(tree.children.drain(..)).enumerate().map(|(i, o)| (i, Some(o))).collect();
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
        let (axis, spacing) = match self.arrange.clone() {
            Arrange::Grid(columns) => return self.grid(tree, renderer, limits, &columns),
            Arrange::Row => (flex::Axis::Horizontal, self.spacing.width),
            Arrange::Column => (flex::Axis::Vertical, self.spacing.height),
        };
        let (width, height, padding, align) = (self.width, self.height, self.padding, self.align);
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
        let Some(visible) = layout.bounds().intersection(viewport) else { return };
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
