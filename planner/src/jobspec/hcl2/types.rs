//! Types, and how they are written: `list(string)`, `object({ … })`.
//!
//! What converts to what is in `conversion.rs`.

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
            Value::Typed(typed) => typed.kind.clone(),
        }
    }

    /// A list of this.
    pub(super) fn list(self) -> Type {
        Type::List(Box::new(self))
    }

    /// A map of this.
    pub(super) fn map(self) -> Type {
        Type::Map(Box::new(self))
    }

    /// The type of the elements, where they have one.
    pub(super) fn element(&self) -> Option<&Type> {
        match self {
            Type::List(inner) | Type::Set(inner) | Type::Map(inner) => Some(inner),
            _ => None,
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
