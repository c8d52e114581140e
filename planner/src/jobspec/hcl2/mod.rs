//! HCL2 to a tree of blocks: variables, locals, functions and dynamic blocks are dealt with here.
//!
//! What the blocks mean is not known here; the schema is asked only where `dynamic` may stand.

mod call;
mod conversion;
mod eval;
mod exact;
mod expand;
mod functions;
mod given;
mod inputs;
mod iterate;
mod template;
mod traverse;
mod types;
mod variables;

use std::cell::RefCell;

use super::json::{self, document::Node};
use super::syntax::{self, Block, Body, Item};
use super::value::Value;
use super::{ParseOptions, tree};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use eval::Evaluator;
use functions::Files;
pub(super) use functions::{LIBRARY, Library};
pub use inputs::Input;
pub(super) use types::Type;

/// What came out of a text.
pub(crate) struct Outcome {
    /// The job blocks.
    pub(crate) body: tree::Body,
    pub(crate) diagnostics: Diagnostics,
    /// Files that expressions asked for and did not get.
    pub(crate) missing_files: Vec<String>,
    /// The variables it declares.
    pub(crate) inputs: Vec<Input>,
    /// It calls functions, and there were none.
    pub(crate) unfinished: bool,
}

/// Reads HCL2.
pub(crate) fn read(
    text: &str,
    options: &ParseOptions,
    library: Option<&'static Library>,
) -> Outcome {
    let (body, diagnostics) = syntax::parse(text);
    evaluate(text, &body, diagnostics, options, library)
}

/// Reads HCL's JSON syntax, whose strings are templates.
pub(crate) fn read_json(text: &str, root: &Node, options: &ParseOptions) -> Outcome {
    let mut diagnostics = Diagnostics::new();
    let body = json::hcl::file(root, &mut diagnostics);
    evaluate(text, &body, diagnostics, options, Some(&LIBRARY))
}

fn evaluate<'t>(
    text: &'t str,
    body: &Body<'t>,
    mut diagnostics: Diagnostics,
    options: &'t ParseOptions,
    library: Option<&'static Library>,
) -> Outcome {
    let missing = RefCell::new(Vec::new());
    let mut evaluator = Evaluator::new(text, files(options, &missing), library);
    variables::declare(&mut evaluator, body, options);
    locals(&mut evaluator, body);
    let mut root = tree::Body { broken: body.broken, ..tree::Body::default() };
    for item in &body.items {
        top_level(&mut evaluator, item, &mut root);
    }
    diagnostics.append(&mut evaluator.diagnostics);
    let unfinished = evaluator.unfinished;
    drop(evaluator);
    Outcome {
        body: root,
        diagnostics,
        missing_files: missing.into_inner(),
        inputs: inputs::inputs(text, body),
        unfinished,
    }
}

fn files<'a>(options: &'a ParseOptions, missing: &'a RefCell<Vec<String>>) -> Files<'a> {
    Files {
        allowed: options.allow_files || !options.files.is_empty(),
        given: &options.files,
        missing,
    }
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

fn top_level<'t>(evaluator: &mut Evaluator<'t>, item: &Item<'t>, root: &mut tree::Body) {
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
    root.broken = true;
    let hint = evaluator.suggests().then(|| super::slips::beside_job(name));
    evaluator.fail(Diagnostic { hint, ..problem });
}

/// Evaluates all `locals`, whatever their order: those that fail wait for the others.
fn locals<'t>(evaluator: &mut Evaluator<'t>, body: &Body<'t>) {
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
    while waiting.len() < before {
        before = waiting.len();
        waiting.retain(|attribute| {
            let reported = evaluator.diagnostics.len();
            let value = evaluator.expr(&attribute.value);
            let waits =
                evaluator.diagnostics.len() > reported && !evaluator.spend(0, Span::default());
            if waits {
                evaluator.diagnostics.truncate(reported);
            } else {
                evaluator.locals.insert(attribute.name.text.to_owned(), value);
            }
            waits
        });
    }
    // What is left is wrong itself, or needs something that is: only the former is told.
    let reported = evaluator.diagnostics.len();
    for attribute in &waiting {
        evaluator.locals.entry(attribute.name.text.to_owned()).or_insert(Value::Unknown);
    }
    for attribute in &waiting {
        evaluator.expr(&attribute.value);
    }
    if let Some(first) = waiting.first()
        && evaluator.diagnostics.len() == reported
    {
        let names: Vec<&str> = waiting.iter().map(|attribute| attribute.name.text).collect();
        let message = format!("these local values need each other: {}", names.join(", "));
        evaluator.fail(
            Diagnostic::error("circular-reference", first.name.span, message)
                .with_hint("give one of them a value of its own"),
        );
    }
}

fn no_labels(evaluator: &mut Evaluator<'_>, block: &Block<'_>) {
    if let Some(label) = block.labels.first() {
        let message = format!("{} takes no label", block.name.text);
        evaluator.fail(Diagnostic::error("extra-label", label.span, message));
    }
}
