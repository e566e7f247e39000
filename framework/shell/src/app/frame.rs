//! What a window of the application shows around the bricks: the bar with ABORT, banners, questions, panels, the
//! status line. It only reads the application's state.

use brickwork_layout::Node;
use brickwork_sdk::view::Node as View;
use iced::widget::{column, container, row, text};
use iced::{Length, Padding, window};

use super::{App, Message};
use crate::arrange::Room;
use crate::draw::{Drawing, draw};
use crate::event::{Event, Place};
use crate::flow::{Arrange, Flow};
use crate::focus::{Look, Pressable};
use crate::panel::{self, Panel};
use crate::readings::Readings as _;
use crate::tokens::{size, space};
use crate::{Element, card, fonts, style};

/// Banners that are seen at once.
const MAX_BANNERS: usize = 3;
/// The height of the name in the bar at the top, in logical pixels.
const NAME: f32 = 20.0;
/// A window narrower than this, as a monitor may force it to be, in logical pixels.
const NARROW: f32 = 480.0;
/// The height of a panel, in logical pixels.
const DRAWER: f32 = 300.0;

/// The way to the root of a window.
pub(super) fn top(index: usize) -> Place {
    Place::new(&format!("window {index}"), "")
}

impl App {
    /// Draws a window.
    pub fn view(&self, id: window::Id) -> iced::Element<'_, Message> {
        self.views.set(self.views.get() + 1);
        self.store.pixels.set(self.pixels(id));
        self.note_complete();
        let index = self.window_index(id).unwrap_or(0);
        let content = column![self.bar(index), self.banners(), self.content(index), self.drawer(), self.status_line()];
        let content: Element<'_> = container(content)
            .id(top(index).widget_id())
            .width(Length::Fill)
            .height(Length::Fill)
            .style(style::window(self.tokens))
            .into();
        content.map(Message::Ui)
    }

    pub(super) fn room(&self) -> Room<'_> {
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

    /// The bar at the top: name, tabs of the window, theme, ABORT. ABORT is given its room first and stands in the corner
    /// at any size; what has no more room beside it goes on below, and in a very narrow window only the tabs are left.
    fn bar(&self, index: usize) -> Element<'_> {
        let t = self.tokens;
        let name = if self.beamline.name.is_empty() { "Brickwork" } else { self.beamline.name.as_str() };
        let name = text(name).size(size::VALUE).line_height(iced::Pixels(NAME)).font(fonts::SEMIBOLD).color(t.text);
        let edge = (space::CONTROL - NAME) / 2.0;
        let edge = Padding { top: edge, right: space::L - space::XS, bottom: edge, left: 0.0 };
        let name = Element::from(container(name).padding(edge));
        let titles = match self.beamline.windows.get(index).map(|window| &window.root) {
            Some(Node::Tabs(tabs)) => self.room().tab_titles(&top(index), tabs),
            _ => Vec::new(),
        };
        let is_narrow = self.memory.sizes.get(&index).is_some_and(|size| size.0 < NARROW);
        let parts = Some(name).filter(|_| !is_narrow).into_iter().chain(titles).map(|part| (String::new(), part));
        let parts = Flow::new(Arrange::Wrap, parts).spacing(space::XS, space::XS).width(Length::Fill);
        let switch = if self.is_light { "Dark" } else { "Light" };
        let theme = Pressable::new(text(switch).size(size::LABEL), t)
            .look(Look::Segment(false))
            .padding([0.0, space::S])
            .place(Place::new("bar", "theme"))
            .on_press(Some(Event::SwitchTheme));
        let abort = Pressable::new(text("ABORT").size(size::BODY).font(fonts::SEMIBOLD), t)
            .look(Look::Abort)
            .padding([0.0, space::XL])
            .place(Place::new("bar", "abort"))
            .on_press(Some(Event::AbortAll));
        let theme = (!is_narrow).then_some(theme);
        let rest = container(row![parts].push(theme).spacing(space::L)).width(Length::Fill);
        let bar = row![rest, abort].spacing(space::L);
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
            lines = lines.push(card::banner("engine", &text, None, t));
            any = true;
        }
        let has_error = self.diagnostics.lines().any(|line| line.starts_with("error"));
        if has_error && !self.beamline.windows.is_empty() {
            let heading = "The layout file has errors; what is shown is the layout before";
            lines = lines.push(card::folded(heading, &self.diagnostics, t));
            any = true;
        }
        for (subject, notice) in self.banners.iter().take(MAX_BANNERS) {
            lines = lines.push(card::banner(subject, &notice.text, notice.action.as_ref(), t));
            any = true;
        }
        if self.banners.len() > MAX_BANNERS {
            let more = format!("and {} more notices, in the log (Ctrl+L)", self.banners.len() - MAX_BANNERS);
            lines = lines.push(text(more).size(size::LABEL).color(t.muted));
        }
        if let Some(questions) = &self.questions {
            let drawn = self.panel_of(questions, panel::QUESTIONS);
            lines = lines.push(container(drawn).padding(space::M).width(Length::Fill).style(style::waiting(t)));
            any = true;
        }
        let lines = container(lines).width(Length::Fill);
        if any { lines.padding([space::S, space::S]).into() } else { lines.into() }
    }

    fn content(&self, index: usize) -> Element<'_> {
        let content = match self.beamline.windows.get(index) {
            Some(spec) => match &spec.root {
                Node::Tabs(tabs) => self.room().page(&top(index), tabs),
                node => self.room().filled(&top(index), node),
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

    fn panel_of<'a>(&'a self, view: &'a View, brick: &'static str) -> Element<'a> {
        let (readings, edits, notes) = (&self.store, &self.edits, &self.no_notes);
        draw(view, brick, &Drawing { readings, edits, tokens: self.tokens, notes })
    }

    /// The panel at the bottom, if one is open.
    fn drawer(&self) -> Element<'_> {
        let (Some(panel), Some(view)) = (self.panel, &self.panel_view) else { return column![].into() };
        let tile = container(self.panel_of(view, panel.brick())).padding(space::M).width(Length::Fill);
        let tile = tile.height(Length::Fill).style(style::tile(self.tokens));
        let edge = Padding { left: space::S, right: space::S, top: 0.0, bottom: space::S };
        container(tile).padding(edge).width(Length::Fill).height(DRAWER).into()
    }

    fn status_line(&self) -> Element<'_> {
        let open = |panel| self.panel == Some(panel);
        let running = (self.running_words.as_deref(), open(Panel::Running));
        let log = match self.log.unseen() {
            0 => "Log".into(),
            1 => "Log · 1 new warning".into(),
            count => format!("Log · {count} new warnings"),
        };
        let connections = match self.down() {
            0 => "Connections".into(),
            down => format!("Connections · {down} down"),
        };
        let tabs = [("connections", Panel::Connections, connections.as_str()), ("log", Panel::Log, log.as_str())];
        let tabs = tabs.into_iter().chain([("about", Panel::About, "About"), ("keys", Panel::Keys, "Keys (F1)")]);
        let tabs = tabs.map(|(name, panel, words)| card::PanelTab { name, panel, words, is_open: open(panel) });
        card::status_line(running, tabs, &self.last_words, &self.clock, self.tokens)
    }
}
