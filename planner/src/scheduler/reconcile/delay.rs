//! Evaluations to come: what is due at about the same time shares one.

use super::State;

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Another attempt of what failed.
    Reschedule,
    /// The return of a node.
    Disconnect,
}

/// Times within this window of the first share its evaluation.
const BATCH: i64 = 5_000_000_000;
/// Nomad's default kill timeout, the least that a lost task is given.
const KILL_TIMEOUT: i64 = 5_000_000_000;

impl State<'_, '_> {
    /// Makes evaluations for the times; answers which one each allocation waits for.
    pub(super) fn delay(&mut self, mut times: Vec<(u32, i64)>, kind: Kind) -> Vec<(u32, usize)> {
        times.sort_by_key(|(number, time)| (*time, *number));
        let mut waiting = Vec::new();
        let mut first: Option<i64> = None;
        for (number, time) in times {
            if first.is_none_or(|f| time - f >= BATCH) {
                first = Some(time);
                self.out.delayed.push((time, kind));
            }
            waiting.push((number, self.out.delayed.len() - 1));
        }
        waiting
    }

    /// Lost allocations whose replacement waits until their client has stopped them.
    pub(super) fn lost_later(&self, lost: impl Iterator<Item = u32>) -> Vec<(u32, i64)> {
        lost.filter_map(|number| {
            let alloc = self.alloc(number);
            let job = self.inputs.versions.get(&alloc.common.version).unwrap_or(self.inputs.job);
            let group = job.group(&alloc.common.group)?;
            if group.stop_after_disconnect <= 0 {
                return None;
            }
            let kill = group.tasks.iter().map(|t| t.kill_timeout).max().unwrap_or(0);
            let time =
                self.inputs.cluster.now + group.stop_after_disconnect + kill.max(KILL_TIMEOUT);
            Some((number, time))
        })
        .collect()
    }
}
