//! Evaluates templates: strings and heredocs with `${ … }` and `%{ … }`.

use super::eval::Evaluator;
use crate::diagnostic::{Diagnostic, Span};
use crate::jobspec::syntax::Piece;
use crate::jobspec::value::Value;

impl<'a> Evaluator<'a> {
    /// A template's text; unknown once a part is.
    pub(super) fn template(&mut self, pieces: &[Piece<'a>]) -> Value {
        let mut out = Some(String::new());
        self.pieces(pieces, &mut out);
        match out {
            Some(text) if !self.spend(text.len() / 32, Span::default()) => Value::Text(text),
            _ => Value::Unknown,
        }
    }

    fn pieces(&mut self, pieces: &[Piece<'a>], out: &mut Option<String>) {
        for piece in pieces {
            match piece {
                Piece::Text(text) => {
                    if let Some(out) = out {
                        out.push_str(text);
                    }
                }
                Piece::Value(expr) => {
                    let value = self.expr(expr);
                    self.append(&value, expr.span, out);
                }
                Piece::If { condition, then, otherwise } => match self.condition(condition) {
                    Some(true) => self.pieces(then, out),
                    Some(false) => self.pieces(otherwise, out),
                    None => *out = None,
                },
                Piece::For { each, pieces } => {
                    let collection = self.expr(&each.collection);
                    let Some(pairs) = self.pairs(collection, each.collection.span) else {
                        *out = None;
                        return;
                    };
                    for (key, value) in pairs {
                        let depth = self.scope.len();
                        self.enter(each, key, value);
                        self.pieces(pieces, out);
                        self.scope.truncate(depth);
                        if out.is_none() {
                            return;
                        }
                    }
                }
            }
            if self.spend(1, Span::default()) {
                *out = None;
                return;
            }
        }
    }

    fn append(&mut self, value: &Value, span: Span, out: &mut Option<String>) {
        match (value.to_text(), value) {
            (Some(text), _) => {
                if self.spend(text.len() / 32, span) {
                    *out = None;
                } else if let Some(out) = out {
                    out.push_str(&text);
                }
            }
            (None, Value::Unknown) => *out = None,
            (None, other) => {
                let message = format!("{} cannot be part of a string", other.kind());
                self.fail(Diagnostic::error("wrong-type", span, message));
                *out = None;
            }
        }
    }
}
