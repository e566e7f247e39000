//! The properties that somebody follows, and what has come of them. Connections add watches, the driver brings events;
//! each property is registered at spec once, however many follow it.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::{Rc, Weak};

use brickwork_spec_protocol::{Data, Property};
use tokio::sync::Notify;

/// The most events that wait for a reader that follows every value; of more, the oldest are lost, and it is told so.
pub const MAX_EVENTS: usize = 4096;

/// Which values of a property its reader gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dispatch {
    /// The newest one: what came before it and was not yet looked at is left out. For what *is*: a position, a limit, a
    /// counter, a number that is shown.
    Newest,
    /// Each, in order. For what *happens*: `move_done`, `scaler/.all./count` and `status/ready`, whose rise and fall
    /// may come at once; `error`, `output/...` and the points of a scan, of which each is wanted; and an associative
    /// array, whose events tell only of the elements that changed.
    Every,
}

/// One event, as a reader gets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Which of the properties of the watch.
    pub which: usize,
    /// The value.
    pub data: Data,
    /// Whether the variable, or these elements of it, are no more.
    pub deleted: bool,
    /// Events of this watch that were lost before this one.
    pub lost: u64,
}

/// All properties that are followed, by the canonical form of their name.
#[derive(Default)]
pub struct Registry {
    entries: RefCell<HashMap<String, Entry>>,
}

#[derive(Default)]
struct Entry {
    /// The name as it was sent.
    wire: String,
    /// The newest value, for who follows it later. Nothing while the link is down.
    last: Option<Data>,
    readers: Vec<(Weak<Queue>, usize, Dispatch)>,
}

/// What waits for one reader.
#[derive(Default)]
pub struct Queue {
    events: RefCell<VecDeque<Seen>>,
    lost: Cell<u64>,
    notify: Notify,
}

fn canonical(name: &str) -> String {
    Property::parse(name).to_string()
}

impl Registry {
    /// Adds a reader; whether the property is to be registered at spec now. The newest value, if it is known, is there
    /// at once.
    pub fn add(&self, wire: &str, queue: &Rc<Queue>, which: usize, dispatch: Dispatch) -> bool {
        let mut entries = self.entries.borrow_mut();
        let entry = entries.entry(canonical(wire)).or_default();
        let is_new = entry.readers.is_empty();
        if is_new {
            wire.clone_into(&mut entry.wire);
        }
        entry.readers.push((Rc::downgrade(queue), which, dispatch));
        if let Some(data) = &entry.last {
            queue.push(Seen { which, data: data.clone(), deleted: false, lost: 0 }, dispatch);
        }
        is_new
    }

    /// Takes the readers with this queue out; the name of the property if nobody follows it any more.
    pub fn remove(&self, wire: &str, queue: &Rc<Queue>) -> Option<String> {
        let mut entries = self.entries.borrow_mut();
        let key = canonical(wire);
        let entry = entries.get_mut(&key)?;
        entry.readers.retain(|(reader, ..)| !std::ptr::eq(reader.as_ptr(), Rc::as_ptr(queue)));
        if entry.readers.is_empty() { entries.remove(&key).map(|entry| entry.wire) } else { None }
    }

    /// The names of all that is to be registered, as they were sent.
    pub fn names(&self) -> Vec<String> {
        self.entries.borrow().values().map(|entry| entry.wire.clone()).collect()
    }

    /// Brings an event to those who follow the property.
    pub fn event(&self, name: &str, data: Data, deleted: bool) {
        let mut entries = self.entries.borrow_mut();
        let Some(entry) = entries.get_mut(&canonical(name)) else { return };
        // Those two have no value: what was told once is not told again to who comes later.
        if !matches!(Property::parse(name), Property::Output(_) | Property::Error) {
            entry.keep(&data, deleted);
        }
        for (reader, which, dispatch) in &entry.readers {
            if let Some(queue) = reader.upgrade() {
                queue.push(Seen { which: *which, data: data.clone(), deleted, lost: 0 }, *dispatch);
            }
        }
    }

    /// Forgets all values: the link is down, and they may change meanwhile.
    pub fn forget_values(&self) {
        self.entries.borrow_mut().values_mut().for_each(|entry| entry.last = None);
    }
}

impl Entry {
    /// Keeps the value for who comes later. An associative array is kept whole.
    fn keep(&mut self, data: &Data, deleted: bool) {
        match (&mut self.last, data) {
            (Some(Data::Assoc(whole)), Data::Assoc(changes)) => whole.apply(changes, deleted),
            (last, _) if deleted => *last = None,
            (last, data) => *last = Some(data.clone()),
        }
    }
}

impl Queue {
    fn push(&self, seen: Seen, dispatch: Dispatch) {
        let mut events = self.events.borrow_mut();
        let older = events.iter_mut().find(|event| dispatch == Dispatch::Newest && event.which == seen.which);
        match older {
            Some(older) => *older = seen,
            None => events.push_back(seen),
        }
        if events.len() > MAX_EVENTS {
            events.pop_front();
            self.lost.set(self.lost.get() + 1);
        }
        self.notify.notify_one();
    }

    /// The next event. May be dropped before it came without losing one.
    pub async fn next(&self) -> Seen {
        loop {
            let seen = self.events.borrow_mut().pop_front();
            if let Some(seen) = seen {
                return Seen { lost: self.lost.take(), ..seen };
            }
            self.notify.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use brickwork_spec_protocol::{Assoc, Data};

    use super::{Dispatch, MAX_EVENTS, Queue, Registry, Seen};

    fn waiting(queue: &Queue) -> Vec<Seen> {
        queue.events.take().into_iter().collect()
    }

    fn numbers(queue: &Queue) -> Vec<f64> {
        waiting(queue).iter().map(|seen| seen.data.to_number().expect("a number")).collect()
    }

    #[test]
    fn one_reader_gets_the_newest_value_and_another_each() {
        let (registry, newest, every) = (Registry::default(), Rc::<Queue>::default(), Rc::<Queue>::default());
        assert!(registry.add("var/A", &newest, 0, Dispatch::Newest), "the first one registers it");
        assert!(!registry.add("var/A", &every, 0, Dispatch::Every), "the second one does not");
        (0..3).for_each(|number| registry.event("var/A", Data::integer(number), false));
        assert_eq!(numbers(&newest), [2.0]);
        assert_eq!(numbers(&every), [0.0, 1.0, 2.0]);
        assert_eq!(registry.remove("var/A", &newest), None, "the other one still follows it");
        assert_eq!(registry.remove("var/A", &every), Some("var/A".into()));
    }

    #[test]
    fn who_comes_later_has_the_value_at_once_unless_the_link_was_down() {
        let (registry, first, later) = (Registry::default(), Rc::<Queue>::default(), Rc::<Queue>::default());
        registry.add("var/A", &first, 0, Dispatch::Newest);
        registry.event("var/A", Data::integer(7), false);
        registry.add("var/A", &later, 3, Dispatch::Every);
        assert_eq!(waiting(&later)[0].which, 3);
        registry.forget_values();
        registry.add("var/A", &later, 4, Dispatch::Every);
        assert!(waiting(&later).is_empty());
    }

    #[test]
    fn what_was_printed_is_not_told_again_to_who_comes_later() {
        let (registry, first, later) = (Registry::default(), Rc::<Queue>::default(), Rc::<Queue>::default());
        registry.add("output/tty", &first, 0, Dispatch::Every);
        registry.event("output/tty", Data::text("old\n"), false);
        registry.add("output/tty", &later, 0, Dispatch::Every);
        assert_eq!((waiting(&first).len(), waiting(&later).len()), (1, 0));
    }

    #[test]
    fn a_later_reader_of_an_associative_array_has_all_of_it() {
        let (registry, first, later) = (Registry::default(), Rc::<Queue>::default(), Rc::<Queue>::default());
        registry.add("var/A", &first, 0, Dispatch::Every);
        registry.event("var/A", Data::Assoc(Assoc::new().with("a", "1").with("b", "2")), false);
        registry.event("var/A", Data::Assoc(Assoc::new().with("b", "3")), false);
        registry.event("var/A", Data::Assoc(Assoc::new().with("a", "")), true);
        registry.add("var/A", &later, 0, Dispatch::Every);
        assert_eq!(waiting(&later)[0].data, Data::Assoc(Assoc::new().with("b", "3")));
    }

    #[test]
    fn both_forms_of_the_name_of_an_element_are_one_property() {
        let (registry, queue) = (Registry::default(), Rc::<Queue>::default());
        registry.add("var/A/key", &queue, 0, Dispatch::Newest);
        registry.event("var/A[key]", Data::integer(5), false);
        assert_eq!(numbers(&queue), [5.0]);
        assert_eq!(registry.names(), ["var/A/key"], "it is registered as it was asked for");
    }

    #[test]
    fn a_reader_that_is_too_slow_is_told_how_much_it_lost() {
        let (registry, queue) = (Registry::default(), Rc::<Queue>::default());
        registry.add("output/tty", &queue, 0, Dispatch::Every);
        (0..MAX_EVENTS as i64 + 3).for_each(|number| registry.event("output/tty", Data::integer(number), false));
        assert_eq!(queue.lost.get(), 3);
        assert_eq!(numbers(&queue)[0], 3.0, "the oldest are lost");
    }
}
