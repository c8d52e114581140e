//! How much more there is room for, once a plan has been carried out: placing goes on where the plan stopped.

use super::draft::Placed;
use super::outcome::Verdicts;
use super::stack::{Request, Stack};
use super::writing::{Planned, verdict};
use crate::model::{Group, name_index};
use crate::plan::NodeVerdict;

/// What else would fit.
#[derive(Debug, Default)]
pub struct Room {
    /// So many more allocations.
    pub more: u64,
    /// The search ended at its limit; there may be room for more.
    pub at_least: bool,
    /// Where nothing more fits: the nodes that were looked at, with what the next one would lack.
    pub next: Vec<NodeVerdict>,
    /// Where one more would fit at the cost of other groups of the job: those that would lose a place.
    pub displaces: Vec<String>,
}

impl Planned<'_> {
    /// How many more allocations of a group fit after the plan, on any node or on one. At most `limit` are tried, and
    /// at most `rows` verdicts are written. A group that is not placed completely has no room, and one of a system job
    /// has its nodes.
    pub fn more(&self, group: usize, node: Option<u32>, limit: u64, rows: usize) -> Room {
        let situation = &self.situation;
        let Some(group) = situation.job.groups.get(group) else { return Room::default() };
        if situation.job.is_system() {
            return Room::default();
        }
        let mut stack = Stack::new(situation.cluster, situation.algorithm, false);
        let mut draft = self.draft.clone();
        let candidates = match node {
            Some(node) => {
                situation.candidates.iter().copied().filter(|other| *other == node).collect()
            }
            None => situation.candidates.clone(),
        };
        let mut room = Room::default();
        let first = self.next_index(group);
        while room.more < limit {
            let request = Request { index: first + room.more, ..Request::default() };
            let (choice, _) = stack.select(&situation.job, group, &request, &candidates, &draft);
            let Some(choice) = choice else {
                let judgements = stack.judge_all(&situation.job, group, &request, &draft);
                let (group, version) = (group.name.clone(), situation.job.version);
                let verdicts = Verdicts { group, version, draft, judgements };
                room.next = self.lacking(&verdicts, node, rows);
                return room;
            };
            draft.place(Placed {
                name: format!("{}.{}[{}]", situation.job.id, group.name, request.index),
                index: request.index,
                group: group.name.clone(),
                version: situation.job.version,
                node: choice.node,
                grant: choice.grant,
                usage: choice.usage,
            });
            room.more += 1;
        }
        room.at_least = true;
        room
    }

    /// The number behind the highest that the group has.
    fn next_index(&self, group: &Group) -> u64 {
        let cluster = self.situation.cluster;
        let existing = cluster.allocs_of(self.situation.job.key).iter();
        let existing = existing.map(|n| &cluster.allocs[*n as usize]);
        let existing = existing.filter(|a| a.common.group == group.name).map(|a| a.index());
        let placed = self.draft.placed.iter().filter(|p| p.group == group.name);
        existing.chain(placed.map(|p| name_index(&p.name))).max().map_or(0, |index| index + 1)
    }

    /// What the next allocation would lack: of one node, or of those that are nearest to taking it.
    fn lacking(&self, verdicts: &Verdicts<'_>, node: Option<u32>, rows: usize) -> Vec<NodeVerdict> {
        let numbers = (0u32..).zip(verdicts.judgements.iter());
        let wanted = numbers.filter(|(number, _)| node.is_none_or(|node| node == *number));
        let mut order: Vec<(usize, u32)> =
            wanted.map(|(number, judgement)| (judgement.reasons.len(), number)).collect();
        order.sort_unstable();
        order.truncate(rows);
        order.into_iter().map(|(_, node)| verdict(&self.situation, verdicts, node)).collect()
    }
}
