//! A job file with every block and attribute of the table, written by the table: nothing of it may be lost on the way to
//! Nomad's document.

use serde_json::Value as Json;

use super::super::{BlockSchema, JOB, Kind, Label, Shape};
use crate::jobspec::{ParseOptions, Syntax, parse};

/// Writes a block's inside, and where in the document each part of it must be found.
struct Writer {
    text: String,
    expected: Vec<Vec<String>>,
}

impl Writer {
    fn block(&mut self, schema: &BlockSchema, label: Option<&str>, name: &str, path: &[String]) {
        let label = label.map(|label| format!("\"{label}\" ")).unwrap_or_default();
        self.text += &format!("{name} {label}{{\n");
        self.inside(schema, path);
        self.text += "}\n";
    }

    fn inside(&mut self, schema: &BlockSchema, path: &[String]) {
        for field in schema.fields {
            // A job's or group's vault and secrets, and a job's lone task, become parts of tasks; ports with a number are reserved.
            let moves = matches!(schema.shape, Shape::Job | Shape::Group)
                && matches!(field.name, "vault" | "secret")
                || schema.shape == Shape::Job && field.name == "task"
                || field.name == "reserved_ports";
            if field.json.is_empty() || field.removed || moves {
                continue;
            }
            let json = if field.json == "DynamicPorts" { "ReservedPorts" } else { field.json };
            let at: Vec<String> = path.iter().cloned().chain([json.to_owned()]).collect();
            let word = match (schema.name, field.name) {
                // Its label says it.
                ("scaling", "type") if path.len() > 3 => "vertical_cpu",
                _ => field.values.first().copied().unwrap_or("x"),
            };
            let name = field.name;
            let below = |step: &str| [at.as_slice(), &[step.to_owned()]].concat();
            match field.kind {
                Kind::Text => self.text += &format!("{name} = \"{word}\"\n"),
                Kind::Bool => self.text += &format!("{name} = true\n"),
                Kind::Int | Kind::Int8 => self.text += &format!("{name} = 7\n"),
                Kind::Duration => self.text += &format!("{name} = \"7s\"\n"),
                Kind::Texts => self.text += &format!("{name} = [\"x\"]\n"),
                Kind::Ints => self.text += &format!("{name} = [7]\n"),
                Kind::TextMap | Kind::TextMapBlock | Kind::Free => {
                    self.text += &format!("{name} {{\nk = \"x\"\n}}\n");
                }
                Kind::TextMapAttribute => self.text += &format!("{name} = {{ k = \"x\" }}\n"),
                Kind::ListMap => self.text += &format!("{name} {{\nk = [\"x\"]\n}}\n"),
                Kind::Expression => continue,
                Kind::Block(inner) => self.block(inner, None, name, &at),
                Kind::Blocks(inner) => {
                    let label = match inner.label {
                        Label::One(_) => Some("x"),
                        Label::Optional => Some("cpu"),
                        Label::None => None,
                    };
                    self.block(inner, label, name, &below("0"));
                }
                Kind::ByLabel(inner) => self.block(inner, Some("x"), name, &below("x")),
            }
            self.expected.push(at);
        }
    }
}

#[test]
fn every_attribute_is_kept() {
    let mut writer = Writer { text: String::new(), expected: Vec::new() };
    writer.block(&JOB, Some("x"), "job", &[]);
    let parsed =
        parse(&writer.text, &ParseOptions { syntax: Syntax::Hcl2, ..ParseOptions::default() });
    assert!(!crate::diagnostic::has_errors(&parsed.diagnostics), "{:?}", parsed.diagnostics);
    let job = serde_json::to_value(parsed.job.expect("a job")).expect("JSON");
    let find = |path: &[String]| {
        path.iter().try_fold(&job, |value, step| match value {
            Json::Array(items) => items.get(step.parse::<usize>().ok()?),
            value => value.get(step),
        })
    };
    let lost: Vec<String> = writer
        .expected
        .iter()
        .filter(|path| find(path).is_none_or(Json::is_null))
        .map(|path| path.join("."))
        .collect();
    assert!(writer.expected.len() > 300, "{}", writer.expected.len());
    assert!(lost.is_empty(), "lost:\n{}", lost.join("\n"));
}
