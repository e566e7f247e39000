//! Bricks in the test kit: what a person can do, and what happens when a brick's own code fails.

use brickwork_sdk::interfaces::motor::{self, Motor};
use brickwork_sdk::testing::{FakeHost, TestBrick, fields};
use brickwork_sdk::view::{
    TreeItem, View, button, choice, column, number_input, text, text_input, toggle, tree, value,
};
use brickwork_sdk::{Brick, BrickContext, Restored, Result, Role, State, plugin};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Config {
    panic_in: String,
    doubled: bool,
}

struct Panel {
    config: Config,
    motor: Option<Motor>,
    log: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
enum Message {
    Press,
    Boom,
    Number(f64),
    Name(String),
    Pick { option: String },
    Switch(bool),
}

impl Brick for Panel {
    const KIND: &'static str = "test.panel";
    type Config = Config;
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![Role::optional("motor", motor::NAME)]
    }

    fn new(config: Config, ctx: &BrickContext) -> Result<Self> {
        assert!(config.panic_in != "new", "boom in new");
        Ok(Self { config, motor: Motor::bind_optional(ctx, "motor"), log: Vec::new() })
    }

    fn update(&mut self, message: Message) {
        assert!(!matches!(message, Message::Boom), "boom in update");
        if let (Message::Number(position), Some(motor)) = (&message, &self.motor) {
            motor.move_to(*position).detach();
        }
        self.log.push(format!("{message:?}"));
    }

    fn view(&self) -> View<Message> {
        assert!(self.config.panic_in != "view", "boom in view");
        let on = self.log.iter().rfind(|line| line.starts_with("Switch")).is_some_and(|line| line == "Switch(true)");
        let items = [TreeItem { id: "a".into(), label: "A".into(), children: Vec::new() }];
        let position = match &self.motor {
            Some(motor) => value(motor.position()).decimals(1),
            None => text("no motor"),
        };
        column([
            position,
            text(self.log.join(" ")),
            button("press", "Press").on_press(Message::Press),
            button("boom", "Boom").on_press(Message::Boom),
            button("dead", "Dead").disabled("the hutch is open").on_press(Message::Press),
            number_input("number", "Number", 0.0).range((0.0, 9.0)).on_submit(Message::Number),
            text_input("name", "Name", "").on_text(Message::Name),
            choice("pick", "Pick", ["x".to_owned(), "y".to_owned()], "x").on_select(|option| Message::Pick { option }),
            toggle("switch", "Switch", on).on_toggle(Message::Switch),
            tree("tree", "Tree", &items, "").on_select(|option| Message::Pick { option }),
            button(if self.config.doubled { "press" } else { "other" }, "Other").on_press(Message::Press),
        ])
    }

    fn save(&self) -> State {
        State::new("panel 1", &self.log)
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore("panel 1", &mut self.log)
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        assert!(self.config.panic_in != "drop", "boom in drop");
    }
}

plugin! { objects: [], bricks: [Panel] }

fn panel(host: &FakeHost, panic_in: &str) -> TestBrick {
    host.brick("test.panel").config(fields! { panic_in: panic_in }).open()
}

/// What a test would fail with.
fn complaint(act: impl FnOnce()) -> String {
    let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(act)).expect_err("it must not be possible");
    payload.downcast_ref::<String>().cloned().expect("it says why")
}

#[test]
fn every_control_sends_its_message() {
    let host = FakeHost::new(plugin());
    let mut panel = panel(&host, "");
    panel.click("press");
    panel.enter("number", 2.5);
    panel.enter("name", "lysozyme");
    panel.select("pick", "y");
    panel.select("tree", "a");
    panel.toggle("switch");
    panel.toggle("switch");
    let log =
        r#"Press Number(2.5) Name("lysozyme") Pick { option: "y" } Pick { option: "a" } Switch(true) Switch(false)"#;
    assert!(panel.text().lines().any(|line| line == log), "{}", panel.text());
}

#[test]
fn nothing_is_possible_that_a_person_could_not_do() {
    let host = FakeHost::new(plugin());
    let mut panel = panel(&host, "");
    assert_eq!(panel.why_not("dead").as_deref(), Some("the hutch is open"));
    assert_eq!(panel.why_not_enter("number", 9.5).as_deref(), Some("9.5 is above the limit 9"));
    assert!(complaint(|| panel.click("dead")).contains("the hutch is open"));
    assert!(complaint(|| panel.enter("number", -1.0)).contains("-1 is below the limit 0"));
    assert!(complaint(|| panel.enter("number", f64::NAN)).contains("it takes a number"));
    assert!(complaint(|| panel.select("pick", "z")).contains("its options are x, y"));
    assert!(complaint(|| panel.select("tree", "b")).contains("no such entry"));
    assert!(complaint(|| panel.click("number")).contains("is a number_input"));
    assert!(complaint(|| panel.click("gone")).contains("shows no \"gone\", but press"));
    assert!(!panel.text().contains("Number("), "something arrived: {}", panel.text());
}

#[test]
fn a_view_with_a_doubled_id_fails_the_test() {
    let host = FakeHost::new(plugin());
    let mut panel = host.brick("test.panel").config(fields! { doubled: true }).open();
    assert!(complaint(|| drop(panel.view())).contains("two nodes have the id \"press\""));
}

#[test]
fn a_bound_value_is_read_with_its_unit_and_follows_the_channel() {
    let host = FakeHost::new(plugin());
    let mut panel = host.brick("test.panel").role("motor", "phi").open();
    assert!(panel.text().starts_with("--"));
    host.publish("phi", "unit", "deg");
    host.publish("phi", "position", 12.25);
    assert!(panel.text().starts_with("12.2 deg"), "{}", panel.text());
    panel.enter("number", 3.0);
    host.publish("phi", "position", 1.0);
    host.publish("phi", "limits", (0.0, 2.0));
    panel.enter("number", 3.0);
    assert_eq!(
        host.calls(),
        [
            "phi.move_to(position: 3.0) refused: its limits are not known, so it is not moved",
            "phi.move_to(position: 3.0) refused: 3 is above the limit 2 deg"
        ]
    );
}

#[test]
fn a_panic_of_a_brick_is_told_with_its_place() {
    let host = FakeHost::new(plugin());
    let failure = host.brick("test.panel").config(fields! { panic_in: "new" }).try_open().err().expect("it panics");
    assert_eq!(failure.message, "boom in new");
    let mut healthy = panel(&host, "");
    let failure = healthy.panic_in(|panel| panel.click("boom"));
    assert_eq!(failure.message, "boom in update");
    assert!(failure.place.contains("bricks.rs:"), "{}", failure.place);
    let failure = panel(&host, "view").panic_in(|panel| drop(panel.view()));
    assert_eq!(failure.message, "boom in view");
    assert!(complaint(|| panel(&host, "drop").close()).contains("boom in drop"));
    assert!(complaint(|| healthy.click("boom")).contains("boom in update"));
}

#[test]
fn a_brick_goes_on_with_its_state_after_a_reload() {
    let host = FakeHost::new(plugin());
    let mut panel = panel(&host, "");
    panel.click("press");
    let mut panel = panel.reload();
    assert_eq!(panel.restored(), &Restored::Complete);
    assert!(panel.text().contains("Press\nPress"), "{}", panel.text());
}
