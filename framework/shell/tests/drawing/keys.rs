//! What keys and the wheel do in controls: nothing is sent but by Enter.

use brickwork_sdk::Value;
use brickwork_sdk::view::{button, choice, column, number_input, slider};
use brickwork_shell::draw::{Drawing, draw};
use brickwork_shell::event::{Event, Place};
use brickwork_shell::tokens::Tokens;
use iced::keyboard::{Key, key::Named};

use super::{Message, Screen, focused, id, sent, step_input};

fn wheel(y: f32) -> iced::Event {
    let delta = iced::mouse::ScrollDelta::Lines { x: 0.0, y };
    iced::Event::Mouse(iced::mouse::Event::WheelScrolled { delta })
}

/// A key of the keypad as it comes while NumLock is on: an arrow that types a figure.
fn keypad(arrow: Named, figure: &str) -> iced::Event {
    iced::Event::Keyboard(iced::keyboard::Event::KeyPressed {
        key: Key::Named(arrow),
        modified_key: Key::Character(figure.into()),
        physical_key: iced::keyboard::key::Physical::Code(iced::keyboard::key::Code::Numpad8),
        location: iced::keyboard::Location::Numpad,
        modifiers: iced::keyboard::Modifiers::empty(),
        text: Some(figure.into()),
        repeat: false,
    })
}

#[test]
fn arrows_change_the_number_that_enter_sends_and_send_nothing() {
    let mut screen = step_input();
    screen.node.children[0].attributes.insert("step".into(), Value::Float(0.25));
    let stepped = screen.act(|ui| {
        ui.click(id("to")).expect("it is there");
        ui.tap_key(Key::Named(Named::ArrowUp));
        ui.tap_key(Key::Named(Named::ArrowUp));
    });
    assert_eq!(stepped, [] as [Value; 0]);
    assert!(screen.shows("1"), "0.5 and two steps of 0.25");
    let entered = screen.act(|ui| {
        ui.click(id("to")).expect("it is there");
        ui.tap_key(Key::Named(Named::Enter));
    });
    assert_eq!(entered, [sent(&Message::Move { to: 1.0 })]);
}

#[test]
fn a_click_into_a_number_in_focus_does_not_mix_what_is_typed_into_it() {
    let mut screen = step_input();
    let entered = screen.act(|ui| {
        ui.click(id("to")).expect("it is there");
        ui.click(id("to")).expect("it is there");
        ui.typewrite("7");
        ui.tap_key(Key::Named(Named::Enter));
    });
    assert_eq!(entered, [sent(&Message::Move { to: 7.0 })]);
}

#[test]
fn the_wheel_changes_only_the_number_in_focus_by_whole_steps_and_sends_nothing() {
    let mut screen = step_input();
    screen.node.children[0].attributes.insert("step".into(), Value::Float(0.25));
    let point = |screen: &Screen| screen.bounds("0.5").center();
    let at = point(&screen);
    let unfocused = screen.act(|ui| {
        ui.point_at(at);
        ui.simulate([wheel(1.0), wheel(1.0)]);
    });
    assert!(unfocused.is_empty() && screen.shows("0.5"), "it is not in focus");
    let turned = screen.act(|ui| {
        ui.point_at(at);
        ui.simulate(iced_test::simulator::click());
        ui.simulate([wheel(0.4), wheel(0.4), wheel(0.4), wheel(-2.0), wheel(-1.0)]);
    });
    assert_eq!(turned, [] as [Value; 0]);
    assert!(screen.shows("0"), "one step up, and three down");
}

#[test]
fn neither_keys_nor_the_wheel_send_a_slider_or_a_list_under_the_pointer() {
    let zooms: Vec<String> = (1..9).map(|zoom| format!("zoom {zoom}")).collect();
    let view = || {
        column([
            choice("zoom", "Zoom", zooms.clone(), "zoom 3").on_select(Message::Name),
            slider("light", "Light", 40.0, (0.0, 100.0)).step(10.0).decimals(0).on_submit(|to| Message::Move { to }),
        ])
    };
    let mut screen = Screen::of(view());
    // Below the label of the list, and beside the number of the slider.
    let list = screen.bounds("Zoom").position() + iced::Vector::new(20.0, 30.0);
    let slider = screen.bounds("40").center() - iced::Vector::new(60.0, 0.0);
    for at in [list, slider] {
        let sent = screen.act(|ui| {
            ui.point_at(at);
            let ctrl = iced::keyboard::Event::ModifiersChanged(iced::keyboard::Modifiers::CTRL);
            ui.simulate([iced::Event::Keyboard(ctrl), wheel(1.0), wheel(-2.0)]);
            ui.tap_key(Key::Named(Named::ArrowUp));
            ui.tap_key(Key::Named(Named::Enter));
        });
        assert_eq!(sent, [] as [Value; 0], "{at:?}");
        assert!(!screen.edits.is_typing(), "{at:?}");
    }
}

#[test]
fn with_num_lock_on_no_control_takes_a_figure_for_an_arrow() {
    let zooms: Vec<String> = (1..9).map(|zoom| format!("zoom {zoom}")).collect();
    let mut screen = Screen::of(column([
        number_input("to", "Target", 0.5).step(0.25).on_submit(|to| Message::Move { to }),
        choice("zoom", "Zoom", zooms, "zoom 3").on_select(Message::Name),
        slider("light", "Light", 40.0, (0.0, 100.0)).step(10.0).decimals(0).on_submit(|to| Message::Move { to }),
    ]));
    for controls in 1..=3 {
        for (arrow, figure) in [(Named::ArrowUp, "8"), (Named::ArrowRight, "6"), (Named::ArrowDown, "2")] {
            let drawing = Drawing {
                readings: &screen.readings,
                edits: &screen.edits,
                tokens: Tokens::dark(),
                notes: &screen.notes,
            };
            let mut ui = focused::Ui::new(draw(&screen.node, "brick", &drawing));
            (0..controls).for_each(|_| ui.focus_next());
            let events = ui.hear(keypad(arrow, figure));
            drop(ui);
            for event in events {
                assert!(matches!(event, Event::Edit { .. }) && controls == 1, "{event:?} of {figure}");
                screen.edits.apply(event);
            }
        }
    }
    assert_eq!(screen.edits.typed(&Place::new("brick", "to")), Some("2"), "each replaced what stood there");
}

#[test]
fn escape_closes_a_list_that_is_open_and_does_nothing_else() {
    let zooms: Vec<String> = (1..9).map(|zoom| format!("zoom {zoom}")).collect();
    let mut screen = Screen::of(column([choice("zoom", "Zoom", zooms, "zoom 3").on_select(Message::Name)]));
    let list = screen.bounds("Zoom").position() + iced::Vector::new(20.0, 30.0);
    let option = list + iced::Vector::new(0.0, 40.0);
    let mut choose = |escapes: usize| {
        let mut taken = 0;
        let chosen = screen.act(|ui| {
            ui.point_at(list);
            ui.simulate(iced_test::simulator::click());
            let captured = iced::event::Status::Captured;
            taken = (0..escapes).filter(|_| ui.tap_key(Key::Named(Named::Escape)) == captured).count();
            ui.point_at(option);
            ui.simulate(iced_test::simulator::click());
        });
        (chosen.len(), taken)
    };
    assert_eq!(choose(0), (1, 0), "an option of the open list is clicked");
    assert_eq!(choose(1), (0, 1), "it was closed, and nothing else heard of the key");
}

#[test]
fn arrows_choose_in_a_slider_and_in_a_list_and_enter_sends() {
    let zooms: Vec<String> = (1..9).map(|zoom| format!("zoom {zoom}")).collect();
    let mut screen = Screen::of(column([
        choice("zoom", "Zoom", zooms, "zoom 3").on_select(Message::Name),
        slider("light", "Light", 40.0, (0.0, 100.0)).step(10.0).decimals(0).on_submit(|to| Message::Move { to }),
    ]));
    let mut press = |controls: usize, key: Named| {
        let drawing =
            Drawing { readings: &screen.readings, edits: &screen.edits, tokens: Tokens::dark(), notes: &screen.notes };
        let mut ui = focused::Ui::new(draw(&screen.node, "brick", &drawing));
        (0..controls).for_each(|_| ui.focus_next());
        let events = ui.press(key);
        drop(ui);
        let sent = events.into_iter().filter_map(|event| screen.edits.apply(event)).map(|out| out.message);
        let sent: Vec<Value> = sent.collect();
        let typed = |node| screen.edits.typed(&Place::new("brick", node)).map(str::to_owned);
        (sent, typed("zoom").as_deref() == Some("zoom 4"), typed("light").as_deref() == Some("50"))
    };
    assert_eq!(press(1, Named::ArrowDown), (vec![], true, false));
    assert_eq!(press(2, Named::ArrowRight), (vec![], true, true));
    assert_eq!(press(2, Named::Escape), (vec![], true, false), "Escape takes it back");
    assert_eq!(press(2, Named::ArrowRight), (vec![], true, true));
    assert_eq!(press(1, Named::Enter).0, [sent(&Message::Name("zoom 4".into()))]);
    assert_eq!(press(2, Named::Enter).0, [sent(&Message::Move { to: 50.0 })]);
    assert_eq!(press(2, Named::Enter).0, [] as [Value; 0], "nothing is sent twice");
}

#[test]
fn a_button_that_its_own_press_disables_keeps_the_focus_so_that_escape_stops_what_it_began() {
    let go = |why: &str| Screen::of(column([button("go", "Go").on_press(Message::Go).disabled(why)]));
    let drawing = |screen: &'static Screen| {
        let tokens = Tokens::dark();
        Drawing { readings: &screen.readings, edits: &screen.edits, tokens, notes: &screen.notes }
    };
    let (before, after): (&'static Screen, &'static Screen) =
        (Box::leak(go("").into()), Box::leak(go("a scan runs").into()));
    let mut ui = focused::Ui::new(draw(&before.node, "brick", &drawing(before)));
    ui.focus_next();
    let mut ui = ui.rebuild(draw(&after.node, "brick", &drawing(after)));
    assert!(ui.press(Named::Enter).is_empty(), "it cannot be used");
    let events = ui.press(Named::Escape);
    assert!(matches!(events.as_slice(), [Event::Escape { brick: Some(brick) }] if brick == "brick"), "{events:?}");
}
