//! Declares variables: their types, defaults and validation, and the values given from outside.

use std::collections::BTreeMap;

use super::eval::Evaluator;
use super::types::{self, Type};
use crate::diagnostic::{Diagnostic, Span, position};
use crate::jobspec::syntax::{self, Block, Body, Expr, Item};
use crate::jobspec::value::Value;
use crate::jobspec::{Named, ParseOptions, suggest};

/// A `variable` block.
struct Declaration<'a> {
    span: Span,
    wanted: Option<Type>,
    value: Option<Value>,
    validations: Vec<&'a Block<'a>>,
}

type Declarations<'a> = BTreeMap<String, Declaration<'a>>;

/// Reads all variable blocks and gives each variable its value.
pub(super) fn declare(evaluator: &mut Evaluator<'_>, body: &Body<'_>, options: &ParseOptions) {
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
    for (name, text) in &options.env {
        let name = name.strip_prefix("NOMAD_VAR_").unwrap_or(name);
        if let Some(declaration) = declared.get_mut(name) {
            from_text(evaluator, name, text, "the environment", declaration);
        }
    }
    for Named { name: file, text } in &options.var_files {
        var_file(evaluator, file, text, &mut declared);
    }
    for Named { name, text } in &options.vars {
        match declared.get_mut(name) {
            Some(declaration) => from_text(evaluator, name, text, "-var", declaration),
            None => {
                let hint = match suggest::nearest(name, declared.keys().map(String::as_str)) {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("declare it: variable \"{name}\" {{ … }}"),
                };
                let message = format!("the variable {name} was given, but is not declared");
                evaluator
                    .fail(Diagnostic::error("undeclared-variable", None, message).with_hint(hint));
            }
        }
    }
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

fn variable<'a>(
    evaluator: &mut Evaluator<'_>,
    block: &'a Block<'a>,
    declared: &mut Declarations<'a>,
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
                    constant(evaluator, &attribute.value);
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
        let wanted = declaration.wanted.clone().unwrap_or(Type::Any);
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

fn untyped<'a>(
    evaluator: &mut Evaluator<'_>,
    block: &'a Block<'a>,
    declared: &mut Declarations<'a>,
) {
    for attribute in block.body.attributes() {
        let value = Some(constant(evaluator, &attribute.value));
        let span = attribute.name.span;
        let declaration =
            Declaration { span, wanted: Some(Type::Any), value, validations: Vec::new() };
        insert(evaluator, attribute.name.text.to_owned(), declaration, declared);
    }
}

fn insert<'a>(
    evaluator: &mut Evaluator,
    name: String,
    declaration: Declaration<'a>,
    declared: &mut Declarations<'a>,
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
fn constant(evaluator: &mut Evaluator<'_>, expr: &Expr<'_>) -> Value {
    let before = std::mem::replace(&mut evaluator.references, false);
    let value = evaluator.expr(expr);
    evaluator.references = before;
    value
}

/// A value given as text: literal for strings and numbers, an expression for everything else.
fn from_text(
    evaluator: &mut Evaluator,
    name: &str,
    text: &str,
    origin: &str,
    declaration: &mut Declaration,
) {
    let value = match &declaration.wanted {
        None => Ok(Value::from(text)),
        Some(wanted @ (Type::Text | Type::Number)) => wanted.convert(Value::from(text)),
        // An untyped default gives its own type.
        Some(Type::Any) => Ok(match (&declaration.value, expression(evaluator, text)) {
            (Some(Value::Text(_)) | None, _) | (_, Err(_)) => Value::from(text),
            (_, Ok(value)) => value,
        }),
        Some(wanted) => expression(evaluator, text).and_then(|value| wanted.convert(value)),
    };
    declaration.value = Some(match value {
        Ok(value) => value,
        Err(message) => evaluator.fail(Diagnostic::error(
            "wrong-type",
            declaration.span,
            format!("the value of {name} from {origin} does not fit its type: {message}"),
        )),
    });
}

fn expression(evaluator: &Evaluator, text: &str) -> Result<Value, String> {
    let expr = syntax::parse_expression(text).map_err(|problem| problem.message)?;
    let mut inner = Evaluator::new(text, evaluator.files);
    inner.references = false;
    let value = inner.expr(&expr);
    match inner.diagnostics.into_iter().next() {
        Some(problem) => Err(problem.message),
        None => Ok(value),
    }
}

fn var_file(evaluator: &mut Evaluator, file: &str, text: &str, declared: &mut Declarations) {
    let (body, problems) = syntax::parse(text);
    if let Some(problem) = problems.into_iter().next() {
        let (line, column) = position(text, problem.span.map_or(0, |span| span.start));
        let message = format!("{file}:{line}:{column}: {}", problem.message);
        evaluator.fail(Diagnostic { span: None, message, ..problem });
        return;
    }
    let block = body.items.iter().find_map(|item| match item {
        Item::Block(block) => Some(block),
        Item::Attribute(_) => None,
    });
    if let Some(block) = block {
        let message = format!("{file}: a variable file holds no blocks, but {}", block.name.text);
        evaluator.fail(
            Diagnostic::error("unknown-block", None, message).with_hint("write name = value"),
        );
        return;
    }
    for attribute in body.attributes() {
        let name = attribute.name.text;
        let mut inner = Evaluator::new(text, evaluator.files);
        inner.references = false;
        let value = inner.expr(&attribute.value);
        evaluator.diagnostics.extend(inner.diagnostics.into_iter().map(|problem| Diagnostic {
            span: None,
            message: format!("{file}: {name}: {}", problem.message),
            ..problem
        }));
        let Some(declaration) = declared.get_mut(name) else {
            let message = format!("{file} gives the variable {name}, which is not declared");
            evaluator.fail(Diagnostic::warning("undeclared-variable", None, message));
            continue;
        };
        let wanted = declaration.wanted.clone().unwrap_or(Type::Any);
        declaration.value = Some(match wanted.convert(value) {
            Ok(value) => value,
            Err(message) => evaluator.fail(Diagnostic::error(
                "wrong-type",
                declaration.span,
                format!("the value of {name} from {file} does not fit its type: {message}"),
            )),
        });
    }
}

/// A rule the value must keep.
fn validation(evaluator: &mut Evaluator<'_>, name: &str, block: &Block<'_>) {
    let span = block.name.span;
    let (Some(condition), Some(message)) =
        (block.body.attribute("condition"), block.body.attribute("error_message"))
    else {
        let problem = Diagnostic::error(
            "missing-attribute",
            span,
            "a validation needs condition and error_message",
        );
        evaluator.fail(problem);
        return;
    };
    let message_span = message.value.span;
    let text = constant(evaluator, &message.value).to_text().unwrap_or_default();
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
    let variables = std::mem::take(&mut evaluator.variables);
    let own = variables.get(name).cloned().unwrap_or(Value::Unknown);
    evaluator.variables.insert(name.to_owned(), own);
    let condition_span = condition.value.span;
    let result = evaluator.expr(&condition.value);
    evaluator.variables = variables;
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
