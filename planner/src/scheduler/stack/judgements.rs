//! The complete verdicts of all nodes: reasons side by side in one list, since most nodes have few and many have none.

use std::ops::Range;

use crate::scheduler::rank::Score;
use crate::scheduler::reason::Reason;

/// Every node's verdict, in order.
#[derive(Clone, Debug, Default)]
pub struct Judgements {
    /// The number of the allocation that was asked for.
    pub index: u64,
    reasons: Vec<Reason>,
    /// By node: where its reasons end, which is where the next node's begin.
    ends: Vec<usize>,
    scores: Vec<Option<Score>>,
}

/// One node's.
#[derive(Clone, Copy, Debug)]
pub struct Judgement<'a> {
    /// Every failing check, in the order of the stages.
    pub reasons: &'a [Reason],
    /// Of a node without reasons.
    pub score: Option<&'a Score>,
}

impl Judgements {
    /// The numbers of the nodes.
    pub fn nodes(&self) -> Range<u32> {
        0..u32::try_from(self.ends.len()).unwrap_or(u32::MAX)
    }

    /// A node's.
    pub fn of(&self, node: u32) -> Judgement<'_> {
        let at = node as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        let (reasons, score) = (&self.reasons[start..self.ends[at]], self.scores[at].as_ref());
        Judgement { reasons, score }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Judgement<'_>> {
        self.nodes().map(|node| self.of(node))
    }

    /// The reasons of the node that comes next, as far as they are known.
    pub(super) fn pending(&self) -> &[Reason] {
        &self.reasons[self.ends.last().copied().unwrap_or_default()..]
    }

    /// One more reason for it.
    pub(super) fn refuse(&mut self, reason: Reason) {
        self.reasons.push(reason);
    }

    /// Everything is known of it.
    pub(super) fn close(&mut self, score: Option<Score>) {
        self.ends.push(self.reasons.len());
        self.scores.push(score);
    }

    /// Adds another list's verdict.
    pub fn add(&mut self, judgement: Judgement<'_>) {
        self.reasons.extend_from_slice(judgement.reasons);
        self.close(judgement.score.cloned());
    }

    /// Makes room for so many nodes.
    pub(super) fn reserve(&mut self, nodes: usize) {
        self.ends.reserve(nodes);
        self.scores.reserve(nodes);
    }
}
