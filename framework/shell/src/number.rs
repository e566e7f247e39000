//! Reads numbers that a person types: the one parser of every number input.
//!
//! What can be meant in one way is taken; what can be meant in two is refused with both, so that no axis moves by a
//! thousandth or a thousand times of what was meant. A unit behind the number is that of the input, or another of its
//! kind, which is converted; any other is refused by its name.

mod units;

/// What was typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// In the unit of the input.
    pub value: f64,
    /// How it was understood, where that is not what was typed.
    pub understood: Option<String>,
}

/// The first figure of each set of ten that keyboards of the world give.
const NOUGHTS: [char; 5] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{ff10}'];
/// What people write between groups of three figures, and what parts words.
const GROUP_MARKS: &str = "'\u{2019}_";
const MINUS: char = '\u{2212}';
const OTHER_DASHES: &str = "\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{fe63}\u{ff0d}";

/// The number that was typed into an input whose numbers are in `unit`, or one sentence that says why there is none and
/// what to write instead.
pub fn read(text: &str, unit: &str) -> Result<Number, String> {
    let typed = text.trim();
    if typed.is_empty() {
        return Err("nothing was entered".into());
    }
    let plain = in_plain_signs(typed)?;
    let (figures, own) = parted(&plain);
    if figures.is_empty() {
        return Err(no_figures(typed, own));
    }
    let number = decimal(typed, figures, own)?;
    let (value, understood) = match own.chars().next() {
        None => (number, None),
        Some(first) if first.is_alphabetic() || "%\u{b0}".contains(first) => units::converted(number, own, unit)?,
        Some(_) => return Err(format!("\u{201c}{typed}\u{201d} is not a number")),
    };
    if value.is_infinite() {
        return Err(too_large(typed));
    }
    Ok(Number { value, understood })
}

/// The same with the minus of a keyboard, refused where a sign only looks like one that counts.
fn in_plain_signs(typed: &str) -> Result<String, String> {
    if let Some(dash) = typed.chars().find(|sign| OTHER_DASHES.contains(*sign)) {
        return Err(format!("\u{201c}{dash}\u{201d} is a dash: write - for minus"));
    }
    // What this window shows has this sign: it can be pasted back.
    let plain = typed.replace(MINUS, "-");
    let figure = |sign: char| {
        let value = |nought: &char| u32::from(sign).checked_sub(u32::from(*nought)).filter(|figure| *figure < 10);
        NOUGHTS.iter().find_map(value).and_then(|figure| char::from_digit(figure, 10))
    };
    if plain.chars().any(|sign| figure(sign).is_some()) {
        let latin: String = plain.chars().map(|sign| figure(sign).unwrap_or(sign)).collect();
        return Err(format!("\u{201c}{typed}\u{201d} has other figures than 0 to 9: write {latin}"));
    }
    Ok(plain)
}

/// What belongs to the number and what stands behind it.
fn parted(plain: &str) -> (&str, &str) {
    let signs: Vec<(usize, char)> = plain.char_indices().collect();
    let is_figure = |at: usize| signs.get(at).is_some_and(|(_, sign)| sign.is_ascii_digit());
    let is_sign = |at: usize| signs.get(at).is_some_and(|(_, sign)| matches!(sign, '+' | '-'));
    let mut at = usize::from(is_sign(0));
    let (mut end, mut any) = (0, false);
    while let Some((_, sign)) = signs.get(at) {
        let belongs = match sign {
            '0'..='9' => true,
            '.' | ',' => true,
            'e' | 'E' if any => is_figure(at + 1) || is_sign(at + 1) && is_figure(at + 2),
            '+' | '-' => at > 0 && matches!(signs[at - 1].1, 'e' | 'E'),
            mark if GROUP_MARKS.contains(*mark) || mark.is_whitespace() => any && is_figure(at + 1),
            _ => false,
        };
        if !belongs {
            break;
        }
        any |= is_figure(at);
        at += 1;
        end = at;
    }
    if !any {
        return ("", plain);
    }
    let end = signs.get(end).map_or(plain.len(), |(byte, _)| *byte);
    (&plain[..end], plain[end..].trim())
}

fn no_figures(typed: &str, own: &str) -> String {
    let word = own.trim_start_matches(['+', '-']).to_lowercase();
    match word.as_str() {
        "inf" | "infinity" | "\u{221e}" | "nan" => format!("\u{201c}{typed}\u{201d} is no place to go: write a number"),
        _ => format!("\u{201c}{typed}\u{201d} is not a number"),
    }
}

/// The figures as a number with a point, refused where they can mean two things.
fn decimal(typed: &str, figures: &str, own: &str) -> Result<f64, String> {
    if let Some(number) = other_base(figures, own) {
        return Err(format!("\u{201c}{typed}\u{201d} is not written with ten figures: write {number}"));
    }
    let is_mark = |sign: char| GROUP_MARKS.contains(sign) || sign.is_whitespace();
    if figures.contains(is_mark) {
        let joined: String = figures.chars().filter(|sign| !is_mark(*sign)).collect();
        return Err(format!("\u{201c}{typed}\u{201d} is parted: write {joined} if it is one number"));
    }
    let number = comma(typed, figures)?;
    let value: f64 = number.parse().map_err(|_| format!("\u{201c}{typed}\u{201d} is not a number"))?;
    let is_nought = !number.split(['e', 'E']).next().unwrap_or_default().contains(|sign| matches!(sign, '1'..='9'));
    match value {
        value if value.is_infinite() => Err(too_large(typed)),
        0.0 if !is_nought => Err(format!("\u{201c}{typed}\u{201d} is too small to be told from 0: write 0")),
        value => Ok(value),
    }
}

fn too_large(typed: &str) -> String {
    format!("\u{201c}{typed}\u{201d} is larger than any number here")
}

/// `0x1f`, `0b11`, `0o17`: the figures end at the letter.
fn other_base(figures: &str, own: &str) -> Option<i64> {
    let sign = match figures {
        "0" | "+0" => 1,
        "-0" => -1,
        _ => return None,
    };
    let letter = own.chars().next()?;
    let base = match letter.to_ascii_lowercase() {
        'x' => 16,
        'b' => 2,
        'o' => 8,
        _ => return None,
    };
    i64::from_str_radix(own.get(1..)?, base).ok().map(|number| sign * number)
}

/// A comma is what half of Europe's keypads give for the point, and what the other half of the world puts between
/// thousands.
fn comma(typed: &str, figures: &str) -> Result<String, String> {
    let Some((whole, fraction)) = figures.split_once(',') else { return Ok(figures.into()) };
    let without: String = figures.chars().filter(|sign| *sign != ',').collect();
    if figures.contains('.') {
        // The last of the two is the point, if anything is.
        let last = figures.rfind([',', '.']).unwrap_or_default();
        let joined: String = figures
            .char_indices()
            .filter_map(|(at, sign)| match sign {
                ',' | '.' => (at == last).then_some('.'),
                sign => Some(sign),
            })
            .collect();
        return Err(format!("\u{201c}{typed}\u{201d} has a point and a comma: write {joined} if that is meant"));
    }
    if fraction.contains(',') {
        return Err(format!("\u{201c}{typed}\u{201d} has several commas: write {without} if that is meant"));
    }
    let point = format!("{whole}.{fraction}");
    let group = whole.trim_start_matches(['+', '-']);
    let after = fraction.split(['e', 'E']).next().unwrap_or_default();
    let could_be_thousands = after.len() == 3 && (1..=3).contains(&group.len()) && !group.starts_with('0');
    match could_be_thousands {
        true => Err(format!("\u{201c}{typed}\u{201d} can mean {} or {without}: write one of these", rounded(&point))),
        false => Ok(point),
    }
}

/// Without the noughts that say nothing, as nobody would write the other reading with them.
fn rounded(point: &str) -> String {
    point.parse::<f64>().map_or_else(|_| point.to_owned(), |number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> f64 {
        read(text, "deg").unwrap_or_else(|why| panic!("{text:?}: {why}")).value
    }

    fn why(text: &str, unit: &str) -> String {
        read(text, unit).expect_err(text)
    }

    #[test]
    fn what_can_be_meant_in_one_way_is_taken() {
        let taken = [
            ("45", 45.0),
            (" +.5 ", 0.5),
            ("-5.", -5.0),
            ("1.500", 1.5),
            ("1e3", 1000.0),
            ("1E-3", 0.001),
            ("1,5", 1.5),
            ("0,500", 0.5),
            ("1234,567", 1234.567),
            ("\u{2212}12.345", -12.345),
            ("1e\u{2212}3", 0.001),
            ("0e999", 0.0),
        ];
        for (text, number) in taken {
            assert_eq!(value(text), number, "{text:?}");
        }
    }

    #[test]
    fn what_can_be_meant_in_two_ways_is_refused_with_both() {
        assert_eq!(why("1,500", "mm"), "\u{201c}1,500\u{201d} can mean 1.5 or 1500: write one of these");
        assert_eq!(why("-12,345", "mm"), "\u{201c}-12,345\u{201d} can mean -12.345 or -12345: write one of these");
        assert!(why("1,500 mm", "mm").contains("1.5 or 1500"));
        assert!(why("1,500e3", "mm").contains("1500 or 1500e3"));
    }

    #[test]
    fn every_other_way_to_write_a_number_is_refused_with_the_cure() {
        let cures = [
            ("1.500,0", "write 1500.0"),
            ("1,500.0", "write 1500.0"),
            ("1,500,000", "write 1500000"),
            ("1 500", "write 1500"),
            ("1\u{202f}500,5", "write 1500,5"),
            ("1'500", "write 1500"),
            ("1\u{2019}500", "write 1500"),
            ("1_500", "write 1500"),
            ("0x10", "write 16"),
            ("-0b11", "write -3"),
            ("\u{661}\u{662}", "write 12"),
            ("\u{ff11}\u{ff12}.5", "write 12.5"),
            ("\u{2013}5", "write - for minus"),
            ("1e999", "larger than any number"),
            ("-1e999", "larger than any number"),
            ("1e-999", "write 0"),
            ("inf", "write a number"),
            ("-Infinity", "write a number"),
            ("NaN", "write a number"),
            ("", "nothing was entered"),
        ];
        for (text, cure) in cures {
            let why = why(text, "deg");
            assert!(why.contains(cure), "{text:?}: {why}");
        }
        assert!(why("1e308 keV", "eV").contains("larger than any number"));
        for junk in ["abc", "1.2.3", "1-2", "--5", "e5", ".", "-", "1/2", "+-3"] {
            read(junk, "deg").expect_err(junk);
        }
    }

    #[test]
    fn the_own_unit_is_taken_and_another_of_its_kind_is_converted_and_said() {
        for (text, unit) in [("45 deg", "deg"), ("45\u{b0}", "deg"), ("45 degrees", "deg"), ("45deg", "\u{b0}")] {
            assert_eq!(read(text, unit), Ok(Number { value: 45.0, understood: None }), "{text} in {unit}");
        }
        let converted = [
            ("5 mm", "um", 5000.0),
            ("5 um", "mm", 0.005),
            ("5 \u{b5}m", "mm", 0.005),
            ("5 \u{3bc}m", "mm", 0.005),
            ("900 mdeg", "deg", 0.9),
            ("3.141592653589793 rad", "deg", 180.0),
            ("12.658 keV", "eV", 12_658.0),
            ("12658eV", "keV", 12.658),
            ("1e3eV", "keV", 1.0),
            ("1 \u{c5}", "nm", 0.1),
        ];
        for (text, unit, number) in converted {
            let read = read(text, unit).unwrap_or_else(|why| panic!("{text}: {why}"));
            assert_eq!(read.value, number, "{text} in {unit}");
            assert!(read.understood.is_some_and(|words| words.contains(" is ")), "{text} in {unit}");
        }
        assert_eq!(read("5 mm", "um").ok().and_then(|number| number.understood).as_deref(), Some("5 mm is 5000 um"));
    }

    #[test]
    fn any_other_unit_is_refused_by_name() {
        assert_eq!(why("5 mm", "deg"), "mm is a length, this is an angle in deg");
        assert_eq!(why("5 keV", "angstrom"), "keV is an energy, this is a length in angstrom");
        assert_eq!(why("5 mm", "counts"), "mm cannot be converted into counts");
        assert_eq!(why("5 K", "\u{b0}C"), "K cannot be converted into \u{b0}C");
        assert_eq!(why("5 mm", ""), "mm is a length, this number has no unit");
        assert_eq!(why("5 furlongs", "mm"), "\u{201c}furlongs\u{201d} is no unit that is known here: write mm or none");
        assert_eq!(read("5 counts", "counts").map(|number| number.value), Ok(5.0));
    }
}
