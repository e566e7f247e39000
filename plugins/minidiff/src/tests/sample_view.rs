//! The sample view as a person uses it: the mouse over its picture, and what is told to whom.

use brickwork_sdk::interfaces::{
    Centring, CentringPhase, SampleDrawing, SampleGrid, SampleMark, SampleScale, SampleShape,
};
use brickwork_sdk::testing::{FakeHost, TestBrick};
use brickwork_sdk::to_value;
use brickwork_sdk::view::{Overlay, Shape};

/// 2 um for a pixel, the beam at 100, 50, and nothing turned.
fn scale() -> SampleScale {
    SampleScale {
        size: (200.0, 100.0),
        um_per_pixel: (2.0, 2.0),
        beam: (100.0, 50.0),
        beam_size_um: (20.0, 10.0),
        pose: [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]],
    }
}

fn host() -> FakeHost {
    let host = FakeHost::new(crate::plugin());
    host.publish("md", "scale", scale());
    host
}

fn open(host: &FakeHost) -> TestBrick {
    let brick = host.brick("minidiff.sample_view").role("camera", "onaxis").role("diffractometer", "md");
    brick.role("zoom", "zoom").open()
}

fn overlays(brick: &mut TestBrick) -> Vec<Overlay> {
    brick.node("picture").read("overlays").expect("a picture has overlays")
}

fn texts(brick: &mut TestBrick) -> Vec<String> {
    let words = |overlay: Overlay| match overlay.shape {
        Shape::Text(_, _, words) if !words.is_empty() => Some(words),
        _ => None,
    };
    overlays(brick).into_iter().filter_map(words).collect()
}

#[test]
fn a_click_is_for_the_centring_while_it_goes_on_whatever_the_mouse_does_else() {
    let host = host();
    let mut brick = open(&host);
    assert!(brick.node("picture").attribute("on_click").is_none(), "a click would do nothing");
    let centring = |phase| Centring { phase, ..Centring::default() };
    host.publish("md", "centring", centring(CentringPhase::WaitsForClick));
    brick.click_at("picture", (5.0, 7.0));
    assert_eq!(host.calls(), ["md.click(x: 5.0, y: 7.0)"]);
    assert!(brick.node("picture").attribute("on_drag").is_none(), "nobody moves the sample of a centring");
    host.publish("md", "centring", centring(CentringPhase::Centred));
    brick.select("tool", "click moves it into the beam");
    brick.click_at("picture", (1.0, 2.0));
    assert_eq!(host.calls(), ["md.move_to_beam(x: 1.0, y: 2.0)"]);
}

#[test]
fn dragging_moves_the_sample_as_far_as_the_mouse_went() {
    let host = host();
    let mut brick = open(&host);
    brick.drag("picture", (10.0, 20.0), (40.0, 15.0));
    assert_eq!(host.calls(), ["md.move_to_beam(x: 70.0, y: 55.0)"]);
}

#[test]
fn the_wheel_moves_the_zoom_to_its_next_positions_and_not_beyond_them() {
    let host = host();
    host.publish("zoom", "positions", ["1", "2", "3"]);
    host.publish("zoom", "position", "2");
    host.publish("zoom", "state", "ready");
    let mut brick = open(&host);
    brick.wheel("picture", 1.0);
    brick.wheel("picture", -7.0);
    assert_eq!(host.calls(), ["zoom.move_to(position: \"3\")", "zoom.move_to(position: \"1\")"]);
    host.publish("zoom", "state", "moving");
    brick.wheel("picture", 1.0);
    assert_eq!(host.calls(), Vec::<String>::new(), "it is still on its way");
}

#[test]
fn a_grid_has_whole_cells_and_its_values_are_drawn_on_the_sample_as_it_turns() {
    let host = host();
    let mut brick = open(&host);
    brick.select("tool", "draw a grid");
    brick.enter("cell_width", 20.0);
    brick.enter("cell_height", 10.0);
    // 90 x 36 um, from the lower right to the upper left.
    brick.drag("picture", (145.0, 68.0), (100.0, 50.0));
    let (along, down) = ([100.0, 0.0, 0.0], [0.0, 40.0, 0.0]);
    let grid = SampleGrid { along, down, columns: 5, rows: 4, ..SampleGrid::default() };
    let drawing = |grid| SampleDrawing { name: "G1".into(), shape: SampleShape::Grid(grid) };
    assert_eq!(
        host.calls(),
        [format!("md.draw(drawing: {:?})", to_value(&drawing(grid.clone())).expect("it is plain data"))]
    );
    host.publish("md", "drawings", [drawing(grid.clone())]);
    assert!(texts(&mut brick).contains(&"G1: 5 × 4".to_owned()), "{:?}", texts(&mut brick));

    let values = SampleGrid { values: vec![1.0, f64::NAN, 3.0], ..grid };
    host.publish("md", "drawings", [drawing(values)]);
    // A turn of 60 degrees about the horizontal, and 30 um to the right.
    let turned = [[1.0, 0.0, 0.0, 30.0], [0.0, 0.5, -0.866, 0.0], [0.0, 0.866, 0.5, 0.0]];
    host.publish("md", "scale", SampleScale { pose: turned, ..scale() });
    let shapes = overlays(&mut brick);
    let cells = shapes.iter().find_map(|overlay| match &overlay.shape {
        Shape::Cells(cells) => Some(cells),
        _ => None,
    });
    let cells = cells.expect("the grid is drawn");
    assert_eq!((cells.corner, cells.along, cells.down), ((115.0, 50.0), (50.0, 0.0), (0.0, 10.0)));
    assert_eq!(cells.values.len(), 3);
    brick.click("erase");
    assert_eq!(host.calls(), ["md.erase(name: \"G1\")"]);
}

#[test]
fn a_line_that_is_clicked_is_chosen_and_can_be_removed() {
    let host = host();
    let line = |name: &str| {
        let shape = SampleShape::Line { from: [0.0; 3], to: [10.0, 0.0, 0.0] };
        SampleDrawing { name: name.into(), shape }
    };
    host.publish("md", "drawings", [line("L1"), line("L2")]);
    let mut brick = open(&host);
    assert!(brick.view().find("erase").is_none(), "nothing is chosen");
    brick.select("picture", "L2");
    brick.click("erase");
    assert_eq!(host.calls(), ["md.erase(name: \"L2\")"]);
    brick.select("tool", "draw a line");
    brick.drag("picture", (100.0, 50.0), (110.0, 50.0));
    let calls = host.calls();
    assert!(calls[0].contains("L3"), "the first name that is free: {calls:?}");
}

#[test]
fn measures_are_in_um_at_the_sample_and_stay_until_they_are_cleared() {
    let host = host();
    let mut brick = open(&host);
    brick.select("tool", "measure a distance");
    brick.click_at("picture", (100.0, 50.0));
    assert!(brick.text().contains("click the other end"));
    brick.click_at("picture", (130.0, 90.0));
    assert!(texts(&mut brick).contains(&"100.0 um".to_owned()), "{:?}", texts(&mut brick));
    brick.select("tool", "measure an area");
    for at in [(0.0, 0.0), (50.0, 0.0), (50.0, 50.0), (1.0, 1.0)] {
        brick.click_at("picture", at);
    }
    assert!(texts(&mut brick).contains(&"5000 um²".to_owned()), "{:?}", texts(&mut brick));
    brick.select("tool", "measure an angle");
    brick.click_at("picture", (0.0, 0.0));
    brick.select("tool", "draw a line");
    assert_eq!(overlays(&mut brick).iter().filter(|overlay| matches!(overlay.shape, Shape::Text(..))).count(), 3);
    brick.click("clear");
    assert_eq!(texts(&mut brick), ["50 um"], "only the scale bar is left");
}

#[test]
fn points_follow_the_motors_and_nothing_is_drawn_while_the_scale_is_not_known() {
    let host = host();
    let mark = SampleMark { name: "p".into(), point: [20.0, -10.0, 0.0] };
    host.publish("md", "marks", [mark]);
    let mut brick = open(&host);
    let crosses = |brick: &mut TestBrick| {
        let cross = |overlay: Overlay| match overlay.shape {
            Shape::Cross(x, y, _) => Some((x, y)),
            _ => None,
        };
        overlays(brick).into_iter().filter_map(cross).collect::<Vec<_>>()
    };
    assert_eq!(crosses(&mut brick), [(100.0, 50.0), (110.0, 45.0)]);
    host.publish("md", "scale", SampleScale::default());
    assert_eq!(overlays(&mut brick), []);
}

#[test]
fn the_picture_is_saved_by_the_window() {
    let host = host();
    open(&host).click("save");
    assert_eq!(host.calls(), ["save_picture(picture, \"sample\")"]);
}

#[test]
fn clicks_and_drawings_are_counted_in_the_calibrated_size_also_while_no_length_is_known() {
    let host = host();
    let mut brick = open(&host);
    assert_eq!(brick.node("picture").read("counted_in"), Some((200.0, 100.0)));
    host.publish("md", "scale", SampleScale { um_per_pixel: (0.0, 0.0), ..scale() });
    assert_eq!(brick.node("picture").read("counted_in"), Some((200.0, 100.0)));
    assert_eq!(texts(&mut brick), Vec::<String>::new());
}
