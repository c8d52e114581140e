//! Keeps the cluster current: listens on the WebSocket, fetches deltas, reconnects.
//!
//! One request is in flight at most; changes that arrive meanwhile are one more request afterwards. What
//! it learns goes out through two callbacks and nowhere else.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::{document, window};
use steppe_planner::snapshot::Document;
use wasm_bindgen_futures::spawn_local;
use web_sys::VisibilityState;
use yew::Callback;

use super::http::{self, ApiError};
use super::socket::Socket;
use super::{Change, Cluster, Link};

/// The first pause before reconnecting; it doubles up to the last.
const FIRST_PAUSE_MS: u32 = 500;
const LAST_PAUSE_MS: u32 = 5_000;

/// What the connection reports.
pub(super) enum News {
    Link(Link),
    /// A new state, with the text it came from: whole or a delta, in order without gaps.
    Cluster(Cluster, Rc<str>),
    Changed(Rc<Change>),
    /// The agent wants a token that this browser has not sent.
    Denied,
}

/// The line to one agent. Ends when dropped.
pub(super) struct Connection(Rc<Inner>);

struct Inner {
    news: Callback<News>,
    link: Cell<Link>,
    cluster: RefCell<Cluster>,
    generation: Cell<u64>,
    socket: RefCell<Option<Socket>>,
    failures: Cell<u32>,
    retry: RefCell<Option<Timeout>>,
    fetching: Cell<bool>,
    fetch_again: Cell<bool>,
    wakers: RefCell<Vec<EventListener>>,
}

impl Connection {
    pub(super) fn start(news: Callback<News>) -> Connection {
        let inner = Rc::new(Inner {
            news,
            link: Cell::new(Link::Connecting),
            cluster: RefCell::default(),
            generation: Cell::new(0),
            socket: RefCell::default(),
            failures: Cell::new(0),
            retry: RefCell::default(),
            fetching: Cell::new(false),
            fetch_again: Cell::new(false),
            wakers: RefCell::default(),
        });
        inner.listen_to_browser();
        inner.fetch();
        inner.connect();
        Connection(inner)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.socket.borrow_mut().take();
        self.0.retry.borrow_mut().take();
        self.0.wakers.borrow_mut().clear();
    }
}

impl Inner {
    /// A laptop that wakes or a network that returns is the moment to look again.
    fn listen_to_browser(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let online = EventListener::new(&window(), "online", move |_| wake(&weak));
        let weak = Rc::downgrade(self);
        let visible = EventListener::new(&document(), "visibilitychange", move |_| {
            if document().visibility_state() == VisibilityState::Visible {
                wake(&weak);
            }
        });
        self.wakers.borrow_mut().extend([online, visible]);
    }

    fn connect(self: &Rc<Self>) {
        self.retry.borrow_mut().take();
        let (hearing, losing) = (Rc::downgrade(self), Rc::downgrade(self));
        let socket = Socket::open(
            "/v1/steppe/live",
            move |text| {
                if let (Some(inner), Ok(change)) = (hearing.upgrade(), http::decode(&text)) {
                    inner.heard(change);
                }
            },
            move |_| {
                if let Some(inner) = losing.upgrade() {
                    inner.disconnected();
                }
            },
        );
        match socket {
            Some(socket) => drop(self.socket.replace(Some(socket))),
            None => self.disconnected(),
        }
    }

    fn heard(self: &Rc<Self>, change: Change) {
        let first = self.failures.replace(0) > 0 || self.link.get() != Link::Live;
        let (ours, empty) = (self.cluster.borrow().index(), self.cluster.borrow().is_empty());
        // An agent that was started anew may stand at a lower index: it then sends a whole document.
        if empty || change.index > ours || (first && change.index != ours) {
            self.fetch();
        } else {
            self.set_link(Link::Live);
        }
        let change = if first { Change::everything(change.index) } else { change };
        self.news.emit(News::Changed(Rc::new(change)));
    }

    fn disconnected(self: &Rc<Self>) {
        self.socket.replace(None);
        if self.link.get() == Link::NoAgent {
            return;
        }
        if !self.cluster.borrow().is_empty() {
            self.set_link(Link::Lost);
        }
        let failures = self.failures.get();
        self.failures.set(failures.saturating_add(1));
        let pause = FIRST_PAUSE_MS.saturating_mul(1 << failures.min(8)).min(LAST_PAUSE_MS);
        let weak = Rc::downgrade(self);
        let retry = Timeout::new(pause, move || {
            if let Some(inner) = weak.upgrade() {
                inner.connect();
            }
        });
        self.retry.replace(Some(retry));
    }

    fn fetch(self: &Rc<Self>) {
        if self.fetching.replace(true) {
            self.fetch_again.set(true);
            return;
        }
        let inner = Rc::clone(self);
        spawn_local(async move {
            loop {
                inner.fetch_again.set(false);
                let cluster = inner.cluster.borrow().clone();
                let path = if cluster.is_empty() {
                    "/v1/steppe/snapshot".to_owned()
                } else {
                    format!("/v1/steppe/snapshot?since={}", cluster.index())
                };
                let answer = http::get_text(&path).await;
                inner.received(answer);
                if !inner.fetch_again.get() {
                    break;
                }
            }
            inner.fetching.set(false);
        });
    }

    fn received(self: &Rc<Self>, answer: Result<String, ApiError>) {
        let merged = answer.and_then(|text| {
            let document: Document = http::decode(&text)?;
            Ok((document, text))
        });
        match merged {
            Ok((document, text)) => self.merge(document, text),
            Err(ApiError::Refused { status, .. }) if status >= 500 => {}
            Err(ApiError::Refused { status: 401 | 403, .. }) => {
                self.socket.replace(None);
                self.retry.replace(None);
                self.news.emit(News::Denied);
            }
            Err(ApiError::Unreachable) if !self.cluster.borrow().is_empty() => {
                // The socket may not have noticed yet that the line is dead.
                if self.socket.borrow().is_some() {
                    self.disconnected();
                }
            }
            Err(_) if self.cluster.borrow().is_empty() && self.link.get() != Link::Live => {
                self.socket.replace(None);
                self.retry.replace(None);
                self.set_link(Link::NoAgent);
            }
            Err(_) => {}
        }
    }

    fn merge(self: &Rc<Self>, document: Document, text: String) {
        let generation = self.generation.get() + 1;
        let current = self.cluster.borrow().clone();
        let is_delta = document.base.is_some();
        let next = match document.base {
            Some(_) if current.is_empty() => return,
            Some(_) => current.apply(document, generation),
            None => Cluster::new(document, generation),
        };
        let Ok(next) = next else {
            // A gap in the deltas: start from a whole document. A whole one that cannot be read comes
            // from a newer agent, and asking again does not help.
            if is_delta {
                self.cluster.replace(Cluster::default());
                self.fetch_again.set(true);
            } else {
                self.set_link(Link::Lost);
            }
            return;
        };
        self.generation.set(generation);
        self.cluster.replace(next.clone());
        if self.is_open() {
            self.set_link(Link::Live);
        }
        self.news.emit(News::Cluster(next, Rc::from(text)));
    }

    fn is_open(&self) -> bool {
        self.socket.borrow().as_ref().is_some_and(Socket::is_open)
    }

    fn set_link(&self, link: Link) {
        if self.link.replace(link) != link {
            self.news.emit(News::Link(link));
        }
    }
}

fn wake(inner: &Weak<Inner>) {
    let Some(inner) = inner.upgrade() else { return };
    inner.failures.set(0);
    if inner.link.get() == Link::NoAgent {
        // An agent may have come up since; if not, the sample stays without a flicker.
        inner.link.set(Link::Connecting);
        inner.fetch();
    }
    if inner.socket.borrow().is_some() {
        inner.fetch();
    } else {
        inner.connect();
    }
}
