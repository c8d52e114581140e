//! Wishes about the node, by weight.

use crate::model::{Group, Node};
use crate::snapshot::Cluster;

/// The sum of the matching weights over the sum of all magnitudes.
pub fn affinity(group: &Group, node: &Node, cluster: &Cluster) -> f64 {
    let total: f64 = group.affinities.iter().map(|a| a.weight.unsigned_abs() as f64).sum();
    if total == 0.0 {
        return 0.0;
    }
    let matching = group
        .affinities
        .iter()
        .filter(|a| a.condition.holds(node, &cluster.symbols, cluster.semantics))
        .map(|a| a.weight as f64);
    matching.sum::<f64>() / total
}
