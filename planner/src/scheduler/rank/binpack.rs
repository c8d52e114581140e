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
    let total = power_of_ten(free(used.cpu, capacity.cpu))
        + power_of_ten(free(used.memory, capacity.memory));
    let raw = match algorithm {
        Algorithm::Binpack => 20.0 - total,
        Algorithm::Spread => total - 2.0,
    };
    raw.clamp(0.0, BEST) / BEST
}

/// Ten to a small power, exact to the last digits and the same on every machine: this is asked twice for every node of
/// every plan, and the general function takes ten times as long.
fn power_of_ten(exponent: f64) -> f64 {
    /// Two to the power of n / 8.
    const EIGHTHS: [f64; 8] = [
        1.0,
        1.090_507_732_665_257_7,
        1.189_207_115_002_721,
        1.296_839_554_651_009_6,
        std::f64::consts::SQRT_2,
        1.542_210_825_407_940_7,
        1.681_792_830_507_429,
        1.834_008_086_409_342_4,
    ];
    if !(-300.0..=300.0).contains(&exponent) {
        return libm::pow(10.0, exponent);
    }
    let eighths = libm::floor(exponent * std::f64::consts::LOG2_10 * 8.0 + 0.5);
    // What is left is at most ln(2) / 16 as a power of e: a short series suffices.
    let rest = (exponent * std::f64::consts::LOG2_10 - eighths / 8.0) * std::f64::consts::LN_2;
    let mut series = 1.0;
    for divisor in [9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0] {
        series = 1.0 + series * rest / divisor;
    }
    let eighths = eighths as i64;
    let scale = f64::from_bits(u64::try_from(eighths.div_euclid(8) + 1023).unwrap_or(0) << 52);
    let step = usize::try_from(eighths.rem_euclid(8)).unwrap_or(0);
    series * EIGHTHS[step] * scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_ten_are_exact() {
        for thousandths in -5_000..=1_000 {
            let exponent = f64::from(thousandths) / 1_000.0;
            let (ours, exact) = (power_of_ten(exponent), libm::pow(10.0, exponent));
            assert!((ours - exact).abs() <= exact * 4e-15, "10^{exponent}: {ours} {exact}");
        }
        assert_eq!(power_of_ten(f64::NEG_INFINITY), 0.0);
        assert!(power_of_ten(f64::NAN).is_nan());
    }

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
