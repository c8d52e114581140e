//! What one attempt to place saw, in Nomad's counts.

use super::rank::Score;
use super::reason::{Reason, Stage};
use crate::Map;
use crate::model::{Group, Job};
use crate::snapshot::Cluster;

/// How many of the best nodes are named.
pub(super) const SCORES_KEPT: usize = 5;

/// Nomad's counts of one attempt.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub evaluated: i64,
    pub filtered: i64,
    pub exhausted: i64,
    pub constraint_filtered: Map<i64>,
    pub class_filtered: Map<i64>,
    pub dimension_exhausted: Map<i64>,
    pub class_exhausted: Map<i64>,
    /// The best nodes.
    pub scores: Vec<(u32, Score)>,
    /// Further placements of the group not tried.
    pub coalesced: i64,
}

impl Tally {
    /// Adds what another attempt filtered.
    pub(super) fn add(&mut self, other: &Tally) {
        self.evaluated += other.evaluated;
        self.filtered += other.filtered;
        for (sum, of) in [
            (&mut self.constraint_filtered, &other.constraint_filtered),
            (&mut self.class_filtered, &other.class_filtered),
        ] {
            of.iter().for_each(|(key, count)| *sum.entry(key.clone()).or_default() += count);
        }
    }
}

/// Metric keys met so far, by number.
#[derive(Debug, Default)]
pub(super) struct Keys {
    known: Vec<Key>,
}

#[derive(Debug)]
struct Key {
    /// The job version and group that asked: reasons point into them.
    version: u64,
    group: String,
    /// One reason with this key.
    reason: Reason,
    text: String,
    stage: Stage,
}

/// Counts under way: nodes by the key of their first failing check, and by node class.
#[derive(Clone, Debug, Default)]
pub(super) struct Counter {
    by_key: Vec<i64>,
    filtered_by_class: Vec<i64>,
    exhausted_by_class: Vec<i64>,
}

impl Keys {
    /// The number of a reason's key.
    pub(super) fn number(
        &mut self,
        reason: &Reason,
        job: &Job,
        group: &Group,
        node_id: &str,
    ) -> usize {
        let known = |key: &Key| {
            key.reason.has_key_of(reason) && key.version == job.version && key.group == group.name
        };
        if let Some(found) = self.known.iter().position(known) {
            return found;
        }
        let (text, stage) = (reason.key(job, group, node_id), reason.stage());
        let (version, group) = (job.version, group.name.clone());
        self.known.push(Key { version, group, reason: reason.clone(), text, stage });
        self.known.len() - 1
    }

    /// The kind of verdict a key makes.
    pub(super) fn stage(&self, key: usize) -> Stage {
        self.known[key].stage
    }
}

impl Counter {
    /// Adds a node that failed, or takes it away.
    pub(super) fn add(&mut self, key: usize, stage: Stage, class: usize, count: i64) {
        let by_class = match stage {
            Stage::Excluded => return,
            Stage::Filtered => &mut self.filtered_by_class,
            Stage::Exhausted => &mut self.exhausted_by_class,
        };
        *slot(by_class, class) += count;
        *slot(&mut self.by_key, key) += count;
    }

    /// The counts by text.
    pub(super) fn tally(&self, evaluated: usize, keys: &Keys, cluster: &Cluster) -> Tally {
        let mut tally =
            Tally { evaluated: i64::try_from(evaluated).unwrap_or(i64::MAX), ..Tally::default() };
        for (key, count) in keys.known.iter().zip(&self.by_key).filter(|(_, count)| **count > 0) {
            let (total, by_text) = match key.stage {
                Stage::Excluded => continue,
                Stage::Filtered => (&mut tally.filtered, &mut tally.constraint_filtered),
                Stage::Exhausted => (&mut tally.exhausted, &mut tally.dimension_exhausted),
            };
            *total += count;
            *by_text.entry(key.text.clone()).or_default() += count;
        }
        tally.class_filtered = by_name(&self.filtered_by_class, cluster);
        tally.class_exhausted = by_name(&self.exhausted_by_class, cluster);
        tally
    }
}

/// Nodes without a class are not counted by class.
fn by_name(counts: &[i64], cluster: &Cluster) -> Map<i64> {
    let named = cluster.classes.iter().zip(counts);
    named
        .filter(|(class, count)| !class.is_empty() && **count > 0)
        .map(|(class, count)| (class.clone(), *count))
        .collect()
}

fn slot(counts: &mut Vec<i64>, at: usize) -> &mut i64 {
    if counts.len() <= at {
        counts.resize(at + 1, 0);
    }
    &mut counts[at]
}
