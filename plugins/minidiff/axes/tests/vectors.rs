//! Agrees with what the programs of beamlines compute: MXCuBE's MiniDiff.py of 2013, `sample_centring`, `CentringMath`
//! and `MiniKappaCorrection`. Their inputs and results are not part of the project: `BRICKWORK_VECTORS` names the folder.
#![allow(clippy::print_stderr)]

use std::path::PathBuf;

use brickwork_axes::{Axis, Camera, Chain, Click, Motion, Options, Point, solve};
use serde_json::Value;

/// The records of a file that are of one function; none when the folder is not there.
fn records(file: &str, function: &str) -> Vec<Value> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/vectors");
    let root = std::env::var_os("BRICKWORK_VECTORS").map_or_else(|| default.into(), PathBuf::from);
    if !root.is_dir() {
        eprintln!("SKIPPED: no vectors in {}; set BRICKWORK_VECTORS", root.display());
        return Vec::new();
    }
    let path = root.join("centring").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let all = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("each line is a record"));
    let found: Vec<Value> = all.filter(|record| record["fn"] == function).collect();
    assert!(found.len() >= 3, "{file} has {function}");
    found
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is a number"))
}

fn numbers<const N: usize>(value: &Value) -> [f64; N] {
    std::array::from_fn(|at| number(&value[at]))
}

fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found}, not {expected}");
}

/// Compares positions in mm by role.
fn agrees(chain: &Chain, positions: &[f64], expected: &Value, tolerance: f64) {
    for (role, expected) in expected.as_object().expect("results by role") {
        close(positions[chain.index(role).expect("a role")], number(expected), tolerance, role);
    }
}

fn clicks(chain: &Chain, start: &Value, angles: &[f64], seen: &[[f64; 2]]) -> Vec<Click> {
    let at = |angle: f64| {
        let stands = |axis: &Axis| if axis.motion == Motion::Rotation { angle } else { number(&start[&axis.role]) };
        chain.axes().iter().map(stands).collect::<Vec<f64>>()
    };
    angles.iter().zip(seen).map(|(angle, [x, y])| Click { positions: at(*angle), x: *x, y: *y }).collect()
}

/// The three clicks of 2013, in mm by one scale each for both directions of the picture.
fn minidiff_2013(record: &Value, phi_start: f64, scale: f64) -> (Chain, Vec<f64>) {
    let input = &record["input"];
    let chain = Chain::minidiff_2013(number(&input["phiy_direction"]));
    // Its beam is the middle of the picture, and its middle of two clicks a whole pixel: by integer division.
    let [width, height] = numbers::<2>(&input["image"]).map(|pixels| (pixels / 2.0).floor());
    let mut pixels: [[f64; 2]; 3] = std::array::from_fn(|at| numbers(&input["clicks_px"][at]));
    pixels[2][1] -= (pixels[0][1] + pixels[2][1]).rem_euclid(2.0);
    let seen = pixels.map(|[x, y]| [(x - width) / scale, (y - height) / scale]);
    let angles = [0.0, 90.0, 180.0].map(|turn| phi_start + turn);
    let clicks = clicks(&chain, &input["motors_mm"], &angles, &seen);
    let solution = solve(&chain, &clicks, &Options::default()).expect("three angles are enough");
    (chain, solution.positions)
}

#[test]
fn three_clicks_of_2013_give_what_minidiff_gave_when_phi_has_no_offset() {
    for record in records("minidiff2013_3e95a3a7a.jsonl", "MiniDiff2013.manual_centring") {
        let input = &record["input"];
        let (user, offset) = (number(&input["phi_user_start_deg"]), number(&input["phi_offset_deg"]));
        let [scale_y, scale_z] = numbers(&input["pixels_per_mm_y_z"]);
        // It took the dial position, and one scale for sampx, sampy and phiy, another for phiz.
        let (chain, by_y) = minidiff_2013(&record, user - offset, scale_y);
        let (_, by_z) = minidiff_2013(&record, user - offset, scale_z);
        let phiz = chain.index("phiz").expect("it has one");
        let mut positions = by_y;
        positions[phiz] = by_z[phiz];
        agrees(&chain, &positions, &record["result"], 1e-9);
        if offset != 0.0 {
            let (_, right) = minidiff_2013(&record, user, scale_y);
            let apart = ["sampx", "sampy"].map(|role| chain.index(role).expect("a role"));
            assert!(apart.iter().any(|at| (right[*at] - positions[*at]).abs() > 1e-3), "the offset matters");
        }
    }
}

#[test]
fn the_sine_fit_of_sample_centring_is_a_case_of_the_solver() {
    for record in records("mxcubecore_3ca58e8.jsonl", "sample_centring.center") {
        let input = &record["input"];
        let sign = |role: &str| number(&input["directions"][role]);
        let signs = ["phi", "phiy", "phiz", "sampx", "sampy"].map(sign);
        let chain = Chain::sample_centring(signs, number(&input["chi_deg"]));
        let ([across, down], [beam_x, beam_y]) =
            (numbers::<2>(&input["pixels_per_mm"]), numbers::<2>(&input["beam_px"]));
        let pixels = input["clicks_px"].as_array().expect("clicks");
        let seen: Vec<[f64; 2]> =
            pixels.iter().map(numbers).map(|[x, y]| [(x - beam_x) / across, (y - beam_y) / down]).collect();
        // It turns the way that is positive for the sample.
        let step = sign("phi") * number(&input["phi_range_deg"]) / (seen.len() - 1) as f64;
        let angles: Vec<f64> = (0..seen.len()).map(|at| number(&input["phi_start_deg"]) + step * at as f64).collect();
        let clicks = clicks(&chain, &input["motors_mm"], &angles, &seen);
        let references = input["reference_positions"].as_object().expect("by role");
        let fixed = |(role, position): (&String, &Value)| (chain.index(role).expect("a role"), number(position));
        let options = Options { fixed: references.iter().map(fixed).collect(), ..Options::default() };
        let solution = solve(&chain, &clicks, &options).expect("the angles differ");
        // Its optimiser stops at about 1e-6.
        agrees(&chain, &solution.positions, &record["result"], 2e-6);
    }
}

fn axis(name: &Value, direction: &Value, kind: &Value) -> Axis {
    let motion = if kind == "rotation" { Motion::Rotation } else { Motion::Translation };
    let role = name.as_str().expect("a name").to_owned();
    Axis { role, motion, direction: numbers(direction), ..Axis::default() }
}

#[test]
fn the_chains_of_other_beamlines_are_solved_as_centring_math_solves_them() {
    for record in records("mxcubecore_3ca58e8.jsonl", "CentringMath") {
        let input = &record["input"];
        let axes = input["axes"].as_array().expect("axes").iter();
        let mut axes: Vec<Axis> = axes.map(|entry| axis(&entry[0], &entry[1], &entry[2])).collect();
        // It multiplies rotations the other way round than they carry each other: of two in a row the later one carries.
        for run in axes.chunk_by_mut(|one, other| one.motion == other.motion) {
            if run[0].motion == Motion::Rotation {
                run.reverse();
            }
        }
        let camera = Camera { x: numbers(&input["camera_axes"]["X"]), y: numbers(&input["camera_axes"]["Y"]) };
        let chain = Chain::new(axes, camera).expect("it is one");
        let all = input["clicks"].as_array().expect("clicks");
        let clicks: Vec<Click> = all
            .iter()
            .map(|click| {
                let stands = |axis: &Axis| match &click[format!("{}_deg", axis.role)] {
                    Value::Null => number(&input["start"][&axis.role]),
                    angle => number(angle),
                };
                let positions = chain.axes().iter().map(stands).collect();
                Click { positions, x: number(&click["camera_mm"]["X"]), y: number(&click["camera_mm"]["Y"]) }
            })
            .collect();
        let solution = solve(&chain, &clicks, &Options::default()).expect("the angles differ");
        // It takes directions that were rounded as they are, and so as not quite of length 1.
        agrees(&chain, &solution.positions, &record["result"], 1e-6);
    }
}

/// Three translations that carry a minikappa. A position of theirs that centres a point is the point, seen from it: so
/// the lines of the rotations are on the other side.
fn minikappa(kappa: &Value, phi: &Value) -> Chain {
    let side = |role: &str, direction: Point| Axis { role: role.into(), direction, ..Axis::default() };
    let turn = |role: &str, axis: &Value| Axis {
        role: role.into(),
        motion: Motion::Rotation,
        direction: numbers(&axis["direction"]),
        point: numbers::<3>(&axis["position"]).map(|part| -part),
        ..Axis::default()
    };
    let axes = vec![
        side("x", [1.0, 0.0, 0.0]),
        side("y", [0.0, 1.0, 0.0]),
        Axis { motion: Motion::Rotation, ..side("omega", [0.0, 0.0, 1.0]) },
        side("sampx", [1.0, 0.0, 0.0]),
        side("sampy", [0.0, 1.0, 0.0]),
        side("z", [0.0, 0.0, 1.0]),
        turn("kappa", kappa),
        turn("kappa_phi", phi),
    ];
    // The camera looks from the side: it sees x and z, and y once omega has turned.
    Chain::new(axes, Camera { x: [0.0, 0.0, 1.0], y: [1.0, 0.0, 0.0] }).expect("it is one")
}

#[test]
fn a_centred_point_stays_centred_when_the_minikappa_turns() {
    for record in records("mxcubecore_3ca58e8.jsonl", "MiniKappaCorrection.shift") {
        let input = &record["input"];
        let chain = minikappa(&input["kappa_axis"], &input["phi_axis"]);
        let x: [f64; 3] = numbers(&input["x"]);
        let [kappa1, phi1, kappa2, phi2] = ["kappa1", "phi1", "kappa2", "phi2"].map(|name| number(&input[name]));
        let from = [0.0, 0.0, 0.0, x[0], x[1], x[2], kappa1, phi1];
        let mut to = from;
        (to[6], to[7]) = (kappa2, phi2);
        let kept = chain.keep(&from, &to, (0.0, 0.0));
        // Their directions were rounded to six digits.
        for (at, expected) in numbers::<3>(&record["result"]).into_iter().enumerate() {
            close(kept[3 + at], expected, 2e-5, "a translation");
        }
    }
}

#[test]
fn a_direction_is_laid_along_the_spindle_at_least_as_well() {
    let axes = &records("mxcubecore_3ca58e8.jsonl", "MiniKappaCorrection.shift");
    let Some(first) = axes.first() else { return };
    let chain = minikappa(&first["input"]["kappa_axis"], &first["input"]["phi_axis"]);
    let kappa = chain.kappa("kappa", "kappa_phi").expect("it has one");
    for record in records("mxcubecore_3ca58e8.jsonl", "MiniKappaCorrection.alignVector") {
        let input = &record["input"];
        let points = ["t1", "t2"].map(|name| {
            let [x, y, z]: [f64; 3] = numbers(&input[name]);
            let positions = [0.0, 0.0, 0.0, x, y, z, number(&input["kappa"]), number(&input["phi"])];
            // In um, since points that are nearer than 1 um give no direction.
            chain.locate(&positions, brickwork_axes::Seen { x: 0.0, y: 0.0, depth: 0.0 }).map(|mm| mm * 1e3)
        });
        let along: Point = numbers(&input["align_direction"]);
        let found = kappa.align(points, along, (0.0, 180.0)).expect("the points are apart");
        let theirs = ["kappa", "phi"].map(|name| number(&record["result"][name]));
        if found.missing < 1e-3 {
            close(found.kappa, theirs[0], 1e-3, "kappa");
            close(found.phi, theirs[1], 1e-3, "phi");
        } else {
            // Out of reach: both go as far as kappa can. Theirs then is not quite the nearest.
            close(found.kappa, theirs[0], 1e-3, "kappa");
            close(found.phi, theirs[1], 5.0, "phi");
        }
    }
}
