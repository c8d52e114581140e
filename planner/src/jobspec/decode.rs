//! Reads a tree by the schema: blocks and attributes become Nomad's JSON, and everything that does not belong is told.
//!
//! What the three languages do differently with the same block is decided here, by [`Dialect`]; what a job means is not.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::hints::Hints;
use super::schema::{BlockSchema, Field, Kind, Label, Shape};
use super::tree::{Attribute, Block, Body, Item};
use super::value::Value;
use super::{convert, free, older, shape, slips};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, Span};

/// The language a tree came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Hcl2,
    Hcl1,
    /// HCL's JSON syntax, with HCL2's rules.
    Json,
}

/// Decodes one text.
pub(crate) struct Decoder {
    pub(crate) dialect: Dialect,
    hints: Option<&'static Hints>,
    pub(crate) diagnostics: Diagnostics,
    /// Places by path, the last of equal ones counts.
    pub(crate) spans: Vec<(String, Span)>,
    /// Paths of what may be named only once.
    names: BTreeSet<String>,
    /// The body under way holds something that is not known: nothing is missing there for sure.
    doubtful: bool,
    /// Blocks that hold mistakes, by path.
    pub(crate) misread: Vec<String>,
    /// How many findings are already put down to a block.
    settled: usize,
}

/// Mistakes of a single value: what else stands in the job has been read all the same.
const OF_VALUES: [&str; 4] =
    ["wrong-type", "unknown-attribute", "duplicate-attribute", "missing-attribute"];

/// What has been seen of a body, and whether it was an attribute.
type Seen = BTreeMap<&'static str, bool>;

/// Behind so many mistakes nothing similar is looked for: it would take longer than all the rest.
const MAX_SUGGESTIONS: usize = 200;

impl Decoder {
    /// A decoder for one language.
    pub(crate) fn new(dialect: Dialect, hints: Option<&'static Hints>) -> Decoder {
        Decoder {
            dialect,
            hints,
            diagnostics: Diagnostics::new(),
            spans: Vec::new(),
            names: BTreeSet::new(),
            doubtful: false,
            misread: Vec::new(),
            settled: 0,
        }
    }

    pub(crate) fn hcl1(&self) -> bool {
        self.dialect == Dialect::Hcl1
    }

    /// The job of a file.
    pub(crate) fn file(&mut self, root: &Body) -> Option<Map<String, Json>> {
        let mut jobs = root.blocks().filter(|block| block.name == "job");
        let job = jobs.next();
        for item in &root.items {
            let (name, span) = match item {
                Item::Attribute(attribute) => (&attribute.name, attribute.name_span),
                Item::Block(block) if block.name != "job" => (&block.name, block.name_span),
                Item::Block(_) => continue,
            };
            let problem = Diagnostic::error(
                "unknown-block",
                span,
                format!("{name} must stand inside the job block"),
            );
            self.diagnostics.push(problem.with_hint(slips::beside_job(name)));
        }
        self.settle("");
        let Some(job) = job else {
            if root.broken {
                return None;
            }
            self.diagnostics.push(
                Diagnostic::error("missing-job", None, "there is no job block")
                    .with_hint("write job \"name\" { … }"),
            );
            return None;
        };
        if let Some(second) = jobs.next() {
            self.diagnostics.push(
                Diagnostic::error("duplicate-job", header(second), "a file holds only one job")
                    .with_hint("move it to a file of its own"),
            );
            self.settled = self.diagnostics.len();
        }
        self.spans.push((String::new(), header(job)));
        Some(self.block(job, &super::schema::JOB, "", true))
    }

    /// One block, with its label checked.
    fn block(
        &mut self,
        block: &Block,
        schema: &'static BlockSchema,
        path: &str,
        labelled: bool,
    ) -> Map<String, Json> {
        let label = self.label(block, schema, labelled);
        let mut map = self.body(&block.body, schema, path, header(block));
        if let (Some(label), Label::One(json)) = (&label, schema.label) {
            if schema.shape == Shape::Job && block.body.attribute("id").is_none() {
                self.spans.push(("id".to_owned(), label.span));
            }
            map.entry(json).or_insert_with(|| label.text.as_str().into());
        }
        shape::finish(
            self,
            schema,
            &mut map,
            label.as_ref().map(|label| label.text.as_str()),
            block,
        );
        self.settle(path);
        map
    }

    fn label(
        &mut self,
        block: &Block,
        schema: &'static BlockSchema,
        labelled: bool,
    ) -> Option<super::tree::Label> {
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
        if let Some(extra) = block.labels.get(wanted).filter(|_| !self.hcl1()) {
            let message = match wanted {
                0 => format!("{} takes no label", block.name),
                _ => format!("{} takes only one label", block.name),
            };
            self.diagnostics
                .push(Diagnostic::error("extra-label", extra.span, message).with_hint("remove it"));
        }
        block.labels.first().filter(|_| wanted > 0).cloned()
    }

    /// The inside of a block, by its schema.
    fn body(
        &mut self,
        body: &Body,
        schema: &'static BlockSchema,
        path: &str,
        place: Span,
    ) -> Map<String, Json> {
        let mut map = Map::new();
        let mut seen = Seen::new();
        let mut early = Vec::new();
        let around = std::mem::replace(&mut self.doubtful, body.broken);
        if self.hcl1() {
            self.diagnostics.extend(older::labels(body, schema));
        }
        for item in &body.items {
            match item {
                Item::Attribute(attribute) => {
                    self.attribute(attribute, schema, path, &mut map, &mut seen)
                }
                Item::Block(block) if schema.shape == Shape::Job && block.name == "task" => {
                    early.extend(self.lone_task(block, schema));
                }
                Item::Block(block) => self.nested(block, schema, path, &mut map, &mut seen),
            }
            self.settle(path);
        }
        if !early.is_empty() {
            if let Some(Json::Array(groups)) = map.remove("TaskGroups") {
                early.extend(groups);
            }
            map.insert("TaskGroups".to_owned(), Json::Array(early));
        }
        let sure = !std::mem::replace(&mut self.doubtful, around);
        for field in schema.fields.iter().filter(|field| field.required && sure) {
            if !map.contains_key(field.json) && !seen.contains_key(field.name) {
                let message = format!("{} needs {}", schema.name, field.name);
                self.diagnostics.push(
                    Diagnostic::error("missing-attribute", place, message)
                        .with_hint(format!("write {} = …", field.name)),
                );
            }
        }
        self.settle(path);
        map
    }

    /// Puts new mistakes down to a block. One that may have cost a name, such as that of a port, counts for the group.
    fn settle(&mut self, path: &str) {
        let new = &self.diagnostics[self.settled..];
        let mut errors = new.iter().filter(|problem| problem.severity == Severity::Error);
        if let Some(first) = errors.next() {
            let of_values = |problem: &Diagnostic| OF_VALUES.contains(&problem.code.as_str());
            let block = if of_values(first) && errors.all(of_values) {
                path
            } else {
                let group = path.strip_prefix("group.").map(|rest| rest.find('.'));
                group.map_or("", |end| end.map_or(path, |end| &path[.."group.".len() + end]))
            };
            self.misread.push(block.to_owned());
        }
        self.settled = self.diagnostics.len();
    }

    /// A task that stands directly in the job is a group of its own.
    fn lone_task(&mut self, block: &Block, schema: &'static BlockSchema) -> Option<Json> {
        let task = schema.field("task")?.nested()?;
        let name = block.labels.first().map(|label| label.text.clone()).unwrap_or_default();
        let path = format!("group.{name}.task.{name}");
        self.spans.push((format!("group.{name}"), header(block)));
        self.spans.push((path.clone(), header(block)));
        let task = self.block(block, task, &path, true);
        let mut group = Map::new();
        group.insert("Name".to_owned(), name.into());
        group.insert("Tasks".to_owned(), Json::Array(vec![Json::Object(task)]));
        Some(Json::Object(group))
    }

    fn known(&self, schema: &'static BlockSchema, name: &str) -> Option<&'static Field> {
        schema.field(name).filter(|field| field.hcl1 || !self.hcl1())
    }

    fn attribute(
        &mut self,
        attribute: &Attribute,
        schema: &'static BlockSchema,
        path: &str,
        map: &mut Map<String, Json>,
        seen: &mut Seen,
    ) {
        let Some(field) = self.known(schema, &attribute.name) else {
            self.unknown(schema, &attribute.name, attribute.name_span, false);
            return;
        };
        let place = join(path, field.name);
        if !field.is_attribute() {
            // JSON has no blocks to write.
            let none = attribute.value == Value::Null && self.dialect != Dialect::Hcl2;
            seen.insert(field.name, false);
            if attribute.value != Value::Unknown && !none {
                let message = format!("{} is a block", field.name);
                let label = match field.nested() {
                    Some(inner) if matches!(inner.label, Label::One(_)) => "\"name\" ",
                    _ => "",
                };
                let hint = format!("write {} {label}{{ … }} without the equals sign", field.name);
                let problem = Diagnostic::error("not-an-attribute", attribute.name_span, message);
                self.diagnostics.push(problem.with_hint(hint));
            }
            return;
        }
        if let Some(attribute_before) = seen.insert(field.name, true)
            && !self.hcl1()
        {
            // Of two attributes the parser has told.
            if !attribute_before {
                self.duplicate(field.name, attribute.name_span);
            }
            return;
        }
        self.spans.push((place, attribute.value_span));
        let strict = match self.hcl1() {
            true => older::strict(schema, field, &attribute.value).map_err(str::to_owned),
            false => Ok(()),
        };
        match strict.and_then(|()| convert::value(field, &attribute.value, self.dialect)) {
            Ok(Some(value)) => {
                let name = if field.json.is_empty() { field.name } else { field.json };
                map.insert(name.to_owned(), value);
            }
            Ok(None) => {}
            Err(message) => {
                let message = format!("{} {message}", field.name);
                let problem = Diagnostic::error("wrong-type", attribute.value_span, message);
                let hint = self.hints.map(|hints| (hints.value)(field, &attribute.value));
                self.diagnostics.push(Diagnostic { hint, ..problem });
            }
        }
        if let Some(hints) = self.hints {
            self.diagnostics.extend((hints.odd)(field, &attribute.value, attribute.value_span));
        }
    }

    fn duplicate(&mut self, name: &str, span: Span) {
        self.diagnostics.push(
            Diagnostic::error("duplicate-block", span, format!("{name} may stand here only once"))
                .with_hint("keep one of the two, with what both hold"),
        );
    }

    fn nested(
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
        if self.hcl1() && older::loses(field, block) {
            self.lost(block);
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
                let value = self.block(block, inner, &path, false);
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
                    all.insert(label, Json::Object(value));
                }
            }
            Kind::Free => {
                self.spans.push((join(path, field.name), header(block)));
                self.no_labels(block);
                let mut value = free::body(&block.body, self.dialect);
                if self.hcl1() && schema.name == "proxy" {
                    value = older::flat(value);
                }
                self.remember(&block.body, &join(path, field.name));
                merge(map, json, value);
            }
            Kind::ListMap => {
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

    fn no_labels(&mut self, block: &Block) {
        if let Some(label) = block.labels.first().filter(|_| !self.hcl1()) {
            let message = format!("{} takes no label", block.name);
            self.diagnostics
                .push(Diagnostic::error("extra-label", label.span, message).with_hint("remove it"));
        }
    }

    /// Places of what a free-form block holds, for the checks that come later.
    fn remember(&mut self, body: &Body, path: &str) {
        let mut counts = std::collections::BTreeMap::new();
        for item in &body.items {
            match item {
                Item::Attribute(attribute) => {
                    let place = join(path, &attribute.name);
                    self.spans.push((format!("{place}#"), attribute.name_span));
                    self.spans.push((place, attribute.value_span));
                }
                Item::Block(block) => {
                    let place = join(path, &block.name);
                    let count = counts.entry(block.name.as_str()).or_insert(0_usize);
                    let inner = format!("{place}[{count}]");
                    let first = *count == 0;
                    *count += 1;
                    self.remember(&block.body, &inner);
                    self.spans.push((inner, block.name_span));
                    if first {
                        self.spans.push((format!("{place}#"), block.name_span));
                        self.spans.push((place, block.name_span));
                    }
                }
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
        // HCL1 loses a group or task without a name.
        if self.hcl1() && older::vanishes(inner) && block.labels.is_empty() {
            self.lost(block);
            return;
        }
        let json = if field.json.is_empty() { field.name } else { field.json };
        let label = block.labels.first().filter(|_| inner.label != Label::None);
        let count = map.get(json).and_then(Json::as_array).map_or(0, Vec::len);
        let name = match label {
            Some(label) => format!("{}.{}", field.name, label.text),
            None => format!("{}[{count}]", field.name),
        };
        let once = inner.shape == Shape::Scaling || (self.hcl1() && older::named_once(inner));
        if once && label.is_some() && !self.names.insert(join(path, &name)) {
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
    fn lost(&mut self, block: &Block) {
        let (what, hint) = match block.labels.is_empty() {
            true => ("without a label", format!("write {} \"name\" {{ … }}", block.name)),
            false => ("with a label", "remove the label".to_owned()),
        };
        let message = format!("a {} block {what} is ignored by HCL1", block.name);
        let problem = Diagnostic::warning("ignored-block", header(block), message);
        self.diagnostics.push(problem.with_hint(hint));
    }

    /// `env { A = "x" }`.
    fn text_map(&mut self, block: &Block, path: &str) -> Map<String, Json> {
        self.map_of(block, Some(path), Kind::Text, "strings")
    }

    /// `header { Name = ["a", "b"] }`.
    fn list_map(&mut self, block: &Block) -> Map<String, Json> {
        self.map_of(block, None, Kind::Texts, "lists of strings")
    }

    /// A block whose names are free, and whose values are of one type.
    fn map_of(
        &mut self,
        block: &Block,
        path: Option<&str>,
        kind: Kind,
        what: &str,
    ) -> Map<String, Json> {
        let mut map = Map::new();
        // Headers are not converted even by HCL1.
        let dialect = if matches!(kind, Kind::Texts) { Dialect::Hcl2 } else { self.dialect };
        for item in &block.body.items {
            match item {
                Item::Attribute(attribute) => {
                    if let Some(path) = path {
                        let place = join(path, &attribute.name);
                        self.spans.push((place, attribute.value_span));
                    }
                    match convert::typed(kind, (0, 0), &attribute.value, dialect) {
                        Ok(value) => map.extend(value.map(|value| (attribute.name.clone(), value))),
                        Err(message) => {
                            let message = format!("{} {message}", attribute.name);
                            let hint = match kind {
                                Kind::Texts => Some(format!("write {} = [\"…\"]", attribute.name)),
                                _ => self
                                    .hints
                                    .map(|hints| (hints.entry)(&attribute.name, &attribute.value)),
                            };
                            let span = attribute.value_span;
                            let problem = Diagnostic::error("wrong-type", span, message);
                            self.diagnostics.push(Diagnostic { hint, ..problem });
                        }
                    }
                }
                Item::Block(inner) => {
                    let message = format!("{} holds only {what}", block.name);
                    let problem = Diagnostic::error("unknown-block", inner.name_span, message);
                    let hint = format!("write {} = …", inner.name);
                    self.diagnostics.push(problem.with_hint(hint));
                }
            }
        }
        map
    }

    fn unknown(&mut self, schema: &'static BlockSchema, name: &str, span: Span, block: bool) {
        self.doubtful = true;
        let (code, what) =
            if block { ("unknown-block", "block") } else { ("unknown-attribute", "attribute") };
        let message = match schema.shape {
            Shape::Job => format!("a job has no {what} {name}"),
            _ => format!("{} has no {what} {name}", schema.name),
        };
        // Behind so many it is a text of another kind, and looking for what was meant takes longer than all the rest.
        let hints = self.hints.filter(|_| self.diagnostics.len() < MAX_SUGGESTIONS);
        let hint = hints.map(|hints| (hints.name)(schema, name, self.hcl1()));
        self.diagnostics.push(Diagnostic { hint, ..Diagnostic::error(code, span, message) });
    }
}

/// Adds entries to an object; later ones win.
fn merge(map: &mut Map<String, Json>, json: &str, value: Map<String, Json>) {
    match map.entry(json).or_insert_with(|| Json::Object(Map::new())) {
        Json::Object(all) => all.extend(value),
        other => *other = Json::Object(value),
    }
}

/// The same for lists of text, which HCL1 makes longer.
fn append(map: &mut Map<String, Json>, json: &str, value: Map<String, Json>) {
    let all = map.entry(json).or_insert_with(|| Json::Object(Map::new()));
    let Json::Object(all) = all else { return };
    for (name, more) in value {
        match (all.get_mut(&name), more) {
            (Some(Json::Array(before)), Json::Array(more)) => before.extend(more),
            (_, more) => {
                all.insert(name, more);
            }
        }
    }
}

/// A block's first words: its type and labels.
fn header(block: &Block) -> Span {
    let end = block
        .labels
        .last()
        .map_or(block.name_span.end, |label| label.span.end.max(block.name_span.end));
    Span { start: block.name_span.start, end }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
