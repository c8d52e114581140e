//! Functions of lists and objects.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::arguments::text_list;
use super::{Arguments, Files, Mistake};
use crate::jobspec::hcl2::exact::{self, Exact, calculate};
use crate::jobspec::hcl2::types::{Type, set};
use crate::jobspec::syntax::Operator;
use crate::jobspec::value::Value;

type Outcome = Result<Value, Mistake>;

/// `range` gives at most this many values.
const MAX_VALUES: usize = 1024;

fn count_of(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

pub(super) fn length(arguments: &mut Arguments, _: &Files) -> Outcome {
    match arguments.take(0) {
        Value::List(values) => Ok(count_of(values.len())),
        Value::Object(values) => Ok(count_of(values.len())),
        Value::Text(_) => Err(Mistake {
            hint: Some("strlen counts the letters of a string".to_owned()),
            ..Mistake::at(0, "a string is no list or object")
        }),
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

/// The element at an index or key, not the place of an element.
pub(super) fn index(arguments: &mut Arguments, _: &Files) -> Outcome {
    let collection = arguments.take(0);
    let key = arguments.take(1);
    match (collection, &key) {
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
        (other, _) => {
            Err(Mistake::at(0, format!("needs a list or an object, not {}", other.kind())))
        }
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

pub(super) fn distinct(arguments: &mut Arguments, _: &Files) -> Outcome {
    let values = arguments.uniform(0)?;
    // Each is compared with all that are kept.
    let compared = values.len().saturating_mul(values.len());
    arguments.afford(compared.saturating_add(super::size(&values)) / 16)?;
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    Ok(Value::List(kept))
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
    let default = arguments.take(2);
    if default == Value::Null {
        return Err(Mistake::at(2, "needs a default that is not null"));
    }
    Ok(object.remove(&key).unwrap_or(default))
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
    for at in 0..arguments.count() {
        match arguments.take(at) {
            Value::List(values) if values.is_empty() => {}
            value @ Value::List(_) => return Ok(value),
            other => return Err(Mistake::at(at, format!("needs a list, not {}", other.kind()))),
        }
    }
    Err(Mistake::new("all lists are empty"))
}

pub(super) fn compact(arguments: &mut Arguments, _: &Files) -> Outcome {
    // Nulls go, too.
    let values = arguments.list(0)?.into_iter().filter(|value| *value != Value::Null).collect();
    let texts = Arguments::new(vec![Value::List(values)], 0).texts(0)?;
    Ok(text_list(texts.into_iter().filter(|text| !text.is_empty())))
}

pub(super) fn chunklist(arguments: &mut Arguments, _: &Files) -> Outcome {
    let values = arguments.uniform(0)?;
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

/// Sets of one type of elements.
fn sets(arguments: &mut Arguments) -> Result<Vec<Vec<Value>>, Mistake> {
    let lists: Vec<Vec<Value>> =
        (0..arguments.count()).map(|at| arguments.uniform(at)).collect::<Result<_, _>>()?;
    let types: Vec<Type> = lists.iter().filter_map(|list| list.first()).map(Type::of).collect();
    let types: Vec<&Type> = types.iter().collect();
    if types.is_empty() {
        return Ok(lists);
    }
    let common = Type::common(&types)
        .ok_or_else(|| Mistake::new("the elements of all sets must be of one type"))?;
    let convert = |list: Vec<Value>| {
        list.into_iter().map(|value| common.convert(value)).collect::<Result<Vec<_>, _>>()
    };
    lists.into_iter().map(convert).collect::<Result<_, _>>().map_err(Mistake::new)
}

pub(super) fn setunion(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(set(sets(arguments)?.into_iter().flatten().collect()))
}

pub(super) fn setintersection(arguments: &mut Arguments, _: &Files) -> Outcome {
    let mut sets = sets(arguments)?;
    let first = sets.remove(0);
    let cost = sets.iter().map(Vec::len).sum::<usize>().saturating_mul(first.len());
    arguments.afford(cost / 16)?;
    let in_all = |value: &Value| sets.iter().all(|set| set.contains(value));
    Ok(set(first.into_iter().filter(in_all).collect()))
}

pub(super) fn setproduct(arguments: &mut Arguments, _: &Files) -> Outcome {
    let lists: Vec<Vec<Value>> =
        (0..arguments.count()).map(|at| arguments.uniform(at)).collect::<Result<_, _>>()?;
    let mut products: Vec<Vec<Value>> = vec![Vec::new()];
    for values in lists {
        // Each product so far is copied for each of the values, and each value for each of the products.
        let before: usize = products.iter().map(|start| super::size(start)).sum();
        let work = before.saturating_mul(values.len());
        arguments
            .afford(work.saturating_add(super::size(&values).saturating_mul(products.len())))?;
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
