//! The iced application: one state, its messages, its windows. Its thread only draws; what is done is in `act`, what is heard in
//! `hear`, what is drawn in `frame`.

mod act;
mod frame;
mod hear;
mod placing;
mod reports;
mod zoom;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

use brickwork_engine::log::Log;
use brickwork_layout::Beamline;
use brickwork_link::{CallInfo, Notice};
use brickwork_sdk::view::Node as View;
use iced::futures::{SinkExt as _, StreamExt as _};
use iced::keyboard::{self, key::Named};
use iced::{Subscription, Task, Theme, theme, window};
use parking_lot::Mutex;

use crate::ShellError;
use crate::display::Display;
use crate::edits::Edits;
use crate::event::Event;
use crate::focus::moves_focus;
use crate::inbox::{Inbox, Tile};
use crate::link::Link;
use crate::manager::ToManager;
use crate::memory::{Keeper, Memory};
use crate::panel::{self, ConnectionsPanel, LogPanel, Origin, Panel};
use crate::pictures::Pictures;
use crate::readings::Readings as _;
use crate::store::Store;
use crate::tokens::Tokens;
use crate::{format, keys};
use placing::Lying;
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
    /// How large the content is drawn, 1 for as designed; `None` for as it was left.
    pub scale: Option<f32>,
}

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
    /// A window has opened, not yet in sight.
    Opened(window::Id),
    /// Where a window lies, and where it fits.
    Placed(window::Id, Lying),
    /// A window is on a monitor of another scale.
    Rescaled,
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
    /// Where the windows open.
    pub display: Display,
    /// Why they were closed, if nobody did.
    pub failed: Arc<Mutex<Option<ShellError>>>,
}

/// The application's state.
pub struct App {
    services: Services,
    tokens: Tokens,
    is_light: bool,
    /// A size that was asked for, which counts more than what is remembered.
    size: Option<(f32, f32)>,
    /// How large the content is to be drawn.
    scale: f32,
    memory: Memory,
    /// What is on disk, as far as is known.
    kept: Memory,
    windows: Vec<window::Id>,
    /// How large the content of each window is drawn.
    zooms: BTreeMap<window::Id, f32>,
    /// The scale of the monitor of each window.
    scales: BTreeMap<window::Id, f32>,
    /// The windows whose place is looked after, and for how many ticks more.
    settling: BTreeMap<window::Id, u8>,
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
    /// The time of day, which shows that the window itself lives.
    clock: String,
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
            scale: zoom::sound(appearance.scale.or(memory.scale).unwrap_or(1.0)),
            kept: memory.clone(),
            memory,
            windows: Vec::new(),
            zooms: BTreeMap::new(),
            scales: BTreeMap::new(),
            settling: BTreeMap::new(),
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
            clock: String::new(),
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

    /// The title of a window.
    pub fn title(&self, id: window::Id) -> String {
        let spec = self.window_index(id).and_then(|index| self.beamline.windows.get(index));
        match spec {
            // What no letter is, such as a NUL, is no part of a title to a window system.
            Some(spec) => format!("{} – {} – Brickwork", spec.title, self.beamline.name).replace(char::is_control, " "),
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
        let rescaled = iced::event::listen_with(|event, _, _| match event {
            iced::Event::Window(window::Event::Rescaled(_)) => Some(Message::Rescaled),
            _ => None,
        });
        let ticks = iced::time::every(TICK).map(|_| Message::Tick);
        Subscription::batch([news, keys, closed, resized, rescaled, ticks])
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
                let task = self.news();
                if self.store.look() {
                    self.draw_whole();
                }
                self.words();
                self.panels();
                self.remember();
                // The manager looks at its limits at the same pace; when it is full it has other work.
                let _ = self.services.manager.try_send(ToManager::Tick);
                return task.chain(self.settle());
            }
            Message::Key(key) => {
                if let Some(event) = shortcut(&key) {
                    return self.update(Message::Ui(event));
                }
                return moves_focus(&key).unwrap_or_else(Task::none);
            }
            Message::Opened(id) => return self.opened(id),
            Message::Placed(id, lying) => return self.placed(id, lying),
            Message::Rescaled => self.look_after_places(),
            Message::Pictures(pictures) => self.write_archive(pictures),
            Message::Resized(id, size) => {
                if let Some(index) = self.window_index(id) {
                    // As large as it would be if it were drawn at 1.
                    let scale = self.scale_factor(id);
                    self.memory.sizes.insert(index, (size.width * scale, size.height * scale));
                    self.fit_scale(id);
                }
                return self.resized(id, size);
            }
            Message::Closed(id) => {
                self.windows.retain(|window| *window != id);
                self.zooms.remove(&id);
                self.scales.remove(&id);
                self.settling.remove(&id);
                self.remember();
                if self.windows.is_empty() {
                    return iced::exit();
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
            Some(Panel::Keys) => Some(panel::shortcuts()),
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
        self.running_words = if self.store.is_silent() && !self.beamline.name.is_empty() {
            Some("what runs is not known: the engine does not answer".into())
        } else {
            running_words(&self.running, self.store.now_ns())
        };
        self.clock = format::clock(brickwork_engine::Clock::wall_secs());
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

fn tokens(is_light: bool) -> Tokens {
    if is_light { Tokens::light() } else { Tokens::dark() }
}

/// What a key means everywhere in a window.
fn shortcut(key: &keyboard::Event) -> Option<Event> {
    match keys::pressed(key)? {
        keyboard::Key::Named(Named::Escape) => return Some(Event::Escape { brick: None }),
        keyboard::Key::Named(Named::F1) => return Some(Event::TogglePanel(Panel::Keys)),
        keyboard::Key::Character(sign) if sign == "?" => return Some(Event::TogglePanel(Panel::Keys)),
        _ => {}
    }
    match keys::with_ctrl(key)? {
        'i' => Some(Event::TogglePanel(Panel::About)),
        'k' => Some(Event::TogglePanel(Panel::Connections)),
        'l' => Some(Event::TogglePanel(Panel::Log)),
        'r' => Some(Event::TogglePanel(Panel::Running)),
        'b' => Some(Event::Support),
        '+' | '=' => Some(Event::Zoom(1)),
        '-' => Some(Event::Zoom(-1)),
        '0' => Some(Event::Zoom(0)),
        _ => None,
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
