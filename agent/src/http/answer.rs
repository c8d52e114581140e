//! Answers on the wire: compact JSON with Nomad's headers, or indented where asked.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::error::ApiError;
use super::params::Params;

const INDEX: HeaderName = HeaderName::from_static("x-nomad-index");
const KNOWN_LEADER: HeaderName = HeaderName::from_static("x-nomad-knownleader");
const LAST_CONTACT: HeaderName = HeaderName::from_static("x-nomad-lastcontact");

/// The answer to a read.
pub(super) fn read<T: Serialize + ?Sized>(params: &Params, index: u64, body: &T) -> Response {
    with_read_headers(index, json(params, body))
}

/// The answer to a write.
pub(super) fn written<T: Serialize + ?Sized>(params: &Params, index: u64, body: &T) -> Response {
    let mut response = json(params, body);
    response.headers_mut().insert(INDEX, HeaderValue::from(index));
    response
}

/// Adds the headers of a read; errors carry them too.
pub(super) fn with_read_headers(index: u64, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    let headers = response.headers_mut();
    headers.insert(INDEX, HeaderValue::from(index));
    headers.insert(KNOWN_LEADER, HeaderValue::from_static("true"));
    headers.insert(LAST_CONTACT, HeaderValue::from_static("0"));
    response
}

/// A JSON answer without Nomad's headers.
pub(super) fn json<T: Serialize + ?Sized>(params: &Params, body: &T) -> Response {
    let bytes = if params.pretty() { indented(body) } else { serde_json::to_vec(body) };
    match bytes {
        Ok(bytes) => {
            let content_type = [(header::CONTENT_TYPE, "application/json")];
            (StatusCode::OK, content_type, bytes).into_response()
        }
        Err(error) => ApiError::refused(error.to_string()).into_response(),
    }
}

fn indented<T: Serialize + ?Sized>(body: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = Vec::new();
    let mut to = Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b"    "));
    body.serialize(&mut to)?;
    Ok(bytes)
}
