//! Documents of Nomad's API: keys in any case, types checked by the schema. Unknown keys are ignored, as Nomad does, but
//! not without a word.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};

use super::document::{Kind as NodeKind, Member, Node};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::jobspec::schema::{self, BlockSchema, Field, Kind, Label, Shape};
use crate::jobspec::value::Value;
use crate::jobspec::{suggest, wrong_value};

/// Fields of a job that no job file has, with their JSON type.
const JOB_ONLY: &[(&str, Kind)] = &[
    ("ParentID", Kind::Text),
    ("Dispatched", Kind::Bool),
    ("DispatchIdempotencyToken", Kind::Text),
    ("Payload", Kind::Text),
    ("ConsulNamespace", Kind::Text),
    ("VaultNamespace", Kind::Text),
    ("NomadTokenID", Kind::Text),
    ("Status", Kind::Text),
    ("StatusDescription", Kind::Text),
    ("Stop", Kind::Bool),
    ("Stable", Kind::Bool),
    ("Version", Kind::Int),
    ("SubmitTime", Kind::Int),
    ("CreateIndex", Kind::Int),
    ("ModifyIndex", Kind::Int),
    ("JobModifyIndex", Kind::Int),
    ("VersionTag", Kind::Free),
];
const ANY_NUMBER: (i64, i64) = (i64::MIN, i64::MAX);
/// Behind so many findings nothing similar is looked for.
const MAX_SUGGESTIONS: usize = 200;
/// Fields of other blocks that no job file has.
const OTHERS_ONLY: &[(&str, &str, Kind)] = &[
    ("service", "Id", Kind::Text),
    ("service", "Namespace", Kind::Text),
    ("check", "Id", Kind::Text),
    ("periodic", "SpecType", Kind::Text),
    ("scaling", "ID", Kind::Text),
    ("scaling", "Namespace", Kind::Text),
    ("scaling", "Target", Kind::TextMap),
    ("scaling", "CreateIndex", Kind::Int),
    ("scaling", "ModifyIndex", Kind::Int),
    ("task", "Identity", Kind::Free),
];

/// Reads the job of a document, with or without its `Job` wrapper.
pub(crate) fn read(
    root: &Node,
    spans: &mut Vec<(String, Span)>,
    diagnostics: &mut Diagnostics,
) -> Option<Map<String, Json>> {
    let job = match root.member("Job") {
        Some(member) if !matches!(member.value.kind, NodeKind::Scalar(Value::Null)) => {
            &member.value
        }
        None if root.member("ID").is_some() || root.member("TaskGroups").is_some() => root,
        _ => {
            diagnostics.push(
                Diagnostic::error("missing-job", root.span, "Job must be specified")
                    .with_hint("write {\"Job\": {\"ID\": …}}, or the job itself"),
            );
            return None;
        }
    };
    let mut reader = Reader { spans, diagnostics };
    let map = reader.object(job, &schema::JOB, "")?;
    if !map.contains_key("ID") {
        let problem = Diagnostic::error("missing-id", job.span, "Job must have a valid ID");
        diagnostics.push(problem.with_hint("write \"ID\": \"name\""));
    }
    if let Some(Json::String(payload)) = map.get("Payload")
        && STANDARD.decode(payload.replace(['\r', '\n'], "")).is_err()
    {
        let span = job.member("Payload").map(|member| member.value.span);
        diagnostics.push(Diagnostic::error("wrong-type", span, "Payload must be base64"));
    }
    Some(map)
}

/// The fields of a block that no job file has.
pub(crate) fn beside(schema: &BlockSchema) -> impl Iterator<Item = (&'static str, Kind)> {
    let job_only = if schema.shape == Shape::Job { JOB_ONLY } else { &[] };
    let others = OTHERS_ONLY.iter().filter(move |(block, ..)| *block == schema.name);
    job_only.iter().copied().chain(others.map(|(_, name, kind)| (*name, *kind)))
}

struct Reader<'a> {
    spans: &'a mut Vec<(String, Span)>,
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn wrong(&mut self, span: Span, name: &str, wanted: &str, value: &Value) {
        let message = format!("{name} must be {wanted}, not {}", value.kind());
        let problem = Diagnostic::error("wrong-type", span, message);
        self.diagnostics.push(problem.with_hint(wrong_value::json_hint(wanted, value)));
    }

    fn unknown(&mut self, schema: &BlockSchema, member: &Member) {
        let what = if schema.shape == Shape::Job { "a job" } else { schema.name };
        let message = format!("{what} has no {}", member.key);
        let mut problem = Diagnostic::warning("unknown-key", member.span, message);
        let known = schema.fields.iter().map(|field| field.json);
        // Behind many of them it is a document of another kind.
        if self.diagnostics.len() < MAX_SUGGESTIONS {
            problem.hint =
                suggest::nearest(&member.key, known).map(|near| format!("did you mean {near}?"));
        }
        self.diagnostics.push(problem);
    }

    /// Places of what a free-form object holds, for the checks that come later.
    fn remember(&mut self, node: &Node, path: &str) {
        for member in node.members().unwrap_or_default() {
            let place = join(path, &member.key);
            if let NodeKind::List(items) = &member.value.kind {
                for (at, item) in items.iter().enumerate() {
                    self.remember(item, &format!("{place}[{at}]"));
                }
            }
            self.remember(&member.value, &place);
            self.spans.push((format!("{place}#"), member.span));
            self.spans.push((place, member.value.span));
        }
    }

    fn object(
        &mut self,
        node: &Node,
        schema: &'static BlockSchema,
        path: &str,
    ) -> Option<Map<String, Json>> {
        if matches!(node.kind, NodeKind::Scalar(Value::Null)) {
            return None;
        }
        let Some(members) = node.members() else {
            self.wrong(node.span, schema.name, "an object", &node.value());
            return None;
        };
        let mut map = Map::new();
        let mut seen = BTreeSet::new();
        for member in members {
            let key = member.key.as_str();
            if !seen.insert(key.to_ascii_lowercase()) {
                let message = format!("{key} is set twice, and the last one counts");
                self.diagnostics.push(
                    Diagnostic::warning("duplicate-key", member.span, message)
                        .with_hint("keep one of the two"),
                );
            }
            let inner = join(path, &key.to_ascii_lowercase());
            if let Label::One(label) = schema.label
                && key.eq_ignore_ascii_case(label)
            {
                if let Some(text) = self.scalar(&member.value, key, Kind::Text, ANY_NUMBER) {
                    map.insert(label.to_owned(), text);
                }
                self.spans.push((inner, member.value.span));
                continue;
            }
            if schema.name == "network" && key.eq_ignore_ascii_case("ReservedPorts") {
                let ports = schema.json_field("DynamicPorts");
                let ports = ports.and_then(|field| self.field(field, &member.value, path));
                map.extend(ports.map(|ports| ("ReservedPorts".to_owned(), ports)));
                continue;
            }
            // Documents of a cluster have the newer name of what job documents call otherwise.
            let newer = schema.name == "proxy" && key.eq_ignore_ascii_case("Expose");
            let known = if newer { "ExposeConfig" } else { key };
            if let Some(field) = schema.json_field(known) {
                if field.nested().is_none() {
                    self.spans.push((join(path, field.name), member.value.span));
                }
                if matches!(field.kind, Kind::Free) {
                    self.remember(&member.value, &join(path, field.name));
                }
                match self.field(field, &member.value, path) {
                    Some(value) => {
                        map.insert(field.json.to_owned(), value);
                    }
                    // A null takes back what stands before it, where Nomad knows of none.
                    None if field.is_block() || field.null && !matches!(field.kind, Kind::Text) => {
                        map.remove(field.json);
                    }
                    None => {}
                }
                continue;
            }
            match beside(schema).find(|(name, _)| name.eq_ignore_ascii_case(key)) {
                Some((name, kind)) => {
                    let value = self.scalar(&member.value, name, kind, ANY_NUMBER);
                    map.extend(value.map(|value| (name.to_owned(), value)));
                }
                None => self.unknown(schema, member),
            }
        }
        Some(map)
    }

    fn field(&mut self, field: &'static Field, node: &Node, path: &str) -> Option<Json> {
        match field.kind {
            Kind::Block(schema) => {
                self.object(node, schema, &join(path, field.name)).map(Json::Object)
            }
            Kind::Blocks(schema) => self.list(node, field, schema, path),
            Kind::ByLabel(schema) => {
                if matches!(node.kind, NodeKind::Scalar(Value::Null)) {
                    return None;
                }
                let Some(members) = node.members() else {
                    self.wrong(node.span, field.json, "an object", &node.value());
                    return None;
                };
                let mut map = Map::new();
                for member in members {
                    let inner = join(path, &format!("{}.{}", field.name, member.key));
                    self.spans.push((inner.clone(), member.span));
                    let value = self.object(&member.value, schema, &inner);
                    map.extend(value.map(|value| (member.key.clone(), Json::Object(value))));
                }
                Some(Json::Object(map))
            }
            Kind::Int8 => self.scalar(node, field.json, Kind::Int, (-128, 127)),
            kind => self.scalar(node, field.json, kind, field.limits),
        }
    }

    fn list(
        &mut self,
        node: &Node,
        field: &Field,
        schema: &'static BlockSchema,
        path: &str,
    ) -> Option<Json> {
        let nodes = match &node.kind {
            NodeKind::List(nodes) => nodes,
            NodeKind::Scalar(Value::Null) => return None,
            _ => {
                self.wrong(node.span, field.json, "a list", &node.value());
                return None;
            }
        };
        let mut values = Vec::new();
        for (at, node) in nodes.iter().enumerate() {
            let label = match schema.label {
                Label::One(label) => {
                    node.member(label).and_then(|member| member.value.value().to_text())
                }
                _ => None,
            };
            let inner = match label {
                Some(label) => join(path, &format!("{}.{label}", field.name)),
                None => join(path, &format!("{}[{at}]", field.name)),
            };
            self.spans.push((inner.clone(), node.span));
            // A null is an empty one.
            values.push(Json::Object(self.object(node, schema, &inner).unwrap_or_default()));
        }
        Some(Json::Array(values))
    }

    /// A value as Go's decoder takes it: nothing converts.
    fn scalar(
        &mut self,
        node: &Node,
        name: &str,
        kind: Kind,
        (least, most): (i64, i64),
    ) -> Option<Json> {
        let value = match (kind, node.value()) {
            // A string that is not there is an empty one.
            (Kind::Texts, Value::List(texts)) => {
                Value::List(texts.into_iter().map(text_or_none).collect())
            }
            (Kind::TextMap | Kind::TextMapBlock | Kind::TextMapAttribute, Value::Object(texts)) => {
                Value::Object(
                    texts.into_iter().map(|(key, text)| (key, text_or_none(text))).collect(),
                )
            }
            (_, value) => value,
        };
        let numbers = match (kind, &value) {
            (Kind::Int, number @ Value::Int(_)) => std::slice::from_ref(number),
            (Kind::Ints, Value::List(numbers)) => numbers,
            _ => &[],
        };
        let inside = |value: &Value| value.to_int().is_none_or(|n| least <= n && n <= most);
        if !numbers.iter().all(inside) {
            let message = format!("{name} must be between {least} and {most}");
            self.diagnostics.push(Diagnostic::error("wrong-type", node.span, message));
            return None;
        }
        let wanted = match (kind, &value) {
            (_, Value::Null) => return None,
            (Kind::Text, Value::Text(_))
            | (Kind::Bool, Value::Bool(_))
            | (Kind::Int | Kind::Int8 | Kind::Duration, Value::Int(_))
            | (Kind::Free, Value::Object(_)) => return Some(value.to_json()),
            (Kind::Texts, Value::List(values))
                if values.iter().all(|v| matches!(v, Value::Text(_))) =>
            {
                return Some(value.to_json());
            }
            (Kind::Ints, Value::List(values))
                if values.iter().all(|v| matches!(v, Value::Int(_))) =>
            {
                return Some(value.to_json());
            }
            (
                Kind::TextMap | Kind::TextMapBlock | Kind::TextMapAttribute,
                Value::Object(values),
            ) if values.values().all(|v| matches!(v, Value::Text(_))) => {
                return Some(value.to_json());
            }
            (Kind::ListMap, Value::Object(_)) => return Some(value.to_json()),
            (Kind::Text, _) => "a string",
            (Kind::Bool, _) => "true or false",
            (Kind::Int | Kind::Int8, _) => "a whole number",
            (Kind::Duration, _) => "a number of nanoseconds",
            (Kind::Texts, _) => "a list of strings",
            (Kind::Ints, _) => "a list of whole numbers",
            (Kind::TextMap | Kind::TextMapBlock | Kind::TextMapAttribute, _) => {
                "an object of strings"
            }
            _ => "an object",
        };
        self.wrong(node.span, name, wanted, &value);
        None
    }
}

fn text_or_none(text: Value) -> Value {
    if text == Value::Null { Value::from("") } else { text }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
