//! Identifiers, times, durations and sizes as Nomad's command line prints them.

use crate::clock::{SECOND_NS, parse_rfc3339, rfc3339};

/// Characters of a shortened identifier.
const SHORT_ID: usize = 8;

/// The first eight characters, or all of them if asked for.
pub(super) fn short_id(id: &str, verbose: bool) -> String {
    if verbose { id.to_owned() } else { id.chars().take(SHORT_ID).collect() }
}

/// A time in whole seconds; `N/A` for none.
pub(super) fn time(ns: i64) -> String {
    if ns <= 0 { "N/A".to_owned() } else { rfc3339(ns - ns.rem_euclid(SECOND_NS)) }
}

/// A time written by the API.
pub(super) fn time_text(text: Option<&str>) -> String {
    // Go's zero time is a year no task started in.
    match text.filter(|t| !t.starts_with("0001-")).and_then(parse_rfc3339) {
        Some(ns) => time(ns),
        None => "N/A".to_owned(),
    }
}

/// `6m40s ago`, or the time itself when verbose.
pub(super) fn time_or_ago(ns: i64, now: i64, verbose: bool) -> String {
    if verbose { time(ns) } else { ago(ns, now) }
}

/// `6m40s ago` or `6s from now`: the two largest units.
pub(super) fn ago(then: i64, now: i64) -> String {
    if then <= 0 {
        return String::new();
    }
    let direction = if then > now { "from now" } else { "ago" };
    format!("{} {direction}", span(then.abs_diff(now) / SECOND_NS as u64))
}

/// Seconds as their two largest units.
pub(super) fn span(seconds: u64) -> String {
    let units =
        [("y", 31_536_000), ("mo", 2_592_000), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (name, size) in units {
        let count = rest / size;
        rest %= size;
        if count > 0 && parts.len() < 2 {
            parts.push(format!("{count}{name}"));
        }
    }
    if parts.is_empty() { "0s".to_owned() } else { parts.concat() }
}

/// A duration as Go prints it: `59.731µs`, `1.5s`, `1h0m5s`.
pub(super) fn go_duration(ns: i64) -> String {
    if ns == 0 {
        return "0s".to_owned();
    }
    let sign = if ns < 0 { "-" } else { "" };
    let ns = ns.unsigned_abs();
    let decimal = |unit: u64| {
        let (whole, rest) = (ns / unit, ns % unit);
        let digits = format!("{rest:0width$}", width = unit.to_string().len() - 1);
        match digits.trim_end_matches('0') {
            "" => whole.to_string(),
            digits => format!("{whole}.{digits}"),
        }
    };
    match ns {
        0..1_000 => format!("{sign}{ns}ns"),
        1_000..1_000_000 => format!("{sign}{}µs", decimal(1_000)),
        1_000_000..1_000_000_000 => format!("{sign}{}ms", decimal(1_000_000)),
        _ => {
            let minutes = ns / 60_000_000_000;
            let (hours, minutes) = (minutes / 60, minutes % 60);
            let seconds = {
                let rest = ns % 60_000_000_000;
                let (whole, fraction) = (rest / 1_000_000_000, rest % 1_000_000_000);
                match format!("{fraction:09}").trim_end_matches('0') {
                    "" => whole.to_string(),
                    digits => format!("{whole}.{digits}"),
                }
            };
            match (hours, minutes) {
                (0, 0) => format!("{sign}{seconds}s"),
                (0, m) => format!("{sign}{m}m{seconds}s"),
                (h, m) => format!("{sign}{h}h{m}m{seconds}s"),
            }
        }
    }
}

/// A size in powers of 1024: `76 MiB`, `3.7 GiB`, `0 B`.
pub(super) fn bytes(count: u64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if count < 10 {
        return format!("{count} B");
    }
    let mut value = count as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < units.len() {
        value /= 1024.0;
        unit += 1;
    }
    // One digit after the point below ten, none above; halves go up as in Nomad.
    let rounded = (value * 10.0 + 0.5).floor() / 10.0;
    if rounded < 10.0 {
        format!("{rounded:.1} {}", units[unit])
    } else {
        format!("{:.0} {}", rounded, units[unit])
    }
}

/// Mebibytes as a size.
pub(super) fn mib(count: i64) -> String {
    bytes(u64::try_from(count).unwrap_or_default() * 1024 * 1024)
}

/// A text, or `<none>`.
pub(super) fn or_none(text: &str) -> String {
    if text.is_empty() { "<none>".to_owned() } else { text.to_owned() }
}

/// A document as the `-json` flags print it: four spaces, an empty object where there is none.
pub(super) fn json(document: &impl serde::Serialize) -> String {
    let mut out = Vec::new();
    let format = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut to = serde_json::Serializer::with_formatter(&mut out, format);
    match document.serialize(&mut to) {
        Ok(()) => String::from_utf8(out).unwrap_or_default(),
        Err(error) => format!("{{\"error\": \"{error}\"}}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_two_units() {
        let texts: Vec<String> = [0, 40, 400, 480, 3_605, 90_000].into_iter().map(span).collect();
        assert_eq!(texts, ["0s", "40s", "6m40s", "8m", "1h5s", "1d1h"]);
        assert_eq!(ago(10 * SECOND_NS, 4 * SECOND_NS), "6s from now");
        assert_eq!(ago(4 * SECOND_NS, 10 * SECOND_NS), "6s ago");
    }

    #[test]
    fn sizes_are_binary() {
        let mib = 1024 * 1024;
        let texts: Vec<String> =
            [0, 52 * 1024, 76 * mib, 3_797 * mib, 24_103 * mib].into_iter().map(bytes).collect();
        assert_eq!(texts, ["0 B", "52 KiB", "76 MiB", "3.7 GiB", "24 GiB"]);
    }

    #[test]
    fn durations_are_gos() {
        let texts: Vec<String> =
            [59_731, 5_000_000_000, 90_500_000_000, 3_600_000_000_000, 1_000_000]
                .into_iter()
                .map(go_duration)
                .collect();
        assert_eq!(texts, ["59.731µs", "5s", "1m30.5s", "1h0m0s", "1ms"]);
    }

    #[test]
    fn absent_times_say_so() {
        assert_eq!(time_text(None), "N/A");
        assert_eq!(time_text(Some("0001-01-01T00:00:00Z")), "N/A");
        assert_eq!(time_text(Some("2026-11-23T06:15:30.123Z")), "2026-11-23T06:15:30Z");
    }
}
