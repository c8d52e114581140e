//! Why the server did not do it. The texts are what the user reads.

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
    /// A missing object, in Nomad's words.
    pub(super) fn not_found(what: &str) -> ServerError {
        ServerError::NotFound(format!("{what} not found"))
    }
}
