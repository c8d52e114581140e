//! Where a group should run: one file a score, and their mean.

mod affinity;
mod anti_affinity;
mod binpack;
mod spread;

pub use affinity::Affinities;
pub use anti_affinity::anti_affinity;
pub use binpack::{Algorithm, binpack};
pub use spread::{SpreadScores, places};

/// The parts of a node's score, which is their mean. What is absent takes no part in it, nor does what is 0 except the fit
/// (and since 1.10.2 the affinity, where there are any).
///
/// Nomad: <https://developer.hashicorp.com/nomad/docs/concepts/scheduling/placement>
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// The fit, 0 to 1. With cpu and memory as the free shares of the node once the allocation is there, and
    /// t = 10^cpu + 10^memory: (20 - t) / 18 where nodes are to be packed, (t - 2) / 18 where load is to be spread.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/api-docs/operator/scheduler#scheduleralgorithm>
    pub binpack: f64,
    /// Matching weights / magnitudes of all weights, over the affinities of the devices asked for; absent without any.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/device#affinity>
    pub devices: Option<f64>,
    /// `job-anti-affinity`: with c allocations of the group on the node already, -(c + 1) / count; 0 without any.
    pub anti_affinity: f64,
    /// `node-reschedule-penalty`: -1 on nodes where the allocation, or one before it, has failed.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/reschedule>
    pub penalty: bool,
    /// Matching weights / magnitudes of all weights, over the affinities of job, group and tasks; -1 to 1.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/affinity>
    pub affinity: f64,
    /// Affinity takes part although it is 0.
    pub affinity_counts: bool,
    /// The sum over all spreads. With targets, and d allocations desired on the node's value of which u are there:
    /// (d - (u + 1)) / d, times the spread's share of all weights; -1 for a value that should get none. Without targets,
    /// where the least used value has a allocations and the most used one b: (a - u) / a for a value with more than the
    /// least, (b - a) / a for the least used one, -1 where all are equal. -1 without a value.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/spread>
    pub spread: f64,
    /// 1 / (1 + e^(0.0048 (n - 2048))) with n = max + sum / max over the priorities of those that must go.
    ///
    /// Nomad: <https://developer.hashicorp.com/nomad/docs/concepts/scheduling/preemption>
    pub preemption: Option<f64>,
    /// System jobs know only the fit.
    pub fit_only: bool,
}

impl Score {
    /// The mean of the parts.
    pub fn mean(&self) -> f64 {
        let (sum, parts) = self.sum();
        sum / f64::from(parts)
    }

    /// The sum of the parts, and how many there are.
    pub fn sum(&self) -> (f64, u8) {
        let mut sum = self.binpack;
        let mut parts = 1;
        let mut add = |value: f64| {
            sum += value;
            parts += 1;
        };
        if let Some(devices) = self.devices {
            add(devices);
        }
        if self.anti_affinity != 0.0 {
            add(self.anti_affinity);
        }
        if self.penalty {
            add(-1.0);
        }
        if self.affinity != 0.0 || self.affinity_counts {
            add(self.affinity);
        }
        if self.spread != 0.0 {
            add(self.spread);
        }
        if let Some(preemption) = self.preemption {
            add(preemption);
        }
        (sum, parts)
    }

    /// The parts under Nomad's names, with the zeros it lists.
    pub fn parts(&self) -> Vec<(&'static str, f64)> {
        let mut parts = vec![("binpack", self.binpack)];
        parts.extend(self.devices.map(|d| ("devices", d)));
        if !self.fit_only {
            parts.push(("job-anti-affinity", self.anti_affinity));
            parts.push(("node-reschedule-penalty", if self.penalty { -1.0 } else { 0.0 }));
            parts.push(("node-affinity", self.affinity));
        }
        if self.spread != 0.0 {
            parts.push(("allocation-spread", self.spread));
        }
        parts.extend(self.preemption.map(|p| ("preemption", p)));
        parts
    }
}
