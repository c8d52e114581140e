//! Every host volume asked for is there, and writable where it must be.

use super::{Ask, Report};
use crate::model::Node;
use crate::scheduler::reason::Reason;

pub(super) fn check(ask: &Ask<'_>, node: &Node, report: Report<'_>) -> bool {
    for (i, volume) in ask.group.volumes.iter().enumerate().filter(|(_, v)| !v.csi) {
        let reason = match node.volumes.get(&volume.source) {
            None => Reason::VolumeMissing { volume: i },
            Some(found) if found.read_only && !volume.read_only => {
                Reason::VolumeReadOnly { volume: i }
            }
            Some(_) => continue,
        };
        if !report(reason) {
            return false;
        }
    }
    true
}
