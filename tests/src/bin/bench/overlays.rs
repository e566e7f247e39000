//! The sample view with everything on that can be drawn on a sample: beam, scale, saved points, a line, a grid with a
//! value in each cell. The camera is ffmpeg's, the goniometer simulated.

use brickwork_sdk::interfaces::{SampleDrawing, SampleGrid, SampleShape};
use brickwork_sdk::protocol::Outcome as End;
use brickwork_sdk::status::Link;
use brickwork_sdk::{Value, to_value};
use brickwork_tests::engine::EngineClient;
use brickwork_tests::{PATIENCE, poll};

use crate::Outcome;
use crate::stage::Stage;

const COLUMNS: u32 = 20;
const ROWS: u32 = 15;
/// The side of a cell, in um.
const CELL_UM: f64 = 20.0;

/// A layout with the camera at a port.
pub fn layout(port: u16) -> String {
    let axes = ["omega", "phiy", "phiz", "sampx", "sampy"];
    let unit = |role: &str| if role == "omega" { "deg" } else { "mm" };
    let motors = axes.map(|role| format!(r#""{role}": (kind: "sim.motor", config: (unit: "{}")),"#, unit(role)));
    let uses = axes.map(|role| format!(r#""{role}": "{role}","#));
    format!(
        r#"Beamline(format: 1, name: "bench",
            objects: {{
                {motors}
                "onaxis": (kind: "camera.mjpeg", config: (url: "http://127.0.0.1:{port}/stream")),
                "md": (kind: "minidiff.diffractometer", uses: {{{uses} "camera": "onaxis"}}),
            }},
            windows: [Window("Bench", Brick(
                "minidiff.sample_view", uses: {{"camera": "onaxis", "diffractometer": "md"}}
            ))])"#,
        motors = motors.concat(),
        uses = uses.concat(),
    )
}

/// Draws all of it.
pub fn draw(stage: &mut Stage) -> Outcome {
    let engine = EngineClient::connect(&stage.socket()?);
    let live = poll(PATIENCE, || (engine.status("md").link == Link::Live).then_some(()));
    live.ok_or_else(|| format!("the diffractometer is not there: {:?}", engine.status("md")))?;
    let tell = |command: &str, name: &str, argument: Value| -> Outcome {
        match engine.end_of(engine.call_on("md", "diffractometer", command, Value::map([(name, argument)]))) {
            End::Finished(_) => Ok(()),
            End::Ended(error) => Err(error.to_string().into()),
        }
    };
    for (index, name) in ["1", "2", "3"].into_iter().enumerate() {
        engine.end_of(engine.move_to("phiy", 0.1 * index as f64));
        tell("save", "name", name.into())?;
    }
    let line = SampleShape::Line { from: [-300.0, 150.0, 0.0], to: [100.0, 250.0, 0.0] };
    let (width, height) = (CELL_UM * f64::from(COLUMNS), CELL_UM * f64::from(ROWS));
    let values = (0..COLUMNS * ROWS).map(|cell| f64::from(cell * 37 % 101)).collect();
    let (along, down) = ([width, 0.0, 0.0], [0.0, height, 0.0]);
    let corner = [-width / 2.0, -height / 2.0, 0.0];
    let grid = SampleShape::Grid(SampleGrid { corner, along, down, columns: COLUMNS, rows: ROWS, values });
    for (name, shape) in [("L1", line), ("G1", grid)] {
        tell("draw", "drawing", to_value(&SampleDrawing { name: name.into(), shape })?)?;
    }
    Ok(())
}
