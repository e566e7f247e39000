//! Numbers as spec writes and reads them. `Data` calls it; nobody else needs it.

/// As `printf("%.15g")` of C writes it, which is how spec sends every number (*help*).
pub(crate) fn format(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    // 15 digits; rounding is done before the exponent is known, as C does.
    let scientific = format!("{number:.14e}");
    let (digits, exponent) = scientific.split_once('e').expect("`e` stands in each number that is written with {:e}");
    let exponent: i32 = exponent.parse().expect("a whole number stands behind the `e`");
    if (-4..15).contains(&exponent) {
        let decimals = usize::try_from(14 - exponent).expect("the exponent is below 15");
        return without_zeros(&format!("{number:.decimals$}")).to_owned();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", without_zeros(digits), exponent.abs())
}

fn without_zeros(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

/// The number that a text is, as spec takes a string for a number: decimal or, behind `0x`, hexadecimal (*manual*,
/// 2.3.4.2.2). Blanks around it do not count.
pub(crate) fn parse(text: &str) -> Option<f64> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let Some(hex) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) else {
        return text.parse().ok();
    };
    // A sign would be taken here too.
    let whole = u64::from_str_radix(hex, 16).ok().filter(|_| hex.starts_with(|c: char| c.is_ascii_hexdigit()))?;
    let number = whole as f64;
    Some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::{format, parse};

    #[test]
    fn numbers_are_written_as_c_writes_them() {
        // Each is what `printf("%.15g")` of glibc prints.
        let cases = [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (-20.0, "-20"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.3"),
            (12.5, "12.5"),
            (1.0 / 3.0, "0.333333333333333"),
            (2.0 / 3.0, "0.666666666666667"),
            (123_456_789_012_345.0, "123456789012345"),
            (999_999_999_999_999.0, "999999999999999"),
            (1e15, "1e+15"),
            (1_234_567_890_123_456.0, "1.23456789012346e+15"),
            (0.0001, "0.0001"),
            (0.000_012_5, "1.25e-05"),
            (1e100, "1e+100"),
            (-1.5e-300, "-1.5e-300"),
            (999_999_999_999_999.9, "1e+15"),
            (f64::NAN, "nan"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for (number, text) in cases {
            assert_eq!(format(number), text);
        }
    }

    #[test]
    fn texts_that_are_numbers_are_read_and_others_are_not() {
        let cases = [(" 10.5\n", 10.5), ("-2", -2.0), ("+3", 3.0), ("1e3", 1e3), (".5", 0.5), ("0x1F", 31.0)];
        for (text, number) in cases {
            assert_eq!(parse(text), Some(number), "{text}");
        }
        for text in ["", " ", "phi", "1 2", "10.5mm", "0x", "0x-1", "0x+1", "--1", "1,5"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
