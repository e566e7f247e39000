//! Scans: `ascan` and its kin, and the energy scan of MX. They publish as the macros of MXCuBE's SpecClient do
//! (`clientutils.mac`): three variables, the values of which are Python's text of a dictionary.

use std::time::{SystemTime, UNIX_EPOCH};

use brickwork_spec_protocol::{Assoc, ScanVariable};

use super::count::count;
use super::{Arguments, Done, motor_of, number_of};
use crate::context::Context;
use crate::error::SpecError;
use crate::value::{Value, plain};

pub(super) const NAMES: &[&str] = &["ascan", "dscan", "eprodc_do_energy_scan"];
pub(super) const TAKE_TEXT: &[&str] = &["eprodc_do_energy_scan"];

pub(super) async fn call(context: &Context, given: &Arguments<'_>) -> Done {
    match given.name {
        "ascan" | "dscan" => {
            let (motor, from) = {
                let world = context.world();
                let motor = motor_of(&world, given.at(0)?)?;
                let from = if given.name == "dscan" { world.motors[motor].user() } else { 0.0 };
                (world.motors[motor].setup.mnemonic.clone(), from)
            };
            let (start, finish) = (from + given.number(1)?, from + given.number(2)?);
            let (intervals, secs) = (intervals(given.number(3)?)?, given.number(4)?);
            let ends = [given.number(1)?, given.number(2)?];
            let command = format!("{} {motor} {} {} {intervals} {secs}", given.name, ends[0], ends[1]);
            scan(context, &Scan { command, motor: motor.clone(), counter: "i1", start, finish, intervals, secs })
                .await?;
            if given.name == "dscan" {
                context.move_and_wait(&[(&motor, from)]).await?;
            }
            Ok(Value::NOTHING)
        }
        "eprodc_do_energy_scan" => energy_scan(context, given).await,
        _ => Err(given.unknown()),
    }
}

fn intervals(number: f64) -> Result<u32, SpecError> {
    if (1.0..=100_000.0).contains(&number) && number.fract() == 0.0 {
        return Ok(number as u32);
    }
    Err(SpecError::new(format!("a scan of {number} intervals cannot be: 1 to 100000 can")))
}

struct Scan {
    command: String,
    motor: String,
    counter: &'static str,
    start: f64,
    finish: f64,
    intervals: u32,
    secs: f64,
}

/// Moves and counts, point by point. Limits are looked at before the first one.
async fn scan(context: &Context, scan: &Scan) -> Result<(), SpecError> {
    let number = begin(context, scan)?;
    context.say(&format!("\nScan {number}  {}  (a simulator)\n  #  {:>12}", scan.command, scan.motor));
    context.say(&format!("{:>14}\n", scan.counter));
    for point in 0..=scan.intervals {
        let part = f64::from(point) / f64::from(scan.intervals);
        let wanted = scan.start + (scan.finish - scan.start) * part;
        context.move_and_wait(&[(&scan.motor, wanted)]).await?;
        count(context, scan.secs).await;
        let x = context.position(&scan.motor)?;
        let counts = counts(context);
        let y = counts.iter().find(|(name, _)| name == scan.counter).map_or(0.0, |(_, value)| *value);
        publish_point(context, point, &scan.motor, x, scan.counter, &counts)?;
        context.say(&format!("{point:>3}  {x:>12.4}{y:>14.0}\n"));
    }
    context.set(ScanVariable::NewScan.name(), Value::Number(0.0))
}

fn counts(context: &Context) -> Vec<(String, f64)> {
    let world = context.world();
    world.counters.all.iter().map(|counter| (counter.setup.mnemonic.clone(), counter.value)).collect()
}

/// Numbers the scan and publishes what it is.
fn begin(context: &Context, scan: &Scan) -> Result<u32, SpecError> {
    let number = {
        let world = context.world();
        let motor = &world.motors[world.motor(&scan.motor)?];
        for end in [scan.start, scan.finish] {
            motor.may_go(end).or_else(|error| if motor.is_moving() { Ok(()) } else { Err(error) })?;
        }
        if world.counters.find(scan.counter).is_none() {
            return Err(SpecError::new(format!("there is no counter \"{}\" to scan with", scan.counter)));
        }
        number_of(&world, "SCAN_N") as u32 + 1
    };
    context.set("SCAN_N", Value::Number(f64::from(number)))?;
    let points = scan.intervals + 1;
    let info = dictionary(&[
        ("acquisition_command", text(&scan.command)),
        ("acquisition_id", number.to_string()),
        ("acquisition_shape", format!("[{points},]")),
        ("npoints", points.to_string()),
        ("source_file", text("/dev/null")),
    ]);
    let axis = format!(
        "('Axis', {})",
        dictionary(&[
            ("axis", "1".to_owned()),
            ("range", format!("[{},{},]", plain(scan.start), plain(scan.finish))),
            ("shape", format!("[{points},]")),
        ])
    );
    let named = format!("scalar_data/{}", scan.motor);
    let description = dictionary(&[
        ("type", "1".to_owned()),
        ("title", text(&format!("Scan {number}"))),
        ("xlabel", text(&scan.motor)),
        ("ylabel", text(scan.counter)),
        ("nb_motors", "1".to_owned()),
        ("motor", text(&scan.motor)),
        ("counter", text(scan.counter)),
        ("phynx", dictionary(&[("info", info), (named.as_str(), axis)])),
    ]);
    context.set(ScanVariable::NewScan.name(), Value::Text(description))?;
    Ok(number)
}

fn publish_point(
    context: &Context,
    point: u32,
    motor: &str,
    x: f64,
    counter: &str,
    counts: &[(String, f64)],
) -> Result<(), SpecError> {
    let y = counts.iter().find(|(name, _)| name == counter).map_or(0.0, |(_, value)| *value);
    let plot = dictionary(&[("i", point.to_string()), ("x", plain(x)), (counter, plain(y))]);
    context.set(ScanVariable::NewPlotData.name(), Value::Text(plot))?;
    let epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let mut all = vec![("scalar_data/i".to_owned(), point.to_string()), ("scalar_data/epoch".to_owned(), plain(epoch))];
    all.push((format!("scalar_data/{motor}"), plain(x)));
    all.extend(counts.iter().map(|(name, value)| (format!("scalar_data/{name}"), plain(*value))));
    let all: Vec<(&str, String)> = all.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    context.set(ScanVariable::NewScanData.name(), Value::Text(dictionary(&all)))
}

/// Python's text of a dictionary, the values of which are Python's text already, as `python_repr` of `clientutils.mac`.
fn dictionary(elements: &[(&str, String)]) -> String {
    let elements: Vec<String> = elements.iter().map(|(name, value)| format!("'{name}':{value}, ")).collect();
    format!("{{{}}}", elements.concat())
}

/// Python's text of a text.
fn text(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// An absorption edge, in keV.
fn edge_kev(element: &str, edge: &str) -> Option<f64> {
    // Table 1-1 of the X-ray Data Booklet (LBNL/PUB-490).
    const EDGES: &[(&str, &str, f64)] = &[
        ("Mn", "K", 6.539),
        ("Fe", "K", 7.112),
        ("Co", "K", 7.709),
        ("Ni", "K", 8.333),
        ("Cu", "K", 8.979),
        ("Zn", "K", 9.659),
        ("As", "K", 11.867),
        ("Se", "K", 12.658),
        ("Br", "K", 13.474),
        ("Pt", "L3", 11.564),
        ("Au", "L3", 11.919),
        ("Hg", "L3", 12.284),
        ("Pb", "L3", 13.035),
    ];
    let is_it = |(own, of, _): &&(&str, &str, f64)| own.eq_ignore_ascii_case(element) && of.eq_ignore_ascii_case(edge);
    EDGES.iter().find(is_it).map(|(_, _, kev)| *kev)
}

/// What a detector sees of an edge that is simulated: a step with a white line on it, and no noise.
fn fluorescence(kev: f64, edge: f64) -> f64 {
    let ev = (kev - edge) * 1000.0;
    let step = 0.5 + (ev / 2.0).atan() / std::f64::consts::PI;
    let white_line = 0.6 * (-(ev - 2.0).powi(2) / 18.0).exp();
    0.05 + step + white_line
}

/// The scan over an edge. The macro of the beamline is not public; this one moves `mono` and publishes what a client
/// sees of it. Its result is the associative array that MXCuBE reads.
async fn energy_scan(context: &Context, given: &Arguments<'_>) -> Done {
    const POINTS: u32 = 40;
    let line = given.line();
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let [element, edge] = words.as_slice() else {
        return Err(SpecError::new("Usage: eprodc_do_energy_scan element edge"));
    };
    let Some(kev) = edge_kev(element, edge) else {
        message(context, &format!("no edge {edge} of {element} is known to this simulator"))?;
        return Ok(Value::Number(-1.0));
    };
    let (start, finish) = (kev - 0.05, kev + 0.05);
    message(context, &format!("scan of {element} {edge} from {start:.4} to {finish:.4} keV"))?;
    let command = format!("eprodc_do_energy_scan {element} {edge}");
    let scan = Scan { command, motor: "mono".to_owned(), counter: "fluo", start, finish, intervals: POINTS, secs: 0.2 };
    begin(context, &scan)?;
    super::beam::set_shutter(context, true).await?;
    for point in 0..=POINTS {
        let wanted = start + (finish - start) * f64::from(point) / f64::from(POINTS);
        context.move_and_wait(&[("mono", wanted)]).await?;
        count(context, scan.secs).await;
        let x = context.position("mono")?;
        let mut counts = counts(context);
        for (_, value) in counts.iter_mut().filter(|(name, _)| name == "fluo") {
            *value *= fluorescence(x, kev);
        }
        publish_point(context, point, "mono", x, "fluo", &counts)?;
    }
    super::beam::set_shutter(context, false).await?;
    context.set(ScanVariable::NewScan.name(), Value::Number(0.0))?;
    let folder = context.element("MXCOLLECT_PARS", "escan_dir");
    message(context, &format!("scan done; a simulator writes no file to {folder}"))?;
    let result = [
        ("transmissionFactor", context.number("ATT_FACTOR")),
        ("exposureTime", scan.secs),
        ("startEnergy", start),
        ("endEnergy", finish),
        ("beamSizeHorizontal", context.position("slith")?),
        ("beamSizeVertical", context.position("slitv")?),
        ("theoreticalEdge", kev),
    ];
    Ok(Value::Assoc(result.into_iter().fold(Assoc::new(), |all, (key, value)| all.with(key, plain(value)))))
}

fn message(context: &Context, text: &str) -> Result<(), SpecError> {
    context.say(&format!("(simulated) {text}\n"));
    context.set("eprodc_energy_scan_msg", Value::text(text))
}
