//! The worker's own side: takes requests, answers in order. It decides nothing.
//!
//! What needs the later part of the program waits until that is there; nothing else waits for it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::global;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::engine::Engine;
use super::later;
use super::protocol::{Answer, Request};

/// True inside the worker: the same `main` runs there.
pub fn is_worker() -> bool {
    global().is_instance_of::<DedicatedWorkerGlobalScope>()
}

/// Listens until the worker is ended.
pub fn run() {
    let Ok(scope) = global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let engine = Rc::new(RefCell::new(Engine::default()));
    let answerer = scope.clone();
    let fetching = Cell::new(false);
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Some(text) = event.data().as_string() else { return };
        let Some(request) = Request::from_message(&text) else { return };
        if !engine.borrow().lacks(&request) {
            let planned = matches!(request, Request::Plan(_));
            answer(&answerer, &engine, request);
            if planned && !fetching.replace(true) {
                complete(answerer.clone(), Rc::clone(&engine));
            }
            return;
        }
        let (answerer, engine) = (answerer.clone(), Rc::clone(&engine));
        spawn_local(async move {
            // Without it the answer says so.
            if let Ok(later) = later::fetch().await {
                engine.borrow_mut().later = Some(later);
            }
            answer(&answerer, &engine, request);
        });
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker lives as long as its page: the closure is never taken back.
    on_message.forget();
    send(&scope, &Answer::Ready);
}

/// Fetches the later part once the first preview is out, and tells the page that there is more to say.
fn complete(scope: DedicatedWorkerGlobalScope, engine: Rc<RefCell<Engine>>) {
    if engine.borrow().later.is_some() {
        return;
    }
    spawn_local(async move {
        let Ok(later) = later::fetch().await else { return };
        let index = {
            let mut engine = engine.borrow_mut();
            engine.later = Some(later);
            engine.index()
        };
        if let Some(index) = index {
            send(&scope, &Answer::Loaded(Ok(index)));
        }
    });
}

fn answer(scope: &DedicatedWorkerGlobalScope, engine: &RefCell<Engine>, request: Request) {
    let clock = scope.performance();
    let now = move || clock.as_ref().map_or(0.0, web_sys::Performance::now);
    send(scope, &engine.borrow_mut().answer(request, &now));
}

fn send(scope: &DedicatedWorkerGlobalScope, answer: &Answer) {
    // If posting fails the page's watchdog replaces the worker.
    let _ = scope.post_message(&answer.to_message().into());
}
