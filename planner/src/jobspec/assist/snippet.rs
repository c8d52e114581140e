//! How a statement is written: its text with places to fill in, `${1:text}` in the order of filling and `${}` at the end.

use super::Ask;
use super::describe;
use super::place::Around;
use crate::duration;
use crate::jobspec::schema::{BlockSchema, Field, Kind, Label, Names};

/// What a new block holds from the start, besides what it must.
const SKELETONS: &[(&str, &str)] = &[
    ("task", "driver config"),
    ("service", "name port"),
    ("check", "type interval timeout"),
    ("volume", "type source"),
    ("volume_mount", "volume destination"),
    ("constraint", "attribute value"),
    ("affinity", "attribute value weight"),
    ("spread", "attribute"),
    ("target", "percent"),
    ("resources", "cpu memory"),
    ("template", "destination data"),
    ("artifact", "source"),
    ("lifecycle", "hook"),
    ("periodic", "crons"),
    ("ephemeral_disk", "size"),
    ("scaling", "min max"),
    ("upstreams", "destination_name local_bind_port"),
    ("variable", "type default"),
];

/// A text with places to fill in.
pub(super) struct Snippet {
    pub(super) text: String,
    places: usize,
}

impl Snippet {
    /// The whole statement of a field.
    pub(super) fn of(field: &Field, around: &[Around<'_>], ask: Ask<'_>) -> Snippet {
        let mut snippet = Snippet { text: String::new(), places: 0 };
        snippet.statement(field, around, "", ask);
        snippet
    }

    /// A dynamic block.
    pub(super) fn dynamic() -> Snippet {
        let text = "dynamic \"${1:block}\" {\n  for_each = ${2}\n\n  content {\n    ${}\n  }\n}";
        Snippet { text: text.to_owned(), places: 2 }
    }

    fn place(&mut self, text: &str) {
        self.places += 1;
        self.text += "${";
        self.text += &self.places.to_string();
        if !text.is_empty() {
            self.text += ":";
            self.text += text;
        }
        self.text += "}";
    }

    fn statement(&mut self, field: &Field, around: &[Around<'_>], indent: &str, ask: Ask<'_>) {
        self.text += field.name;
        if field.is_block() {
            self.block(field, around, indent, ask);
        } else {
            self.text += " = ";
            self.value(field, around, indent, ask);
        }
    }

    fn block(&mut self, field: &Field, around: &[Around<'_>], indent: &str, ask: Ask<'_>) {
        let schema = field.nested();
        if let Some(label) = label(field, schema) {
            self.text += " \"";
            self.place(label);
            self.text += "\"";
        }
        self.text += " {\n";
        let inner = [indent, "  "].concat();
        let first = self.text.len();
        let fields = schema.map_or(&[][..], |schema| schema.fields);
        let skeleton = SKELETONS.iter().find(|(name, _)| *name == field.name);
        let wanted = skeleton.map_or("", |(_, names)| names);
        let mut here = around.to_vec();
        here.push(Around { name: field.name, fields, ..Around::UNKNOWN });
        for field in fields {
            if !field.required && !wanted.split(' ').any(|name| name == field.name) {
                continue;
            }
            if field.is_block() && self.text.len() > first {
                self.text += "\n";
            }
            self.text += &inner;
            self.statement(field, &here, &inner, ask);
            self.text += "\n";
        }
        if self.text.len() == first {
            self.text += &inner;
            self.text += "${}\n";
        }
        self.text += indent;
        self.text += "}";
    }

    fn value(&mut self, field: &Field, around: &[Around<'_>], indent: &str, ask: Ask<'_>) {
        let doc = describe::doc(ask.docs, around, field.name, false);
        let usual = usual(field, ask);
        // The default may go on with when it is another one.
        let default = doc.default.split([' ', ',']).next().unwrap_or_default();
        let is_number = default.parse::<i64>().is_ok();
        let is_time = default != "0" && duration::parse(default).is_ok();
        match field.kind {
            Kind::Bool => self.place(if doc.default == "true" { "false" } else { "true" }),
            Kind::Int | Kind::Int8 if is_number => self.place(default),
            Kind::Int | Kind::Int8 => self.place(""),
            Kind::Texts => self.quoted("[\"", usual, "\"]"),
            Kind::Ints => self.quoted("[", "", "]"),
            Kind::Duration => self.quoted("\"", if is_time { default } else { "30s" }, "\""),
            Kind::Expression => self.place(usual),
            Kind::Text if field.name == "data" => {
                self.text += "<<-EOT\n";
                self.text += indent;
                self.place("");
                self.text += "\n";
                self.text += indent;
                self.text += "EOT";
            }
            Kind::TextMapAttribute => {
                self.text += "{\n  ";
                self.text += indent;
                self.place("name");
                self.text += " = \"";
                self.place("");
                self.text += "\"\n";
                self.text += indent;
                self.text += "}";
            }
            _ => self.quoted("\"", usual, "\""),
        }
    }

    fn quoted(&mut self, before: &str, text: &str, behind: &str) {
        self.text += before;
        self.place(text);
        self.text += behind;
    }
}

/// What is most likely wanted, if anything is.
fn usual<'a>(field: &Field, ask: Ask<'a>) -> &'a str {
    let known = match field.names {
        Names::Datacenter => &ask.known.datacenters,
        Names::Driver => &ask.known.drivers,
        _ => return field.values.first().copied().unwrap_or_default(),
    };
    let word = known.first().map(String::as_str).or(field.values.first().copied());
    // Braces would end the place to fill in.
    word.filter(|word| !word.contains(['{', '}'])).unwrap_or_default()
}

/// What stands for the label of a new block, if it has one.
fn label(field: &Field, schema: Option<&BlockSchema>) -> Option<&'static str> {
    match (schema?.label, field.kind) {
        (Label::None, _) | (Label::Optional, Kind::Block(_)) => None,
        (Label::Optional, _) => Some("cpu"),
        (Label::One(_), _) if field.name == "device" => Some("nvidia/gpu"),
        (Label::One(_), _) => Some("name"),
    }
}
