//! How many more allocations of a group would fit.

use crate::api;
use crate::scheduler::{PlanOptions, Room, outline};
use crate::snapshot::Snapshot;

/// How many more fit, at most `limit`: with so many more the group is placed completely and no other group less than
/// now; with one more that is not so. The nodes' answers to that one are written, at most `rows` of them; if it is the other
/// groups that would suffer, their names.
pub fn headroom(
    job: &api::Job,
    snapshot: &Snapshot,
    group: usize,
    limit: u64,
    rows: usize,
) -> Room {
    let options = PlanOptions::default();
    let planned = outline(job, snapshot, &options);
    let name = &job.task_groups[group].name;
    let room = planned.more(group, None, limit, rows);
    if planned.unplaced_of(name) > 0 {
        return Room { more: 0, at_least: false, ..room };
    }
    // Placing goes on from the plan; planning the larger count places the group before those behind it, and may end
    // otherwise. What is promised is what the plan does.
    let waiting = planned.unplaced();
    let with = |more: u64| {
        let mut larger = job.clone();
        let count = &mut larger.task_groups[group].count;
        *count = Some(count.unwrap_or(1).saturating_add(i64::try_from(more).unwrap_or(i64::MAX)));
        larger
    };
    let fits = |more: u64| {
        let larger = with(more);
        let planned = outline(&larger, snapshot, &options);
        planned.unplaced_of(name) == 0 && planned.unplaced() <= waiting
    };
    let (mut low, mut high) = (0, room.more);
    if room.more == 0 || fits(room.more) {
        low = room.more;
        // Rarely the plan fits more: look as far as it does, in growing steps.
        let mut step = 1;
        while low + step <= limit && fits(low + step) {
            low += step;
            step *= 2;
        }
        high = low + step;
    }
    while high - low > 1 && low < limit {
        let middle = low + (high - low) / 2;
        if fits(middle) { low = middle } else { high = middle }
    }
    if low >= limit {
        return Room { more: low, at_least: true, ..room };
    }
    let larger = with(low + 1);
    let beyond = outline(&larger, snapshot, &options);
    if beyond.unplaced_of(name) > 0 {
        return Room { more: low, at_least: false, ..room };
    }
    let others = job.task_groups.iter().map(|group| &group.name);
    let loses = |other: &&String| beyond.unplaced_of(other) > planned.unplaced_of(other);
    let displaces = others.filter(loses).cloned().collect();
    Room { more: low, at_least: false, next: Vec::new(), displaces }
}
