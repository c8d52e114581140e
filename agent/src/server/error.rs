//! Why the server did not do it. The texts are what the user reads.

use std::panic::{AssertUnwindSafe, catch_unwind};

use thiserror::Error;

use crate::state::StateError;

/// A refused or failed request to the server.
#[derive(Debug, Error)]
pub enum ServerError {
    /// The job breaks rules; the text lists all of them.
    #[error("{0}")]
    Invalid(String),
    #[error("{0}")]
    NotFound(String),
    #[error("{0}")]
    BadRequest(String),
    /// The state does not allow it.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    State(#[from] StateError),
}

impl ServerError {
    /// The disk refused: the same may work later.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self, ServerError::State(StateError::Database(_)))
    }

    /// Runs work whose panic must not take other work with it.
    pub(super) fn contain<T>(
        work: impl FnOnce() -> Result<T, ServerError>,
    ) -> Result<T, ServerError> {
        catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
            let text = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("unknown reason");
            Err(ServerError::Refused(format!("internal error: {text}")))
        })
    }

    /// A missing object, in Nomad's words.
    pub(super) fn not_found(what: &str) -> ServerError {
        ServerError::NotFound(format!("{what} not found"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_that_stays() {
        let error = ServerError::contain::<()>(|| panic!("oh")).unwrap_err();
        assert_eq!(error.to_string(), "internal error: oh");
        assert!(!error.may_pass());
        let full = rusqlite::Error::InvalidQuery;
        assert!(ServerError::State(StateError::Database(full)).may_pass());
    }
}
