//! Rules of jobs that are launched over and over, by a clock or by hand: `periodic` and `parameterized`.

use super::{Report, one_of};
use crate::api::{Job, ParameterizedJob, Periodic};
use crate::semantics::Rule;

/// A field of a cron expression: its name, least and largest number, and what its numbers are also called.
struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    /// The largest number that may be written.
    written: u32,
    names: &'static [&'static str],
}

const fn field(name: &'static str, least: u32, most: u32) -> Field {
    Field { name, least, most, written: most, names: &[] }
}

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const DAYS: &[&str] =
    &["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const FIELDS: [Field; 7] = [
    field("second", 0, 59),
    field("minute", 0, 59),
    field("hour", 0, 23),
    field("day-of-month", 1, 31),
    Field { names: MONTHS, ..field("month", 1, 12) },
    // Sunday is both the first and the last.
    Field { names: DAYS, written: 7, ..field("day-of-week", 0, 6) },
    field("year", 1970, 2099),
];
const HINT: &str =
    "write minute, hour, day, month and weekday: \"*/5 * * * *\" is every five minutes";

pub(super) fn check(job: &Job, kind: &str, report: &mut Report) {
    if let Some(periodic) = job.periodic.as_ref().filter(|periodic| periodic.enabled != Some(false))
    {
        check_periodic(periodic, kind, report);
    }
    if let Some(parameterized) = &job.parameterized_job {
        check_parameterized(parameterized, kind, report);
    }
}

/// True for types of jobs that come to an end by themselves.
fn ends(kind: &str, report: &Report) -> bool {
    kind == "batch" || kind == "sysbatch" && report.has(Rule::SystemBatch)
}

fn check_periodic(periodic: &Periodic, kind: &str, report: &mut Report) {
    if !ends(kind, report) {
        report.error(
            "periodic",
            "invalid-periodic",
            "Periodic can only be used with \"batch\" scheduler",
        );
        report.hint("write type = \"batch\"");
    }
    let spec = periodic.spec.as_deref().unwrap_or_default();
    let specs = periodic.specs.as_deref().unwrap_or_default();
    if spec.is_empty() && specs.is_empty() {
        report.error("periodic", "missing-cron", "Must specify a spec");
        report.hint("write cron = \"0 2 * * *\" for two o'clock every night");
    }
    let zone = periodic.time_zone.as_deref().unwrap_or_default();
    if !is_zone(zone) {
        let why = match zone.starts_with(['/', '\\']) || zone.contains("..") {
            true => "time: invalid location name".to_owned(),
            false => format!("unknown time zone {zone}"),
        };
        let message = format!("Invalid time zone \"{zone}\": {why}");
        report.error("periodic.time_zone", "invalid-time-zone", message);
        report.hint(match crate::jobspec::nearest(zone, ZONES.lines()) {
            Some(near) => format!("write time_zone = \"{near}\""),
            None => "write time_zone = \"UTC\", or a name such as \"Europe/Berlin\"".to_owned(),
        });
    }
    let kind = periodic.spec_type.as_deref().unwrap_or_default();
    if kind != "cron" {
        let message = format!("Unknown periodic specification type \"{kind}\"");
        report.error("periodic", "invalid-periodic", message);
        report.hint("write cron = \"0 2 * * *\"");
        return;
    }
    let only = specs.is_empty().then_some(spec);
    for spec in specs.iter().map(String::as_str).chain(only) {
        if let Err(reason) = cron(spec) {
            let message = format!("Invalid cron spec \"{spec}\": {reason}");
            report.error("periodic.cron", "invalid-cron", message);
            report.hint(HINT);
        }
    }
}

/// The names of the time zones, one a line.
const ZONES: &str = include_str!("time_zones.txt");

fn is_zone(name: &str) -> bool {
    matches!(name, "" | "Local") || ZONES.lines().any(|zone| zone == name)
}

/// What is wrong with a cron expression: minute, hour, day, month, weekday; seconds in front and years behind if it has
/// more fields.
fn cron(spec: &str) -> Result<(), String> {
    const NAMES: [&str; 6] = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@hourly"];
    let mut spec = spec.to_owned();
    for name in NAMES {
        spec = spec.replace(name, "0 0 0 * * * *");
    }
    let written: Vec<&str> = spec.split_whitespace().take(FIELDS.len()).collect();
    let fields = match written.len() {
        0..=4 => return Err("missing field(s)".to_owned()),
        7 => &FIELDS[..],
        count => &FIELDS[1..=count],
    };
    for (text, field) in written.iter().zip(fields) {
        check_field(text, field)?;
    }
    Ok(())
}

fn check_field(text: &str, field: &Field) -> Result<(), String> {
    let entries = || text.split(',').filter(|entry| !entry.is_empty());
    if entries().next().is_none() {
        return Err(format!("{} field: missing directive", field.name));
    }
    // Steps are looked at before anything else.
    for entry in entries() {
        let lower = entry.to_ascii_lowercase();
        if let Some((range, step)) = lower.split_once('/')
            && is_range(range, field)
            && step.chars().all(|c| c.is_ascii_digit())
            && !step.is_empty()
            && !step.parse().is_ok_and(|step| (1..=field.most).contains(&step) && step < 60)
        {
            return Err(format!("invalid interval {lower}"));
        }
    }
    match entries().find(|entry| !is_entry(&entry.to_ascii_lowercase(), field)) {
        Some(entry) => Err(format!("syntax error in {} field: '{entry}'", field.name)),
        None => Ok(()),
    }
}

/// `*`, `5`, `1-5`, `*/15`, `1-5/2`, and the last days of months.
fn is_entry(entry: &str, field: &Field) -> bool {
    match entry.split_once('/') {
        Some((range, step)) => {
            is_range(range, field) && !step.is_empty() && step.chars().all(|c| c.is_ascii_digit())
        }
        None => {
            entry == "?"
                || is_range(entry, field)
                || match field.name {
                    "day-of-month" => {
                        matches!(entry, "l" | "lw")
                            || entry.strip_suffix('w').is_some_and(|day| is_value(day, field))
                    }
                    "day-of-week" => {
                        entry.strip_suffix('l').is_some_and(|day| is_value(day, field))
                            || entry.split_once('#').is_some_and(|(day, week)| {
                                is_value(day, field) && matches!(week, "1" | "2" | "3" | "4" | "5")
                            })
                    }
                    _ => false,
                }
        }
    }
}

fn is_range(range: &str, field: &Field) -> bool {
    range == "*"
        || is_value(range, field)
        || range
            .split_once('-')
            .is_some_and(|(from, to)| is_value(from, field) && is_value(to, field))
}

fn is_value(value: &str, field: &Field) -> bool {
    let digits = value.chars().all(|c| c.is_ascii_digit());
    let length = if field.most > 99 { 4..=4 } else { 1..=2 };
    if digits && length.contains(&value.len()) {
        return value
            .parse()
            .is_ok_and(|number: u32| (field.least..=field.written).contains(&number));
    }
    field.names.iter().any(|name| *name == value || name[..3] == *value)
}

fn check_parameterized(parameterized: &ParameterizedJob, kind: &str, report: &mut Report) {
    if !ends(kind, report) {
        report.error(
            "parameterized",
            "invalid-parameterized",
            "Parameterized job can only be used with \"batch\" scheduler",
        );
        report.hint("write type = \"batch\"");
    }
    if !matches!(parameterized.payload.as_str(), "optional" | "required" | "forbidden") {
        let message = format!("Unknown payload requirement: \"{}\"", parameterized.payload);
        report.error("parameterized.payload", "invalid-payload", message);
        let words = ["optional", "required", "forbidden"];
        report.hint(one_of("payload", &parameterized.payload, &words));
    }
    let both: Vec<&str> = parameterized
        .meta_required
        .iter()
        .filter(|key| parameterized.meta_optional.contains(key))
        .map(String::as_str)
        .collect();
    if !both.is_empty() {
        let message = format!(
            "Required and optional meta keys should be disjoint. Following keys exist in both: [{}]",
            both.join(" ")
        );
        report.error("parameterized.meta_optional", "duplicate-meta", message);
        report.hint("keep each key in one of the two lists");
    }
}

#[cfg(test)]
mod tests {
    use super::{cron, is_zone};

    #[test]
    fn cron_expressions_are_read_as_nomad_reads_them() {
        for good in [
            "* * * * *",
            "*/15 0-23/2 1,15 JAN-Dec mon-7",
            "0 0 L * ?",
            "0 0 LW,15W * 5L",
            "0 0 * * 5#3",
            "@daily",
            "0 * * * * * 2030",
            "0 0 * * * 2030-2040",
            "5/10 * * * *",
            "0 0 0 * * * * more",
        ] {
            assert_eq!(cron(good), Ok(()), "{good}");
        }
        for (given, told) in [
            ("", "missing field(s)"),
            ("* * * *", "missing field(s)"),
            ("99 * * * *", "syntax error in minute field: '99'"),
            ("* 24 * * *", "syntax error in hour field: '24'"),
            ("* * 0 * *", "syntax error in day-of-month field: '0'"),
            ("* * * Foo *", "syntax error in month field: 'Foo'"),
            ("* * * * 8", "syntax error in day-of-week field: '8'"),
            ("* * * * 5#6", "syntax error in day-of-week field: '5#6'"),
            ("*/0 * * * *", "invalid interval */0"),
            ("*/60 * * * *", "invalid interval */60"),
            ("* */24 * * *", "invalid interval */24"),
            (", * * * *", "minute field: missing directive"),
            ("* * * * * 1969", "syntax error in year field: '1969'"),
            ("@reboot", "missing field(s)"),
        ] {
            assert_eq!(cron(given), Err(told.to_owned()), "{given}");
        }
    }

    #[test]
    fn time_zones_are_known_by_name() {
        assert!(
            ["", "UTC", "Local", "Europe/Berlin", "US/Eastern"].iter().all(|zone| is_zone(zone))
        );
        assert!(!["Nowhere", "europe/berlin", "CEST"].iter().any(|zone| is_zone(zone)));
    }
}
