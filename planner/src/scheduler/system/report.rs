//! Every node's verdict on the groups of a system job.

use std::collections::BTreeSet;

use super::Run;
use crate::model::Group;
use crate::scheduler::draft::Draft;
use crate::scheduler::outcome::Verdicts;
use crate::scheduler::stack::{Judgements, Request};

impl<'a> Run<'_, 'a, '_> {
    /// Verdicts on the cluster after the plan. A node on which the group runs is judged as if it did not.
    pub(super) fn report(&mut self) {
        let situation = self.situation;
        let nodes = 0..u32::try_from(situation.cluster.nodes.len()).unwrap_or(u32::MAX);
        for group in &situation.job.groups {
            let (running, without) = self.aside(group);
            let (job, request) = (&situation.job, Request::default());
            let mut ask = |nodes: Vec<u32>, draft: &Draft<'_>| {
                self.stack.judge_some(job, group, &request, nodes.into_iter(), draft)
            };
            let (there, elsewhere): (Vec<u32>, Vec<u32>) =
                nodes.clone().partition(|node| running.contains(node));
            let (there, elsewhere) = (ask(there, &without), ask(elsewhere, self.draft));
            let (mut there, mut elsewhere) = (there.iter(), elsewhere.iter());
            let mut judgements = Judgements::default();
            for node in nodes.clone() {
                let judged = if running.contains(&node) { there.next() } else { elsewhere.next() };
                judged.into_iter().for_each(|judgement| judgements.add(judgement));
            }
            self.outcome.reports.push(Verdicts {
                group: group.name.clone(),
                version: job.version,
                draft: self.draft.clone(),
                judgements,
            });
        }
    }

    /// The nodes on which a group runs, and the draft as if it did not.
    fn aside(&self, group: &Group) -> (BTreeSet<u32>, Draft<'a>) {
        let cluster = self.situation.cluster;
        let mut running = BTreeSet::new();
        let mut without = Draft::new(cluster, self.situation.job.key);
        for number in cluster.allocs_of(self.situation.job.key).iter().copied() {
            let alloc = &cluster.allocs[number as usize];
            if alloc.common.group == group.name && !alloc.is_terminal() {
                without.stop(number);
                running.extend(alloc.node.filter(|_| !self.draft.is_stopped(number)));
            }
        }
        self.draft.stopped().for_each(|number| without.stop(number));
        for placed in &self.draft.placed {
            if placed.group == group.name {
                running.insert(placed.node);
            } else {
                without.place(placed.clone());
            }
        }
        (running, without)
    }
}
