//! Amounts of cpu, memory and disk, and how the tasks of an allocation add up to them.

use crate::semantics::{Rule, Semantics};

/// Countable resources: MHz, MiB, MiB. Sums stop at the largest number, which no node has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pub cpu: i64,
    pub memory: i64,
    pub disk: i64,
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Usage) {
        self.cpu = self.cpu.saturating_add(other.cpu);
        self.memory = self.memory.saturating_add(other.memory);
        self.disk = self.disk.saturating_add(other.disk);
    }
}

impl std::ops::SubAssign for Usage {
    fn sub_assign(&mut self, other: Usage) {
        self.cpu = self.cpu.saturating_sub(other.cpu);
        self.memory = self.memory.saturating_sub(other.memory);
        self.disk = self.disk.saturating_sub(other.disk);
    }
}

/// When a task runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    #[default]
    Main,
    Prestart,
    PrestartSidecar,
    Poststart,
    Poststop,
}

impl Phase {
    /// The phase of a lifecycle block.
    pub fn of(hook: &str, sidecar: bool) -> Phase {
        match (hook, sidecar) {
            ("prestart", true) => Phase::PrestartSidecar,
            ("prestart", false) => Phase::Prestart,
            ("poststart", _) => Phase::Poststart,
            ("poststop", _) => Phase::Poststop,
            _ => Phase::Main,
        }
    }
}

/// The most the tasks of one allocation need at any moment; not every task runs at the same time. Since poststart tasks
/// count, sidecars end before poststop tasks begin; before, they ran beside everything.
pub fn flatten(
    tasks: impl Iterator<Item = (Phase, i64, i64)>,
    disk: i64,
    semantics: Semantics,
) -> Usage {
    let (mut main, mut sidecar, mut before, mut after) =
        (Usage::default(), Usage::default(), Usage::default(), Usage::default());
    for (phase, cpu, memory) in tasks {
        let task = Usage { cpu, memory, disk: 0 };
        match phase {
            Phase::Main => main += task,
            Phase::PrestartSidecar => sidecar += task,
            Phase::Prestart => before += task,
            Phase::Poststop => after += task,
            Phase::Poststart if semantics.has(Rule::PoststartCounts) => main += task,
            Phase::Poststart => {}
        }
    }
    before += sidecar;
    main += sidecar;
    if !semantics.has(Rule::PoststartCounts) {
        after += sidecar;
    }
    Usage {
        cpu: before.cpu.max(main.cpu).max(after.cpu),
        memory: before.memory.max(main.memory).max(after.memory),
        disk,
    }
}

/// Parses `22,80,8000-8100`; unreadable parts are left out.
pub fn port_ranges(text: &str) -> Vec<(i64, i64)> {
    text.split(',')
        .filter_map(|part| {
            let (low, high) = part.split_once('-').unwrap_or((part, part));
            Some((low.trim().parse().ok()?, high.trim().parse().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_stop_at_the_largest_number() {
        let tasks = [(Phase::Main, i64::MAX, 1), (Phase::PrestartSidecar, i64::MAX, 2)];
        let usage = flatten(tasks.into_iter(), i64::MAX, Semantics::of("2.0"));
        let mut sum = usage;
        sum += usage;
        assert_eq!(sum, Usage { cpu: i64::MAX, memory: 6, disk: i64::MAX });
    }
}
