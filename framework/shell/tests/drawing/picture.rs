//! Pictures: honest when they are old, and what the mouse does over them.

use brickwork_sdk::client::ChannelName;
use brickwork_sdk::status::Link;
use brickwork_sdk::view::{Drag, Overlay, Shape, Tone, View, column, picture};
use brickwork_shell::event::Event;
use brickwork_shell::pictures::Room;
use brickwork_shell::readings::Picture;
use brickwork_shell::tokens::Tokens;
use iced::keyboard::Modifiers;
use iced::mouse::{Button, Cursor, Event as Mouse, ScrollDelta};
use iced_test::Simulator;

use super::{Message, Screen, sent, set_link};

/// A picture of 40 x 30 pixels, which is seen 20 times as large.
fn camera_with(pixels: usize, with: impl FnOnce(View<Message>) -> View<Message>) -> Screen {
    let image: ChannelName = ChannelName::new("omega", "image", "");
    let mut screen = Screen::of(column([with(picture("picture", "Sample", &image))]));
    let handle = iced::advanced::image::Handle::from_rgba(40, 30, vec![128; pixels]);
    screen.readings.set_picture("omega", "image", Picture { handle, whole: None, source: (40, 30), engine_ns: 0 });
    screen
}

/// The place in it of the middle of the screen's pixel at `x` and `y`.
fn place(x: f64, y: f64) -> (f64, f64) {
    ((x + 0.5) / 800.0 * 40.0, (y + 0.5) / 600.0 * 30.0)
}

fn camera(pixels: usize) -> Screen {
    camera_with(pixels, |picture| picture.on_click(Message::Click))
}

#[test]
fn a_click_on_a_picture_is_told_in_picture_coordinates() {
    let mut screen = camera(40 * 30 * 4);
    let clicked = screen.act(|ui| {
        ui.point_at(iced::Point::new(400.0, 300.0));
        ui.simulate(iced_test::simulator::click());
    });
    assert_eq!(clicked, [sent(&Message::Click(place(400.0, 300.0)))]);
}

#[test]
fn escape_after_a_click_into_a_picture_stops_what_its_brick_began_and_after_one_beside_it_nothing() {
    let screen = camera(40 * 30 * 4);
    let stops = |ui: &mut Simulator<'_, Event>, at: (f32, f32)| {
        ui.point_at(at);
        ui.simulate(iced_test::simulator::click());
        ui.tap_key(iced::keyboard::Key::Named(iced::keyboard::key::Named::Escape))
    };
    let mut ui = screen.simulator();
    assert_eq!(stops(&mut ui, (400.0, 300.0)), iced::event::Status::Captured);
    let last = ui.into_messages().last();
    assert!(matches!(last, Some(Event::Escape { brick: Some(_) })), "{last:?}");
    let mut ui = screen.simulator();
    assert_eq!(stops(&mut ui, (400.0, 601.0)), iced::event::Status::Ignored);
}

#[test]
fn a_click_is_counted_in_the_calibrated_size_whatever_the_size_of_the_picture() {
    let mut screen = camera_with(40 * 30 * 4, |picture| picture.counted_in((400.0, 300.0)).on_click(Message::Click));
    let clicked = screen.act(|ui| {
        ui.point_at(iced::Point::new(400.0, 300.0));
        ui.simulate(iced_test::simulator::click());
    });
    // The middle of the pixel under the pointer, of 800 x 600.
    assert_eq!(clicked, [sent(&Message::Click((200.25, 150.25)))]);
}

#[test]
fn a_picture_of_other_proportions_takes_no_click_or_drag_and_says_why() {
    let with = |picture: View<Message>| picture.counted_in((1280.0, 1024.0));
    let mut screens = [
        camera_with(40 * 30 * 4, |picture| with(picture).on_click(Message::Click)),
        camera_with(40 * 30 * 4, |picture| with(picture).on_drag(Drag::Move, Message::Drag)),
    ];
    for screen in &mut screens {
        let sent = screen.act(|ui| drag(ui, (400.0, 300.0), (500.0, 300.0)));
        assert_eq!(sent, []);
        assert!(screen.shows("this picture has 40 x 30 pixels, its calibration is for 1280 x 1024"));
        assert!(screen.shows("clicks and drawings are off: calibrate this size, or set the camera back"));
    }
}

#[test]
fn a_picture_of_the_wrong_length_is_never_drawn() {
    let screen = camera(40 * 30 * 4 - 1);
    let mut ui = screen.simulator();
    ui.snapshot(&Tokens::dark().theme()).expect("drawn");
    ui.snapshot(&Tokens::dark().theme()).expect("drawn again, from the cache that a bad picture would have spoilt");
    assert!(screen.shows("waiting for the first picture"));
}

#[test]
fn a_picture_whose_camera_is_gone_says_since_when_and_why() {
    let mut screen = camera(40 * 30 * 4);
    set_link(&mut screen.readings, Link::Disconnected);
    screen.readings.pass(42_000_000_000);
    assert!(screen.shows("disconnected since 14:00:01 · picture 43 s ago"));
    assert!(screen.shows("connection refused"));
}

#[test]
fn the_room_of_a_picture_is_reported_once() {
    let screen = camera(40 * 30 * 4);
    let mut ui = screen.simulator();
    for _ in 0..3 {
        ui.snapshot(&Tokens::dark().theme()).expect("drawn");
    }
    let sizes: Vec<_> = ui.into_messages().collect();
    assert!(
        matches!(sizes.as_slice(), [Event::PictureSize { room: Room { size: (800, 600), whole: false }, .. }]),
        "{sizes:?}"
    );
}

fn mouse(ui: &mut Simulator<'_, Event>, events: impl IntoIterator<Item = Mouse>) {
    ui.simulate(events.into_iter().map(iced::Event::Mouse));
}

fn drag(ui: &mut Simulator<'_, Event>, from: (f32, f32), to: (f32, f32)) {
    ui.point_at(from);
    mouse(ui, [Mouse::ButtonPressed(Button::Left)]);
    ui.point_at(to);
    mouse(ui, [Mouse::ButtonReleased(Button::Left)]);
}

#[test]
fn a_drag_tells_both_ends_and_one_that_only_trembles_is_a_click() {
    let mut screen =
        camera_with(40 * 30 * 4, |picture| picture.on_click(Message::Click).on_drag(Drag::Box, Message::Drag));
    let dragged = screen.act(|ui| drag(ui, (100.0, 100.0), (300.0, 50.0)));
    assert_eq!(dragged, [sent(&Message::Drag((place(100.0, 100.0), place(300.0, 50.0))))]);
    let clicked = screen.act(|ui| drag(ui, (100.0, 100.0), (102.0, 101.0)));
    assert_eq!(clicked, [sent(&Message::Click(place(100.0, 100.0)))]);
    let begun_outside = screen.act(|ui| mouse(ui, [Mouse::ButtonReleased(Button::Left)]));
    assert_eq!(begun_outside, []);
}

#[test]
fn the_wheel_with_ctrl_tells_whole_steps_and_keeps_the_rest_and_without_it_nothing() {
    let mut screen = camera_with(40 * 30 * 4, |picture| picture.on_wheel(Message::Wheel));
    let mut turn = |modifiers: Modifiers| {
        screen.act(|ui| {
            ui.point_at((400.0, 300.0));
            ui.simulate([iced::Event::Keyboard(iced::keyboard::Event::ModifiersChanged(modifiers))]);
            let half = Mouse::WheelScrolled { delta: ScrollDelta::Lines { x: 0.0, y: 0.5 } };
            let three_back = Mouse::WheelScrolled { delta: ScrollDelta::Pixels { x: 0.0, y: -120.0 } };
            mouse(ui, [half, half, three_back]);
        })
    };
    assert_eq!(turn(Modifiers::CTRL), [sent(&Message::Wheel(1.0)), sent(&Message::Wheel(-3.0))]);
    assert_eq!(turn(Modifiers::empty()), []);
}

#[test]
fn a_click_on_a_shape_with_a_name_tells_the_name_and_one_beside_it_the_place() {
    let line = Shape::Line(vec![(10.0, 10.0), (20.0, 10.0)]);
    let line = Overlay { id: "L1".into(), shape: line, tone: Tone::Normal };
    let mut screen =
        camera_with(40 * 30 * 4, |picture| picture.overlays([line]).on_select(Message::Name).on_click(Message::Click));
    let click = |screen: &mut Screen, at: (f32, f32)| {
        screen.act(|ui| {
            ui.point_at(at);
            ui.simulate(iced_test::simulator::click());
        })
    };
    assert_eq!(click(&mut screen, (300.0, 205.0)), [sent(&Message::Name("L1".into()))]);
    assert_eq!(click(&mut screen, (300.0, 300.0)), [sent(&Message::Click(place(300.0, 300.0)))]);
}

#[test]
fn a_lens_asks_for_all_pixels_and_shows_them_around_the_pointer() {
    let mut screen = camera_with(40 * 30 * 4, |picture| picture.magnifier(4.0));
    let mut pixels = [60, 60, 60, 255].repeat(40 * 30);
    pixels[(15 * 40 + 20) * 4..][..4].copy_from_slice(&[255, 0, 0, 255]);
    let handle = iced::advanced::image::Handle::from_rgba(40, 30, pixels);
    let whole = Some(handle.clone());
    screen.readings.set_picture("omega", "image", Picture { handle, whole, source: (40, 30), engine_ns: 0 });
    let red = |cursor| {
        let pixels = screen.pixels(cursor);
        pixels.as_chunks::<4>().0.iter().filter(|pixel| **pixel == [255, 0, 0, 255]).count()
    };
    let pointer = Cursor::Available(iced::Point::new(410.0, 310.0));
    assert_eq!(red(Cursor::Unavailable), 0, "it is smoothed where it is shown larger than it is");
    assert_eq!(red(pointer), 80 * 80, "each pixel is a square in the lens");
    let mut ui = screen.simulator();
    ui.snapshot(&Tokens::dark().theme()).expect("drawn");
    let rooms: Vec<_> = ui.into_messages().collect();
    assert!(matches!(rooms.as_slice(), [Event::PictureSize { room: Room { whole: true, .. }, .. }]), "{rooms:?}");
}
