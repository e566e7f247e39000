//! What a person sees and does with drawn bricks, without a display.
#![allow(missing_docs)]

mod keys;
mod picture;

use std::collections::BTreeMap;

use brickwork_sdk::client::ChannelName;
use brickwork_sdk::status::{Activity, Link, ObjectStatus, Quality};
use brickwork_sdk::view::{
    Column, Node, View, button, choice, column, grid, number_input, row, table, text, text_input, toggle, value,
};
use brickwork_sdk::{Value, to_value};
use brickwork_shell::draw::{Drawing, draw};
use brickwork_shell::edits::Edits;
use brickwork_shell::event::{Event, Place};
use brickwork_shell::fonts;
use brickwork_shell::readings::FixedReadings;
use brickwork_shell::tokens::Tokens;
use iced::keyboard::{Key, key::Named};
use iced::mouse::Cursor;
use iced::{Rectangle, Size};
use iced_test::Simulator;
use iced_test::core::widget::operation::{self, Operation};
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Message {
    Go,
    Move { to: f64 },
    Name(String),
    Switch(bool),
    Click((f64, f64)),
    Drag(((f64, f64), (f64, f64))),
    Wheel(f64),
}

fn sent(message: &Message) -> Value {
    to_value(message).expect("a plain message")
}

/// One brick on a screen, its edits applied as the application applies them.
struct Screen {
    node: Node,
    readings: FixedReadings,
    edits: Edits,
    notes: BTreeMap<String, String>,
}

impl Screen {
    fn of(view: View<Message>) -> Self {
        Self { node: view.into_node(), readings: readings(), edits: Edits::default(), notes: BTreeMap::new() }
    }

    fn simulator(&self) -> Simulator<'_, Event> {
        let drawing =
            Drawing { readings: &self.readings, edits: &self.edits, tokens: Tokens::dark(), notes: &self.notes };
        Simulator::with_size(fonts::settings(), Size::new(800.0, 600.0), draw(&self.node, "brick", &drawing))
    }

    fn pixels(&self, cursor: Cursor) -> Vec<u8> {
        let drawing =
            Drawing { readings: &self.readings, edits: &self.edits, tokens: Tokens::dark(), notes: &self.notes };
        focused::Ui::new(draw(&self.node, "brick", &drawing)).pixels(cursor)
    }

    /// Acts in one rebuild of the view; gives what the brick receives.
    fn act(&mut self, act: impl FnOnce(&mut Simulator<'_, Event>)) -> Vec<Value> {
        let mut simulator = self.simulator();
        act(&mut simulator);
        let events: Vec<Event> = simulator.into_messages().collect();
        events.into_iter().filter_map(|event| self.edits.apply(event)).map(|outgoing| outgoing.message).collect()
    }

    fn shows(&self, words: &str) -> bool {
        self.simulator().find(words).is_ok()
    }

    fn bounds(&self, words: &str) -> Rectangle {
        let found = self.simulator().find(words);
        found.unwrap_or_else(|_| panic!("{words:?} is shown")).bounds()
    }
}

fn position() -> ChannelName {
    ChannelName::new("omega", "position", "deg")
}

fn readings() -> FixedReadings {
    let mut readings = FixedReadings::at(1_000_000_000);
    readings.set("omega", "position", 45.0, Quality::Ok);
    readings.set_status("omega", ObjectStatus { link: Link::Live, since_ns: 1_000_000_000, ..Default::default() });
    readings
}

fn set_link(readings: &mut FixedReadings, link: Link) {
    let status =
        ObjectStatus { link, since_ns: 1_000_000_000, last_error: "connection refused".into(), ..Default::default() };
    readings.set_status("omega", status);
}

fn id(node: &str) -> iced::widget::Id {
    Place::new("brick", node).widget_id()
}

#[test]
fn pressing_a_button_sends_the_message_of_its_author() {
    let mut screen = Screen::of(column([button("go", "Go").on_press(Message::Go)]));
    assert_eq!(screen.act(|ui| drop(ui.click("Go").expect("it is there"))), [sent(&Message::Go)]);
}

#[test]
fn a_disabled_button_sends_nothing_and_says_why() {
    let view = column([button("go", "Go").on_press(Message::Go).disabled("the door is open")]);
    let mut screen = Screen::of(view);
    assert!(screen.act(|ui| drop(ui.click("Go").expect("it is there"))).is_empty());
    assert!(screen.shows("the door is open"));
}

fn step_input() -> Screen {
    let input = number_input("to", "Target", 0.5).unit("deg").range((-90.0, 90.0));
    Screen::of(column([input.on_submit(|to| Message::Move { to })]))
}

#[test]
fn a_typed_number_is_sent_by_enter_and_not_before() {
    let mut screen = step_input();
    let typed = screen.act(|ui| {
        ui.click(id("to")).expect("it is there");
        ui.typewrite("12.5");
    });
    assert!(typed.is_empty());
    let mut screen = step_input();
    let entered = screen.act(|ui| {
        ui.click(id("to")).expect("it is there");
        ui.typewrite("12.5");
        ui.tap_key(Key::Named(Named::Enter));
    });
    assert_eq!(entered, [sent(&Message::Move { to: 12.5 })]);
}

#[test]
fn a_number_out_of_range_sends_nothing_and_names_the_value_and_the_limit() {
    let mut screen = step_input();
    let entered = screen.act(|ui| {
        ui.click(id("to")).expect("it is there");
        ui.typewrite("120");
        ui.tap_key(Key::Named(Named::Enter));
    });
    assert!(entered.is_empty());
    assert!(screen.shows("120 deg is above the upper limit 90 deg"));
    assert!(screen.shows("120"), "what was typed is still there to be corrected");
}

#[test]
fn escape_restores_what_was_committed() {
    let mut screen = step_input();
    screen.act(|ui| {
        ui.click(id("to")).expect("it is there");
        ui.typewrite("7");
    });
    assert!(screen.shows("7"));
    screen.act(|ui| {
        ui.click(id("to")).expect("it is there");
        ui.tap_key(Key::Named(Named::Escape));
    });
    assert!(screen.shows("0.5"));
}

#[test]
fn an_input_that_follows_a_channel_shows_its_value() {
    let input = number_input("to", "Target", 0.5).follow(&position()).on_submit(|to| Message::Move { to });
    assert!(Screen::of(column([input])).shows("45.000"));
}

#[test]
fn a_refusal_of_the_engine_stands_beside_its_control() {
    let mut screen = step_input();
    screen.notes.insert("to".into(), "centring in progress, step 2/3".into());
    assert!(screen.shows("centring in progress, step 2/3"));
}

#[test]
fn a_refusal_in_a_row_names_its_control_and_moves_nothing() {
    let view = || row([text("omega"), number_input("to", "Target", 0.5).on_submit(|to| Message::Move { to })]);
    let mut screen = Screen::of(column([view()]));
    let before = screen.bounds("0.5");
    screen.notes.insert("to".into(), "busy".into());
    assert!(screen.shows("Target: busy"));
    assert_eq!(screen.bounds("0.5"), before);
    let mut screen = Screen::of(grid(2, [text("omega"), number_input("to", "Target", 0.5)]));
    screen.notes.insert("to".into(), "a sentence that is much longer than the column of its control is wide".into());
    assert_eq!(screen.bounds("0.5").width, before.width);
}

#[test]
fn a_row_that_wraps_goes_on_below_and_cuts_nothing() {
    let names: Vec<String> = (0..12).map(|number| format!("a word of number {number}")).collect();
    let screen = Screen::of(column([row(names.iter().map(text)).wrap(), text("below")]));
    let places: Vec<Rectangle> = names.iter().map(|name| screen.bounds(name)).collect();
    assert!(places.iter().all(|place| place.x + place.width <= 800.0), "{places:?}");
    assert!(places[0].y == places[1].y && places[0].y < places[11].y, "{places:?}");
    assert!(screen.bounds("below").y >= places[11].y + places[11].height);
    let short = |row: View<Message>| Screen::of(column([row, text("below")])).bounds("below");
    let words = || [text("omega"), text("kappa")];
    assert_eq!(short(row(words()).wrap()), short(row(words())), "a row with room is as any other");
}

#[test]
fn words_beside_a_button_are_broken_and_the_button_keeps_its_place_and_width() {
    let abort = || button("abort", "Abort").danger().on_press(Message::Go);
    let alone = Screen::of(row([text("Scan"), abort()])).bounds("Abort");
    let running = "moving to the start of the scan; ".repeat(20);
    let screen = Screen::of(row([text("Scan"), text(running), abort()]));
    let beside = screen.bounds("Abort");
    assert_eq!(beside.width, alone.width);
    assert!(beside.x + beside.width <= 800.0, "{beside:?}");
}

#[test]
fn a_reason_that_the_view_says_itself_is_not_said_twice_and_moves_nothing() {
    let view = |why: &str| Screen::of(column([button("go", "Go").disabled_as_said(why), text("below")]));
    let (free, busy) = (view(""), view("a scan runs"));
    assert!(!busy.shows("a scan runs"));
    assert_eq!(busy.bounds("below"), free.bounds("below"));
}

#[test]
fn text_toggles_and_choices_send_what_was_chosen() {
    let mut screen = Screen::of(column([
        text_input("name", "Name", "").on_text(Message::Name),
        toggle("light", "Light", false).on_toggle(Message::Switch),
        choice("zoom", "Zoom", ["1".to_owned(), "2".to_owned()], "1").on_select(Message::Name),
    ]));
    let all = screen.act(|ui| {
        ui.click(id("name")).expect("it is there");
        ui.typewrite("lyso");
        ui.tap_key(Key::Named(Named::Enter));
        ui.click("Light").expect("it is there");
        ui.click("2").expect("it is there");
    });
    let expected = [Message::Name("lyso".into()), Message::Switch(true), Message::Name("2".into())];
    assert_eq!(all, expected.iter().map(sent).collect::<Vec<_>>());
}

#[test]
fn a_value_that_is_not_live_says_its_age() {
    let mut screen = Screen::of(column([value(&position())]));
    assert!(screen.shows("45.000") && !screen.shows("42 s ago"));
    set_link(&mut screen.readings, Link::Disconnected);
    screen.readings.pass(42_000_000_000);
    assert!(screen.shows("42 s ago"));
}

#[test]
fn a_value_that_is_not_live_is_struck_out() {
    let muted = Tokens::dark().muted.into_rgba8();
    // A run of pixels of one colour, longer than any letter: the line through the figures.
    let longest_run = |link: Link| {
        let mut screen = Screen::of(column([value(&position())]));
        set_link(&mut screen.readings, link);
        let pixels = screen.pixels(Cursor::Unavailable);
        let mut run = (0, 0);
        for pixel in pixels.as_chunks::<4>().0 {
            run.0 = if *pixel == muted { run.0 + 1 } else { 0 };
            run.1 = run.1.max(run.0);
        }
        run.1
    };
    assert!(longest_run(Link::Live) < 15);
    assert!(longest_run(Link::Disconnected) > 40);
}

#[test]
fn the_width_of_a_value_does_not_depend_on_its_state() {
    let mut screen = Screen::of(row([value(&position()), text("next")]));
    let place = screen.bounds("next").x;
    for number in [-0.1, 123_456.789, 2.1e12] {
        for quality in [Quality::Ok, Quality::Minor, Quality::Major, Quality::Invalid] {
            for link in [Link::Live, Link::Disconnected, Link::Fault, Link::Loading] {
                screen.readings.set("omega", "position", number, quality);
                set_link(&mut screen.readings, link.clone());
                assert_eq!(screen.bounds("next").x, place, "{number} {quality:?} {link:?}");
            }
        }
    }
    screen.readings = FixedReadings::default();
    assert_eq!(screen.bounds("next").x, place, "without any value");
}

#[test]
fn a_time_is_read_in_words_and_ages_as_any_value() {
    let refill = ChannelName::new("ring", "refill_in", "s");
    let mut screen = Screen::of(column([value(&refill).duration()]));
    screen.readings.set("ring", "refill_in", 754.0, Quality::Ok);
    screen.readings.set_status("ring", ObjectStatus { link: Link::Live, ..Default::default() });
    assert!(screen.shows("12 min 34 s") && !screen.shows("s"));
    screen.readings.set_status("ring", ObjectStatus { link: Link::Disconnected, ..Default::default() });
    assert!(screen.shows("12 min 34 s") && screen.shows("0 s ago"));
}

#[test]
fn a_moving_object_is_said_to_move_by_its_state() {
    let mut screen = Screen::of(column([brickwork_sdk::view::state("omega")]));
    assert!(screen.shows("idle"));
    let status = ObjectStatus { link: Link::Live, activity: Activity::Moving, ..Default::default() };
    screen.readings.set_status("omega", status);
    assert!(screen.shows("moving"));
    set_link(&mut screen.readings, Link::Disconnected);
    assert!(screen.shows("disconnected since 14:00:01 (0 s)"));
    assert!(screen.shows("connection refused"));
}

#[test]
fn a_node_of_an_unknown_kind_is_a_placeholder_with_its_children() {
    let mut node = Node::new("hologram");
    node.id = "future".into();
    node.children.push(text::<Message>("within").into_node());
    let mut screen = Screen::of(column([]));
    screen.node = node;
    assert!(screen.shows("this shell does not know \u{201c}hologram\u{201d} future"));
    assert!(screen.shows("within"));
}

#[test]
fn selecting_a_row_of_a_table_sends_its_number() {
    let rows = (40..50).map(|index| vec![text(format!("sample {index}"))]);
    let view = table("samples", "Samples", &[Column::new("Name")], (40, 10_000), rows).on_select(Message::Name);
    let mut screen = Screen::of(column([view]));
    screen.node.children[0].attributes.insert("first".into(), Value::Int(0));
    assert_eq!(screen.act(|ui| drop(ui.click("sample 43").expect("it is there"))), [sent(&Message::Name("3".into()))]);
}

#[test]
fn scrolling_a_table_asks_for_the_rows_that_come_into_sight() {
    let rows = (0..40).map(|index| vec![text(format!("sample {index}"))]);
    let view = table("samples", "Samples", &[Column::new("Name")], (0, 10_000), rows);
    let mut screen = Screen::of(column([view.on_page(|to| Message::Move { to })]));
    let asked = screen.act(|ui| {
        ui.point_at(iced::Point::new(200.0, 200.0));
        let delta = iced::mouse::ScrollDelta::Pixels { x: 0.0, y: -32_000.0 };
        ui.simulate([iced::Event::Mouse(iced::mouse::Event::WheelScrolled { delta })]);
    });
    let [asked] = asked.as_slice() else { panic!("one page is asked for: {asked:?}") };
    let first = asked.get("Move").and_then(|fields| fields.get("to")).and_then(Value::as_f64).expect("a row");
    assert!((900.0..=1000.0).contains(&first), "{first}");
}

#[test]
fn enter_presses_the_button_that_has_the_focus() {
    let screen = Screen::of(column([
        button("other", "Other").on_press(Message::Switch(true)),
        button("go", "Go").on_press(Message::Go),
    ]));
    let drawing =
        Drawing { readings: &screen.readings, edits: &screen.edits, tokens: Tokens::dark(), notes: &screen.notes };
    let mut ui = focused::Ui::new(draw(&screen.node, "brick", &drawing));
    ui.focus_next();
    ui.focus_next();
    let events = ui.press(Named::Enter);
    assert!(matches!(events.as_slice(), [Event::Message(out)] if out.message == sent(&Message::Go)), "{events:?}");
    ui.focus_previous();
    let events = ui.press(Named::Space);
    assert!(matches!(events.as_slice(), [Event::Message(out)] if out.message == sent(&Message::Switch(true))));
}

#[test]
fn the_focus_stays_with_its_control_when_the_view_around_it_changes() {
    let go = || button("go", "Go").on_press(Message::Go);
    let before = Screen::of(column([go()]));
    let after = Screen::of(column([
        text("a line that was not there"),
        button("other", "Other").on_press(Message::Switch(true)),
        go(),
    ]));
    let drawing = |screen: &'static Screen| {
        let tokens = Tokens::dark();
        Drawing { readings: &screen.readings, edits: &screen.edits, tokens, notes: &screen.notes }
    };
    let (before, after): (&'static Screen, &'static Screen) = (Box::leak(before.into()), Box::leak(after.into()));
    let mut ui = focused::Ui::new(draw(&before.node, "brick", &drawing(before)));
    ui.focus_next();
    let mut ui = ui.rebuild(draw(&after.node, "brick", &drawing(after)));
    let events = ui.press(Named::Enter);
    assert!(matches!(events.as_slice(), [Event::Message(out)] if out.message == sent(&Message::Go)), "{events:?}");
}

/// A user interface on which focus operations can be run: the simulator runs selectors only.
mod focused {
    use super::*;
    use iced_test::core::{clipboard, mouse};
    use iced_test::runtime::user_interface::{Cache, UserInterface};

    pub struct Ui<'a> {
        raw: UserInterface<'a, Event, iced::Theme, iced::Renderer>,
        renderer: iced::Renderer,
    }

    impl<'a> Ui<'a> {
        pub fn new(element: brickwork_shell::Element<'a>) -> Self {
            use iced_test::core::renderer::Headless;
            let renderer = <iced::Renderer as Headless>::new(fonts::REGULAR, 14.0.into(), Some("tiny-skia"));
            let renderer = iced_test::futures::futures::executor::block_on(renderer);
            let mut renderer = renderer.expect("it needs no display");
            let raw = UserInterface::build(element, Size::new(800.0, 600.0), Cache::default(), &mut renderer);
            Self { raw, renderer }
        }

        pub fn rebuild(self, element: brickwork_shell::Element<'a>) -> Self {
            let Self { raw, mut renderer } = self;
            let raw = UserInterface::build(element, Size::new(800.0, 600.0), raw.into_cache(), &mut renderer);
            Self { raw, renderer }
        }

        fn run(&mut self, operation: impl Operation<()> + 'static) {
            let mut current: Box<dyn Operation<()>> = Box::new(operation);
            loop {
                self.raw.operate(&self.renderer, current.as_mut());
                match current.finish() {
                    operation::Outcome::Chain(next) => current = next,
                    _ => return,
                }
            }
        }

        pub fn focus_next(&mut self) {
            self.run(operation::focusable::focus_next());
        }

        pub fn focus_previous(&mut self) {
            self.run(operation::focusable::focus_previous());
        }

        pub fn pixels(mut self, cursor: mouse::Cursor) -> Vec<u8> {
            use iced_test::core::renderer::{Headless, Style};
            let t = Tokens::dark();
            self.raw.draw(&mut self.renderer, &t.theme(), &Style { text_color: t.text }, cursor);
            Headless::screenshot(&mut self.renderer, Size::new(800, 600), 1.0, t.background)
        }

        pub fn press(&mut self, key: Named) -> Vec<Event> {
            self.hear(iced_test::simulator::press_key(Key::Named(key), None))
        }

        pub fn hear(&mut self, press: iced::Event) -> Vec<Event> {
            let mut messages = Vec::new();
            let cursor = mouse::Cursor::Unavailable;
            let _ = self.raw.update(&[press], cursor, &mut self.renderer, &mut clipboard::Null, &mut messages);
            messages
        }
    }
}
