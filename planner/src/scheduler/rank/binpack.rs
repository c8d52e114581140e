//! How well a node is filled: packing prefers full nodes, spreading prefers empty ones.

use crate::model::Usage;

/// The cluster's placement algorithm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Algorithm {
    #[default]
    Binpack,
    Spread,
}

/// The best raw score; both algorithms are scaled by it.
const BEST: f64 = 18.0;

/// The score of a node with `used` in use, the new allocation included.
pub fn binpack(used: Usage, capacity: Usage, algorithm: Algorithm) -> f64 {
    let free = |used: i64, total: i64| 1.0 - used as f64 / total as f64;
    let total = libm::pow(10.0, free(used.cpu, capacity.cpu))
        + libm::pow(10.0, free(used.memory, capacity.memory));
    let raw = match algorithm {
        Algorithm::Binpack => 20.0 - total,
        Algorithm::Spread => total - 2.0,
    };
    raw.clamp(0.0, BEST) / BEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_nodes_win_when_packing() {
        let capacity = Usage { cpu: 4000, memory: 8192, disk: 0 };
        let some = Usage { cpu: 500, memory: 256, disk: 0 };
        let more = Usage { cpu: 1000, memory: 512, disk: 0 };
        let score = |used, algorithm| binpack(used, capacity, algorithm);
        assert!((score(some, Algorithm::Binpack) - 0.17751874985435853).abs() < 1e-9);
        assert!(score(more, Algorithm::Binpack) > score(some, Algorithm::Binpack));
        assert!(score(more, Algorithm::Spread) < score(some, Algorithm::Spread));
    }
}
