//! Mistakes in a config are found before anything is opened, each at its place.

use brickwork_sdk::Value;
use brickwork_sdk::testing::fields;

use super::host;

const URL: &str = "http://onaxis/mjpg/video.mjpg";

/// Each problem as `path: message`.
fn problems(config: Value) -> Vec<String> {
    problems_of("camera.mjpeg", config)
}

fn problems_of(kind: &str, config: Value) -> Vec<String> {
    let problems = host().check(kind, config);
    problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect()
}

#[track_caller]
fn assert_only_problem(config: Value, path: &str, words: &str) {
    let problems = problems(config);
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    assert!(problem.starts_with(&format!("{path}: ")) && problem.contains(words), "{problem}");
}

#[test]
fn a_url_alone_is_enough() {
    assert_eq!(problems(fields! { url: URL }), Vec::<String>::new());
    let full = fields! {
        url: URL, user: "mx", password_file: "/etc/brickwork/onaxis",
        stale_after_secs: 3.0, connect_timeout_secs: 5.0,
    };
    assert_eq!(problems(full), Vec::<String>::new());
}

#[test]
fn a_url_that_leads_nowhere_is_a_problem_of_the_url() {
    assert_only_problem(fields! { url: "onaxis/video" }, "url", "must begin with http://");
    assert_only_problem(fields! { url: "https://onaxis/" }, "url", "https is not supported");
    assert_only_problem(fields! { url: "http://mx:hunter2@onaxis/" }, "url", "must not hold a user or password");
}

#[test]
fn a_login_needs_both_user_and_file() {
    assert_only_problem(fields! { url: URL, user: "mx" }, "user", "needs `password_file`");
    assert_only_problem(fields! { url: URL, password_file: "/x" }, "password_file", "needs `user`");
    assert_only_problem(fields! { url: URL, user: "a:b", password_file: "/x" }, "user", "colon");
    assert_only_problem(fields! { url: URL, user: "mx", password_file: "x" }, "password_file", "whole path");
}

#[test]
fn limits_that_are_none_are_problems() {
    for secs in [0.0, -1.0, 1e9, f64::NAN, f64::INFINITY] {
        assert_only_problem(fields! { url: URL, stale_after_secs: secs }, "stale_after_secs", "0.1 to 60 s");
        assert_only_problem(fields! { url: URL, connect_timeout_secs: secs }, "connect_timeout_secs", "0.1 to 60 s");
    }
}

#[test]
fn all_problems_are_told_at_once() {
    assert_eq!(problems(fields! { url: "", user: "mx", stale_after_secs: 0.0 }).len(), 3);
}

#[test]
fn a_misspelt_field_is_a_problem() {
    let problems = problems(fields! { url: URL, pasword_file: "/x" });
    assert!(problems[0].contains("pasword_file"), "{problems:?}");
}

#[test]
fn a_config_with_a_problem_makes_no_object() {
    let host = host();
    let made = host.object("onaxis", "camera.mjpeg").config(fields! { url: "onaxis" }).try_start();
    assert!(made.err().expect("there is no url").message.contains("`url`: the address must begin with http://"));
}

#[test]
fn stills_have_times_of_their_own() {
    assert_eq!(problems_of("camera.stills", fields! { url: URL }), Vec::<String>::new());
    let wrong = fields! { url: URL, period_secs: 0.0, answer_timeout_secs: 0.0, connect_timeout_secs: f64::NAN };
    let told = problems_of("camera.stills", wrong);
    assert_eq!(told[0], "period_secs: 0 s is not a time from 0.02 to 60 s");
    assert_eq!(told[1], "answer_timeout_secs: 0 s is not a time from 0.1 to 60 s");
    assert_eq!(told[2], "connect_timeout_secs: NaN s is not a time from 0.1 to 60 s");
    assert!(problems_of("camera.stills", fields! { url: URL, stale_after_secs: 1.0 })[0].contains("stale_after_secs"));
    assert!(problems_of("camera.stills", fields! { url: URL, user: "mx" })[0].contains("needs `password_file`"));
}
