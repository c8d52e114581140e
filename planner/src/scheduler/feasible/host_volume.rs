//! Every host volume asked for is there, and writable where it must be.

use super::{Ask, Report};
use crate::scheduler::reason::Reason;
use crate::snapshot::{Cluster, Column, Fact, NO_VALUE, READ_ONLY};

/// The host volumes a group asks for: position, whether it writes, and where they are.
#[derive(Clone, Debug)]
pub(super) struct HostVolumes(Vec<(usize, bool, Column)>);

impl HostVolumes {
    pub(super) fn new(ask: &Ask<'_>, cluster: &Cluster) -> HostVolumes {
        let asked = ask.group.volumes.iter().enumerate().filter(|(_, volume)| !volume.csi);
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
                NO_VALUE => Reason::VolumeMissing { volume },
                READ_ONLY if *writes => Reason::VolumeReadOnly { volume },
                _ => continue,
            };
            if !report(reason) {
                return false;
            }
        }
        true
    }
}
