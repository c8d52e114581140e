//! Functions of lists and objects.

use std::collections::BTreeMap;

use super::arguments::text_list;
use super::{Arguments, Files, Mistake};
use crate::jobspec::value::Value;

type Outcome = Result<Value, Mistake>;

/// `range` and `setproduct` give at most this many values.
const MAX_VALUES: usize = 1024;

fn count_of(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

pub(super) fn length(arguments: &mut Arguments, _: &Files) -> Outcome {
    match arguments.take(0) {
        Value::List(values) => Ok(count_of(values.len())),
        Value::Object(values) => Ok(count_of(values.len())),
        Value::Text(text) => Ok(count_of(text.chars().count())),
        other => Err(Mistake::at(0, format!("{} has no length", other.kind()))),
    }
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

pub(super) fn index(arguments: &mut Arguments, _: &Files) -> Outcome {
    let values = arguments.list(0)?;
    let wanted = arguments.take(1);
    match values.iter().position(|value| *value == wanted) {
        Some(at) => Ok(count_of(at)),
        None => Err(Mistake::at(1, "the list does not contain it")),
    }
}

pub(super) fn contains(arguments: &mut Arguments, _: &Files) -> Outcome {
    let values = arguments.list(0)?;
    let wanted = arguments.take(1);
    Ok(Value::Bool(values.contains(&wanted)))
}

pub(super) fn concat(arguments: &mut Arguments, _: &Files) -> Outcome {
    let mut all = Vec::new();
    for at in 0..arguments.count() {
        all.extend(arguments.list(at)?);
    }
    Ok(Value::List(all))
}

fn unique(values: Vec<Value>) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

pub(super) fn distinct(arguments: &mut Arguments, _: &Files) -> Outcome {
    let values = arguments.list(0)?;
    if values.len() > MAX_VALUES * 4 {
        return Err(Mistake::at(0, "the list is too long"));
    }
    Ok(Value::List(unique(values)))
}

pub(super) fn flatten(arguments: &mut Arguments, _: &Files) -> Outcome {
    fn walk(values: Vec<Value>, out: &mut Vec<Value>) {
        for value in values {
            match value {
                Value::List(inner) => walk(inner, out),
                other => out.push(other),
            }
        }
    }
    let mut out = Vec::new();
    walk(arguments.list(0)?, &mut out);
    Ok(Value::List(out))
}

pub(super) fn keys(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(text_list(arguments.object(0)?.into_keys()))
}

pub(super) fn values(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(Value::List(arguments.object(0)?.into_values().collect()))
}

pub(super) fn lookup(arguments: &mut Arguments, _: &Files) -> Outcome {
    let mut object = arguments.object(0)?;
    let key = arguments.text(1)?;
    match object.remove(&key) {
        Some(value) => Ok(value),
        None if arguments.count() > 2 => Ok(arguments.take(2)),
        None => Err(Mistake::at(1, format!("there is no key {key}, and no default is given"))),
    }
}

pub(super) fn merge(arguments: &mut Arguments, _: &Files) -> Outcome {
    let mut all = BTreeMap::new();
    for at in 0..arguments.count() {
        match arguments.take(at) {
            Value::Null => {}
            Value::Object(values) => all.extend(values),
            other => return Err(Mistake::at(at, format!("needs an object, not {}", other.kind()))),
        }
    }
    Ok(Value::Object(all))
}

pub(super) fn zipmap(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (keys, values) = (arguments.texts(0)?, arguments.list(1)?);
    if keys.len() != values.len() {
        return Err(Mistake::new(format!(
            "there are {} keys, but {} values",
            keys.len(),
            values.len()
        )));
    }
    Ok(Value::Object(keys.into_iter().zip(values).collect()))
}

pub(super) fn range(arguments: &mut Arguments, _: &Files) -> Outcome {
    let first = arguments.number(0)?;
    let (start, end) =
        if arguments.count() > 1 { (first, arguments.number(1)?) } else { (0.0, first) };
    let step = if arguments.count() > 2 {
        arguments.number(2)?
    } else if end < start {
        -1.0
    } else {
        1.0
    };
    if step == 0.0 || (step > 0.0) != (end >= start) {
        return Err(Mistake::new("the step must lead from the start to the end"));
    }
    let mut values = Vec::new();
    let mut number = start;
    while if step > 0.0 { number < end } else { number > end } {
        if values.len() >= MAX_VALUES {
            return Err(Mistake::new(format!("gives more than {MAX_VALUES} values")));
        }
        values.push(Value::number(number));
        number += step;
    }
    Ok(Value::List(values))
}

pub(super) fn slice(arguments: &mut Arguments, _: &Files) -> Outcome {
    let values = arguments.list(0)?;
    let (start, end) = (arguments.int(1)?, arguments.int(2)?);
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    match range.and_then(|(start, end)| values.get(start..end)) {
        Some(part) => Ok(Value::List(part.to_vec())),
        None => Err(Mistake::at(
            1,
            format!("{start} to {end} is not inside a list of {}", values.len()),
        )),
    }
}

pub(super) fn coalesce(arguments: &mut Arguments, _: &Files) -> Outcome {
    for at in 0..arguments.count() {
        let value = arguments.take(at);
        if value != Value::Null {
            return Ok(value);
        }
    }
    Err(Mistake::new("all arguments are null"))
}

pub(super) fn coalescelist(arguments: &mut Arguments, _: &Files) -> Outcome {
    for at in 0..arguments.count() {
        match arguments.take(at) {
            Value::Null => {}
            Value::List(values) if values.is_empty() => {}
            Value::Object(values) if values.is_empty() => {}
            value @ (Value::List(_) | Value::Object(_)) => return Ok(value),
            other => return Err(Mistake::at(at, format!("needs a list, not {}", other.kind()))),
        }
    }
    Err(Mistake::new("all lists are empty"))
}

pub(super) fn compact(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(text_list(arguments.texts(0)?.into_iter().filter(|text| !text.is_empty())))
}

pub(super) fn chunklist(arguments: &mut Arguments, _: &Files) -> Outcome {
    let values = arguments.list(0)?;
    let size = usize::try_from(arguments.int(1)?)
        .map_err(|_| Mistake::at(1, "the size must not be negative"))?;
    if size == 0 {
        return Ok(Value::List(vec![Value::List(values)]));
    }
    Ok(Value::List(values.chunks(size).map(|part| Value::List(part.to_vec())).collect()))
}

pub(super) fn sort(arguments: &mut Arguments, _: &Files) -> Outcome {
    let mut texts = arguments.texts(0)?;
    texts.sort();
    Ok(text_list(texts))
}

fn sets(arguments: &mut Arguments) -> Result<Vec<Vec<Value>>, Mistake> {
    (0..arguments.count())
        .map(|at| {
            let values = arguments.list(at)?;
            if values.len() > MAX_VALUES {
                Err(Mistake::at(at, "the list is too long"))
            } else {
                Ok(values)
            }
        })
        .collect()
}

fn set(values: Vec<Value>) -> Value {
    let mut values = unique(values);
    values.sort_by_key(Value::to_text);
    Value::List(values)
}

pub(super) fn setunion(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(set(sets(arguments)?.into_iter().flatten().collect()))
}

pub(super) fn setintersection(arguments: &mut Arguments, _: &Files) -> Outcome {
    let sets = sets(arguments)?;
    let Some((first, rest)) = sets.split_first() else { return Ok(Value::List(Vec::new())) };
    Ok(set(first
        .iter()
        .filter(|value| rest.iter().all(|set| set.contains(value)))
        .cloned()
        .collect()))
}

pub(super) fn setproduct(arguments: &mut Arguments, _: &Files) -> Outcome {
    let mut products: Vec<Vec<Value>> = vec![Vec::new()];
    for values in sets(arguments)? {
        if products.len().saturating_mul(values.len()) > MAX_VALUES {
            return Err(Mistake::new(format!("gives more than {MAX_VALUES} combinations")));
        }
        products = products
            .iter()
            .flat_map(|start| {
                values.iter().map(move |value| {
                    start.iter().cloned().chain([value.clone()]).collect::<Vec<_>>()
                })
            })
            .collect();
    }
    Ok(Value::List(products.into_iter().map(Value::List).collect()))
}
