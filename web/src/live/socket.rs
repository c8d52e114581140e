//! A WebSocket to the agent that carries texts. Closed when dropped; nothing comes back after that.

use std::cell::Cell;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::utils::window;
use wasm_bindgen::JsCast;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

/// How a socket ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Closed {
    /// It had been open; if not, the other side speaks no WebSocket here, or is not there.
    pub(super) was_open: bool,
    /// The other side closed it on purpose.
    pub(super) was_clean: bool,
}

/// An open or opening socket.
pub(super) struct Socket {
    raw: WebSocket,
    listeners: Vec<EventListener>,
}

impl Socket {
    /// Opens a path of the agent; `None` if the browser refuses even to try.
    pub(super) fn open(
        path: &str,
        on_text: impl Fn(String) + 'static,
        on_close: impl Fn(Closed) + 'static,
    ) -> Option<Socket> {
        let raw = WebSocket::new(&address(path)).ok()?;
        let opened = Rc::new(Cell::new(false));
        let open = {
            let opened = Rc::clone(&opened);
            EventListener::new(&raw, "open", move |_| opened.set(true))
        };
        let message = EventListener::new(&raw, "message", move |event| {
            if let Some(text) = event.dyn_ref::<MessageEvent>().and_then(|e| e.data().as_string()) {
                on_text(text);
            }
        });
        let close = EventListener::new(&raw, "close", move |event| {
            let was_clean = event.dyn_ref::<CloseEvent>().is_some_and(CloseEvent::was_clean);
            on_close(Closed { was_open: opened.get(), was_clean });
        });
        Some(Socket { raw, listeners: vec![open, message, close] })
    }

    pub(super) fn is_open(&self) -> bool {
        self.raw.ready_state() == WebSocket::OPEN
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // The listeners go first, so that no event of this socket is heard any more.
        self.listeners.clear();
        // Closing a closed socket is nothing.
        let _ = self.raw.close();
    }
}

fn address(path: &str) -> String {
    let location = window().location();
    let secure = location.protocol().is_ok_and(|p| p == "https:");
    let host = location.host().unwrap_or_default();
    format!("{}://{host}{path}", if secure { "wss" } else { "ws" })
}
