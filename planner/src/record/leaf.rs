//! Parts that are no records: numbers, text, lists, maps, and what may be absent.

use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value;

use super::{Int, List, Part, Slot, View};

macro_rules! ints {
    ($($int:ty: $view:ident($wide:ty)),*) => {$(
        impl Int for $int {
            fn set_int(&mut self, number: i64) -> bool {
                <$int>::try_from(number).map(|number| *self = number).is_ok()
            }

            fn set_uint(&mut self, number: u64) -> bool {
                <$int>::try_from(number).map(|number| *self = number).is_ok()
            }
        }

        impl Part for $int {
            fn view(&self) -> View<'_> {
                View::$view(*self as $wide)
            }

            fn slot(&mut self) -> Slot<'_> {
                Slot::Int(self)
            }

            fn clear(&mut self) {
                *self = 0;
            }
        }
    )*};
}

ints!(i64: Int(i64), u64: Uint(u64), u32: Uint(u64), u16: Uint(u64), usize: Uint(u64));

macro_rules! scalars {
    ($($scalar:ty: $kind:ident($($by:tt)?);)*) => {$(
        impl Part for $scalar {
            fn view(&self) -> View<'_> {
                View::$kind($($by)? self)
            }

            fn slot(&mut self) -> Slot<'_> {
                Slot::$kind(self)
            }

            fn clear(&mut self) {
                *self = <$scalar>::default();
            }
        }
    )*};
}

scalars! {
    bool: Bool(*);
    f64: Float(*);
    String: Text();
    Value: Free();
}

impl<T: Part + Default> Part for Option<T> {
    fn view(&self) -> View<'_> {
        self.as_ref().map_or(View::Null, Part::view)
    }

    fn slot(&mut self) -> Slot<'_> {
        self.get_or_insert_default().slot()
    }

    fn clear(&mut self) {
        *self = None;
    }
}

impl<T: Part> Part for Box<T> {
    fn view(&self) -> View<'_> {
        (**self).view()
    }

    fn slot(&mut self) -> Slot<'_> {
        (**self).slot()
    }

    fn clear(&mut self) {
        (**self).clear();
    }
}

macro_rules! shared {
    ($($pointer:ident),*) => {$(
        impl<T: Part + Clone> Part for $pointer<T> {
            fn view(&self) -> View<'_> {
                (**self).view()
            }

            fn slot(&mut self) -> Slot<'_> {
                $pointer::make_mut(self).slot()
            }

            fn clear(&mut self) {
                $pointer::make_mut(self).clear();
            }
        }
    )*};
}

shared!(Rc, Arc);

impl<T: Part + Default> Part for Vec<T> {
    fn view(&self) -> View<'_> {
        View::List(self)
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::List(self)
    }

    fn clear(&mut self) {
        Vec::clear(self);
    }
}

impl<T: Part + Default> List for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn item(&self, number: usize) -> &dyn Part {
        &self[number]
    }

    fn clear(&mut self) {
        Vec::clear(self);
    }

    fn push(&mut self) -> &mut dyn Part {
        self.push(T::default());
        let last = self.len() - 1;
        &mut self[last]
    }
}
