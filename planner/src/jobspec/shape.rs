//! Blocks whose JSON is more than their attributes: shorthands, ports, what the parser fills in, vault for all tasks.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::decode::{Decoder, Dialect};
use super::older;
use super::schema::{BlockSchema, Shape};
use super::tree::{Block, Item};
use super::value::Value;
use crate::diagnostic::Diagnostic;

/// Shorthands of constraint and affinity, named as the operator they stand for. The last of them counts.
const SHORTHANDS: &[&str] =
    &["version", "semver", "regexp", "set_contains_any", "set_contains_all", "set_contains"];

const FIVE_SECONDS: i64 = 5_000_000_000;

/// Finishes a decoded block.
pub(crate) fn finish(
    decoder: &mut Decoder,
    schema: &BlockSchema,
    map: &mut Map<String, Json>,
    label: Option<&str>,
    block: &Block,
) {
    if decoder.hcl1() {
        decoder.diagnostics.extend(older::missing(schema, block));
    }
    if schema.name == "lifecycle"
        && map.get("Hook").and_then(Json::as_str).is_none_or(str::is_empty)
    {
        let message = "a lifecycle without a hook is ignored: the task is a main task";
        let problem = Diagnostic::warning("ignored-block", block.name_span, message);
        let hint = "write hook = \"prestart\", \"poststart\" or \"poststop\"";
        decoder.diagnostics.push(problem.with_hint(hint));
    }
    match schema.shape {
        Shape::Job => {
            default(map, "Name", label.unwrap_or_default());
            hand_down(map, &["TaskGroups", "Tasks"]);
        }
        Shape::Group => hand_down(map, &["Tasks"]),
        Shape::Task => default_identity(map),
        Shape::Constraint => constraint(map, decoder.dialect),
        Shape::Affinity => affinity(map, decoder.dialect),
        Shape::Network => network(decoder, map, block),
        Shape::Template => {
            default(map, "ChangeMode", "restart");
            default(map, "Perms", "0644");
            default(map, "Splay", FIVE_SECONDS);
            if let Some(Json::Object(script)) = map.get_mut("ChangeScript") {
                default(script, "Timeout", FIVE_SECONDS);
            }
        }
        Shape::Vault => {
            default(map, "Env", true);
            default(map, "ChangeMode", "restart");
        }
        Shape::Periodic => {
            if map.contains_key("Spec") || map.contains_key("Specs") {
                default(map, "SpecType", "cron");
            }
        }
        Shape::Scaling => scaling(decoder, schema, map, label, block),
        Shape::Volume => volume(decoder, map, block),
        Shape::Plain => {}
    }
}

fn default(map: &mut Map<String, Json>, key: &str, value: impl Into<Json>) {
    map.entry(key).or_insert_with(|| value.into());
}

/// A vault block of a job or group is copied to the tasks below that have none; its secrets are added to theirs.
fn hand_down(map: &mut Map<String, Json>, path: &[&str]) {
    fn give(map: &mut Map<String, Json>, path: &[&str], from: &[Option<Json>; 2]) {
        let Some((first, rest)) = path.split_first() else {
            if let Some(vault) = &from[0] {
                map.entry("Vault").or_insert_with(|| vault.clone());
            }
            if let Some(Json::Array(more)) = &from[1]
                && let Json::Array(own) =
                    map.entry("Secrets").or_insert_with(|| Json::Array(Vec::new()))
            {
                own.extend(more.iter().cloned());
            }
            return;
        };
        if let Some(Json::Array(children)) = map.get_mut(*first) {
            for child in children.iter_mut().filter_map(Json::as_object_mut) {
                give(child, rest, from);
            }
        }
    }
    let from = [map.remove("Vault"), map.remove("Secrets")];
    if from.iter().any(Option::is_some) {
        give(map, path, &from);
    }
}

/// The identity without a name is the task's own.
fn default_identity(map: &mut Map<String, Json>) {
    let Some(Json::Array(identities)) = map.get_mut("Identities") else { return };
    let unnamed = |identity: &Json| {
        identity
            .get("Name")
            .and_then(Json::as_str)
            .is_none_or(|name| matches!(name, "" | "default"))
    };
    let Some(at) = identities.iter().position(unnamed) else { return };
    let own = identities.remove(at);
    if identities.is_empty() {
        map.remove("Identities");
    }
    map.insert("Identity".to_owned(), own);
}

/// An empty one stands for none, but in HCL1.
fn shorthand(map: &mut Map<String, Json>, dialect: Dialect) {
    for operator in SHORTHANDS {
        if let Some(value) = map.remove(*operator)
            && (dialect == Dialect::Hcl1 || value.as_str() != Some(""))
        {
            map.insert("Operand".to_owned(), (*operator).into());
            map.insert("RTarget".to_owned(), value);
        }
    }
}

fn constraint(map: &mut Map<String, Json>, dialect: Dialect) {
    if dialect != Dialect::Hcl1 {
        // Accepted and without effect, as the specification has only the operators of these names.
        for name in ["set_contains_all", "set_contains_any", "is_set", "is_not_set"] {
            map.remove(name);
        }
    }
    shorthand(map, dialect);
    match map.remove("distinct_hosts") {
        Some(Json::Bool(true)) => {
            map.insert("Operand".to_owned(), "distinct_hosts".into());
        }
        // Nothing is left of it: `is_nothing`.
        Some(_) if dialect == Dialect::Hcl1 => {
            map.clear();
            return;
        }
        _ => {}
    }
    if let Some(property) = map.remove("distinct_property")
        && (dialect == Dialect::Hcl1 || property.as_str() != Some(""))
    {
        map.insert("Operand".to_owned(), "distinct_property".into());
        map.insert("LTarget".to_owned(), property);
    }
    operator(map);
}

/// True for a constraint that HCL1 takes for none: `distinct_hosts = false`.
pub(crate) fn is_nothing(schema: &BlockSchema, value: &Json) -> bool {
    schema.shape == Shape::Constraint && value.as_object().is_some_and(Map::is_empty)
}

fn affinity(map: &mut Map<String, Json>, dialect: Dialect) {
    shorthand(map, dialect);
    operator(map);
}

/// An empty operator is none.
fn operator(map: &mut Map<String, Json>) {
    if map.get("Operand").and_then(Json::as_str).is_none_or(str::is_empty) {
        map.insert("Operand".to_owned(), "=".into());
    }
}

/// Ports with a number are reserved, the others dynamic.
fn network(decoder: &mut Decoder, map: &mut Map<String, Json>, block: &Block) {
    if decoder.dialect == Dialect::Hcl1 {
        port_names(decoder, block);
    }
    let Some(Json::Array(ports)) = map.remove("DynamicPorts") else { return };
    let (reserved, dynamic): (Vec<Json>, Vec<Json>) = ports
        .into_iter()
        .partition(|port| port.get("Value").and_then(Json::as_i64).is_some_and(|port| port > 0));
    if !reserved.is_empty() {
        map.insert("ReservedPorts".to_owned(), Json::Array(reserved));
    }
    if !dynamic.is_empty() {
        map.insert("DynamicPorts".to_owned(), Json::Array(dynamic));
    }
}

/// HCL1 checks the labels of ports while reading.
fn port_names(decoder: &mut Decoder, block: &Block) {
    let mut seen = BTreeSet::new();
    for port in block.body.blocks().filter(|inner| inner.name == "port") {
        let Some(label) = port.labels.first() else {
            let problem = Diagnostic::error("missing-label", port.name_span, "ports must be named");
            decoder.diagnostics.push(problem.with_hint("write port \"name\" { … }"));
            continue;
        };
        if label.text.is_empty()
            || !label.text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        {
            let message = format!("\"{}\" is no name for a port", label.text);
            decoder.diagnostics.push(
                Diagnostic::error("invalid-name", label.span, message)
                    .with_hint("use letters, digits and underscores"),
            );
        }
        if !seen.insert(label.text.to_lowercase()) {
            let message = format!("two ports are named {}", label.text);
            decoder.diagnostics.push(Diagnostic::error("duplicate-port", label.span, message));
        }
    }
}

/// A group scales horizontally; a task's policy is named after what it scales.
fn scaling(
    decoder: &mut Decoder,
    schema: &BlockSchema,
    map: &mut Map<String, Json>,
    label: Option<&str>,
    block: &Block,
) {
    let kind = match label.map(str::to_ascii_lowercase).as_deref() {
        None => "horizontal",
        Some("cpu") => "vertical_cpu",
        Some("mem") => "vertical_mem",
        Some(_) => {
            let span = block.labels.first().map_or(block.name_span, |label| label.span);
            let problem = Diagnostic::error(
                "invalid-name",
                span,
                "a task's scaling policy is named cpu or mem",
            );
            decoder.diagnostics.push(problem);
            return;
        }
    };
    let mut attributes = block.body.items.iter().filter_map(|item| match item {
        Item::Attribute(attribute) => Some(attribute.name.as_str()),
        Item::Block(_) => None,
    });
    let given = attributes.any(|name| name == "max" || schema.field(name).is_none());
    if label.is_none() && !given && !block.body.broken {
        let problem = Diagnostic::error("missing-attribute", block.name_span, "scaling needs max");
        decoder.diagnostics.push(problem.with_hint("write max = …"));
    }
    if map.get("Type").and_then(Json::as_str).is_none_or(str::is_empty) {
        map.insert("Type".to_owned(), kind.into());
    }
    if map.get("Type").and_then(Json::as_str) != Some(kind) {
        let span =
            block.body.attribute("type").map_or(block.name_span, |written| written.value_span);
        let message = format!("the type of this scaling policy is {kind}");
        let problem = Diagnostic::error("invalid-scaling", span, message);
        decoder.diagnostics.push(problem.with_hint("leave it out"));
    }
}

/// Nomad drops a volume of another type without a word.
fn volume(decoder: &mut Decoder, map: &Map<String, Json>, block: &Block) {
    let kind = map.get("Type").and_then(Json::as_str).unwrap_or_default();
    let written = block.body.attribute("type").map(|attribute| &attribute.value);
    let unsure = block.body.broken || written.is_some_and(Value::has_unknown);
    if matches!(kind, "host" | "csi") || unsure {
        return;
    }
    let span =
        block.body.attribute("type").map_or(block.name_span, |attribute| attribute.value_span);
    let message = format!("a volume of type \"{kind}\" is ignored");
    decoder.diagnostics.push(
        Diagnostic::warning("unknown-volume-type", span, message)
            .with_hint("write type = \"host\" or \"csi\""),
    );
}
