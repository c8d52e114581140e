//! The order in which nodes and allocations arrive decides ties and nothing else; a node that nobody uses and nobody
//! chose might as well not be there.

use std::collections::BTreeSet;

use proptest::prelude::*;
use steppe_planner::plan::{NodeVerdict, Plan};
use steppe_planner::snapshot::Document;
use steppe_planner::{PlanOptions, plan, scheduler};

use crate::generate::{Dice, has_limited_properties, lived_in, rows, snapshot, some_job};

fn shuffle<T>(dice: &mut Dice<'_>, list: &mut [T]) {
    for place in (1..list.len()).rev() {
        list.swap(place, dice.below((place + 1).min(256)));
    }
}

/// Verdicts by node. Who holds a port on a shared machine is told in the order of its holders.
fn by_node(verdicts: Vec<NodeVerdict>) -> Vec<NodeVerdict> {
    let mut verdicts = verdicts;
    verdicts.sort_by(|a, b| a.node_id.cmp(&b.node_id));
    verdicts
}

/// True if two nodes were equally good for some placement.
fn has_ties(made: &Plan) -> bool {
    made.placements.iter().any(|placement| {
        let scores = &placement.metrics.score_meta_data;
        matches!(&scores[..], [first, second, ..] if first.norm_score == second.norm_score)
    })
}

/// Who goes where, with what. System jobs take their nodes in order, so the order of the list is left out.
fn places(made: &Plan) -> BTreeSet<String> {
    let place = |p: &steppe_planner::plan::Placement| {
        let given = serde_json::to_string(&(&p.resources, &p.volumes)).expect("JSON");
        format!("{} {} {:?} {given}", p.name, p.node_id, p.preempted)
    };
    made.placements.iter().map(place).collect()
}

fn without(document: &Document, node: &str) -> Document {
    let mut document = document.clone();
    document.nodes.retain(|n| n.id != node);
    document
}

proptest! {
    #![proptest_config(crate::cases(500))]

    #[test]
    fn allocations_may_come_in_any_order(row in rows()) {
        let dice = &mut Dice::new(&row);
        let document = lived_in(dice);
        let job = some_job(dice, &document);
        let mut shuffled = document.clone();
        shuffle(dice, &mut shuffled.allocations);
        shuffle(dice, &mut shuffled.hosts);
        let options = PlanOptions::default();
        let (made, other) =
            (plan(&job, &snapshot(&document), &options), plan(&job, &snapshot(&shuffled), &options));
        prop_assert_eq!(made, other);
    }

    #[test]
    fn the_order_of_nodes_decides_ties_only(row in rows()) {
        let dice = &mut Dice::new(&row);
        let document = lived_in(dice);
        let job = some_job(dice, &document);
        let mut shuffled = document.clone();
        shuffle(dice, &mut shuffled.nodes);
        let (first, second) = (snapshot(&document), snapshot(&shuffled));
        let pairs = scheduler::verdicts(&job, &first).into_iter().zip(scheduler::verdicts(&job, &second));
        for (one, other) in pairs {
            prop_assert_eq!(by_node(one.nodes), by_node(other.nodes));
        }
        let options = PlanOptions::default();
        let (made, other) = (plan(&job, &first, &options), plan(&job, &second, &options));
        // The first choice is as good in any order.
        let score = |made: &Plan| made.placements.first().map(|p| p.score);
        let system = matches!(made.job_type.as_str(), "system" | "sysbatch");
        if !system {
            prop_assert_eq!(score(&made), score(&other));
        }
        // The nodes of a system job come in order, and what one takes of a shared machine or a property the next lacks.
        let contested = system && (!document.hosts.is_empty() || has_limited_properties(&job));
        if !contested && !has_ties(&made) && !has_ties(&other) {
            prop_assert_eq!(places(&made), places(&other));
        }
    }

    #[test]
    fn an_unused_node_that_is_not_chosen_changes_nothing(row in rows()) {
        let dice = &mut Dice::new(&row);
        let document = lived_in(dice);
        let job = some_job(dice, &document);
        let options = PlanOptions::default();
        let made = plan(&job, &snapshot(&document), &options);
        let used: BTreeSet<&str> = document
            .allocations
            .iter()
            .map(|a| a.node_id.as_str())
            .chain(made.placements.iter().map(|p| p.node_id.as_str()))
            .collect();
        for node in document.nodes.iter().filter(|n| !used.contains(n.id.as_str())) {
            let other = plan(&job, &snapshot(&without(&document, &node.id)), &options);
            prop_assert_eq!(places(&made), places(&other));
        }
    }
}
