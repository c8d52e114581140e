//! With headroom n, n more fit and n + 1 do not.

use proptest::prelude::*;
use steppe_planner::whatif::headroom;
use steppe_planner::{PlanOptions, api, outline};

use crate::cluster::{JobSeed, document, job, jobs, nodes, snapshot};

/// A job of two groups, which are in each other's way.
fn two_groups(first: JobSeed, second: JobSeed) -> api::Job {
    let mut both = job("new", first);
    let mut other = job("new", second).task_groups.remove(0);
    other.name = "h".to_owned();
    both.task_groups.push(other);
    both
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn so_many_more_fit_and_no_more(
        nodes in nodes(), jobs in jobs(), first in any::<JobSeed>(), second in any::<JobSeed>(), which in 0usize..2,
    ) {
        let snapshot = snapshot(&document(&nodes, &jobs));
        let job = two_groups(first, second);
        let name = job.task_groups[which].name.clone();
        let waiting = |more: u64| {
            let mut larger = job.clone();
            let count = &mut larger.task_groups[which].count;
            *count = count.map(|count| count + i64::try_from(more).unwrap());
            let planned = outline(&larger, &snapshot, &PlanOptions::default());
            (planned.unplaced_of(&name), planned.unplaced())
        };
        let room = headroom(&job, &snapshot, which, 60, 3);
        let (own, all) = waiting(0);
        if own > 0 {
            prop_assert_eq!(room.more, 0);
            return Ok(());
        }
        let fits = |more: u64| waiting(more).0 == 0 && waiting(more).1 <= all;
        prop_assert!(fits(room.more));
        if !room.at_least {
            prop_assert!(!fits(room.more + 1));
            // Nothing is in its own way where the other group would lose its place.
            let own_way = waiting(room.more + 1).0 > 0;
            prop_assert_eq!(own_way, !room.next.is_empty());
            prop_assert_eq!(own_way, room.displaces.is_empty());
        }
    }
}

#[test]
fn what_limits_is_told() {
    let snapshot = snapshot(&document(&[(12, false), (4, false)], &[]));
    let room = headroom(&job("new", (1, 68, false, false, 0)), &snapshot, 0, 100, 5);
    // 960 and 448 MB for allocations of 100 MB, one of which is asked for already.
    assert_eq!((room.more, room.at_least), (12, false));
    assert_eq!(room.next.len(), 2);
    assert!(room.next.iter().all(|node| node.failures.len() == 1));
}
