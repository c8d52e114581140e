//! What HCL1 does differently with the blocks of a job: which may repeat, which vanish, and what it wants beside.

use serde_json::{Map, Value as Json};

use super::schema::{BlockSchema, Field, Kind, Label, Shape};
use super::tree::{Block, Body, Item};
use super::value::Value;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};

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

/// Where and why Nomad does not look at an item, if it does not.
pub(crate) fn unseen(
    schema: &BlockSchema,
    body: &Body,
    item: &Item,
) -> Option<(Span, &'static str)> {
    let (name, span) = item.name();
    let field = schema.field(name).filter(|field| field.hcl1)?;
    let named = field
        .nested()
        .is_some_and(|inner| matches!(inner.shape, Shape::Group | Shape::Task) || name == "region");
    let service = || body.blocks().any(|block| block.name == "sidecar_service");
    match item {
        Item::Block(block) if !block.labels.is_empty() => {
            // A vault is one of defaults at least.
            let lost = name != "vault" && loses(schema, field, block);
            lost.then_some((block.labels[0].span, "with a label"))
        }
        _ if named => Some((span, "without a label")),
        _ if schema.name == "connect" && name == "sidecar_task" && !service() => {
            Some((span, "without a sidecar_service"))
        }
        _ => None,
    }
}

/// True for a block whose content vanishes because it has a label, which its type has not.
pub(crate) fn loses(schema: &BlockSchema, field: &Field, block: &Block) -> bool {
    let unlabelled =
        field.is_block() && field.nested().is_none_or(|inner| inner.label == Label::None);
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
    let refused = schema.name == "region" && field.name == "meta";
    unlabelled && !block.labels.is_empty() && !kept.contains(&field.name) && !refused
}

/// True for blocks that may not have more labels than they need: those of others become nested objects, and are lost.
pub(crate) fn counts_labels(schema: &BlockSchema) -> bool {
    matches!(schema.name, "device" | "target" | "scaling")
}

/// True for blocks in which an unknown name is read over.
pub(crate) fn reads_over(schema: &BlockSchema) -> bool {
    matches!(schema.name, "volume" | "mount_options" | "csi_plugin")
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
    if matches!(schema.name, "volume" | "mount_options") {
        return match (field.kind, value) {
            (Kind::Bool, Value::Int(0 | 1)) => Ok(()),
            (Kind::Bool, Value::Text(text))
                if matches!(text.to_ascii_lowercase().as_str(), "0" | "1" | "false" | "true") =>
            {
                Ok(())
            }
            (Kind::Bool, value) if !fits(Kind::Bool, value) => Err("must be true or false"),
            (Kind::Texts, value) if !matches!(value, Value::List(_)) => {
                Err("must be a list of strings")
            }
            _ => Ok(()),
        };
    }
    if schema.name == "envoy_gateway_bind_addresses" && field.name == "port" {
        let legal = matches!(value, Value::Int(_) | Value::Text(_));
        return if legal { Ok(()) } else { Err("must be a whole number") };
    }
    let exact = match schema.name {
        "listener" | "tls" | "path" => true,
        "proxy" => schema.field("local_service_port").is_some(),
        // Of a gateway, not of a task.
        "service" => schema.field("hosts").is_some(),
        _ => false,
    };
    match field.kind {
        kind if !exact || fits(kind, value) => Ok(()),
        Kind::Text => Err("must be a string"),
        Kind::Bool => Err("must be true or false"),
        Kind::Texts => Err("must be a list of strings"),
        _ => Err("must be a number"),
    }
}

/// True for a value that needs no conversion.
pub(crate) fn fits(kind: Kind, value: &Value) -> bool {
    match (kind, value) {
        (Kind::Text, Value::Text(_))
        | (Kind::Bool, Value::Bool(_))
        | (Kind::Int, Value::Int(_) | Value::Decimal(_)) => true,
        (Kind::Texts, Value::List(values)) => values.iter().all(|v| matches!(v, Value::Text(_))),
        (Kind::Text | Kind::Bool | Kind::Int | Kind::Texts, _) => false,
        _ => true,
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
pub(crate) fn flat(body: &Body) -> Map<String, Json> {
    let mut map = Map::new();
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => {
                map.insert(attribute.name.clone(), attribute.value.to_json());
            }
            Item::Block(block) => {
                let mut value = flat(&block.body);
                for label in block.labels.iter().rev() {
                    value = Map::from_iter([(label.text.clone(), Json::Object(value))]);
                }
                match map.entry(block.name.clone()).or_insert_with(|| Json::Object(Map::new())) {
                    Json::Object(all) => all.extend(value),
                    other => *other = Json::Object(value),
                }
            }
        }
    }
    map
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
    let lacks = |name: &&&str| !block.body.items.iter().any(|item| item.name().0 == **name);
    let name = wanted.iter().find(lacks)?;
    let message = format!("{} needs {name}", block.name);
    let problem = Diagnostic::error("missing-block", block.name_span, message);
    Some(problem.with_hint(format!("write {name} {{ … }}")))
}
