//! Requests to the agent, and the ways they fail. Paths are the agent's; nothing here knows their meaning.

use std::fmt;

use gloo::timers::future::TimeoutFuture;
use reqwasm::http::{Method, Request, Response};
use steppe_planner::record::{self, Part};

/// Long enough for a large snapshot over a slow line, short enough to notice a dead one.
const TIMEOUT_MS: u32 = 30_000;
/// Until a request is made once more.
const AGAIN_MS: u32 = 250;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// No agent answered.
    Unreachable,
    /// The agent said no, in its own words.
    Refused { status: u16, text: String },
    /// Something answered, but not in the agent's language.
    Unreadable(String),
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ApiError::Unreachable => f.write_str("the agent does not answer"),
            ApiError::Refused { status, text } if text.trim().is_empty() => {
                write!(f, "the agent answered with status {status}")
            }
            ApiError::Refused { text, .. } => f.write_str(text.trim()),
            ApiError::Unreadable(why) => write!(f, "the answer cannot be read: {why}"),
        }
    }
}

impl ApiError {
    /// True if the agent answered that there is no such thing.
    pub fn is_not_found(&self) -> bool {
        matches!(self, ApiError::Refused { status: 404, .. })
    }
}

/// Reads a document as it came. Reading once more does no harm: the browser may have dropped the first request.
pub async fn get_text(path: &str) -> Result<String, ApiError> {
    let mut answer = exchange(Request::get(path)).await;
    if answer == Err(ApiError::Unreachable) {
        TimeoutFuture::new(AGAIN_MS).await;
        answer = exchange(Request::get(path)).await;
    }
    let (status, text) = answer?;
    accept(status, text)
}

/// Writes a document, if there is one, and reads the answer as it came.
pub async fn send(method: Method, path: &str, body: Option<&dyn Part>) -> Result<String, ApiError> {
    let (status, text) = send_raw(method, path, body).await?;
    accept(status, text)
}

/// Writes a document and gives the answer with its status, whatever it is.
pub async fn send_raw(
    method: Method,
    path: &str,
    body: Option<&dyn Part>,
) -> Result<(u16, String), ApiError> {
    let mut request = Request::new(path).method(method);
    if let Some(body) = body {
        request = request.header("Content-Type", "application/json").body(record::to_json(body));
    }
    exchange(request).await
}

/// Reads a document from text.
pub fn decode<T: Part + Default>(text: &str) -> Result<T, ApiError> {
    let mut value = T::default();
    match record::from_json(&mut value, text) {
        Ok(()) => Ok(value),
        Err(e) => Err(ApiError::Unreadable(e.to_string())),
    }
}

/// One segment of a path, escaped: job IDs may contain anything.
pub fn segment(text: &str) -> String {
    String::from(js_sys::encode_uri_component(text))
}

/// The text of a segment; none if it was escaped by nobody.
pub fn unescaped(segment: &str) -> Option<String> {
    if !segment.contains('%') {
        return Some(segment.to_owned());
    }
    js_sys::decode_uri_component(segment).ok().map(String::from)
}

async fn exchange(request: Request) -> Result<(u16, String), ApiError> {
    let signal = web_sys::AbortSignal::timeout_with_u32(TIMEOUT_MS);
    let response: Response =
        request.abort_signal(Some(&signal)).send().await.map_err(|_| ApiError::Unreachable)?;
    let text = response.text().await.map_err(|_| ApiError::Unreachable)?;
    Ok((response.status(), text))
}

fn accept(status: u16, text: String) -> Result<String, ApiError> {
    if status == 200 { Ok(text) } else { Err(ApiError::Refused { status, text }) }
}
