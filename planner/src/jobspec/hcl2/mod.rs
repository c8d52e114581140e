//! HCL2 to a tree of blocks: variables, locals, functions and dynamic blocks are dealt with here.
//!
//! What the blocks mean is not known here; the schema is asked only where `dynamic` may stand.

mod eval;
mod expand;
mod functions;
mod inputs;
mod template;
mod traverse;
mod types;
mod variables;

use crate::Map;
use std::cell::RefCell;

use super::ParseOptions;
use super::syntax::{self, Block, Body, Item};
use super::tree;
use super::value::Value;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use eval::Evaluator;
use functions::Files;
pub use inputs::Input;

/// What came out of a text.
pub(crate) struct Outcome {
    /// The job blocks.
    pub(crate) body: tree::Body,
    pub(crate) diagnostics: Diagnostics,
    /// Files that expressions asked for and did not get.
    pub(crate) missing_files: Vec<String>,
    /// The variables it declares.
    pub(crate) inputs: Vec<Input>,
}

/// Reads HCL2.
pub(crate) fn read(text: &str, options: &ParseOptions) -> Outcome {
    let (body, mut diagnostics) = syntax::parse(text);
    let missing = RefCell::new(Vec::new());
    let mut evaluator = Evaluator::new(text, files(options, &missing));
    variables::declare(&mut evaluator, &body, options);
    locals(&mut evaluator, &body);
    let mut root = tree::Body::default();
    for item in &body.items {
        top_level(&mut evaluator, item, &mut root);
    }
    diagnostics.append(&mut evaluator.diagnostics);
    let inputs = inputs::inputs(text, &body);
    Outcome { body: root, diagnostics, missing_files: missing.into_inner(), inputs }
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
    let template = match syntax::parse_template(text) {
        Ok(template) => template,
        Err(problem) => {
            let message = format!("in this template: {}", problem.message);
            diagnostics.push(Diagnostic { span: Some(span), message, ..problem });
            return Value::Unknown;
        }
    };
    let (given, missing) = (Map::new(), RefCell::new(Vec::new()));
    let mut evaluator =
        Evaluator::new(text, Files { allowed: false, given: &given, missing: &missing });
    let value = evaluator.expr(&template);
    // Escapes make places inside a JSON string uncertain: the string as a whole is marked.
    diagnostics.extend(
        evaluator.diagnostics.into_iter().map(|problem| Diagnostic { span: Some(span), ..problem }),
    );
    value
}

/// Name, least and largest number of arguments of the functions that see values.
#[cfg(test)]
pub(crate) fn function_arities() -> impl Iterator<Item = (&'static str, usize, usize)> {
    functions::arities()
}

/// The names of all functions.
pub(crate) fn function_names() -> impl Iterator<Item = &'static str> {
    functions::names().chain(["can", "convert", "try"])
}

fn top_level(evaluator: &mut Evaluator<'_>, item: &Item<'_>, root: &mut tree::Body) {
    let (name, problem) = match item {
        Item::Block(block) => match block.name.text {
            "job" => {
                let block = expand::block(evaluator, block, Some(&super::schema::JOB));
                root.items.push(tree::Item::Block(block));
                return;
            }
            "variable" | "variables" | "locals" => return,
            other => {
                let message = format!("{other} is no block of a job file");
                (other, Diagnostic::error("unknown-block", block.name.span, message))
            }
        },
        Item::Attribute(attribute) => {
            let name = attribute.name.text;
            let message = format!("{name} must stand inside the job block");
            (name, Diagnostic::error("unknown-attribute", attribute.name.span, message))
        }
    };
    evaluator.fail(problem.with_hint(super::slips::beside_job(name)));
}

/// Evaluates all `locals`, whatever their order: those that fail wait for the others.
fn locals(evaluator: &mut Evaluator<'_>, body: &Body<'_>) {
    let mut waiting = Vec::new();
    for block in body.blocks("locals") {
        no_labels(evaluator, block);
        for item in &block.body.items {
            match item {
                Item::Attribute(attribute) => waiting.push(attribute),
                Item::Block(inner) => {
                    let span = inner.name.span;
                    let message = "locals holds no blocks";
                    evaluator.fail(Diagnostic::error("unknown-block", span, message));
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
                evaluator.locals.insert(attribute.name.text.to_owned(), value);
            }
        }
        waiting = still;
    }
}

fn no_labels(evaluator: &mut Evaluator<'_>, block: &Block<'_>) {
    if let Some(label) = block.labels.first() {
        let message = format!("{} takes no label", block.name.text);
        evaluator.fail(Diagnostic::error("extra-label", label.span, message));
    }
}
