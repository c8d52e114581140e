//! A document of the agent that a component shows: read when mounted, read again when it changes.

use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

use steppe_planner::record::Part;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::http::{self, ApiError};
use super::{Link, use_live};
use crate::component::{Setter, use_begin, use_value};

/// A document on its way.
pub enum Remote<T> {
    Loading,
    Ready(Rc<T>),
    Failed(ApiError),
}

impl<T> Remote<T> {
    /// The document, if it is there.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Remote::Ready(value) => Some(value),
            Remote::Loading | Remote::Failed(_) => None,
        }
    }
}

/// What makes a document worth reading again: topics (`Job`) or keys (`Allocation:<id>`).
pub type Watch = Vec<String>;

/// Reads `path` (nothing while it is `None` or no agent is there) and again on changes in `watch`.
///
/// What was read stays visible while it is read again, and when the agent is lost.
#[hook]
pub fn use_remote<T>(path: Option<AttrValue>, watch: Watch) -> Remote<T>
where
    T: Part + Default + 'static,
{
    match use_answer(path, watch, decode::<T>) {
        None => Remote::Loading,
        Some(Ok(document)) => match document.value.downcast() {
            Ok(value) => Remote::Ready(value),
            Err(_) => unreachable!("a reader's documents are all of one type"),
        },
        Some(Err(error)) => Remote::Failed(error),
    }
}

/// A document of some type, and the text it was made from.
#[derive(Clone)]
struct Document {
    text: Rc<str>,
    value: Rc<dyn Any>,
}

impl PartialEq for Document {
    fn eq(&self, other: &Document) -> bool {
        self.text == other.text
    }
}

type Answer = Result<Document, ApiError>;
type Decode = fn(String) -> Answer;

fn decode<T: Part + Default + 'static>(text: String) -> Answer {
    let value = Rc::new(http::decode::<T>(&text)?);
    Ok(Document { text: text.into(), value })
}

/// Reads a document of any type: everything about reading that the type makes no difference to.
#[hook]
fn use_answer(path: Option<AttrValue>, watch: Watch, decode: Decode) -> Option<Answer> {
    let live = use_live();
    let state = use_value(None::<(AttrValue, Answer)>);
    let reads = live.link != Link::NoAgent && live.link != Link::Connecting;
    let setter = state.setter();
    let bus = live.bus;
    let wanted = path.clone();
    use_begin((path.clone(), watch.clone(), reads), move || {
        let (Some(path), true) = (wanted, reads) else { return Box::new(()) };
        let reader = Reader::new(path, decode, setter);
        reader.read();
        let alive = Alive(Rc::clone(&reader.alive));
        let listener = bus.listen(Callback::from(move |change: Rc<super::Change>| {
            if watch.iter().any(|what| change.concerns(what)) {
                reader.read();
            }
        }));
        Box::new((alive, listener))
    });
    // What was read for another path is not this document.
    match &*state {
        Some((read, answer)) if Some(read) == path.as_ref() => Some(answer.clone()),
        _ => None,
    }
}

/// Tells a reader that nobody waits for it any more.
struct Alive(Rc<Cell<bool>>);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// Reads one path, at most one request at a time.
struct Reader {
    path: AttrValue,
    decode: Decode,
    setter: Setter<Option<(AttrValue, Answer)>>,
    alive: Rc<Cell<bool>>,
    busy: Rc<Cell<bool>>,
    again: Rc<Cell<bool>>,
}

impl Reader {
    fn new(path: AttrValue, decode: Decode, setter: Setter<Option<(AttrValue, Answer)>>) -> Reader {
        let alive = Rc::new(Cell::new(true));
        Reader { path, decode, setter, alive, busy: Rc::default(), again: Rc::default() }
    }

    fn read(&self) {
        if self.busy.replace(true) {
            self.again.set(true);
            return;
        }
        let (path, decode, setter) = (self.path.clone(), self.decode, self.setter.clone());
        let (alive, busy, again) = (self.alive.clone(), self.busy.clone(), self.again.clone());
        spawn_local(async move {
            while alive.get() {
                again.set(false);
                let answer = http::get_text(&path).await.and_then(decode);
                if !alive.get() {
                    break;
                }
                // The banner tells that the agent is lost; the last known state stays.
                if answer != Err(ApiError::Unreachable) {
                    setter.set(Some((path.clone(), answer)));
                }
                if !again.get() {
                    break;
                }
            }
            busy.set(false);
        });
    }
}
