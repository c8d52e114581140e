//! Values to the types of the schema, as each language converts them.

use serde_json::Value as Json;

use super::decode::Dialect;
use super::schema::Kind;
use super::value::Value;
use crate::duration;

/// Converts an attribute's value. `None` where it is unknown (its mistake has been told); the error says what is
/// wanted, to stand after the attribute's name.
pub(crate) fn value(kind: Kind, value: &Value, dialect: Dialect) -> Result<Option<Json>, String> {
    if value.has_unknown() {
        return Ok(None);
    }
    if *value == Value::Null {
        return Err("may not be null".to_owned());
    }
    let weak = dialect == Dialect::Hcl1;
    let wanted = |wanted: &str| Err(format!("must be {wanted}, not {}", value.kind()));
    match kind {
        Kind::Text => match text(value, weak) {
            Some(text) => Ok(Some(text.into())),
            None => wanted("a string"),
        },
        Kind::Bool => match truth(value, weak) {
            Some(flag) => Ok(Some(flag.into())),
            None => wanted("true or false"),
        },
        Kind::Int | Kind::Int8 => int(kind, value, weak),
        Kind::Duration => match value {
            Value::Int(nanos) => Ok(Some((*nanos).into())),
            Value::Text(text) => match duration::parse(text) {
                Ok(nanos) => Ok(Some(nanos.into())),
                Err(message) => Err(format!("must be a duration such as \"30s\": {message}")),
            },
            _ => wanted("a duration such as \"30s\""),
        },
        Kind::Texts | Kind::Ints => list(kind, value, weak),
        Kind::TextMap | Kind::TextMapBlock | Kind::TextMapAttribute => match value {
            Value::Object(values) => {
                let mut map = serde_json::Map::new();
                for (key, value) in values {
                    let text = text(value, weak).ok_or_else(|| {
                        format!("must hold strings, but {key} is {}", value.kind())
                    })?;
                    map.insert(key.clone(), text.into());
                }
                Ok(Some(Json::Object(map)))
            }
            _ => wanted("an object of strings"),
        },
        Kind::ListMap | Kind::Free | Kind::Block(_) | Kind::Blocks(_) | Kind::ByLabel(_) => {
            wanted("a block")
        }
        Kind::Expression => wanted("an expression"),
    }
}

/// HCL1 writes a bool as a digit.
fn text(value: &Value, weak: bool) -> Option<String> {
    match value {
        Value::Bool(flag) if weak => Some(if *flag { "1" } else { "0" }.to_owned()),
        value => value.to_text(),
    }
}

fn truth(value: &Value, weak: bool) -> Option<bool> {
    match value {
        Value::Int(number) if weak => Some(*number != 0),
        Value::Text(text) if weak => match text.as_str() {
            "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
            "0" | "f" | "F" | "FALSE" | "false" | "False" | "" => Some(false),
            _ => None,
        },
        value => value.to_bool(),
    }
}

fn int(kind: Kind, value: &Value, weak: bool) -> Result<Option<Json>, String> {
    let number = match value {
        Value::Float(number) if weak => Some(*number as i64),
        Value::Bool(flag) if weak => Some(i64::from(*flag)),
        value => value.to_int(),
    };
    match (number, kind) {
        (Some(number), Kind::Int8) => Ok(Some((number as i8).into())),
        (Some(number), _) => Ok(Some(number.into())),
        (None, _) if matches!(value, Value::Float(_)) => Err("must be a whole number".to_owned()),
        (None, _) => Err(format!("must be a whole number, not {}", value.kind())),
    }
}

fn list(kind: Kind, value: &Value, weak: bool) -> Result<Option<Json>, String> {
    let one;
    let values = match value {
        Value::List(values) => values,
        single if weak && !matches!(single, Value::Object(_)) => {
            one = vec![single.clone()];
            &one
        }
        other => return Err(format!("must be a list, not {}", other.kind())),
    };
    let mut out = Vec::new();
    for value in values {
        let json = match kind {
            Kind::Ints => value.to_int().map(Json::from),
            _ => text(value, weak).map(Json::from),
        };
        let what = if matches!(kind, Kind::Ints) { "whole numbers" } else { "strings" };
        out.push(json.ok_or_else(|| format!("must hold {what}, not {}", value.kind()))?);
    }
    Ok(Some(Json::Array(out)))
}
