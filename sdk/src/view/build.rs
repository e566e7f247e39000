//! The functions with which a brick builds its view.

use std::marker::PhantomData;

use serde::Serialize;

use super::event::{Hole, template};
use super::node::{Column, Drag, Node, Overlay, Series, Tone, TreeItem};
use crate::client::ChannelName;
use crate::{Value, to_value};

/// A view whose controls send messages of type `M`.
pub struct View<M> {
    node: Node,
    message: PhantomData<fn(M)>,
}

impl<M> Clone for View<M> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), message: PhantomData }
    }
}

impl<M> View<M> {
    fn new(kind: &str) -> Self {
        Self { node: Node::new(kind), message: PhantomData }
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.node.attributes.insert(name.into(), value.into());
        self
    }

    fn with_data(self, name: &str, data: &impl Serialize) -> Self {
        let value = to_value(data).unwrap_or_default();
        self.with(name, value)
    }

    fn with_children(mut self, children: impl IntoIterator<Item = View<M>>) -> Self {
        self.node.children = children.into_iter().map(|child| child.node).collect();
        self
    }

    fn bound(self, channel: &ChannelName) -> Self {
        let name = Value::map([("object", channel.object.as_str().into()), ("channel", channel.name.as_str().into())]);
        let view = self.with("channel", name);
        match (channel.unit.as_str(), channel.unit_channel.as_str()) {
            ("", "") => view,
            ("", own) => view.with("unit_channel", own),
            (unit, _) => view.with("unit", unit),
        }
    }

    /// The data nodes of the view.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// The data nodes, taken out.
    pub fn into_node(self) -> Node {
        self.node
    }

    /// Names the node within its view.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.node.id = id.into();
        self
    }

    /// What a person and a test call it.
    pub fn label(self, label: impl Into<String>) -> Self {
        self.with("label", label.into())
    }

    /// Takes a share of the spare room of its row or column.
    pub fn grow(self) -> Self {
        self.with("grow", 1.0)
    }

    /// A row goes on below where its room ends; nothing in it grows.
    pub fn wrap(self) -> Self {
        self.with("wrap", true)
    }

    /// How it is meant.
    pub fn tone(self, tone: Tone) -> Self {
        self.with_data("tone", &tone)
    }

    /// The one main action or value of the brick.
    pub fn primary(self) -> Self {
        self.tone(Tone::Primary)
    }

    /// Secondary text.
    pub fn muted(self) -> Self {
        self.tone(Tone::Muted)
    }

    /// Stops, breaks or has failed.
    pub fn danger(self) -> Self {
        self.tone(Tone::Danger)
    }

    /// Letters of one width, for text that a program wrote in columns.
    pub fn fixed(self) -> Self {
        self.with("fixed", true)
    }

    /// Cannot be used now; `why` is shown beside it. An empty `why` leaves it usable.
    pub fn disabled(self, why: impl Into<String>) -> Self {
        self.with("disabled", why.into())
    }

    /// The same where the view says why already: only hovering repeats it, so that nothing moves when it changes.
    pub fn disabled_as_said(self, why: impl Into<String>) -> Self {
        self.disabled(why).with("said", true)
    }

    /// What hovering says.
    pub fn help(self, help: impl Into<String>) -> Self {
        self.with("help", help.into())
    }

    /// The unit behind a number.
    pub fn unit(self, unit: impl Into<String>) -> Self {
        self.with("unit", unit.into())
    }

    /// Shows a time as one reads it, `12 min 34 s`, instead of a number of seconds, minutes or hours.
    pub fn duration(self) -> Self {
        self.with("duration", true)
    }

    /// How many digits follow the point.
    pub fn decimals(self, decimals: u8) -> Self {
        self.with("decimals", i64::from(decimals))
    }

    /// The smallest and the largest number that may be entered; the control refuses others and says why. A side without
    /// a limit, by [`real_limits`](crate::interfaces::real_limits), is left open.
    pub fn range(self, range: (f64, f64)) -> Self {
        let (min, max) = crate::interfaces::real_limits(range);
        let with = |view: Self, name, limit: f64| if limit.is_finite() { view.with(name, limit) } else { view };
        with(with(self, "min", min), "max", max)
    }

    /// How far one step of a number goes: arrow keys and the wheel change what Enter will send.
    pub fn step(self, step: f64) -> Self {
        self.with("step", step)
    }

    /// Part of a form: what is typed is taken before another control of the brick acts, so that a button never uses an
    /// older value than the one that stands there. For inputs whose message changes nothing but the brick.
    pub fn form(self) -> Self {
        self.with("form", true)
    }

    /// Shows the value of a channel, and edits start from it.
    pub fn follow(self, channel: &ChannelName) -> Self {
        self.bound(channel)
    }

    /// Text in an empty input.
    pub fn placeholder(self, placeholder: impl Into<String>) -> Self {
        self.with("placeholder", placeholder.into())
    }

    /// Input is not shown, and never logged.
    pub fn secret(self) -> Self {
        self.with("secret", true)
    }

    /// Names the given rows of a table in order: what `on_select` sends instead of their numbers.
    pub fn rows(mut self, names: &[impl AsRef<str>]) -> Self {
        for (row, name) in self.node.children.iter_mut().zip(names) {
            row.id = name.as_ref().into();
        }
        self
    }

    /// The row of a table that is marked, by what `on_select` sends for it.
    pub fn selected(self, row: impl Into<String>) -> Self {
        self.with("selected", row.into())
    }

    /// Shapes over a picture.
    pub fn overlays(self, overlays: impl IntoIterator<Item = Overlay>) -> Self {
        let overlays: Vec<_> = overlays.into_iter().collect();
        self.with_data("overlays", &overlays)
    }

    /// The size in pixels of the picture that overlays, clicks and drags are counted in, whatever the size of the one
    /// that is shown. One of other proportions shows no overlays, takes neither clicks nor drags, and says so.
    pub fn counted_in(self, size: (f64, f64)) -> Self {
        self.with_data("counted_in", &size)
    }

    /// A lens at the pointer, so many times as large as the picture is shown.
    pub fn magnifier(self, times: f64) -> Self {
        self.with("magnifier", times)
    }
}

impl<M: Serialize> View<M> {
    fn action(self, event: &str, message: Value, complete: bool) -> Self {
        let view = self.with(event, Value::map([("message", message)]));
        if complete { view } else { view.with("hole_missing", true) }
    }

    fn action_with<T: Hole>(self, event: &str, make: impl FnOnce(T) -> M) -> Self {
        let (message, complete) = template(make);
        self.action(event, message, complete)
    }

    /// What pressing a button sends.
    pub fn on_press(self, message: M) -> Self {
        let message = to_value(&message).unwrap_or_default();
        self.action("on_press", message, true)
    }

    /// What committing a number sends (Enter, the end of a drag).
    pub fn on_submit(self, make: impl FnOnce(f64) -> M) -> Self {
        self.action_with("on_submit", make)
    }

    /// What committing text sends.
    pub fn on_text(self, make: impl FnOnce(String) -> M) -> Self {
        self.action_with("on_submit", make)
    }

    /// What selecting an option, a table row, a tree entry or a named shape over a picture sends: its text or id.
    pub fn on_select(self, make: impl FnOnce(String) -> M) -> Self {
        self.action_with("on_select", make)
    }

    /// What switching a toggle sends.
    pub fn on_toggle(self, make: impl Fn(bool) -> M) -> Self {
        let on = to_value(&make(true)).unwrap_or_default();
        let off = to_value(&make(false)).unwrap_or_default();
        self.action("on_switch_on", on, true).action("on_switch_off", off, true)
    }

    /// What a click on a picture sends: the place in picture coordinates.
    pub fn on_click(self, make: impl FnOnce((f64, f64)) -> M) -> Self {
        self.action_with("on_click", make)
    }

    /// What dragging over a picture sends at its end: the first and the last place in picture coordinates. A shorter
    /// way than a hand trembles is a click.
    pub fn on_drag(self, seen: Drag, make: impl FnOnce(((f64, f64), (f64, f64))) -> M) -> Self {
        self.with_data("drag", &seen).action_with("on_drag", make)
    }

    /// What the wheel over a picture sends while Ctrl is held: so many whole steps, away from the person above 0. Without
    /// Ctrl it scrolls.
    pub fn on_wheel(self, make: impl FnOnce(f64) -> M) -> Self {
        self.action_with("on_wheel", make)
    }

    /// What a table sends when rows come into sight that it was not given: the index of the first.
    pub fn on_page(self, make: impl FnOnce(f64) -> M) -> Self {
        self.action_with("on_page", make)
    }
}

/// Nodes side by side; see [`View::wrap`] for more than have room there.
pub fn row<M>(children: impl IntoIterator<Item = View<M>>) -> View<M> {
    View::new("row").with_children(children)
}

/// Nodes one below the other.
pub fn column<M>(children: impl IntoIterator<Item = View<M>>) -> View<M> {
    View::new("column").with_children(children)
}

/// Nodes in rows of `columns`, aligned with each other; attribute `columns`.
pub fn grid<M>(columns: usize, children: impl IntoIterator<Item = View<M>>) -> View<M> {
    View::new("grid").with("columns", columns as i64).with_children(children)
}

/// A titled group; attribute `label`.
pub fn group<M>(title: impl Into<String>, child: View<M>) -> View<M> {
    View::new("group").label(title).with_children([child])
}

/// A child that may be larger than its room.
pub fn scroll<M>(child: View<M>) -> View<M> {
    View::new("scroll").with_children([child])
}

/// Titled pages of which one is seen; which one is the shell's to remember. Attribute `titles`.
pub fn tabs<M>(id: &str, label: &str, pages: impl IntoIterator<Item = (String, View<M>)>) -> View<M> {
    let (titles, pages): (Vec<_>, Vec<_>) = pages.into_iter().unzip();
    View::new("tabs").id(id).label(label).with_data("titles", &titles).with_children(pages)
}

/// Words; attribute `text`.
pub fn text<M>(text: impl Into<String>) -> View<M> {
    View::new("text").with("text", text.into())
}

/// A sign of the bundled set; attribute `name`.
pub fn icon<M>(name: &str, label: &str) -> View<M> {
    View::new("icon").with("name", name).label(label)
}

/// Room that grows.
pub fn space<M>() -> View<M> {
    View::new("space").grow()
}

/// A button.
pub fn button<M>(id: impl Into<String>, label: impl Into<String>) -> View<M> {
    View::new("button").id(id).label(label)
}

/// A switch; attribute `on`.
pub fn toggle<M>(id: impl Into<String>, label: impl Into<String>, on: bool) -> View<M> {
    View::new("toggle").id(id).label(label).with("on", on)
}

/// One of several options; attributes `options`, `selected`.
pub fn choice<M>(
    id: impl Into<String>,
    label: impl Into<String>,
    options: impl IntoIterator<Item = String>,
    selected: &str,
) -> View<M> {
    let options: Vec<String> = options.into_iter().collect();
    View::new("choice").id(id).label(label).with_data("options", &options).with("selected", selected)
}

/// A number that can be entered and stepped; attribute `value`. What is being typed is the shell's.
pub fn number_input<M>(id: impl Into<String>, label: impl Into<String>, value: f64) -> View<M> {
    View::new("number_input").id(id).label(label).with("value", value)
}

/// Text that can be entered; attribute `value`.
pub fn text_input<M>(id: impl Into<String>, label: impl Into<String>, value: impl Into<String>) -> View<M> {
    View::new("text_input").id(id).label(label).with("value", value.into())
}

/// A number that is dragged within its range.
pub fn slider<M>(id: impl Into<String>, label: impl Into<String>, value: f64, range: (f64, f64)) -> View<M> {
    View::new("slider").id(id).label(label).with("value", value).range(range)
}

/// How much of something is done, 0 to 1; attribute `fraction`.
pub fn progress<M>(label: impl Into<String>, fraction: f64) -> View<M> {
    View::new("progress").label(label).with("fraction", fraction)
}

/// The value of a channel with its unit, quality and age, drawn by the shell at each update.
pub fn value<M>(channel: &ChannelName) -> View<M> {
    View::new("value").bound(channel)
}

/// The link, activity and message of an object as a word and a mark.
pub fn state<M>(object: &str) -> View<M> {
    View::new("state").with("object", object)
}

/// The newest picture of a channel; a new frame calls neither `update` nor `view`.
pub fn picture<M>(id: impl Into<String>, label: impl Into<String>, channel: &ChannelName) -> View<M> {
    View::new("picture").id(id).label(label).bound(channel)
}

/// Whether two pictures have the same proportions, so that one may be the other made larger or smaller: within the pixel
/// that each side of the smaller one may have been rounded by.
pub fn same_proportions(one: (f64, f64), other: (f64, f64)) -> bool {
    let is_size = |(width, height): (f64, f64)| width.is_finite() && height.is_finite() && width > 0.0 && height > 0.0;
    let (small, large) = if one.0 < other.0 { (one, other) } else { (other, one) };
    // What the width of the small one would be from its height.
    let from_height = small.1 * large.0 / large.1;
    is_size(one) && is_size(other) && (small.0 - from_height).abs() <= (large.0 / large.1).max(1.0)
}

/// Curves over one axis; attributes `series`, `x_label`, `y_label`.
pub fn plot<M>(label: &str, x_label: &str, y_label: &str, series: &[Series]) -> View<M> {
    View::new("plot").label(label).with("x_label", x_label).with("y_label", y_label).with_data("series", &series)
}

/// A table of `total` rows of which those from `first` on are given, each a list of cells.
///
/// Attributes `columns`, `total`, `first`, `selected`; children: one `row` for each given row.
pub fn table<M>(
    id: &str,
    label: &str,
    columns: &[Column],
    (first, total): (usize, usize),
    rows: impl IntoIterator<Item = Vec<View<M>>>,
) -> View<M> {
    View::new("table")
        .id(id)
        .label(label)
        .with_data("columns", &columns)
        .with("first", first as i64)
        .with("total", total as i64)
        .with_children(rows.into_iter().map(row))
}

/// Entries that open and close; attributes `items`, `selected`. Which are open is the shell's.
pub fn tree<M>(id: &str, label: &str, items: &[TreeItem], selected: &str) -> View<M> {
    View::new("tree").id(id).label(label).with_data("items", &items).with("selected", selected)
}
