//! A unit that was typed behind a number: the input's own, or another of its kind, which is converted.

use brickwork_sdk::unit::{Unit, UnitKind};

/// What a unit measures, where there is a word for it.
fn named(kind: UnitKind) -> Option<&'static str> {
    Some(match kind {
        UnitKind::Length => "a length",
        UnitKind::Angle => "an angle",
        UnitKind::Energy => "an energy",
        UnitKind::Time => "a time",
        UnitKind::Share => "a share",
        UnitKind::Current => "a current",
        UnitKind::Voltage => "a voltage",
        UnitKind::Temperature | UnitKind::Celsius | UnitKind::Counts | UnitKind::Steps => return None,
    })
}

/// `number`, which is in the unit `own`, in `unit`, and how that reads if it is another number; or why it is none.
pub(super) fn converted(number: f64, own: &str, unit: &str) -> Result<(f64, Option<String>), String> {
    if own == unit {
        return Ok((number, None));
    }
    let (from, to) = (Unit::from_word(own), Unit::from_word(unit));
    let Some(from) = from else {
        let cure = if unit.is_empty() { "write the number alone".into() } else { format!("write {unit} or none") };
        return Err(format!("\u{201c}{own}\u{201d} is no unit that is known here: {cure}"));
    };
    match to.map(|to| (to, from.convert(number, to))) {
        Some((to, Some(_))) if to == from => Ok((number, None)),
        Some((_, Some(value))) => {
            let value = round(value);
            Ok((value, Some(format!("{number} {own} is {value} {unit}"))))
        }
        refused => Err(no_way(own, from.kind(), unit, refused.map(|(to, _)| to.kind()))),
    }
}

/// Why one unit is not converted into the other.
fn no_way(own: &str, from: UnitKind, unit: &str, to: Option<UnitKind>) -> String {
    match (named(from), to.and_then(named)) {
        (Some(kind), _) if unit.is_empty() => format!("{own} is {kind}, this number has no unit"),
        (None, _) if unit.is_empty() => format!("{own} was typed, this number has no unit"),
        (Some(kind), Some(other)) => format!("{own} is {kind}, this is {other} in {unit}"),
        _ => format!("{own} cannot be converted into {unit}"),
    }
}

/// Without what the computation added: twelve figures are more than any axis has.
fn round(number: f64) -> f64 {
    format!("{number:.11e}").parse().unwrap_or(number)
}
