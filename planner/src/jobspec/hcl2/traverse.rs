//! Follows references: `var.name`, `value.key`, `list[0]`, `list[*].key`.

use std::collections::BTreeMap;

use super::eval::{Evaluator, size};
use super::types::Type;
use crate::diagnostic::{Diagnostic, Span};
use crate::jobspec::suggest;
use crate::jobspec::syntax::{Expr, Kind, Step};
use crate::jobspec::value::{Typed, Value};

impl<'a> Evaluator<'a> {
    pub(super) fn traversal(&mut self, root: &Expr<'a>, steps: &[Step<'a>], span: Span) -> Value {
        let mut steps = steps;
        let mut value = match &root.kind {
            Kind::Name(name) => match (self.lookup(name, span), *name) {
                (Some(value), _) => value,
                (None, "var" | "local") if self.references => match steps.split_first() {
                    Some((first, rest)) => match fixed_name(first) {
                        Some(first) => {
                            steps = rest;
                            self.named(name, first, span)
                        }
                        None => self.expr(root),
                    },
                    None => Value::Unknown,
                },
                (None, name) => {
                    if let Some(step) = steps.iter().find(|step| is_calculated(step)) {
                        let place = if let Step::Index(index) = step { index.span } else { span };
                        return self.unresolved(place);
                    }
                    return self.runtime(span, name);
                }
            },
            _ => self.expr(root),
        };
        for (at, step) in steps.iter().enumerate() {
            if value == Value::Unknown {
                return Value::Unknown;
            }
            let rest = &steps[at + 1..];
            match step {
                Step::AttributeSplat => {
                    // Only the attributes that follow belong to it.
                    let attribute =
                        |step: &&Step<'a>| matches!(step, Step::Attribute(_) | Step::Legacy(_));
                    let (own, rest) = rest.split_at(rest.iter().take_while(attribute).count());
                    value = self.splat(value, own, span);
                    return self.walk(value, rest, span);
                }
                Step::Splat => return self.splat(value, rest, span),
                step => value = self.step(value, step, span),
            }
        }
        value
    }

    /// A step into what only the node knows.
    fn unresolved(&mut self, span: Span) -> Value {
        let message = "a reference of the node has only fixed names and numbers";
        let problem = Diagnostic::error("invalid-index", span, message);
        self.fail(problem.with_hint("its value is known only on the node"))
    }

    fn walk(&mut self, value: Value, steps: &[Step<'a>], span: Span) -> Value {
        steps.iter().fold(value, |value, step| self.step(value, step, span))
    }

    fn splat(&mut self, value: Value, rest: &[Step<'a>], span: Span) -> Value {
        let (values, uniform) = match value {
            Value::List(values) => (values, false),
            Value::Null => (Vec::new(), false),
            Value::Unknown => return Value::Unknown,
            Value::Typed(typed) => match *typed {
                Typed { parts: Value::List(values), .. } => (values, true),
                map => (vec![Value::Typed(Box::new(map))], false),
            },
            single => (vec![single], false),
        };
        let values: Vec<Value> =
            values.into_iter().map(|value| self.walk(value, rest, span)).collect();
        match values.first().map(Type::of) {
            Some(inner) if uniform => Value::typed(inner.list(), Value::List(values)),
            None if uniform => Value::typed(Type::Any.list(), Value::List(values)),
            _ => Value::List(values),
        }
    }

    /// What `var` or `local` holds.
    pub(super) fn known(&self, root: &str) -> &BTreeMap<String, Value> {
        if root == "var" { &self.variables } else { &self.locals }
    }

    /// `var.name` and `local.name`.
    fn named(&mut self, root: &str, name: &str, span: Span) -> Value {
        // Copies count: lists of copies of lists outgrow any memory within a few lines.
        if let Some(cost) = self.known(root).get(name).map(size)
            && self.spend(cost, span)
        {
            return Value::Unknown;
        }
        let known = self.known(root);
        if let Some(value) = known.get(name) {
            return value.clone();
        }
        let what = if root == "var" { "variable" } else { "local value" };
        let hint = match suggest::nearest(name, known.keys().map(String::as_str)) {
            Some(near) => format!("did you mean {root}.{near}?"),
            None if root == "var" => format!("declare it: variable \"{name}\" {{ … }}"),
            None => format!("declare it: locals {{ {name} = … }}"),
        };
        self.fail(
            Diagnostic::error("unknown-variable", span, format!("there is no {what} {name}"))
                .with_hint(hint),
        )
    }

    fn step(&mut self, value: Value, step: &Step<'a>, span: Span) -> Value {
        let key = match step {
            Step::Attribute(name) => Value::from(*name),
            Step::Legacy(index) => Value::Int(*index),
            Step::Index(expr) => self.expr(expr),
            Step::AttributeSplat | Step::Splat => return self.splat(value, &[], span),
        };
        self.index(value, &key, span)
    }

    /// `value[key]` and `value.key`.
    pub(crate) fn index(&mut self, value: Value, key: &Value, span: Span) -> Value {
        let text = key.to_text().unwrap_or_default();
        if value.is_set() {
            let message = "a set has no elements by number or name";
            let problem = Diagnostic::error("invalid-index", span, message);
            return self.fail(problem.with_hint("make it a list: convert(…, list(string))"));
        }
        match value.parts() {
            Value::Unknown => Value::Unknown,
            Value::Object(mut values) => match values.remove(&text) {
                Some(value) => value,
                None => {
                    let names: Vec<String> = values.into_keys().collect();
                    let mut problem = Diagnostic::error(
                        "unknown-attribute",
                        span,
                        format!("there is no {text} in this object"),
                    );
                    let near = suggest::nearest(&text, names.iter().map(String::as_str));
                    problem = problem.with_hint(match near {
                        Some(near) => format!("did you mean {near}?"),
                        None => format!("it has {}", names.join(", ")),
                    });
                    self.fail(problem)
                }
            },
            Value::List(mut values) => {
                match key.to_int().and_then(|index| usize::try_from(index).ok()) {
                    Some(index) if index < values.len() => values.swap_remove(index),
                    _ if *key == Value::Unknown => Value::Unknown,
                    _ => {
                        let message =
                            format!("there is no element {text} in a list of {}", values.len());
                        let hint = match values.len() {
                            0 => "the list is empty".to_owned(),
                            count => format!("its elements are 0 to {}", count - 1),
                        };
                        let problem = Diagnostic::error("invalid-index", span, message);
                        self.fail(problem.with_hint(hint))
                    }
                }
            }
            other => {
                let message = format!("{} has no elements or attributes", other.kind());
                let problem = Diagnostic::error("invalid-index", span, message);
                self.fail(problem.with_hint("name the value alone"))
            }
        }
    }
}

/// The name a step has before anything is evaluated.
fn fixed_name<'s>(step: &'s Step<'_>) -> Option<&'s str> {
    match step {
        Step::Attribute(name) => Some(name),
        Step::Index(Expr { kind: Kind::Literal(Value::Text(name)), .. }) => Some(name),
        _ => None,
    }
}

/// True for steps that are not written out as names and numbers.
fn is_calculated(step: &Step<'_>) -> bool {
    match step {
        Step::Attribute(_) | Step::Legacy(_) => false,
        Step::Index(index) => !matches!(index.kind, Kind::Literal(Value::Text(_) | Value::Int(_))),
        Step::AttributeSplat | Step::Splat => true,
    }
}
