//! Wishes about the node, by weight.

use crate::scheduler::ask::Ask;
use crate::scheduler::condition::Condition;
use crate::snapshot::Cluster;

/// The affinities of a group, ready to be put to one node after another.
#[derive(Clone, Debug)]
pub struct Affinities {
    conditions: Vec<Condition>,
    /// The sum of all magnitudes.
    total: f64,
}

impl Affinities {
    /// Gets everything ready.
    pub fn new(ask: &Ask<'_>, cluster: &Cluster) -> Affinities {
        let wishes = &ask.group.affinities;
        Affinities {
            conditions: wishes.iter().map(|a| Condition::new(&a.condition, cluster)).collect(),
            total: wishes.iter().map(|a| a.weight.unsigned_abs() as f64).sum(),
        }
    }

    /// The sum of the matching weights over the sum of all magnitudes.
    pub fn score(&mut self, ask: &Ask<'_>, number: u32, cluster: &Cluster) -> f64 {
        if self.total == 0.0 {
            return 0.0;
        }
        let wishes = ask.group.affinities.iter().zip(&mut self.conditions);
        let matching = wishes.map(|(wish, condition)| {
            if condition.holds(&wish.condition, number, cluster) { wish.weight as f64 } else { 0.0 }
        });
        matching.sum::<f64>() / self.total
    }
}
