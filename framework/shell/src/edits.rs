//! What belongs to the shell and not to a brick: text being typed, chosen tabs, open entries, refusals.
//!
//! It is plain data keyed by brick identity and node id, so that it survives rebuilds of a view and
//! reloads of a plugin. The application hands it every [`Event`]; it never draws and never sends.

use std::collections::{BTreeMap, BTreeSet};

use brickwork_sdk::Value;
use brickwork_sdk::view::{Node, fill};

use crate::event::{Entry, Event, Outgoing, Place, Rule};
use crate::{format, number};

/// The edit buffers and view states of all bricks.
#[derive(Clone, Debug, Default)]
pub struct Edits {
    typed: BTreeMap<Place, String>,
    refused: BTreeMap<Place, String>,
    tabs: BTreeMap<Place, usize>,
    open: BTreeMap<Place, BTreeSet<String>>,
    asked: BTreeMap<Place, usize>,
    splits: BTreeMap<Place, f32>,
    /// What was understood of the last entry, where that is not what was typed.
    understood: Option<String>,
}

impl Edits {
    /// Takes note of an event; what a brick must receive comes back.
    pub fn apply(&mut self, event: Event) -> Option<Outgoing> {
        match event {
            Event::Message(outgoing) => {
                self.forget_entry(&outgoing.place);
                return Some(outgoing);
            }
            Event::Edit { place, text } => {
                self.refused.remove(&place);
                self.typed.insert(place, text);
            }
            Event::Commit { place, rule } => return self.commit(place, &rule),
            Event::Cancel { place } => self.forget_entry(&place),
            Event::Step { place, from, by, decimals, rule } => self.step(place, from, by, decimals, &rule),
            Event::Tab { place, page } => {
                self.tabs.insert(place, page);
            }
            Event::Fold { place, item, open: true } => {
                self.open.entry(place).or_default().insert(item);
            }
            Event::Fold { place, item, open: false } => {
                self.open.entry(place).or_default().remove(&item);
            }
            Event::Scrolled { place, first, ask } => return self.ask(place, first, ask?),
            Event::Split { place, fraction } => {
                self.splits.insert(place, fraction);
            }
            Event::PictureSize { .. }
            | Event::Restart { .. }
            | Event::Dismiss { .. }
            | Event::AbortAll
            | Event::AbortCall(_)
            | Event::Escape { .. }
            | Event::Support
            | Event::TogglePanel(_)
            | Event::Details { .. }
            | Event::Act(_)
            | Event::SwitchTheme
            | Event::Zoom(_)
            | Event::Copy(_) => {}
        }
        None
    }

    /// What is being typed at a place, if something is.
    pub fn typed(&self, place: &Place) -> Option<&str> {
        self.typed.get(place).map(String::as_str)
    }

    /// The inputs of a form in which something is typed, other than the one at `place`: what commits each of them.
    pub fn open_form(&self, view: &Node, place: &Place) -> Vec<Event> {
        let typed = self.typed.keys().filter(|typed| typed.brick == place.brick && *typed != place);
        let fields = typed.filter_map(|typed| Some((typed, view.find(&typed.node).filter(|node| node.flag("form"))?)));
        fields
            .map(|(typed, node)| Event::Commit { place: typed.clone(), rule: Rule::of(node, node.text("unit")) })
            .collect()
    }

    /// Why the last entry at a place was refused by the control itself.
    pub fn refusal(&self, place: &Place) -> Option<&str> {
        self.refused.get(place).map(String::as_str)
    }

    /// The page that is seen of tabs.
    pub fn tab(&self, place: &Place) -> usize {
        self.tabs.get(place).copied().unwrap_or(0)
    }

    /// The pages that were chosen and the borders that were moved, by their places: what a window remembers.
    pub fn arrangement(&self) -> (BTreeMap<String, usize>, BTreeMap<String, f32>) {
        let name = |place: &Place| format!("{}\n{}", place.brick, place.node);
        let tabs = self.tabs.iter().map(|(place, page)| (name(place), *page)).collect();
        (tabs, self.splits.iter().map(|(place, fraction)| (name(place), *fraction)).collect())
    }

    /// Takes an [`arrangement`](Self::arrangement) back.
    pub fn arrange(&mut self, tabs: &BTreeMap<String, usize>, splits: &BTreeMap<String, f32>) {
        let place = |name: &String| name.split_once('\n').map(|(brick, node)| Place::new(brick, node));
        self.tabs.extend(tabs.iter().filter_map(|(name, page)| Some((place(name)?, *page))));
        let sound = splits.iter().filter(|(_, fraction)| (0.0..1.0).contains(*fraction));
        self.splits.extend(sound.filter_map(|(name, fraction)| Some((place(name)?, *fraction))));
    }

    /// What the first part of a split takes, if its border was moved.
    pub fn split(&self, place: &Place) -> Option<f32> {
        self.splits.get(place).copied()
    }

    /// Whether an entry of a tree is open.
    pub fn is_open(&self, place: &Place, item: &str) -> bool {
        self.open.get(place).is_some_and(|items| items.contains(item))
    }

    /// Whether anything is typed that was not committed.
    pub fn is_typing(&self) -> bool {
        !self.typed.is_empty()
    }

    /// Forgets everything of a brick that is gone for good.
    pub fn forget(&mut self, brick: &str) {
        self.typed.retain(|place, _| place.brick != brick);
        self.refused.retain(|place, _| place.brick != brick);
        self.tabs.retain(|place, _| place.brick != brick);
        self.open.retain(|place, _| place.brick != brick);
        self.asked.retain(|place, _| place.brick != brick);
    }

    fn forget_entry(&mut self, place: &Place) {
        self.typed.remove(place);
        self.refused.remove(place);
    }

    fn commit(&mut self, place: Place, rule: &Rule) -> Option<Outgoing> {
        let text = self.typed.get(&place)?;
        match entered(text, &rule.entry) {
            Ok((value, understood)) => {
                self.forget_entry(&place);
                self.understood = understood;
                outgoing(place, rule, &value)
            }
            Err(why) => {
                self.refused.insert(place, why);
                None
            }
        }
    }

    /// A step starts from what is typed, else from the number that stands there; it only changes what Enter will send.
    fn step(&mut self, place: Place, from: f64, by: f64, decimals: usize, rule: &Rule) {
        let from = match self.typed.get(&place).map(|text| entered(text, &rule.entry)) {
            Some(Ok((typed, _))) => typed.as_f64().unwrap_or(from),
            Some(Err(why)) => {
                self.refused.insert(place, why);
                return;
            }
            None => from,
        };
        // Without this 0.1 + 0.2 would be sent, and shown, as 0.30000000000000004.
        let to = ((from + by) * 1e9).round() / 1e9;
        match within(to, &rule.entry) {
            Ok(()) => {
                self.refused.remove(&place);
                self.typed.insert(place, format::stepped(to, decimals));
            }
            Err(why) => {
                self.refused.insert(place, why);
            }
        }
    }

    /// What was understood of the last entry, where that is not what was typed; once.
    pub fn understood(&mut self) -> Option<String> {
        self.understood.take()
    }

    /// Asks for rows once, not at every pixel that is scrolled.
    fn ask(&mut self, place: Place, first: usize, message: Value) -> Option<Outgoing> {
        if self.asked.insert(place.clone(), first) == Some(first) {
            return None;
        }
        Some(Outgoing { place, message: fill(&message, &Value::Float(first as f64)) })
    }
}

fn outgoing(place: Place, rule: &Rule, value: &Value) -> Option<Outgoing> {
    let message = fill(rule.message.as_ref()?, value);
    Some(Outgoing { place, message })
}

/// The value of what was typed and, where it is another than was typed, how it was understood; or one sentence that
/// says why there is none.
fn entered(text: &str, entry: &Entry) -> Result<(Value, Option<String>), String> {
    let Entry::Number { unit, .. } = entry else {
        return Ok((Value::from(text), None));
    };
    let number = number::read(text, unit)?;
    within(number.value, entry).map(|()| (Value::Float(number.value), number.understood))
}

fn within(number: f64, entry: &Entry) -> Result<(), String> {
    let Entry::Number { min, max, unit } = entry else {
        return Ok(());
    };
    let with_unit = |number: f64| {
        if unit.is_empty() { number.to_string() } else { format!("{number} {unit}") }
    };
    match (min, max) {
        (Some(min), _) if number < *min => {
            Err(format!("{} is below the lower limit {}", with_unit(number), with_unit(*min)))
        }
        (_, Some(max)) if number > *max => {
            Err(format!("{} is above the upper limit {}", with_unit(number), with_unit(*max)))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(min: f64, max: f64) -> Rule {
        let message = brickwork_sdk::view::number_input::<f64>("x", "x", 0.0).on_submit(|value: f64| value);
        let message = message.node().attribute("on_submit").and_then(|action| action.get("message")).cloned();
        Rule { message, entry: Entry::Number { min: Some(min), max: Some(max), unit: "deg".into() } }
    }

    fn place() -> Place {
        Place::new("motors#1", "x")
    }

    fn typed(text: &str) -> Edits {
        let mut edits = Edits::default();
        assert!(edits.apply(Event::Edit { place: place(), text: text.into() }).is_none());
        edits
    }

    #[test]
    fn what_is_typed_is_sent_only_by_a_commit() {
        let mut edits = typed("12.5");
        let sent = edits.apply(Event::Commit { place: place(), rule: rule(0.0, 90.0) });
        assert_eq!(sent.map(|out| out.message), Some(Value::Float(12.5)));
        assert_eq!(edits.typed(&place()), None);
        assert!(
            edits.apply(Event::Commit { place: place(), rule: rule(0.0, 90.0) }).is_none(),
            "nothing is sent twice"
        );
    }

    #[test]
    fn a_number_in_another_unit_of_its_kind_is_converted_and_that_is_said() {
        let mut edits = typed("900 mdeg");
        let sent = edits.apply(Event::Commit { place: place(), rule: rule(0.0, 90.0) });
        assert_eq!(sent.map(|out| out.message), Some(Value::Float(0.9)));
        assert_eq!(edits.understood().as_deref(), Some("900 mdeg is 0.9 deg"));
        assert_eq!(edits.understood(), None, "it is said once");
    }

    #[test]
    fn a_refusal_names_the_value_and_the_limit_and_keeps_what_was_typed() {
        let mut edits = typed("120");
        assert!(edits.apply(Event::Commit { place: place(), rule: rule(0.0, 90.0) }).is_none());
        assert_eq!(edits.refusal(&place()), Some("120 deg is above the upper limit 90 deg"));
        assert_eq!(edits.typed(&place()), Some("120"));
        edits.apply(Event::Cancel { place: place() });
        assert_eq!((edits.refusal(&place()), edits.typed(&place())), (None, None));
    }

    #[test]
    fn what_is_no_number_is_refused_and_stays_to_be_corrected() {
        for junk in ["", "abc", "1e999", "nan", "1 2", "1,500", "5 mm"] {
            let mut edits = typed(junk);
            assert!(edits.apply(Event::Commit { place: place(), rule: rule(0.0, 90.0) }).is_none(), "{junk:?}");
            assert!(edits.refusal(&place()).is_some(), "{junk:?}");
            assert_eq!(edits.typed(&place()), Some(junk));
        }
    }

    fn step(from: f64, by: f64) -> Event {
        Event::Step { place: place(), from, by, decimals: 2, rule: rule(0.0, 90.0) }
    }

    #[test]
    fn a_step_changes_what_enter_will_send_and_sends_nothing() {
        let mut edits = Edits::default();
        assert!(edits.apply(step(45.0, 10.0)).is_none());
        assert!(edits.apply(step(45.0, 10.0)).is_none(), "the next one starts from what stands there");
        assert_eq!(edits.typed(&place()), Some("65.00"));
        let sent = edits.apply(Event::Commit { place: place(), rule: rule(0.0, 90.0) });
        assert_eq!(sent.map(|out| out.message), Some(Value::Float(65.0)));
    }

    #[test]
    fn steps_stay_round_keep_their_digits_and_end_at_the_limits() {
        let mut edits = Edits::default();
        edits.apply(step(0.1, 0.2));
        assert_eq!(edits.typed(&place()), Some("0.30"));
        edits.apply(step(0.1, 0.005));
        assert_eq!(edits.typed(&place()), Some("0.305"), "a step is never lost in the digits that are shown");
        edits.apply(step(0.1, 90.0));
        assert_eq!(edits.refusal(&place()), Some("90.305 deg is above the upper limit 90 deg"));
        assert_eq!(edits.typed(&place()), Some("0.305"));
    }

    #[test]
    fn a_step_from_what_is_no_number_says_why_there_is_none() {
        let mut edits = typed("1,500");
        edits.apply(step(45.0, 10.0));
        assert_eq!(edits.typed(&place()), Some("1,500"));
        assert!(edits.refusal(&place()).is_some());
    }

    #[test]
    fn what_is_typed_into_a_form_is_committed_before_another_control_acts() {
        use brickwork_sdk::view::{View, column, number_input};
        let input = |id: &str| number_input::<f64>(id, id, 0.0).range((0.0, 90.0)).on_submit(|value: f64| value);
        let view: View<f64> = column([input("x").form(), input("target")]);
        let button = Place::new("motors#1", "run");
        let mut edits = typed("12.5");
        edits.apply(Event::Edit { place: Place::new("motors#1", "target"), text: "700".into() });
        let commits = edits.open_form(view.node(), &button);
        assert_eq!(commits.len(), 1, "what is no part of a form is not sent by another control");
        let sent: Vec<_> = commits.into_iter().filter_map(|commit| edits.apply(commit)).collect();
        assert_eq!(sent.iter().map(|out| out.message.clone()).collect::<Vec<_>>(), [Value::Float(12.5)]);
        assert!(edits.open_form(view.node(), &button).is_empty());
    }

    #[test]
    fn rows_of_a_table_are_asked_for_once() {
        let message = brickwork_sdk::view::table::<f64>("x", "x", &[], (0, 9), []).on_page(|row: f64| row);
        let ask = message.node().attribute("on_page").and_then(|action| action.get("message")).cloned();
        let scrolled = |first| Event::Scrolled { place: place(), first, ask: ask.clone() };
        let mut edits = Edits::default();
        assert_eq!(edits.apply(scrolled(40)).map(|out| out.message), Some(Value::Float(40.0)));
        assert!(edits.apply(scrolled(40)).is_none());
        assert!(edits.apply(scrolled(60)).is_some());
    }
}
