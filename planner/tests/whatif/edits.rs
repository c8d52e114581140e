//! An edited snapshot plans as the changed documents do.

use proptest::prelude::*;
use steppe_planner::plan::{apply, carry_out};
use steppe_planner::snapshot::{Document, Snapshot};
use steppe_planner::whatif::{Edit, EditKind, what_if};
use steppe_planner::{PlanOptions, api, plan};

use crate::cluster::{JobSeed, document, job, jobs, nodes, snapshot};

fn edit(kind: EditKind, node: &str) -> Edit {
    Edit { kind, node: node.to_owned(), count: 1, ..Edit::default() }
}

fn digest(job: &api::Job, snapshot: &Snapshot) -> String {
    plan(job, snapshot, &PlanOptions::default()).digest
}

/// The same edit on the documents.
fn change(document: &mut Document, edit: &Edit) {
    match edit.kind {
        EditKind::Drain => {
            let node = document.nodes.iter_mut().find(|n| n.name == edit.node).expect("the node");
            node.drain = true;
            node.scheduling_eligibility = "ineligible".to_owned();
            let moved = document.allocations.iter_mut().filter(|a| a.node_id == node.id);
            for alloc in moved.filter(|a| a.client_status == "running") {
                alloc.desired_transition =
                    Some(api::DesiredTransition { migrate: Some(true), ..Default::default() });
            }
        }
        EditKind::Remove => document.nodes.retain(|node| node.name != edit.node),
        EditKind::Clone => {
            let node = document.nodes.iter().find(|n| n.name == edit.node).expect("the node");
            let mut node = node.clone();
            node.name = format!("{}-2", node.name);
            node.id.clone_from(&node.name);
            node.attributes.insert("unique.hostname".to_owned(), node.name.clone());
            document.nodes.push(node);
            document.nodes.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        }
        EditKind::Resize => {
            let node = document.nodes.iter_mut().find(|n| n.name == edit.node).expect("the node");
            let resources = node.node_resources.as_mut().expect("resources");
            resources.memory.memory_mb = edit.memory.expect("a size");
        }
        EditKind::Enable => {
            let node = document.nodes.iter_mut().find(|n| n.name == edit.node).expect("the node");
            node.drain = false;
            node.scheduling_eligibility = "eligible".to_owned();
            let staying = document.allocations.iter_mut().filter(|a| a.node_id == node.id);
            staying.for_each(|alloc| alloc.desired_transition = None);
        }
        EditKind::Count => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_what_if_equals_the_plan_on_the_changed_cluster(
        nodes in nodes(), jobs in jobs(), which in 0usize..6, kind in 0usize..5, new in any::<JobSeed>(),
    ) {
        let mut changed = document(&nodes, &jobs);
        let kind = [EditKind::Drain, EditKind::Remove, EditKind::Clone, EditKind::Resize, EditKind::Enable][kind];
        if kind == EditKind::Enable {
            change(&mut changed, &edit(EditKind::Drain, &format!("n{}", which % nodes.len() + 1)));
        }
        let before = snapshot(&changed);
        let edit = Edit { memory: (kind == EditKind::Resize).then_some(512), ..edit(kind, &format!("n{}", which % nodes.len() + 1)) };
        let answer = what_if(&before, std::slice::from_ref(&edit), None).expect("the node is there");
        change(&mut changed, &edit);
        // What follows for the jobs, by priority, each on what the ones before it have left.
        let mut order = changed.jobs.clone();
        order.sort_by_key(|j| (std::cmp::Reverse(j.priority), j.id.clone()));
        for job in &order {
            let made = plan(job, &snapshot(&changed), &PlanOptions::default());
            let quiet = made.placements.is_empty() && made.stops.is_empty() && made.failed_groups.is_empty();
            let anyway = made.digest == digest(job, &before);
            let told = answer.consequences.iter().find(|c| Some(&c.job_id) == job.id.as_ref());
            prop_assert_eq!(told.is_some(), !quiet && !anyway);
            if let Some(told) = told {
                prop_assert_eq!(told.moves.iter().filter(|m| !m.to.is_empty()).count(), made.placements.len());
                apply(&mut changed, job, &made);
            }
        }
        let new = job("new", new);
        prop_assert_eq!(digest(&new, &answer.snapshot), digest(&new, &snapshot(&changed)));
    }

    #[test]
    fn a_plan_carried_out_leaves_what_the_documents_have(nodes in nodes(), jobs in jobs(), seeds in jobs()) {
        let mut document = document(&nodes, &jobs);
        let mut compiled = snapshot(&document);
        for seed in seeds {
            let job = job("job0", seed);
            let made = plan(&job, &compiled, &PlanOptions::default());
            carry_out(&mut compiled, &job, &made);
            apply(&mut document, &job, &made);
            let whole = snapshot(&document);
            prop_assert_eq!(digest(&job, &compiled), digest(&job, &whole));
            for id in ["job1", "other"] {
                prop_assert_eq!(digest(&crate::cluster::job(id, seed), &compiled), digest(&crate::cluster::job(id, seed), &whole));
            }
        }
    }
}

#[test]
fn what_stands_on_a_drained_node_moves_and_what_finds_no_place_waits() {
    // Two allocations of 224 MB, one on each node; the other node has room for one of them.
    let document = document(&[(4, false), (4, false)], &[(2, 192, true, false, 50)]);
    let before = snapshot(&document);
    let answer = what_if(&before, &[edit(EditKind::Drain, "n1")], None).expect("a node");
    let told = &answer.consequences[0];
    assert_eq!(told.job_id, "job0");
    assert_eq!((told.waiting[0].group.as_str(), told.waiting[0].count), ("g", 1));
    assert!(told.waiting[0].why.contains("3306"), "{}", told.waiting[0].why);

    let more = Edit { memory: Some(4096), ..edit(EditKind::Clone, "n2") };
    let answer = what_if(&before, &[more, edit(EditKind::Drain, "n1")], None).expect("a node");
    let moved = &answer.consequences[0].moves[0];
    assert_eq!((moved.from.as_str(), moved.to.as_str()), ("n1", "n2-2"));
}

#[test]
fn another_count_of_a_registered_job_is_planned() {
    let before = snapshot(&document(&[(20, false)], &[(1, 10, false, false, 50)]));
    let count = |count, group: &str| Edit {
        kind: EditKind::Count,
        job: "job0".to_owned(),
        group: group.to_owned(),
        count,
        ..Edit::default()
    };
    let answer = what_if(&before, &[count(3, "g")], None).expect("a job");
    assert_eq!(answer.consequences[0].moves.len(), 2);
    let wrong = what_if(&before, &[count(3, "gg")], None).expect_err("no such group");
    assert_eq!(wrong, "there is no group \"gg\"; did you mean \"g\"?");
}

#[test]
fn what_does_not_exist_is_told() {
    let before = snapshot(&document(&[(20, false), (20, false)], &[]));
    let wrong = what_if(&before, &[edit(EditKind::Drain, "n3")], None).expect_err("no such node");
    assert!(wrong.starts_with("there is no node \"n3\"; did you mean"), "{wrong}");
}
