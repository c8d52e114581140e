//! Where a group may run: one file a check. Each reports every failure it finds; none knows deployments.

mod candidate;
mod constraint;
mod csi_volume;
mod device;
mod distinct;
mod driver;
mod host_volume;
mod network;

pub use candidate::{in_datacenters, in_pool};
pub use csi_volume::csi_source;
pub use distinct::PropertyUse;

pub use super::ask::Ask;

use super::draft::Draft;
use super::reason::Reason;
use crate::model::Node;

/// A place to report failures to; `false` ends the walk (the first one is enough).
pub type Report<'r> = &'r mut dyn FnMut(Reason) -> bool;

/// Status, drain, eligibility, datacenter, pool: is the node looked at at all?
pub fn candidate(ask: &Ask<'_>, node: &Node, draft: &Draft<'_>, report: Report<'_>) -> bool {
    candidate::check(ask, node, draft.cluster.semantics, report)
}

/// The checks that no other placement can change, in Nomad's order.
pub fn lasting(ask: &Ask<'_>, node: &Node, draft: &Draft<'_>, report: Report<'_>) -> bool {
    let cluster = draft.cluster;
    constraint::check_job(ask, node, cluster, report)
        && driver::check(ask, node, report)
        && constraint::check_group(ask, node, cluster, report)
        && host_volume::check(ask, node, report)
        && device::check(ask, node, report)
        && network::check(ask, node, cluster, report)
}

/// The checks that depend on what else is placed.
pub fn passing(
    ask: &Ask<'_>,
    number: u32,
    draft: &Draft<'_>,
    uses: &PropertyUse,
    report: Report<'_>,
) -> bool {
    csi_volume::check(ask, number, draft, report)
        && distinct::check_hosts(ask, number, draft, report)
        && distinct::check_properties(ask, number, draft, uses, report)
}
