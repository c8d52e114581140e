//! Every host volume asked for is there, and writable where it must be.
//!
//! Those that each allocation has for itself depend on its number, and are looked up for each placement.

use super::{Ask, Report};
use crate::scheduler::reason::Reason;
use crate::snapshot::{Cluster, Column, Fact, NO_VALUE, READ_ONLY};

/// The host volumes a group asks for: position, whether it writes, and where they are.
#[derive(Clone, Debug)]
pub(super) struct HostVolumes(Vec<(usize, bool, Column)>);

impl HostVolumes {
    pub(super) fn new(ask: &Ask<'_>, cluster: &Cluster) -> HostVolumes {
        let volumes = ask.group.volumes.iter().enumerate();
        let asked = volumes.filter(|(_, volume)| !volume.csi && !volume.per_alloc);
        let column = |(at, volume): (usize, &crate::model::VolumeAsk)| {
            let name = cluster.offered(&volume.source);
            (at, !volume.read_only, cluster.column(Fact::Volume(name)))
        };
        HostVolumes(asked.map(column).collect())
    }

    pub(super) fn check(&self, number: u32, report: Report<'_>) -> bool {
        for (volume, writes, column) in &self.0 {
            let volume = *volume;
            let reason = match column[number as usize] {
                NO_VALUE => Reason::VolumeMissing { volume, index: None },
                READ_ONLY if *writes => Reason::VolumeReadOnly { volume, index: None },
                _ => continue,
            };
            if !report(reason) {
                return false;
            }
        }
        true
    }
}

/// The volumes that the allocation has for itself.
pub(super) fn check_numbered(
    ask: &Ask<'_>,
    number: u32,
    cluster: &Cluster,
    report: Report<'_>,
) -> bool {
    let index = Some(ask.index);
    for (volume, asked) in ask.group.volumes.iter().enumerate() {
        if asked.csi || !asked.per_alloc {
            continue;
        }
        let reason = match cluster.nodes[number as usize].volumes.get(&asked.id(ask.index)) {
            None => Reason::VolumeMissing { volume, index },
            Some(found) if found.read_only && !asked.read_only => {
                Reason::VolumeReadOnly { volume, index }
            }
            Some(_) => continue,
        };
        if !report(reason) {
            return false;
        }
    }
    true
}
