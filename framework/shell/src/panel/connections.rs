//! The connections panel: every object with its state, since when, what went wrong, what depends on it and what to do.
//! What is not live stands first.

use brickwork_sdk::Value;
use brickwork_sdk::view::{
    Column, Node, Tone, View, button, column, group, row, scroll, space, state, table, text, text_input,
};
use brickwork_support::{Connection, Now};
use serde::{Deserialize, Serialize};

use super::Effect;

/// Users of an object that a row names; the details name all.
const NAMED: usize = 3;
/// The columns that have room beside the details.
const BESIDE_DETAILS: usize = 4;

/// What its controls send.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Message {
    Filter(String),
    Select(String),
    Copy,
    Save,
    Log(String),
    Restart(String),
}

/// What is looked at.
#[derive(Default)]
pub struct ConnectionsPanel {
    filter: String,
    selected: String,
}

impl ConnectionsPanel {
    /// Takes what its controls sent; `report` makes the whole table as text.
    pub fn update(&mut self, message: Value, report: impl FnOnce() -> String) -> Effect {
        match brickwork_sdk::from_value(message) {
            Ok(Message::Filter(filter)) => filter.trim().clone_into(&mut self.filter),
            // Once more closes the details.
            Ok(Message::Select(name)) => self.selected = if self.selected == name { String::new() } else { name },
            Ok(Message::Copy) => return Effect::Copy(report()),
            Ok(Message::Save) => return Effect::Save { name: "connections", text: report() },
            Ok(Message::Log(name)) => return Effect::Details(name),
            Ok(Message::Restart(name)) => return Effect::Restart(name),
            Err(error) => tracing::error!("the connections panel does not know its own message: {error}"),
        }
        Effect::Nothing
    }

    /// What it shows of these connections, in their order.
    pub fn view(&self, all: &[Connection], now: Now) -> Node {
        let found: Vec<&Connection> = all.iter().filter(|one| self.passes(one)).collect();
        let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
        let selected = found.iter().find(|one| one.name == self.selected);
        let mut columns = vec![
            Column::new("Object"),
            Column::new("State"),
            Column::new("Since"),
            Column::new("Last error, what to do").grow(1.6),
            Column::new("Needed by").grow(1.0),
            Column::numeric("Reconnects"),
            Column::new("Kind"),
        ];
        if selected.is_some() {
            // The details beside it have the others.
            columns.truncate(BESIDE_DETAILS);
        }
        let rows = found.iter().map(|one| cells(one, now).into_iter().take(columns.len()).collect());
        let content = match (found.as_slice(), all) {
            ([], []) => text("No layout is in force: there are no objects.").muted(),
            ([], _) => text("No object passes the filter.").muted(),
            _ => table("objects", "Connections", &columns, (0, found.len()), rows)
                .rows(&names)
                .selected(self.selected.as_str())
                .on_select(Message::Select)
                .grow(),
        };
        let details = selected.map(|one| details(one, now));
        column([self.bar(found.len(), all), row([content].into_iter().chain(details)).grow()]).grow().into_node()
    }

    fn bar(&self, found: usize, all: &[Connection]) -> View<Message> {
        let down = all.iter().filter(|one| !one.is_live()).count();
        let count = match down {
            0 => text(format!("all {} objects are live", all.len())).muted(),
            _ => text(format!("{down} of {} objects not live", all.len())).tone(Tone::Warning),
        };
        let hidden = (found < all.len()).then(|| text(format!("{found} shown")).muted());
        let before = [
            text("Connections").tone(Tone::Title),
            text_input("filter", "Filter", self.filter.as_str())
                .placeholder("filter by words, Enter")
                .on_text(Message::Filter),
            count,
        ];
        let after = [
            space(),
            button("copy", "Copy").help("Copy all as text, with versions and time").on_press(Message::Copy),
            button("save", "Save").help("Write all as text into the state folder").on_press(Message::Save),
        ];
        row(before.into_iter().chain(hidden).chain(after))
    }

    fn passes(&self, one: &Connection) -> bool {
        let words = self.filter.to_lowercase();
        let status = &one.status;
        let texts = [&one.name, &one.kind, &status.last_error, &status.remedy, &status.message].map(String::as_str);
        texts.into_iter().chain([one.word()]).chain(one.needed_by()).any(|text| text.to_lowercase().contains(&words))
    }
}

fn since(one: &Connection, now: Now) -> String {
    format!("{} ({})", now.moment(one.status.since_ns), now.age(one.status.since_ns))
}

fn cells(one: &Connection, now: Now) -> Vec<View<Message>> {
    let status = &one.status;
    let error = match (status.last_error.as_str(), one.is_live()) {
        ("", _) => text(""),
        // It is over.
        (error, true) => text(error).muted(),
        (error, false) => text(error),
    };
    let remedy = Some(status.remedy.as_str()).filter(|remedy| !remedy.is_empty() && !one.is_live());
    let trouble = match remedy {
        Some(remedy) => column([error, text(remedy).muted()]),
        None => error,
    };
    let reconnects = if status.reconnects == 0 { String::new() } else { status.reconnects.to_string() };
    vec![
        text(one.name.as_str()),
        state(&one.name),
        text(since(one, now)).muted(),
        trouble,
        text(named(one)).muted(),
        text(reconnects),
        text(one.kind.as_str()).muted(),
    ]
}

/// The first users in brief, those that read alike once, and how many more there are.
fn named(one: &Connection) -> String {
    let mut all: Vec<(&str, usize)> = Vec::new();
    // An identity that was made of kind and roles begins with the kind.
    for user in one.needed_by().map(|user| user.split('(').next().unwrap_or(user)) {
        match all.iter_mut().find(|(other, _)| *other == user) {
            Some((_, count)) => *count += 1,
            None => all.push((user, 1)),
        }
    }
    let more: usize = all.iter().skip(NAMED).map(|(_, count)| count).sum();
    let words = |(user, count): &(&str, usize)| if *count > 1 { format!("{count} {user}") } else { (*user).to_owned() };
    let first: Vec<String> = all.iter().take(NAMED).map(words).collect();
    if more == 0 { first.join(", ") } else { format!("{} and {more} more", first.join(", ")) }
}

/// Everything that is known of one connection.
fn details(one: &Connection, now: Now) -> View<Message> {
    let status = &one.status;
    let generation = if status.generation == 0 { String::new() } else { status.generation.to_string() };
    let facts = [
        ("state", one.word().to_owned()),
        ("since", since(one, now)),
        ("needed by objects", or_none(&one.objects)),
        ("needed by bricks", or_none(&one.bricks)),
        ("last error", status.last_error.clone()),
        ("what to do", status.remedy.clone()),
        ("says", status.message.clone()),
        ("reconnects", status.reconnects.to_string()),
        ("kind", one.kind.clone()),
        ("generation", generation),
        ("layout", one.place.clone()),
    ];
    let known = facts.into_iter().filter(|(_, value)| !value.is_empty());
    let facts = known.flat_map(|(name, value)| [text(name).muted(), text(value).grow()]);
    let log = button("log", "Log").help(format!("The log of {}", one.name));
    let restart = button("restart", "Restart").help(format!("Makes {} anew; its running commands end", one.name));
    let buttons = [log.on_press(Message::Log(one.name.clone())), restart.on_press(Message::Restart(one.name.clone()))];
    let title = row([text(one.name.as_str()), space()].into_iter().chain(buttons));
    group("Details", scroll(column([title, brickwork_sdk::view::grid(2, facts)])))
}

fn or_none(names: &[String]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use brickwork_sdk::status::{Link, ObjectStatus};
    use brickwork_sdk::to_value;

    use super::*;

    const NOW: Now = Now { engine_ns: 60_000_000_000, wall_secs: 1.8e9 };

    fn connection(name: &str, link: Link, error: &str) -> Connection {
        let remedy = if error.is_empty() { String::new() } else { "switch it on".into() };
        let last_error = error.to_owned();
        Connection {
            name: name.into(),
            kind: "camera.mjpeg".into(),
            status: ObjectStatus { link, last_error, remedy, since_ns: 18_000_000_000, ..ObjectStatus::default() },
            objects: vec!["centring".into()],
            bricks: ["a(x=1)", "a(x=2)", "b", "c", "d"].map(String::from).to_vec(),
            place: "/b/demo.ron:7:9".into(),
        }
    }

    fn all() -> [Connection; 2] {
        [connection("onaxis", Link::Disconnected, "no route"), connection("omega", Link::Live, "")]
    }

    fn words(panel: &ConnectionsPanel) -> Vec<String> {
        let node = panel.view(&all(), NOW);
        assert!(node.problems().is_empty(), "{:?}", node.problems());
        node.walk().filter(|node| node.kind == "text").map(|node| node.text("text").to_owned()).collect()
    }

    fn send(panel: &mut ConnectionsPanel, message: &Message) -> Effect {
        panel.update(to_value(message).expect("plain"), || "the report".into())
    }

    #[test]
    fn every_object_is_a_row_with_its_error_its_cure_and_what_needs_it() {
        let words = words(&ConnectionsPanel::default());
        let wanted =
            ["1 of 2 objects not live", "no route", "switch it on", "centring, 2 a, b and 2 more", "camera.mjpeg"];
        for wanted in wanted {
            assert!(words.iter().any(|word| word == wanted), "{wanted} in {words:?}");
        }
        assert!(words.iter().any(|word| word.ends_with("(42 s)")), "{words:?}");
        let node = ConnectionsPanel::default().view(&all(), NOW);
        let states = node.walk().filter(|node| node.kind == "state").map(|node| node.text("object").to_owned());
        assert_eq!(states.collect::<Vec<_>>(), ["onaxis", "omega"]);
    }

    #[test]
    fn a_filter_leaves_the_rows_that_have_its_words() {
        let mut panel = ConnectionsPanel::default();
        send(&mut panel, &Message::Filter(" NO ROUTE ".into()));
        let left = words(&panel);
        assert!(left.iter().any(|word| word == "onaxis") && !left.iter().any(|word| word == "omega"), "{left:?}");
        send(&mut panel, &Message::Filter("nothing has this".into()));
        assert!(words(&panel).iter().any(|word| word == "No object passes the filter."));
    }

    #[test]
    fn the_details_of_a_row_name_all_that_depends_on_it_and_its_place_in_the_layout() {
        let mut panel = ConnectionsPanel::default();
        send(&mut panel, &Message::Select("onaxis".into()));
        let said = words(&panel);
        for wanted in ["a(x=1), a(x=2), b, c, d", "/b/demo.ron:7:9", "needed by bricks"] {
            assert!(said.iter().any(|word| word == wanted), "{wanted} in {said:?}");
        }
        assert_eq!(send(&mut panel, &Message::Log("onaxis".into())), Effect::Details("onaxis".into()));
        send(&mut panel, &Message::Select("onaxis".into()));
        assert!(!words(&panel).iter().any(|word| word == "needed by bricks"));
    }

    #[test]
    fn copy_and_save_hand_on_the_whole_report() {
        let mut panel = ConnectionsPanel::default();
        assert_eq!(send(&mut panel, &Message::Copy), Effect::Copy("the report".into()));
        let saved = Effect::Save { name: "connections", text: "the report".into() };
        assert_eq!(send(&mut panel, &Message::Save), saved);
    }
}
