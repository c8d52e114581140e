//! Reads decimal numbers by way of JSON's reader, which is in every build anyway: the standard library's brings ten
//! kilobytes of powers of five with it.

/// A finite number: digits with one point at most, and an exponent or none. Words and other bases are no numbers.
pub(crate) fn parse(text: &str) -> Option<f64> {
    let Parts { sign, whole, fraction, exponent } = parts(text)?;
    // JSON wants a digit on both sides of the point, and no needless zeros before it.
    let whole = if whole.is_empty() { "0" } else { whole };
    serde_json::from_str(&format!("{sign}{whole}.{fraction}0e{exponent}")).ok()
}

/// The digits of such a number written out, without an exponent and without needless zeros: `1.50e1` is `15`.
pub(crate) fn plain(text: &str) -> Option<String> {
    let size = parse(text)?;
    let Parts { sign, whole, fraction, exponent } = parts(text)?;
    // Finite, so not too large; what is too small for a number is none at all.
    let exponent: i64 = exponent.parse().ok().filter(|_| size != 0.0).unwrap_or(0);
    let digits = [whole, fraction].concat();
    let point = whole.len() as i64 + exponent;
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() || size == 0.0 {
        return Some("0".to_owned());
    }
    let point = point - (digits.len() - significant.len()) as i64;
    let digits = significant.trim_end_matches('0');
    Some(format!("{sign}{}", written(digits, point)))
}

/// Digits with a point behind so many of them, which may be more than there are, or less than none.
pub(crate) fn written(digits: &str, point: i64) -> String {
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
    match digits.split_at_checked(usize::try_from(point).unwrap_or(0)) {
        Some(("", fraction)) => format!("0.{}{fraction}", zeros(-point)),
        Some((whole, "")) => whole.to_owned(),
        Some((whole, fraction)) => format!("{whole}.{fraction}"),
        None => format!("{digits}{}", zeros(point - digits.len() as i64)),
    }
}

struct Parts<'t> {
    sign: &'static str,
    whole: &'t str,
    fraction: &'t str,
    exponent: &'t str,
}

fn parts(text: &str) -> Option<Parts<'_>> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let power = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let legal = digits(whole) && digits(fraction) && digits(power) && !power.is_empty();
    if !legal || whole.len() + fraction.len() == 0 {
        return None;
    }
    Some(Parts { sign, whole: whole.trim_start_matches('0'), fraction, exponent })
}

#[cfg(test)]
mod tests {
    use super::{parse, plain};

    #[test]
    fn numbers_are_read_as_the_standard_library_reads_them() {
        for text in [
            "0",
            "-0",
            "1",
            "+1",
            "007",
            "1.5",
            "9.95",
            ".5",
            "5.",
            "-2.25e3",
            "1e-7",
            "3.1415926",
            "1e22",
            "123456789012",
            "0.1",
            "1E+2",
            "4.35",
            "0.000001",
            "99.9",
        ] {
            assert_eq!(parse(text), text.parse().ok(), "{text}");
        }
        for text in
            ["", ".", "-", "e5", "1e", "1e+", "1.2.3", "0x10", "inf", "nan", "1 ", "1_0", "1e999"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn digits_are_written_out() {
        for (text, digits) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("007", "7"),
            ("+1.50", "1.5"),
            ("1.50e1", "15"),
            ("-2.25E3", "-2250"),
            (".5", "0.5"),
            ("5.", "5"),
            ("12.5e-4", "0.00125"),
            ("0.00100", "0.001"),
            ("18446744073709551616", "18446744073709551616"),
            ("0e99999999999999999999", "0"),
            ("1e-999", "0"),
        ] {
            assert_eq!(plain(text).as_deref(), Some(digits), "{text}");
        }
        assert_eq!(plain("1e999"), None);
    }
}
