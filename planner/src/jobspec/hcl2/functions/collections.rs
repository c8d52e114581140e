//! Functions of lists, sets, maps and objects.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::arguments::text_list;
use super::{Arguments, Files, Mistake};
use crate::jobspec::hcl2::exact::{self, Exact, calculate};
use crate::jobspec::hcl2::types::Type;
use crate::jobspec::syntax::Operator;
use crate::jobspec::value::Value;

type Outcome = Result<Value, Mistake>;

/// `range` gives at most this many values.
const MAX_VALUES: usize = 1024;

/// Of that type, if the argument it comes from had one.
fn maybe(kind: Option<Type>, parts: Value) -> Value {
    match kind {
        Some(kind) => Value::typed(kind, parts),
        None => parts,
    }
}

fn count_of(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

pub(super) fn length(arguments: &mut Arguments, _: &Files) -> Outcome {
    let is_map = arguments.kind(0).is_some();
    let (message, hint) = match arguments.take(0).parts() {
        Value::List(values) => return Ok(count_of(values.len())),
        Value::Object(values) if is_map => return Ok(count_of(values.len())),
        Value::Object(_) => (
            "an object has no length, only a map has".to_owned(),
            "length(keys(…)) counts its keys",
        ),
        Value::Text(_) => {
            ("a string is no list or map".to_owned(), "strlen counts the letters of a string")
        }
        other => (format!("{} has no length", other.kind()), "give a list, a set or a map"),
    };
    Err(Mistake { hint: Some(hint.to_owned()), ..Mistake::at(0, message) })
}

pub(super) fn element(arguments: &mut Arguments, _: &Files) -> Outcome {
    let values = arguments.list(0)?;
    let index = arguments.int(1)?;
    let count = i64::try_from(values.len()).unwrap_or(i64::MAX);
    if count == 0 {
        return Err(Mistake::at(0, "an empty list has no elements"));
    }
    let at =
        usize::try_from(index).map_err(|_| Mistake::at(1, "the index must not be negative"))?;
    Ok(values[at % values.len()].clone())
}

/// The element at an index or key, not the place of an element.
pub(super) fn index(arguments: &mut Arguments, _: &Files) -> Outcome {
    let collection = arguments.take(0);
    let key = arguments.take(1);
    if matches!(collection, Value::Object(_)) || collection.is_set() {
        let hint = Some("write object[key] or object.key".to_owned());
        let message = format!("needs a list or a map, not {}", collection.kind());
        return Err(Mistake { hint, ..Mistake::at(0, message) });
    }
    match (collection.parts(), &key) {
        (Value::List(mut values), Value::Int(at)) => {
            match usize::try_from(*at).ok().filter(|at| *at < values.len()) {
                Some(at) => Ok(values.swap_remove(at)),
                None => Err(Mistake::at(1, format!("a list of {} has no {at}", values.len()))),
            }
        }
        (Value::List(_), other) => {
            Err(Mistake::at(1, format!("needs a whole number, not {}", other.kind())))
        }
        (Value::Object(mut values), Value::Text(name)) => {
            values.remove(name).ok_or_else(|| Mistake::at(1, format!("there is no key {name}")))
        }
        (Value::Object(_), other) => {
            Err(Mistake::at(1, format!("needs a string, not {}", other.kind())))
        }
        (other, _) => Err(Mistake::at(0, format!("needs a list or a map, not {}", other.kind()))),
    }
}

pub(super) fn contains(arguments: &mut Arguments, _: &Files) -> Outcome {
    let values = arguments.members(0)?;
    let wanted = arguments.take(1);
    if wanted == Value::Null {
        return Err(Mistake::at(1, "needs a value that is not null"));
    }
    Ok(Value::Bool(values.contains(&wanted)))
}

pub(super) fn concat(arguments: &mut Arguments, _: &Files) -> Outcome {
    // Lists stay one, if their types have one in common.
    let lists: Option<Vec<Type>> = (0..arguments.count()).map(|at| arguments.kind(at)).collect();
    let common = lists.and_then(|lists| Type::common(&lists.iter().collect::<Vec<_>>()));
    let mut all = Vec::new();
    for at in 0..arguments.count() {
        all.extend(arguments.list(at)?);
    }
    match common {
        Some(list) => list.convert(Value::List(all)).map_err(Mistake::new),
        None => Ok(Value::List(all)),
    }
}

pub(super) fn distinct(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (inner, values) = arguments.uniform(0, &Type::Any.list())?;
    // Each is compared with all that are kept.
    let compared = values.len().saturating_mul(values.len());
    arguments.afford(compared.saturating_add(super::size(&values)) / 16)?;
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    Ok(Value::typed(inner.list(), Value::List(kept)))
}

pub(super) fn flatten(arguments: &mut Arguments, _: &Files) -> Outcome {
    fn walk(values: Vec<Value>, out: &mut Vec<Value>) {
        for value in values {
            match value {
                Value::Typed(typed) if !matches!(typed.kind, Type::Map(_)) => {
                    walk(vec![typed.parts], out);
                }
                Value::List(inner) => walk(inner, out),
                other => out.push(other),
            }
        }
    }
    let values = arguments.members(0)?;
    let mut out = Vec::new();
    walk(values, &mut out);
    Ok(Value::List(out))
}

pub(super) fn keys(arguments: &mut Arguments, _: &Files) -> Outcome {
    let is_map = arguments.kind(0).is_some();
    let keys = text_list(arguments.object(0)?.into_keys());
    Ok(if is_map { keys } else { keys.parts() })
}

pub(super) fn values(arguments: &mut Arguments, _: &Files) -> Outcome {
    let inner = arguments.element(0);
    let values = Value::List(arguments.object(0)?.into_values().collect());
    Ok(maybe(inner.map(Type::list), values))
}

pub(super) fn lookup(arguments: &mut Arguments, _: &Files) -> Outcome {
    let inner = arguments.element(0).unwrap_or(Type::Any);
    let mut object = arguments.object(0)?;
    let key = arguments.text(1)?;
    let default = arguments.take(2);
    if default == Value::Null {
        return Err(Mistake::at(2, "needs a default that is not null"));
    }
    // The default of a map is of the type of its values, needed or not.
    let default = inner.convert(default).map_err(|message| Mistake::at(2, message))?;
    Ok(object.remove(&key).unwrap_or(default))
}

pub(super) fn merge(arguments: &mut Arguments, _: &Files) -> Outcome {
    // Maps of one type stay one; anything else becomes an object.
    let first = arguments.kind(0);
    let one = (1..arguments.count()).all(|at| arguments.kind(at) == first);
    let mut all = BTreeMap::new();
    for at in 0..arguments.count() {
        match arguments.take(at).parts() {
            Value::Null => {}
            Value::Object(values) => all.extend(values),
            other => return Err(Mistake::at(at, format!("needs an object, not {}", other.kind()))),
        }
    }
    Ok(maybe(first.filter(|_| one), Value::Object(all)))
}

pub(super) fn zipmap(arguments: &mut Arguments, _: &Files) -> Outcome {
    let inner = arguments.element(1);
    let (keys, values) = (arguments.texts(0)?, arguments.list(1)?);
    if keys.len() != values.len() {
        return Err(Mistake::new(format!(
            "there are {} keys, but {} values",
            keys.len(),
            values.len()
        )));
    }
    let object = Value::Object(keys.into_iter().zip(values).collect());
    Ok(maybe(inner.map(Type::map), object))
}

pub(super) fn range(arguments: &mut Arguments, _: &Files) -> Outcome {
    let first = arguments.any_number(0)?;
    let (start, end) = match arguments.count() {
        1 => (Value::Int(0), first),
        _ => (first, arguments.any_number(1)?),
    };
    let compare = |left: &Value, right: &Value| {
        Exact::of(left).zip(Exact::of(right)).map_or(Ordering::Equal, |(a, b)| a.compare(&b))
    };
    let (zero, way) = (Value::Int(0), compare(&start, &end));
    let step = match arguments.count() {
        3 => arguments.any_number(2)?,
        _ => Value::Int(if way.is_gt() { -1 } else { 1 }),
    };
    let leads = compare(&zero, &step);
    if leads.is_eq() || way == leads.reverse() {
        return Err(Mistake::new("the step must lead from the start to the end"));
    }
    let mut values = Vec::new();
    let mut number = start;
    while compare(&number, &end) == leads {
        if values.len() >= MAX_VALUES {
            return Err(Mistake::new(format!("gives more than {MAX_VALUES} values")));
        }
        arguments.afford(if matches!(number, Value::Int(_)) { 1 } else { exact::WORK })?;
        let next = calculate(Operator::Plus, &number, &step);
        values.push(number);
        number = next.map_err(|_| Mistake::new("leads to a number that is too large"))?;
    }
    Ok(Value::typed(Type::Number.list(), Value::List(values)))
}

pub(super) fn slice(arguments: &mut Arguments, _: &Files) -> Outcome {
    let kind = arguments.kind(0);
    let values = arguments.list(0)?;
    let (start, end) = (arguments.int(1)?, arguments.int(2)?);
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    match range.and_then(|(start, end)| values.get(start..end)) {
        Some(part) => Ok(maybe(kind, Value::List(part.to_vec()))),
        None => Err(Mistake::at(
            1,
            format!("{start} to {end} is not inside a list of {}", values.len()),
        )),
    }
}

pub(super) fn coalesce(arguments: &mut Arguments, _: &Files) -> Outcome {
    let values: Vec<Value> = (0..arguments.count()).map(|at| arguments.take(at)).collect();
    let types: Vec<Type> = values.iter().map(Type::of).collect();
    let types: Vec<&Type> = types.iter().collect();
    let common =
        Type::common(&types).ok_or_else(|| Mistake::new("all arguments must be of one type"))?;
    match values.into_iter().find(|value| *value != Value::Null) {
        Some(value) => common.convert(value).map_err(Mistake::new),
        None => Err(Mistake::new("all arguments are null")),
    }
}

pub(super) fn coalescelist(arguments: &mut Arguments, _: &Files) -> Outcome {
    let mut first = None;
    for at in 0..arguments.count() {
        let kind = arguments.kind(at);
        let values = arguments.list(at)?;
        if first.is_none() && !values.is_empty() {
            first = Some(maybe(kind, Value::List(values)));
        }
    }
    first.ok_or_else(|| Mistake::new("all lists are empty"))
}

pub(super) fn compact(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (_, values) = arguments.uniform(0, &Type::Text.list())?;
    // Nulls go, too.
    let texts = values.iter().filter_map(Value::to_text);
    Ok(text_list(texts.filter(|text| !text.is_empty())))
}

pub(super) fn chunklist(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (inner, values) = arguments.uniform(0, &Type::Any.list())?;
    let size = usize::try_from(arguments.int(1)?)
        .map_err(|_| Mistake::at(1, "the size must not be negative"))?;
    let size = if size == 0 { values.len().max(1) } else { size };
    let inner = inner.list();
    let chunks = values.chunks(size);
    let chunks = chunks.map(|part| Value::typed(inner.clone(), Value::List(part.to_vec())));
    Ok(Value::typed(inner.clone().list(), Value::List(chunks.collect())))
}

pub(super) fn sort(arguments: &mut Arguments, _: &Files) -> Outcome {
    let mut texts = arguments.texts(0)?;
    texts.sort();
    Ok(text_list(texts))
}
