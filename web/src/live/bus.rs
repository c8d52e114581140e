//! Who wants to hear of changes: components subscribe while they are mounted.

use std::cell::RefCell;
use std::rc::Rc;

use yew::Callback;

use super::Change;

#[derive(Default)]
struct Listeners {
    next: u64,
    callbacks: Vec<(u64, Callback<Rc<Change>>)>,
}

/// Hands every change to all listeners.
#[derive(Clone, Default)]
pub struct Bus(Rc<RefCell<Listeners>>);

impl PartialEq for Bus {
    fn eq(&self, other: &Bus) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Bus {
    /// Calls back on every change until the listener is dropped.
    #[must_use = "dropping the listener ends the subscription"]
    pub fn listen(&self, callback: Callback<Rc<Change>>) -> Listener {
        let mut listeners = self.0.borrow_mut();
        listeners.next += 1;
        let id = listeners.next;
        listeners.callbacks.push((id, callback));
        Listener { bus: self.clone(), id }
    }

    /// Tells everybody.
    pub fn send(&self, change: &Rc<Change>) {
        // A callback may subscribe or end a subscription: the list is not borrowed meanwhile.
        let callbacks = self.0.borrow().callbacks.clone();
        for (_, callback) in callbacks {
            callback.emit(Rc::clone(change));
        }
    }
}

/// A subscription.
pub struct Listener {
    bus: Bus,
    id: u64,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.bus.0.borrow_mut().callbacks.retain(|(id, _)| *id != self.id);
    }
}
