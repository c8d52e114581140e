//! CSI volumes: plugin on the node, and a claim left on the volume.

use super::{Ask, Report};
use crate::model::VolumeAsk;
use crate::scheduler::draft::Draft;
use crate::scheduler::reason::{CsiProblem, Reason};
use crate::semantics::Rule;
use crate::snapshot::CsiVolume;

pub(super) fn check(ask: &Ask<'_>, number: u32, draft: &Draft<'_>, report: Report<'_>) -> bool {
    for (i, volume) in ask.group.volumes.iter().enumerate().filter(|(_, v)| v.csi) {
        if let Some(problem) = problem(ask, volume, number, draft)
            && !report(Reason::Csi { volume: i, source: volume.id(ask.index), problem })
        {
            return false;
        }
    }
    true
}

fn problem(
    ask: &Ask<'_>,
    volume: &VolumeAsk,
    number: u32,
    draft: &Draft<'_>,
) -> Option<CsiProblem> {
    let id = volume.id(ask.index);
    let mut volumes = draft.cluster.csi_volumes.iter();
    let found = volumes.find(|v| v.id == id && v.namespace == ask.job.namespace);
    let Some(found) = found else {
        return Some(CsiProblem::NoVolume);
    };
    let node = &draft.cluster.nodes[number as usize];
    let placed = draft.cluster.semantics.has(Rule::CsiTopology);
    match node.csi_plugins.get(&found.plugin) {
        None => return Some(CsiProblem::NoPlugin(found.plugin.clone())),
        Some(plugin) if !plugin.healthy => {
            return Some(CsiProblem::UnhealthyPlugin(found.plugin.clone()));
        }
        Some(plugin) if placed && !found.is_reachable(&plugin.topology) => {
            return Some(CsiProblem::Topology);
        }
        Some(plugin) if mounted(&found.plugin, number, draft) >= plugin.max_volumes => {
            return Some(CsiProblem::FullPlugin(found.plugin.clone()));
        }
        Some(_) => {}
    }
    if volume.read_only {
        return (!found.schedulable).then_some(CsiProblem::NotReadable);
    }
    if !found.schedulable || found.is_read_only() {
        return Some(CsiProblem::NotWritable);
    }
    // Other allocations of the job are expected to hand it on.
    let own = |id: &String| {
        let mut own = draft.cluster.allocs_of(ask.job.key).iter();
        own.any(|number| draft.cluster.allocs[*number as usize].id == *id)
    };
    (!found.has_many_writers() && !found.writers.iter().all(own))
        .then_some(CsiProblem::NoWriterLeft)
}

/// How many volumes of a plugin are in use on a node.
fn mounted(plugin: &str, number: u32, draft: &Draft<'_>) -> i64 {
    let cluster = draft.cluster;
    let standing = &cluster.on_node[number as usize];
    let held = |volume: &&CsiVolume| {
        standing.iter().any(|number| volume.is_held_by(&cluster.allocs[*number as usize]))
    };
    let volumes = cluster.csi_volumes.iter().filter(|volume| volume.plugin == plugin);
    i64::try_from(volumes.filter(held).count()).unwrap_or(i64::MAX)
}
