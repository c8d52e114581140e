//! Records compared and copied.

use super::{Map, Part, Slot, View};

/// True if both hold the same.
pub fn same(a: &dyn Part, b: &dyn Part) -> bool {
    match (a.view(), b.view()) {
        (View::Null, View::Null) => true,
        (View::Bool(a), View::Bool(b)) => a == b,
        (View::Int(a), View::Int(b)) => a == b,
        (View::Uint(a), View::Uint(b)) => a == b,
        (View::Float(a), View::Float(b)) => a == b,
        (View::Text(a), View::Text(b)) => a == b,
        (View::Free(a), View::Free(b)) => a == b,
        (View::List(a), View::List(b)) => {
            a.count() == b.count() && (0..a.count()).all(|n| same(a.item(n), b.item(n)))
        }
        (View::Map(a), View::Map(b)) => {
            a.count() == b.count() && (0..a.count()).all(|n| same_entry(a, b, n))
        }
        (View::Record(a), View::Record(b)) => {
            (0..a.fields().len()).all(|n| same(a.part(n), b.part(n)))
        }
        _ => false,
    }
}

fn same_entry(a: &dyn Map, b: &dyn Map, number: usize) -> bool {
    match (a.item(number), b.item(number)) {
        (Some((key, a)), Some((other, b))) => key == other && same(a, b),
        _ => false,
    }
}

/// Copies a part into an empty one of the same type.
pub fn copy(from: &dyn Part, to: &mut dyn Part) {
    let view = from.view();
    if matches!(view, View::Null) {
        return to.clear();
    }
    match (view, to.slot()) {
        (View::Bool(flag), Slot::Bool(to)) => *to = flag,
        (View::Int(number), Slot::Int(to)) => _ = to.set_int(number),
        (View::Uint(number), Slot::Int(to)) => _ = to.set_uint(number),
        (View::Float(number), Slot::Float(to)) => *to = number,
        (View::Text(text), Slot::Text(to)) => text.clone_into(to),
        (View::Text(text), Slot::Word(to)) => _ = to.set_word(text),
        (View::Free(value), Slot::Free(to)) => to.clone_from(value),
        (View::List(list), Slot::List(to)) => {
            to.clear();
            (0..list.count()).for_each(|n| copy(list.item(n), to.push()));
        }
        (View::Map(map), Slot::Map(to)) => {
            to.clear();
            for (key, part) in (0..map.count()).filter_map(|n| map.item(n)) {
                if let Some(to) = to.push(key) {
                    copy(part, to);
                }
            }
        }
        (View::Record(record), Slot::Record(to)) => {
            for number in 0..record.fields().len() {
                if let Some(part) = to.part_mut(number) {
                    copy(record.part(number), part);
                }
            }
        }
        // Two parts of one type never differ in kind.
        _ => {}
    }
}
