//! The brick, through its view.

use brickwork_sdk::status::{Link, ObjectStatus};
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

#[test]
fn exposure_and_gain_are_shown_where_the_source_has_them() {
    let host = host();
    let mut brick = host.brick("camera.view").role("camera", "onaxis").open();
    host.publish("onaxis", "status", ObjectStatus { link: Link::Live, ..ObjectStatus::default() });
    assert!(brick.view().find("exposure").is_none() && brick.view().find("gain").is_none());

    host.publish("onaxis", "exposure", 0.01);
    assert_eq!(brick.why_not("exposure").as_deref(), Some("its limits are not known"));
    host.publish("onaxis", "exposure_limits", (0.001, 0.2));
    assert!(brick.view().find("gain").is_none());
    assert_eq!(brick.why_not_enter("exposure", 0.5).as_deref(), Some("0.5 is above the limit 0.2 s"));
    brick.enter("exposure", 0.02);

    host.publish("onaxis", "gain", 0.5);
    host.publish("onaxis", "gain_limits", (0.0, 1.0));
    brick.enter("gain", 0.75);
    assert_eq!(host.calls(), ["onaxis.set_exposure(exposure: 0.02)", "onaxis.set_gain(gain: 0.75)"]);

    host.publish("onaxis", "status", ObjectStatus { link: Link::Disconnected, ..ObjectStatus::default() });
    assert_eq!(brick.why_not("gain").as_deref(), Some("onaxis is not connected"));
}
