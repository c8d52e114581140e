//! Go's notation of durations: `1h30m`, `250ms`.

use crate::api::Nanos;
use crate::decimal;

const UNITS: &[(&str, f64)] = &[
    ("ns", 1.0),
    ("us", 1e3),
    ("µs", 1e3),
    ("μs", 1e3),
    ("ms", 1e6),
    ("s", 1e9),
    ("m", 60e9),
    ("h", 3600e9),
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
    let mut total = 0.0_f64;
    while !rest.is_empty() {
        let digits =
            rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let number = decimal::parse(&rest[..digits]).ok_or_else(invalid)?;
        rest = &rest[digits..];
        let unit_length = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        let unit = &rest[..unit_length];
        if unit.is_empty() {
            return Err(format!("\"{text}\" lacks a unit"));
        }
        let Some((_, nanos)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(format!("\"{text}\" has the unknown unit \"{unit}\""));
        };
        total += number * nanos;
        rest = &rest[unit_length..];
    }
    if total > 9.2e18 {
        return Err(format!("\"{text}\" is too long"));
    }
    let total = total.round() as Nanos;
    Ok(if negative { -total } else { total })
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
        ] {
            assert_eq!(parse(given), Ok(nanos));
            assert_eq!(text(nanos), written);
        }
        assert_eq!(parse("30"), Err("\"30\" lacks a unit".to_owned()));
        assert!(parse("").is_err() && parse("5 s").is_err() && parse("1x").is_err());
    }
}
