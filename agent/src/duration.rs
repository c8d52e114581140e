//! Go's notation of time spans: `1h30m0s`, `1.5s`, `250ms`.

use std::time::Duration;

/// Writes nanoseconds as Go's `time.Duration` prints itself.
pub fn duration_text(ns: i64) -> String {
    let sign = if ns < 0 { "-" } else { "" };
    let ns = ns.unsigned_abs();
    if ns == 0 {
        return "0s".into();
    }
    for (unit, factor) in [("ns", 1), ("µs", 1_000), ("ms", 1_000_000)] {
        if ns < factor * 1000 {
            return format!("{sign}{}{unit}", decimal(ns, factor));
        }
    }
    let second = 1_000_000_000;
    let minutes = ns / (60 * second);
    let seconds = decimal(ns % (60 * second), second);
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
        (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

fn decimal(value: u64, factor: u64) -> String {
    let (whole, rest) = (value / factor, value % factor);
    if rest == 0 {
        return whole.to_string();
    }
    let digits = format!("{rest:0width$}", width = factor.ilog10() as usize);
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

/// Reads a span as Go does; `None` if it is not one or is negative.
pub fn parse_duration(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    let mut rest = text;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        let factor = match &rest[..end] {
            "ns" => 1e-9,
            "us" | "µs" | "μs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        seconds += number * factor;
        rest = &rest[end..];
    }
    if text.is_empty() { None } else { Duration::try_from_secs_f64(seconds).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_gos() {
        let cases = [
            (0, "0s"),
            (5_000_000_000, "5s"),
            (1_117_433_337, "1.117433337s"),
            (250_000_000, "250ms"),
            (1_500, "1.5µs"),
            (86_400_000_000_000, "24h0m0s"),
            (1_800_000_000_000, "30m0s"),
            (-90_000_000_000, "-1m30s"),
        ];
        for (ns, text) in cases {
            assert_eq!(duration_text(ns), text);
        }
    }

    #[test]
    fn spans_are_read() {
        assert_eq!(parse_duration("1h2m0.5s"), Some(Duration::from_millis(3_720_500)));
        assert_eq!(parse_duration("0"), Some(Duration::ZERO));
        for wrong in ["", "5", "s", "-1s", "1d", "1..2s"] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
    }
}
