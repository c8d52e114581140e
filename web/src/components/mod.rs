//! Small pieces that every page uses. They know nothing of jobs or nodes.

mod copy;
mod empty;
mod icon;

pub use copy::Copyable;
pub use empty::Empty;
pub use icon::{Icon, Symbol};
