//! The values of HCL expressions, and their conversions.
//!
//! HCL has one kind of number, lists that may be mixed, and objects ordered by key. `Unknown` stands for what
//! could not be evaluated: its error has been told already, so that nothing is said twice.

use std::collections::BTreeMap;

use crate::decimal;

/// What an expression evaluates to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Value>),
    Object(BTreeMap<String, Value>),
    Unknown,
}

impl Value {
    /// A number, whole where it can be.
    pub(crate) fn number(number: f64) -> Value {
        let whole = number as i64;
        if whole as f64 == number && number.abs() < 9.2e18 {
            Value::Int(whole)
        } else {
            Value::Float(number)
        }
    }

    /// What the user would call it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a bool",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Text(_) => "a string",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
            Value::Unknown => "an unknown value",
        }
    }

    /// As a string: numbers and bools convert.
    pub(crate) fn to_text(&self) -> Option<String> {
        match self {
            Value::Text(text) => Some(text.clone()),
            Value::Bool(flag) => Some(flag.to_string()),
            Value::Int(number) => Some(number.to_string()),
            Value::Float(number) => Some(float_text(*number)),
            _ => None,
        }
    }

    /// As a number: numeric strings convert.
    pub(crate) fn to_number(&self) -> Option<f64> {
        match self {
            Value::Int(number) => Some(*number as f64),
            Value::Float(number) => Some(*number),
            Value::Text(text) => decimal::parse(text),
            _ => None,
        }
    }

    /// As a whole number.
    pub(crate) fn to_int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            Value::Float(_) => None,
            Value::Text(text) => match text.parse() {
                Ok(number) => Some(number),
                Err(_) => Value::number(decimal::parse(text)?).to_int(),
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
            _ => false,
        }
    }

    /// As JSON, where an unknown value is null.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Null | Value::Unknown => serde_json::Value::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Int(number) => (*number).into(),
            Value::Float(number) => (*number).into(),
            Value::Text(text) => text.as_str().into(),
            Value::List(values) => values.iter().map(Value::to_json).collect(),
            Value::Object(values) => {
                values.iter().map(|(key, value)| (key.clone(), value.to_json())).collect()
            }
        }
    }

    /// From JSON.
    pub(crate) fn from_json(json: &serde_json::Value) -> Value {
        match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(flag) => Value::Bool(*flag),
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(whole) => Value::Int(whole),
                None => Value::number(number.as_f64().unwrap_or_default()),
            },
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

/// The shortest decimal text of a number, without an exponent.
pub(crate) fn float_text(number: f64) -> String {
    format!("{number}")
}

/// Reads a number as HCL writes it: `Int` if whole.
pub(crate) fn parse_number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::Int(whole));
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    decimal::parse(text).map(Value::number)
}
