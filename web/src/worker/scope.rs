//! The worker's own side: takes requests, answers in order. It decides nothing.

use js_sys::global;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::engine::Engine;
use super::protocol::{Answer, Request};

/// True inside the worker: the same `main` runs there.
pub fn is_worker() -> bool {
    global().is_instance_of::<DedicatedWorkerGlobalScope>()
}

/// Listens until the worker is ended.
pub fn run() {
    let Ok(scope) = global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let clock = scope.performance();
    let now = move || clock.as_ref().map_or(0.0, web_sys::Performance::now);
    let mut engine = Engine::default();
    let answerer = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Some(text) = event.data().as_string() else { return };
        let Some(request) = Request::from_message(&text) else { return };
        send(&answerer, &engine.answer(request, &now));
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker lives as long as its page: the closure is never taken back.
    on_message.forget();
    send(&scope, &Answer::Ready);
}

fn send(scope: &DedicatedWorkerGlobalScope, answer: &Answer) {
    // If posting fails the page's watchdog replaces the worker.
    let _ = scope.post_message(&answer.to_message().into());
}
