//! A living brick in the fake host, acted on as a person would: by what is seen, and only where it can be used.

use std::sync::Arc;

use super::host::{Shared, told};
use crate::protocol::{Answer, Ask, Failure, Setup};
use crate::view::{Action, Node, TreeItem, fill};
use crate::{Restored, State, Value};

/// A living brick.
pub struct TestBrick {
    shared: Arc<Shared>,
    id: u64,
    setup: Setup,
    restored: Restored,
    /// Set within `panic_in`: `Some(None)` until there is a panic.
    caught: Option<Option<Failure>>,
}

impl TestBrick {
    pub(super) fn open(shared: Arc<Shared>, setup: Setup) -> Result<Self, Failure> {
        let id = shared.add(&setup.name, false);
        match shared.ask(id, &Ask::New(setup.clone())) {
            Answer::Created(restored) => Ok(Self { shared, id, setup, restored, caught: None }),
            Answer::Refused(message) => Err(Failure { message, place: String::new() }),
            Answer::Panicked(failure) => Err(failure),
            other => panic!("a new brick was answered with {other:?}"),
        }
    }

    /// What became of the state of its predecessor.
    pub fn restored(&self) -> &Restored {
        &self.restored
    }

    /// Asks the brick; its panic fails the test unless one is expected.
    #[track_caller]
    fn ask(&mut self, ask: &Ask) -> Answer {
        let answer = self.shared.ask(self.id, ask);
        match (&answer, &mut self.caught) {
            (Answer::Panicked(failure), Some(caught)) => *caught = Some(failure.clone()),
            (Answer::Panicked(failure), None) => panic!("{}: {}", self.setup.name, told(failure)),
            (Answer::Refused(why), _) => panic!("{}: {why}", self.setup.name),
            _ => {}
        }
        answer
    }

    /// What it shows now. Fails the test when an id or label is missing, doubled, or a message loses its value.
    #[track_caller]
    pub fn view(&mut self) -> Node {
        let Answer::View(view) = self.ask(&Ask::View) else { return Node::default() };
        let problems: Vec<_> = view.problems().iter().map(ToString::to_string).collect();
        assert!(problems.is_empty(), "the view of {} has mistakes: {}", self.setup.name, problems.join("; "));
        view
    }

    /// The node of this id.
    #[track_caller]
    pub fn node(&mut self, id: &str) -> Node {
        let view = self.view();
        let Some(node) = view.find(id) else {
            let ids: Vec<_> = view.walk().map(|node| node.id.as_str()).filter(|id| !id.is_empty()).collect();
            panic!("{} shows no {id:?}, but {}", self.setup.name, ids.join(", "));
        };
        node.clone()
    }

    /// What can be read on it, one line for each node: texts, labels, and the values of channels with their unit.
    #[track_caller]
    pub fn text(&mut self) -> String {
        let view = self.view();
        let lines = view.walk().map(|node| self.read(node)).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("\n")
    }

    fn read(&self, node: &Node) -> String {
        let channel = |object: &str, channel: &str| self.shared.state.lock().bus.latest(object, channel);
        let words = [node.text("text"), node.label()];
        let mut line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        if let ("value", Some((object, name))) = (node.kind.as_str(), node.bound()) {
            let value = match channel(object, name) {
                Some(reading) => match (reading.value.as_f64(), node.number("decimals")) {
                    (Some(number), Some(decimals)) => format!("{number:.*}", decimals as usize),
                    _ => format!("{:?}", reading.value),
                },
                None => "--".into(),
            };
            let own = node.attribute("unit_channel").and_then(Value::as_str);
            let carried = own.and_then(|own| channel(object, own)).unwrap_or_default().value;
            let unit = carried.as_str().unwrap_or(node.text("unit"));
            line = [line.as_str(), value.as_str(), unit].join(" ").trim().to_owned();
        }
        if node.kind == "state" {
            let status: crate::status::ObjectStatus = channel(node.text("object"), "status")
                .and_then(|reading| crate::from_value(reading.value).ok())
                .unwrap_or_default();
            line = format!("{:?} {}", status.link, status.message).trim().to_owned();
        }
        line
    }

    /// Why a person cannot use a control now, if so.
    #[track_caller]
    pub fn why_not(&mut self, id: &str) -> Option<String> {
        disabled(&self.node(id))
    }

    /// Why a person cannot enter this into a control now, if so.
    #[track_caller]
    pub fn why_not_enter(&mut self, id: &str, entered: impl Into<Value>) -> Option<String> {
        let node = self.node(id);
        disabled(&node).or_else(|| misfit(&node, &entered.into()))
    }

    /// Presses a button.
    #[track_caller]
    pub fn click(&mut self, id: &str) {
        self.act(id, &["button"], "on_press", &Value::Null);
    }

    /// Enters a number or text and commits it.
    #[track_caller]
    pub fn enter(&mut self, id: &str, entered: impl Into<Value>) {
        self.act(id, &["number_input", "text_input", "slider"], "on_submit", &entered.into());
    }

    /// Chooses an option, a row of a table, an entry of a tree or a named shape over a picture.
    #[track_caller]
    pub fn select(&mut self, id: &str, option: &str) {
        self.act(id, &["choice", "table", "tree", "picture"], "on_select", &option.into());
    }

    /// Switches a toggle over.
    #[track_caller]
    pub fn toggle(&mut self, id: &str) {
        let event = if self.node(id).flag("on") { "on_switch_off" } else { "on_switch_on" };
        self.act(id, &["toggle"], event, &Value::Null);
    }

    /// Clicks at a place of a picture, in picture coordinates.
    #[track_caller]
    pub fn click_at(&mut self, id: &str, (x, y): (f64, f64)) {
        self.act(id, &["picture"], "on_click", &Value::list([x.into(), y.into()]));
    }

    /// Drags over a picture, in picture coordinates.
    #[track_caller]
    pub fn drag(&mut self, id: &str, from: (f64, f64), to: (f64, f64)) {
        self.act(id, &["picture"], "on_drag", &Value::list([from.0, from.1, to.0, to.1].map(Value::Float)));
    }

    /// Turns the wheel over a picture; away from the person is above 0.
    #[track_caller]
    pub fn wheel(&mut self, id: &str, steps: f64) {
        self.act(id, &["picture"], "on_wheel", &Value::Float(steps));
    }

    /// Scrolls a table so that a row comes into sight.
    #[track_caller]
    pub fn page(&mut self, id: &str, first: usize) {
        self.act(id, &["table"], "on_page", &Value::Float(first as f64));
    }

    #[track_caller]
    fn act(&mut self, id: &str, kinds: &[&str], event: &str, entered: &Value) {
        let node = self.node(id);
        assert!(kinds.contains(&node.kind.as_str()), "{id:?} is a {}, not a {}", node.kind, kinds.join(" or a "));
        if let Some(why) = disabled(&node) {
            panic!("{id:?} cannot be used now: {why}");
        }
        if let Some(why) = misfit(&node, entered) {
            panic!("{id:?} does not take {entered:?}: {why}");
        }
        let Some(action) = node.read::<Action>(event) else { panic!("{id:?} has no {event}: nothing would happen") };
        self.ask(&Ask::Message(fill(&action.message, entered)));
        self.view();
    }

    /// Does what must make the brick panic; what it said, and where.
    #[track_caller]
    pub fn panic_in(&mut self, act: impl FnOnce(&mut Self)) -> Failure {
        self.caught = Some(None);
        act(self);
        let Some(failure) = self.caught.take().flatten() else { panic!("{} did not panic", self.setup.name) };
        failure
    }

    /// What its successor would get.
    #[track_caller]
    pub fn save(&mut self) -> State {
        match self.ask(&Ask::Save) {
            Answer::State(state) => state,
            other => panic!("it was asked to save and answered {other:?}"),
        }
    }

    /// Drops it.
    #[track_caller]
    pub fn close(mut self) {
        self.ask(&Ask::Drop);
    }

    /// Opens its successor with what it saved, then drops it, as a reload does.
    #[track_caller]
    pub fn reload(mut self) -> Self {
        let mut setup = self.setup.clone();
        setup.states.keep(self.save());
        let next = Self::open(self.shared.clone(), setup);
        self.close();
        match next {
            Ok(next) => next,
            Err(failure) => panic!("its successor was not made: {}", told(&failure)),
        }
    }
}

/// Why a control cannot be used, if so.
fn disabled(node: &Node) -> Option<String> {
    Some(node.text("disabled").to_owned()).filter(|why| !why.is_empty())
}

/// Why a control does not take what is entered, if so.
fn misfit(node: &Node, entered: &Value) -> Option<String> {
    match node.kind.as_str() {
        "number_input" | "slider" => {
            let Some(number) = entered.as_f64().filter(|number| number.is_finite()) else {
                return Some("it takes a number".into());
            };
            let limits = (node.number("min").unwrap_or(f64::MIN), node.number("max").unwrap_or(f64::MAX));
            crate::interfaces::outside(number, limits, node.text("unit"))
        }
        "text_input" => entered.as_str().is_none().then(|| "it takes text".into()),
        "choice" => {
            let options: Vec<String> = node.read("options").unwrap_or_default();
            let known = options.iter().any(|option| Some(option.as_str()) == entered.as_str());
            (!known).then(|| format!("its options are {}", options.join(", ")))
        }
        "tree" => {
            let items: Vec<TreeItem> = node.read("items").unwrap_or_default();
            (!holds(&items, entered.as_str().unwrap_or_default())).then(|| "it has no such entry".into())
        }
        _ => None,
    }
}

fn holds(items: &[TreeItem], id: &str) -> bool {
    items.iter().any(|item| item.id == id || holds(&item.children, id))
}
