//! The units that motors and people use: each with its kind, its factor and the ways in which it is written.
//!
//! Whoever reads a unit (a layout, a typed number, the channel of a motor) reads it here, so that `µm`, `μm` and `um` are
//! one unit, and a length in mm never meets one in um unconverted.

use crate::ConfigProblem;

/// What a unit measures: only units of one kind can be converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitKind {
    /// Counted in um.
    Length,
    /// Counted in deg.
    Angle,
    /// Counted in keV.
    Energy,
    /// Counted in s.
    Time,
    /// Counted in %; a number without a unit is no share.
    Share,
    /// Counted in A.
    Current,
    /// Counted in V.
    Voltage,
    /// Counted in K. Degrees Celsius begin elsewhere, so they are a kind of their own.
    Temperature,
    /// Counted in °C.
    Celsius,
    /// What a detector counts.
    Counts,
    /// What a stepper motor makes.
    Steps,
}

/// One unit that is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    word: &'static str,
    kind: UnitKind,
    factor: f64,
    also: &'static [&'static str],
}

const fn unit(word: &'static str, kind: UnitKind, factor: f64, also: &'static [&'static str]) -> Unit {
    Unit { word, kind, factor, also }
}

use UnitKind::{Angle, Celsius, Counts, Current, Energy, Length, Share, Steps, Temperature, Time, Voltage};

/// Degrees in one radian.
const RADIAN_DEG: f64 = 180.0 / std::f64::consts::PI;

/// All of them. What looks like `µ` is U+00B5 (micro sign) or U+03BC (Greek mu), like `Å` U+00C5, U+212B or two signs.
const UNITS: [Unit; 30] = [
    unit("mm", Length, 1e3, &["millimetre", "millimetres", "millimeter", "millimeters"]),
    unit(
        "um",
        Length,
        1.0,
        &["\u{b5}m", "\u{3bc}m", "micron", "microns", "micrometre", "micrometres", "micrometer", "micrometers"],
    ),
    unit("nm", Length, 1e-3, &["nanometre", "nanometres", "nanometer", "nanometers"]),
    unit("angstrom", Length, 1e-4, &["\u{c5}", "\u{212b}", "A\u{30a}", "Angstrom", "angstroms", "Angstroms", "Ang"]),
    unit("cm", Length, 1e4, &["centimetre", "centimetres", "centimeter", "centimeters"]),
    unit("m", Length, 1e6, &["metre", "metres", "meter", "meters"]),
    unit("deg", Angle, 1.0, &["\u{b0}", "\u{ba}", "degree", "degrees", "Deg"]),
    unit("mdeg", Angle, 1e-3, &["millidegree", "millidegrees"]),
    unit("mrad", Angle, RADIAN_DEG * 1e-3, &["milliradian", "milliradians"]),
    unit("urad", Angle, RADIAN_DEG * 1e-6, &["\u{b5}rad", "\u{3bc}rad", "microradian", "microradians"]),
    unit("rad", Angle, RADIAN_DEG, &["radian", "radians"]),
    unit("arcsec", Angle, 1.0 / 3600.0, &["arcseconds"]),
    unit("keV", Energy, 1.0, &["kev", "KeV", "KEV"]),
    unit("eV", Energy, 1e-3, &["ev", "EV"]),
    unit("s", Time, 1.0, &["sec", "second", "seconds"]),
    unit("ms", Time, 1e-3, &["msec", "millisecond", "milliseconds"]),
    unit("us", Time, 1e-6, &["\u{b5}s", "\u{3bc}s", "usec", "microsecond", "microseconds"]),
    unit("min", Time, 60.0, &["minute", "minutes"]),
    unit("h", Time, 3600.0, &["hour", "hours"]),
    unit("%", Share, 1.0, &["percent"]),
    unit("A", Current, 1.0, &["ampere", "amperes"]),
    unit("mA", Current, 1e-3, &["milliampere", "milliamperes"]),
    unit("uA", Current, 1e-6, &["\u{b5}A", "\u{3bc}A", "microampere", "microamperes"]),
    unit("V", Voltage, 1.0, &["volt", "volts"]),
    unit("mV", Voltage, 1e-3, &["millivolt", "millivolts"]),
    unit("kV", Voltage, 1e3, &["kilovolt", "kilovolts"]),
    unit("K", Temperature, 1.0, &["kelvin", "Kelvin"]),
    unit("\u{b0}C", Celsius, 1.0, &["\u{2103}", "degC", "Celsius", "celsius"]),
    unit("counts", Counts, 1.0, &["count", "cts"]),
    unit("steps", Steps, 1.0, &["step"]),
];

impl Unit {
    /// The unit that a word means, blanks around it aside; upper and lower case count, as `mm` and `Mm` differ.
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim();
        UNITS.iter().copied().find(|unit| unit.word == word || unit.also.contains(&word))
    }

    /// All that are known, in the order in which they are told.
    pub fn all() -> impl Iterator<Item = Self> {
        UNITS.into_iter()
    }

    /// The one way in which it is written in channels, layouts and on screens, such as `um`.
    pub fn word(self) -> &'static str {
        self.word
    }

    /// What it measures.
    pub fn kind(self) -> UnitKind {
        self.kind
    }

    /// How many of the unit in which its kind is counted it is: 1000 for `mm`, as lengths are counted in um.
    pub fn factor(self) -> f64 {
        self.factor
    }

    /// A number of this unit as a number of another; `None` if they measure different things.
    pub fn convert(self, number: f64, to: Self) -> Option<f64> {
        if self.word == to.word {
            return Some(number);
        }
        // A quotient of whole numbers keeps 1.5 mm at 1500 um and back, where a product with 0.001 might not.
        let converted = || {
            if self.factor >= to.factor {
                number * (self.factor / to.factor)
            } else {
                number / (to.factor / self.factor)
            }
        };
        (self.kind == to.kind).then(converted)
    }

    /// What is wrong with the unit of a motor that a config gives at `path`, if anything is.
    pub fn problem(path: &str, word: &str) -> Option<ConfigProblem> {
        if Self::from_word(word).is_some() {
            return None;
        }
        let choices = Self::all().map(|unit| unit.word.to_owned()).collect();
        Some(ConfigProblem { choices, ..ConfigProblem::at(path, format!("{word:?} is no unit of a motor")) })
    }

    /// The one way to write a unit that a config gives; a word that is not known stays as it is.
    pub fn spelled(word: &str) -> String {
        Self::from_word(word).map_or_else(|| word.to_owned(), |unit| unit.word.to_owned())
    }

    /// How many of the unit in which `kind` is counted the unit of this word is; `None` if it measures something else.
    pub fn factor_of(word: &str, kind: UnitKind) -> Option<f64> {
        Self::from_word(word).filter(|unit| unit.kind == kind).map(|unit| unit.factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_unit_means_the_same_unit() {
        let spellings = [
            ("\u{b5}m", "um"),
            ("\u{3bc}m", "um"),
            ("\u{b0}", "deg"),
            ("degrees", "deg"),
            ("\u{c5}", "angstrom"),
            ("\u{212b}", "angstrom"),
            ("A\u{30a}", "angstrom"),
            (" keV ", "keV"),
            ("counts", "counts"),
        ];
        for (written, meant) in spellings {
            assert_eq!(Unit::from_word(written).map(Unit::word), Some(meant), "{written:?}");
        }
        assert_eq!(Unit::from_word("furlong"), None);
        assert_eq!(Unit::from_word("Mm"), None);
    }

    #[test]
    fn no_spelling_means_two_units() {
        let words = || UNITS.iter().flat_map(|unit| unit.also.iter().chain(std::iter::once(&unit.word)));
        for word in words() {
            assert_eq!(words().filter(|other| *other == word).count(), 1, "{word:?}");
        }
    }

    #[test]
    fn only_units_of_one_kind_are_converted() {
        let convert = |number, from, to| {
            let unit = |word| Unit::from_word(word).expect("it is in the table");
            unit(from).convert(number, unit(to))
        };
        assert_eq!(convert(1.5, "mm", "um"), Some(1500.0));
        assert_eq!(convert(1500.0, "um", "mm"), Some(1.5));
        assert_eq!(convert(12_658.0, "eV", "keV"), Some(12.658));
        let turned = convert(1.0, "rad", "deg").expect("both are angles");
        assert!((turned - 57.295_779_513).abs() < 1e-9, "{turned}");
        assert_eq!(convert(1.0, "mm", "deg"), None);
        assert_eq!(convert(1.0, "keV", "angstrom"), None);
        assert_eq!(convert(1.0, "K", "\u{b0}C"), None);
    }
}
