//! Small pieces that every page uses. They know nothing of jobs or nodes.

mod copy;
mod empty;
mod icon;
mod shape;

pub use copy::{copyable, copyable_as};
pub use empty::empty;
pub use icon::{Symbol, icon};
pub use shape::{
    Column, all, button, cell, counted, fact, gauge, heard, label, list_or, note, number, quiet,
    row_head, table, tag,
};
