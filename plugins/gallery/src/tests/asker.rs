//! The object that asks, works, refuses and fails.

use brickwork_sdk::status::Activity;
use brickwork_sdk::testing::{FakeHost, Outcome, TestCall, TestObject, fields};
use brickwork_sdk::{Error, ErrorKind, Value};

const ASKER: &str = "gallery_asker";

fn asker(host: &FakeHost) -> TestObject {
    let asker = host.object("asker", "gallery.asker").start();
    asker.wait_live();
    asker
}

fn ask(asker: &TestObject, seconds: f64) -> (TestCall, String) {
    let call = asker.begin(ASKER, "ask", fields! { seconds: seconds });
    let status = asker.wait_status("asking", |status| !status.questions.is_empty());
    (call, status.questions[0].id.clone())
}

fn error(outcome: Outcome) -> Error {
    outcome.into_result().expect_err("it does not finish")
}

#[test]
fn a_question_has_options_a_default_and_a_deadline() {
    let host = FakeHost::new(crate::plugin());
    let asker = asker(&host);
    let (call, id) = ask(&asker, 60.0);
    let status = asker.status();
    let question = &status.questions[0];
    assert!(question.options.contains(question.default.as_ref().expect("it has a default")));
    assert!(question.deadline_ns.is_some_and(|deadline| deadline > 50_000_000_000));
    assert_eq!(status.activity, Activity::Busy);
    asker.answer(&id, "cancel");
    assert_eq!(call.wait(), Outcome::Finished(Value::from("cancel")));
    assert_eq!(asker.value::<String>("answer"), "cancel");
    assert_eq!(asker.value::<String>("origin"), "person");
    asker.wait_status("done asking", |status| status.questions.is_empty() && status.activity == Activity::Idle);
}

#[test]
fn at_the_deadline_the_default_is_taken_and_the_question_withdrawn() {
    let host = FakeHost::with_time_scale(crate::plugin(), 50.0);
    let asker = asker(&host);
    let (call, _) = ask(&asker, 5.0);
    assert_eq!(call.wait(), Outcome::Finished(Value::from("leave it")));
    assert_eq!(asker.value::<String>("origin"), "deadline");
    asker.wait_status("done asking", |status| status.questions.is_empty());
}

#[test]
fn an_answer_that_was_not_offered_is_none() {
    let host = FakeHost::new(crate::plugin());
    let asker = asker(&host);
    let (call, id) = ask(&asker, 60.0);
    asker.answer("another question", "cancel");
    asker.answer(&id, "drop it");
    asker.answer(&id, "unload it");
    assert_eq!(call.wait(), Outcome::Finished(Value::from("unload it")));
}

#[test]
fn an_aborted_question_is_withdrawn_without_an_answer() {
    let host = FakeHost::new(crate::plugin());
    let asker = asker(&host);
    let (call, _) = ask(&asker, 60.0);
    call.abort();
    assert_eq!(error(call.wait()).kind, ErrorKind::Aborted);
    asker.wait_status("done asking", |status| status.questions.is_empty());
    assert!(!asker.has("answer"));
}

#[test]
fn a_deadline_outside_the_limits_is_refused() {
    let host = FakeHost::new(crate::plugin());
    let asker = asker(&host);
    let refused = error(asker.call(ASKER, "ask", fields! { seconds: 90.0 }));
    assert_eq!((refused.kind, refused.message.as_str()), (ErrorKind::Refused, "90 is above the limit 60 s"));
}

#[test]
fn the_last_answer_survives_a_reload() {
    let host = FakeHost::new(crate::plugin());
    let asker = asker(&host);
    let (call, id) = ask(&asker, 60.0);
    asker.answer(&id, "cancel");
    call.wait();
    let asker = asker.reload();
    asker.wait_live();
    assert_eq!(asker.history::<String>("answer"), ["cancel", "cancel"]);
}

#[test]
fn work_says_how_far_it_is_until_it_is_done() {
    let host = FakeHost::with_time_scale(crate::plugin(), 50.0);
    let asker = asker(&host);
    let call = asker.begin(ASKER, "work", fields! {});
    assert_eq!(call.wait(), Outcome::Finished(Value::Null));
    let fractions: Vec<f64> = call.progress().into_iter().filter_map(|(fraction, _)| fraction).collect();
    assert_eq!(fractions.len(), 20);
    assert!(fractions.is_sorted() && fractions[0] == 0.0);
    assert_eq!(asker.value::<f64>("done"), 1.0);
}

#[test]
fn work_ends_when_it_is_aborted() {
    let host = FakeHost::new(crate::plugin());
    let asker = asker(&host);
    let call = asker.begin(ASKER, "work", fields! {});
    asker.wait_status("busy", |status| status.activity == Activity::Busy);
    call.abort();
    assert_eq!(error(call.wait()).kind, ErrorKind::Aborted);
    asker.wait_status("idle", |status| status.activity == Activity::Idle);
}

#[test]
fn a_refusal_and_a_failure_say_why() {
    let host = FakeHost::new(crate::plugin());
    let asker = asker(&host);
    let refused = error(asker.call(ASKER, "refuse", fields! {}));
    assert_eq!(refused.kind, ErrorKind::Refused);
    assert!(refused.message.contains("12.5 is above the limit 10 mm"));
    let failed = error(asker.call(ASKER, "fail", fields! {}));
    assert_eq!(failed.kind, ErrorKind::Failed);
    assert_eq!(failed.causes, ["its controller does not answer", "no answer within 5 s"]);
    assert!(failed.remedy.contains("nothing is broken"));
    assert!(failed.place.contains("asker.rs"));
}
