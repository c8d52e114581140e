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

    /// The type of a list, set or map; tuples and objects have none of their own.
    pub(crate) fn kind(&self, at: usize) -> Option<Type> {
        match self.values.get(at) {
            Some(Value::Typed(typed)) => Some(typed.kind.clone()),
            _ => None,
        }
    }

    /// The type of its elements.
    pub(crate) fn element(&self, at: usize) -> Option<Type> {
        self.kind(at)?.element().cloned()
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

    /// The elements of a list in order: those of a set have none.
    pub(crate) fn list(&mut self, at: usize) -> Result<Vec<Value>, Mistake> {
        let value = self.take(at);
        if value.is_set() {
            let hint = "convert(…, list(string)) makes a list of a set of strings".to_owned();
            let wrong = Self::wrong(at, "a list", &value);
            return Err(Mistake { hint: Some(hint), ..wrong });
        }
        match value.parts() {
            Value::List(values) => Ok(values),
            other => Err(Self::wrong(at, "a list", &other)),
        }
    }

    /// The elements of a list or a set.
    pub(crate) fn members(&mut self, at: usize) -> Result<Vec<Value>, Mistake> {
        match self.take(at).parts() {
            Value::List(values) => Ok(values),
            other => Err(Self::wrong(at, "a list or a set", &other)),
        }
    }

    /// A list, set or tuple as `wanted`, of elements of one type, and the type of its elements.
    pub(crate) fn uniform(
        &mut self,
        at: usize,
        wanted: &Type,
    ) -> Result<(Type, Vec<Value>), Mistake> {
        let value = self.take(at);
        if value == Value::Null {
            return Err(Self::wrong(at, "a list", &value));
        }
        let value = wanted.convert(value).map_err(|message| Mistake::at(at, message))?;
        let inner = Type::of(&value).element().cloned().unwrap_or(Type::Any);
        let Value::List(values) = value.parts() else { return Ok((inner, Vec::new())) };
        self.afford(values.len())?;
        Ok((inner, values))
    }

    /// A list of strings.
    pub(crate) fn texts(&mut self, at: usize) -> Result<Vec<String>, Mistake> {
        let (_, values) = self.uniform(at, &Type::Text.list())?;
        values
            .iter()
            .map(|value| value.to_text().ok_or_else(|| Self::wrong(at, "a list of strings", value)))
            .collect()
    }

    /// A map or an object.
    pub(crate) fn object(&mut self, at: usize) -> Result<BTreeMap<String, Value>, Mistake> {
        match self.take(at).parts() {
            Value::Object(values) => Ok(values),
            other => Err(Self::wrong(at, "an object", &other)),
        }
    }
}

/// A list of strings as a value.
pub(crate) fn text_list(texts: impl IntoIterator<Item = impl Into<String>>) -> Value {
    let texts = texts.into_iter().map(|text| Value::Text(text.into())).collect();
    Value::typed(Type::Text.list(), Value::List(texts))
}
