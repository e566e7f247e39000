//! The grid, through its view.

use brickwork_sdk::status::{Link, ObjectStatus};
use brickwork_sdk::testing::{FakeHost, TestBrick, fields};
use brickwork_sdk::view::Node;

use super::host;

fn grid(host: &FakeHost, cameras: &[&str]) -> TestBrick {
    cameras.iter().fold(host.brick("camera.grid"), |brick, camera| brick.role("cameras", camera)).open()
}

/// How many pictures and how many free places each row has.
fn rows(view: &Node) -> Vec<(usize, usize)> {
    let count = |row: &Node, kind| row.children.iter().filter(|cell| cell.kind == kind).count();
    view.children.iter().map(|row| (count(row, "column"), count(row, "space"))).collect()
}

#[test]
fn each_camera_has_its_name_rate_picture_and_state() {
    let host = host();
    let mut brick = grid(&host, &["hutch", "robot"]);
    host.publish("hutch", "rate", 4.96);
    host.publish("hutch", "status", ObjectStatus { link: Link::Live, ..ObjectStatus::default() });
    assert_eq!(brick.text(), "hutch\n5.0 Hz\nPicture of hutch\nLive\nrobot\n-- Hz\nPicture of robot\nLoading");
    for camera in ["hutch", "robot"] {
        let picture = brick.node(&format!("picture:{camera}"));
        assert_eq!(picture.bound(), Some((camera, "frame")));
        assert!(picture.number("grow").is_some_and(|share| share > 0.0));
    }
}

#[test]
fn a_lost_camera_keeps_its_place_and_says_so() {
    let host = host();
    let mut brick = grid(&host, &["hutch", "robot"]);
    let before = rows(&brick.view());
    let message = "no picture for 1.5 s".to_owned();
    host.publish("robot", "status", ObjectStatus { link: Link::Disconnected, message, ..ObjectStatus::default() });
    assert!(brick.text().ends_with("Picture of robot\nDisconnected no picture for 1.5 s"));
    assert_eq!(rows(&brick.view()), before);
}

#[test]
fn cells_are_as_wide_in_every_row() {
    let host = host();
    let names = ["a", "b", "c", "d", "e"];
    let wanted: [&[(usize, usize)]; 5] =
        [&[(1, 0)], &[(2, 0)], &[(2, 0), (1, 1)], &[(2, 0), (2, 0)], &[(3, 0), (2, 1)]];
    for (count, wanted) in (1..).zip(wanted) {
        let view = grid(&host, &names[..count]).view();
        assert_eq!(rows(&view), wanted, "{count} cameras");
        let cells = view.children.iter().flat_map(|row| &row.children);
        assert!(cells.chain(&view.children).all(|node| node.number("grow") == Some(1.0)));
    }
}

#[test]
fn the_number_of_columns_can_be_given() {
    let host = host();
    let brick = ["a", "b", "c"].iter().fold(host.brick("camera.grid"), |brick, camera| brick.role("cameras", camera));
    let view = brick.config(fields! { columns: 3 }).open().view();
    assert_eq!(rows(&view), [(3, 0)]);
    for columns in [0, 9] {
        let problems = host.check("camera.grid", fields! { columns: columns });
        assert!(problems.iter().any(|problem| problem.path == "columns"), "{problems:?}");
    }
}

#[test]
fn a_grid_without_cameras_says_what_to_do() {
    assert_eq!(host().brick("camera.grid").open().text(), "no cameras: name some in the role `cameras`");
}
