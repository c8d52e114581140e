//! A document as a flat map of field names to texts: what two versions are compared by.
//!
//! Texts are those of Nomad's own printing: durations in nanoseconds, numbers of free-form configuration as
//! Go prints a float. An absent field and an empty text are the same.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::Map;
use crate::api::{DiffKind, FieldDiff, TextMap, Value};

/// Field name to text.
pub(super) type Flat = Map<String>;

/// Whether unchanged fields are listed too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Listing {
    Changed,
    All,
}

/// The named fields of a document; each with the text it has where the document leaves it out.
pub(super) fn fields_of(document: &impl Serialize, names: &[(&str, &str)]) -> Flat {
    // By way of the text: a second copy of all writing code would weigh more than this costs.
    let text = serde_json::to_string(document).unwrap_or_default();
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    names
        .iter()
        .map(|(name, absent)| {
            let text = value.get(*name).and_then(scalar).unwrap_or_else(|| (*absent).to_owned());
            ((*name).to_owned(), text)
        })
        .collect()
}

/// Adds the entries of a map as `Meta[key]`.
pub(super) fn add_map(flat: &mut Flat, name: &str, map: &TextMap) {
    for (key, value) in map {
        flat.insert(format!("{name}[{key}]"), value.clone());
    }
}

/// Free-form configuration with a field for each leaf: `logging[0][type]`.
pub(super) fn flatten(config: &Map<Value>) -> Flat {
    let mut flat = Flat::new();
    for (key, value) in config {
        add_leaves(&mut flat, key.clone(), value);
    }
    flat
}

fn add_leaves(flat: &mut Flat, path: String, value: &Value) {
    match value {
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                add_leaves(flat, format!("{path}[{i}]"), item);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                add_leaves(flat, format!("{path}[{key}]"), item);
            }
        }
        Value::Number(number) => {
            flat.insert(path, go_float(number.as_f64().unwrap_or_default()));
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {
            flat.insert(path, scalar(value).unwrap_or_default());
        }
    }
}

/// A scalar's text; lists and maps have none.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The shortest text of a float, with an exponent from a million on, as Go prints it.
fn go_float(number: f64) -> String {
    let scientific = format!("{number:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let Ok(exponent) = exponent.parse::<i32>() else { return scientific };
    // Go counts the digits too: 123456789 has nine and is still printed with an exponent.
    if (-4..6).contains(&exponent) || number == 0.0 {
        return format!("{number}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// Compares two flat documents field by field, in the order of the names.
pub(super) fn diff_fields(old: &Flat, new: &Flat, listing: Listing) -> Vec<FieldDiff> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let text = |flat: &Flat, name: &String| flat.get(name).cloned().unwrap_or_default();
    names
        .into_iter()
        .filter_map(|name| diff_field(name, text(old, name), text(new, name), listing))
        .collect()
}

/// Compares two texts of one field.
pub(super) fn diff_field(
    name: &str,
    old: String,
    new: String,
    listing: Listing,
) -> Option<FieldDiff> {
    let kind = match (old.as_str(), new.as_str()) {
        (old, new) if old == new && listing == Listing::Changed => return None,
        (old, new) if old == new => DiffKind::None,
        ("", _) => DiffKind::Added,
        (_, "") => DiffKind::Deleted,
        _ => DiffKind::Edited,
    };
    Some(FieldDiff { kind, name: name.to_owned(), old, new, annotations: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_go_prints_floats() {
        let texts = [1.0, 0.5, 100_000.0, 1_000_000.0, 12_345_678.0, 0.000_01, -2.0, 0.0];
        let printed: Vec<String> = texts.into_iter().map(go_float).collect();
        assert_eq!(printed, ["1", "0.5", "100000", "1e+06", "1.2345678e+07", "1e-05", "-2", "0"]);
    }
}
