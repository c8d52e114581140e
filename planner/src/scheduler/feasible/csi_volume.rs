//! CSI volumes: plugin on the node, and a claim left on the volume.

use super::{Ask, Report};
use crate::model::VolumeAsk;
use crate::scheduler::draft::Draft;
use crate::scheduler::reason::{CsiProblem, Reason};
use crate::semantics::Rule;

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
        Some(plugin) => {
            let mounted = draft
                .holding(number)
                .filter(|(_, a)| {
                    draft.cluster.csi_volumes.iter().any(|v| {
                        v.plugin == found.plugin
                            && (v.writers.contains(&a.id) || v.readers.contains(&a.id))
                    })
                })
                .count();
            if i64::try_from(mounted).unwrap_or(i64::MAX) >= plugin.max_volumes {
                return Some(CsiProblem::FullPlugin(found.plugin.clone()));
            }
        }
    }
    if volume.read_only {
        return (!found.schedulable).then_some(CsiProblem::NotReadable);
    }
    if !found.schedulable || found.is_read_only() {
        return Some(CsiProblem::NotWritable);
    }
    let writers_stay = found
        .writers
        .iter()
        .any(|id| !draft.stopped().any(|number| draft.cluster.allocs[number as usize].id == *id));
    (!found.has_many_writers() && writers_stay).then_some(CsiProblem::NoWriterLeft)
}
