//! What the simulated set offers, as a person sees it. The range of a scan is that of its motor.

use brickwork_sdk::interfaces::motor::Motor;
use brickwork_sdk::interfaces::{ArgumentKind, ArgumentSpec, CommandSpec, real_limits};
use brickwork_sdk::status::Link;

pub const WAIT: &str = "wait";
pub const SCAN: &str = "scan";
pub const FAIL: &str = "fail";
pub const REPORT: &str = "report";

/// All of them, in the order in which they are shown.
pub fn all(motor: Option<&Motor>) -> Vec<CommandSpec> {
    vec![
        command(WAIT, "Wait", "Does nothing for so long.", [number("seconds", "Time", 10.0, (0.0, 3600.0), "s")]),
        scan(motor),
        fail(),
        report(),
    ]
}

fn scan(motor: Option<&Motor>) -> CommandSpec {
    let (limits, unit, disabled) = match motor.map(reach) {
        Some(Ok((limits, unit))) => (limits, unit, String::new()),
        Some(Err(why)) => (Default::default(), String::new(), why),
        None => Default::default(),
    };
    let (low, high) = real_limits(limits);
    // Without limits, a degree or a millimetre about 0.
    let ends = [(low, -1.0), (high, 1.0)].map(|(end, otherwise)| if end.is_finite() { end } else { otherwise });
    let arguments = [
        number("from", "From", ends[0], limits, &unit),
        number("to", "To", ends[1], limits, &unit),
        number("steps", "Steps", 20.0, (2.0, 1000.0), ""),
        number("dwell", "Dwell", 0.5, (0.0, 60.0), "s"),
        flag("back", "Back to the start afterwards", true),
    ];
    let moved = motor.map_or("a motor", Motor::object);
    let spec = command(SCAN, "Scan", &format!("Moves {moved} from one position to another in even steps."), arguments);
    let open = "no motor fills the role \"motor\": name one in the layout";
    CommandSpec { disabled: if motor.is_some() { disabled } else { open.into() }, ..spec }
}

/// Between which positions a motor can be sent, and in which unit; else why it cannot.
fn reach(motor: &Motor) -> Result<((f64, f64), String), String> {
    let name = motor.object();
    if motor.status().value().is_some_and(|status| status.link != Link::Live) {
        return Err(format!("{name} is not connected"));
    }
    let limits = motor.limits().value().ok_or_else(|| format!("the limits of {name} are not known"))?;
    Ok((limits, motor.unit().value().unwrap_or_default()))
}

fn fail() -> CommandSpec {
    let arguments = [
        text("text", "What it says", "the shutter did not open"),
        choice("kind", "Kind of end", &["failed", "refused"]),
        flag("causes", "With causes and a remedy", true),
    ];
    command(FAIL, "Fail", "Ends with an error, to show how one looks.", arguments)
}

fn report() -> CommandSpec {
    let arguments = [
        text("note", "Note", ""),
        choice("detail", "Detail", &["brief", "full"]),
        flag("time", "With the time of the engine", true),
    ];
    command(REPORT, "Report", "Answers with what is known of the set and its motor.", arguments)
}

fn command(name: &str, label: &str, help: &str, arguments: impl Into<Vec<ArgumentSpec>>) -> CommandSpec {
    let (name, label, help) = (name.into(), label.into(), help.into());
    CommandSpec { name, label, help, arguments: arguments.into(), disabled: String::new() }
}

fn argument(name: &str, label: &str, kind: ArgumentKind) -> ArgumentSpec {
    ArgumentSpec { name: name.into(), label: label.into(), kind }
}

fn number(name: &str, label: &str, default: f64, range: (f64, f64), unit: &str) -> ArgumentSpec {
    argument(name, label, ArgumentKind::Number { default, range, unit: unit.into() })
}

fn text(name: &str, label: &str, default: &str) -> ArgumentSpec {
    argument(name, label, ArgumentKind::Text { default: default.into() })
}

fn flag(name: &str, label: &str, default: bool) -> ArgumentSpec {
    argument(name, label, ArgumentKind::Flag { default })
}

/// The first word stands there at first.
fn choice(name: &str, label: &str, options: &[&str]) -> ArgumentSpec {
    let options: Vec<String> = options.iter().copied().map(String::from).collect();
    argument(name, label, ArgumentKind::Choice { default: options.first().cloned().unwrap_or_default(), options })
}
