//! Where a group should run: one file a score, and their mean.

mod affinity;
mod anti_affinity;
mod binpack;
mod spread;

pub use affinity::Affinities;
pub use anti_affinity::anti_affinity;
pub use binpack::{Algorithm, binpack};
pub use spread::{Places, SpreadScores};

/// The parts of a node's score. What is absent takes no part in the mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    pub binpack: f64,
    pub devices: Option<f64>,
    pub anti_affinity: f64,
    pub penalty: bool,
    pub affinity: f64,
    /// Affinity takes part although it is 0.
    pub affinity_counts: bool,
    pub spread: f64,
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
