//! The cluster drawn: every node with its bars, what stands in them, and the draft's ghosts.

mod bar;
mod card;
mod page;

pub use card::node_grid;
pub use page::TopologyPage;
