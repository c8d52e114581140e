//! Reads a tree by the schema: blocks and attributes become Nomad's JSON, and everything that does not belong is told.
//!
//! What the three languages do differently with the same block is decided here, by [`Dialect`]; what a job means is not.

mod blocks;
mod maps;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::diagnostic::{Diagnostic, Diagnostics, Severity, Span};
use crate::jobspec::hints::Hints;
use crate::jobspec::schema::{BlockSchema, Field, Label, Shape};
use crate::jobspec::tree::{Attribute, Block, Body, Item};
use crate::jobspec::value::Value;
use crate::jobspec::{convert, older, shape, slips};

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
            let (name, span) = item.name();
            if name == "job" && matches!(item, Item::Block(_)) {
                continue;
            }
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
            let before = self.diagnostics.len();
            if self.hcl1()
                && let Some((span, why)) = older::unseen(schema, body, item)
            {
                self.lost(item.name().0, span, why);
                continue;
            }
            match item {
                Item::Attribute(attribute) => {
                    self.attribute(attribute, schema, path, &mut map, &mut seen)
                }
                Item::Block(block) if schema.shape == Shape::Job && block.name == "task" => {
                    early.extend(self.lone_task(block, schema));
                }
                Item::Block(block) => self.nested(block, schema, path, &mut map, &mut seen),
            }
            if schema.shape == Shape::Group {
                self.excuse(item, before, &mut map);
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

    /// Mistakes in a group that Nomad keeps to itself: HCL1 gives up all volumes for one, HCL2 goes on with the vault.
    fn excuse(&mut self, item: &Item, before: usize, map: &mut Map<String, Json>) {
        let (more, follows) = match (item.name().0, item, self.hcl1()) {
            ("volume", _, true) => ("missing-label", "HCL1 ignores all volumes of the group"),
            ("vault", Item::Block(_), false) => {
                ("unknown-attribute", "Nomad ignores it in the vault of a group")
            }
            _ => return,
        };
        let codes = ["wrong-type", "not-a-block", "not-an-attribute", more];
        for problem in &mut self.diagnostics[before..] {
            if problem.severity == Severity::Error && codes.contains(&problem.code.as_str()) {
                problem.severity = Severity::Warning;
                problem.message += &format!(": {follows}");
                if self.dialect == Dialect::Hcl1 {
                    map.insert("Volumes".to_owned(), Json::Null);
                }
            }
        }
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
        let severity = match self.hcl1() && older::reads_over(schema) {
            true => Severity::Warning,
            false => Severity::Error,
        };
        let problem = Diagnostic::error(code, span, message);
        self.diagnostics.push(Diagnostic { hint, severity, ..problem });
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
