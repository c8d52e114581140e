//! The values of HCL expressions, and their conversions.
//!
//! HCL has one kind of number, lists that may be mixed, and objects ordered by key. Lists, sets and maps of one type are
//! their parts with that type beside them; only HCL2's expressions know them. `Unknown` stands for what could not be
//! evaluated: its error has been told already, so that nothing is said twice.

use std::collections::BTreeMap;

use super::hcl2::Type;
use crate::decimal;

/// What an expression evaluates to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    /// A number with a fraction, or beyond 64 bits: its digits, written out. In HCL1 and JSON also a whole number that is
    /// written as a fraction.
    Decimal(String),
    Text(String),
    List(Vec<Value>),
    Object(BTreeMap<String, Value>),
    /// A list, set or map whose elements have one type.
    Typed(Box<Typed>),
    Unknown,
}

/// What has elements of one type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Typed {
    /// A list, a set or a map.
    pub(crate) kind: Type,
    /// A `List`, or an `Object` for a map.
    pub(crate) parts: Value,
}

impl Value {
    /// A number, whole where it can be.
    pub(crate) fn number(number: f64) -> Value {
        let whole = number as i64;
        if whole as f64 == number && number.abs() < 9.2e18 {
            Value::Int(whole)
        } else {
            Value::Decimal(number.to_string())
        }
    }

    /// Reads a number, whole where it can be.
    pub(crate) fn decimal(text: &str) -> Option<Value> {
        if let Ok(whole) = text.parse() {
            return Some(Value::Int(whole));
        }
        let digits = decimal::plain(text)?;
        Some(digits.parse().map_or(Value::Decimal(digits), Value::Int))
    }

    /// A list, set or map.
    pub(crate) fn typed(kind: Type, parts: Value) -> Value {
        Value::Typed(Box::new(Typed { kind, parts }))
    }

    pub(crate) fn is_set(&self) -> bool {
        matches!(self, Value::Typed(typed) if matches!(typed.kind, Type::Set(_)))
    }

    /// The same without the type of its elements.
    pub(crate) fn parts(self) -> Value {
        match self {
            Value::Typed(typed) => typed.parts,
            other => other,
        }
    }

    /// True for a map of maps or objects, of which [`Value::bare`] keeps no keys.
    pub(crate) fn is_keyless(&self) -> bool {
        let Value::Typed(typed) = self else { return false };
        let Type::Map(inner) = &typed.kind else { return false };
        matches!(**inner, Type::Map(_) | Type::Object(_))
    }

    /// The same without any type of elements, to the last part. A map of maps or objects is only the list of them,
    /// without their keys: Nomad keeps no more where it takes any value.
    pub(crate) fn bare(self) -> Value {
        let keyless = self.is_keyless();
        match self.parts() {
            Value::Object(values) if keyless => {
                Value::List(values.into_values().map(Value::bare).collect())
            }
            Value::List(values) => Value::List(values.into_iter().map(Value::bare).collect()),
            Value::Object(values) => {
                Value::Object(values.into_iter().map(|(key, value)| (key, value.bare())).collect())
            }
            other => other,
        }
    }

    /// The negative number.
    pub(crate) fn negated(&self) -> Option<Value> {
        match self {
            Value::Int(number) => match number.checked_neg() {
                Some(number) => Some(Value::Int(number)),
                None => Some(Value::Decimal(number.unsigned_abs().to_string())),
            },
            Value::Decimal(digits) => match digits.strip_prefix('-') {
                Some(digits) => Value::decimal(digits),
                None => Value::decimal(&format!("-{digits}")),
            },
            Value::Text(text) => Value::decimal(text)?.negated(),
            _ => None,
        }
    }

    /// What the user would call it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a bool",
            Value::Int(_) | Value::Decimal(_) => "a number",
            Value::Text(_) => "a string",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
            Value::Typed(typed) => typed.kind.describe(),
            Value::Unknown => "an unknown value",
        }
    }

    /// As a string: numbers and bools convert.
    pub(crate) fn to_text(&self) -> Option<String> {
        match self {
            Value::Text(text) => Some(text.clone()),
            Value::Bool(flag) => Some(flag.to_string()),
            Value::Int(number) => Some(number.to_string()),
            Value::Decimal(digits) => Some(digits.clone()),
            _ => None,
        }
    }

    /// As a number: numeric strings convert.
    pub(crate) fn to_number(&self) -> Option<f64> {
        match self {
            Value::Int(number) => Some(*number as f64),
            Value::Decimal(text) | Value::Text(text) => decimal::parse(text),
            _ => None,
        }
    }

    /// As a whole number.
    pub(crate) fn to_int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            Value::Text(text) => match Value::decimal(text)? {
                Value::Int(number) => Some(number),
                _ => None,
            },
            _ => None,
        }
    }

    /// As a bool: the words convert, and so do one and zero as strings.
    pub(crate) fn to_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(flag) => Some(*flag),
            Value::Text(text) => match text.as_str() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// True if any part could not be evaluated.
    pub(crate) fn has_unknown(&self) -> bool {
        match self {
            Value::Unknown => true,
            Value::List(values) => values.iter().any(Value::has_unknown),
            Value::Object(values) => values.values().any(Value::has_unknown),
            Value::Typed(typed) => typed.parts.has_unknown(),
            _ => false,
        }
    }

    /// As JSON, where an unknown value is null.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Null | Value::Unknown => serde_json::Value::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Int(number) => (*number).into(),
            Value::Decimal(digits) => decimal::parse(digits).into(),
            Value::Text(text) => text.as_str().into(),
            Value::List(values) => values.iter().map(Value::to_json).collect(),
            Value::Object(values) => {
                values.iter().map(|(key, value)| (key.clone(), value.to_json())).collect()
            }
            Value::Typed(typed) => typed.parts.to_json(),
        }
    }

    /// From JSON.
    pub(crate) fn from_json(json: &serde_json::Value) -> Value {
        match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(flag) => Value::Bool(*flag),
            serde_json::Value::Number(number) => {
                Value::decimal(&number.to_string()).unwrap_or(Value::Null)
            }
            serde_json::Value::String(text) => Value::Text(text.clone()),
            serde_json::Value::Array(values) => {
                Value::List(values.iter().map(Value::from_json).collect())
            }
            serde_json::Value::Object(values) => Value::Object(
                values.iter().map(|(key, value)| (key.clone(), Value::from_json(value))).collect(),
            ),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

/// Reads a number as HCL writes it: `Int` if whole.
pub(crate) fn parse_number(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    Value::decimal(text).filter(|_| digits.starts_with(|c: char| c.is_ascii_digit()))
}
