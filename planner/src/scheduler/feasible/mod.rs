//! Where a group may run: one file a check. Each reports every failure it finds; none knows deployments.

mod candidate;
mod constraint;
mod csi_volume;
mod device;
mod distinct;
mod driver;
mod host_volume;
mod network;
mod secret;

pub use candidate::{in_datacenters, in_pool};
pub use distinct::PropertyUse;
pub(super) use network::Network;

pub use super::ask::Ask;

use super::draft::Draft;
use super::reason::Reason;
use crate::semantics::Rule;
use crate::snapshot::Cluster;

/// A place to report failures to; `false` ends the walk (the first one is enough).
pub type Report<'r> = &'r mut dyn FnMut(Reason) -> bool;

/// The checks of a group that nothing placed or stopped can change, ready to be put to one node after another.
#[derive(Clone, Debug)]
pub struct Screen {
    candidates: candidate::Candidates,
    job: constraint::Constraints,
    drivers: driver::Drivers,
    group: constraint::Constraints,
    volumes: host_volume::HostVolumes,
    volumes_last: bool,
    pub(super) network: network::Network,
    secrets: secret::Secrets,
}

impl Screen {
    /// Gets everything ready.
    pub fn new(ask: &Ask<'_>, cluster: &Cluster) -> Screen {
        Screen {
            candidates: candidate::Candidates::new(cluster),
            job: constraint::Constraints::of_job(ask, cluster),
            drivers: driver::Drivers::new(ask, cluster),
            group: constraint::Constraints::of_group(ask, cluster),
            volumes: host_volume::HostVolumes::new(ask, cluster),
            volumes_last: cluster.semantics.has(Rule::HostVolumesLast),
            network: network::Network::new(ask, cluster),
            secrets: secret::Secrets::new(ask, cluster),
        }
    }

    /// Status, drain, eligibility, datacenter, pool: is the node looked at at all?
    pub fn candidate(
        &mut self,
        ask: &Ask<'_>,
        number: u32,
        cluster: &Cluster,
        report: Report<'_>,
    ) -> bool {
        self.candidates.check(ask, number, cluster, report)
    }

    /// The checks on the node itself, in Nomad's order.
    pub fn lasting(
        &mut self,
        ask: &Ask<'_>,
        number: u32,
        cluster: &Cluster,
        report: Report<'_>,
    ) -> bool {
        self.job.check(ask, number, cluster, report)
            && self.drivers.check(number, report)
            && self.group.check(ask, number, cluster, report)
            && (self.volumes_last || self.volumes.check(number, report))
            && device::check(ask, number, cluster, report)
            && self.network.check(ask, number, cluster, report)
            && self.secrets.check(number, report)
            && (!self.volumes_last || self.volumes.check(number, report))
    }
}

/// The checks that depend on what else is placed.
pub fn passing(
    ask: &Ask<'_>,
    number: u32,
    draft: &Draft<'_>,
    uses: &PropertyUse,
    report: Report<'_>,
) -> bool {
    host_volume::check_numbered(ask, number, draft.cluster, report)
        && csi_volume::check(ask, number, draft, report)
        && distinct::check_hosts(ask, number, draft, report)
        && distinct::check_properties(ask, number, draft, uses, report)
}
