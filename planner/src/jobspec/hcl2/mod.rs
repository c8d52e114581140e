//! HCL2 to a tree of blocks: variables, locals, functions and dynamic blocks are dealt with here.
//!
//! What the blocks mean is not known here; the schema is asked only where `dynamic` may stand.

mod eval;
mod expand;
mod functions;
mod template;
mod traverse;
mod types;
mod variables;

use crate::Map;
use std::cell::RefCell;

use hcl_edit::structure::{Block, Body, Structure};

use super::ParseOptions;
use super::syntax::{self, Syntax};
use super::tree;
use super::value::Value;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use eval::{Evaluator, span_of};
use functions::Files;

/// What came out of a text.
pub(crate) struct Outcome {
    /// The job blocks; absent if nothing could be read at all.
    pub(crate) body: Option<tree::Body>,
    pub(crate) diagnostics: Diagnostics,
    /// Files that expressions asked for and did not get.
    pub(crate) missing_files: Vec<String>,
}

/// Reads HCL2.
pub(crate) fn read(text: &str, options: &ParseOptions) -> Outcome {
    let Syntax { body, mut diagnostics, text } = syntax::parse(text);
    let Some(body) = body else {
        return Outcome { body: None, diagnostics, missing_files: Vec::new() };
    };
    let missing = RefCell::new(Vec::new());
    let mut evaluator = Evaluator::new(&text, files(options, &missing));
    variables::declare(&mut evaluator, &body, options);
    locals(&mut evaluator, &body);
    let mut root = tree::Body::default();
    for structure in body.iter() {
        top_level(&mut evaluator, structure, &mut root);
    }
    diagnostics.append(&mut evaluator.diagnostics);
    Outcome { body: Some(root), diagnostics, missing_files: missing.into_inner() }
}

fn files<'a>(options: &'a ParseOptions, missing: &'a RefCell<Vec<String>>) -> Files<'a> {
    Files {
        allowed: options.allow_files || !options.files.is_empty(),
        given: &options.files,
        missing,
    }
}

/// A string of HCL's JSON syntax: a template, evaluated where nothing is declared.
pub(crate) fn json_text(text: &str, span: Span, diagnostics: &mut Diagnostics) -> Value {
    if !text.contains("${") && !text.contains("%{") {
        return Value::from(text);
    }
    let template = match hcl_edit::parser::parse_template(text) {
        Ok(template) => template,
        Err(error) => {
            diagnostics.push(Diagnostic::error(
                "syntax",
                span,
                format!("in this template: {}", error.message()),
            ));
            return Value::Unknown;
        }
    };
    let (given, missing) = (Map::new(), RefCell::new(Vec::new()));
    let mut evaluator =
        Evaluator::new(text, Files { allowed: false, given: &given, missing: &missing });
    let value = evaluator.template_value(&template, None);
    // Escapes make places inside a JSON string uncertain: the string as a whole is marked.
    diagnostics.extend(
        evaluator.diagnostics.into_iter().map(|problem| Diagnostic { span: Some(span), ..problem }),
    );
    value
}

fn top_level(evaluator: &mut Evaluator, structure: &Structure, root: &mut tree::Body) {
    match structure {
        Structure::Block(block) => match block.ident.value().as_str() {
            "job" => {
                let block = expand::block(evaluator, block, Some(&super::schema::JOB));
                root.items.push(tree::Item::Block(block));
            }
            "variable" | "variables" | "locals" => {}
            other => {
                let problem = Diagnostic::error(
                    "unknown-block",
                    span_of(&block.ident, 0),
                    format!("{other} is no block of a job file"),
                );
                evaluator.fail(problem.with_hint(home_hint(other)));
            }
        },
        Structure::Attribute(attribute) => {
            let name = attribute.key.value().as_str();
            let problem = Diagnostic::error(
                "unknown-attribute",
                span_of(&attribute.key, 0),
                format!("{name} must stand inside the job block"),
            );
            evaluator.fail(problem.with_hint(home_hint(name)));
        }
    }
}

fn home_hint(name: &str) -> String {
    match super::schema::BlockSchema::homes(name).as_slice() {
        [] => "a job file holds one job, and variable and locals blocks".to_owned(),
        homes => format!("{name} belongs inside {}", homes.join(" or ")),
    }
}

/// Evaluates all `locals`, whatever their order: those that fail wait for the others.
fn locals(evaluator: &mut Evaluator, body: &Body) {
    let blocks = body.blocks().filter(|block| block.ident.value().as_str() == "locals");
    let mut waiting = Vec::new();
    for block in blocks {
        no_labels(evaluator, block);
        for structure in block.body.iter() {
            match structure {
                Structure::Attribute(attribute) => waiting.push(attribute),
                Structure::Block(inner) => {
                    let span = span_of(&inner.ident, 0);
                    evaluator.fail(Diagnostic::error(
                        "unknown-block",
                        span,
                        "locals holds no blocks",
                    ));
                }
            }
        }
    }
    let mut before = waiting.len() + 1;
    while !waiting.is_empty() {
        let last_round = waiting.len() == before;
        before = waiting.len();
        let mut still = Vec::new();
        for attribute in waiting {
            let reported = evaluator.diagnostics.len();
            let value = evaluator.expr(&attribute.value);
            let failed = evaluator.diagnostics.len() > reported;
            if failed && !last_round && !evaluator.spend(0, Span::default()) {
                evaluator.diagnostics.truncate(reported);
                still.push(attribute);
            } else {
                evaluator.locals.insert(attribute.key.value().to_string(), value);
            }
        }
        waiting = still;
    }
}

fn no_labels(evaluator: &mut Evaluator, block: &Block) {
    if let Some(label) = block.labels.first() {
        let message = format!("{} takes no label", block.ident.value().as_str());
        evaluator.fail(Diagnostic::error("extra-label", span_of(label, 0), message));
    }
}
