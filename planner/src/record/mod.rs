//! What all documents have in common: they are read, written, compared and copied here, once for all types.
//!
//! A type only describes itself (`#[derive(Record)]`, `#[derive(Word)]`: names of fields, and how to reach them);
//! everything else goes through that description by dynamic dispatch. serde's derive would make the same code again
//! for each of more than a hundred types, which was a third of the page. To the outside a record is an ordinary serde
//! type. What a field means is not known here.

mod compare;
mod leaf;
mod visit;
mod wire;

pub use compare::{copy, same};
pub use steppe_planner_derive::{Record, Word};
pub use visit::{Visit, visit};
pub use wire::{from_json, read, to_json, to_value, write};

use serde_json::Value;

/// Anything that can stand in a document.
pub trait Part {
    /// What it holds now.
    fn view(&self) -> View<'_>;
    /// Where a new value goes; what was absent is there from now on, empty.
    fn slot(&mut self) -> Slot<'_>;
    /// Makes it the default: absent, empty or zero.
    fn clear(&mut self);
}

/// The value of a part.
pub enum View<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Text(&'a str),
    List(&'a dyn List),
    Map(&'a dyn Map),
    Record(&'a dyn Record),
    Free(&'a Value),
}

/// The place of a part.
pub enum Slot<'a> {
    Bool(&'a mut bool),
    Int(&'a mut dyn Int),
    Float(&'a mut f64),
    Text(&'a mut String),
    Word(&'a mut dyn Word),
    List(&'a mut dyn List),
    Map(&'a mut dyn Map),
    Record(&'a mut dyn Record),
    Free(&'a mut Value),
    /// Written only.
    Closed,
}

/// One field of a record.
pub struct Field {
    /// On the wire.
    pub name: &'static str,
    /// Written as `null` when empty.
    pub null: bool,
    /// Not written when empty or absent.
    pub skip: bool,
}

/// A struct with named fields.
pub trait Record {
    /// Its description.
    fn fields(&self) -> &'static [Field];
    /// The field of that number.
    fn part(&self, number: usize) -> &dyn Part;
    /// The same, to change it.
    fn part_mut(&mut self, number: usize) -> Option<&mut dyn Part>;
}

/// An enum whose variants are words.
pub trait Word {
    /// The word for it.
    fn word(&self) -> &'static str;
    /// Takes the value of a word; false if there is none of that name.
    fn set_word(&mut self, word: &str) -> bool;
}

/// An integer of any width.
pub trait Int {
    /// Takes the number; false if it is out of range.
    fn set_int(&mut self, number: i64) -> bool;
    /// The same for a number that may be larger.
    fn set_uint(&mut self, number: u64) -> bool;
}

/// A list of parts of one type.
pub trait List {
    /// How many there are.
    fn count(&self) -> usize;
    /// The part of that number.
    fn item(&self, number: usize) -> &dyn Part;
    /// Removes all.
    fn clear(&mut self);
    /// Adds an empty part at the end.
    fn push(&mut self) -> &mut dyn Part;
}

/// Parts of one type by text.
pub trait Map {
    /// How many there are.
    fn count(&self) -> usize;
    /// Keys and parts, in the order of the keys.
    fn item(&self, number: usize) -> Option<(&str, &dyn Part)>;
    /// Removes all.
    fn clear(&mut self);
    /// Adds an empty part at the end, in whatever order keys come.
    fn push(&mut self, key: &str) -> Option<&mut dyn Part>;
    /// Puts the keys in order; of equal ones the last stays.
    fn finish(&mut self);
}

/// Stands for what is not there.
pub struct Nothing;

/// A part that is not there.
pub static NOTHING: Nothing = Nothing;

impl Part for Nothing {
    fn view(&self) -> View<'_> {
        View::Null
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::Closed
    }

    fn clear(&mut self) {}
}

/// True for what Go takes for nothing to write: absent, or an empty list or map.
fn is_empty(part: &dyn Part) -> bool {
    match part.view() {
        View::Null => true,
        View::List(list) => list.count() == 0,
        View::Map(map) => map.count() == 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
