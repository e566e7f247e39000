//! Both bricks as a person reads them.

use brickwork_sdk::Value;
use brickwork_sdk::status::{Link, ObjectStatus};
use brickwork_sdk::testing::{FakeHost, fields};

fn item(object: &str, channel: &str, label: &str, unit: &str) -> Value {
    fields! { object: object, channel: channel, label: label, unit: unit, decimals: 1 }
}

#[test]
fn a_bar_shows_the_channels_that_the_layout_names() {
    let host = FakeHost::new(crate::plugin());
    host.publish("ring", "current", 200.14);
    host.publish("shutter", "position", "closed");
    let items = vec![item("ring", "current", "Ring", "mA"), item("shutter", "position", "", "")];
    let bar = host.brick("beamline.bar").role("objects", "ring").role("objects", "shutter");
    let text = bar.config(fields! { items: items }).open().text();
    for words in ["Ring", "200.1 mA", "shutter", "closed"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn an_item_whose_object_is_not_used_is_named_with_the_cure() {
    let host = FakeHost::new(crate::plugin());
    let items = vec![item("ring", "current", "", "")];
    let made = host.brick("beamline.bar").config(fields! { items: items }).try_open();
    let why = made.err().expect("it names an object that it does not use").message;
    assert!(why.contains("ring.current") && why.contains("add \"ring\" to its uses"), "{why}");
}

#[test]
fn a_bar_of_nothing_and_an_item_with_two_units_are_mistakes() {
    let host = FakeHost::new(crate::plugin());
    let none: Vec<Value> = Vec::new();
    assert_eq!(host.check("beamline.bar", fields! { items: none })[0].path, "items");
    let two = fields! { object: "omega", channel: "position", unit: "deg", unit_channel: "unit" };
    assert_eq!(host.check("beamline.bar", fields! { items: vec![two] })[0].path, "items[0].unit");
    assert!(host.check("beamline.bar", fields! { items: vec![item("a", "b", "", "")] }).is_empty());
}

#[test]
fn the_ring_is_shown_with_what_it_says_and_without_what_it_does_not() {
    let host = FakeHost::new(crate::plugin());
    host.publish("ring", "status", ObjectStatus { link: Link::Live, ..ObjectStatus::default() });
    host.publish("ring", "current", 199.5);
    let mut brick = host.brick("beamline.machine").role("machine", "ring").open();
    assert!(brick.text().contains("Current 199.50 mA") && !brick.text().contains("Refill"));
    host.publish("ring", "refill_in", 125.4);
    host.publish("ring", "filling_mode", "7/8 + 1");
    host.publish("ring", "message", "Delivery until 08:00");
    let text = brick.text();
    for words in ["2 min 05 s", "7/8 + 1", "Delivery until 08:00"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}
