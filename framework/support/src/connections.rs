//! Every object of a layout with the state of its connection and what hangs on it: the wiring of the beamline, alive.
//! The shell's panel and the support archive show it; both know the statuses themselves.

use std::collections::BTreeMap;

use brickwork_layout::Beamline;
use brickwork_sdk::status::{Link, ObjectStatus};

use crate::text::table;
use crate::words::Now;

/// One object and what is known of its connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Connection {
    /// The object.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// All that the engine says of it; that of an object that was not heard of yet is loading, since ever.
    pub status: ObjectStatus,
    /// The objects that name it in a role.
    pub objects: Vec<String>,
    /// The bricks that name it in a role.
    pub bricks: Vec<String>,
    /// Where the layout names it, `file:line:column`.
    pub place: String,
}

impl Connection {
    /// Whether its values are fresh.
    pub fn is_live(&self) -> bool {
        self.status.link == Link::Live
    }

    /// The word for its link.
    pub fn word(&self) -> &'static str {
        match self.status.link {
            Link::Live => "live",
            Link::Loading => "connecting",
            Link::Disconnected => "disconnected",
            Link::Fault => "failed",
        }
    }

    /// What depends on it, the objects first.
    pub fn needed_by(&self) -> impl Iterator<Item = &str> {
        self.objects.iter().chain(&self.bricks).map(String::as_str)
    }
}

/// All objects of a layout: those that are not live first, then by name.
pub fn connections<'s>(beamline: &Beamline, status: impl Fn(&str) -> Option<&'s ObjectStatus>) -> Vec<Connection> {
    let objects = users(beamline.objects.iter().map(|(name, spec)| (name.as_str(), &spec.uses)));
    let bricks = beamline.bricks();
    let bricks = users(bricks.iter().map(|brick| (brick.id.as_str(), &brick.uses)));
    let of = |users: &BTreeMap<&str, Vec<String>>, name: &str| users.get(name).cloned().unwrap_or_default();
    let connection = |(name, spec): (&String, &brickwork_layout::ObjectSpec)| Connection {
        name: name.clone(),
        kind: spec.kind.clone(),
        status: status(name).cloned().unwrap_or_default(),
        objects: of(&objects, name),
        bricks: of(&bricks, name),
        place: format!("{}:{}:{}", spec.place.file.display(), spec.place.line, spec.place.column),
    };
    let mut all: Vec<Connection> = beamline.objects.iter().map(connection).collect();
    // Stable: the names stay in order.
    all.sort_by_key(Connection::is_live);
    all
}

/// Who names each object in a role, each once.
fn users<'b>(
    all: impl Iterator<Item = (&'b str, &'b BTreeMap<String, Vec<String>>)>,
) -> BTreeMap<&'b str, Vec<String>> {
    let mut users: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (user, roles) in all {
        for used in roles.values().flatten() {
            let of = users.entry(used).or_default();
            if of.last().is_none_or(|last| last != user) {
                of.push(user.to_owned());
            }
        }
    }
    users
}

/// The table as aligned text, one line for each object.
pub fn connections_text(connections: &[Connection], now: Now) -> String {
    let row = |connection: &Connection| {
        let status = &connection.status;
        vec![
            connection.name.clone(),
            connection.word().to_owned(),
            now.moment(status.since_ns),
            now.age(status.since_ns),
            status.reconnects.to_string(),
            connection.kind.clone(),
            or_dash(status.last_error.clone()),
            or_dash(status.remedy.clone()),
            or_dash(connection.needed_by().collect::<Vec<_>>().join(", ")),
        ]
    };
    let rows: Vec<Vec<String>> = connections.iter().map(row).collect();
    let head = ["object", "state", "since", "for", "reconnects", "kind", "last error", "what to do", "needed by"];
    let down = connections.iter().filter(|connection| !connection.is_live()).count();
    format!("{} objects, {down} not live\n\n{}", connections.len(), table(&head, &rows))
}

fn or_dash(words: String) -> String {
    if words.is_empty() { "-".into() } else { words }
}

#[cfg(test)]
mod tests {
    use brickwork_layout::{BrickSpec, Node, ObjectSpec, WindowSpec};

    use super::*;

    fn roles(role: &str, objects: &[&str]) -> BTreeMap<String, Vec<String>> {
        BTreeMap::from([(role.to_owned(), objects.iter().map(|name| (*name).to_owned()).collect())])
    }

    fn beamline() -> Beamline {
        let object = |kind: &str| ObjectSpec { kind: kind.into(), ..ObjectSpec::default() };
        let centring = ObjectSpec { uses: roles("motors", &["omega", "omega"]), ..object("sim.centring") };
        let brick = BrickSpec { id: "one".into(), uses: roles("motor", &["omega"]), ..BrickSpec::default() };
        Beamline {
            name: "TEST".into(),
            objects: BTreeMap::from([
                ("camera".into(), object("camera.mjpeg")),
                ("centring".into(), centring),
                ("omega".into(), object("sim.motor")),
            ]),
            windows: vec![WindowSpec { title: "w".into(), root: Node::Brick(brick) }],
        }
    }

    #[test]
    fn what_is_not_live_comes_first_and_names_all_that_hangs_on_it() {
        let live = ObjectStatus { link: Link::Live, ..ObjectStatus::default() };
        let lost = ObjectStatus {
            link: Link::Disconnected,
            last_error: "no route".into(),
            remedy: "call".into(),
            reconnects: 3,
            since_ns: 1_000_000_000,
            ..ObjectStatus::default()
        };
        let all = connections(&beamline(), |name| match name {
            "omega" => Some(&lost),
            "camera" => Some(&live),
            _ => None,
        });
        let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["centring", "omega", "camera"]);
        assert_eq!(all[1].needed_by().collect::<Vec<_>>(), ["centring", "one"]);
        let text = connections_text(&all, Now { engine_ns: 43_000_000_000, wall_secs: 1.8e9 });
        assert!(text.starts_with("3 objects, 2 not live\n"), "{text}");
        let line = text.lines().find(|line| line.starts_with("omega")).expect("it has a line");
        for wanted in ["disconnected", "42 s", "  3  ", "sim.motor", "centring, one", "no route", "call"] {
            assert!(line.contains(wanted), "{wanted} in {line}");
        }
    }
}
