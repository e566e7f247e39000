//! All other bricks: every control used once, every kind of node seen.

use std::collections::BTreeSet;

use brickwork_sdk::Error;
use brickwork_sdk::testing::{FakeHost, TestBrick};
use brickwork_sdk::view::{Overlay, Shape, Tone};

/// Fails unless the brick's last line says this message.
#[track_caller]
pub fn echoes(brick: &mut TestBrick, message: &str) {
    let (text, line) = (brick.text(), format!("last message: {message}"));
    assert!(text.lines().any(|seen| seen == line), "{line:?} is not seen in:\n{text}");
}

fn values(host: &FakeHost) -> TestBrick {
    host.publish("good", "number", 12.3456);
    host.publish("good", "unit", "deg");
    host.publish("good", "share", 87.5);
    host.brick("gallery.values").role("signals", "good").role("signals", "absent").open()
}

fn pictures(host: &FakeHost) -> TestBrick {
    host.brick("gallery.picture").role("cameras", "card").role("cameras", "lost").open()
}

fn talk(host: &FakeHost) -> TestBrick {
    host.brick("gallery.talk").role("asker", "asker").open()
}

#[test]
fn together_the_bricks_show_every_kind_of_node() {
    let host = FakeHost::new(crate::plugin());
    let alone = ["gallery.text", "gallery.data", "gallery.containers"].map(|kind| host.brick(kind).open());
    let controls = host.brick("gallery.controls").role("signal", "good").open();
    let all = alone.into_iter().chain([controls, values(&host), pictures(&host), talk(&host)]);
    let views: Vec<_> = all.map(|mut brick| brick.view()).collect();
    let kinds: BTreeSet<_> = views.iter().flat_map(|view| view.walk()).map(|node| node.kind.as_str()).collect();
    let every = [
        "button",
        "choice",
        "column",
        "grid",
        "group",
        "icon",
        "number_input",
        "picture",
        "plot",
        "progress",
        "row",
        "scroll",
        "slider",
        "space",
        "state",
        "table",
        "tabs",
        "text",
        "text_input",
        "toggle",
        "tree",
        "value",
    ];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), every);
}

#[test]
fn words_are_shown_in_every_tone() {
    let host = FakeHost::new(crate::plugin());
    let view = host.brick("gallery.text").open().view();
    for tone in [Tone::Normal, Tone::Muted, Tone::Primary, Tone::Title, Tone::Warning, Tone::Danger] {
        assert!(view.walk().any(|node| node.kind == "text" && node.tone() == tone), "{tone:?}");
        assert!(view.walk().any(|node| node.kind == "icon" && node.tone() == tone), "{tone:?}");
    }
}

#[test]
fn values_carry_fixed_units_and_those_of_a_channel() {
    let host = FakeHost::new(crate::plugin());
    let mut brick = values(&host);
    let text = brick.text();
    for seen in ["12.346 deg", "87.5 %", "--", "good", "absent"] {
        assert!(text.lines().any(|line| line == seen || line.starts_with(seen)), "{seen:?} is not seen in:\n{text}");
    }
    brick.select("decimals", "1");
    echoes(&mut brick, "Decimals(\"1\")");
    assert!(brick.reload().text().lines().any(|line| line == "12.3 deg"));
}

#[test]
fn a_table_gives_the_rows_that_are_asked_for() {
    let host = FakeHost::new(crate::plugin());
    let mut brick = host.brick("gallery.data").open();
    assert_eq!(brick.node("samples").number("total"), Some(10_000.0));
    for row in [5_000, 9_999, 0] {
        brick.page("samples", row);
        echoes(&mut brick, &format!("Page({row}.0)"));
        let table = brick.node("samples");
        let first = table.number("first").expect("it says its first row") as usize;
        assert!((first..first + table.children.len()).contains(&row), "{row} is not given");
        assert_eq!(table.children[row - first].children[0].text("text"), format!("lyso {row}"));
        assert!(first + table.children.len() <= 10_000);
    }
}

#[test]
fn rows_and_entries_are_selected_and_stay_so() {
    let host = FakeHost::new(crate::plugin());
    let mut brick = host.brick("gallery.data").open();
    brick.page("samples", 5_000);
    brick.select("samples", "5003");
    echoes(&mut brick, "Sample(\"5003\")");
    brick.select("pucks", "2/4");
    echoes(&mut brick, "Pin(\"2/4\")");
    let mut brick = brick.reload();
    assert_eq!(brick.node("samples").text("selected"), "5003");
    assert_eq!(brick.node("samples").number("first"), Some(5_000.0));
    assert_eq!(brick.node("pucks").text("selected"), "2/4");
}

#[test]
fn controls_in_every_container_say_what_they_sent() {
    let host = FakeHost::new(crate::plugin());
    let mut brick = host.brick("gallery.containers").open();
    let buttons: Vec<_> = brick.view().walk().filter(|node| node.kind == "button").cloned().collect();
    assert_eq!(buttons.len(), 9);
    for button in buttons {
        brick.click(&button.id);
        echoes(&mut brick, &format!("Pressed({:?})", button.label()));
    }
    for id in ["first", "second"] {
        brick.enter(id, id);
        echoes(&mut brick, &format!("Entered({id:?})"));
    }
    for (id, number) in [("x from", 1.5), ("sample stage y from", 2.5), ("z from", 3.5)] {
        brick.enter(id, number);
        echoes(&mut brick, &format!("Number({number:?})"));
    }
    brick.toggle("beam");
    echoes(&mut brick, "Beam(true)");
    assert!(brick.reload().node("beam").flag("on"));
}

#[test]
fn a_click_on_a_picture_says_its_place_and_moves_the_cross() {
    let host = FakeHost::new(crate::plugin());
    let mut brick = pictures(&host);
    brick.click_at("picture card", (12.0, 30.5));
    echoes(&mut brick, "Click((12.0, 30.5))");
    let mut brick = brick.reload();
    let overlays: Vec<Overlay> = brick.node("picture card").read("overlays").expect("it has overlays");
    assert!(overlays.iter().any(|overlay| matches!(overlay.shape, Shape::Cross(x, y, _) if (x, y) == (12.0, 30.5))));
    brick.toggle("overlays");
    echoes(&mut brick, "Overlays(false)");
    assert_eq!(brick.node("picture card").attribute("overlays"), None);
    assert_eq!(brick.node("picture lost").bound(), Some(("lost", "frame")));
}

#[test]
fn every_command_of_the_asker_has_its_button() {
    let host = FakeHost::new(crate::plugin());
    host.publish("asker", "deadlines", (1.0, 60.0));
    let mut brick = talk(&host);
    assert_eq!(brick.why_not_enter("deadline", 90.0).as_deref(), Some("90 is above the limit 60 s"));
    brick.enter("deadline", 7.0);
    echoes(&mut brick, "Deadline(7.0)");
    host.answer("asker", "fail", Err::<(), _>(Error::failed("it did")));
    for (id, message) in [("ask", "Ask"), ("work", "Work"), ("refuse", "Refuse"), ("fail", "Fail")] {
        brick.click(id);
        echoes(&mut brick, message);
    }
    assert_eq!(host.calls(), ["asker.ask(seconds: 7.0)", "asker.work()", "asker.refuse()", "asker.fail()"]);
    host.publish("asker", "done", 0.5);
    let view = brick.reload().view();
    assert!(view.walk().any(|node| node.kind == "progress" && node.number("fraction") == Some(0.5)));
}

#[test]
fn one_button_makes_its_brick_panic_and_says_so() {
    let host = FakeHost::new(crate::plugin());
    let mut brick = talk(&host);
    assert_eq!(brick.node("panic").tone(), Tone::Danger);
    let failure = brick.panic_in(|brick| brick.click("panic"));
    assert!(failure.message.contains("was asked to panic"), "{failure:?}");
    assert!(failure.place.contains("talk.rs"), "{failure:?}");
}
