//! Calls of functions, and of the three that see their arguments before they are evaluated.

use super::eval::{Evaluator, size};
use super::functions::TOO_MUCH;
use crate::diagnostic::{Diagnostic, Span};
use crate::jobspec::syntax::Call;
use crate::jobspec::value::Value;

impl<'a> Evaluator<'a> {
    pub(super) fn call(&mut self, call: &Call<'a>, span: Span) -> Value {
        let (name, name_span) = (call.name.text, call.name.span);
        if !self.references {
            return self.fail(Diagnostic::error(
                "no-references",
                name_span,
                "functions are not available here",
            ));
        }
        if matches!(name, "try" | "can") {
            return self.attempt(name, call, span);
        }
        if name == "convert" && call.arguments.len() == 2 {
            return self.convert(call);
        }
        let mut values = Vec::new();
        for argument in &call.arguments {
            values.push((self.expr(argument), argument.span));
        }
        if call.expand
            && let Some((last, last_span)) = values.pop()
        {
            match last.parts() {
                Value::List(list) => {
                    values.extend(list.into_iter().map(|value| (value, last_span)))
                }
                Value::Unknown => return Value::Unknown,
                _ => {
                    return self.fail(Diagnostic::error(
                        "wrong-type",
                        last_span,
                        "only a list can be expanded",
                    ));
                }
            }
        }
        let Some(library) = self.library else {
            self.unfinished = true;
            return Value::Unknown;
        };
        if !(library.exists)(name) {
            let mut problem = Diagnostic::error(
                "unknown-function",
                name_span,
                format!("there is no function {name}"),
            );
            if self.suggests() {
                problem = problem.with_hint(match (library.nearest)(name) {
                    _ if matches!(name, "toset" | "tolist" | "tomap" | "tostring" | "tonumber") => {
                        let what = "values convert by themselves, or by convert(…, type)";
                        format!("remove {name}( ): {what}")
                    }
                    Some(near) => format!("did you mean {near}?"),
                    None => "write the value itself, or pass it in as a variable".to_owned(),
                });
            }
            return self.fail(problem);
        }
        if values.iter().any(|(value, _)| value.has_unknown()) {
            return Value::Unknown;
        }
        let (arguments, places): (Vec<Value>, Vec<Span>) = values.into_iter().unzip();
        let mut left = self.left();
        let result = (library.call)(name, arguments, &self.files, &mut left);
        let spent = self.left() - left;
        match result {
            Ok(value) => {
                if self.spend(spent.saturating_add(size(&value)), span) {
                    Value::Unknown
                } else {
                    value
                }
            }
            Err(mistake) => {
                let place = mistake.argument.and_then(|n| places.get(n)).copied();
                let place = place.unwrap_or(name_span);
                if mistake.code == TOO_MUCH {
                    self.spend(self.left() + 1, span);
                    return Value::Unknown;
                }
                let mut problem =
                    Diagnostic::error(mistake.code, place, format!("{name}: {}", mistake.message));
                problem.hint = mistake.hint;
                self.fail(problem)
            }
        }
    }

    /// `try` takes the first argument without a mistake; `can` says whether there is none.
    fn attempt(&mut self, name: &str, call: &Call<'a>, span: Span) -> Value {
        if name == "can" && call.arguments.len() != 1 {
            let message = format!("can: takes 1 arguments, not {}", call.arguments.len());
            return self.fail(Diagnostic::error("wrong-arguments", span, message));
        }
        for argument in &call.arguments {
            let before = self.diagnostics.len();
            let value = self.expr(argument);
            let failed = self.diagnostics.len() > before || value.has_unknown();
            if failed && !self.spend(0, span) {
                self.diagnostics.truncate(before);
            }
            match (name, failed) {
                ("can", failed) => return Value::Bool(!failed),
                (_, false) => return value,
                _ => {}
            }
        }
        self.fail(Diagnostic::error(
            "wrong-arguments",
            span,
            format!("{name}: no argument could be evaluated"),
        ))
    }

    fn convert(&mut self, call: &Call<'a>) -> Value {
        let [value, wanted] = call.arguments.as_slice() else { return Value::Unknown };
        let span = value.span;
        let value = self.expr(value);
        match super::types::parse_constraint(wanted).and_then(|wanted| wanted.convert(value)) {
            Ok(value) => value,
            Err(message) => self.fail(Diagnostic::error("wrong-type", span, message)),
        }
    }
}
