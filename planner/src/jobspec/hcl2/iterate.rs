//! Walks through what has elements: `for` in lists, objects, templates and dynamic blocks.

use std::collections::BTreeMap;

use super::eval::Evaluator;
use crate::diagnostic::{Diagnostic, Span};
use crate::jobspec::syntax::{Each, For};
use crate::jobspec::value::Value;

impl<'a> Evaluator<'a> {
    /// The pairs a `for` walks through: index or key, and value. A member of a set is its own key.
    pub(crate) fn pairs(&mut self, value: Value, span: Span) -> Option<Vec<(Value, Value)>> {
        let is_set = value.is_set();
        let pairs: Vec<(Value, Value)> = match value.parts() {
            Value::List(values) if is_set => {
                values.into_iter().map(|value| (value.clone(), value)).collect()
            }
            Value::List(values) => {
                values.into_iter().zip(0..).map(|(value, n)| (Value::Int(n), value)).collect()
            }
            Value::Object(values) => {
                values.into_iter().map(|(key, value)| (Value::Text(key), value)).collect()
            }
            Value::Unknown => return None,
            other => {
                self.fail(
                    Diagnostic::error(
                        "wrong-type",
                        span,
                        format!("cannot iterate over {}", other.kind()),
                    )
                    .with_hint("give a list or an object"),
                );
                return None;
            }
        };
        if self.spend(pairs.len(), span) { None } else { Some(pairs) }
    }

    pub(super) fn for_expr(&mut self, expr: &For<'a>) -> Value {
        let span = expr.each.collection.span;
        let collection = self.expr(&expr.each.collection);
        let Some(pairs) = self.pairs(collection, span) else { return Value::Unknown };
        let mut known = true;
        let mut list = Vec::new();
        let mut object: BTreeMap<String, Value> = BTreeMap::new();
        for (key, value) in pairs {
            let depth = self.scope.len();
            self.enter(&expr.each, key, value);
            let keep = match &expr.condition {
                Some(condition) => self.condition(condition),
                None => Some(true),
            };
            known &= keep.is_some();
            if keep == Some(true) {
                let entry_key = expr.key.as_ref().map(|key| self.expr(key));
                let value = self.expr(&expr.value);
                let key = entry_key.as_ref().unwrap_or(&Value::Unknown);
                match entry_key.as_ref().map(Value::to_text) {
                    None => list.push(value),
                    Some(Some(key)) if expr.grouping => match object.get_mut(&key) {
                        Some(Value::List(values)) => values.push(value),
                        _ => {
                            object.insert(key, Value::List(vec![value]));
                        }
                    },
                    Some(Some(key)) => {
                        if object.insert(key.clone(), value).is_some() {
                            let message = format!("two elements have the key {key}");
                            self.fail(
                                Diagnostic::error("duplicate-key", span, message)
                                    .with_hint("write … after the value to group them"),
                            );
                        }
                    }
                    Some(None) => {
                        known = false;
                        if *key != Value::Unknown {
                            let message = format!("a key must be a string, not {}", key.kind());
                            self.fail(Diagnostic::error("wrong-type", span, message));
                        }
                    }
                }
            }
            self.scope.truncate(depth);
            // One mistake is made in every round; it is told once.
            if !known || self.spend(0, span) {
                return Value::Unknown;
            }
        }
        if expr.key.is_some() { Value::Object(object) } else { Value::List(list) }
    }

    /// The variables of one round.
    pub(super) fn enter(&mut self, each: &Each<'a>, key: Value, value: Value) {
        self.scope.extend(each.key.map(|name| (name.to_owned(), key)));
        self.scope.push((each.value.to_owned(), value));
    }
}
