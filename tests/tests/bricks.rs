//! Bricks that talk: a script is run from its panel and answers, a row that is chosen changes another brick.

use brickwork_tests::beamline::Beamline;
use brickwork_tests::{display, programs};

const LAYOUT: &str = r#"Beamline(
    format: 1,
    name: "TEST",
    objects: {
        "omega": (kind: "sim.motor", config: (unit: "deg", limits: (-720, 720), velocity: 60)),
        "focus": (kind: "sim.motor", config: (unit: "mm", limits: (0, 10), position: 4.2)),
        "chosen": (kind: "shared.text", config: (initial: "omega")),
        "scripts": (kind: "sim.commands", uses: {"motor": "omega"}),
    },
    windows: [
        Window("Bricks", Row([
            Column([
                Brick("beamline.bar", id: "bar", uses: {"objects": ["focus", "chosen"]}, config: (items: [
                    (object: "focus", channel: "position", label: "Focus", unit: "mm"),
                    (object: "chosen", channel: "value", label: "Chosen"),
                ])),
                Brick("motors.chosen", id: "one", uses: {"motors": ["omega", "focus"], "choice": "chosen"}),
                Brick("motors.table", id: "table", uses: {"motors": ["omega", "focus"], "choice": "chosen"}),
            ]),
            Brick("commands.panel", id: "panel", uses: {"commands": "scripts"}, config: (only: ["report", "fail"])),
        ])),
    ],
)"#;

fn bricks() -> Option<Beamline> {
    programs::have(display::PROGRAMS).then(|| Beamline::open(LAYOUT))
}

#[test]
fn a_script_is_run_with_what_was_entered_and_its_answer_is_read() {
    let Some(beamline) = bricks() else { return };
    // No Enter: what stands in the form is what is run.
    beamline.type_into("panel/report/note", "lyso 7");
    beamline.click("panel/run:report");
    beamline.sees("Report finished after 0.0 s");
    beamline.sees("lyso 7");
    beamline.click("panel/run:fail");
    beamline.sees("Fail failed after 0.0 s");
    beamline.no_longer_sees("Report finished after 0.0 s");
}

#[test]
fn a_row_that_is_chosen_changes_every_brick_that_shares_the_choice() {
    let Some(beamline) = bricks() else { return };
    beamline.find("control", "one/target:omega");
    beamline.click("table/motors/row:focus");
    beamline.find("control", "one/target:focus");
    beamline.click("one/choice/omega");
    beamline.find("control", "one/target:omega");
}
