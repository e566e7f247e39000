//! The brick, through its view.

use brickwork_sdk::testing::fields;

use super::host;

#[test]
fn the_view_shows_the_picture_and_below_it_state_and_rate() {
    let host = host();
    let mut brick = host.brick("camera.view").role("camera", "onaxis").open();
    let picture = brick.node("picture");
    assert_eq!((picture.kind.as_str(), picture.label()), ("picture", "onaxis"));
    assert_eq!(picture.bound(), Some(("onaxis", "frame")));
    assert!(picture.number("grow").is_some_and(|share| share > 0.0));

    host.publish("onaxis", "rate", 24.96);
    assert_eq!(brick.text(), "onaxis\nLoading\nRate 25.0 Hz");
}

#[test]
fn a_title_names_the_picture() {
    let host = host();
    let config = fields! { title: "On-axis microscope" };
    let mut brick = host.brick("camera.view").role("camera", "onaxis").config(config).open();
    assert_eq!(brick.node("picture").label(), "On-axis microscope");
}

#[test]
fn a_misspelt_field_is_a_problem() {
    let problems = host().check("camera.view", fields! { titel: "On-axis microscope" });
    assert_eq!(problems.len(), 1);
    assert!(problems[0].choices.contains(&"title".to_owned()), "{problems:?}");
}
