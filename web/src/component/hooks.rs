//! State and effects of components. Yew's own hooks are made again for every type of a value and every
//! closure; these are made once, around values that have forgotten their types.

use std::any::Any;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::ops::Deref;
use std::rc::Rc;

use yew::functional::Hook;
use yew::prelude::*;

use super::value::Value;

/// What a component remembers.
pub struct State<T> {
    slot: UseStateHandle<Value>,
    of: PhantomData<T>,
}

/// Sets what a component remembers, from wherever it is kept.
pub struct Setter<T> {
    slot: UseStateSetter<Value>,
    of: PhantomData<T>,
}

/// Remembers a value. The component is drawn again when another one is set.
#[hook]
pub fn use_value<T: PartialEq + 'static>(initial: T) -> State<T> {
    let slot = use_slot(Value::new(initial));
    State { slot, of: PhantomData }
}

#[hook]
fn use_slot(initial: Value) -> UseStateHandle<Value> {
    use_state_eq(move || initial)
}

impl<T: PartialEq + 'static> State<T> {
    pub fn set(&self, value: T) {
        self.slot.set(Value::new(value));
    }

    /// To hand on: it does not keep the present value alive.
    pub fn setter(&self) -> Setter<T> {
        Setter { slot: self.slot.setter(), of: PhantomData }
    }
}

impl<T: 'static> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self.slot.get() {
            Some(value) => value,
            None => unreachable!("only values of its type are set"),
        }
    }
}

impl<T> Clone for State<T> {
    fn clone(&self) -> State<T> {
        State { slot: self.slot.clone(), of: PhantomData }
    }
}

impl<T: PartialEq + 'static> Setter<T> {
    pub fn set(&self, value: T) {
        self.slot.set(Value::new(value));
    }
}

impl<T> Clone for Setter<T> {
    fn clone(&self) -> Setter<T> {
        Setter { slot: self.slot.clone(), of: PhantomData }
    }
}

/// What holds an effect up: a timer, a listener. Dropping it ends the effect.
pub type Guard = Box<dyn Any>;

/// Begins something when the component appears, and anew whenever `cause` is another than before.
pub fn use_begin<C: PartialEq + 'static>(
    cause: C,
    begin: impl FnOnce() -> Guard + 'static,
) -> impl Hook<Output = ()> {
    use_boxed(Value::new(cause), Box::new(begin))
}

/// Does something when the component has appeared, and again whenever `cause` is another than before.
pub fn use_after<C: PartialEq + 'static>(
    cause: C,
    act: impl FnOnce() + 'static,
) -> impl Hook<Output = ()> {
    use_begin(cause, || {
        act();
        Box::new(())
    })
}

#[hook]
fn use_boxed(cause: Value, begin: Box<dyn FnOnce() -> Guard>) {
    use_effect_with(cause, move |_| {
        let guard = begin();
        move || drop(guard)
    });
}

/// Keeps something while the component is there, or until it keeps something else.
#[derive(Clone)]
pub struct Keeper(Rc<RefCell<Option<Guard>>>);

impl Keeper {
    pub fn keep(&self, guard: impl Any) {
        self.0.replace(Some(Box::new(guard)));
    }
}

/// A place to keep one thing in.
#[hook]
pub fn use_keeper() -> Keeper {
    Keeper(use_mut_ref(|| None))
}
