//! Pictures of bricks: a brick's own view, drawn by the shell's renderer from readings that stand still.
//!
//! The plugin is loaded as the shell loads it. What is drawn is compared with a hash under `golden/`;
//! a missing hash fails, and so does a panic anywhere, in any thread. `UPDATE_GOLDEN=1` writes the
//! hashes anew. Pictures that are new or differ are left in `target/tmp`, to be looked at.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use brickwork_engine::Trust;
use brickwork_engine::loader::{self, Library};
use brickwork_sdk::__abi::export::RVec;
use brickwork_sdk::__abi::{ChannelId, HostFunctions, PublishStatus, Reading, SubscribeMode, host_table};
use brickwork_sdk::protocol::{Answer, Ask, Post, Setup};
use brickwork_sdk::status::{Link, ObjectStatus, Quality};
use brickwork_sdk::view::Node;
use brickwork_sdk::{Value, from_value};
use brickwork_shell::edits::Edits;
use brickwork_shell::event::Event;
use brickwork_shell::readings::{FixedReadings, Picture};
use brickwork_shell::tokens::{Tokens, space};
use brickwork_shell::{draw, fonts, style};
use parking_lot::Mutex;

use crate::programs::{built, root};

/// The engine's clock in every picture: one hour.
const NOW_NS: u64 = 3_600_000_000_000;

static PANICKED: AtomicBool = AtomicBool::new(false);

/// The objects that a brick shows, as they stand, and what a person did to its view before.
#[derive(Default)]
pub struct Stage {
    values: BTreeMap<(String, String), Value>,
    qualities: BTreeMap<(String, String), Quality>,
    statuses: BTreeMap<String, ObjectStatus>,
    pictures: BTreeMap<String, Picture>,
    edits: Edits,
    refusals: BTreeMap<String, String>,
}

impl Stage {
    /// Gives a channel its value.
    pub fn value(mut self, object: &str, channel: &str, value: impl Into<Value>) -> Self {
        self.values.insert((object.into(), channel.into()), value.into());
        self
    }

    /// Gives a channel its value with a quality that is not good.
    pub fn value_as(mut self, object: &str, channel: &str, value: impl Into<Value>, quality: Quality) -> Self {
        self.qualities.insert((object.into(), channel.into()), quality);
        self.value(object, channel, value)
    }

    /// Does what a person does to the view, without telling the brick; the brick's name is `brick`.
    pub fn done(mut self, event: Event) -> Self {
        self.edits.apply(event);
        self
    }

    /// Says beside a control why the engine refused what it sent.
    pub fn refused(mut self, node: &str, why: &str) -> Self {
        self.refusals.insert(node.into(), why.into());
        self
    }

    /// Says how an object does.
    pub fn status(mut self, object: &str, status: ObjectStatus) -> Self {
        let value = brickwork_sdk::to_value(&status).expect("a status is plain data");
        self.values.insert((object.into(), "status".into()), value);
        self.statuses.insert(object.into(), status);
        self
    }

    /// The same with every object disconnected for a minute and a half.
    pub fn disconnected(self) -> Self {
        let objects: Vec<String> = self.statuses.keys().cloned().collect();
        let status = ObjectStatus {
            link: Link::Disconnected,
            since_ns: NOW_NS - 90_000_000_000,
            last_error: "connection refused".into(),
            ..ObjectStatus::default()
        };
        objects.iter().fold(self, |stage, object| stage.status(object, status.clone()))
    }

    /// Gives a camera a small picture of coloured bars.
    pub fn bars(self, camera: &str) -> Self {
        self.bars_of(camera, (320, 256))
    }

    /// Gives a camera a picture of coloured bars, so wide and high in pixels.
    pub fn bars_of(mut self, camera: &str, (width, height): (u32, u32)) -> Self {
        let pixel = |at: u32| {
            let (x, y) = (at % width, at / width);
            [(x * 255 / width) as u8, (y * 255 / height) as u8, if x / 40 % 2 == 0 { 220 } else { 40 }, 255]
        };
        let pixels: Vec<u8> = (0..width * height).flat_map(pixel).collect();
        let handle = iced::advanced::image::Handle::from_rgba(width, height, pixels);
        let engine_ns = NOW_NS - 95_000_000_000;
        self.pictures.insert(camera.into(), Picture { handle, whole: None, source: (width, height), engine_ns });
        self
    }

    fn readings(&self) -> FixedReadings {
        // The values came a little before the objects were lost.
        const BEFORE_NS: u64 = 95_000_000_000;
        let mut readings = FixedReadings::at(NOW_NS - BEFORE_NS);
        for (key, value) in &self.values {
            let quality = self.qualities.get(key).copied().unwrap_or_default();
            readings.set(&key.0, &key.1, value.clone(), quality);
        }
        readings.pass(BEFORE_NS);
        for (object, status) in &self.statuses {
            readings.set_status(object, status.clone());
        }
        for (camera, picture) in &self.pictures {
            readings.set_picture(camera, "frame", picture.clone());
        }
        readings
    }
}

/// A brick with its plugin, loaded into the test.
pub struct BrickShot {
    library: Library,
    host: &'static StageHost,
    setup: Setup,
}

impl BrickShot {
    /// Loads the plugin that has the brick.
    pub fn of(plugin: &str, setup: Setup) -> Self {
        watch_panics();
        let host: &'static StageHost = Box::leak(Box::default());
        let source = built(plugin);
        let mut checked = loader::check(&source, &Trust::default()).expect("the built plugin is whole");
        // A folder of its own: an old copy of another run may have the same name.
        static FOLDERS: AtomicU64 = AtomicU64::new(0);
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("brickwork-golden-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
        let copy = checked.copy_to(&folder).expect("the folder for temporary files can be written");
        let library = Library::load(&source, copy, checked.hash, host_table(host)).expect("the plugin loads");
        // What is loaded stays loaded without its name.
        let _ = std::fs::remove_dir_all(&folder);
        Self { library, host, setup }
    }

    fn ask(&self, instance: u64, ask: &Ask) -> Answer {
        match self.library.ask(instance, ask) {
            Answer::Panicked(failure) => panic!("the brick panicked at {}: {}", failure.place, failure.message),
            Answer::Refused(why) => panic!("the brick refuses: {why}"),
            answer => answer,
        }
    }

    fn view(&self, stage: &Stage) -> Node {
        static INSTANCES: AtomicU64 = AtomicU64::new(1);
        let instance = INSTANCES.fetch_add(1, Ordering::Relaxed);
        *self.host.values.lock() = stage.values.clone();
        self.ask(instance, &Ask::New(self.setup.clone()));
        let Answer::View(node) = self.ask(instance, &Ask::View) else { panic!("a brick answers with its view") };
        assert_eq!(node.problems(), [], "every control can be found by id and label");
        self.ask(instance, &Ask::Drop);
        node
    }

    /// Draws the brick in both themes and compares with `golden/NAME-THEME-tiny-skia.sha256`.
    pub fn matches(&self, name: &str, size: (f32, f32), stage: &Stage) {
        let node = self.view(stage);
        let readings = stage.readings();
        for (theme, tokens) in [("dark", Tokens::dark()), ("light", Tokens::light())] {
            let (edits, notes) = (&stage.edits, &stage.refusals);
            let drawing = draw::Drawing { readings: &readings, edits, tokens, notes };
            let drawn = draw::draw(&node, "brick", &drawing);
            let tile = iced::widget::container(drawn).padding(space::M).style(style::tile(tokens));
            let tile = tile.width(iced::Length::Fill).height(iced::Length::Fill);
            let window = iced::widget::container(tile).style(style::window(tokens));
            let mut simulator = iced_test::Simulator::with_size(fonts::settings(), size, window);
            let snapshot = simulator.snapshot(&tokens.theme()).expect("the software renderer draws");
            compare(&snapshot, &format!("{name}-{theme}"));
        }
        assert!(!PANICKED.load(Ordering::Acquire), "something panicked while {name} was drawn");
        assert_eq!(*self.host.complaints.lock(), Vec::<String>::new(), "the plugin complained");
    }
}

fn compare(snapshot: &iced_test::simulator::Snapshot, name: &str) {
    let golden = root().join("tests/golden").join(name);
    // The library adds the renderer's name to that of the file.
    let file = golden.with_file_name(format!("{name}-tiny-skia.sha256"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let _ = std::fs::remove_file(&file);
        leave_picture(snapshot, name);
    } else {
        // It would make a missing one, and be content.
        assert!(file.is_file(), "{} is missing: look at the brick, then run with UPDATE_GOLDEN=1", file.display());
    }
    let same = snapshot.matches_hash(&golden).expect("the hash can be read");
    assert!(file.is_file(), "pictures are hashed as the software renderer draws them");
    if !same {
        let picture = leave_picture(snapshot, name);
        panic!("{name} looks different: see {}; if it is as it should be, run with UPDATE_GOLDEN=1", picture.display());
    }
}

fn leave_picture(snapshot: &iced_test::simulator::Snapshot, name: &str) -> PathBuf {
    let folder = crate::programs::built_folder().parent().expect("profiles lie in `target`").join("tmp");
    let file = folder.join(format!("{name}-tiny-skia.png"));
    let _ = std::fs::remove_file(&file);
    snapshot.matches_image(folder.join(name)).expect("`target` can be written");
    file
}

/// Raises a flag on a panic in any thread of this process, caught or not.
fn watch_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICKED.store(true, Ordering::Release);
            usual(panic);
        }));
    });
}

/// The host of a brick that is only looked at: it gives readings, and notes what should not happen.
#[derive(Default)]
struct StageHost {
    values: Mutex<BTreeMap<(String, String), Value>>,
    subscriptions: Mutex<HashMap<u64, (String, String)>>,
    complaints: Mutex<Vec<String>>,
}

impl HostFunctions for StageHost {
    fn log(&self, level: u8, _: u64, _: &str, message: &str) {
        if level <= 2 {
            self.complaints.lock().push(message.into());
        }
    }

    fn subscribe(&self, _: u64, object: &str, channel: &str, _: SubscribeMode, _: u64, _: u64) -> u64 {
        let mut subscriptions = self.subscriptions.lock();
        let id = subscriptions.len() as u64 + 1;
        subscriptions.insert(id, (object.into(), channel.into()));
        id
    }

    fn latest(&self, subscription: u64) -> Option<Reading> {
        let key = self.subscriptions.lock().get(&subscription).cloned()?;
        let value = self.values.lock().get(&key)?.clone();
        Some(Reading { value, quality: 0, sequence: 1, engine_ns: NOW_NS, source_time: 0.0 })
    }

    fn post(&self, _: u64, message: Value) {
        if let Ok(Post::Panicked(failure)) = from_value(message) {
            self.complaints.lock().push(failure.message);
        }
    }

    fn unsubscribe(&self, _: u64) {}

    fn channel(&self, _: u64, _: &str) -> ChannelId {
        ChannelId { index: u32::MAX, epoch: 0 }
    }

    fn publish(&self, _: ChannelId, _: &mut Value, _: u8, _: f64) -> PublishStatus {
        PublishStatus::Stale
    }

    fn drain(&self, _: u64, _: u64, _: &mut RVec<Reading>) -> u64 {
        0
    }

    fn now_ns(&self) -> u64 {
        NOW_NS
    }

    fn time_scale(&self) -> f64 {
        1.0
    }
}

/// The golden files whose names begin with none of `known`.
pub fn leftovers(known: &[&str]) -> Vec<String> {
    let files = std::fs::read_dir(root().join("tests/golden")).into_iter().flatten().flatten();
    let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
    names.filter(|name| !known.iter().any(|known| name.starts_with(&format!("{known}-")))).collect()
}

/// The kinds of bricks that a plugin contributes.
pub fn bricks_of(plugin: &str) -> Vec<String> {
    let shot = BrickShot::of(plugin, Setup::default());
    shot.library.info.bricks.iter().map(|brick| brick.kind.clone()).collect()
}
