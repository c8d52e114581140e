//! Blocks whose JSON is more than their attributes: shorthands, ports, what the parser fills in, vault for all tasks.

use serde_json::{Map, Value as Json};

use super::decode::{Decoder, Dialect};
use super::schema::{BlockSchema, Shape};
use super::tree::Block;
use crate::diagnostic::Diagnostic;

/// Shorthands of constraint and affinity, with the operator they stand for.
const SHORTHANDS: &[&str] =
    &["version", "semver", "regexp", "set_contains", "set_contains_all", "set_contains_any"];

/// Finishes a decoded block.
pub(crate) fn finish(
    decoder: &mut Decoder,
    schema: &BlockSchema,
    map: &mut Map<String, Json>,
    label: Option<&str>,
    block: &Block,
) {
    match schema.shape {
        Shape::Job => {
            default(map, "Name", label.unwrap_or_default());
            hand_down_vault(map, &["TaskGroups", "Tasks"]);
        }
        Shape::Group => hand_down_vault(map, &["Tasks"]),
        Shape::Constraint => constraint(map, decoder.dialect),
        Shape::Affinity => affinity(map),
        Shape::Network => network(decoder, map, block),
        Shape::Template => {
            default(map, "ChangeMode", "restart");
            default(map, "Perms", "0644");
            default(map, "Splay", 5_000_000_000_i64);
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
        Shape::Scaling => scaling(decoder, map, label, block),
        Shape::Volume => volume(decoder, map, block),
        Shape::Task | Shape::Plain => {}
    }
}

fn default(map: &mut Map<String, Json>, key: &str, value: impl Into<Json>) {
    map.entry(key).or_insert_with(|| value.into());
}

/// A vault block of a job or group is copied to the tasks below that have none.
fn hand_down_vault(map: &mut Map<String, Json>, path: &[&str]) {
    let Some(vault) = map.remove("Vault") else { return };
    fn give(map: &mut Map<String, Json>, path: &[&str], vault: &Json) {
        let Some((first, rest)) = path.split_first() else {
            map.entry("Vault").or_insert_with(|| vault.clone());
            return;
        };
        if let Some(Json::Array(children)) = map.get_mut(*first) {
            for child in children.iter_mut().filter_map(Json::as_object_mut) {
                give(child, rest, vault);
            }
        }
    }
    give(map, path, &vault);
}

fn shorthand(map: &mut Map<String, Json>) {
    for operator in SHORTHANDS {
        if let Some(value) = map.remove(*operator) {
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
    shorthand(map);
    if let Some(property) = map.remove("distinct_property") {
        map.insert("Operand".to_owned(), "distinct_property".into());
        map.insert("LTarget".to_owned(), property);
    }
    if map.remove("distinct_hosts") == Some(Json::Bool(true)) {
        map.insert("Operand".to_owned(), "distinct_hosts".into());
    }
    default(map, "Operand", "=");
}

fn affinity(map: &mut Map<String, Json>) {
    shorthand(map);
    default(map, "Operand", "=");
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
    let mut seen: Vec<String> = Vec::new();
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
        let folded = label.text.to_lowercase();
        if seen.contains(&folded) {
            let message = format!("two ports are named {}", label.text);
            decoder.diagnostics.push(Diagnostic::error("duplicate-port", label.span, message));
        }
        seen.push(folded);
    }
}

/// A group scales horizontally; a task's policy is named after what it scales.
fn scaling(decoder: &mut Decoder, map: &mut Map<String, Json>, label: Option<&str>, block: &Block) {
    let kind = match label {
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
    if label.is_none() && !map.contains_key("Max") {
        let problem = Diagnostic::error("missing-attribute", block.name_span, "scaling needs max");
        decoder.diagnostics.push(problem.with_hint("write max = …"));
    }
    default(map, "Type", kind);
    default(map, "Enabled", true);
}

/// Nomad drops a volume of another type without a word.
fn volume(decoder: &mut Decoder, map: &Map<String, Json>, block: &Block) {
    let kind = map.get("Type").and_then(Json::as_str).unwrap_or_default();
    if matches!(kind, "host" | "csi") {
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
