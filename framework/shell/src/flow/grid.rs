//! The layout of aligned grids: column widths from the content, spare width to those that grow,
//! sentences over the whole width below a row. Only [`Flow`] calls it.

use iced::advanced::layout;
use iced::advanced::widget::Tree;
use iced::{Point, Renderer, Size};

use super::{Flow, GridColumn, State, band};

impl Flow<'_> {
    pub(super) fn grid(
        &mut self,
        tree: &mut Tree,
        renderer: &Renderer,
        limits: &layout::Limits,
        columns: &[GridColumn],
    ) -> layout::Node {
        let count = columns.len().max(1);
        let cells = self.children.len() - self.notes.len();
        let limits = limits.width(self.width).shrink(self.padding);
        let gaps = self.spacing.width * (count - 1) as f32;
        let room = (limits.max().width - gaps).max(0.0);
        let grow = self.shares(columns, cells);
        let state = tree.state.downcast_mut::<State>();
        state.widths.resize(count, 0.0);
        // What a table has shown once keeps its width: paging must not move its columns.
        let mut widths = if self.rules.is_some() { state.widths.clone() } else { vec![0.0; count] };
        let loose = layout::Limits::new(Size::ZERO, Size::new(room, f32::INFINITY));
        let mut nodes: Vec<Option<layout::Node>> = Vec::with_capacity(self.children.len());
        for (index, (child, tree)) in self.children.iter_mut().zip(&mut tree.children).take(cells).enumerate() {
            nodes.push((grow[index % count] == 0.0).then(|| {
                let node = child.as_widget_mut().layout(tree, renderer, &loose);
                widths[index % count] = widths[index % count].max(node.size().width.ceil());
                node
            }));
        }
        let shares: f32 = grow.iter().sum();
        let fixed: f32 = widths.iter().zip(&grow).filter(|(_, grow)| **grow == 0.0).map(|(width, _)| width).sum();
        for (width, grow) in widths.iter_mut().zip(&grow).filter(|(_, grow)| **grow > 0.0) {
            *width = ((room - fixed).max(0.0) * grow / shares).floor();
        }
        let wide = widths.iter().sum::<f32>() + gaps;
        for (index, (child, tree)) in self.children.iter_mut().zip(&mut tree.children).enumerate() {
            let width = if index < cells { widths[index % count] } else { wide };
            let limits = layout::Limits::new(Size::ZERO, Size::new(width, f32::INFINITY));
            match nodes.get(index) {
                Some(Some(_)) => {}
                Some(None) => nodes[index] = Some(child.as_widget_mut().layout(tree, renderer, &limits)),
                None => nodes.push(Some(child.as_widget_mut().layout(tree, renderer, &limits))),
            }
        }
        let mut nodes: Vec<_> = nodes.into_iter().flatten().collect();
        let (rows, height) = self.place(&mut nodes, cells, columns, &widths);
        let state = tree.state.downcast_mut::<State>();
        (state.rows, state.widths) = (rows, widths);
        let size = Size::new(wide, height).expand(self.padding);
        let width =
            if self.width.is_fill() { size.width.max(limits.max().width + self.padding.x()) } else { size.width };
        layout::Node::with_children(Size::new(width, size.height), nodes)
    }

    /// The share of each column in the spare width; one that holds something that fills grows.
    fn shares(&self, columns: &[GridColumn], cells: usize) -> Vec<f32> {
        let mut shares: Vec<f32> = columns.iter().map(|column| column.grow).collect();
        shares.resize(columns.len().max(1), 0.0);
        let count = shares.len();
        for (index, child) in self.children.iter().take(cells).enumerate() {
            if child.as_widget().size_hint().width.is_fill() && shares[index % count] == 0.0 {
                shares[index % count] = 1.0;
            }
        }
        shares
    }

    /// Moves the nodes to their places; gives the lower edges of the rows and the height of all.
    fn place(
        &self,
        nodes: &mut [layout::Node],
        cells: usize,
        columns: &[GridColumn],
        widths: &[f32],
    ) -> (Vec<f32>, f32) {
        let (cells, notes) = nodes.split_at_mut(cells);
        let (mut y, mut rows) = (self.padding.top, Vec::new());
        for (number, row) in cells.chunks_mut(widths.len()).enumerate() {
            let height = row.iter().map(|node| node.size().height.ceil()).fold(0.0, f32::max);
            let mut x = self.padding.left;
            for (index, node) in row.iter_mut().enumerate() {
                let right = columns.get(index).is_some_and(|column| column.right);
                let dx = if right { widths[index] - node.size().width } else { 0.0 };
                node.move_to_mut(Point::new(x + dx, y + band(height, node.size().height, false)));
                x += widths[index] + self.spacing.width;
            }
            y += height;
            for (_, note) in self.notes.iter().zip(notes.iter_mut()).filter(|(row, _)| **row == number) {
                note.move_to_mut(Point::new(self.padding.left, y + 2.0));
                y += note.size().height.ceil() + 2.0;
            }
            rows.push(y + self.spacing.height / 2.0);
            y += self.spacing.height;
        }
        (rows, (y - self.spacing.height - self.padding.top).max(0.0))
    }
}
