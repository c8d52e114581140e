//! Follows references: `var.name`, `value.key`, `list[0]`, `list[*].key`.

use std::collections::BTreeMap;

use hcl_edit::expr::{Expression, Traversal, TraversalOperator};

use super::eval::{Evaluator, size};
use crate::diagnostic::{Diagnostic, Span};
use crate::jobspec::suggest;
use crate::jobspec::value::Value;

impl Evaluator<'_> {
    pub(super) fn traversal(&mut self, traversal: &Traversal, span: Span) -> Value {
        let mut operators = &traversal.operators[..];
        let mut value = match &traversal.expr {
            Expression::Variable(root) => {
                let name = root.value().as_str();
                match (self.lookup(name, span), name) {
                    (Some(value), _) => value,
                    (None, "var" | "local") if self.references => {
                        let Some((first, rest)) = operators.split_first() else {
                            return Value::Unknown;
                        };
                        operators = rest;
                        self.named(name, first.value(), span)
                    }
                    (None, _) => return self.runtime(span, name),
                }
            }
            other => self.expr(other),
        };
        for (at, operator) in operators.iter().enumerate() {
            if value == Value::Unknown {
                return Value::Unknown;
            }
            match operator.value() {
                TraversalOperator::AttrSplat(_) => {
                    // Only the attributes that follow belong to it.
                    let rest = &operators[at + 1..];
                    let n = rest
                        .iter()
                        .take_while(|op| {
                            matches!(
                                op.value(),
                                TraversalOperator::GetAttr(_) | TraversalOperator::LegacyIndex(_)
                            )
                        })
                        .count();
                    value = self.splat(value, &rest[..n], span);
                    return self.steps(value, &rest[n..], span);
                }
                TraversalOperator::FullSplat(_) => {
                    return self.splat(value, &operators[at + 1..], span);
                }
                step => value = self.step(value, step, span),
            }
        }
        value
    }

    fn steps(
        &mut self,
        value: Value,
        operators: &[hcl_edit::Decorated<TraversalOperator>],
        span: Span,
    ) -> Value {
        operators.iter().fold(value, |value, operator| self.step(value, operator.value(), span))
    }

    fn splat(
        &mut self,
        value: Value,
        rest: &[hcl_edit::Decorated<TraversalOperator>],
        span: Span,
    ) -> Value {
        let values = match value {
            Value::List(values) => values,
            Value::Null => Vec::new(),
            Value::Unknown => return Value::Unknown,
            single => vec![single],
        };
        Value::List(values.into_iter().map(|value| self.steps(value, rest, span)).collect())
    }

    /// What `var` or `local` holds.
    fn known(&self, root: &str) -> &BTreeMap<String, Value> {
        if root == "var" { &self.variables } else { &self.locals }
    }

    /// `var.name` and `local.name`.
    fn named(&mut self, root: &str, first: &TraversalOperator, span: Span) -> Value {
        let name = match first {
            TraversalOperator::GetAttr(name) => name.value().to_string(),
            TraversalOperator::Index(Expression::String(name)) => name.value().clone(),
            _ => String::new(),
        };
        // Copies count: lists of copies of lists outgrow any memory within a few lines.
        if let Some(cost) = self.known(root).get(&name).map(size)
            && self.spend(cost, span)
        {
            return Value::Unknown;
        }
        let known = self.known(root);
        if let Some(value) = known.get(&name) {
            return value.clone();
        }
        let what = if root == "var" { "variable" } else { "local value" };
        let hint = match suggest::nearest(&name, known.keys().map(String::as_str)) {
            Some(near) => format!("did you mean {root}.{near}?"),
            None if root == "var" => format!("declare it: variable \"{name}\" {{ … }}"),
            None => format!("declare it: locals {{ {name} = … }}"),
        };
        self.fail(
            Diagnostic::error("unknown-variable", span, format!("there is no {what} {name}"))
                .with_hint(hint),
        )
    }

    fn step(&mut self, value: Value, operator: &TraversalOperator, span: Span) -> Value {
        let key = match operator {
            TraversalOperator::GetAttr(name) => Value::Text(name.value().to_string()),
            TraversalOperator::LegacyIndex(index) => {
                Value::Int(i64::try_from(*index.value()).unwrap_or(i64::MAX))
            }
            TraversalOperator::Index(expr) => self.expr(expr),
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                return self.splat(value, &[], span);
            }
        };
        self.index(value, &key, span)
    }

    /// `value[key]` and `value.key`.
    pub(crate) fn index(&mut self, value: Value, key: &Value, span: Span) -> Value {
        let text = key.to_text().unwrap_or_default();
        match value {
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
                    if let Some(near) = suggest::nearest(&text, names.iter().map(String::as_str)) {
                        problem = problem.with_hint(format!("did you mean {near}?"));
                    }
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
                        self.fail(Diagnostic::error("invalid-index", span, message))
                    }
                }
            }
            other => self.fail(Diagnostic::error(
                "invalid-index",
                span,
                format!("{} has no elements or attributes", other.kind()),
            )),
        }
    }
}
