//! The iced application: one state, its messages, its windows. Its thread only draws; what it draws is in `frame`.

mod frame;
mod reports;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

use brickwork_engine::log::Log;
use brickwork_layout::{Beamline, BrickSpec, Node};
use brickwork_link::{CallInfo, Notice, NoticeLevel, ToEngine};
use brickwork_sdk::protocol::Outcome;
use brickwork_sdk::view::{Node as View, Tone};
use brickwork_sdk::{ErrorKind, Value, from_value};
use iced::futures::{SinkExt as _, StreamExt as _};
use iced::{Subscription, Task, Theme, keyboard, theme, window};

use crate::edits::Edits;
use crate::event::{Event, Outgoing, Place};
use crate::focus::moves_focus;
use crate::format;
use crate::inbox::{Happened, Inbox, News, Tile};
use crate::link::Link;
use crate::manager::ToManager;
use crate::memory::{Keeper, Memory};
use crate::panel::{self, ConnectionsPanel, Effect, LogPanel, Origin, Panel};
use crate::pictures::Pictures;
use crate::probe::{self, Question};
use crate::readings::Readings as _;
use crate::store::Store;
use crate::tokens::Tokens;
use reports::Known;

/// The window is drawn at most so often.
const FRAME_PERIOD: Duration = Duration::from_millis(33);
/// How often ages and limits are looked at.
const TICK: Duration = Duration::from_millis(500);
/// From so many new values on, the windows are drawn whole: see [`App::draw_whole`].
const MANY: usize = 8;
/// So little that even 255 of them are far less than one of the 255 steps of a colour.
const NUDGE: f32 = 1e-6;

/// How the shell is to look.
#[derive(Clone, Copy, Debug)]
pub struct Appearance {
    /// Light instead of dark; `None` for as it was left.
    pub is_light: Option<bool>,
    /// The size of each window; `None` for as it was left.
    pub size: Option<(f32, f32)>,
}

/// The size of a window that was never open.
const SIZE: (f32, f32) = (1280.0, 1024.0);

/// What moves the application.
#[derive(Clone, Debug)]
pub enum Message {
    /// A person did something in a window.
    Ui(Event),
    /// There is news.
    Wake,
    /// Time has passed.
    Tick,
    /// A key that no control took.
    Key(keyboard::Event),
    /// A window has opened.
    Opened,
    /// A window has another size.
    Resized(window::Id, iced::Size),
    /// A window was closed.
    Closed(window::Id),
    /// The windows as they are, for a support archive.
    Pictures(Vec<window::Screenshot>),
}

/// What the threads offer to the window.
#[derive(Clone)]
pub struct Services {
    /// News.
    pub inbox: Arc<Inbox>,
    /// The engine.
    pub link: Arc<Link>,
    /// The bricks.
    pub manager: SyncSender<ToManager>,
    /// The pictures.
    pub pictures: Arc<Pictures>,
    /// The log of this process.
    pub log: Arc<Log>,
    /// What keeps the windows' memory.
    pub keeper: Keeper,
    /// Where the engine is met.
    pub place: brickwork_link::Place,
}

/// The application's state.
pub struct App {
    services: Services,
    tokens: Tokens,
    is_light: bool,
    /// A size that was asked for, which counts more than what is remembered.
    size: Option<(f32, f32)>,
    memory: Memory,
    /// What is on disk, as far as is known.
    kept: Memory,
    windows: Vec<window::Id>,
    store: Store,
    edits: Edits,
    beamline: Beamline,
    diagnostics: String,
    tiles: BTreeMap<String, Tile>,
    notes: BTreeMap<String, BTreeMap<String, String>>,
    silent: BTreeMap<String, Instant>,
    silent_words: BTreeMap<String, (String, String)>,
    running: Vec<CallInfo>,
    running_words: Option<String>,
    banners: BTreeMap<String, Notice>,
    last_words: String,
    no_notes: BTreeMap<String, String>,
    refused: Option<String>,
    /// The panel at the bottom.
    panel: Option<Panel>,
    log: LogPanel,
    connections: ConnectionsPanel,
    /// What the engine and the plugins are, for *About*.
    known: Known,
    /// A thread writes for the person.
    is_keeping: bool,
    /// The last line of this process's own log that the panel has.
    logged: u64,
    panel_view: Option<View>,
    questions: Option<View>,
    /// By how many nudges the ground differs from its colour.
    nudges: u8,
    views: Cell<u64>,
    /// When everything in sight was first drawn with what is known of it, and when first with live values alone.
    complete: Cell<(Option<Instant>, Option<Instant>)>,
    /// How many pictures came, and the age of the newest when it did, in milliseconds.
    pictures: (u64, u64),
}

impl App {
    /// The state before anything was heard, and the task that opens the first window.
    pub fn new(services: Services, appearance: Appearance, memory: Memory) -> (Self, Task<Message>) {
        let is_light = appearance.is_light.or(memory.is_light).unwrap_or(false);
        let mut edits = Edits::default();
        edits.arrange(&memory.tabs, &memory.splits);
        let mut app = Self {
            store: Store::new(services.link.clone()),
            services,
            tokens: tokens(is_light),
            is_light,
            size: appearance.size,
            kept: memory.clone(),
            memory,
            windows: Vec::new(),
            edits,
            beamline: Beamline::default(),
            diagnostics: String::new(),
            tiles: BTreeMap::new(),
            notes: BTreeMap::new(),
            silent: BTreeMap::new(),
            silent_words: BTreeMap::new(),
            running: Vec::new(),
            running_words: None,
            banners: BTreeMap::new(),
            last_words: String::new(),
            no_notes: BTreeMap::new(),
            refused: None,
            panel: None,
            log: LogPanel::default(),
            connections: ConnectionsPanel::default(),
            known: Known::default(),
            is_keeping: false,
            logged: 0,
            panel_view: None,
            questions: None,
            nudges: 0,
            views: Cell::new(0),
            complete: Cell::default(),
            pictures: (0, 0),
        };
        let opening = app.open_window();
        (app, opening)
    }

    /// Opens one window more, as large as it was left.
    fn open_window(&mut self) -> Task<Message> {
        let index = self.windows.len();
        let (width, height) = self.size.or_else(|| self.memory.sizes.get(&index).copied()).unwrap_or(SIZE);
        let (id, opening) = window::open(settings(width, height));
        self.windows.push(id);
        opening.map(|_| Message::Opened)
    }

    /// The title of a window.
    pub fn title(&self, id: window::Id) -> String {
        let spec = self.window_index(id).and_then(|index| self.beamline.windows.get(index));
        match spec {
            Some(spec) => format!("{} – {} – Brickwork", spec.title, self.beamline.name),
            None => "Brickwork".into(),
        }
    }

    /// The theme of a window.
    pub fn theme(&self, _: window::Id) -> Theme {
        self.tokens.theme()
    }

    fn window_index(&self, id: window::Id) -> Option<usize> {
        self.windows.iter().position(|window| *window == id)
    }

    /// What moves the application from outside.
    pub fn subscription(&self) -> Subscription<Message> {
        let news = Subscription::run_with(InboxKey(self.services.inbox.clone()), |key| news(key.0.clone()));
        let keys = keyboard::listen().map(Message::Key);
        let closed = window::close_events().map(Message::Closed);
        let resized = window::resize_events().map(|(id, size)| Message::Resized(id, size));
        Subscription::batch([news, keys, closed, resized, iced::time::every(TICK).map(|_| Message::Tick)])
    }

    /// Takes note of a message.
    pub fn update(&mut self, message: Message) -> Task<Message> {
        match message {
            Message::Ui(event) => {
                self.draw_whole();
                let task = self.ui(event);
                self.panels();
                return task;
            }
            Message::Wake => return self.news(),
            Message::Tick => {
                if self.store.look() {
                    self.draw_whole();
                }
                self.words();
                self.panels();
                self.remember();
                // The manager looks at its limits at the same pace; when it is full it has other work.
                let _ = self.services.manager.try_send(ToManager::Tick);
            }
            Message::Key(key) => {
                if let Some(event) = shortcut(&key) {
                    return self.update(Message::Ui(event));
                }
                return moves_focus(&key).unwrap_or_else(Task::none);
            }
            Message::Opened => {}
            Message::Pictures(pictures) => self.write_archive(pictures),
            Message::Resized(id, size) => {
                if let Some(index) = self.window_index(id) {
                    self.memory.sizes.insert(index, (size.width, size.height));
                }
            }
            Message::Closed(id) => {
                self.windows.retain(|window| *window != id);
                self.remember();
                if self.windows.is_empty() {
                    return iced::exit();
                }
            }
        }
        Task::none()
    }

    fn ui(&mut self, event: Event) -> Task<Message> {
        match event {
            Event::PictureSize { place, object, channel, size } => {
                self.services.pictures.show(place, &object, &channel, size);
            }
            Event::Restart { brick } => self.tell(ToManager::Restart(brick)),
            Event::Dismiss { banner } => {
                self.banners.remove(&banner);
            }
            Event::AbortAll => {
                if !self.services.link.send(ToEngine::AbortAll) {
                    self.last_words = "ABORT was not sent: the engine does not answer".into();
                }
            }
            Event::AbortCall(call) => self.abort(call),
            Event::Escape { brick } => {
                let begun: Vec<u64> = self.running.iter().filter(|c| c.brick == brick).map(|c| c.call).collect();
                begun.into_iter().for_each(|call| self.abort(call));
            }
            Event::SwitchTheme => {
                self.is_light = !self.is_light;
                (self.tokens, self.memory.is_light) = (tokens(self.is_light), Some(self.is_light));
            }
            Event::TogglePanel(panel) => self.panel = if self.panel == Some(panel) { None } else { Some(panel) },
            Event::Details { subject } => self.details(&subject),
            Event::Support => return self.take_pictures(),
            event => {
                if let Event::Message(Outgoing { place, .. }) = &event
                    && !self.take_form(&place.clone())
                {
                    return Task::none();
                }
                if let Some(outgoing) = self.edits.apply(event) {
                    return self.send(outgoing);
                }
            }
        }
        Task::none()
    }

    /// Takes what is typed into the form around a control; false when some of it was refused, then nothing acts.
    fn take_form(&mut self, place: &Place) -> bool {
        let Some(Tile::View(view)) = self.tiles.get(&place.brick) else { return true };
        if view.find(&place.node).is_some_and(|node| node.tone() == Tone::Danger) {
            // A stop waits for nothing, whatever is half typed.
            return true;
        }
        let mut is_whole = true;
        for commit in self.edits.open_form(view, place) {
            let Event::Commit { place, .. } = &commit else { continue };
            let field = place.clone();
            match self.edits.apply(commit) {
                Some(outgoing) => drop(self.send(outgoing)),
                None => is_whole &= self.edits.refusal(&field).is_none(),
            }
        }
        is_whole
    }

    fn details(&mut self, subject: &str) {
        self.log.look_at(subject);
        self.panel = Some(Panel::Log);
    }

    fn abort(&mut self, call: u64) {
        if !self.services.link.send(ToEngine::Abort { call }) {
            self.last_words = "the abort was not sent: the engine does not answer".into();
        }
    }

    /// Hands a message to the brick or panel whose control was used.
    fn send(&mut self, Outgoing { place, message }: Outgoing) -> Task<Message> {
        if !panel::is_panel(&place.brick) {
            if let Some(notes) = self.notes.get_mut(&place.brick) {
                notes.remove(&place.node);
            }
            self.tell(ToManager::Message { place, message });
            return Task::none();
        }
        let effect = match place.brick.as_str() {
            brick if brick == Panel::Log.brick() => self.log.update(message),
            brick if brick == Panel::About.brick() => self.about().update(message),
            brick if brick == Panel::Connections.brick() => {
                let report = self.connections_report();
                self.connections.update(message, || report)
            }
            brick => panel::effect_of(brick, message),
        };
        match effect {
            Effect::Nothing => {}
            Effect::Copy(words) => return iced::clipboard::write(words),
            Effect::Save { name, text } => self.save(name, text),
            Effect::Support => return self.take_pictures(),
            Effect::Details(subject) => self.details(&subject),
            Effect::Abort(call) => self.abort(call),
            Effect::Answer { object, question, option } => {
                if !self.services.link.send(ToEngine::Answer { object, question, option }) {
                    self.last_words = "the answer was not sent: the engine does not answer".into();
                }
            }
        }
        Task::none()
    }

    /// Builds what the panels show, of those that are seen.
    fn panels(&mut self) {
        let own = self.services.log.since(self.logged);
        self.logged = own.last().map_or(self.logged, |line| line.number);
        self.log.add(Origin::Shell, own);
        let now_ns = self.store.now_ns();
        self.panel_view = match self.panel {
            None => None,
            Some(Panel::Running) => Some(panel::running(&self.running, now_ns)),
            Some(Panel::Connections) => Some(self.connections.view(&self.all_connections(), self.store.now())),
            Some(Panel::About) => Some(self.about().view()),
            Some(Panel::Log) => {
                self.log.seen();
                Some(self.log.view(format::clock))
            }
        };
        self.questions = panel::questions(self.store.questions().into_iter(), now_ns);
    }

    /// Has written what is to be remembered, if it has changed.
    fn remember(&mut self) {
        (self.memory.tabs, self.memory.splits) = self.edits.arrangement();
        if self.memory != self.kept && self.services.keeper.keep(&self.memory) {
            self.kept = self.memory.clone();
        }
    }

    fn tell(&mut self, message: ToManager) {
        if self.services.manager.try_send(message).is_err() {
            self.last_words = "the bricks do not keep up: a click was dropped".into();
        }
    }

    /// How the ground of a window looks.
    pub fn style(&self, theme: &Theme) -> theme::Style {
        let style = theme::Base::base(theme);
        let b = (style.background_color.b - f32::from(self.nudges) * NUDGE).abs();
        theme::Style { background_color: iced::Color { b, ..style.background_color }, ..style }
    }

    /// Has the windows drawn whole the next time.
    ///
    /// The software renderer draws only what has changed, but for each changed place it walks over
    /// everything, through a mask: 200 values in a grid cost it many seconds, one picture more than the
    /// whole window. A ground of another colour makes it draw the window whole, once and without a mask;
    /// so the ground changes, by less than can be seen.
    fn draw_whole(&mut self) {
        self.nudges = self.nudges.wrapping_add(1);
    }

    /// Takes what the threads have put into the inbox.
    fn news(&mut self) -> Task<Message> {
        let News { updates, pictures, tiles, events } = self.services.inbox.take();
        if updates.len() >= MANY || !(pictures.is_empty() && tiles.is_empty()) {
            self.draw_whole();
        }
        let mut task = Task::none();
        for event in events {
            task = task.chain(self.happened(event));
        }
        for (name, tile) in tiles {
            if let Tile::View(node) = &tile {
                self.store.bind(&name, node);
            }
            self.tiles.insert(name, tile);
        }
        for (_, update) in updates {
            self.store.update(update);
        }
        self.panels();
        for (place, picture) in pictures {
            let age_ns = self.store.now_ns().saturating_sub(picture.engine_ns);
            self.pictures = (self.pictures.0 + 1, age_ns / 1_000_000);
            self.store.set_picture(place, picture);
        }
        self.words();
        task
    }

    fn happened(&mut self, event: Happened) -> Task<Message> {
        match event {
            Happened::Connected(Some(engine)) => {
                self.draw_whole();
                self.refused = None;
                self.store.meet(engine.process);
                self.known.engine = Some(*engine);
                self.log.forget_engine();
            }
            Happened::Connected(None) => {
                self.draw_whole();
                self.known.engine = None;
                self.store.fall_silent();
            }
            Happened::Refused(reason) => self.refused = Some(reason),
            Happened::Beat { engine_ns, wall_secs, memory_bytes } => {
                self.store.beat(engine_ns, wall_secs);
                self.known.engine_memory_bytes = memory_bytes;
            }
            Happened::Plugins(plugins) => self.known.plugins = plugins,
            Happened::Kept(words) => (self.last_words, self.is_keeping) = (words, false),
            Happened::Beamline { revision, beamline, diagnostics } => {
                self.known.revision = revision;
                return self.arrange(beamline, diagnostics);
            }
            Happened::Ended { place, outcome } => self.ended(place, outcome),
            Happened::Running(running) => self.running = running,
            Happened::Notice(notice) => self.notice(notice),
            Happened::Log(lines) => self.log.add(Origin::Engine, lines),
            Happened::Silent(name, true) => {
                self.silent.insert(name, Instant::now());
            }
            Happened::Silent(name, false) => {
                self.silent.remove(&name);
            }
            Happened::Gone(name) => {
                self.tiles.remove(&name);
                self.notes.remove(&name);
                self.store.forget(&name);
                self.edits.forget(&name);
                self.services.pictures.forget(&name);
            }
            Happened::Probe(Question::Texts(answer)) => return probe::look(answer),
            Happened::Probe(Question::Frames(answer)) => {
                let (count, age_ms) = self.pictures;
                let ago = |at: Option<Instant>| at.map_or(-1, |at| at.elapsed().as_millis() as i64);
                let (drawn, live) = self.complete.get();
                let (drawn, live) = (ago(drawn), ago(live));
                let views = self.views.get();
                let words =
                    format!("views {views} pictures {count} age_ms {age_ms} drawn_ms_ago {drawn} live_ms_ago {live}\n");
                // Who asked may have gone.
                let _ = answer.try_send(words);
            }
        }
        Task::none()
    }

    /// A new layout, or what is wrong with it: then the one before stays.
    fn arrange(&mut self, beamline: Value, diagnostics: String) -> Task<Message> {
        self.diagnostics = diagnostics;
        let Ok(beamline) = from_value::<Beamline>(beamline) else { return Task::none() };
        if beamline == self.beamline {
            return Task::none();
        }
        let mut bricks: Vec<BrickSpec> = Vec::new();
        for window in &beamline.windows {
            collect(&window.root, &mut bricks);
        }
        self.tell(ToManager::Bricks(bricks));
        self.store.watch(beamline.objects.keys().cloned());
        let missing = beamline.windows.len().saturating_sub(self.windows.len());
        self.beamline = beamline;
        let mut task = Task::none();
        for _ in 0..missing {
            task = task.chain(self.open_window());
        }
        let wanted = self.beamline.windows.len().max(1);
        for extra in self.windows.drain(wanted.min(self.windows.len())..) {
            task = task.chain(window::close(extra));
        }
        task
    }

    fn ended(&mut self, place: Place, outcome: Outcome) {
        let Outcome::Ended(error) = outcome else { return };
        if error.kind != ErrorKind::Aborted {
            self.last_words = error.message.clone();
            self.notes.entry(place.brick).or_default().insert(place.node, error.message);
        }
    }

    fn notice(&mut self, notice: Notice) {
        if notice.text.is_empty() {
            self.banners.remove(&notice.subject);
        } else if notice.level == NoticeLevel::Info {
            self.last_words = notice.text;
        } else {
            self.banners.insert(notice.subject.clone(), notice);
        }
    }

    /// Takes note of the first window in which nothing in sight was missing.
    fn note_complete(&self) {
        let (drawn, live) = self.complete.get();
        if live.is_some() {
            return;
        }
        let mut bricks = Vec::new();
        for (index, window) in self.beamline.windows.iter().enumerate() {
            self.room().in_sight(&frame::top(index), &window.root, &mut bricks);
        }
        let parts: Option<Vec<&View>> = bricks
            .iter()
            .map(|brick| match self.tiles.get(*brick) {
                Some(Tile::View(view)) => Some(view),
                _ => None,
            })
            .collect();
        let Some(parts) = parts.filter(|parts| !parts.is_empty()) else { return };
        let bound = || bricks.iter().zip(&parts).flat_map(|(brick, part)| part.walk().map(move |node| (*brick, node)));
        let is_drawn = bound().all(|(brick, node)| self.store.knows(brick, node, false));
        let is_live = is_drawn && bound().all(|(brick, node)| self.store.knows(brick, node, true));
        let now = Instant::now();
        self.complete.set((drawn.or(is_drawn.then_some(now)), is_live.then_some(now)));
    }

    /// The words that change with time alone.
    fn words(&mut self) {
        self.silent_words = self
            .silent
            .iter()
            .map(|(name, since)| {
                let lasted = since.elapsed();
                let now = self.store.now_ns();
                let began = self.store.wall(now.saturating_sub(lasted.as_nanos() as u64));
                (name.clone(), (began, format::ago(lasted.as_nanos() as u64)))
            })
            .collect();
        self.running_words = running_words(&self.running, self.store.now_ns());
    }
}

/// What runs, in one line.
fn running_words(running: &[CallInfo], now_ns: u64) -> Option<String> {
    let first = running.first()?;
    let lasted = format::ago(now_ns.saturating_sub(first.since_ns));
    let mut words = format!("{} {}", first.object, first.command.replace('_', " "));
    if !first.message.is_empty() {
        words += &format!(" · {}", first.message);
    }
    if let Some(fraction) = first.fraction {
        words += &format!(" · {:.0} %", fraction * 100.0);
    }
    words += &format!(" · {} · {}", lasted.trim_end_matches(" ago"), first.caller);
    if running.len() > 1 {
        words += &format!(" · and {} more", running.len() - 1);
    }
    Some(words)
}

fn collect(node: &Node, bricks: &mut Vec<BrickSpec>) {
    match node {
        Node::Tabs(tabs) => tabs.iter().for_each(|tab| collect(&tab.root, bricks)),
        Node::Row(parts) | Node::Column(parts) => parts.iter().for_each(|part| collect(part, bricks)),
        Node::Split { first, second, .. } => {
            collect(first, bricks);
            collect(second, bricks);
        }
        Node::Brick(brick) => bricks.push(brick.clone()),
    }
}

fn tokens(is_light: bool) -> Tokens {
    if is_light { Tokens::light() } else { Tokens::dark() }
}

/// What a key means everywhere in a window.
fn shortcut(key: &keyboard::Event) -> Option<Event> {
    let keyboard::Event::KeyPressed { key: keyboard::Key::Character(letter), modifiers, .. } = key else { return None };
    match letter.as_str() {
        "l" if modifiers.control() => Some(Event::TogglePanel(Panel::Log)),
        "r" if modifiers.control() => Some(Event::TogglePanel(Panel::Running)),
        "k" if modifiers.control() => Some(Event::TogglePanel(Panel::Connections)),
        "i" if modifiers.control() => Some(Event::TogglePanel(Panel::About)),
        "b" if modifiers.control() => Some(Event::Support),
        _ => None,
    }
}

fn settings(width: f32, height: f32) -> window::Settings {
    window::Settings {
        size: iced::Size::new(width, height),
        min_size: Some(iced::Size::new(640.0, 480.0)),
        ..window::Settings::default()
    }
}

/// Names the one subscription to the inbox.
struct InboxKey(Arc<Inbox>);

impl std::hash::Hash for InboxKey {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        "inbox".hash(state);
    }
}

/// Wakes of the inbox, at most [`FRAME_PERIOD`] apart; the first after a rest comes at once.
fn news(inbox: Arc<Inbox>) -> impl iced::futures::Stream<Item = Message> {
    iced::stream::channel(1, async move |mut output: iced::futures::channel::mpsc::Sender<Message>| {
        let mut wakes = inbox.listen();
        let mut last = Instant::now() - FRAME_PERIOD;
        while wakes.next().await.is_some() {
            let rest = FRAME_PERIOD.saturating_sub(last.elapsed());
            if !rest.is_zero() {
                tokio::time::sleep(rest).await;
            }
            last = Instant::now();
            if output.send(Message::Wake).await.is_err() {
                break;
            }
        }
    })
}
