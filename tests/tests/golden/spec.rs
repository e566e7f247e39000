//! How the bricks of spec look.

use brickwork_sdk::Value;
use brickwork_sdk::testing::fields;
use brickwork_tests::golden::{BrickShot, Stage};

use super::{data, live, setup};

const LIBRARY: &str = "libbrickwork_spec.so";

#[test]
fn the_console_looks_as_it_did() {
    let console = BrickShot::of(LIBRARY, setup("spec.console", "session", &["spec"]));
    let output = ["12.EH4> umv phi 10", "", "phi = 10.0000", "13.EH4> wa", "phi  phiz  phiy"];
    let stage = Stage::default()
        .value("spec", "name", "eh4")
        .value("spec", "state", "busy")
        .value("spec", "simulate", true)
        .value("spec", "output", data(&output))
        .value("spec", "history", data(&["wa", "umv phi 10"]))
        .value("spec", "error", "Syntax error near \"the end\"")
        .status("spec", live());
    console.matches("spec-console-live", (560.0, 360.0), &stage);
    console.matches("spec-console-disconnected", (560.0, 360.0), &stage.disconnected());
    console.matches("spec-console-loading", (560.0, 260.0), &Stage::default());
}

#[test]
fn the_plot_of_a_scan_looks_as_it_did() {
    let plot = BrickShot::of(LIBRARY, setup("spec.plot", "scan", &["scan"]));
    let x: Vec<f64> = (0..15).map(f64::from).collect();
    let i1: Vec<f64> = x.iter().map(|x| 5000.0 * (-(x - 7.3) * (x - 7.3) / 6.0).exp()).collect();
    let i0: Vec<f64> = x.iter().map(|x| 4000.0 - 3.0 * x).collect();
    let info = fields! {
        state: "running", title: "Scan 12", command: "ascan phi 0 20 20 0.1", motor: "phi", x_label: "Phi",
        counters: ["i1"], expected: 21,
    };
    let y = Value::map([("i0", data(&i0)), ("i1", data(&i1))]);
    let stage = Stage::default()
        .value("scan", "scan", info)
        .value("scan", "data", Value::map([("x", data(&x)), ("y", y)]))
        .status("scan", live());
    plot.matches("spec-plot-live", (560.0, 420.0), &stage);
    plot.matches("spec-plot-disconnected", (560.0, 420.0), &stage.disconnected());
    plot.matches("spec-plot-loading", (560.0, 260.0), &Stage::default());
}
