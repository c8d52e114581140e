//! Declares variables: their types, defaults and validation. Values from outside are `given`.

use std::collections::BTreeMap;

use super::eval::Evaluator;
use super::functions::Files;
use super::given;
use super::types::{self, Type};
use crate::diagnostic::{Diagnostic, Span};
use crate::jobspec::syntax::{Block, Body, Expr, Item, Kind, Step};
use crate::jobspec::value::Value;
use crate::jobspec::{ParseOptions, suggest};

/// A `variable` block.
pub(super) struct Declaration<'b, 't> {
    pub(super) span: Span,
    pub(super) wanted: Option<Type>,
    pub(super) value: Option<Value>,
    validations: Vec<&'b Block<'t>>,
}

pub(super) type Declarations<'b, 't> = BTreeMap<String, Declaration<'b, 't>>;

/// Reads all variable blocks and gives each variable its value.
pub(super) fn declare<'t>(
    evaluator: &mut Evaluator<'t>,
    body: &Body<'t>,
    options: &'t ParseOptions,
) {
    let mut declared = Declarations::new();
    for item in &body.items {
        match item {
            Item::Block(block) if block.name.text == "variable" => {
                variable(evaluator, block, &mut declared);
            }
            Item::Block(block) if block.name.text == "variables" => {
                untyped(evaluator, block, &mut declared);
            }
            _ => {}
        }
    }
    given::give(evaluator, options, &mut declared);
    for (name, declaration) in declared {
        let value = match declaration.value {
            Some(value) => value,
            None => {
                let problem = Diagnostic::error(
                    "unset-variable",
                    declaration.span,
                    format!("the variable {name} has no value"),
                );
                evaluator.fail(problem.with_hint(format!("give it a default, or -var {name}=…")))
            }
        };
        evaluator.variables.insert(name.clone(), value);
        for block in declaration.validations {
            validation(evaluator, &name, block);
        }
    }
}

fn variable<'b, 't>(
    evaluator: &mut Evaluator<'t>,
    block: &'b Block<'t>,
    declared: &mut Declarations<'b, 't>,
) {
    let span = block.name.span;
    let name = match block.labels.as_slice() {
        [label] => label.text.clone(),
        _ => {
            evaluator.fail(
                Diagnostic::error("missing-label", span, "a variable needs one name")
                    .with_hint("write variable \"name\" { … }"),
            );
            return;
        }
    };
    let legal = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    if !legal {
        let message = format!("\"{name}\" is no name for a variable");
        evaluator.fail(
            Diagnostic::error("invalid-name", block.labels[0].span, message)
                .with_hint("use letters, digits, underscores and dashes"),
        );
    }
    let mut declaration = Declaration { span, wanted: None, value: None, validations: Vec::new() };
    let mut default = None;
    for item in &block.body.items {
        match item {
            Item::Attribute(attribute) => match attribute.name.text {
                "type" => match types::parse(&attribute.value) {
                    Ok(wanted) => declaration.wanted = Some(wanted),
                    Err(message) => {
                        let span = attribute.value.span;
                        let problem = Diagnostic::error("invalid-type", span, message);
                        evaluator.fail(problem.with_hint(types::NAMES));
                    }
                },
                "default" => default = Some(&attribute.value),
                "description" => {
                    text(evaluator, &attribute.value, "a description");
                }
                other => {
                    let known = ["type", "default", "description", "validation"];
                    unknown(evaluator, other, attribute.name.span, &known);
                }
            },
            Item::Block(inner) if inner.name.text == "validation" => {
                declaration.validations.push(inner);
            }
            Item::Block(inner) => {
                unknown(evaluator, inner.name.text, inner.name.span, &["validation"]);
            }
        }
    }
    if let Some(expr) = default {
        let value = constant(evaluator, expr);
        // Without a type, the default says it, to the number of a list's elements.
        let wanted = declaration.wanted.get_or_insert_with(|| Type::of(&value));
        declaration.value = Some(match wanted.convert(value) {
            Ok(value) => value,
            Err(message) => {
                let message = format!("the default does not fit the type: {message}");
                let problem = Diagnostic::error("wrong-type", expr.span, message);
                evaluator.fail(problem.with_hint("write a default of that type, or another type"))
            }
        });
    }
    insert(evaluator, name, declaration, declared);
}

fn untyped<'b, 't>(
    evaluator: &mut Evaluator<'t>,
    block: &'b Block<'t>,
    declared: &mut Declarations<'b, 't>,
) {
    super::no_labels(evaluator, block);
    for inner in block.body.items.iter() {
        let attribute = match inner {
            Item::Attribute(attribute) => attribute,
            Item::Block(inner) => {
                let message = "variables holds no blocks";
                evaluator.fail(Diagnostic::error("unknown-block", inner.name.span, message));
                continue;
            }
        };
        let value = constant(evaluator, &attribute.value);
        let span = attribute.name.span;
        let wanted = Some(Type::of(&value));
        let declaration = Declaration { span, wanted, value: Some(value), validations: Vec::new() };
        insert(evaluator, attribute.name.text.to_owned(), declaration, declared);
    }
}

fn insert<'b, 't>(
    evaluator: &mut Evaluator<'_>,
    name: String,
    declaration: Declaration<'b, 't>,
    declared: &mut Declarations<'b, 't>,
) {
    if declared.contains_key(&name) {
        let message = format!("the variable {name} is declared twice");
        evaluator.fail(Diagnostic::error("duplicate-variable", declaration.span, message));
        return;
    }
    declared.insert(name, declaration);
}

fn unknown(evaluator: &mut Evaluator, name: &str, span: Span, known: &[&'static str]) {
    let mut problem =
        Diagnostic::error("unknown-attribute", span, format!("a variable has no {name}"));
    if let Some(near) = suggest::nearest(name, known.iter().copied()) {
        problem = problem.with_hint(format!("did you mean {near}?"));
    }
    evaluator.fail(problem);
}

/// A value that may not refer to anything.
fn constant<'t>(evaluator: &mut Evaluator<'t>, expr: &Expr<'t>) -> Value {
    let before = std::mem::replace(&mut evaluator.references, false);
    let value = evaluator.expr(expr);
    evaluator.references = before;
    value
}

/// A constant string; anything else is told.
fn text<'t>(evaluator: &mut Evaluator<'t>, expr: &Expr<'t>, what: &str) -> Option<String> {
    let value = constant(evaluator, expr);
    let text = value.to_text();
    if text.is_none() && value != Value::Unknown {
        let message = format!("{what} must be a string, not {}", value.kind());
        evaluator.fail(Diagnostic::error("wrong-type", expr.span, message));
    }
    text
}

/// A rule the value must keep.
fn validation<'t>(evaluator: &mut Evaluator<'t>, name: &str, block: &Block<'t>) {
    let span = block.name.span;
    let told = evaluator.diagnostics.len();
    for item in &block.body.items {
        let (name, known) = match item {
            Item::Attribute(attribute) => {
                (attribute.name, matches!(attribute.name.text, "condition" | "error_message"))
            }
            Item::Block(block) => (block.name, false),
        };
        if !known {
            let message = format!("a validation has no {}", name.text);
            let mut problem = Diagnostic::error("unknown-attribute", name.span, message);
            let near = suggest::nearest(name.text, ["condition", "error_message"]);
            problem.hint = near.map(|near| format!("did you mean {near}?"));
            evaluator.fail(problem);
        }
    }
    let (Some(condition), Some(message)) =
        (block.body.attribute("condition"), block.body.attribute("error_message"))
    else {
        if evaluator.diagnostics.len() == told && !block.body.broken {
            let message = "a validation needs condition and error_message";
            evaluator.fail(Diagnostic::error("missing-attribute", span, message));
        }
        return;
    };
    only_itself(evaluator, name, &condition.value);
    let message_span = message.value.span;
    let Some(text) = text(evaluator, &message.value, "an error message") else { return };
    let first_is_small =
        text.chars().next().is_some_and(|letter| letter.is_alphabetic() && !letter.is_uppercase());
    if text.is_empty() || first_is_small || !text.ends_with(['.', '?', '!']) {
        let problem = Diagnostic::error(
            "invalid-message",
            message_span,
            "the error message must be a full sentence",
        );
        evaluator.fail(problem.with_hint("begin with a capital letter and end with a full stop"));
        return;
    }
    if evaluator.diagnostics.len() > told {
        return;
    }
    // Files are out of reach here, even where others may read them.
    let files = Files { allowed: false, ..evaluator.files };
    let files = std::mem::replace(&mut evaluator.files, files);
    let result = evaluator.expr(&condition.value);
    evaluator.files = files;
    let condition_span = condition.value.span;
    match result.to_bool() {
        Some(true) => {}
        Some(false) => {
            evaluator.fail(
                Diagnostic::error("invalid-variable", condition_span, format!("{name}: {text}"))
                    .with_hint(format!("give {name} another value")),
            );
        }
        None if result == Value::Unknown => {}
        None => {
            evaluator.fail(Diagnostic::error(
                "wrong-type",
                condition_span,
                "a condition must be true or false",
            ));
        }
    }
}

/// A condition refers to its own variable, and to nothing else.
fn only_itself(evaluator: &mut Evaluator<'_>, name: &str, condition: &Expr<'_>) {
    let mut refers = false;
    let mut others = Vec::new();
    condition.references(&mut |root, step, span| {
        let own = root == "var" && matches!(step, Some(Step::Attribute(step)) if *step == name);
        refers |= own;
        if !own {
            others.push(span);
        }
    });
    for span in &others {
        let message = format!("the condition of {name} may refer only to var.{name}");
        evaluator.fail(Diagnostic::error("invalid-reference", *span, message));
    }
    if !refers && others.is_empty() && !matches!(condition.kind, Kind::Broken) {
        let message = format!("the condition of {name} must refer to var.{name}");
        evaluator.fail(Diagnostic::error("invalid-reference", condition.span, message));
    }
}
