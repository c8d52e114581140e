//! What changed lately, so that pages and caches can ask for the difference instead of the whole.
//!
//! A bounded ring: who comes too late reads everything again.

use std::collections::{BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

/// How many changes are remembered: some minutes of a busy agent, about one megabyte.
const REMEMBERED: usize = 8192;

/// The kind of a changed document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Topic {
    Job,
    Node,
    Host,
    Allocation,
    Evaluation,
    Deployment,
    SchedulerConfiguration,
}

impl Topic {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Topic::Job => "Job",
            Topic::Node => "Node",
            Topic::Host => "Host",
            Topic::Allocation => "Allocation",
            Topic::Evaluation => "Evaluation",
            Topic::Deployment => "Deployment",
            Topic::SchedulerConfiguration => "SchedulerConfiguration",
        }
    }
}

/// One document changed or went away.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub index: u64,
    pub topic: Topic,
    /// The document's ID; for jobs `namespace/id@version` as in `planner::snapshot::job_key`.
    pub key: String,
}

/// Everything that changed since an index, each document once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The index these changes lead to.
    pub index: u64,
    pub documents: BTreeSet<(Topic, String)>,
}

/// The last changes, oldest first.
#[derive(Debug)]
pub(super) struct Ring {
    changes: VecDeque<Change>,
    /// Every change after this index is in the ring.
    complete_since: u64,
}

impl Ring {
    /// An empty history that begins at an index.
    pub(super) fn beginning_at(index: u64) -> Ring {
        Ring { changes: VecDeque::new(), complete_since: index }
    }

    pub(super) fn push(&mut self, change: Change) {
        if self.changes.len() == REMEMBERED
            && let Some(forgotten) = self.changes.pop_front()
        {
            self.complete_since = forgotten.index;
        }
        self.changes.push_back(change);
    }

    /// The changes after `since`, or nothing if some of them are forgotten.
    pub(super) fn since(&self, since: u64, now: u64) -> Option<Changes> {
        if since < self.complete_since || since > now {
            return None;
        }
        let documents = self
            .changes
            .iter()
            .rev()
            .take_while(|c| c.index > since)
            .map(|c| (c.topic, c.key.clone()))
            .collect();
        Some(Changes { index: now, documents })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(index: u64) -> Change {
        Change { index, topic: Topic::Node, key: format!("n{index}") }
    }

    #[test]
    fn forgets_the_oldest_and_says_so() {
        let mut ring = Ring::beginning_at(5);
        for index in 6..6 + REMEMBERED as u64 {
            ring.push(change(index));
        }
        let now = 5 + REMEMBERED as u64;
        assert_eq!(ring.since(5, now).map(|c| c.documents.len()), Some(REMEMBERED));
        ring.push(change(now + 1));
        assert_eq!(ring.since(5, now + 1), None);
        assert_eq!(ring.since(6, now + 1).map(|c| c.documents.len()), Some(REMEMBERED));
        assert_eq!(ring.since(now + 2, now + 1), None, "an index of another life");
    }
}
