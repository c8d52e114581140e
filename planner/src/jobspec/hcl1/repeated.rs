//! Keys that HCL1 reads more than once in an object: Nomad decodes the later value into the place of the earlier one.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::jobspec::tree::{Body, Item};
use crate::jobspec::value::Value;

/// Makes one attribute of those of equal names, where the first stands. None may have the name of a block.
pub(super) fn unite(body: &mut Body) -> Diagnostics {
    let mut problems = Diagnostics::new();
    let blocks: BTreeSet<String> = body.blocks().map(|block| block.name.clone()).collect();
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept: Vec<Item> = Vec::with_capacity(body.items.len());
    for item in std::mem::take(&mut body.items) {
        let Item::Attribute(attribute) = item else {
            kept.push(item);
            continue;
        };
        if blocks.contains(&attribute.name) {
            let message =
                format!("{} is both a block and {}", attribute.name, attribute.value.kind());
            problems.push(
                Diagnostic::error("duplicate-attribute", attribute.name_span, message)
                    .with_hint("keep one of the two"),
            );
        }
        let before = first.get(&attribute.name).and_then(|at| kept.get_mut(*at));
        if let Some(Item::Attribute(before)) = before {
            match into(&before.value, &attribute.value) {
                Some(value) => {
                    before.value = value;
                    before.value_span = attribute.value_span;
                }
                None => {
                    let message = format!(
                        "{} is {} already, and cannot become {}",
                        attribute.name,
                        before.value.kind(),
                        attribute.value.kind()
                    );
                    let span = attribute.name_span;
                    problems.push(
                        Diagnostic::error("duplicate-attribute", span, message)
                            .with_hint("keep one of the two"),
                    );
                }
            }
            continue;
        }
        first.insert(attribute.name.clone(), kept.len());
        kept.push(Item::Attribute(attribute));
    }
    body.items = kept;
    problems
}

/// A value decoded into the place of another, whose type stays.
fn into(old: &Value, new: &Value) -> Option<Value> {
    match (old, new) {
        (Value::List(old), Value::List(new)) => Some(Value::List([&old[..], new].concat())),
        (Value::Text(_), Value::Text(_) | Value::Int(_) | Value::Decimal(_) | Value::Bool(_)) => {
            new.to_text().map(Value::Text)
        }
        (Value::Int(_), Value::Int(_)) => Some(new.clone()),
        (Value::Int(_), Value::Text(text)) => super::whole(text).map(Value::Int),
        (Value::Decimal(_), Value::Int(_) | Value::Decimal(_)) => new.to_text().map(Value::Decimal),
        (Value::Bool(_), Value::Bool(_) | Value::Text(_) | Value::Int(_)) => {
            match new.to_text()?.to_ascii_lowercase().as_str() {
                "1" | "true" => Some(Value::Bool(true)),
                "0" | "false" => Some(Value::Bool(false)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// An object inside a list: what a block would be, as a value.
pub(super) fn object(body: &Body) -> Value {
    let mut map = BTreeMap::new();
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => {
                map.insert(attribute.name.clone(), attribute.value.clone());
            }
            Item::Block(block) => {
                let mut value = object(&block.body);
                for label in block.labels.iter().rev() {
                    let labelled = [(label.text.clone(), Value::List(vec![value]))];
                    value = Value::Object(labelled.into());
                }
                match map.entry(block.name.clone()).or_insert_with(|| Value::List(Vec::new())) {
                    Value::List(values) => values.push(value),
                    other => *other = Value::List(vec![value]),
                }
            }
        }
    }
    Value::Object(map)
}
