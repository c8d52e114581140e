//! Type expressions of variables (`list(string)`, `object({ … })`) and the conversions they ask for.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::jobspec::syntax::{self, Expr, Key, Kind};
use crate::jobspec::value::Value;

/// What a type may be.
pub(super) const NAMES: &str = "write string, number, bool, list(…), set(…), map(…), object({ … }), tuple([ … ]) or any, without quotes";

/// The type a variable is declared with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    Any,
    Text,
    Number,
    Bool,
    List(Box<Type>),
    /// A list without duplicates, in order.
    Set(Box<Type>),
    Map(Box<Type>),
    Object(BTreeMap<String, Type>),
    Tuple(Vec<Type>),
}

/// Reads the type of a variable. It must be exact: Nomad takes neither `any` nor a bare `list`.
pub(crate) fn parse(expr: &Expr<'_>) -> Result<Type, String> {
    read(expr, false)
}

/// Reads the type that `convert` is given, where `any` leaves a part as it is.
pub(crate) fn parse_constraint(expr: &Expr<'_>) -> Result<Type, String> {
    read(expr, true)
}

fn read(expr: &Expr<'_>, any: bool) -> Result<Type, String> {
    let parse = |expr: &Expr<'_>| read(expr, any);
    match &expr.kind {
        Kind::Name(name) => match *name {
            "string" => Ok(Type::Text),
            "number" => Ok(Type::Number),
            "bool" => Ok(Type::Bool),
            "any" if any => Ok(Type::Any),
            "any" => Err("a variable needs an exact type; leave any out".to_owned()),
            "list" | "set" | "map" => {
                Err(format!("{name} needs the type of its elements, as in {name}(string)"))
            }
            "object" => Err("object needs its attributes, as in object({ a = string })".to_owned()),
            "tuple" => {
                Err("tuple needs its elements' types, as in tuple([string, number])".to_owned())
            }
            other => Err(format!("{other} is no type")),
        },
        Kind::Json(text, _) => {
            let inner = syntax::parse_expression(text).map_err(|problem| problem.message)?;
            parse(&inner)
        }
        Kind::Call(call) => {
            let [argument] = call.arguments.as_slice() else {
                return Err(format!("{} takes one type between its parentheses", call.name.text));
            };
            match (call.name.text, &argument.kind) {
                ("list", _) => Ok(Type::List(Box::new(parse(argument)?))),
                ("set", _) => Ok(Type::Set(Box::new(parse(argument)?))),
                ("map", _) => Ok(Type::Map(Box::new(parse(argument)?))),
                ("tuple", Kind::List(types)) => {
                    types.iter().map(parse).collect::<Result<_, _>>().map(Type::Tuple)
                }
                ("object", Kind::Object(fields)) => {
                    let mut types = BTreeMap::new();
                    for (key, value) in fields {
                        types.insert(field_name(key)?, parse(value)?);
                    }
                    Ok(Type::Object(types))
                }
                (other, _) => Err(format!("{other} is no type")),
            }
        }
        Kind::Literal(Value::Text(name)) => Err(format!("{name} is no type")),
        _ => Err("this is no type".to_owned()),
    }
}

fn field_name(key: &Key<'_>) -> Result<String, String> {
    match key {
        Key::Name(name) => Ok(name.text.to_owned()),
        Key::Expr(_) => Err("the attributes of an object type are plain names".to_owned()),
    }
}

impl Type {
    /// The type a value has: what a variable without a type takes from its default.
    pub(crate) fn of(value: &Value) -> Type {
        match value {
            Value::Null | Value::Unknown => Type::Any,
            Value::Bool(_) => Type::Bool,
            Value::Int(_) | Value::Decimal(_) => Type::Number,
            Value::Text(_) => Type::Text,
            Value::List(values) => Type::Tuple(values.iter().map(Type::of).collect()),
            Value::Object(values) => Type::Object(
                values.iter().map(|(name, value)| (name.clone(), Type::of(value))).collect(),
            ),
        }
    }

    /// The type that all of these convert to, if there is one. Numbers and bools become strings beside a string;
    /// objects of different attributes become maps, tuples of different lengths lists.
    pub(crate) fn common(types: &[&Type]) -> Option<Type> {
        let (first, rest) = types.split_first()?;
        if rest.iter().all(|other| other == first) {
            return Some((*first).clone());
        }
        if types.iter().any(|one| **one == Type::Any) {
            return Some(Type::Any);
        }
        let texts = |one: &&Type| matches!(one, Type::Text | Type::Number | Type::Bool);
        if types.iter().all(texts) {
            return types.contains(&&Type::Text).then_some(Type::Text);
        }
        let tuples: Option<Vec<&[Type]>> = types.iter().map(|one| one.elements()).collect();
        if let Some(tuples) = tuples {
            let length = tuples.first()?.len();
            if tuples.iter().any(|tuple| tuple.len() != length) {
                let all: Vec<&Type> = tuples.into_iter().flatten().collect();
                return Type::common(&all).map(|inner| Type::List(Box::new(inner)));
            }
            let column = |at: usize| tuples.iter().map(|tuple| &tuple[at]).collect::<Vec<_>>();
            let elements: Option<_> = (0..length).map(|at| Type::common(&column(at))).collect();
            return elements.map(Type::Tuple);
        }
        let objects: Option<Vec<&BTreeMap<String, Type>>> =
            types.iter().map(|one| one.attributes()).collect();
        let objects = objects?;
        let names = objects.first()?;
        if objects.iter().any(|object| !object.keys().eq(names.keys())) {
            let all: Vec<&Type> = objects.into_iter().flat_map(BTreeMap::values).collect();
            return Type::common(&all).map(|inner| Type::Map(Box::new(inner)));
        }
        let attribute = |name: &String| {
            let types: Vec<&Type> = objects.iter().filter_map(|object| object.get(name)).collect();
            Some((name.clone(), Type::common(&types)?))
        };
        names.keys().map(attribute).collect::<Option<_>>().map(Type::Object)
    }

    fn elements(&self) -> Option<&[Type]> {
        if let Type::Tuple(types) = self { Some(types) } else { None }
    }

    fn attributes(&self) -> Option<&BTreeMap<String, Type>> {
        if let Type::Object(types) = self { Some(types) } else { None }
    }

    /// Converts a value, or says what is required instead.
    pub(crate) fn convert(&self, value: Value) -> Result<Value, String> {
        if matches!(value, Value::Null | Value::Unknown) {
            return Ok(value);
        }
        match (self, value) {
            (Type::Any, value) => Ok(value),
            (Type::Text, value) => {
                value.to_text().map(Value::Text).ok_or_else(|| "a string is required".to_owned())
            }
            (Type::Number, value) => match value {
                Value::Int(_) | Value::Decimal(_) => Some(value),
                Value::Text(text) => Value::decimal(&text),
                _ => None,
            }
            .ok_or_else(|| "a number is required".to_owned()),
            (Type::Bool, value) => {
                value.to_bool().map(Value::Bool).ok_or_else(|| "a bool is required".to_owned())
            }
            (Type::List(inner), Value::List(values)) => values
                .into_iter()
                .map(|value| inner.convert(value))
                .collect::<Result<_, _>>()
                .map(Value::List),
            (Type::Set(inner), Value::List(values)) => {
                let values: Result<Vec<Value>, String> =
                    values.into_iter().map(|value| inner.convert(value)).collect();
                Ok(set(values?))
            }
            (Type::Map(inner), Value::Object(values)) => values
                .into_iter()
                .map(|(key, value)| Ok((key, inner.convert(value)?)))
                .collect::<Result<_, String>>()
                .map(Value::Object),
            (Type::Tuple(types), Value::List(values)) if types.len() == values.len() => types
                .iter()
                .zip(values)
                .map(|(inner, value)| inner.convert(value))
                .collect::<Result<_, _>>()
                .map(Value::List),
            (Type::Object(types), Value::Object(mut values)) => {
                let mut object = BTreeMap::new();
                for (name, inner) in types {
                    let value = values
                        .remove(name)
                        .ok_or_else(|| format!("attribute {name} is required"))?;
                    object.insert(name.clone(), inner.convert(value)?);
                }
                Ok(Value::Object(object))
            }
            (Type::Tuple(types), Value::List(values)) => {
                Err(format!("{} elements are required, not {}", types.len(), values.len()))
            }
            (wanted, _) => Err(format!("{} is required", wanted.describe())),
        }
    }

    pub(crate) fn describe(&self) -> &'static str {
        match self {
            Type::Any => "any value",
            Type::Text => "a string",
            Type::Number => "a number",
            Type::Bool => "a bool",
            Type::List(_) => "a list",
            Type::Set(_) => "a set",
            Type::Map(_) => "a map",
            Type::Object(_) => "an object",
            Type::Tuple(_) => "a tuple",
        }
    }
}

/// The members of a set: each once, in the order that sets are walked through.
pub(crate) fn set(mut values: Vec<Value>) -> Value {
    values.sort_by(order);
    values.dedup();
    Value::List(values)
}

/// Numbers by size, texts by their bytes; anything with parts by its JSON, so that equal ones meet.
fn order(left: &Value, right: &Value) -> Ordering {
    let numbers = |value: &Value| match value {
        Value::Int(_) | Value::Decimal(_) => value.to_number(),
        _ => None,
    };
    match (numbers(left), numbers(right), left, right) {
        (Some(left), Some(right), ..) => left.total_cmp(&right),
        (.., Value::Text(left), Value::Text(right)) => left.cmp(right),
        _ => left.to_json().to_string().cmp(&right.to_json().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(left: &str, right: &str) -> Option<Type> {
        let value = |text: &str| {
            Type::of(&Value::from_json(&serde_json::from_str(text).expect("the test's own JSON")))
        };
        Type::common(&[&value(left), &value(right)])
    }

    #[test]
    fn what_two_types_have_in_common() {
        let list = |inner| Some(Type::List(Box::new(inner)));
        assert_eq!(common("1", "\"a\""), Some(Type::Text));
        assert_eq!(common("1", "true"), None);
        assert_eq!(common("1", "[1]"), None);
        assert_eq!(common("[1]", "{}"), None);
        assert_eq!(common("[]", "[1, \"a\"]"), list(Type::Text));
        assert_eq!(common("[1, true]", "[\"a\", false]"), {
            Some(Type::Tuple(vec![Type::Text, Type::Bool]))
        });
        assert_eq!(common("{\"a\": 1}", "{}"), Some(Type::Map(Box::new(Type::Number))));
        assert_eq!(common("{\"a\": 1}", "{\"b\": [1]}"), None);
    }

    #[test]
    fn sets_are_in_order_and_hold_each_once() {
        let numbers = [10, 9, 10, 100].map(Value::Int).to_vec();
        assert_eq!(set(numbers), Value::List([9, 10, 100].map(Value::Int).to_vec()));
    }
}
