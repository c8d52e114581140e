//! What converts to what: the type that several have in common, and a value as another type.
//!
//! Brackets make a tuple and braces an object, whose parts each have a type of their own. Lists, sets and maps have one
//! for all parts; only declared types, `convert`, functions and splats make them.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::types::Type;
use crate::jobspec::value::Value;
use crate::quote::quote;

impl Type {
    /// The type that all of these convert to, if there is one. Numbers and bools become strings beside a string;
    /// objects of different attributes become maps, tuples of different lengths lists.
    pub(crate) fn common(types: &[&Type]) -> Option<Type> {
        let (first, rest) = types.split_first()?;
        if rest.iter().all(|other| other == first) {
            return Some((*first).clone());
        }
        let known: Vec<&Type> = types.iter().copied().filter(|one| **one != Type::Any).collect();
        let uncertain = known.len() < types.len();
        let all = |is: fn(&Type) -> bool| known.iter().all(|one| is(one));
        let (maps, tuples, objects) = (
            all(|one| matches!(one, Type::Map(_))),
            all(|one| matches!(one, Type::Tuple(_))),
            all(|one| matches!(one, Type::Object(_))),
        );
        let any = |is: fn(&Type) -> bool| known.iter().any(|one| is(one));
        if any(|one| matches!(one, Type::Tuple(_))) && any(|one| matches!(one, Type::Object(_))) {
            return None;
        }
        if maps || tuples || objects {
            return if uncertain { Some(Type::Any) } else { Type::built(&known) };
        }
        let takes_all = |wanted: &Type| known.iter().all(|one| one.converts(wanted));
        let candidates = known.iter().copied().filter(|wanted| takes_all(wanted));
        // The first of the most general ones.
        let best = candidates.reduce(|best, next| if next.is_wider(best) { next } else { best });
        best.cloned().or(uncertain.then_some(Type::Any))
    }

    /// The same for types that are all maps, all tuples or all objects: made of what their parts have in common.
    fn built(types: &[&Type]) -> Option<Type> {
        if let Some(inner) = types.iter().map(|one| one.element()).collect::<Option<Vec<_>>>() {
            return Type::common(&inner).map(Type::map);
        }
        let tuples: Option<Vec<&[Type]>> = types.iter().map(|one| one.elements()).collect();
        if let Some(tuples) = tuples {
            let length = tuples.first()?.len();
            if tuples.iter().any(|tuple| tuple.len() != length) {
                let all: Vec<&Type> = tuples.into_iter().flatten().collect();
                return Type::common(&all).map(Type::list);
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
            return Type::common(&all).map(Type::map);
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

    /// True if values of this type may convert. Whether one does can be up to it: not every string is a number.
    fn converts(&self, wanted: &Type) -> bool {
        let all = |types: &[Type], wanted: &Type| types.iter().all(|one| one.converts(wanted));
        match (self, wanted) {
            (Type::Any, _) | (_, Type::Any) | (Type::Text, Type::Number | Type::Bool) => true,
            (Type::Number | Type::Bool, Type::Text) => true,
            (Type::List(one) | Type::Set(one), Type::List(other) | Type::Set(other))
            | (Type::Map(one), Type::Map(other)) => one.converts(other),
            (Type::Tuple(types), Type::List(wanted) | Type::Set(wanted)) => all(types, wanted),
            (Type::Tuple(types), Type::Tuple(others)) => {
                types.len() == others.len()
                    && types.iter().zip(others).all(|(one, other)| one.converts(other))
            }
            (Type::Object(types), Type::Map(wanted)) => {
                types.values().all(|one| one.converts(wanted))
            }
            (Type::Map(one), Type::Object(types)) => {
                types.values().all(|wanted| one.converts(wanted))
            }
            (Type::Object(types), Type::Object(others)) => {
                let mut wanted = others.iter();
                wanted.all(|(name, other)| types.get(name).is_some_and(|one| one.converts(other)))
            }
            (one, other) => one == other,
        }
    }

    /// True if this is what two types become where both could.
    fn is_wider(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::List(one), Type::List(other))
            | (Type::Set(one), Type::Set(other))
            | (Type::Map(one), Type::Map(other)) => one.is_wider(other),
            (Type::Text, Type::Number | Type::Bool)
            | (Type::List(_), Type::Set(_) | Type::Tuple(_))
            | (Type::Map(_), Type::Object(_)) => true,
            _ => false,
        }
    }

    /// Converts a value, or says what is required instead.
    pub(crate) fn convert(&self, value: Value) -> Result<Value, String> {
        match (self, value) {
            (_, value @ (Value::Null | Value::Unknown)) | (Type::Any, value) => Ok(value),
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
            (Type::List(inner) | Type::Set(inner) | Type::Map(inner), value) => {
                self.collect(inner, value)
            }
            (Type::Tuple(types), Value::List(values)) if types.len() == values.len() => types
                .iter()
                .zip(values)
                .map(|(inner, value)| inner.convert(value))
                .collect::<Result<_, _>>()
                .map(Value::List),
            (Type::Tuple(types), Value::List(values)) => {
                Err(format!("{} elements are required, not {}", types.len(), values.len()))
            }
            (Type::Object(types), value) => {
                let Value::Object(mut values) = value.parts() else {
                    return Err("an object is required".to_owned());
                };
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

    /// A value as this list, set or map, whose elements are `inner`.
    fn collect(&self, inner: &Type, value: Value) -> Result<Value, String> {
        let had = match &value {
            Value::Typed(typed) => typed.kind.element().cloned(),
            _ => None,
        };
        // A type that does not convert does not do so without a single element either.
        if had.as_ref().is_some_and(|had| !had.converts(inner)) {
            return Err(format!("elements that are each {} are required", inner.describe()));
        }
        let parts = match (self, value.parts()) {
            (Type::Map(_), Value::Object(values)) => {
                let convert = |(key, value)| Ok((key, inner.convert(value)?));
                values.into_iter().map(convert).collect::<Result<_, String>>().map(Value::Object)?
            }
            (Type::List(_) | Type::Set(_), Value::List(values)) => {
                let convert = |value| inner.convert(value);
                values.into_iter().map(convert).collect::<Result<_, _>>().map(Value::List)?
            }
            _ => return Err(format!("{} is required", self.describe())),
        };
        if *inner != Type::Any {
            return Ok(self.of_elements(inner.clone(), parts));
        }
        // Whatever they are, they must be of one type.
        let types: Vec<Type> = match &parts {
            Value::List(values) => values.iter().map(Type::of).collect(),
            Value::Object(values) => values.values().map(Type::of).collect(),
            _ => Vec::new(),
        };
        let types: Vec<&Type> = types.iter().collect();
        let common = match had {
            Some(had) => had,
            None if types.is_empty() => Type::Any,
            None => Type::common(&types).ok_or("all elements must be of one type")?,
        };
        match common {
            Type::Any if types.iter().any(|one| **one != Type::Any) => {
                Err("all elements must be of one type".to_owned())
            }
            Type::Any => Ok(self.of_elements(Type::Any, parts)),
            common => self.collect(&common, parts),
        }
    }

    /// Parts as this list, set or map. The members of a set are there once, in the order that sets are walked through.
    fn of_elements(&self, inner: Type, mut parts: Value) -> Value {
        let inner = Box::new(inner);
        let kind = match self {
            Type::Map(_) => Type::Map(inner),
            Type::Set(_) => Type::Set(inner),
            _ => Type::List(inner),
        };
        if let (Type::Set(_), Value::List(values)) = (&kind, &mut parts) {
            values.sort_by(order);
            values.dedup();
        }
        Value::typed(kind, parts)
    }
}

/// Numbers by size, texts by their bytes; anything with parts as it is written out. Nulls are last.
fn order(left: &Value, right: &Value) -> Ordering {
    let numbers = |value: &Value| match value {
        Value::Int(_) | Value::Decimal(_) => value.to_number(),
        _ => None,
    };
    match (numbers(left), numbers(right), left, right) {
        (Some(left), Some(right), ..) => left.total_cmp(&right),
        (.., Value::Text(left), Value::Text(right)) => left.cmp(right),
        (.., Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (.., left, right) => {
            let key = |value: &Value| (*value == Value::Null, written(value));
            key(left).cmp(&key(right))
        }
    }
}

/// A value in the form in which Nomad orders what has parts: each part ends with a semicolon.
fn written(value: &Value) -> String {
    let list = |values: &[Value]| values.iter().map(|one| written(one) + ";").collect::<String>();
    match value {
        Value::List(values) => format!("<{}>", list(values)),
        Value::Object(values) => {
            let parts = values.values().map(|one| written(one) + ";");
            format!("<{}>", parts.collect::<String>())
        }
        Value::Typed(typed) => match &typed.parts {
            Value::Object(values) => {
                let parts =
                    values.iter().map(|(key, value)| format!("{}:{};", quote(key), written(value)));
                format!("{{{}}}", parts.collect::<String>())
            }
            Value::List(values) => format!("[{}]", list(values)),
            other => written(other),
        },
        Value::Text(text) => quote(text),
        Value::Bool(flag) => if *flag { "T" } else { "F" }.to_owned(),
        Value::Null | Value::Unknown => "~".to_owned(),
        number => number.to_text().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        Value::from_json(&serde_json::from_str(text).expect("the test's own JSON"))
    }

    fn common(left: &str, right: &str) -> Option<Type> {
        Type::common(&[&Type::of(&value(left)), &Type::of(&value(right))])
    }

    #[test]
    fn what_two_types_have_in_common() {
        let list = |inner: Type| Some(inner.list());
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
    fn lists_win_over_tuples_and_maps_over_objects() {
        let texts = Type::Text.list();
        let tuple = Type::of(&value("[1, 2]"));
        assert_eq!(Type::common(&[&tuple, &texts]), Some(texts.clone()));
        assert_eq!(Type::common(&[&texts, &Type::Set(Box::new(Type::Number))]), Some(texts));
        let map = Type::Number.map();
        assert_eq!(Type::common(&[&Type::of(&value("{\"a\": 1}")), &map]), Some(map.clone()));
        assert_eq!(Type::common(&[&map, &Type::Text.map()]), Some(Type::Text.map()));
        assert_eq!(Type::common(&[&map, &Type::of(&value("{\"a\": [1]}"))]), None);
    }

    #[test]
    fn sets_are_in_order_and_hold_each_once() {
        let set = Type::Set(Box::new(Type::Any)).convert(value("[10, 9, 10, 100]"));
        let wanted = Value::typed(Type::Set(Box::new(Type::Number)), value("[9, 10, 100]"));
        assert_eq!(set, Ok(wanted));
    }

    #[test]
    fn elements_take_one_type() {
        let list = Type::Any.list();
        let texts = Value::typed(Type::Text.list(), value("[\"1\", \"a\"]"));
        assert_eq!(list.convert(value("[1, \"a\"]")), Ok(texts));
        assert!(list.convert(value("[1, true]")).is_err());
        assert!(Type::Tuple(vec![Type::Text]).convert(Value::typed(list, value("[1]"))).is_err());
    }
}
