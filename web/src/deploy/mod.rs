//! From a preview to running allocations: Deploy, what it waits for, and the life that follows.
//!
//! The agent plans again and commits only what the preview showed. When it would do something else by
//! now, the page says what changed and offers that instead; nothing is deployed by surprise.

mod life;
mod panel;
pub mod request;
mod standing;

pub use life::job_life;
pub use panel::DeployPanel;
