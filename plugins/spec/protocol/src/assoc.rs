//! spec's associative arrays. `Data` holds one; whoever follows a variable of spec keeps one and applies each event to
//! it.

use std::collections::HashMap;
use std::fmt;

/// The index of an element: one text, or two. Numbers are texts too: spec makes them so (*manual*, 2.3.4.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The first index.
    pub first: String,
    /// The second index of `name[first][second]`.
    pub second: Option<String>,
}

impl Key {
    /// Between the two indices on the wire (`\034` in C).
    pub const SEPARATOR: char = '\x1c';

    /// The index of `name[first]`.
    #[must_use]
    pub fn one(first: impl Into<String>) -> Self {
        Self { first: first.into(), second: None }
    }

    /// The indices of `name[first][second]`.
    #[must_use]
    pub fn two(first: impl Into<String>, second: impl Into<String>) -> Self {
        Self { first: first.into(), second: Some(second.into()) }
    }

    pub(crate) fn from_wire(key: &str) -> Self {
        match key.split_once(Self::SEPARATOR) {
            Some((first, second)) => Self::two(first, second),
            None => Self::one(key),
        }
    }

    pub(crate) fn to_wire(&self) -> String {
        match &self.second {
            Some(second) => format!("{}{}{second}", self.first, Self::SEPARATOR),
            None => self.first.clone(),
        }
    }
}

/// As spec writes it: `[first]` or `[first][second]`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", self.first)?;
        self.second.iter().try_for_each(|second| write!(f, "[{second}]"))
    }
}

impl From<&str> for Key {
    fn from(first: &str) -> Self {
        Self::one(first)
    }
}

impl From<String> for Key {
    fn from(first: String) -> Self {
        Self::one(first)
    }
}

/// An associative array of spec: texts by [`Key`], in the order in which they came.
///
/// An element that is deleted comes as an event whose packet is marked as
/// [`deleted`](crate::Packet::deleted) and whose array names the elements that are gone; [`Assoc::apply`] does either.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assoc {
    elements: Vec<(Key, String)>,
}

impl Assoc {
    /// An array without elements.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With this element, in the place of one with the same key.
    #[must_use]
    pub fn with(mut self, key: impl Into<Key>, value: impl Into<String>) -> Self {
        self.set(key, value);
        self
    }

    /// Sets an element; one with the same key is replaced.
    pub fn set(&mut self, key: impl Into<Key>, value: impl Into<String>) {
        let key = key.into();
        match self.elements.iter_mut().find(|(own, _)| *own == key) {
            Some((_, own)) => *own = value.into(),
            None => self.elements.push((key, value.into())),
        }
    }

    /// Takes an element out; its value, if it was there.
    pub fn remove(&mut self, key: &Key) -> Option<String> {
        let at = self.elements.iter().position(|(own, _)| own == key)?;
        Some(self.elements.remove(at).1)
    }

    /// The value of `name[first]`.
    #[must_use]
    pub fn get(&self, first: &str) -> Option<&str> {
        self.iter().find(|(key, _)| key.first == first && key.second.is_none()).map(|(_, value)| value)
    }

    /// The value of `name[first][second]`.
    #[must_use]
    pub fn get_two(&self, first: &str, second: &str) -> Option<&str> {
        let is_it = |key: &Key| key.first == first && key.second.as_deref() == Some(second);
        self.iter().find(|(key, _)| is_it(key)).map(|(_, value)| value)
    }

    /// Does to this array what an event says: elements are set or, when the packet is marked as deleted, taken out.
    pub fn apply(&mut self, changes: &Self, deleted: bool) {
        // One look at each element: a whole array may come, and it may be large.
        let mut pending: HashMap<&Key, &str> = changes.iter().collect();
        if deleted {
            self.elements.retain(|(key, _)| !pending.contains_key(key));
            return;
        }
        for (key, value) in &mut self.elements {
            if let Some(new) = pending.remove(key) {
                new.clone_into(value);
            }
        }
        for (key, _) in changes.iter() {
            if let Some(value) = pending.remove(key) {
                self.elements.push((key.clone(), value.to_owned()));
            }
        }
    }

    /// The elements, in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Key, &str)> {
        self.elements.iter().map(|(key, value)| (key, value.as_str()))
    }

    /// How many elements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether there is no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// Elements as they came: none is looked for twice, since there may be a million.
    pub(crate) fn from_wire(elements: Vec<(Key, String)>) -> Self {
        Self { elements }
    }
}
