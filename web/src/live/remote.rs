//! A document of the agent that a component shows: read when mounted, read again when it changes.

use std::cell::Cell;
use std::rc::Rc;

use steppe_planner::record::Part;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::http::{self, ApiError};
use super::{Link, use_live};

/// A document on its way.
#[derive(Debug, PartialEq)]
pub enum Remote<T> {
    Loading,
    Ready(Rc<T>),
    Failed(ApiError),
}

impl<T> Clone for Remote<T> {
    fn clone(&self) -> Remote<T> {
        match self {
            Remote::Loading => Remote::Loading,
            Remote::Ready(value) => Remote::Ready(Rc::clone(value)),
            Remote::Failed(error) => Remote::Failed(error.clone()),
        }
    }
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
    T: Part + Default + PartialEq + 'static,
{
    let live = use_live();
    let state = use_state_eq(|| (None::<AttrValue>, Remote::Loading));
    let reads = live.link != Link::NoAgent && live.link != Link::Connecting;
    let setter = state.setter();
    let bus = live.bus;
    use_effect_with((path.clone(), watch, reads), move |(path, watch, reads)| {
        let alive = Rc::new(Cell::new(true));
        let mut listener = None;
        if let (Some(path), true) = (path.clone(), *reads) {
            let reader = Reader::new(path, setter, Rc::clone(&alive));
            reader.read();
            let watch = watch.clone();
            listener = Some(bus.listen(Callback::from(move |change: Rc<super::Change>| {
                if watch.iter().any(|what| change.concerns(what)) {
                    reader.read();
                }
            })));
        }
        move || {
            alive.set(false);
            drop(listener);
        }
    });
    // What was read for another path is not this document.
    if state.0 == path { state.1.clone() } else { Remote::Loading }
}

/// Reads one path, at most one request at a time.
struct Reader<T: 'static> {
    path: AttrValue,
    setter: UseStateSetter<(Option<AttrValue>, Remote<T>)>,
    alive: Rc<Cell<bool>>,
    busy: Rc<Cell<bool>>,
    again: Rc<Cell<bool>>,
}

impl<T: Part + Default + PartialEq + 'static> Reader<T> {
    fn new(
        path: AttrValue,
        setter: UseStateSetter<(Option<AttrValue>, Remote<T>)>,
        alive: Rc<Cell<bool>>,
    ) -> Reader<T> {
        Reader { path, setter, alive, busy: Rc::default(), again: Rc::default() }
    }

    fn read(&self) {
        if self.busy.replace(true) {
            self.again.set(true);
            return;
        }
        let (path, setter) = (self.path.clone(), self.setter.clone());
        let (alive, busy, again) = (self.alive.clone(), self.busy.clone(), self.again.clone());
        spawn_local(async move {
            while alive.get() {
                again.set(false);
                let answer = http::get::<T>(&path).await;
                if !alive.get() {
                    break;
                }
                match answer {
                    Ok(value) => setter.set((Some(path.clone()), Remote::Ready(Rc::new(value)))),
                    // The banner tells that the agent is lost; the last known state stays.
                    Err(ApiError::Unreachable) => {}
                    Err(e) => setter.set((Some(path.clone()), Remote::Failed(e))),
                }
                if !again.get() {
                    break;
                }
            }
            busy.set(false);
        });
    }
}
