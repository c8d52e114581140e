//! Errors on the wire: Nomad's status and plain text, without a newline. The text is what the user of
//! a client reads; the cause goes to the log.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::client_access::ClientError;
use crate::server::ServerError;
use crate::state::StateError;

/// An answer that is not 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ApiError {
    pub(super) status: StatusCode,
    pub(super) text: String,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, text: impl Into<String>) -> ApiError {
        ApiError { status, text: text.into() }
    }

    /// 400: the request itself is wrong.
    pub(super) fn bad_request(text: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, text)
    }

    /// 404: there is no such thing.
    pub(super) fn not_found(text: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, text)
    }

    /// 500: what Nomad answers to everything a server refuses.
    pub(super) fn refused(text: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, text)
    }

    /// 405, in Nomad's words.
    pub(super) fn invalid_method() -> ApiError {
        ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "Invalid method")
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let content_type = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
        (self.status, content_type, self.text).into_response()
    }
}

impl From<StateError> for ApiError {
    fn from(error: StateError) -> ApiError {
        match &error {
            StateError::NotFound(what) => ApiError::not_found(format!("{what} not found")),
            StateError::Refused(text) => ApiError::refused(text.clone()),
            StateError::Database(_)
            | StateError::Document(_)
            | StateError::Damaged(_)
            | StateError::Format { .. } => {
                tracing::error!(%error, "state");
                ApiError::refused(error.to_string())
            }
        }
    }
}

impl From<ServerError> for ApiError {
    fn from(error: ServerError) -> ApiError {
        match error {
            ServerError::NotFound(text) => ApiError::not_found(text),
            ServerError::BadRequest(text) => ApiError::bad_request(text),
            ServerError::Invalid(text) | ServerError::Refused(text) => ApiError::refused(text),
            ServerError::State(error) => error.into(),
        }
    }
}

impl From<ClientError> for ApiError {
    fn from(error: ClientError) -> ApiError {
        match error {
            ClientError::UnknownAllocation(_) => ApiError::not_found(error.to_string()),
            ClientError::UnknownTask(_) => ApiError::bad_request(error.to_string()),
            ClientError::NotRunning | ClientError::Failed(_) => {
                ApiError::refused(format!("1 error occurred:\n\t* {error}\n\n"))
            }
        }
    }
}
