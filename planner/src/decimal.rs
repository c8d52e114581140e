//! Reads decimal numbers by way of JSON's reader, which is in every build anyway: the standard library's brings ten
//! kilobytes of powers of five with it.

/// A finite number: digits with one point at most, and an exponent or none. Words and other bases are no numbers.
pub(crate) fn parse(text: &str) -> Option<f64> {
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
    // JSON wants a digit on both sides of the point, and no needless zeros before it.
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    serde_json::from_str(&format!("{sign}{whole}.{fraction}0e{exponent}")).ok()
}

#[cfg(test)]
mod tests {
    use super::parse;

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
}
