//! Whatever is planned: the judge finds nothing wrong with it, a failure has a reason for every node, and the same
//! question gets the same answer, whole or piece by piece.

use proptest::prelude::*;
use steppe_planner::plan::{Outcome, Plan, check};
use steppe_planner::snapshot::Snapshot;
use steppe_planner::{PlanOptions, api, outline, plan};

use crate::generate::{Dice, lived_in, rows, snapshot, some_job};

fn situation(row: &[u8]) -> (api::Job, Snapshot, PlanOptions) {
    let dice = &mut Dice::new(row);
    let document = lived_in(dice);
    let job = some_job(dice, &document);
    let snapshot = snapshot(&document);
    let options = PlanOptions { stop: dice.one_in(8), ..PlanOptions::default() };
    (job, snapshot, options)
}

fn is_system(made: &Plan) -> bool {
    matches!(made.job_type.as_str(), "system" | "sysbatch")
}

/// True if the group is on the node once the plan is carried out.
fn runs(made: &Plan, snapshot: &Snapshot, group: &str, node: &str) -> bool {
    let placed = made.placements.iter().any(|p| p.group == group && p.node_id == node);
    placed
        || snapshot.cluster().allocations().any(|(_, alloc)| {
            let stays = !made.stops.iter().any(|stop| stop.alloc_id == alloc.id);
            let own = alloc.common.job_id == made.job_id && alloc.common.group == group;
            own && stays && *alloc.node_id == *node
        })
}

proptest! {
    #![proptest_config(crate::cases(500))]

    #[test]
    fn the_judge_finds_nothing(row in rows()) {
        let (job, snapshot, options) = situation(&row);
        let made = plan(&job, &snapshot, &options);
        prop_assert_eq!(check(&made, &snapshot, &job), Vec::<String>::new());
    }

    #[test]
    fn a_failure_has_a_reason_for_every_node(row in rows()) {
        let (job, snapshot, options) = situation(&row);
        let made = plan(&job, &snapshot, &options);
        for name in made.failed_groups.keys() {
            let report = made.groups.iter().find(|g| g.name == *name).expect("a report");
            prop_assert_eq!(report.nodes.len(), snapshot.cluster().nodes.len());
            for node in &report.nodes {
                // A group of a system job fails on one node and runs on the next.
                if is_system(&made) && node.outcome == Outcome::Feasible {
                    prop_assert!(runs(&made, &snapshot, name, &node.node_id), "{}", node.node_name);
                    continue;
                }
                prop_assert!(!node.failures.is_empty(), "{} has no reason", node.node_name);
            }
        }
    }

    #[test]
    fn the_same_question_gets_the_same_bytes(row in rows()) {
        let (job, snapshot, options) = situation(&row);
        let bytes = |made: &Plan| serde_json::to_string(made).expect("a plan is JSON");
        let made = plan(&job, &snapshot, &options);
        let again = plan(&job, &snapshot, &options);
        prop_assert_eq!(bytes(&made), bytes(&again));
        // Another snapshot of the same, planned by somebody else.
        let (job, snapshot, options) = situation(&row);
        prop_assert_eq!(bytes(&made), bytes(&plan(&job, &snapshot, &options)));
    }

    #[test]
    fn the_pieces_are_those_of_the_whole(row in rows()) {
        let (job, snapshot, options) = situation(&row);
        let whole = plan(&job, &snapshot, &options);
        let pieces = outline(&job, &snapshot, &options);
        prop_assert_eq!(pieces.placements(), whole.placements.len());
        // Last ones first: one piece does not wait for another.
        for (place, placement) in whole.placements.iter().enumerate().rev() {
            prop_assert_eq!(&pieces.placement(place), placement);
        }
        let summaries = pieces.groups();
        prop_assert_eq!(summaries.len(), whole.groups.len());
        for (at, (summary, report)) in summaries.iter().zip(&whole.groups).enumerate() {
            let counts = |g: &steppe_planner::plan::GroupReport| {
                (g.name.clone(), g.feasible, g.filtered, g.exhausted, g.excluded)
            };
            prop_assert_eq!(counts(summary), counts(report));
            let all = pieces.nearest(at, report.nodes.len());
            let mut seen = all.clone();
            seen.sort_unstable();
            prop_assert!(seen.iter().copied().eq(0..u32::try_from(report.nodes.len()).unwrap()));
            prop_assert_eq!(&pieces.nearest(at, 3)[..], &all[..all.len().min(3)]);
            for node in all {
                prop_assert_eq!(&pieces.verdict(at, node), &report.nodes[node as usize]);
            }
        }
        let head = pieces.head();
        prop_assert_eq!(&head.digest, &whole.digest);
        let of_head = Plan { placements: Vec::new(), groups: Vec::new(), ..whole };
        prop_assert_eq!(head, of_head);
    }
}
