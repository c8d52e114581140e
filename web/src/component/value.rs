//! A value that has forgotten its type, but can be compared.

use std::any::Any;
use std::rc::Rc;

/// Anything that knows whether it is the same as another.
#[derive(Clone)]
pub struct Value(Rc<dyn Comparable>);

impl Value {
    pub fn new<T: PartialEq + 'static>(value: T) -> Value {
        Value(Rc::new(value))
    }

    /// The value, if it is of that type.
    pub fn get<T: 'static>(&self) -> Option<&T> {
        let value: &dyn Any = &*self.0;
        value.downcast_ref()
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        self.0.same(&*other.0)
    }
}

trait Comparable: Any {
    fn same(&self, other: &dyn Any) -> bool;
}

impl<T: PartialEq + 'static> Comparable for T {
    fn same(&self, other: &dyn Any) -> bool {
        other.downcast_ref().is_some_and(|other| self == other)
    }
}
