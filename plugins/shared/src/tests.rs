//! Shared values as bricks and the engine meet them.

use brickwork_sdk::testing::{FakeHost, Outcome, TestObject, fields};
use brickwork_sdk::{ErrorKind, Restored, State, Value};

fn host() -> FakeHost {
    FakeHost::new(crate::plugin())
}

fn live(host: &FakeHost, kind: &str, config: Value) -> TestObject {
    let shared = host.object(kind, kind).config(config).start();
    shared.wait_live();
    shared
}

fn refused(outcome: Outcome) -> String {
    let error = outcome.into_result().expect_err("it was taken");
    assert_eq!(error.kind, ErrorKind::Refused);
    error.message
}

#[test]
fn each_kind_begins_with_its_initial_value_and_publishes_what_is_set() {
    let host = host();
    let text = live(&host, "shared.text", fields! { initial: "omega" });
    assert_eq!(text.value::<String>("value"), "omega");
    assert_eq!(text.call("shared_text", "set", fields! { value: "kappa" }), Outcome::Finished(Value::Null));
    assert_eq!(text.value::<String>("value"), "kappa");
    let number = live(&host, "shared.number", fields! { initial: 2.5 });
    number.call("shared_number", "set", fields! { value: -7.25 });
    assert_eq!(number.history::<f64>("value"), [2.5, -7.25]);
    let flag = live(&host, "shared.flag", fields! { initial: true });
    flag.call("shared_flag", "set", fields! { value: false });
    assert_eq!(flag.history::<bool>("value"), [true, false]);
}

#[test]
fn without_a_config_they_are_empty_zero_and_no() {
    let host = host();
    assert_eq!(live(&host, "shared.text", fields! {}).value::<String>("value"), "");
    assert_eq!(live(&host, "shared.number", fields! {}).value::<f64>("value"), 0.0);
    assert!(!live(&host, "shared.flag", fields! {}).value::<bool>("value"));
}

#[test]
fn a_value_survives_a_reload() {
    let host = host();
    let text = live(&host, "shared.text", fields! { initial: "omega" });
    text.call("shared_text", "set", fields! { value: "kappa" });
    let text = text.reload();
    assert_eq!(text.restored(), &Restored::Complete);
    text.wait_live();
    assert_eq!(text.history::<String>("value"), ["omega", "kappa", "kappa"]);
    let number = live(&host, "shared.number", fields! { range: (0.0, 10.0) });
    number.call("shared_number", "set", fields! { value: 4.0 });
    let number = number.reload();
    number.wait_live();
    assert_eq!(number.history::<f64>("value"), [0.0, 4.0, 4.0]);
}

#[test]
fn a_number_outside_its_range_is_refused_and_changes_nothing() {
    let host = host();
    let number = live(&host, "shared.number", fields! { initial: 5.0, range: (0.0, 10.0) });
    let set = |value: f64| refused(number.call("shared_number", "set", fields! { value: value }));
    assert_eq!(set(10.5), "10.5 is above the limit 10");
    assert_eq!(set(-1.0), "-1 is below the limit 0");
    assert_eq!(set(f64::NAN), "value must be a number");
    assert_eq!(number.history::<f64>("value"), [5.0]);
}

#[test]
fn a_value_of_another_type_is_refused() {
    let host = host();
    let flag = live(&host, "shared.flag", fields! {});
    let why = refused(flag.call("shared_flag", "set", fields! { value: "yes" }));
    assert!(why.starts_with("the argument \"value\" does not fit"), "{why}");
    assert!(!flag.value::<bool>("value"));
}

#[test]
fn a_saved_number_that_a_new_range_forbids_is_not_taken() {
    let host = host();
    let number = host.object("selected", "shared.number").config(fields! { initial: 1.0, range: (0.0, 2.0) });
    let number = number.state(State::new("shared.number", &7.0)).start();
    assert_eq!(number.restored(), &Restored::Refused("7 is above the limit 2".into()));
    assert_eq!(number.value::<f64>("value"), 1.0);
}

#[test]
fn a_value_saved_by_another_kind_is_not_taken() {
    let host = host();
    let flag = host.object("selected", "shared.flag").state(State::new("shared.text", &"yes")).start();
    assert!(matches!(flag.restored(), Restored::Refused(why) if why.contains("shared.text")), "{:?}", flag.restored());
}

#[test]
fn mistakes_in_a_config_are_found_with_their_place() {
    let host = host();
    let paths = |kind: &str, config: Value| host.check(kind, config).into_iter().map(|p| p.path).collect::<Vec<_>>();
    assert_eq!(paths("shared.number", fields! { initial: 3.0, range: (0.0, 10.0) }), Vec::<String>::new());
    assert_eq!(paths("shared.number", fields! { range: (5.0, 5.0) }), ["range"]);
    assert_eq!(paths("shared.number", fields! { initial: 11.0, range: (0.0, 10.0) }), ["initial"]);
    assert_eq!(paths("shared.text", fields! { initial: 3.0 }), ["initial"]);
    assert_eq!(host.check("shared.text", fields! { range: (0.0, 1.0) }).len(), 1);
}
