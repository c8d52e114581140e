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

pub use actions::job_actions;
pub use allocations::{Subject, allocation_table, health, ports, short_id};
pub use clock::{ago, use_now};
pub use ended::use_allocations;
pub use events::{Pull, pull_progress, restarts, task_life};
pub use links::{allocation_link, job_link, node_link};
pub use notice::{failure, loading};
pub use status::{status, titled_status};
pub use table::{matches, use_filter, use_shown};
pub use tabs::{Tab, tabs};
