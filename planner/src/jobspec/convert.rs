//! Values to the types of the schema, as each language converts them.

use serde_json::Value as Json;

use super::decode::Dialect;
use super::schema::{Field, Kind};
use super::value::Value;
use crate::duration;

/// Converts an attribute's value. `None` where there is none: it is unknown (its mistake has been told), or a null that
/// stands for nothing. The error says what is wanted, to stand after the attribute's name.
pub(crate) fn value(
    field: &Field,
    value: &Value,
    dialect: Dialect,
) -> Result<Option<Json>, String> {
    if *value == Value::Null && field.null {
        return Ok(None);
    }
    typed(field.kind, field.limits, value, dialect)
}

/// Converts a value that must be of a type.
pub(crate) fn typed(
    kind: Kind,
    limits: (i64, i64),
    value: &Value,
    dialect: Dialect,
) -> Result<Option<Json>, String> {
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
        Kind::Int => int(value, limits, weak).map(|number| Some(number.into())),
        Kind::Int8 => wrapping(value, weak).map(|number| Some(number.into())),
        Kind::Duration => match value {
            Value::Int(nanos) => Ok(Some((*nanos).into())),
            Value::Decimal(_) if weak => Ok(Some(cut_off(value).into())),
            Value::Bool(flag) if weak => Ok(Some(i64::from(*flag).into())),
            Value::Text(text) => match duration::parse(text) {
                Ok(nanos) => Ok(Some(nanos.into())),
                Err(message) => Err(format!("must be a duration such as \"30s\": {message}")),
            },
            _ => wanted("a duration such as \"30s\""),
        },
        Kind::Texts | Kind::Ints => list(kind, limits, value, weak),
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
        Value::Decimal(_) if weak => value.to_number().map(|number| number != 0.0),
        Value::Text(text) if weak => match text.as_str() {
            "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
            "0" | "f" | "F" | "FALSE" | "false" | "False" | "" => Some(false),
            _ => None,
        },
        value => value.to_bool(),
    }
}

fn int(value: &Value, limits: (i64, i64), weak: bool) -> Result<i64, String> {
    let (least, most) = limits;
    let number = match value {
        // HCL1 reads strings as Go does, and cuts off what a number has too much.
        Value::Text(text) if weak => super::hcl1::whole(text),
        Value::Decimal(_) if weak => Some(wrap(cut_off(value), limits)),
        Value::Bool(flag) if weak => Some(i64::from(*flag)),
        Value::Int(number) if weak => Some(wrap(*number, limits)),
        // Of what cannot be negative Nomad takes the whole part.
        value if least == 0 => value.to_int().or_else(|| {
            value.to_number().filter(|number| *number >= 0.0).map(|number| number as i64)
        }),
        value => value.to_int(),
    };
    match number {
        Some(number) if number < least => Err(format!("must not be less than {least}")),
        Some(number) if number > most => Err(format!("must not be more than {most}")),
        Some(number) => Ok(number),
        None if matches!(value, Value::Decimal(digits) if !digits.contains('.')) => {
            Err("is too large a number".to_owned())
        }
        None if matches!(value, Value::Decimal(_)) => Err("must be a whole number".to_owned()),
        None => Err(format!("must be a whole number, not {}", value.kind())),
    }
}

/// A number without its fraction, as far as 64 bits hold it.
fn cut_off(value: &Value) -> i64 {
    value.to_number().unwrap_or_default() as i64
}

/// What is left of a number in a type that holds no more than these.
fn wrap(number: i64, (least, most): (i64, i64)) -> i64 {
    let width = i128::from(most) - i128::from(least) + 1;
    let offset = (i128::from(number) - i128::from(least)).rem_euclid(width);
    i64::try_from(offset + i128::from(least)).unwrap_or(number)
}

/// The weight of an affinity: Nomad cuts it off at eight bits, fractions and all.
fn wrapping(value: &Value, weak: bool) -> Result<i64, String> {
    const EIGHT_BITS: (i64, i64) = (-128, 127);
    if weak {
        return int(value, EIGHT_BITS, weak);
    }
    match value.to_number() {
        Some(number) => Ok(wrap(number as i64, EIGHT_BITS)),
        None => Err(format!("must be a whole number, not {}", value.kind())),
    }
}

fn list(kind: Kind, limits: (i64, i64), value: &Value, weak: bool) -> Result<Option<Json>, String> {
    let values = match value {
        Value::List(values) => values.as_slice(),
        single if weak && !matches!(single, Value::Object(_)) => std::slice::from_ref(single),
        other => return Err(format!("must be a list, not {}", other.kind())),
    };
    let mut out = Vec::new();
    for value in values {
        out.push(match kind {
            Kind::Ints => int(value, limits, weak)
                .map_err(|wanted| format!("holds a number that {wanted}"))?
                .into(),
            _ => Json::from(
                text(value, weak)
                    .ok_or_else(|| format!("must hold strings, not {}", value.kind()))?,
            ),
        });
    }
    Ok(Some(Json::Array(out)))
}
