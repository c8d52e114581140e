//! What HCL1 does differently with the blocks of a job: which may repeat, which vanish, and what it wants beside.

use serde_json::{Map, Value as Json};

use super::schema::{BlockSchema, Field, Kind, Label, Shape};
use super::tree::{Block, Body};
use super::value::Value;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// True for blocks that may stand more than once: lists, and what is merged.
pub(crate) fn repeats(around: &BlockSchema, field: &Field) -> bool {
    match field.kind {
        Kind::Blocks(_) => field.name != "network",
        Kind::ByLabel(_) | Kind::TextMap | Kind::ListMap => true,
        Kind::TextMapBlock => around.name != "artifact",
        Kind::Free => matches!(around.name, "task" | "sidecar_task"),
        _ => false,
    }
}

/// True for blocks of which none may have the name of another.
pub(crate) fn named_once(schema: &BlockSchema) -> bool {
    matches!(schema.shape, Shape::Group | Shape::Task) || matches!(schema.name, "region" | "target")
}

/// True for blocks that vanish where they have no name.
pub(crate) fn vanishes(schema: &BlockSchema) -> bool {
    matches!(schema.shape, Shape::Group | Shape::Task) || schema.name == "region"
}

/// True for a block that vanishes because it has a label, which its type has not.
pub(crate) fn loses(field: &Field, block: &Block) -> bool {
    let unlabelled = field.nested().is_none_or(|inner| inner.label == Label::None);
    let kept = [
        "service",
        "check",
        "volume_mount",
        "network",
        "logs",
        "lifecycle",
        "dispatch_payload",
        "connect",
        "gateway",
        "proxy",
        "upstreams",
        "expose",
        "path",
        "sidecar_service",
        "sidecar_task",
        "check_restart",
        "ingress",
        "listener",
        "tls",
        "dns",
        "header",
    ];
    unlabelled && !block.labels.is_empty() && !kept.contains(&field.name)
}

/// What Nomad decodes without converting, though it is HCL1: the error says what is wanted.
pub(crate) fn strict(
    schema: &BlockSchema,
    field: &Field,
    value: &Value,
) -> Result<(), &'static str> {
    let only_bool = matches!((schema.name, field.name), ("periodic", "enabled"))
        || field.name == "distinct_hosts";
    if only_bool {
        let legal = matches!(value, Value::Bool(_) | Value::Text(_)) && *value != Value::from("");
        return if legal { Ok(()) } else { Err("must be true or false") };
    }
    let exact = match schema.name {
        "listener" | "tls" | "path" => true,
        "proxy" => schema.field("local_service_port").is_some(),
        // Of a gateway, not of a task.
        "service" => schema.field("hosts").is_some(),
        _ => false,
    };
    let fits = match (field.kind, value) {
        (Kind::Text, Value::Text(_))
        | (Kind::Bool, Value::Bool(_))
        | (Kind::Int, Value::Int(_) | Value::Decimal(_)) => true,
        (Kind::Texts, Value::List(values)) => values.iter().all(|v| matches!(v, Value::Text(_))),
        (Kind::Text | Kind::Bool | Kind::Int | Kind::Texts, _) => false,
        _ => true,
    };
    match field.kind {
        _ if !exact || fits => Ok(()),
        Kind::Text => Err("must be a string"),
        Kind::Bool => Err("must be true or false"),
        Kind::Texts => Err("must be a list of strings"),
        _ => Err("must be a number"),
    }
}

/// Blocks of one type have labels, or they have none: a mixture cannot be decoded.
pub(crate) fn labels(body: &Body, schema: &BlockSchema) -> Diagnostics {
    let mut problems = Diagnostics::new();
    let mut first: std::collections::BTreeMap<&str, bool> = std::collections::BTreeMap::new();
    for block in body.blocks().filter(|block| schema.field(&block.name).is_some()) {
        let labelled = !block.labels.is_empty();
        if *first.entry(&block.name).or_insert(labelled) != labelled {
            let message = format!("one {} has a label, another has none", block.name);
            problems.push(Diagnostic::error("missing-label", block.name_span, message));
        }
    }
    problems
}

/// Options of a proxy: nested blocks become objects instead of lists of them.
pub(crate) fn flat(map: Map<String, Json>) -> Map<String, Json> {
    map.into_iter()
        .map(|(name, value)| {
            let value = match value {
                Json::Array(values) if values.iter().all(Json::is_object) && !values.is_empty() => {
                    let objects = values.into_iter().filter_map(|value| match value {
                        Json::Object(inner) => Some(flat(inner)),
                        _ => None,
                    });
                    Json::Object(objects.flatten().collect())
                }
                Json::Object(inner) => Json::Object(flat(inner)),
                other => other,
            };
            (name, value)
        })
        .collect()
}

/// What a block must hold in HCL1 only.
pub(crate) fn missing(schema: &BlockSchema, block: &Block) -> Option<Diagnostic> {
    if block.body.broken {
        return None;
    }
    let wanted: &[&str] = match schema.name {
        "gateway" => &["proxy", "ingress"],
        "multiregion" => &["region"],
        _ => &[],
    };
    let lacks = |name: &&&str| !block.body.blocks().any(|inner| inner.name == **name);
    let name = wanted.iter().find(lacks)?;
    let message = format!("{} needs {name}", block.name);
    let problem = Diagnostic::error("missing-block", block.name_span, message);
    Some(problem.with_hint(format!("write {name} {{ … }}")))
}
