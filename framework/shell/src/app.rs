//! The iced application: one state, its messages, its windows. Its thread only draws.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

use brickwork_layout::{Beamline, BrickSpec, Node};
use brickwork_link::{CallInfo, Notice, NoticeLevel, ToEngine};
use brickwork_sdk::protocol::Outcome;
use brickwork_sdk::{ErrorKind, Value, from_value};
use iced::futures::{SinkExt as _, StreamExt as _};
use iced::widget::{column, container, row, text};
use iced::{Alignment, Length, Subscription, Task, Theme, keyboard, theme, window};

use crate::arrange::Room;
use crate::edits::Edits;
use crate::event::{Event, Place};
use crate::focus::{Look, Pressable, moves_focus};
use crate::inbox::{Happened, Inbox, News, Tile};
use crate::link::Link;
use crate::manager::ToManager;
use crate::pictures::Pictures;
use crate::probe::{self, Question};
use crate::readings::Readings as _;
use crate::store::Store;
use crate::tokens::{Tokens, size, space};
use crate::{Element, card, fonts, format, style};

/// The window is drawn at most so often.
const FRAME_PERIOD: Duration = Duration::from_millis(33);
/// How often ages and limits are looked at.
const TICK: Duration = Duration::from_millis(500);
/// From so many new values on, the windows are drawn whole: see [`App::draw_whole`].
const MANY: usize = 8;
/// So little that even 255 of them are far less than one of the 255 steps of a colour.
const NUDGE: f32 = 1e-6;
/// Banners that are seen at once.
const MAX_BANNERS: usize = 3;

/// How the shell is to look.
#[derive(Clone, Copy, Debug)]
pub struct Appearance {
    /// Light instead of dark.
    pub is_light: bool,
    /// The first size of each window.
    pub size: (f32, f32),
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
    /// A window has opened.
    Opened,
    /// A window was closed.
    Closed(window::Id),
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
}

/// The application's state.
pub struct App {
    services: Services,
    tokens: Tokens,
    appearance: Appearance,
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
    /// By how many nudges the ground differs from its colour.
    nudges: u8,
    views: Cell<u64>,
    /// How many pictures came, and the age of the newest when it did, in milliseconds.
    pictures: (u64, u64),
}

impl App {
    /// The state before anything was heard, and the task that opens the first window.
    pub fn new(services: Services, appearance: Appearance) -> (Self, Task<Message>) {
        let (id, opening) = window::open(settings(appearance));
        let app = Self {
            store: Store::new(services.link.clone()),
            services,
            tokens: if appearance.is_light { Tokens::light() } else { Tokens::dark() },
            appearance,
            windows: vec![id],
            edits: Edits::default(),
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
            nudges: 0,
            views: Cell::new(0),
            pictures: (0, 0),
        };
        (app, opening.map(|_| Message::Opened))
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
        Subscription::batch([news, keys, closed, iced::time::every(TICK).map(|_| Message::Tick)])
    }

    /// Takes note of a message.
    pub fn update(&mut self, message: Message) -> Task<Message> {
        match message {
            Message::Ui(event) => {
                self.draw_whole();
                self.ui(event);
            }
            Message::Wake => return self.news(),
            Message::Tick => {
                if self.store.look() {
                    self.draw_whole();
                }
                self.words();
                // The manager looks at its limits at the same pace; when it is full it has other work.
                let _ = self.services.manager.try_send(ToManager::Tick);
            }
            Message::Key(key) => return moves_focus(&key).unwrap_or_else(Task::none),
            Message::Opened => {}
            Message::Closed(id) => {
                self.windows.retain(|window| *window != id);
                if self.windows.is_empty() {
                    return iced::exit();
                }
            }
        }
        Task::none()
    }

    fn ui(&mut self, event: Event) {
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
            Event::AbortCall(call) => {
                self.services.link.send(ToEngine::Abort { call });
            }
            Event::SwitchTheme => {
                self.appearance.is_light = !self.appearance.is_light;
                self.tokens = if self.appearance.is_light { Tokens::light() } else { Tokens::dark() };
            }
            event => {
                if let Some(outgoing) = self.edits.apply(event) {
                    if let Some(notes) = self.notes.get_mut(&outgoing.place.brick) {
                        notes.remove(&outgoing.place.node);
                    }
                    self.tell(ToManager::Message { place: outgoing.place, message: outgoing.message });
                }
            }
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
                self.store.meet(engine);
            }
            Happened::Connected(None) => {
                self.draw_whole();
                self.store.fall_silent();
            }
            Happened::Refused(reason) => self.refused = Some(reason),
            Happened::Beat { engine_ns, wall_secs } => self.store.beat(engine_ns, wall_secs),
            Happened::Beamline { beamline, diagnostics } => return self.arrange(beamline, diagnostics),
            Happened::Ended { place, outcome } => self.ended(place, outcome),
            Happened::Running(running) => self.running = running,
            Happened::Notice(notice) => self.notice(notice),
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
                let words = format!("views {} pictures {count} age_ms {age_ms}\n", self.views.get());
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
        let missing = beamline.windows.len().saturating_sub(self.windows.len());
        self.beamline = beamline;
        let mut task = Task::none();
        for _ in 0..missing {
            let (id, opening) = window::open(settings(self.appearance));
            self.windows.push(id);
            task = task.chain(opening.map(|_| Message::Opened));
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

    /// Draws a window.
    pub fn view(&self, id: window::Id) -> iced::Element<'_, Message> {
        self.views.set(self.views.get() + 1);
        let index = self.window_index(id).unwrap_or(0);
        let content = column![self.bar(index), self.banners(), self.content(index), self.status_line()];
        let content: Element<'_> = container(content)
            .id(top(index).widget_id())
            .width(Length::Fill)
            .height(Length::Fill)
            .style(style::window(self.tokens))
            .into();
        content.map(Message::Ui)
    }

    fn room(&self) -> Room<'_> {
        Room {
            readings: &self.store,
            edits: &self.edits,
            tokens: self.tokens,
            tiles: &self.tiles,
            notes: &self.notes,
            silent: &self.silent_words,
            no_notes: &self.no_notes,
        }
    }

    /// The bar at the top: name, tabs of the window, theme, ABORT.
    fn bar(&self, index: usize) -> Element<'_> {
        let t = self.tokens;
        let name = if self.beamline.name.is_empty() { "Brickwork" } else { self.beamline.name.as_str() };
        let titles: Element<'_> = match self.beamline.windows.get(index).map(|window| &window.root) {
            Some(Node::Tabs(tabs)) => self.room().tab_titles(&top(index), tabs),
            _ => row![].into(),
        };
        let switch = if self.appearance.is_light { "Dark" } else { "Light" };
        let theme = Pressable::new(text(switch).size(size::LABEL), t)
            .look(Look::Segment(false))
            .padding([0.0, space::S])
            .id(Place::new("bar", "theme").widget_id())
            .on_press(Some(Event::SwitchTheme));
        let abort = Pressable::new(text("ABORT").size(size::BODY).font(fonts::SEMIBOLD), t)
            .look(Look::Abort)
            .padding([0.0, space::XL])
            .id(Place::new("bar", "abort").widget_id())
            .on_press(Some(Event::AbortAll));
        let bar = row![
            text(name).size(size::VALUE).font(fonts::SEMIBOLD).color(t.text),
            container(titles).width(Length::Fill),
            theme,
            abort,
        ]
        .spacing(space::L)
        .align_y(Alignment::Center);
        container(bar).padding([space::S, space::M]).width(Length::Fill).style(style::raised(t)).into()
    }

    fn banners(&self) -> Element<'_> {
        let t = self.tokens;
        let mut lines = column![].spacing(space::S);
        let mut any = false;
        if let Some(reason) = &self.refused {
            lines = lines.push(card::diagnostics("The engine refuses this shell", reason, t));
            any = true;
        }
        if self.store.is_silent() && !self.beamline.name.is_empty() {
            let since = self.store.wall(self.store.silent_since_ns());
            let text = format!(
                "The engine does not answer since {since}\nWhat is shown is old. It comes back by itself; `brickwork run` starts a new engine."
            );
            lines = lines.push(card::banner("engine", &text, t));
            any = true;
        }
        if !self.diagnostics.is_empty() && !self.beamline.windows.is_empty() {
            let has_error = self.diagnostics.contains("error");
            let heading = if has_error {
                "The layout file has errors; what is shown is the layout before"
            } else {
                "The layout file has warnings"
            };
            if has_error {
                lines = lines.push(card::diagnostics(heading, &self.diagnostics, t));
                any = true;
            }
        }
        for (subject, notice) in self.banners.iter().take(MAX_BANNERS) {
            lines = lines.push(card::banner(subject, &notice.text, t));
            any = true;
        }
        let lines = container(lines).width(Length::Fill);
        if any { lines.padding([space::S, space::S]).into() } else { lines.into() }
    }

    fn content(&self, index: usize) -> Element<'_> {
        let content = match self.beamline.windows.get(index) {
            Some(spec) => match &spec.root {
                Node::Tabs(tabs) => self.room().page(&top(index), tabs),
                node => self.room().node(&top(index), node),
            },
            None if !self.diagnostics.is_empty() => {
                let card = card::diagnostics(
                    "The layout cannot be opened yet; save it again when it is mended",
                    &self.diagnostics,
                    self.tokens,
                );
                iced::widget::scrollable(card).style(style::scroll(self.tokens)).into()
            }
            None => crate::draw::waiting("the engine", self.tokens),
        };
        container(content).padding(space::S).width(Length::Fill).height(Length::Fill).into()
    }

    fn status_line(&self) -> Element<'_> {
        card::status_line(self.running_words.as_deref(), &self.last_words, self.tokens)
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

/// The way to the root of a window.
fn top(index: usize) -> Place {
    Place::new(&format!("window {index}"), "")
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

fn settings(appearance: Appearance) -> window::Settings {
    window::Settings {
        size: iced::Size::new(appearance.size.0, appearance.size.1),
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
