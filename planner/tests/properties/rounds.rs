//! Planning and carrying out come to rest: an update in as many rounds as `max_parallel` implies, everything else soon.

use proptest::prelude::*;
use steppe_planner::plan::{Plan, apply};
use steppe_planner::semantics::{Rule, Semantics};
use steppe_planner::snapshot::Document;
use steppe_planner::{PlanOptions, api, plan};

use crate::generate::{
    Dice, cluster, has_limited_properties, job, lived_in, rows, snapshot, some_job,
};

/// More rounds than any update of the generated jobs takes.
const ROUNDS_MAX: usize = 15;

/// True if carrying the plan out changes anything.
fn changes(made: &Plan) -> bool {
    made.spec_changed
        || !made.placements.is_empty()
        || !made.stops.is_empty()
        || !made.in_place.is_empty()
        || made.deployment.is_some()
        || !made.deployment_updates.is_empty()
}

/// Plans and carries out until there is nothing left to do; answers the plans that did something.
fn settle(document: &mut Document, job: &api::Job) -> Vec<Plan> {
    let mut rounds = Vec::new();
    while rounds.len() < ROUNDS_MAX {
        let made = plan(job, &snapshot(document), &PlanOptions::default());
        if !changes(&made) {
            break;
        }
        apply(document, job, &made);
        rounds.push(made);
    }
    rounds
}

/// The same job with other images: every allocation must be replaced.
fn changed(job: &api::Job) -> api::Job {
    let mut job = job.clone();
    for task in job.task_groups.iter_mut().flat_map(|group| &mut group.tasks) {
        task.config.insert("image".to_owned(), api::Value::from("another"));
    }
    job
}

/// How many rounds the replacing of a job's allocations takes, by its groups' update blocks.
fn implied(job: &api::Job, document: &Document) -> usize {
    let live = |group: &api::TaskGroup| {
        let own = document.allocations.iter().filter(|a| Some(&a.job_id) == job.id.as_ref());
        own.filter(|a| a.task_group == group.name && a.desired_status == "run").count()
    };
    let at_once = |update: Option<&api::UpdateStrategy>| {
        let parallel = update.and_then(|update| update.max_parallel).unwrap_or(0);
        usize::try_from(parallel).ok().filter(|parallel| *parallel > 0).unwrap_or(usize::MAX)
    };
    let by_group = Semantics::of(&document.profile).has(Rule::SystemDeployments);
    match job.kind.as_deref() {
        // One limit for all groups together.
        Some("system" | "sysbatch") if !by_group => {
            let all: usize = job.task_groups.iter().map(live).sum();
            all.div_ceil(at_once(job.update.as_ref().filter(|u| u.stagger.unwrap_or(0) > 0)))
        }
        kind => {
            // A group of a system job that says nothing of its own goes at the job's pace.
            let of_job = job.update.as_ref().filter(|_| kind == Some("system"));
            let pace = |g: &api::TaskGroup| match at_once(g.update.as_ref()) {
                usize::MAX => at_once(of_job),
                own => own,
            };
            let rounds = job.task_groups.iter().map(|g| live(g).div_ceil(pace(g)));
            rounds.max().unwrap_or(0)
        }
    }
}

proptest! {
    #![proptest_config(crate::cases(500))]

    #[test]
    fn an_update_takes_the_rounds_that_max_parallel_implies(row in rows()) {
        let dice = &mut Dice::new(&row);
        let mut document = cluster(dice);
        let mut job = job(dice, "a");
        // As in Nomad, the uses that a plan gives up are not all counted off: a replacement may wait for the next round.
        prop_assume!(!has_limited_properties(&job));
        for group in &mut job.task_groups {
            if let Some(update) = &mut group.update {
                update.canary = Some(0);
            }
        }
        let first = settle(&mut document, &job);
        prop_assume!(first.iter().all(|made| made.failed_groups.is_empty()));
        let update = changed(&job);
        let expected = implied(&update, &document);
        let rounds = settle(&mut document, &update);
        prop_assume!(rounds.iter().all(|made| made.failed_groups.is_empty()));
        let replacing = rounds.iter().filter(|made| !made.placements.is_empty()).count();
        prop_assert_eq!(replacing, expected);
        // At most two more: the new version itself, and the end of its deployment.
        prop_assert!(rounds.len() <= expected + 2, "{} rounds", rounds.len());
    }

    #[test]
    fn everything_comes_to_rest_and_stays_there(row in rows()) {
        let dice = &mut Dice::new(&row);
        let mut document = lived_in(dice);
        let job = some_job(dice, &document);
        let rounds = settle(&mut document, &job);
        prop_assert!(rounds.len() < ROUNDS_MAX, "it never comes to rest");
        let at_rest = plan(&job, &snapshot(&document), &PlanOptions::default());
        prop_assert!(!changes(&at_rest));
    }

    #[test]
    fn a_stopped_job_leaves_nothing(row in rows()) {
        let dice = &mut Dice::new(&row);
        let mut document = lived_in(dice);
        let job = some_job(dice, &document);
        let stop = PlanOptions { stop: true, ..PlanOptions::default() };
        let made = plan(&job, &snapshot(&document), &stop);
        prop_assert!(made.placements.is_empty() && made.in_place.is_empty());
        let stopped = api::Job { stop: Some(true), ..job.clone() };
        apply(&mut document, &stopped, &made);
        let own = document.allocations.iter().filter(|a| Some(&a.job_id) == job.id.as_ref());
        let live = own.filter(|a| {
            let ended = matches!(a.client_status.as_str(), "complete" | "failed" | "lost");
            a.desired_status == "run" && !ended
        });
        prop_assert_eq!(live.map(|a| &a.name).collect::<Vec<_>>(), Vec::<&String>::new());
    }
}
