//! Requests to the agent, and the ways they fail. Paths are the agent's; nothing here knows their meaning.

use std::fmt;

use gloo::timers::future::TimeoutFuture;
use reqwasm::http::{Method, Request, Response};
use steppe_planner::record::{self, Part};
use web_sys::AbortSignal;

/// Long enough for a large snapshot over a slow line, short enough to notice a dead one.
const TIMEOUT_MS: u32 = 30_000;
/// Until a request is made once more, and once more after that.
const AGAIN_MS: [u32; 2] = [250, 750];

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

/// Reads a document as it came.
pub async fn get_text(path: &str) -> Result<String, ApiError> {
    send(Method::GET, path, None).await
}

/// Writes a document, if there is one, and reads the answer as it came.
pub async fn send(method: Method, path: &str, body: Option<&dyn Part>) -> Result<String, ApiError> {
    let (status, text) = send_raw(method, path, body).await?;
    accept(status, text)
}

/// Writes a document and gives the answer with its status, whatever it is.
///
/// The browser drops requests when a network comes or goes, as that of each container does. So what is not answered is
/// sent again: it must do no harm twice.
pub async fn send_raw(
    method: Method,
    path: &str,
    body: Option<&dyn Part>,
) -> Result<(u16, String), ApiError> {
    let body = body.map(record::to_json);
    let body = body.as_deref();
    // The time is one for all of them.
    let signal = AbortSignal::timeout_with_u32(TIMEOUT_MS);
    let mut answer = exchange(method, path, body, &signal).await;
    for wait in AGAIN_MS {
        if answer != Err(ApiError::Unreachable) {
            break;
        }
        TimeoutFuture::new(wait).await;
        answer = exchange(method, path, body, &signal).await;
    }
    answer
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

async fn exchange(
    method: Method,
    path: &str,
    body: Option<&str>,
    signal: &AbortSignal,
) -> Result<(u16, String), ApiError> {
    let mut request = Request::new(path).method(method).abort_signal(Some(signal));
    if let Some(body) = body {
        request = request.header("Content-Type", "application/json").body(body);
    }
    let response: Response = request.send().await.map_err(|_| ApiError::Unreachable)?;
    let text = response.text().await.map_err(|_| ApiError::Unreachable)?;
    Ok((response.status(), text))
}

fn accept(status: u16, text: String) -> Result<String, ApiError> {
    if status == 200 { Ok(text) } else { Err(ApiError::Refused { status, text }) }
}
