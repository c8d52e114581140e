//! Blocks inside blocks: where each may stand, how often, and under which label its content goes.

use serde_json::{Map, Value as Json};

use super::maps::{append, merge};
use super::{Decoder, Seen, header, join};
use crate::diagnostic::{Diagnostic, Span};
use crate::jobspec::schema::{BlockSchema, Field, Kind, Label, Shape};
use crate::jobspec::tree::{self, Block};
use crate::jobspec::{free, older, shape};

impl Decoder {
    pub(super) fn duplicate(&mut self, name: &str, span: Span) {
        self.diagnostics.push(
            Diagnostic::error("duplicate-block", span, format!("{name} may stand here only once"))
                .with_hint("keep one of the two, with what both hold"),
        );
    }

    pub(super) fn nested(
        &mut self,
        block: &Block,
        schema: &'static BlockSchema,
        path: &str,
        map: &mut Map<String, Json>,
        seen: &mut Seen,
    ) {
        let Some(field) = self.known(schema, &block.name) else {
            self.unknown(schema, &block.name, block.name_span, true);
            return;
        };
        let attribute_map = matches!(field.kind, Kind::TextMapAttribute) && block.assigned;
        if !field.is_block() && !attribute_map {
            let message = format!("{} is an attribute, not a block", field.name);
            let hint = match block.labels.first() {
                Some(label) => format!("write {} = \"{}\"", field.name, label.text),
                None => format!("write {} = …", field.name),
            };
            let problem = Diagnostic::error("not-a-block", block.name_span, message);
            self.diagnostics.push(problem.with_hint(hint));
            return;
        }
        let repeats = match self.hcl1() {
            true => older::repeats(schema, field),
            // Nomad keeps the last.
            false if schema.shape == Shape::Group && field.name == "vault" => true,
            false => matches!(field.kind, Kind::Blocks(_) | Kind::ByLabel(_)),
        };
        if seen.insert(field.name, false).is_some() && !repeats {
            self.duplicate(field.name, block.name_span);
            return;
        }
        let json = if field.json.is_empty() { field.name } else { field.json };
        match field.kind {
            Kind::Block(inner) => {
                let path = join(path, field.name);
                self.spans.push((path.clone(), header(block)));
                let mut value = Map::new();
                if self.hcl1() && older::loses(schema, field, block) {
                    shape::finish(self, inner, &mut value, None, block);
                    self.lost(field.name, block.labels[0].span, "with a label");
                } else {
                    value = self.block(block, inner, &path, false);
                }
                map.insert(json.to_owned(), Json::Object(value));
            }
            Kind::Blocks(inner) => self.repeated(block, field, inner, path, map),
            Kind::ByLabel(inner) => {
                let label =
                    block.labels.first().map(|label| label.text.clone()).unwrap_or_default();
                let path = join(path, &format!("{}.{label}", field.name));
                self.spans.push((path.clone(), header(block)));
                let value = self.block(block, inner, &path, true);
                let all = map.entry(json).or_insert_with(|| Json::Object(Map::new()));
                if let Json::Object(all) = all {
                    // HCL1 reads a second one into the first, HCL2 takes it instead.
                    if !self.hcl1() {
                        all.remove(&label);
                    }
                    merge(all, &label, value);
                }
            }
            Kind::Free => {
                self.spans.push((join(path, field.name), header(block)));
                self.no_labels(block);
                let value = match self.hcl1() && schema.name == "proxy" {
                    true => older::flat(&block.body),
                    false => free::body(&block.body, self.dialect),
                };
                self.remember(&block.body, &join(path, field.name));
                merge(map, json, value);
            }
            Kind::ListMap => {
                self.no_labels(block);
                let value = self.list_map(block);
                append(map, json, value);
            }
            _ => {
                self.spans.push((join(path, field.name), header(block)));
                self.no_labels(block);
                let value = self.text_map(block, &join(path, field.name));
                merge(map, json, value);
            }
        }
    }

    fn repeated(
        &mut self,
        block: &Block,
        field: &'static Field,
        inner: &'static BlockSchema,
        path: &str,
        map: &mut Map<String, Json>,
    ) {
        let json = if field.json.is_empty() { field.name } else { field.json };
        let label = block.labels.first().filter(|_| inner.label != Label::None);
        let count = map.get(json).and_then(Json::as_array).map_or(0, Vec::len);
        let name = match label {
            Some(label) => format!("{}.{}", field.name, label.text),
            None => format!("{}[{count}]", field.name),
        };
        // HCL2 compares them in small letters.
        let key = if self.hcl1() { name.clone() } else { name.to_ascii_lowercase() };
        let once = inner.shape == Shape::Scaling || (self.hcl1() && older::named_once(inner));
        if once && label.is_some() && !self.names.insert(join(path, &key)) {
            self.duplicate(&name.replace('.', " "), header(block));
            return;
        }
        let path = join(path, &name);
        self.spans.push((path.clone(), header(block)));
        let value = Json::Object(self.block(block, inner, &path, true));
        if self.hcl1() && shape::is_nothing(inner, &value) {
            return;
        }
        match map.entry(json).or_insert_with(|| Json::Array(Vec::new())) {
            Json::Array(values) => values.push(value),
            other => *other = Json::Array(vec![value]),
        }
    }

    /// HCL1 reads over blocks with a label where none belongs, and without one where it does.
    pub(super) fn lost(&mut self, name: &str, span: Span, why: &str) {
        let hint = match why {
            "without a label" => format!("write {name} \"name\" {{ … }}"),
            "with a label" => "remove the label".to_owned(),
            _ => "HCL2 reads it".to_owned(),
        };
        let message = format!("{name} {why} is ignored by HCL1");
        let problem = Diagnostic::warning("ignored-block", span, message);
        self.diagnostics.push(problem.with_hint(hint));
    }

    /// A task that stands directly in the job is a group of its own.
    pub(super) fn lone_task(
        &mut self,
        block: &Block,
        schema: &'static BlockSchema,
    ) -> Option<Json> {
        let task = schema.field("task")?.nested()?;
        let name = block.labels.first().map(|label| label.text.clone()).unwrap_or_default();
        if self.hcl1() && !self.names.insert(format!("task.{name}")) {
            self.duplicate(&format!("task {name}"), header(block));
            return None;
        }
        let path = format!("group.{name}.task.{name}");
        self.spans.push((format!("group.{name}"), header(block)));
        self.spans.push((path.clone(), header(block)));
        let task = self.block(block, task, &path, true);
        let mut group = Map::new();
        group.insert("Name".to_owned(), name.into());
        group.insert("Tasks".to_owned(), Json::Array(vec![Json::Object(task)]));
        Some(Json::Object(group))
    }

    pub(super) fn label(
        &mut self,
        block: &Block,
        schema: &'static BlockSchema,
        labelled: bool,
    ) -> Option<tree::Label> {
        let wanted = usize::from(labelled && schema.label != Label::None);
        if block.labels.len() < wanted {
            self.diagnostics.push(
                Diagnostic::error(
                    "missing-label",
                    block.name_span,
                    format!("{} needs a name", block.name),
                )
                .with_hint(format!("write {} \"name\" {{ … }}", block.name)),
            );
        }
        // HCL1 takes further labels for nested objects and loses them.
        if let Some(extra) = block.labels.get(wanted)
            && (!self.hcl1() || older::counts_labels(schema))
        {
            let message = match wanted {
                0 => format!("{} takes no label", block.name),
                _ => format!("{} takes only one label", block.name),
            };
            self.diagnostics
                .push(Diagnostic::error("extra-label", extra.span, message).with_hint("remove it"));
        }
        block.labels.first().filter(|_| wanted > 0).cloned()
    }
}
