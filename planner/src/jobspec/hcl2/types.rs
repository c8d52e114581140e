//! Type expressions of variables (`list(string)`, `object({ … })`) and the conversions they ask for.

use std::collections::BTreeMap;

use crate::jobspec::syntax::{Expr, Key, Kind};
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

/// Reads a type expression.
pub(crate) fn parse(expr: &Expr<'_>) -> Result<Type, String> {
    match &expr.kind {
        Kind::Name(name) => match *name {
            "any" => Ok(Type::Any),
            "string" => Ok(Type::Text),
            "number" => Ok(Type::Number),
            "bool" => Ok(Type::Bool),
            "list" => Ok(Type::List(Box::new(Type::Any))),
            "set" => Ok(Type::Set(Box::new(Type::Any))),
            "map" => Ok(Type::Map(Box::new(Type::Any))),
            other => Err(format!("{other} is no type")),
        },
        Kind::Literal(Value::Text(name)) => parse_old(name),
        Kind::Call(call) => {
            let argument =
                call.arguments.first().ok_or("a type is missing between the parentheses")?;
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
        _ => Err("this is no type".to_owned()),
    }
}

fn field_name(key: &Key<'_>) -> Result<String, String> {
    match key {
        Key::Name(name) => Ok(name.text.to_owned()),
        Key::Expr(Expr { kind: Kind::Literal(Value::Text(name)), .. }) => Ok(name.clone()),
        Key::Expr(_) => Err("an attribute name must be constant".to_owned()),
    }
}

/// The quoted names of older HCL.
fn parse_old(name: &str) -> Result<Type, String> {
    match name {
        "string" => Ok(Type::Text),
        "list" => Ok(Type::List(Box::new(Type::Any))),
        "map" => Ok(Type::Map(Box::new(Type::Any))),
        other => Err(format!("{other} is no type")),
    }
}

impl Type {
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
            (Type::Number, value) => value
                .to_number()
                .map(Value::number)
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
                let mut set: Vec<Value> = Vec::new();
                for value in values {
                    let value = inner.convert(value)?;
                    if !set.contains(&value) {
                        set.push(value);
                    }
                }
                set.sort_by_key(Value::to_text);
                Ok(Value::List(set))
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
            (wanted, _) => Err(format!("{} is required", wanted.describe())),
        }
    }

    fn describe(&self) -> &'static str {
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
