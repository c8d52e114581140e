//! The arguments of a call, taken out one by one with their types checked.

use std::collections::BTreeMap;

use crate::jobspec::hcl2::types::Type;
use crate::jobspec::value::Value;

/// The code of a call that would cost more than the file may.
pub(crate) const TOO_MUCH: &str = "too-much-work";

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

/// Arguments, by position, and what may be spent on them.
pub(crate) struct Arguments {
    values: Vec<Value>,
    left: usize,
}

impl Arguments {
    /// The arguments of one call.
    pub(crate) fn new(values: Vec<Value>, left: usize) -> Arguments {
        Arguments { values, left }
    }

    /// Asks before something is made that is much larger than the arguments, or takes much longer to make.
    pub(crate) fn afford(&mut self, work: usize) -> Result<(), Mistake> {
        match self.left.checked_sub(work) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(Mistake { code: TOO_MUCH, ..Mistake::new("takes too much work") }),
        }
    }

    /// What may still be spent.
    pub(crate) fn left(&self) -> usize {
        self.left
    }

    /// The same for a text of so many bytes.
    pub(crate) fn afford_text(&mut self, bytes: usize) -> Result<(), Mistake> {
        self.afford(bytes / 32)
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

    /// A number as it is; numeric strings convert.
    pub(crate) fn any_number(&mut self, at: usize) -> Result<Value, Mistake> {
        let value = self.take(at);
        let number =
            Type::Number.convert(value.clone()).ok().filter(|number| *number != Value::Null);
        number.ok_or_else(|| Self::wrong(at, "a number", &value))
    }

    /// A number, as exact as 64 bits are.
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

    /// A list whose elements are of one type: those that differ are converted.
    pub(crate) fn uniform(&mut self, at: usize) -> Result<Vec<Value>, Mistake> {
        let values = self.list(at)?;
        self.afford(values.len())?;
        let types: Vec<Type> = values.iter().map(Type::of).collect();
        let Some(first) = types.first() else { return Ok(values) };
        if types.iter().all(|other| other == first) {
            return Ok(values);
        }
        let types: Vec<&Type> = types.iter().collect();
        let common =
            Type::common(&types).ok_or_else(|| Mistake::at(at, "needs elements of one type"))?;
        let converted = values.into_iter().map(|value| common.convert(value));
        converted.collect::<Result<_, _>>().map_err(|message| Mistake::at(at, message))
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
