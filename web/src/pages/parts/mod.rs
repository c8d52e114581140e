//! What the pages of jobs, allocations and nodes share.

mod actions;
mod allocations;
mod clock;
mod ended;
mod events;
mod links;
mod logs;
mod notice;
mod status;
mod table;
mod tabs;
pub mod words;

pub use actions::JobActions;
pub use allocations::{AllocationTable, health, ports};
pub use clock::{Ago, use_now};
pub use ended::use_allocations;
pub use events::{Events, Pull, PullProgress};
pub use links::{AllocationLink, JobLink, NodeLink};
pub use logs::LogView;
pub use notice::{Failure, Loading};
pub use status::Status;
pub use table::{Filter, More, matches, use_shown};
pub use tabs::Tabs;
