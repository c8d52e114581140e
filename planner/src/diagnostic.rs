//! What is wrong with a user's text: a stable code, a place, one sentence, and the fix.
//!
//! Parsing, decoding and validating return a value *and* all diagnostics; a user's mistake is never an
//! `Err`. Rendering for a terminal lives here; marks in the editor are drawn from the same fields.

mod render;

use crate::record::{Record, Word};

pub use render::{position, render};

/// How bad it is. Only `Error` keeps a job from being planned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Word)]
#[record(rename_all = "lowercase")]
pub enum Severity {
    Note,
    Warning,
    #[default]
    Error,
}

/// A range of bytes in the source text.
#[derive(Copy, Debug, Default, Eq, PartialOrd, Ord, Record)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

/// One finding in the text of a job.
#[derive(Default, Debug, Eq, Record)]
pub struct Diagnostic {
    /// Stable, for documents and tests: `unknown-attribute`, `port-collision`, …
    pub code: String,
    pub severity: Severity,
    /// Absent where the finding is about the whole file.
    pub span: Option<Span>,
    /// One sentence, lower case, no final dot.
    pub message: String,
    /// The fix.
    pub hint: Option<String>,
}

/// All findings, in the order of the text.
pub type Diagnostics = Vec<Diagnostic>;

impl Diagnostic {
    /// An error at a place.
    pub fn error(
        code: &str,
        span: impl Into<Option<Span>>,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(Severity::Error, code, span, message)
    }

    /// A warning at a place.
    pub fn warning(
        code: &str,
        span: impl Into<Option<Span>>,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(Severity::Warning, code, span, message)
    }

    /// A note at a place.
    pub fn note(
        code: &str,
        span: impl Into<Option<Span>>,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(Severity::Note, code, span, message)
    }

    /// Adds the fix.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hint = Some(hint.into());
        self
    }

    fn new(
        severity: Severity,
        code: &str,
        span: impl Into<Option<Span>>,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            code: code.to_owned(),
            severity,
            span: span.into(),
            message: message.into(),
            hint: None,
        }
    }
}

/// True if any finding is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}
