//! Limits of numbers: what lies outside, what means that there are none, and how both read. The engine refuses with
//! these words, and so does the fake host of the test kit; objects and bricks that know better beforehand use the same.

use brickwork_abi::Reading;

use crate::interface::{CommandInfo, Interface, Unit};
use crate::status::Quality;
use crate::{Value, from_value};

/// A limit of this size or more is none: nothing moves so far, and drivers that know no limit say infinity, 1e300, or
/// the largest number that they have (1.797e308, or 3.4e38).
const NO_LIMIT: f64 = 1e30;

/// Limits with infinity where they say that there is none.
pub fn real_limits((low, high): (f64, f64)) -> (f64, f64) {
    let real = |limit: f64| if limit.abs() >= NO_LIMIT { f64::INFINITY.copysign(limit) } else { limit };
    (real(low), real(high))
}

/// Limits as a person reads them: `-5 to 10 mm`, `from -5 mm`, `up to 10 mm`, `no limits`.
pub fn limits_in_words(limits: (f64, f64), unit: &str) -> String {
    let (low, high) = real_limits(limits);
    let sentence = match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("{} to {} {unit}", figure(low), figure(high)),
        (true, false) if high > 0.0 => format!("from {} {unit}", figure(low)),
        (false, true) if low < 0.0 => format!("up to {} {unit}", figure(high)),
        (false, false) if low < high => "no limits".into(),
        _ => "limits that cannot be".into(),
    };
    sentence.trim_end().to_owned()
}

/// A number as a person reads it: a huge or a tiny one in powers of ten, never in hundreds of digits.
pub fn figure(number: f64) -> String {
    match number.abs() {
        size if size.is_finite() && size != 0.0 && !(1e-9..1e12).contains(&size) => format!("{number:e}"),
        _ => number.to_string(),
    }
}

/// Why a number is not within limits, as a sentence such as `12.5 is above the limit 10 deg`, if it is not.
///
/// The engine refuses with these words; objects and bricks that know better beforehand use the same.
pub fn outside(number: f64, limits: (f64, f64), unit: &str) -> Option<String> {
    let (low, high) = real_limits(limits);
    if !number.is_finite() {
        return Some(if number.is_nan() { "that is not a number" } else { "that is infinitely far" }.into());
    }
    let (side, limit) = match number {
        _ if low.is_nan() || high.is_nan() => return Some("the limits are not numbers".into()),
        _ if number < low => ("below", low),
        _ if number > high => ("above", high),
        _ => return None,
    };
    let sentence = format!("{} is {side} the limit {} {unit}", figure(number), figure(limit));
    Some(sentence.trim_end().to_owned())
}

/// As [`outside`], for something that now stands at `from`: what stands beyond a limit may go towards its range, though
/// it may not arrive there in one step.
pub fn outside_from(from: Option<f64>, to: f64, limits: (f64, f64), unit: &str) -> Option<String> {
    let (low, high) = real_limits(limits);
    let returns =
        from.is_some_and(|from| (from < low && from < to && to < low) || (from > high && high < to && to < from));
    if returns { None } else { outside(to, limits, unit) }
}

/// Why a command may not have these arguments, if so; `latest` tells the newest reading of a channel of its object.
#[doc(hidden)]
pub fn refusal(
    interface: &Interface,
    command: &CommandInfo,
    arguments: &Value,
    latest: impl Fn(&str) -> Option<Reading>,
) -> Option<String> {
    let good = |channel: &str| {
        let known = latest(channel).filter(|reading| Quality::from_code(reading.quality) != Quality::Invalid);
        known.map(|reading| reading.value)
    };
    command.arguments.iter().find_map(|argument| {
        let (name, value) = (argument.name.as_str(), arguments.get(&argument.name));
        if value.and_then(Value::as_f64).is_some_and(|number| !number.is_finite()) {
            return Some(format!("{name} must be a number"));
        }
        let channel = argument.within.as_deref()?;
        let unit = match interface.channel(channel).map(|channel| &channel.unit) {
            Some(Unit::Fixed(unit)) => unit.clone(),
            Some(Unit::Channel(own)) => good(own).and_then(|unit| unit.as_str().map(str::to_owned)).unwrap_or_default(),
            _ => String::new(),
        };
        // A command that sets what a channel says has an argument of the channel's name.
        let from = good(name).and_then(|now| now.as_f64());
        not_within(name, from, value, channel, good(channel).unwrap_or_default(), &unit)
    })
}

/// Why an argument is not within the last value of its channel, if it is not: a number between two limits, or one of a
/// list of words. What is not known is refused.
fn not_within(
    argument: &str,
    from: Option<f64>,
    value: Option<&Value>,
    channel: &str,
    bounds: Value,
    unit: &str,
) -> Option<String> {
    if let Ok(words) = from_value::<Vec<String>>(bounds.clone()) {
        return match value.and_then(Value::as_str) {
            Some(word) if words.iter().any(|known| known == word) => None,
            Some(word) => Some(format!("{word:?} is none of {}", words.join(", "))),
            None => Some(format!("{argument} must be one of {}", words.join(", "))),
        };
    }
    let limits = from_value::<(f64, f64)>(bounds).ok().filter(|(low, high)| !(low.is_nan() || high.is_nan()));
    let Some(limits) = limits else {
        return Some(format!("its {channel} are not known, so it is not moved"));
    };
    match value.and_then(Value::as_f64) {
        Some(number) => outside_from(from, number, limits, unit),
        None => Some(format!("{argument} must be a number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interfaces::motor;

    const NONE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

    #[test]
    fn limits_that_mean_none_are_said_in_words_and_forbid_nothing() {
        for limits in [NONE, (-1e300, 1e300), (f64::MIN, f64::MAX), (-f64::from(f32::MAX), f64::from(f32::MAX))] {
            assert_eq!(limits_in_words(limits, "mm"), "no limits", "{limits:?}");
            assert_eq!(outside(1e12, limits, "mm"), None, "{limits:?}");
        }
        assert_eq!(limits_in_words((-5.0, f64::MAX), "mm"), "from -5 mm");
        assert_eq!(limits_in_words((-1e300, 10.5), ""), "up to 10.5");
        assert_eq!(limits_in_words((-5.0, 5.0), "mm"), "-5 to 5 mm");
        assert_eq!(limits_in_words((-2e15, 2e15), "steps"), "-2e15 to 2e15 steps");
        assert_eq!(limits_in_words((f64::NAN, 5.0), "mm"), "limits that cannot be");
    }

    #[test]
    fn what_is_no_number_lies_outside_of_all_limits() {
        assert_eq!(outside(f64::NAN, NONE, "mm").as_deref(), Some("that is not a number"));
        assert_eq!(outside(f64::INFINITY, NONE, "mm").as_deref(), Some("that is infinitely far"));
        assert_eq!(outside(0.0, (f64::NAN, f64::NAN), "mm").as_deref(), Some("the limits are not numbers"));
        assert_eq!(outside(1e300, (0.0, 5.0), "mm").as_deref(), Some("1e300 is above the limit 5 mm"));
    }

    #[test]
    fn what_stands_beyond_a_limit_may_go_towards_its_range() {
        let from = |from: f64, to: f64| outside_from(Some(from), to, (-10.0, 10.0), "mm");
        assert_eq!([from(10.3, 10.2), from(10.3, 9.0), from(-10.3, -10.2), from(-11.0, 0.0)], [const { None }; 4]);
        for (at, to) in [(10.3, 10.3), (10.3, 10.4), (9.0, 10.1), (10.3, -10.1), (-10.3, 10.1), (-10.3, -10.4)] {
            assert!(from(at, to).is_some(), "from {at} to {to}");
        }
        assert!(outside_from(None, 10.2, (-10.0, 10.0), "mm").is_some(), "where it stands is not known");
    }

    #[test]
    fn a_command_is_refused_what_is_no_number_and_what_its_limits_do_not_allow() {
        let interface = motor::interface();
        let command = interface.command("move_to").expect("a motor moves");
        let reading = |value: Value, quality: Quality| Reading { value, quality: quality.code(), ..Reading::default() };
        let ask = |to: f64, limits: (f64, f64), at: Quality| {
            let latest = |channel: &str| match channel {
                "limits" => Some(reading(Value::list([limits.0, limits.1].map(Value::Float)), Quality::Ok)),
                "position" => Some(reading(Value::Float(10.3), at)),
                "unit" => Some(reading("mm".into(), Quality::Ok)),
                _ => None,
            };
            refusal(&interface, command, &Value::map([("position", Value::Float(to))]), latest)
        };
        assert_eq!(ask(f64::NAN, NONE, Quality::Ok).as_deref(), Some("position must be a number"));
        assert_eq!(
            ask(5.0, (f64::NAN, 10.0), Quality::Ok).as_deref(),
            Some("its limits are not known, so it is not moved")
        );
        assert_eq!(ask(10.2, (-10.0, 10.0), Quality::Ok), None);
        assert_eq!(ask(10.2, (-10.0, 10.0), Quality::Invalid).as_deref(), Some("10.2 is above the limit 10 mm"));
        assert_eq!(ask(1e6, NONE, Quality::Ok), None);
    }
}
