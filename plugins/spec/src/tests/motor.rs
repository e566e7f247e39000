//! `spec.motor`, rule by rule: each event is made by the test.

use brickwork_sdk::interfaces::MotorState;
use brickwork_sdk::status::{Activity, Link};
use brickwork_sdk::testing::{FakeHost, Outcome, TestCall, TestObject, fields};
use brickwork_sdk::{ErrorKind, Value};
use brickwork_spec_protocol::{Command, Data, Packet};

use super::server::Server;
use super::{error, host, is_disconnected, live_session, object};

/// A session, a server with phi at 0, and phi.
fn phi() -> (FakeHost, Server, TestObject) {
    let (host, server) = (host(), Server::start("fourc"));
    server.motor("phi", 0.0);
    live_session(&host, &server);
    let phi = object(&host, "phi", "spec.motor", fields! { motor: "phi", unit: "deg" });
    phi.wait_live();
    (host, server, phi)
}

fn go(motor: &TestObject, position: f64) -> TestCall {
    motor.begin("motor", "move_to", fields! { position: position })
}

/// What spec tells of a motion to a place.
fn moves(server: &Server, motor: &str, to: f64) {
    server.set_number(&format!("motor/{motor}/move_done"), 1.0);
    server.set_number(&format!("motor/{motor}/position"), to);
    server.set_number(&format!("motor/{motor}/move_done"), 0.0);
}

#[test]
fn a_move_is_start_one_and_ends_after_move_done_rose_and_fell() {
    let (_host, server, phi) = phi();
    let call = go(&phi, 3.0);
    server.wait_for("CHAN_SEND motor/phi/start_one 3");
    server.set_number("motor/phi/position", 0.5);
    phi.wait_value("position", |position: &f64| *position == 0.5);
    assert!(!call.is_over(), "positions may come before move_done rises");
    server.set_number("motor/phi/move_done", 1.0);
    phi.wait_value("state", |state: &MotorState| *state == MotorState::Moving);
    phi.wait_status("moving", |status| status.activity == Activity::Moving && status.message.contains("to 3.0000 deg"));
    server.set_number("motor/phi/position", 3.0);
    server.set_number("motor/phi/move_done", 0.0);
    assert_eq!(call.wait(), Outcome::Finished(Value::Null));
    assert_eq!(phi.value::<f64>("target"), 3.0);
    phi.wait_status("idle", |status| status.activity == Activity::Idle);
    assert_eq!(server.seen(Command::ChanSend), ["CHAN_SEND motor/phi/start_one 3"], "the position is never set");
}

#[test]
fn a_motion_that_is_over_before_it_is_looked_at_has_ended_all_the_same() {
    let (_host, server, phi) = phi();
    let call = go(&phi, 3.0);
    server.wait_for("CHAN_SEND motor/phi/start_one 3");
    moves(&server, "phi", 3.0);
    assert_eq!(call.wait(), Outcome::Finished(Value::Null));
}

#[test]
fn a_motor_that_is_there_already_need_not_move() {
    let (_host, server, phi) = phi();
    let call = go(&phi, 0.001);
    server.wait_for("CHAN_SEND motor/phi/start_one 0.001");
    assert_eq!(call.wait(), Outcome::Finished(Value::Null));
}

#[test]
fn limits_are_in_user_units() {
    let (host, server) = (host(), Server::start("fourc"));
    server.motor("chi", 0.0);
    server.set_number("motor/chi/sign", -1.0);
    server.set_number("motor/chi/offset", 2.0);
    live_session(&host, &server);
    let chi = object(&host, "chi", "spec.motor", fields! { motor: "chi", unit: "deg" });
    chi.wait_live();
    assert_eq!(chi.value::<(f64, f64)>("limits"), (-48.0, 12.0));
    let end = error(go(&chi, 13.0).wait());
    assert_eq!((end.kind, end.message.as_str()), (ErrorKind::Refused, "13 is above the limit 12 deg"));
    server.set_number("motor/chi/offset", 4.0);
    chi.wait_value("limits", |limits: &(f64, f64)| *limits == (-46.0, 14.0));
}

#[test]
fn a_stop_is_control_c_and_ends_the_motion_as_stopped() {
    let (_host, server, phi) = phi();
    let call = go(&phi, 3.0);
    server.wait_for("CHAN_SEND motor/phi/start_one 3");
    server.set_number("motor/phi/move_done", 1.0);
    phi.wait_value("state", |state: &MotorState| *state == MotorState::Moving);
    let stop = phi.begin("motor", "stop", fields! {});
    server.wait_for("ABORT");
    assert!(!stop.is_over(), "it still moves");
    server.set_number("motor/phi/position", 1.5);
    server.set_number("motor/phi/move_done", 0.0);
    assert_eq!(stop.wait(), Outcome::Finished(Value::Null));
    let end = error(call.wait());
    assert!(end.message.contains("somebody stopped it") && end.message.contains("1.5 deg, not at 3 deg"), "{end}");
}

#[test]
fn a_motor_at_rest_is_not_stopped_for_that_would_end_what_spec_does() {
    let (_host, server, phi) = phi();
    assert_eq!(phi.call("motor", "stop", fields! {}), Outcome::Finished(Value::Null));
    assert!(server.seen(Command::Abort).is_empty());
}

#[test]
fn an_aborted_move_sends_control_c_and_waits_until_the_motor_stands() {
    let (_host, server, phi) = phi();
    let call = go(&phi, 3.0);
    server.wait_for("CHAN_SEND motor/phi/start_one 3");
    server.set_number("motor/phi/move_done", 1.0);
    phi.wait_value("state", |state: &MotorState| *state == MotorState::Moving);
    call.abort();
    server.wait_for("ABORT");
    assert!(!call.is_over());
    server.set_number("motor/phi/move_done", 0.0);
    assert_eq!(error(call.wait()).kind, ErrorKind::Aborted);
}

#[test]
fn a_motor_that_is_moved_at_the_console_is_seen_to_move_and_not_moved_from_here() {
    let (_host, server, phi) = phi();
    server.set_number("motor/phi/move_done", 1.0);
    phi.wait_status("moving", |status| status.activity == Activity::Moving && status.message.contains("by spec"));
    server.set_number("motor/phi/position", 7.0);
    phi.wait_value("position", |position: &f64| *position == 7.0);
    let end = error(go(&phi, 1.0).wait());
    assert_eq!(end.kind, ErrorKind::Refused);
    server.set_number("motor/phi/move_done", 0.0);
    phi.wait_value("state", |state: &MotorState| *state == MotorState::Ready);
    phi.wait_status("idle", |status| status.activity == Activity::Idle);
}

#[test]
fn motors_that_are_moved_at_the_same_time_are_started_together() {
    let (host, server) = (host(), Server::start("fourc"));
    ["phi", "chi"].into_iter().for_each(|motor| server.motor(motor, 0.0));
    live_session(&host, &server);
    let [phi, chi] = ["phi", "chi"].map(|motor| object(&host, motor, "spec.motor", fields! { motor: motor }));
    phi.wait_live();
    chi.wait_live();
    let calls = [go(&phi, 1.0), go(&chi, 2.0)];
    server.wait_for("CHAN_SEND motor/../start_all 1");
    let sent = server.seen(Command::ChanSend);
    assert_eq!(sent[0], "CHAN_SEND motor/../prestart_all 1");
    assert_eq!(&sent[1..3], ["CHAN_SEND motor/phi/start_one 1", "CHAN_SEND motor/chi/start_one 2"]);
    moves(&server, "phi", 1.0);
    moves(&server, "chi", 2.0);
    for call in calls {
        assert_eq!(call.wait(), Outcome::Finished(Value::Null));
    }
}

#[test]
fn a_move_that_spec_refuses_ends_with_its_words_whichever_way_it_tells_them() {
    let (_host, server, phi) = phi();
    let call = go(&phi, 3.0);
    let asked = server.wait_for("CHAN_SEND motor/phi/start_one 3");
    server.send(&Packet::error_reply(asked.serial, &asked.name, 1, "phi is locked"));
    let end = error(call.wait());
    assert_eq!(end.message, "spec refused to move phi to 3: phi is locked");
    let call = go(&phi, 4.0);
    server.wait_for("CHAN_SEND motor/phi/start_one 4");
    server.event("error", Data::text("phi: no power\n"));
    assert_eq!(error(call.wait()).message, "motor phi: spec did not move it: phi: no power");
}

#[test]
fn a_read_that_spec_never_answers_ends_within_its_limit() {
    let server = Server::start("fourc");
    server.motor("phi", 0.0);
    let host = FakeHost::with_time_scale(crate::plugin(), 5.0);
    live_session(&host, &server);
    let phi = object(&host, "phi", "spec.motor", fields! { motor: "phi" });
    phi.wait_live();
    server.hook(|packet| (packet.command == Command::ChanRead).then(Vec::new));
    let end = error(go(&phi, 3.0).wait());
    assert_eq!(end.message, "spec did not answer to reading motor/phi/move_done within 5 s");
}

#[test]
fn an_error_of_something_else_does_not_end_a_motion_that_is_about_to_begin() {
    let (_host, server, phi) = phi();
    let call = go(&phi, 3.0);
    server.wait_for("CHAN_SEND motor/phi/start_one 3");
    server.event("error", Data::text("chi: hit a limit"));
    moves(&server, "phi", 3.0);
    assert_eq!(call.wait(), Outcome::Finished(Value::Null));
}

#[test]
fn a_motion_that_does_not_begin_ends_within_its_limit() {
    let (host, server) = (host(), Server::start("fourc"));
    server.motor("phi", 0.0);
    live_session(&host, &server);
    let phi = object(&host, "phi", "spec.motor", fields! { motor: "phi", start_limit_secs: 0.5 });
    phi.wait_live();
    let end = error(go(&phi, 3.0).wait());
    assert_eq!(end.message, "motor phi: spec did not begin to move it within 0.5 s; it stands at 0");
    assert!(end.remedy.contains("terminal"), "{}", end.remedy);
}

#[test]
fn a_motion_that_ends_at_a_limit_switch_or_by_a_fault_says_so() {
    let (_host, server, phi) = phi();
    let call = go(&phi, 9.0);
    server.wait_for("CHAN_SEND motor/phi/start_one 9");
    server.set_number("motor/phi/high_lim_hit", 1.0);
    moves(&server, "phi", 6.0);
    let end = error(call.wait());
    assert!(end.message.contains("its upper limit switch is hit; it stands at 6 deg, not at 9 deg"), "{end}");
    assert_eq!(phi.value::<MotorState>("state"), MotorState::HighLimit);
    server.set_number("motor/phi/high_lim_hit", 0.0);
    server.set_number("motor/phi/motor_fault", 1.0);
    phi.wait_value("state", |state: &MotorState| *state == MotorState::Fault);
    phi.wait_status("told", |status| status.message == "its controller reports a fault");
    let end = error(go(&phi, 1.0).wait());
    assert_eq!(end.message, "its controller reports a fault, so it is not moved");
}

#[test]
fn a_motor_that_rests_on_its_way_for_its_backlash_has_not_ended() {
    let (_host, server, phi) = phi();
    let call = go(&phi, -3.0);
    server.wait_for("CHAN_SEND motor/phi/start_one -3");
    moves(&server, "phi", -3.5);
    moves(&server, "phi", -3.0);
    assert_eq!(call.wait(), Outcome::Finished(Value::Null));
}

#[test]
fn a_link_that_dies_on_the_way_ends_the_move_and_the_motor_comes_back_with_spec() {
    let (_host, server, phi) = phi();
    let call = go(&phi, 3.0);
    server.wait_for("CHAN_SEND motor/phi/start_one 3");
    server.set_number("motor/phi/move_done", 1.0);
    phi.wait_value("state", |state: &MotorState| *state == MotorState::Moving);
    server.cut();
    let end = error(call.wait());
    assert!(end.message.starts_with("motor phi: spec was lost while it was on its way"), "{end}");
    assert!(end.remedy.contains("may still be moving"), "{}", end.remedy);
    server.set_number("motor/phi/position", 2.0);
    server.set_number("motor/phi/move_done", 0.0);
    phi.wait_status("back", |status| status.link == Link::Live && status.reconnects == 1);
    phi.wait_value("position", |position: &f64| *position == 2.0);
    phi.wait_value("state", |state: &MotorState| *state == MotorState::Ready);
}

#[test]
fn without_spec_a_move_is_refused_with_what_is_wrong() {
    let (host, server, phi) = phi();
    drop(server);
    phi.wait_status("lost", is_disconnected);
    let end = error(go(&phi, 1.0).wait());
    assert_eq!(end.kind, ErrorKind::Refused);
    assert!(end.message.starts_with("spec 127.0.0.1:") && !end.remedy.is_empty(), "{end}");
    drop(host);
}

#[test]
fn a_motor_that_spec_does_not_have_is_told() {
    let (host, server) = (host(), Server::start("fourc"));
    live_session(&host, &server);
    // 25 times faster: the time limit is of the engine's clock.
    let fast = FakeHost::with_time_scale(crate::plugin(), 25.0);
    live_session(&fast, &server);
    let phi = object(&fast, "phi", "spec.motor", fields! { motor: "phu" });
    let status = phi.wait_status("told", |status| status.last_error.contains("phu"));
    assert!(status.last_error.contains("says nothing of position, move_done, high_limit"), "{}", status.last_error);
    assert!(status.last_error.contains("does not exist"), "{}", status.last_error);
    assert!(status.remedy.contains("`wa`"), "{}", status.remedy);
    server.motor("phu", 4.0);
    phi.wait_live();
}

#[test]
fn a_disagreement_with_the_controller_is_a_question_and_its_answer_goes_to_spec() {
    for (option, answer) in [("take the controller's", "1"), ("keep spec's", "0")] {
        let (_host, server, phi) = phi();
        server.set("motor/phi/sync_check", Data::text("2000 2500"));
        let status = phi.wait_status("asking", |status| !status.questions.is_empty());
        let question = &status.questions[0];
        assert!(question.text.contains("2.0000 deg (2000 steps)"), "{}", question.text);
        assert!(question.text.contains("2.5000 deg (2500 steps)"), "{}", question.text);
        phi.answer(&question.id, option);
        server.wait_for(&format!("CHAN_SEND motor/phi/sync_check {answer}"));
        phi.wait_status("answered", |status| status.questions.is_empty());
    }
}

#[test]
fn a_disagreement_that_is_settled_at_the_console_asks_no_more() {
    let (_host, server, phi) = phi();
    server.set("motor/phi/sync_check", Data::text("2000 2500"));
    phi.wait_status("asking", |status| status.questions.len() == 1);
    server.set("motor/phi/sync_check", Data::text(""));
    phi.wait_status("asking no more", |status| status.questions.is_empty());
}

#[test]
fn mistakes_in_a_config_are_found_with_their_place() {
    let host = host();
    let paths = |config: Value| host.check("spec.motor", config).into_iter().map(|p| p.path).collect::<Vec<_>>();
    for unit in ["deg", "keV", "eV", "angstrom", "\u{c5}", "\u{b5}m", "\u{3bc}m", "\u{b0}", "counts", "steps"] {
        assert_eq!(paths(fields! { motor: "phi", unit: unit }), Vec::<String>::new(), "{unit}");
    }
    assert_eq!(paths(fields! {}), ["motor"]);
    let wrong = fields! { motor: "a/b", unit: "km", tolerance: -1.0, start_limit_secs: 0.0 };
    assert_eq!(paths(wrong), ["motor", "unit", "tolerance", "start_limit_secs"]);
}
