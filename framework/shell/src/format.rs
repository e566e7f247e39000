//! How values, ages and sizes read: the words and figures of channel-bound widgets.

use brickwork_sdk::Value;
use brickwork_sdk::interfaces::real_limits;
pub use brickwork_support::words::{ago, bytes, clock, lasted};

/// Width of one figure of the bundled font, as a share of the text size; all figures have it.
pub const FIGURE_EM: f32 = 0.648;

/// From here on a number is edited in powers of ten.
const HUGE: f64 = 1e12;

/// `number` with `decimals` digits behind the point; in powers of ten when it would need more than `room` characters.
pub fn number(number: f64, decimals: usize, room: usize) -> String {
    if !number.is_finite() {
        return if number.is_nan() {
            "NaN"
        } else if number < 0.0 {
            "\u{2212}∞"
        } else {
            "∞"
        }
        .into();
    }
    let plain = format!("{number:.decimals$}");
    let text = if plain.len() <= room { plain } else { format!("{number:.3e}") };
    // "-0.000" reads like a fault of the axis.
    let is_zero = text.chars().all(|c| matches!(c, '-' | '0' | '.'));
    if is_zero { text.trim_start_matches('-').into() } else { text.replace('-', "\u{2212}") }
}

/// A number as it is offered for editing: plain characters, no more digits than `decimals`; a huge one in powers of ten.
pub fn editable(number: f64, decimals: Option<usize>) -> String {
    match decimals {
        _ if number.abs() >= HUGE => format!("{number:e}"),
        None if number != 0.0 && number.abs() < 1.0 / HUGE => format!("{number:e}"),
        Some(decimals) => format!("{number:.decimals$}"),
        None => number.to_string(),
    }
}

/// A number that was stepped: with `decimals` digits, more only where it has them.
pub fn stepped(number: f64, decimals: usize) -> String {
    let [short, whole] = [format!("{number:.decimals$}"), number.to_string()];
    if whole.len() > short.len() { whole } else { short }
}

/// Any value in few words.
pub fn value(value: &Value, decimals: usize, room: usize) -> String {
    match value {
        Value::Null => "none".into(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Int(int) if int.unsigned_abs() < 1 << 53 => number(*int as f64, 0, room),
        Value::Int(int) => int.to_string(),
        Value::Float(float) => number(*float, decimals, room),
        Value::Text(text) => text.to_string(),
        Value::List(items) => list(items, decimals, room),
        Value::Map(entries) => entries
            .iter()
            .map(|entry| format!("{} {}", entry.key, self::value(&entry.value, decimals, room)))
            .collect::<Vec<_>>()
            .join(", "),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::Array(array) => {
            let shape: Vec<_> = array.shape.iter().map(u64::to_string).collect();
            format!("array {}", shape.join("×"))
        }
        Value::Frame(frame) => format!("picture {}×{}", frame.width, frame.height),
    }
}

fn list(items: &[Value], decimals: usize, room: usize) -> String {
    let words: Vec<_> = items.iter().map(|item| value(item, decimals, room)).collect();
    match items {
        [] => "empty".into(),
        [Value::Float(low), Value::Float(high)] => match real_limits((*low, *high)) {
            (f64::NEG_INFINITY, f64::INFINITY) => "no limits".into(),
            (low, high) => [low, high].map(|end| number(end, decimals, room)).join(" … "),
        },
        [a, b] if a.as_f64().is_some() && b.as_f64().is_some() => words.join(" … "),
        _ => words.join(", "),
    }
}

/// Whether a value stands at the right, as numbers do.
pub fn is_numeric(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_))
}

/// A time as one reads it, in its two largest units: `34 s`, `12 min 34 s`, `61 h 24 min`, `3 days 4 h`.
///
/// It was counted in `unit`: `h`, `min`, or else seconds. One that is over is `0 s`.
pub fn duration(lasts: f64, unit: &str) -> String {
    if !lasts.is_finite() {
        return number(lasts, 0, 9);
    }
    let second = match unit {
        "h" => 3_600.0,
        "min" => 60.0,
        _ => 1.0,
    };
    match (lasts * second).max(0.0).round() as u64 {
        s @ 0..60 => format!("{s} s"),
        s @ 60..3_600 => format!("{} min {:02} s", s / 60, s % 60),
        s @ 3_600..360_000 => format!("{} h {:02} min", s / 3_600, s % 3_600 / 60),
        s => format!("{} days {} h", s / 86_400, s % 86_400 / 3_600),
    }
}

/// As much of a text as fits into a width, with dots for the rest.
pub fn fitting(text: &str, size: f32, width: f32) -> String {
    // Narrower than the slot of a text, which is never too narrow.
    let fits = |text: &str| slot_width(text, size) * 0.85 <= width;
    if fits(text) {
        return text.into();
    }
    let mut letters: Vec<char> = text.chars().collect();
    loop {
        letters.pop();
        let cut: String = letters.iter().collect::<String>() + "…";
        if letters.is_empty() || fits(&cut) {
            return cut;
        }
    }
}

/// About how wide a short text is; never less than it is, so that a slot of this width holds it.
pub fn slot_width(text: &str, size: f32) -> f32 {
    let em = |c: char| match c {
        'm' | 'M' | 'W' | 'w' | '%' | '@' | '…' => 0.95,
        'i' | 'l' | 'j' | '.' | ',' | '\'' | '°' | '/' | ' ' => 0.42,
        'A'..='Z' | '0'..='9' | 'Å' | 'µ' | 'λ' => 0.72,
        _ => 0.62,
    };
    (text.chars().map(em).sum::<f32>() * size).ceil()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_decimals_until_the_room_ends() {
        assert_eq!(number(45.0, 3, 9), "45.000");
        assert_eq!(number(-0.5, 3, 9), "\u{2212}0.500");
        assert_eq!(number(-0.0001, 3, 9), "0.000");
        assert_eq!(number(2.1e12, 3, 9), "2.100e12");
    }

    #[test]
    fn huge_numbers_never_take_hundreds_of_digits() {
        for shown in [1e300, f64::MAX, -f64::MAX, 1e-300, f64::NEG_INFINITY] {
            assert!(number(shown, 3, 9).chars().count() <= 12, "{}", number(shown, 3, 9));
            for decimals in [None, Some(3)] {
                let edited = editable(shown, decimals);
                assert!(edited.len() < 30, "{edited}");
                assert!(shown.abs() < 1.0 || edited.parse() == Ok(shown), "{edited}");
            }
        }
        let limits = |low, high| value(&Value::list([Value::Float(low), Value::Float(high)]), 1, 9);
        assert_eq!(limits(f64::MIN, f64::MAX), "no limits");
        assert_eq!(limits(f64::NEG_INFINITY, 5.0), "\u{2212}∞ … 5.0");
    }

    #[test]
    fn other_values_read_as_words() {
        assert_eq!(value(&Value::list([Value::Float(-5.0), Value::Float(5.0)]), 1, 9), "\u{2212}5.0 … 5.0");
        assert_eq!(value(&Value::Bool(true), 3, 9), "yes");
        assert_eq!(value(&Value::list([Value::from("a"), Value::from("b")]), 3, 9), "a, b");
        assert_eq!(value(&Value::map([("x", Value::Int(1))]), 3, 9), "x 1");
    }

    #[test]
    fn times_are_said_in_their_two_largest_units() {
        let times = [(34.4, "s"), (754.0, "s"), (-3.0, "s"), (12.5, "min"), (61.4, "h"), (200.0, "h"), (5.0, "")];
        let read = times.map(|(lasts, unit)| duration(lasts, unit));
        assert_eq!(read, ["34 s", "12 min 34 s", "0 s", "12 min 30 s", "61 h 24 min", "8 days 8 h", "5 s"]);
        assert_eq!(duration(f64::NAN, "s"), "NaN");
    }
}
