//! How a command ends.

use super::connection::ApiError;

/// A command's exit code, or what went wrong.
pub(super) type Outcome = Result<i32, Failure>;

/// A text for the error stream, and the exit code.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub(super) struct Failure {
    pub text: String,
    pub code: i32,
}

/// A failure with exit code 1.
pub(super) fn fail(text: impl Into<String>) -> Failure {
    Failure { text: text.into(), code: 1 }
}

/// Says what was being done when a request failed.
pub(super) trait During<T> {
    /// Puts `doing` before the error's own text.
    fn during(self, doing: &str) -> Result<T, Failure>;
}

impl<T> During<T> for Result<T, ApiError> {
    fn during(self, doing: &str) -> Result<T, Failure> {
        self.map_err(|error| fail(format!("{doing}: {error}")))
    }
}
