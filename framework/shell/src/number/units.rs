//! Units that can be written behind a number: what they measure, and how they are converted.

use std::f64::consts::PI;

/// What a unit measures, with its article.
const KINDS: &[(&str, &[(&str, f64)])] = &[
    (
        "a length",
        &[("m", 1.0), ("cm", 1e-2), ("mm", 1e-3), ("um", 1e-6), ("nm", 1e-9), ("angstrom", 1e-10), ("pm", 1e-12)],
    ),
    ("an angle", &[("deg", 1.0), ("mdeg", 1e-3), ("rad", 180.0 / PI), ("mrad", 0.18 / PI), ("urad", 0.18e-3 / PI)]),
    ("an energy", &[("eV", 1.0), ("keV", 1e3), ("MeV", 1e6)]),
    ("a time", &[("s", 1.0), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9), ("min", 60.0), ("h", 3600.0)]),
    ("a current", &[("A", 1.0), ("mA", 1e-3), ("uA", 1e-6), ("nA", 1e-9), ("pA", 1e-12)]),
    ("a voltage", &[("V", 1.0), ("mV", 1e-3), ("kV", 1e3)]),
    ("a pressure", &[("Pa", 1.0), ("mbar", 1e2), ("bar", 1e5)]),
    ("a frequency", &[("Hz", 1.0), ("kHz", 1e3), ("MHz", 1e6)]),
    ("a share", &[("%", 1.0)]),
];

/// Other ways to write them.
const ALIASES: &[(&str, &str)] = &[
    ("\u{b0}", "deg"),
    ("degree", "deg"),
    ("degrees", "deg"),
    ("micron", "um"),
    ("microns", "um"),
    ("\u{c5}", "angstrom"),
    ("\u{212b}", "angstrom"),
    ("Angstrom", "angstrom"),
    ("Angstroms", "angstrom"),
    ("angstroms", "angstrom"),
    ("sec", "s"),
];

/// A unit in the spelling of the list: one letter for micro, no other names.
fn plain(unit: &str) -> String {
    let unit = unit.replace(['\u{b5}', '\u{3bc}'], "u");
    ALIASES.iter().find(|(alias, _)| *alias == unit).map_or(unit, |(_, plain)| (*plain).to_owned())
}

fn known(unit: &str) -> Option<(&'static str, f64)> {
    let found = |(kind, units): &(&'static str, &[(&str, f64)])| {
        units.iter().find(|(name, _)| *name == unit).map(|(_, factor)| (*kind, *factor))
    };
    KINDS.iter().find_map(found)
}

/// `number`, which is in the unit `own`, in `unit`, and how that reads if it is another number; or why it is none.
pub(super) fn converted(number: f64, own: &str, unit: &str) -> Result<(f64, Option<String>), String> {
    let (from, to) = (plain(own), plain(unit));
    if from == to {
        return Ok((number, None));
    }
    let Some((kind, factor)) = known(&from) else {
        let cure = if unit.is_empty() { "write the number alone".into() } else { format!("write {unit} or none") };
        return Err(format!("\u{201c}{own}\u{201d} is no unit that is known here: {cure}"));
    };
    match known(&to) {
        Some((same, into)) if same == kind => {
            let value = round(number * (factor / into));
            Ok((value, Some(format!("{number} {own} is {value} {unit}"))))
        }
        Some((other, _)) => Err(format!("{own} is {kind}, this is {other} in {unit}")),
        None if unit.is_empty() => Err(format!("{own} is {kind}, this number has no unit")),
        None => Err(format!("{own} is {kind}, this is in {unit}")),
    }
}

/// Without what the computation added: twelve figures are more than any axis has.
fn round(number: f64) -> f64 {
    format!("{number:.11e}").parse().unwrap_or(number)
}
