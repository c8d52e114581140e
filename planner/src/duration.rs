//! Go's notation of durations: `1h30m`, `250ms`.

use crate::api::Nanos;

const UNITS: &[(&str, Nanos)] = &[
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Reads a duration, or says what is wrong with it.
pub(crate) fn parse(text: &str) -> Result<Nanos, String> {
    let invalid = || format!("\"{text}\" is no duration");
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: Nanos = 0;
    while !rest.is_empty() {
        let digits =
            rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let (number, behind) = rest.split_at(digits);
        let unit_length =
            behind.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(behind.len());
        let unit = &behind[..unit_length];
        if number.is_empty() || number == "." || number.matches('.').count() > 1 {
            return Err(invalid());
        }
        if unit.is_empty() {
            return Err(format!("\"{text}\" lacks a unit"));
        }
        let Some((_, nanos)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(format!("\"{text}\" has the unknown unit \"{unit}\""));
        };
        let sum = size(number, *nanos).and_then(|size| total.checked_add(size));
        total = sum.ok_or_else(|| format!("\"{text}\" is too long"))?;
        rest = &behind[unit_length..];
    }
    Ok(if negative { -total } else { total })
}

/// So many of a unit. What is less than a nanosecond is cut off.
fn size(number: &str, unit: Nanos) -> Option<Nanos> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole: Nanos = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let mut part = 0.0;
    let mut scale = 1.0;
    for digit in fraction.bytes().take(18) {
        part = part * 10.0 + f64::from(digit - b'0');
        scale *= 10.0;
    }
    whole.checked_mul(unit)?.checked_add((part * (unit as f64 / scale)) as Nanos)
}

/// Writes a duration as Go does: `1m0s`, `1.5s`, `250ms`.
pub(crate) fn text(nanos: Nanos) -> String {
    if nanos == 0 {
        return "0s".to_owned();
    }
    let sign = if nanos < 0 { "-" } else { "" };
    let size = nanos.unsigned_abs();
    let fraction = |unit: u64| {
        let rest = size % unit;
        let width = unit.ilog10() as usize;
        let digits = if rest == 0 { String::new() } else { format!(".{rest:0width$}") };
        format!("{}{}", size / unit, digits.trim_end_matches('0'))
    };
    match size {
        0..1_000 => format!("{sign}{size}ns"),
        1_000..1_000_000 => format!("{sign}{}µs", fraction(1_000)),
        1_000_000..1_000_000_000 => format!("{sign}{}ms", fraction(1_000_000)),
        _ => {
            let total = size / 1_000_000_000;
            let (hours, minutes) = (total / 3_600, total / 60 % 60);
            let rest = size - (hours * 3_600 + minutes * 60) * 1_000_000_000;
            let (whole, nanos) = (rest / 1_000_000_000, rest % 1_000_000_000);
            let decimals = if nanos == 0 { String::new() } else { format!(".{nanos:09}") };
            let seconds = format!("{whole}{}s", decimals.trim_end_matches('0'));
            match (hours, minutes) {
                (0, 0) => format!("{sign}{seconds}"),
                (0, minutes) => format!("{sign}{minutes}m{seconds}"),
                (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, text};

    #[test]
    fn reads_and_writes_gos_notation() {
        for (given, nanos, written) in [
            ("1h2m3.5s", 3_723_500_000_000, "1h2m3.5s"),
            ("90m", 5_400_000_000_000, "1h30m0s"),
            ("1500ms", 1_500_000_000, "1.5s"),
            ("0", 0, "0s"),
            ("-1s", -1_000_000_000, "-1s"),
            ("10us", 10_000, "10µs"),
            (".5s", 500_000_000, "500ms"),
            ("0.29s", 290_000_000, "290ms"),
            ("1.9ns", 1, "1ns"),
            ("9223372036854775807ns", i64::MAX, "2562047h47m16.854775807s"),
        ] {
            assert_eq!(parse(given), Ok(nanos));
            assert_eq!(text(nanos), written);
        }
        assert_eq!(parse("30"), Err("\"30\" lacks a unit".to_owned()));
        for wrong in ["", "5 s", "1x", ".s", "1.2.3s", "9223372036854775808ns", "2562048h"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
