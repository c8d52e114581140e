//! Following a task's log: Nomad's stream of JSON frames, read as it arrives.
//!
//! Carries and decodes frames. How much of it is kept and shown is the log view's business.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestInit, Response};
use yew::Callback;

use super::http::ApiError;
use super::socket::{Closed, Socket};
use steppe_planner::record::Record;

/// What a stream tells.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamEvent {
    Text(String),
    /// The agent closed the stream: the task is over.
    Ended,
    Failed(ApiError),
}

/// A running stream; ends when dropped.
pub struct Stream(Carrier);

/// The socket or the request that brings the frames: kept only to be dropped.
type Carrier = Rc<RefCell<Option<Box<dyn Any>>>>;

/// A request that is given up when dropped.
struct Fetch(AbortController);

impl Drop for Fetch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.0.take();
    }
}

/// Reads frames from `path` and calls back with their text, until the end or the drop.
///
/// By WebSocket, so that many tabs can follow logs at once; where none is spoken, by a plain request,
/// which also brings the agent's words when it refuses.
pub fn follow(path: String, on_event: Callback<StreamEvent>) -> Stream {
    let carrier = Carrier::default();
    let frames = RefCell::new(Frames::default());
    let on_text = {
        let on_event = on_event.clone();
        move |text: String| match frames.borrow_mut().push(text.as_bytes()) {
            Ok(text) if text.is_empty() => {}
            Ok(text) => on_event.emit(StreamEvent::Text(text)),
            Err(e) => on_event.emit(StreamEvent::Failed(e)),
        }
    };
    let on_close = {
        let (path, on_event, carrier) = (path.clone(), on_event.clone(), Rc::downgrade(&carrier));
        move |closed: Closed| match carrier.upgrade() {
            Some(carrier) if !closed.was_open => fetch(path.clone(), on_event.clone(), &carrier),
            _ if closed.was_clean => on_event.emit(StreamEvent::Ended),
            _ => on_event.emit(StreamEvent::Failed(ApiError::Unreachable)),
        }
    };
    match Socket::open(&path, on_text, on_close) {
        Some(socket) => drop(carrier.replace(Some(Box::new(socket)))),
        None => fetch(path, on_event, &carrier),
    }
    Stream(carrier)
}

fn fetch(path: String, on_event: Callback<StreamEvent>, carrier: &Carrier) {
    let Ok(abort) = AbortController::new() else {
        on_event.emit(StreamEvent::Failed(ApiError::Unreachable));
        return;
    };
    let signal = abort.signal();
    // Inside a listener of the socket, which must outlive this call: it goes a moment later.
    let old = carrier.replace(Some(Box::new(Fetch(abort))));
    spawn_local(async move {
        drop(old);
        let init = RequestInit::new();
        init.set_signal(Some(&signal));
        let result = read(&path, &init, &on_event).await;
        if signal.aborted() {
            return;
        }
        on_event.emit(match result {
            Ok(()) => StreamEvent::Ended,
            Err(e) => StreamEvent::Failed(e),
        });
    });
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
#[derive(Debug, Default, Record)]
struct Frame {
    #[record(rename = "Data")]
    data: String,
}

/// Puts frames together from chunks that end anywhere.
#[derive(Default)]
struct Frames {
    chunks: Characters,
    /// What has come of a frame that is not complete yet.
    pending: String,
    log: Characters,
}

impl Frames {
    fn push(&mut self, chunk: &[u8]) -> Result<String, ApiError> {
        self.pending.push_str(&self.chunks.push(chunk));
        let mut bytes = Vec::new();
        let mut frames = serde_json::Deserializer::from_str(&self.pending).into_iter::<Frame>();
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
        Ok(self.log.push(&bytes))
    }
}

/// Puts characters together from bytes that end anywhere: those of one that is cut off.
#[derive(Default)]
struct Characters(Vec<u8>);

impl Characters {
    fn push(&mut self, bytes: &[u8]) -> String {
        self.0.extend_from_slice(bytes);
        let complete = match std::str::from_utf8(&self.0) {
            Err(e) if e.error_len().is_none() => e.valid_up_to(),
            // Bytes that are no UTF-8 at all are shown as such, they do not wait.
            Ok(_) | Err(_) => self.0.len(),
        };
        let rest = self.0.split_off(complete);
        let bytes = std::mem::replace(&mut self.0, rest);
        String::from_utf8_lossy(&bytes).into_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_waits_for_its_last_byte() {
        let mut characters = Characters::default();
        let whole = "h\u{e9}".as_bytes();
        assert_eq!(characters.push(&whole[..2]), "h");
        assert_eq!(characters.push(&whole[2..]), "\u{e9}");
        assert_eq!(characters.push(b"\xff!"), "\u{fffd}!", "what is no character does not wait");
    }

    #[test]
    fn a_frame_waits_for_its_end() {
        let mut frames = Frames::default();
        assert_eq!(frames.push(b"{}{\"Data\":"), Ok(String::new()));
        assert_eq!(frames.push(b"\"\"}"), Ok(String::new()));
        assert!(frames.pending.is_empty(), "the frame is read");
        assert!(frames.push(b"[").is_err(), "a list is no frame");
    }
}
