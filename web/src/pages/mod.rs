//! The pages of jobs, allocations and nodes: what runs, and everything about it.
//!
//! Tables are drawn from the live snapshot; details (events, versions, evaluations) are read from
//! Nomad's API when a page needs them. Planning and drawing plans is not here.

mod allocation;
mod allocations;
mod job;
mod job_history;
mod job_source;
mod jobs;
mod later;
mod node;
mod nodes;
pub mod parts;

use yew::{AttrValue, Properties};

pub use allocation::AllocationPage;
pub use allocations::AllocationsPage;
pub use job::JobPage;
pub use jobs::JobsPage;
pub use later::{Later, LaterProps, Piece};
pub use node::NodePage;
pub use nodes::NodesPage;

/// Properties of the page of one thing.
#[derive(Properties, PartialEq)]
pub struct PageProps {
    pub id: AttrValue,
}
