//! Functions of sets. Lists and tuples are taken for them, if their elements are of one type.

use super::{Arguments, Files, Mistake};
use crate::jobspec::hcl2::types::Type;
use crate::jobspec::value::Value;

type Outcome = Result<Value, Mistake>;

/// Sets of one type of elements, and that type.
fn sets(arguments: &mut Arguments) -> Result<(Type, Vec<Vec<Value>>), Mistake> {
    let set = Type::Set(Box::new(Type::Any));
    let sets: Vec<(Type, Vec<Value>)> =
        (0..arguments.count()).map(|at| arguments.uniform(at, &set)).collect::<Result<_, _>>()?;
    let untyped = |(inner, set): &&(Type, Vec<Value>)| !(set.is_empty() && *inner == Type::Any);
    let types: Vec<&Type> = sets.iter().filter(untyped).map(|(inner, _)| inner).collect();
    let common = match types.is_empty() {
        true => Type::Any,
        false => Type::common(&types)
            .ok_or_else(|| Mistake::new("the elements of all sets must be of one type"))?,
    };
    let convert = |(_, set): (Type, Vec<Value>)| {
        set.into_iter().map(|value| common.convert(value)).collect::<Result<Vec<_>, _>>()
    };
    let sets = sets.into_iter().map(convert).collect::<Result<_, _>>().map_err(Mistake::new)?;
    Ok((common, sets))
}

/// The set of these.
fn set(inner: Type, values: Vec<Value>) -> Outcome {
    Type::Set(Box::new(inner)).convert(Value::List(values)).map_err(Mistake::new)
}

pub(super) fn setunion(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (inner, sets) = sets(arguments)?;
    set(inner, sets.into_iter().flatten().collect())
}

pub(super) fn setintersection(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (inner, mut sets) = sets(arguments)?;
    let first = sets.remove(0);
    let cost = sets.iter().map(Vec::len).sum::<usize>().saturating_mul(first.len());
    arguments.afford(cost / 16)?;
    let in_all = |value: &Value| sets.iter().all(|set| set.contains(value));
    set(inner, first.into_iter().filter(in_all).collect())
}

pub(super) fn setproduct(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (mut lists, mut types, mut sets) = (Vec::new(), Vec::new(), false);
    for at in 0..arguments.count() {
        sets |= matches!(arguments.kind(at), Some(Type::Set(_)));
        let (inner, values) = arguments.uniform(at, &Type::Any.list())?;
        types.push(inner);
        lists.push(values);
    }
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
    let products = products.into_iter().map(Value::List).collect();
    match (Type::Tuple(types), sets) {
        (tuple, true) => set(tuple, products),
        (tuple, false) => Ok(Value::typed(tuple.list(), Value::List(products))),
    }
}
