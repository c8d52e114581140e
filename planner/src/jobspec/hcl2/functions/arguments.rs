//! The arguments of a call, taken out one by one with their types checked.

use std::collections::BTreeMap;

use crate::jobspec::value::Value;

/// Why a call has no value.
#[derive(Debug)]
pub(crate) struct Mistake {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// Which argument is to blame.
    pub(crate) argument: Option<usize>,
    pub(crate) hint: Option<String>,
}

impl Mistake {
    /// A mistake of the call as a whole.
    pub(crate) fn new(message: impl Into<String>) -> Mistake {
        Mistake { code: "wrong-arguments", message: message.into(), argument: None, hint: None }
    }

    /// A mistake of one argument.
    pub(crate) fn at(argument: usize, message: impl Into<String>) -> Mistake {
        Mistake { argument: Some(argument), ..Mistake::new(message) }
    }
}

/// Arguments, by position.
pub(crate) struct Arguments {
    values: Vec<Value>,
}

impl Arguments {
    /// The arguments of one call.
    pub(crate) fn new(values: Vec<Value>) -> Arguments {
        Arguments { values }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.values.len()
    }

    /// Any value; null where there is none.
    pub(crate) fn take(&mut self, at: usize) -> Value {
        self.values.get_mut(at).map_or(Value::Null, |value| std::mem::replace(value, Value::Null))
    }

    fn wrong(at: usize, wanted: &str, value: &Value) -> Mistake {
        Mistake::at(at, format!("needs {wanted}, not {}", value.kind()))
    }

    /// A string; numbers and bools convert.
    pub(crate) fn text(&mut self, at: usize) -> Result<String, Mistake> {
        let value = self.take(at);
        value.to_text().ok_or_else(|| Self::wrong(at, "a string", &value))
    }

    /// A number; numeric strings convert.
    pub(crate) fn number(&mut self, at: usize) -> Result<f64, Mistake> {
        let value = self.take(at);
        value.to_number().ok_or_else(|| Self::wrong(at, "a number", &value))
    }

    /// A whole number.
    pub(crate) fn int(&mut self, at: usize) -> Result<i64, Mistake> {
        let value = self.take(at);
        value.to_int().ok_or_else(|| Self::wrong(at, "a whole number", &value))
    }

    /// A list.
    pub(crate) fn list(&mut self, at: usize) -> Result<Vec<Value>, Mistake> {
        match self.take(at) {
            Value::List(values) => Ok(values),
            other => Err(Self::wrong(at, "a list", &other)),
        }
    }

    /// A list of strings.
    pub(crate) fn texts(&mut self, at: usize) -> Result<Vec<String>, Mistake> {
        self.list(at)?
            .iter()
            .map(|value| value.to_text().ok_or_else(|| Self::wrong(at, "a list of strings", value)))
            .collect()
    }

    /// An object.
    pub(crate) fn object(&mut self, at: usize) -> Result<BTreeMap<String, Value>, Mistake> {
        match self.take(at) {
            Value::Object(values) => Ok(values),
            other => Err(Self::wrong(at, "an object", &other)),
        }
    }
}

/// A list of strings as a value.
pub(crate) fn text_list(texts: impl IntoIterator<Item = impl Into<String>>) -> Value {
    Value::List(texts.into_iter().map(|text| Value::Text(text.into())).collect())
}
