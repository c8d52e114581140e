//! Random clusters, jobs and events. What is possible is decided here, not what must follow from it.

mod cluster;
mod dice;
mod events;
mod job;

pub(crate) use cluster::cluster;
pub(crate) use dice::{Dice, rows};
pub(crate) use events::change;
pub(crate) use job::{has_limited_properties, job};

use steppe_planner::plan::apply;
use steppe_planner::snapshot::{Document, Snapshot};
use steppe_planner::{PlanOptions, api, plan};

/// The IDs of jobs; few, so that later ones are often new versions of earlier ones.
const IDS: [&str; 3] = ["a", "b", "c"];

/// A cluster on which some jobs run, after some things have happened to it.
pub(crate) fn lived_in(dice: &mut Dice<'_>) -> Document {
    let mut document = cluster(dice);
    for _ in 0..dice.below(4) {
        let job = some_job(dice, &document);
        let snapshot = snapshot(&document);
        let made = plan(&job, &snapshot, &PlanOptions::default());
        apply(&mut document, &job, &made);
        if dice.one_in(2) {
            let delta = change(dice, &document);
            document.apply(delta).expect("the change begins where the document stands");
        }
    }
    document
}

/// A job to plan: one under one of the few IDs, or what is registered with a change that its allocations can follow in place.
pub(crate) fn some_job(dice: &mut Dice<'_>, on: &Document) -> api::Job {
    if dice.one_in(3)
        && let Some(registered) = on.jobs.last()
    {
        let mut job = registered.clone();
        job.priority = Some(10 + 20 * dice.amount(5));
        for group in job.task_groups.iter_mut().filter(|_| job.kind.as_deref() == Some("service")) {
            group.count = Some(dice.amount(7));
        }
        return job;
    }
    let id = dice.pick(&IDS);
    job(dice, id)
}

/// The document compiled.
pub(crate) fn snapshot(document: &Document) -> Snapshot {
    Snapshot::new(document.clone()).expect("a document of this version")
}
