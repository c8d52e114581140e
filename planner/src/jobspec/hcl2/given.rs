//! Values that variables are given from outside: by the environment, files, the command line and the page's form.

use super::eval::Evaluator;
use super::types::Type;
use super::variables::{Declaration, Declarations};
use crate::diagnostic::{Diagnostic, Diagnostics, position};
use crate::jobspec::syntax::{self, Body, Expr, Item};
use crate::jobspec::value::Value;
use crate::jobspec::{Named, ParseOptions, json, suggest};

/// Gives them in order: a later source wins.
pub(super) fn give<'t>(
    evaluator: &mut Evaluator<'t>,
    options: &'t ParseOptions,
    declared: &mut Declarations<'_, 't>,
) {
    for (name, text) in &options.env {
        let name = name.strip_prefix("NOMAD_VAR_").unwrap_or(name);
        if let Some(declaration) = declared.get_mut(name) {
            from_text(evaluator, name, text, "the environment", declaration);
        }
    }
    for Named { name: file, text } in &options.var_files {
        var_file(evaluator, file, text, declared);
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
    for (name, text) in &options.values {
        if let Some(declaration) = declared.get_mut(name) {
            from_text(evaluator, name, text, "the form", declaration);
        }
    }
}

/// A value given as text: literal for strings and numbers, an expression for everything else.
fn from_text(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    text: &str,
    origin: &str,
    declaration: &mut Declaration<'_, '_>,
) {
    let value = match &declaration.wanted {
        None => Ok(Value::from(text)),
        Some(wanted @ (Type::Text | Type::Number)) => wanted.convert(Value::from(text)),
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

/// Evaluates a text of its own, where nothing is declared.
fn apart<'t>(evaluator: &Evaluator<'t>, text: &'t str, expr: &Expr<'t>) -> (Value, Diagnostics) {
    let mut inner = Evaluator::new(text, evaluator.files, None);
    inner.references = false;
    let value = inner.expr(expr);
    (value, inner.diagnostics)
}

fn expression(evaluator: &Evaluator<'_>, text: &str) -> Result<Value, String> {
    let expr = syntax::parse_expression(text).map_err(|problem| problem.message)?;
    let mut inner = Evaluator::new(text, evaluator.files, None);
    inner.references = false;
    let value = inner.expr(&expr);
    match inner.diagnostics.into_iter().next() {
        Some(problem) => Err(problem.message),
        None => Ok(value),
    }
}

/// The values of a file, which may be HCL or JSON.
fn var_file(
    evaluator: &mut Evaluator<'_>,
    file: &str,
    text: &str,
    declared: &mut Declarations<'_, '_>,
) {
    let is_json = text.trim_start_matches(' ').starts_with('{');
    let document = is_json.then(|| json::document::parse(text)).transpose();
    let (body, problems) = match &document {
        Ok(Some(root)) => {
            let mut problems = Diagnostics::new();
            (json::hcl::values(root, &mut problems), problems)
        }
        Ok(None) => syntax::parse(text),
        Err(problem) => (Body::default(), vec![problem.clone()]),
    };
    let told = problems.len();
    for problem in problems {
        let (line, column) = position(text, problem.span.map_or(0, |span| span.start));
        let message = format!("{file}:{line}:{column}: {}", problem.message);
        evaluator.fail(Diagnostic { span: None, message, ..problem });
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
    }
    if told > 0 || block.is_some() {
        return;
    }
    for attribute in body.attributes() {
        let name = attribute.name.text;
        let (value, problems) = apart(evaluator, text, &attribute.value);
        evaluator.diagnostics.extend(problems.into_iter().map(|problem| Diagnostic {
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
