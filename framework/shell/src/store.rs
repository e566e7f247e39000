//! What the window knows: the newest readings, statuses and pictures, and how old the engine's word is.
//!
//! Only the window's thread touches it. When the engine is silent, every object counts as
//! disconnected, whatever it said last.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use brickwork_link::Update;
use brickwork_sdk::from_value;
use brickwork_sdk::status::{Link as LinkState, ObjectStatus, Quality, Question};
use brickwork_sdk::view::Node;
use brickwork_support::Now;

use crate::event::Place;
use crate::link::Link;
use crate::readings::{Picture, Readings, Shown};

/// How long the engine may be silent before nothing it said counts as fresh.
const SILENCE: Duration = brickwork_link::MAX_AGE;

/// The window's knowledge.
pub struct Store {
    link: Arc<Link>,
    names: HashMap<u64, (String, String)>,
    readings: HashMap<String, HashMap<String, Update>>,
    statuses: HashMap<String, ObjectStatus>,
    /// The statuses as they are shown while the engine is silent.
    silent: Option<HashMap<String, ObjectStatus>>,
    /// The status of an object of which a silent engine had not spoken yet.
    unheard: Option<ObjectStatus>,
    pictures: HashMap<Place, Picture>,
    /// What each brick's view is bound to: the subscriptions.
    bound: HashMap<String, HashMap<(String, String), u64>>,
    beat: Option<Beat>,
    /// The process of the engine.
    engine: Option<u32>,
    /// Pixels of the screen along one of the window that is drawn now.
    pub pixels: Cell<f32>,
}

struct Beat {
    engine_ns: u64,
    wall_secs: f64,
    heard: Instant,
}

impl Store {
    /// Knows nothing yet.
    pub fn new(link: Arc<Link>) -> Self {
        Self {
            link,
            names: HashMap::new(),
            readings: HashMap::new(),
            statuses: HashMap::new(),
            silent: None,
            unheard: None,
            pictures: HashMap::new(),
            bound: HashMap::new(),
            beat: None,
            engine: None,
            pixels: Cell::new(1.0),
        }
    }

    /// A new value.
    pub fn update(&mut self, update: Update) {
        let Some((object, channel)) = self.names.get(&update.id) else { return };
        if channel == "status" {
            if let Ok(status) = from_value::<ObjectStatus>(update.value) {
                self.statuses.insert(object.clone(), status);
            }
        } else {
            self.readings.entry(object.clone()).or_default().insert(channel.clone(), update);
        }
    }

    /// A new picture.
    pub fn set_picture(&mut self, place: Place, picture: Picture) {
        self.pictures.insert(place, picture);
    }

    /// An engine answers; what another one before said is not its word.
    pub fn meet(&mut self, engine: u32) {
        if self.engine.replace(engine) != Some(engine) {
            self.readings.clear();
            self.statuses.clear();
        }
    }

    /// The engine turns.
    pub fn beat(&mut self, engine_ns: u64, wall_secs: f64, heard: Instant) {
        self.beat = Some(Beat { engine_ns, wall_secs, heard });
        (self.silent, self.unheard) = (None, None);
    }

    /// Looks whether the engine is silent; true when that has changed or ages must be drawn anew.
    pub fn look(&mut self) -> bool {
        let silent = self.beat.as_ref().is_none_or(|beat| beat.heard.elapsed() > SILENCE);
        if silent && self.silent.is_none() {
            self.fall_silent();
            return true;
        }
        silent || self.statuses.values().any(|status| status.link != LinkState::Live)
    }

    /// The engine has gone.
    pub fn fall_silent(&mut self) {
        if self.silent.is_some() {
            return;
        }
        let since_ns = self.beat.as_ref().map_or(0, |beat| beat.engine_ns);
        let gone = ObjectStatus {
            link: LinkState::Disconnected,
            since_ns,
            last_error: "the engine does not answer".into(),
            ..ObjectStatus::default()
        };
        let dark = |status: &ObjectStatus| match status.link {
            // Nor does anything connect: nobody is there who would.
            LinkState::Live | LinkState::Loading => {
                let ObjectStatus { link, since_ns, last_error, .. } = gone.clone();
                ObjectStatus { link, since_ns, last_error, ..status.clone() }
            }
            LinkState::Disconnected | LinkState::Fault => status.clone(),
        };
        self.silent = Some(self.statuses.iter().map(|(name, status)| (name.clone(), dark(status))).collect());
        self.unheard = self.beat.is_some().then_some(gone);
    }

    /// This moment by both clocks; both are 0 as long as no engine was heard.
    pub fn now(&self) -> Now {
        let wall_secs = |beat: &Beat| beat.wall_secs + beat.heard.elapsed().as_secs_f64();
        Now { engine_ns: self.now_ns(), wall_secs: self.beat.as_ref().map_or(0.0, wall_secs) }
    }

    /// When the engine was last heard, by its clock.
    pub fn silent_since_ns(&self) -> u64 {
        self.beat.as_ref().map_or(0, |beat| beat.engine_ns)
    }

    /// Whether the engine is silent.
    pub fn is_silent(&self) -> bool {
        self.silent.is_some()
    }

    /// A brick has a new view: its channels are wanted, those of the old one no more.
    pub fn bind(&mut self, brick: &str, view: &Node) {
        let mut needed = BTreeSet::new();
        for node in view.walk() {
            if let Some((object, channel)) = node.bound() {
                needed.insert((object.to_owned(), channel.to_owned()));
                needed.insert((object.to_owned(), "status".to_owned()));
                if let Some(unit) = Some(node.text("unit_channel")).filter(|unit| !unit.is_empty()) {
                    needed.insert((object.to_owned(), unit.to_owned()));
                }
            }
            if node.kind == "state" {
                needed.insert((node.text("object").to_owned(), "status".to_owned()));
            }
        }
        self.want(brick, needed);
    }

    /// The status of every object is wanted: any of them may ask something.
    pub fn watch(&mut self, objects: impl Iterator<Item = String>) {
        self.want(crate::panel::QUESTIONS, objects.map(|object| (object, "status".to_owned())).collect());
    }

    /// Every question that objects of a living engine have, by object.
    pub fn questions(&self) -> Vec<(&str, &Question)> {
        if self.silent.is_some() {
            return Vec::new();
        }
        let all = self
            .statuses
            .iter()
            .flat_map(|(object, status)| status.questions.iter().map(move |q| (object.as_str(), q)));
        let mut all: Vec<_> = all.collect();
        all.sort_by_key(|(object, question)| (*object, question.id.as_str()));
        all
    }

    /// Whether a node can be drawn with what is known of its object: its value, or that there is none. With `live`
    /// only a live value counts.
    pub fn knows(&self, brick: &str, node: &Node, live: bool) -> bool {
        let (object, channel) = match node.bound() {
            Some(bound) => bound,
            None if node.kind == "state" => (node.text("object"), "status"),
            None => return true,
        };
        let Some(status) = self.status(object) else { return false };
        if !live {
            // What is not there yet is drawn as that.
            return true;
        }
        if status.link != LinkState::Live {
            return false;
        }
        match node.kind.as_str() {
            "picture" => self.pictures.contains_key(&Place::new(brick, &node.id)),
            "state" => true,
            _ => channel == "status" || self.reading(object, channel).is_some(),
        }
    }

    fn want(&mut self, brick: &str, needed: BTreeSet<(String, String)>) {
        let mut old = self.bound.remove(brick).unwrap_or_default();
        let mut new = HashMap::new();
        for key in needed {
            let id = old.remove(&key).unwrap_or_else(|| {
                let id = self.link.want(&key.0, &key.1, None);
                self.names.insert(id, key.clone());
                // Somebody else may have wanted it before: then no new update comes of itself.
                if let Some(known) = self.link.latest(id) {
                    let (quality, sequence, engine_ns) = (known.quality, known.sequence, known.engine_ns);
                    let source_time = known.source_time;
                    self.update(Update { id, value: known.value, quality, sequence, engine_ns, source_time });
                }
                id
            });
            new.insert(key, id);
        }
        for id in old.into_values() {
            self.link.unwant(id, None);
        }
        self.bound.insert(brick.into(), new);
    }

    /// A brick is gone.
    pub fn forget(&mut self, brick: &str) {
        for id in self.bound.remove(brick).unwrap_or_default().into_values() {
            self.link.unwant(id, None);
        }
        self.pictures.retain(|place, _| place.brick != brick);
    }
}

impl Readings for Store {
    fn reading(&self, object: &str, channel: &str) -> Option<Shown<'_>> {
        let update = self.readings.get(object)?.get(channel)?;
        Some(Shown {
            value: &update.value,
            quality: Quality::from_code(update.quality),
            engine_ns: update.engine_ns,
            source_time: update.source_time,
        })
    }

    fn status(&self, object: &str) -> Option<&ObjectStatus> {
        self.silent.as_ref().unwrap_or(&self.statuses).get(object).or(self.unheard.as_ref())
    }

    fn now_ns(&self) -> u64 {
        self.beat.as_ref().map_or(0, |beat| beat.engine_ns + beat.heard.elapsed().as_nanos() as u64)
    }

    fn wall(&self, engine_ns: u64) -> String {
        let Some(beat) = &self.beat else { return "--:--:--".into() };
        let before_secs = (beat.engine_ns as f64 - engine_ns as f64) * 1e-9;
        crate::format::clock(beat.wall_secs - before_secs)
    }

    fn picture(&self, brick: &str, node: &str, _object: &str, _channel: &str) -> Option<Picture> {
        self.pictures.get(&Place::new(brick, node)).cloned()
    }

    fn pixels(&self) -> f32 {
        self.pixels.get()
    }
}
