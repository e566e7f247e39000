//! Reads the windows of one file: tabs, rows, columns, splits and bricks.

use crate::draft::DraftBrick;
use crate::model::{BrickSpec, Direction, Node, TabSpec, WindowSpec};
use crate::read::{Reader, head};
use crate::suggest;
use crate::syntax::{Expr, ExprKind, Item, Mistake, Name};

const NODES: [&str; 5] = ["Tabs", "Row", "Column", "Split", "Brick"];
const BRICK_FIELDS: [&str; 4] = ["id", "uses", "config", "keep"];

const WINDOW_HELP: &str = "a window is written Window(\"title\", ...)";
const TAB_HELP: &str = "a tab is written Tab(\"title\", ...)";
const SPLIT_HELP: &str = "a split is written Split(Right(0.5), ..., ...) or Split(Below(0.5), ..., ...)";

impl Reader<'_> {
    pub(crate) fn windows(&mut self, expr: &Expr) -> Vec<WindowSpec> {
        let items = self.list(expr, "a list of windows", "write windows: [Window(\"title\", ...)]");
        let read = |item| self.titled(item, "Window", WINDOW_HELP);
        items.iter().filter_map(read).map(|(title, root)| WindowSpec { title, root }).collect()
    }

    /// Whatever is left out of the windows may use objects.
    fn or_lost<T>(&mut self, part: Option<T>) -> Option<T> {
        self.lost.uses |= part.is_none();
        part
    }

    /// `Window("title", node)` or `Tab("title", node)`.
    fn titled(&mut self, expr: &Expr, what: &str, help: &str) -> Option<(String, Node)> {
        let items = match &expr.kind {
            ExprKind::Group { name: Some(name), items } if name.text == what => items,
            _ => {
                self.wrong(expr, &format!("`{what}(..)`"), Some(help));
                return None;
            }
        };
        let arguments = self.fields(items, &[], &format!("`{what}`"), 2).positional;
        let [title, root] = arguments[..] else {
            if !self.tree.is_broken(expr.span) && items.iter().all(|item| item.name.is_none()) {
                let message = format!("`{what}` takes a title and what it shows");
                self.error(Mistake::new(head(expr), message).help(help));
            }
            return self.or_lost(None);
        };
        let title = self.text(title, "a title");
        let root = self.node(root);
        Some((title?.value, root?))
    }

    /// `None` only after an error.
    fn node(&mut self, expr: &Expr) -> Option<Node> {
        let help = "a part of a window is Tabs([..]), Row([..]), Column([..]), Split(..) or Brick(\"kind\")";
        let ExprKind::Group { name: Some(name), items } = &expr.kind else {
            self.wrong(expr, "a part of a window", Some(help));
            return None;
        };
        let node = match name.text.as_str() {
            "Tabs" => self.tabs(name, items),
            "Row" => self.nodes(name, items).map(Node::Row),
            "Column" => self.nodes(name, items).map(Node::Column),
            "Split" => self.split(expr, items),
            "Brick" => self.brick(expr, items),
            other => {
                let message = format!("`{other}` is not a part of a window");
                let mut mistake = Mistake::new(name.span, message);
                mistake.help = match other {
                    "Tab" => Some("tabs are written Tabs([Tab(\"title\", ...), ...])".into()),
                    "Window" => Some("a window cannot stand in a window".into()),
                    _ => suggest::help(other, NODES, "the parts of a window"),
                };
                self.error(mistake);
                None
            }
        };
        self.or_lost(node)
    }

    /// The list that is the only argument of `Tabs`, `Row` and `Column`.
    fn only_list<'e>(&mut self, name: &Name, items: &'e [Item]) -> Option<&'e [Expr]> {
        if let [Item { name: None, value: Expr { kind: ExprKind::List(parts), .. } }] = items {
            return Some(parts);
        }
        if !items.iter().any(|item| item.value.kind == ExprKind::Broken) {
            let message = format!("`{}` takes one list", name.text);
            self.error(Mistake::new(name.span, message).help(format!("write {}([...])", name.text)));
        }
        None
    }

    fn tabs(&mut self, name: &Name, items: &[Item]) -> Option<Node> {
        let parts = self.only_list(name, items)?;
        let read = |part| self.titled(part, "Tab", TAB_HELP);
        Some(Node::Tabs(parts.iter().filter_map(read).map(|(title, root)| TabSpec { title, root }).collect()))
    }

    fn nodes(&mut self, name: &Name, items: &[Item]) -> Option<Vec<Node>> {
        let parts = self.only_list(name, items)?;
        Some(parts.iter().filter_map(|part| self.node(part)).collect())
    }

    fn split(&mut self, expr: &Expr, items: &[Item]) -> Option<Node> {
        let arguments = self.fields(items, &[], "`Split`", 3).positional;
        let [direction, first, second] = arguments[..] else {
            if !self.tree.is_broken(expr.span) && items.iter().all(|item| item.name.is_none()) {
                let message = "`Split` takes a direction and two parts";
                self.error(Mistake::new(head(expr), message).help(SPLIT_HELP));
            }
            arguments.iter().skip(1).for_each(|part| {
                self.node(part);
            });
            return None;
        };
        let direction = self.direction(direction);
        let first = self.node(first);
        let second = self.node(second);
        let (direction, fraction) = direction?;
        Some(Node::Split { direction, fraction, first: Box::new(first?), second: Box::new(second?) })
    }

    /// `Right(0.65)` or `Below(0.65)`.
    fn direction(&mut self, expr: &Expr) -> Option<(Direction, f32)> {
        let (name, items) = match &expr.kind {
            ExprKind::Group { name: Some(name), items } => (name, items.as_slice()),
            _ => {
                self.wrong(expr, "`Right(..)` or `Below(..)`", Some(SPLIT_HELP));
                return None;
            }
        };
        let direction = match name.text.as_str() {
            "Right" => Direction::Right,
            "Below" => Direction::Below,
            other => {
                let mut mistake = Mistake::new(name.span, format!("a split has no direction `{other}`"));
                mistake.help = suggest::help(other, ["Right", "Below"], "the directions");
                self.error(mistake);
                return None;
            }
        };
        let fraction = match items {
            [Item { name: None, value }] if value.kind == ExprKind::Broken => return None,
            [Item { name: None, value }] => match value.kind {
                ExprKind::Float(fraction) => fraction,
                ExprKind::Int(fraction) => fraction as f64,
                _ => {
                    self.wrong(value, "a number between 0 and 1", None);
                    return None;
                }
            },
            _ => {
                let message = format!("`{}` takes the fraction that the first part gets", name.text);
                self.error(Mistake::new(name.span, message).help(format!("write {}(0.5)", name.text)));
                return None;
            }
        };
        if fraction > 0.0 && fraction < 1.0 {
            return Some((direction, fraction as f32));
        }
        let message = format!("{fraction} is not between 0 and 1");
        let help = "this is the fraction that the first part gets, such as 0.5";
        self.error(Mistake::new(items[0].value.span, message).help(help));
        None
    }

    fn brick(&mut self, expr: &Expr, items: &[Item]) -> Option<Node> {
        let fields = self.fields(items, &BRICK_FIELDS, "`Brick`", 1);
        let kind = match fields.positional.first() {
            Some(kind) => self.text(kind, "the kind of a brick"),
            None => {
                let has_other = items.iter().any(|item| item.name.as_ref().is_some_and(|name| name.text == "kind"));
                if !self.tree.is_broken(expr.span) && !has_other {
                    let help = "write its kind first: Brick(\"motors.table\", ...)";
                    self.error(Mistake::new(head(expr), "this brick has no kind").help(help));
                }
                None
            }
        };
        let id = fields.get("id").and_then(|expr| self.text(expr, "the id of a brick"));
        let instance = self.instance(expr.span, kind, &fields);
        let spec = BrickSpec {
            kind: instance.kind(),
            id: String::new(),
            uses: instance.uses(),
            config: instance.config(),
            keep: instance.keep,
            place: self.report.place(self.file, expr.span),
        };
        self.bricks.push(DraftBrick { id, instance });
        Some(Node::Brick(spec))
    }
}
