//! The table and the wire types agree: what one knows, the other keeps.

mod written;

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::{BlockSchema, Field, JOB, Kind, Label};
use crate::api;
use crate::jobspec::json::{api as document, document as reader};
use crate::jobspec::{ParseOptions, Syntax, parse};
use crate::record::{Part, Slot};

/// A value of each field that is not what stands for nothing.
fn sample(kind: Kind, around: &[*const BlockSchema]) -> Option<Json> {
    Some(match kind {
        Kind::Text => "text".into(),
        Kind::Bool => true.into(),
        Kind::Int | Kind::Int8 | Kind::Duration => 7.into(),
        Kind::Texts => json!(["x"]),
        Kind::Ints => json!([7]),
        Kind::TextMap | Kind::TextMapBlock | Kind::TextMapAttribute => json!({"k": "x"}),
        Kind::ListMap => json!({"k": ["x"]}),
        Kind::Free => json!({"k": 7}),
        Kind::Expression => return None,
        Kind::Block(inner) => Json::Object(object(inner, around)?),
        Kind::Blocks(inner) => json!([object(inner, around)?]),
        Kind::ByLabel(inner) => json!({"k": object(inner, around)?}),
    })
}

/// A document with all fields of a block.
fn object(
    schema: &'static BlockSchema,
    around: &[*const BlockSchema],
) -> Option<Map<String, Json>> {
    let here = std::ptr::from_ref(schema);
    if around.contains(&here) {
        return None;
    }
    let around = [around, &[here]].concat();
    let mut map = Map::new();
    if let Label::One(label) = schema.label {
        map.insert(label.to_owned(), "x".into());
    }
    for field in schema.fields.iter().filter(|field| on_the_wire(schema, field)) {
        map.extend(sample(field.kind, &around).map(|value| (field.json.to_owned(), value)));
    }
    for (name, kind) in document::beside(schema) {
        map.extend(sample(kind, &around).map(|value| (name.to_owned(), value)));
    }
    Some(map)
}

/// Shorthands and what is handed down to the tasks are no fields of their own.
fn on_the_wire(schema: &BlockSchema, field: &Field) -> bool {
    let handed_down =
        matches!(field.name, "vault" | "secret") && matches!(schema.name, "job" | "group");
    let lone = field.name == "task" && schema.name == "job";
    !field.json.is_empty() && !handed_down && !lone && !field.removed
}

/// Every path of a document.
fn paths(value: &Json, path: &str, out: &mut BTreeSet<String>) {
    out.insert(path.to_owned());
    match value {
        Json::Object(map) => {
            map.iter().for_each(|(key, value)| paths(value, &format!("{path}.{key}"), out));
        }
        Json::Array(list) => list.iter().for_each(|value| paths(value, &format!("{path}[]"), out)),
        _ => {}
    }
}

#[test]
fn every_field_of_the_table_survives_the_wire() {
    let written = Json::Object(object(&JOB, &[]).expect("a job"));
    let options = ParseOptions { syntax: Syntax::Json, ..ParseOptions::default() };
    let parsed = parse(&written.to_string(), &options);
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    let read = serde_json::to_value(parsed.job.expect("a job")).expect("a job is JSON");
    let (mut sent, mut kept) = (BTreeSet::new(), BTreeSet::new());
    paths(&written, "job", &mut sent);
    paths(&read, "job", &mut kept);
    let lost: Vec<&String> = sent.difference(&kept).collect();
    assert!(sent.len() > 400 && lost.is_empty(), "lost on the wire: {lost:?}");
}

/// Fields of a wire type that the table does not know.
fn strangers(part: &mut dyn Part, schema: &'static BlockSchema, path: &str, out: &mut Vec<String>) {
    let Slot::Record(record) = part.slot() else { return };
    for (number, wire) in record.fields().iter().enumerate() {
        let path = format!("{path}.{}", wire.name);
        let label = matches!(schema.label, Label::One(name) if name == wire.name);
        let beside = document::beside(schema).any(|(name, _)| name == wire.name);
        let Some(field) = schema.json_field(wire.name) else {
            if !label && !beside {
                out.push(path);
            }
            continue;
        };
        let (Some(inner), Some(part)) = (field.nested(), record.part_mut(number)) else { continue };
        match part.slot() {
            Slot::List(list) => strangers(list.push(), inner, &path, out),
            Slot::Map(map) => {
                if let Some(part) = map.push("k") {
                    strangers(part, inner, &path, out);
                }
            }
            _ => strangers(part, inner, &path, out),
        }
    }
}

#[test]
fn every_field_of_the_wire_is_in_the_table() {
    let mut out = Vec::new();
    strangers(&mut api::Job::default(), &JOB, "job", &mut out);
    assert!(out.is_empty(), "not in the table: {out:?}");
}

#[test]
fn a_document_of_the_api_is_read_where_it_stands() {
    let text = r#"{"ID": "a", "TaskGroups": [{"Name": "g", "Count": 2}]}"#;
    let root = reader::parse(text).expect("JSON");
    let (mut spans, mut problems) = (Vec::new(), Vec::new());
    document::read(&root, &mut spans, &mut problems).expect("a job");
    let place = spans.iter().find(|(path, _)| path == "group.g.count");
    let span = place.map(|(_, span)| *span).expect("a place");
    assert_eq!(&text[span.start..span.end], "2");
}
