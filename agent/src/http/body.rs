//! Request bodies: JSON whatever the content type says, since Nomad's clients send none.

use axum::body::Bytes;
use serde::de::DeserializeOwned;

use super::error::ApiError;

/// The longest body: a job with its source text is far below.
pub(super) const BODY_MAX_BYTES: usize = 8 << 20;

/// Reads a JSON document.
pub(super) fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, ApiError> {
    if body.is_empty() {
        return Err(ApiError::bad_request("Request body is empty"));
    }
    serde_json::from_slice(body).map_err(|e| ApiError::bad_request(e.to_string()))
}

/// Reads a JSON document, or gives the default for an empty body.
pub(super) fn parse_or_default<T: DeserializeOwned + Default>(body: &Bytes) -> Result<T, ApiError> {
    if body.is_empty() { Ok(T::default()) } else { parse(body) }
}
