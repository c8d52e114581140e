//! Following a task's log: Nomad's stream of JSON frames, read as it arrives.
//!
//! Decodes frames to text. How much of it is kept and shown is the log view's business.

use js_sys::{Reflect, Uint8Array};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestInit, Response};
use yew::Callback;

use super::http::ApiError;

/// What a stream tells.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamEvent {
    Text(String),
    /// The agent closed the stream: the task is over.
    Ended,
    Failed(ApiError),
}

/// A running stream; ends when dropped.
pub struct Stream {
    abort: Option<AbortController>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        if let Some(abort) = &self.abort {
            abort.abort();
        }
    }
}

/// Reads frames from `path` and calls back with their text, until the end or the drop.
pub fn follow(path: String, on_event: Callback<StreamEvent>) -> Stream {
    let abort = AbortController::new().ok();
    let signal = abort.as_ref().map(AbortController::signal);
    spawn_local(async move {
        let init = RequestInit::new();
        init.set_signal(signal.as_ref());
        let result = read(&path, &init, &on_event).await;
        if signal.is_some_and(|s| s.aborted()) {
            return;
        }
        on_event.emit(match result {
            Ok(()) => StreamEvent::Ended,
            Err(e) => StreamEvent::Failed(e),
        });
    });
    Stream { abort }
}

async fn read(
    path: &str,
    init: &RequestInit,
    on_event: &Callback<StreamEvent>,
) -> Result<(), ApiError> {
    let lost = |_: JsValue| ApiError::Unreachable;
    let fetched = gloo::utils::window().fetch_with_str_and_init(path, init);
    let response: Response = JsFuture::from(fetched).await.map_err(lost)?.unchecked_into();
    if response.status() != 200 {
        let text = JsFuture::from(response.text().map_err(lost)?).await.map_err(lost)?;
        let text = text.as_string().unwrap_or_default();
        return Err(ApiError::Refused { status: response.status(), text });
    }
    let Some(body) = response.body() else { return Ok(()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut frames = Frames::default();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(lost)?;
        let done = Reflect::get(&chunk, &"done".into()).map_err(lost)?.is_truthy();
        if done {
            return Ok(());
        }
        let value: Uint8Array =
            Reflect::get(&chunk, &"value".into()).map_err(lost)?.unchecked_into();
        let text = frames.push(&value.to_vec())?;
        if !text.is_empty() {
            on_event.emit(StreamEvent::Text(text));
        }
    }
}

/// One frame; a heartbeat is empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Frame {
    #[serde(rename = "Data", with = "steppe_planner::api::null")]
    data: String,
}

/// Puts frames together from chunks that end anywhere.
#[derive(Default)]
struct Frames {
    /// Bytes of a frame that is not complete yet.
    pending: Vec<u8>,
    /// Bytes of a character that is not complete yet.
    partial: Vec<u8>,
}

impl Frames {
    fn push(&mut self, chunk: &[u8]) -> Result<String, ApiError> {
        self.pending.extend_from_slice(chunk);
        let mut bytes = std::mem::take(&mut self.partial);
        let mut frames = serde_json::Deserializer::from_slice(&self.pending).into_iter::<Frame>();
        let mut read = 0;
        while let Some(frame) = frames.next() {
            match frame {
                Ok(frame) => bytes.extend(decode_base64(&frame.data)),
                Err(e) if e.is_eof() => break,
                Err(e) => return Err(ApiError::Unreadable(e.to_string())),
            }
            read = frames.byte_offset();
        }
        self.pending.drain(..read);
        let complete = complete_characters(&bytes);
        self.partial = bytes.split_off(complete);
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// How many bytes stand before a last character that is cut off.
fn complete_characters(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Err(e) if e.error_len().is_none() => e.valid_up_to(),
        // Bytes that are no UTF-8 at all are shown as such, they do not wait.
        Ok(_) | Err(_) => bytes.len(),
    }
}

fn decode_base64(text: &str) -> Vec<u8> {
    if text.is_empty() {
        return Vec::new();
    }
    // The browser's decoder gives one character per byte.
    let decoded = gloo::utils::window().atob(text).unwrap_or_default();
    decoded.chars().map(|c| c as u8).collect()
}
