//! What to write instead, as one thing to hand on: a program that has none of it yet is smaller.

use super::schema::{BlockSchema, Field};
use super::value::Value;
use super::{foreign, slips, wrong_value};
use crate::diagnostic::{Diagnostic, Span};

/// All that is only said about mistakes.
pub(crate) struct Hints {
    /// Of a value of the wrong type.
    pub(crate) value: fn(&Field, &Value) -> String,
    /// The same in a map of texts.
    pub(crate) entry: fn(&str, &Value) -> String,
    /// A value that is allowed and hardly meant.
    pub(crate) odd: fn(&Field, &Value, Span) -> Option<Diagnostic>,
    /// Of a name that does not belong there; `bool` says HCL1.
    pub(crate) name: fn(&'static BlockSchema, &str, bool) -> String,
    /// A text of another tool.
    pub(crate) language: fn(&str) -> Option<Diagnostic>,
}

/// The hints.
pub(crate) static HINTS: Hints = Hints {
    value: wrong_value::hint,
    entry: wrong_value::entry_hint,
    odd: wrong_value::odd,
    name: slips::hint,
    language: foreign::language,
};
