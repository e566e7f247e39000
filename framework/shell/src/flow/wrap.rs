//! The layout of rows that go on below where their room ends. Only [`Flow`] calls it.

use iced::advanced::layout;
use iced::advanced::widget::Tree;
use iced::{Point, Renderer, Size};

use super::{Flow, band};

impl Flow<'_> {
    pub(super) fn wrap(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let limits = limits.width(self.width).shrink(self.padding);
        let room = limits.max().width;
        let loose = layout::Limits::new(Size::ZERO, Size::new(room, f32::INFINITY));
        let children = self.children.iter_mut().zip(&mut tree.children);
        let mut nodes: Vec<_> =
            children.map(|(child, tree)| child.as_widget_mut().layout(tree, renderer, &loose)).collect();
        let (mut rest, mut wide, mut y) = (nodes.as_mut_slice(), 0.0_f32, self.padding.top);
        while !rest.is_empty() {
            let (line, below) = rest.split_at_mut(self.fitting(rest, room));
            let (width, height) = self.line(line, y);
            wide = wide.max(width);
            y += height + self.spacing.height;
            rest = below;
        }
        let height = (y - self.spacing.height - self.padding.top).max(0.0);
        let size = limits.resolve(self.width, self.height, Size::new(wide, height));
        layout::Node::with_children(size.expand(self.padding), nodes)
    }

    /// How many of `nodes` stand on one line: as many as have room, and at least one.
    fn fitting(&self, nodes: &[layout::Node], room: f32) -> usize {
        let mut right = 0.0;
        let fits = nodes.iter().take_while(|node| {
            let fits = right + node.size().width <= room;
            // What shows nothing takes no room and no gap.
            right += node.size().width + if node.size().width > 0.0 { self.spacing.width } else { 0.0 };
            fits
        });
        fits.count().max(1)
    }

    /// Moves the nodes of one line to their places below `y`; its width and height.
    fn line(&self, nodes: &mut [layout::Node], y: f32) -> (f32, f32) {
        let height = nodes.iter().map(|node| node.size().height).fold(0.0, f32::max);
        let mut x = 0.0;
        for node in &mut *nodes {
            let size = node.size();
            node.move_to_mut(Point::new(self.padding.left + x, y + band(height, size.height, self.at_end)));
            x += size.width + if size.width > 0.0 { self.spacing.width } else { 0.0 };
        }
        ((x - self.spacing.width).max(0.0), height)
    }
}
