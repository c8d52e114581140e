//! The page's handle on the worker: one question under way at a time, the newest one waiting behind it.
//!
//! A fast typist therefore never builds up a queue, and an answer to an older question is dropped. If the
//! worker dies (a defect) or does not answer in time, a new one takes its place with the same snapshot.

use std::cell::RefCell;
use std::mem::take;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

use super::protocol::{Answer, Question, Request};
use crate::assets::address;
use crate::live::Cluster;
use crate::patience::pause;
use crate::preview::Preview;
use steppe_planner::record;

/// Far beyond any real plan; only a defect takes longer.
const HANG_MS: u32 = 15_000;

/// What became of a snapshot: its index, or why it was refused.
pub type Loaded = Result<u64, String>;

/// Handle on the worker; clones share it.
#[derive(Clone)]
pub struct Planner(Rc<RefCell<Inner>>);

impl PartialEq for Planner {
    fn eq(&self, other: &Planner) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Kept as long as the worker may call them.
struct Listeners {
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(web_sys::Event)>,
}

/// A further question that is not answered.
struct Expected {
    number: u64,
    /// What is asked, about which text.
    words: String,
    answer: Callback<String>,
}

#[derive(Default)]
struct Inner {
    worker: Option<Worker>,
    ready: bool,
    /// How many in a row died before they were ready.
    unborn: usize,
    /// What the worker knows, for one that takes over.
    cluster: Cluster,
    /// Documents that came before the worker was ready.
    pending: Vec<String>,
    /// Sent to the worker and not answered.
    asked: Option<Question>,
    waiting: Option<Question>,
    watchdog: Option<Timeout>,
    /// Numbers further questions.
    further: u64,
    expected: Vec<Expected>,
    /// Those that a worker did not survive.
    fatal: Vec<String>,
    on_preview: Option<Callback<(Question, Rc<Preview>)>>,
    on_loaded: Option<Callback<Loaded>>,
    on_defect: Option<Callback<Question>>,
    closures: Vec<Listeners>,
}

impl Planner {
    /// Starts the worker.
    pub fn start() -> Planner {
        let planner = Planner(Rc::default());
        planner.spawn();
        planner
    }

    /// Where previews go, and the questions the worker died on.
    pub fn on_preview(
        &self,
        preview: Callback<(Question, Rc<Preview>)>,
        defect: Callback<Question>,
    ) {
        let mut inner = self.0.borrow_mut();
        inner.on_preview = Some(preview);
        inner.on_defect = Some(defect);
    }

    /// Where the fate of snapshots goes.
    pub fn on_loaded(&self, callback: Callback<Loaded>) {
        self.0.borrow_mut().on_loaded = Some(callback);
    }

    /// Gives the planner a document, whole or a change to the one it has, and the cluster that came of it.
    pub fn load(&self, cluster: Cluster, text: &str) {
        let mut inner = self.0.borrow_mut();
        if !cluster.is_empty() {
            inner.cluster = cluster;
        }
        if inner.ready {
            inner.post(&Request::Load { text: text.to_owned() });
        } else {
            inner.pending.push(text.to_owned());
        }
    }

    /// Asks something else about a text, in words of the later part; the answer is empty if there is none. Nothing
    /// comes if the worker dies on it.
    pub fn ask_further(&self, question: Question, ask: &str, answer: Callback<String>) {
        let mut inner = self.0.borrow_mut();
        if !inner.ready {
            return;
        }
        let words = format!("{ask}\n{}", question.source);
        if inner.fatal.contains(&words) {
            return;
        }
        inner.further += 1;
        let question = Question { number: inner.further, ..question };
        inner.expected.push(Expected { number: question.number, words, answer });
        inner.post(&Request::Further(question, ask.to_owned()));
    }

    /// Asks for a preview; an unanswered question behind the running one is forgotten.
    pub fn ask(&self, question: Question) {
        self.0.borrow_mut().waiting = Some(question);
        self.advance();
    }

    fn advance(&self) {
        let mut inner = self.0.borrow_mut();
        if !inner.ready || inner.asked.is_some() {
            return;
        }
        let Some(question) = inner.waiting.take() else { return };
        inner.post(&Request::Plan(question.clone()));
        inner.asked = Some(question);
        let planner = self.clone();
        inner.watchdog = Some(Timeout::new(HANG_MS, move || planner.replace()));
    }

    fn receive(&self, answer: Answer) {
        match answer {
            Answer::Ready => {
                let mut inner = self.0.borrow_mut();
                inner.ready = true;
                inner.unborn = 0;
                for text in take(&mut inner.pending) {
                    inner.post(&Request::Load { text });
                }
            }
            Answer::Further(number, text) => {
                let mut inner = self.0.borrow_mut();
                let at = inner.expected.iter().position(|expected| expected.number == number);
                let found = at.map(|at| inner.expected.swap_remove(at));
                drop(inner);
                found.inspect(|expected| expected.answer.emit(text));
                return;
            }
            Answer::Loaded(loaded) => {
                let callback = self.0.borrow().on_loaded.clone();
                callback.inspect(|c| c.emit(loaded));
            }
            Answer::Preview(preview) => {
                let (asked, callback) = {
                    let mut inner = self.0.borrow_mut();
                    inner.watchdog = None;
                    (inner.asked.take(), inner.on_preview.clone())
                };
                // The next question goes out before the page draws this answer.
                self.advance();
                let asked = asked.filter(|question| question.number == preview.number);
                if let (Some(question), Some(callback)) = (asked, callback) {
                    callback.emit((question, Rc::from(preview)));
                }
                return;
            }
        }
        self.advance();
    }

    /// Puts a new worker in place of a dead or hanging one. The question it died on is not asked again.
    fn replace(&self) {
        let (lost, callback) = {
            let mut inner = self.0.borrow_mut();
            if let Some(worker) = inner.worker.take() {
                worker.terminate();
            }
            inner.ready = false;
            let unanswered = take(&mut inner.expected);
            inner.fatal.extend(unanswered.into_iter().map(|expected| expected.words));
            inner.pending.clear();
            if !inner.cluster.is_empty() {
                let whole = record::to_json(&*inner.cluster.read());
                inner.pending.push(whole);
            }
            inner.watchdog = None;
            (inner.asked.take(), inner.on_defect.clone())
        };
        self.spawn();
        if let (Some(question), Some(callback)) = (lost, callback) {
            callback.emit(question);
        }
    }

    /// A worker is dead. One that never became ready may lack a file that the browser dropped; if that happens too
    /// often, the next one would only fail again.
    fn bury(&self) {
        if self.0.borrow().ready {
            return self.replace();
        }
        let mut inner = self.0.borrow_mut();
        if let Some(pause) = pause(inner.unborn) {
            let planner = self.clone();
            Timeout::new(pause, move || planner.spawn()).forget();
        }
        inner.unborn += 1;
    }

    fn spawn(&self) {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let Ok(worker) = Worker::new_with_options(&address("worker.js"), &options) else { return };
        let planner = self.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let Some(text) = event.data().as_string() else { return };
            if let Some(answer) = Answer::from_message(&text) {
                planner.receive(answer);
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let planner = self.clone();
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |_| {
            planner.bury();
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let mut inner = self.0.borrow_mut();
        inner.worker = Some(worker);
        // Those of an earlier worker stay: one of them may be running right now.
        inner.closures.push(Listeners { _message: on_message, _error: on_error });
    }
}

impl Inner {
    fn post(&self, request: &Request) {
        if let Some(worker) = &self.worker {
            let _ = worker.post_message(&request.to_message().into());
        }
    }
}
