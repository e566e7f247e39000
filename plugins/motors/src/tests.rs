//! Both bricks, used as a person does.

use brickwork_sdk::interfaces::MotorState;
use brickwork_sdk::status::{Link, ObjectStatus};
use brickwork_sdk::testing::{FakeHost, TestBrick, fields};
use brickwork_sdk::view::Tone;

/// A motor that is not there but has published all that one does.
fn motor(host: &FakeHost, name: &str, position: f64) {
    host.publish(name, "unit", "deg");
    host.publish(name, "limits", (-10.0, 10.0));
    host.publish(name, "target", position);
    host.publish(name, "position", position);
    host.publish(name, "state", MotorState::Ready);
    host.publish(name, "status", ObjectStatus { link: Link::Live, ..ObjectStatus::default() });
}

fn one(host: &FakeHost) -> TestBrick {
    host.brick("motors.one").role("motor", "omega").config(fields! { step: 2.5 }).open()
}

#[test]
fn the_brick_shows_the_motor() {
    let host = FakeHost::new(crate::plugin());
    motor(&host, "omega", 1.5);
    let mut brick = one(&host);
    let text = brick.text();
    for seen in ["omega", "Position 1.500 deg", "Live", "-10 to 10 deg", "Target of omega", "Step of omega", "Stop"] {
        assert!(text.lines().any(|line| line == seen), "{seen:?} is not seen in:\n{text}");
    }
    assert_eq!(brick.node("stop").tone(), Tone::Danger);
    host.publish("omega", "state", MotorState::HighLimit);
    assert!(brick.text().contains("at the upper limit"));
}

#[test]
fn typing_a_target_moves_there() {
    let host = FakeHost::new(crate::plugin());
    motor(&host, "omega", 0.0);
    one(&host).enter("target", 7.25);
    assert_eq!(host.calls(), ["omega.move_to(position: 7.25)"]);
}

#[test]
fn a_target_outside_the_limits_is_not_taken() {
    let host = FakeHost::new(crate::plugin());
    motor(&host, "omega", 0.0);
    let mut brick = one(&host);
    let why = brick.why_not_enter("target", 12.5);
    assert_eq!(why.as_deref(), Some("12.5 is above the limit 10 deg"));
    assert_eq!(brick.why_not_enter("target", -10.0), None);
}

#[test]
fn a_step_is_counted_from_the_position_and_while_moving_from_the_target() {
    let host = FakeHost::new(crate::plugin());
    motor(&host, "omega", 0.1);
    let mut brick = one(&host);
    brick.enter("step", 0.2);
    brick.click("plus");
    host.publish("omega", "state", MotorState::Moving);
    host.publish("omega", "target", 5.0);
    brick.click("minus");
    assert_eq!(host.calls(), ["omega.move_to(position: 0.3)", "omega.move_to(position: 4.8)"]);
}

#[test]
fn two_quick_steps_are_two_steps_also_before_the_motor_says_that_it_moves() {
    let host = FakeHost::new(crate::plugin());
    motor(&host, "omega", 0.0);
    let mut brick = one(&host);
    brick.click("plus");
    // The reading changes before anything else does.
    host.publish("omega", "position", 0.1);
    brick.click("plus");
    host.publish("omega", "target", 5.0);
    host.publish("omega", "position", 0.2);
    brick.click("minus");
    assert_eq!(
        host.calls(),
        ["omega.move_to(position: 2.5)", "omega.move_to(position: 5.0)", "omega.move_to(position: 2.5)"]
    );
    brick.click("stop");
    brick.click("plus");
    assert_eq!(host.calls().last().map(String::as_str), Some("omega.move_to(position: 2.7)"), "from where it stands");
}

#[test]
fn the_field_shows_where_the_motor_goes_while_it_moves_so_that_keys_step_from_there() {
    let host = FakeHost::new(crate::plugin());
    motor(&host, "omega", 0.1);
    let mut brick = one(&host);
    assert_eq!(brick.node("target").bound(), Some(("omega", "position")));
    host.publish("omega", "target", 5.0);
    host.publish("omega", "state", MotorState::Moving);
    assert_eq!(brick.node("target").bound(), Some(("omega", "target")));
    host.publish("omega", "state", MotorState::Ready);
    assert_eq!(brick.node("target").bound(), Some(("omega", "position")));
}

#[test]
fn a_step_beyond_a_limit_is_disabled_and_says_why() {
    let host = FakeHost::new(crate::plugin());
    motor(&host, "omega", 9.0);
    let mut brick = one(&host);
    assert_eq!(brick.why_not("plus").as_deref(), Some("11.5 is above the limit 10 deg"));
    assert_eq!(brick.why_not("minus"), None);
    brick.enter("step", 1.0);
    assert_eq!(brick.why_not("plus"), None);
}

#[test]
fn without_limits_it_only_stops() {
    let host = FakeHost::new(crate::plugin());
    host.publish("omega", "position", 1.0);
    let mut brick = one(&host);
    for id in ["plus", "minus", "target"] {
        assert_eq!(brick.why_not(id).as_deref(), Some("the limits of omega are not known"), "{id}");
    }
    brick.click("stop");
    assert_eq!(host.calls(), ["omega.stop()"]);
}

#[test]
fn a_lost_motor_can_only_be_stopped() {
    let host = FakeHost::new(crate::plugin());
    motor(&host, "omega", 1.0);
    host.publish("omega", "status", ObjectStatus { link: Link::Disconnected, ..ObjectStatus::default() });
    let mut brick = one(&host);
    for id in ["plus", "minus", "target"] {
        assert_eq!(brick.why_not(id).as_deref(), Some("omega is not connected"), "{id}");
    }
    brick.click("stop");
}

#[test]
fn the_step_survives_a_reload() {
    let host = FakeHost::new(crate::plugin());
    motor(&host, "omega", 0.0);
    let mut brick = one(&host);
    brick.enter("step", 0.125);
    let mut brick = brick.reload();
    brick.click("plus");
    assert_eq!(host.calls(), ["omega.move_to(position: 0.125)"]);
}

#[test]
fn a_step_that_is_none_is_found_in_the_layout_and_not_taken_from_a_person() {
    let host = FakeHost::new(crate::plugin());
    let problems = host.check("motors.one", fields! { step: 0.0 });
    assert_eq!(problems[0].path, "step");
    assert!(!host.check("motors.table", fields! { steps: 1.0 }).is_empty());
    motor(&host, "omega", 0.0);
    assert!(one(&host).why_not_enter("step", -1.0).is_some());
}

fn table(host: &FakeHost) -> TestBrick {
    motor(host, "omega", 1.0);
    motor(host, "phiz", -2.0);
    host.brick("motors.table").role("motors", "omega").role("motors", "phiz").config(fields! { step: 0.5 }).open()
}

#[test]
fn the_table_has_a_row_for_each_motor_in_order() {
    let host = FakeHost::new(crate::plugin());
    let mut table = table(&host);
    assert_eq!(table.node("motors").number("total"), Some(2.0));
    let text = table.text();
    let place = |word: &str| text.find(word).unwrap_or_else(|| panic!("{word:?} is not seen in:\n{text}"));
    assert!(place("omega") < place("1.000 deg") && place("1.000 deg") < place("phiz"));
    assert!(place("phiz") < place("-2.000 deg"));
}

#[test]
fn each_row_of_the_table_acts_on_its_motor() {
    let host = FakeHost::new(crate::plugin());
    let mut table = table(&host);
    table.enter("target:phiz", 3.0);
    table.click("plus:omega");
    table.click("minus:phiz");
    table.click("stop:omega");
    assert_eq!(
        host.calls(),
        ["phiz.move_to(position: 3.0)", "omega.move_to(position: 1.5)", "phiz.move_to(position: 2.5)", "omega.stop()"]
    );
}

#[test]
fn a_row_of_the_table_refuses_what_is_outside_its_limits() {
    let host = FakeHost::new(crate::plugin());
    let mut table = table(&host);
    assert_eq!(table.why_not_enter("target:omega", 12.5).as_deref(), Some("12.5 is above the limit 10 deg"));
    table.enter("step:omega", 20.0);
    assert_eq!(table.why_not("minus:omega").as_deref(), Some("-19 is below the limit -10 deg"));
    assert_eq!(table.why_not("minus:phiz"), None);
}

#[test]
fn the_steps_of_the_table_survive_a_reload_each_with_its_motor() {
    let host = FakeHost::new(crate::plugin());
    let mut table = table(&host);
    table.enter("step:phiz", 0.25);
    let state = table.save();
    table.close();
    let swapped = host.brick("motors.table").role("motors", "phiz").role("motors", "omega").state(state);
    let mut table = swapped.open();
    assert_eq!(table.node("step:phiz").number("value"), Some(0.25));
    assert_eq!(table.node("step:omega").number("value"), Some(0.5));
}

#[test]
fn an_empty_table_is_no_mistake() {
    let host = FakeHost::new(crate::plugin());
    let mut table = host.brick("motors.table").open();
    assert_eq!(table.node("motors").number("total"), Some(0.0));
}

#[test]
fn a_row_that_is_chosen_is_chosen_for_all_who_share_the_text() {
    let host = FakeHost::new(crate::plugin());
    motor(&host, "omega", 1.0);
    motor(&host, "phi", 2.0);
    host.publish("chosen", "value", "omega");
    let both =
        |kind: &str| host.brick(kind).role("motors", "omega").role("motors", "phi").role("choice", "chosen").open();
    let (mut table, mut panel) = (both("motors.table"), both("motors.chosen"));
    assert_eq!(table.node("motors").text("selected"), "row:omega");
    assert!(panel.text().contains("1.000 deg"));
    table.select("motors", "row:phi");
    assert_eq!(host.calls(), ["chosen.set(value: \"phi\")"]);
    host.publish("chosen", "value", "phi");
    assert!(panel.text().contains("2.000 deg") && !panel.text().contains("1.000 deg"));
    panel.enter("target:phi", 5.0);
    panel.select("choice", "omega");
    assert_eq!(host.calls(), ["phi.move_to(position: 5.0)", "chosen.set(value: \"omega\")"]);
}

#[test]
fn a_chosen_motor_that_is_not_there_is_said() {
    let host = FakeHost::new(crate::plugin());
    let mut panel = host.brick("motors.chosen").role("motors", "omega").role("choice", "chosen").open();
    assert!(panel.text().contains("no motor is chosen"));
    host.publish("chosen", "value", "chi");
    assert!(panel.text().contains("chi is not among these motors"));
}

#[test]
fn what_is_typed_for_one_chosen_motor_is_not_for_the_next() {
    let host = FakeHost::new(crate::plugin());
    motor(&host, "omega", 1.0);
    motor(&host, "phi", 2.0);
    let brick = host.brick("motors.chosen").role("motors", "omega").role("motors", "phi").role("choice", "chosen");
    host.publish("chosen", "value", "omega");
    let mut brick = brick.open();
    let ids = |brick: &mut TestBrick| -> Vec<String> {
        let view = brick.view();
        view.walk().filter(|node| node.is_interactive() && node.id != "choice").map(|node| node.id.clone()).collect()
    };
    let (omega, _) = (ids(&mut brick), host.publish("chosen", "value", "phi"));
    let phi = ids(&mut brick);
    assert_eq!(omega.len(), 5);
    assert!(omega.iter().all(|id| !phi.contains(id)), "the window keeps what is typed by id: {omega:?} {phi:?}");
    brick.enter("step:phi", 0.25);
    let mut brick = brick.reload();
    brick.click("plus:phi");
    brick.click("stop:phi");
    assert_eq!(host.calls(), ["phi.move_to(position: 2.25)", "phi.stop()"]);
}

#[test]
fn a_table_without_a_shared_choice_has_rows_that_cannot_be_chosen() {
    let host = FakeHost::new(crate::plugin());
    assert!(table(&host).node("motors").attribute("on_select").is_none());
}

#[test]
fn a_choice_that_no_row_has_marks_none() {
    let host = FakeHost::new(crate::plugin());
    motor(&host, "omega", 1.0);
    let mut table = host.brick("motors.table").role("motors", "omega").role("choice", "chosen").open();
    let marked = |table: &mut TestBrick| {
        let node = table.node("motors");
        node.children.iter().any(|row| row.id == node.text("selected"))
    };
    assert!(!marked(&mut table), "nothing is known of the choice yet");
    host.publish("chosen", "value", "chi");
    assert!(!marked(&mut table));
    host.publish("chosen", "value", "omega");
    assert!(marked(&mut table));
}

#[test]
fn limits_that_mean_none_are_said_in_words_and_let_it_step() {
    let host = FakeHost::new(crate::plugin());
    for (name, end) in [("omega", f64::MAX), ("phi", f64::INFINITY), ("chi", 1e300)] {
        motor(&host, name, 9.0);
        host.publish(name, "limits", (-end, end));
        let mut brick = host.brick("motors.one").role("motor", name).config(fields! { step: 2.5 }).open();
        assert!(brick.text().lines().any(|line| line == "no limits"), "{end}: {}", brick.text());
        assert_eq!(brick.why_not("plus"), None);
        assert_eq!(brick.why_not_enter("target", 1e6), None);
    }
}

#[test]
fn an_axis_beyond_its_limit_may_be_stepped_and_sent_towards_its_range() {
    let host = FakeHost::new(crate::plugin());
    motor(&host, "omega", 10.3);
    let mut brick = one(&host);
    brick.enter("step", 0.1);
    assert_eq!(brick.why_not("plus").as_deref(), Some("10.4 is above the limit 10 deg"));
    brick.click("minus");
    brick.enter("target", 10.25);
    assert_eq!(host.calls(), ["omega.move_to(position: 10.2)", "omega.move_to(position: 10.25)"]);
}

#[test]
fn a_position_that_is_no_number_is_not_stepped_from() {
    let host = FakeHost::new(crate::plugin());
    motor(&host, "omega", f64::NAN);
    assert_eq!(one(&host).why_not("plus").as_deref(), Some("that is not a number"));
}
