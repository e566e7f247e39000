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
fn a_bar_is_a_row_that_wraps_and_shows_its_items_in_order_before_they_have_values() {
    let host = FakeHost::new(crate::plugin());
    let items = vec![item("shutter", "position", "Shutter", ""), item("ring", "current", "Ring", "mA")];
    let bar = host.brick("beamline.bar").role("objects", "ring").role("objects", "shutter");
    let mut bar = bar.config(fields! { items: items }).open();
    assert!(bar.view().flag("wrap"));
    assert_eq!(bar.text(), "Shutter\nShutter --\nRing\nRing -- mA");
    host.publish("omega", "unit", "deg");
    host.publish("omega", "position", 12.5);
    let carried = fields! { object: "omega", channel: "position", unit_channel: "unit", decimals: 3 };
    let config = fields! { items: vec![carried] };
    let mut bar = host.brick("beamline.bar").role("objects", "omega").config(config).open();
    assert_eq!(bar.text(), "omega\nomega 12.500 deg");
}

#[test]
fn the_ring_is_shown_with_what_it_says_and_without_what_it_does_not() {
    let host = FakeHost::new(crate::plugin());
    let mut brick = host.brick("beamline.machine").role("machine", "ring").open();
    assert_eq!(brick.text(), "Storage ring\nLoading\nCurrent -- mA");
    host.publish("ring", "status", ObjectStatus { link: Link::Live, ..ObjectStatus::default() });
    host.publish("ring", "current", 199.5);
    assert_eq!(brick.text(), "Storage ring\nLive\nCurrent 199.50 mA");
    host.publish("ring", "refill_in", 754.0);
    host.publish("ring", "lifetime", 61.4);
    host.publish("ring", "filling_mode", "7/8 + 1");
    host.publish("ring", "message", "Delivery until 08:00");
    let text = brick.text();
    for words in ["Refill in 754.0 s", "Lifetime 61.4 h", "7/8 + 1", "Delivery until 08:00"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let view = brick.view();
    let times: Vec<_> = view.walk().filter(|node| node.flag("duration")).map(|node| node.label()).collect();
    assert_eq!(times, ["Refill in", "Lifetime"], "both are read in minutes and hours");
    // The shell draws each with quality and age: no line is mere words.
    let bound: Vec<_> = view.walk().filter_map(|node| Some(node.bound()?.1)).collect();
    assert_eq!(bound, ["current", "refill_in", "lifetime", "filling_mode"]);
}
