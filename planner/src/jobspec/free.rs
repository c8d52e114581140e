//! Free-form blocks (`config`, scaling policies, proxy options): any names, nested blocks become lists of objects.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::decode::Dialect;
use super::tree::{Block, Body, Item};
use super::value::Value;

/// The inside of a free-form block as JSON.
pub(crate) fn body(body: &Body, dialect: Dialect) -> Map<String, Json> {
    let mut map = Map::new();
    // In HCL2 an attribute is nothing beside a block of its name.
    let blocks: BTreeSet<&str> = match dialect {
        Dialect::Hcl2 => body.blocks().map(|block| block.name.as_str()).collect(),
        Dialect::Hcl1 | Dialect::Json => BTreeSet::new(),
    };
    for item in &body.items {
        match item {
            Item::Attribute(attribute) if blocks.contains(attribute.name.as_str()) => {}
            Item::Attribute(attribute) => {
                let value = attribute.value.to_json();
                let value = match (&attribute.value, dialect) {
                    // An object written out on the spot is a nested block, and so is each of a list of objects.
                    (Value::Object(_), Dialect::Hcl2) if attribute.literal => {
                        Json::Array(vec![value])
                    }
                    _ => value,
                };
                map.insert(attribute.name.clone(), value);
            }
            Item::Block(block) => {
                let value = block_value(block, dialect);
                if dialect == Dialect::Json {
                    map.insert(block.name.clone(), value);
                    continue;
                }
                match map.entry(block.name.clone()).or_insert_with(|| Json::Array(Vec::new())) {
                    Json::Array(values) => values.push(value),
                    other => *other = Json::Array(vec![value]),
                }
            }
        }
    }
    map
}

/// Labels nest: `a "x" { … }` is `{"x": [{…}]}`.
fn block_value(block: &Block, dialect: Dialect) -> Json {
    let mut value = Json::Object(body(&block.body, dialect));
    for label in block.labels.iter().rev() {
        let mut outer = Map::new();
        outer.insert(label.text.clone(), Json::Array(vec![value]));
        value = Json::Object(outer);
    }
    value
}
