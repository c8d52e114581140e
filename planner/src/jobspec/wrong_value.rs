//! The fix for a value of the wrong type, written out where the value says what was meant: `memory = 256` for `"256MB"`.
//!
//! Only the hint is decided here; that the value is wrong has been found out already.

use super::schema::{Field, Kind};
use super::value::Value;
use crate::diagnostic::{Diagnostic, Span};
use crate::quote::quote;

/// Attributes that count megabytes.
const MEGABYTES: [&str; 7] =
    ["memory", "memory_max", "size", "disk", "max_file_size", "secrets", "memory_hard_limit"];

/// Options of drivers that count bytes.
const BYTES: [&str; 2] = ["shm_size", "size"];

/// Below this a number without a unit was never meant as nanoseconds.
const MILLISECOND: i64 = 1_000_000;

/// What to write instead.
pub(crate) fn hint(field: &Field, value: &Value) -> String {
    let name = field.name;
    if let Value::Text(text) = value
        && text.starts_with("${")
    {
        return match text.strip_prefix("${vars.").or(text.strip_prefix("${variable.")) {
            Some(rest) => format!("write {name} = var.{}", rest.trim_end_matches('}')),
            None => format!("only the node knows {text}: write the value itself, or a variable"),
        };
    }
    match (field.kind, value) {
        (_, Value::Null) => format!("remove the line, or give {name} a value"),
        (Kind::Int | Kind::Int8, Value::Text(text))
            if BYTES.contains(&name) && field.json.is_empty() =>
        {
            bytes(name, text)
        }
        (Kind::Int | Kind::Int8, Value::Text(text)) => number(name, text),
        (Kind::Int | Kind::Int8, Value::Decimal(_)) if name == "cpu" => {
            "cpu counts MHz: write cpu = 500 for half a GHz, or cores = 1 for a whole core"
                .to_owned()
        }
        (Kind::Int | Kind::Int8, Value::Decimal(_)) => {
            let number = value.to_number().unwrap_or_default();
            format!("write {name} = {}", number.round().max(1.0))
        }
        (Kind::Int | Kind::Int8, _) => format!("write {name} = 1"),
        (Kind::Bool, Value::Text(text)) => {
            let yes = matches!(text.to_ascii_lowercase().as_str(), "yes" | "on" | "y" | "enabled");
            format!("write {name} = {yes}")
        }
        (Kind::Bool, _) => format!("write {name} = true"),
        (Kind::Duration, Value::Text(text)) => duration(name, text),
        (Kind::Duration, Value::Decimal(number)) => format!("write {name} = \"{number}s\""),
        (Kind::Duration, Value::Int(number)) => format!("write {name} = \"{number}s\""),
        (Kind::Duration, _) => format!("write {name} = \"30s\""),
        (Kind::Texts, Value::Text(text)) => {
            let parts: Vec<String> = match name {
                "args" | "entrypoint" => text.split_whitespace().map(quote).collect(),
                _ => text.split(',').map(|part| quote(part.trim())).collect(),
            };
            format!("write {name} = [{}]", parts.join(", "))
        }
        (Kind::Texts, Value::Int(number)) => format!("write {name} = [\"{number}\"]"),
        (Kind::Texts | Kind::Ints, _) => format!("write {name} = [ … ]"),
        (Kind::Text, Value::List(values)) => match values.first().and_then(Value::to_text) {
            Some(text) => format!("write {name} = {}", quote(&text)),
            None => format!("write {name} = \"…\""),
        },
        (Kind::Text, _) => format!("write {name} = \"…\""),
        (Kind::TextMap | Kind::TextMapBlock, Value::List(values)) => entries(name, values),
        (Kind::TextMap | Kind::TextMapBlock, _) => format!("write {name} {{ name = \"value\" }}"),
        (Kind::TextMapAttribute, _) => format!("write {name} = {{ name = \"value\" }}"),
        _ => format!("write {name} {{ … }}"),
    }
}

/// The fix for an entry of `env` or `meta` that is no text.
pub(crate) fn entry_hint(name: &str, value: &Value) -> String {
    match value {
        Value::Null => "remove the line, or write \"\" for an empty text".to_owned(),
        _ => format!("write {name} = jsonencode(…), or one text"),
    }
}

/// Warns of numbers that are legal and cannot be meant: a duration without a unit is nanoseconds, and a weight keeps
/// eight bits.
pub(crate) fn odd(field: &Field, value: &Value, span: Span) -> Option<Diagnostic> {
    let name = field.name;
    match (field.kind, value) {
        (Kind::Int, Value::Int(1..)) if field.json == "DiskMB" => {
            let message = "a task has no disk of its own: Nomad takes no notice of this";
            let problem = Diagnostic::warning("ignored", span, message);
            Some(problem.with_hint("write ephemeral_disk { size = … } in the group"))
        }
        (Kind::Duration, Value::Int(number @ 1..MILLISECOND)) => {
            let message = format!("{name} is a number, so it means {number} nanoseconds");
            let problem = Diagnostic::warning("nanoseconds", span, message);
            Some(problem.with_hint(format!("write {name} = \"{number}s\" for seconds")))
        }
        (Kind::Int8, Value::Int(number)) if i8::try_from(*number).is_err() => {
            let kept = *number as i8;
            let message =
                format!("{name} = {number} is read as {kept}: Nomad keeps eight bits of it");
            let problem = Diagnostic::warning("number-too-large", span, message);
            Some(problem.with_hint(format!("write {name} = 100 at most")))
        }
        _ => None,
    }
}

/// The fix for a value of an API document, whose types do not convert.
pub(crate) fn json_hint(wanted: &str, value: &Value) -> String {
    match (wanted, value) {
        ("a whole number", Value::Text(text)) if text.parse::<i64>().is_ok() => {
            format!("remove the quotes: {text}")
        }
        ("a number of nanoseconds", Value::Text(text)) => match crate::duration::parse(text) {
            Ok(nanos) => format!("write {nanos}, which is {text}"),
            Err(_) => "write 30000000000 for thirty seconds".to_owned(),
        },
        ("a list of strings", Value::Text(text)) => format!("write [\"{text}\"]"),
        ("a list", Value::Object(_)) => "put it in brackets: [{ … }]".to_owned(),
        ("a string", Value::Int(number)) => format!("put it in quotes: \"{number}\""),
        ("true or false", Value::Text(_)) => "write true or false, without quotes".to_owned(),
        (wanted, _) => format!("write {wanted}"),
    }
}

/// A size with a unit, for an option that counts bytes.
fn bytes(name: &str, text: &str) -> String {
    let folded = text.trim().to_ascii_lowercase();
    let end = folded.find(|c: char| !c.is_ascii_digit()).unwrap_or(folded.len());
    let factor: u64 = match folded[end..].trim().chars().next() {
        Some('k') => 1 << 10,
        Some('g') => 1 << 30,
        Some('m') => 1 << 20,
        _ => 1,
    };
    let amount = folded[..end].parse::<u64>().unwrap_or(64).saturating_mul(factor);
    format!("write {name} = {amount}: it counts bytes")
}

/// A number with a unit, in words, or in quotes with something else.
fn number(name: &str, text: &str) -> String {
    const WORDS: [&str; 11] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let folded = text.trim().to_ascii_lowercase();
    if let Some(number) = WORDS.iter().position(|word| *word == folded) {
        return format!("write {name} = {number}");
    }
    let end = folded.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(folded.len());
    let (digits, unit) = folded.split_at(end);
    let Ok(amount) = digits.parse::<f64>() else {
        let usual = match name {
            "static" | "to" | "local_bind_port" => 8080,
            "priority" | "weight" => 50,
            "cpu" | "memory" | "percent" | "size" => 100,
            _ => 1,
        };
        return format!("write a number: {name} = {usual}");
    };
    let unit = unit.trim();
    if MEGABYTES.contains(&name) {
        let factor = match unit {
            "g" | "gb" | "gi" | "gib" => 1024.0,
            "t" | "tb" | "ti" | "tib" => 1024.0 * 1024.0,
            "k" | "kb" | "ki" | "kib" => 1.0 / 1024.0,
            "b" => 1.0 / (1024.0 * 1024.0),
            _ => 1.0,
        };
        let whole = (amount * factor).ceil();
        return format!("write {name} = {whole}: it counts megabytes");
    }
    if name == "cpu" {
        return match unit {
            "ghz" => format!("write cpu = {}: it counts MHz", (amount * 1000.0).ceil()),
            "m" => "cpu counts MHz, not thousandths of a core: write cpu = 500".to_owned(),
            _ => format!("write cpu = {}: it counts MHz", amount.ceil()),
        };
    }
    format!("write {name} = {}", amount.round())
}

/// `30` and `30 seconds` as `30s`, days as hours.
fn duration(name: &str, text: &str) -> String {
    let folded = text.trim().to_ascii_lowercase();
    let end = folded.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(folded.len());
    let (digits, unit) = folded.split_at(end);
    let Ok(amount) = digits.parse::<f64>() else {
        return format!("write {name} = \"30s\", \"5m\" or \"1h30m\"");
    };
    let (amount, unit) = match unit.trim() {
        "" | "s" | "sec" | "secs" | "second" | "seconds" => (amount, "s"),
        "min" | "mins" | "minute" | "minutes" => (amount, "m"),
        "hr" | "hrs" | "hour" | "hours" => (amount, "h"),
        "d" | "day" | "days" => (amount * 24.0, "h"),
        "w" | "week" | "weeks" => (amount * 168.0, "h"),
        _ => return format!("write {name} = \"30s\", \"5m\" or \"1h30m\""),
    };
    format!("write {name} = \"{amount}{unit}\"")
}

/// `["KEY=value"]` as a block.
fn entries(name: &str, values: &[Value]) -> String {
    let pair = |value: &Value| {
        let text = value.to_text()?;
        let (key, value) = text.split_once('=')?;
        Some(format!("{} = {}", key.trim(), quote(value.trim())))
    };
    match values.iter().map(pair).collect::<Option<Vec<String>>>() {
        Some(pairs) if (1..=3).contains(&pairs.len()) => {
            format!("write {name} {{ … }} with one line each: {}", pairs.join(", "))
        }
        _ => format!("write {name} {{ NAME = \"value\" }}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, duration, number};

    #[test]
    fn units_are_converted() {
        assert_eq!(number("memory", "1.5 GB"), "write memory = 1536: it counts megabytes");
        assert_eq!(number("cpu", "2GHz"), "write cpu = 2000: it counts MHz");
        assert_eq!(bytes("shm_size", "64m"), "write shm_size = 67108864: it counts bytes");
        assert_eq!(number("count", "2x"), "write count = 2");
        assert_eq!(duration("ttl", "2 days"), "write ttl = \"48h\"");
        assert_eq!(duration("ttl", "90"), "write ttl = \"90s\"");
        assert_eq!(duration("ttl", "soon"), "write ttl = \"30s\", \"5m\" or \"1h30m\"");
    }
}
