//! A record as a stream of tokens, for whoever wants neither JSON nor a tree.

use super::{Part, View};

/// One token. What opens says how many entries follow; a map's keys come before their values.
pub enum Visit<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Text(&'a str),
    Open(usize),
}

/// Walks through a part, in the order of its fields, entries and keys.
pub fn visit(part: &dyn Part, take: &mut dyn FnMut(Visit<'_>)) {
    match part.view() {
        View::Null => take(Visit::Null),
        View::Bool(flag) => take(Visit::Bool(flag)),
        View::Int(number) => take(Visit::Int(number)),
        View::Uint(number) => take(Visit::Uint(number)),
        View::Float(number) => take(Visit::Float(number)),
        View::Text(text) => take(Visit::Text(text)),
        // Free-form values have an order of their own; as text they have one.
        View::Free(value) => take(Visit::Text(&crate::canonical_json::text(value))),
        View::List(list) => {
            take(Visit::Open(list.count()));
            (0..list.count()).for_each(|n| visit(list.item(n), take));
        }
        View::Map(map) => {
            take(Visit::Open(map.count()));
            for (key, part) in (0..map.count()).filter_map(|n| map.item(n)) {
                take(Visit::Text(key));
                visit(part, take);
            }
        }
        View::Record(record) => {
            (0..record.fields().len()).for_each(|n| visit(record.part(n), take));
        }
    }
}
