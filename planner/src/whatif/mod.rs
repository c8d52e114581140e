//! What if the cluster were another one: nodes drained, gone, doubled or of another size, jobs with other counts.
//!
//! Nothing is touched: the changes are made to a copy of the snapshot, and the registered jobs are planned on it in the
//! order of their priority, each on what the ones before it have left. `headroom` asks how many more would fit.

mod consequences;
mod edit;
mod headroom;

use std::collections::BTreeSet;

pub use consequences::{Consequence, Move, Waiting};
pub use edit::{Edit, EditKind};
pub use headroom::headroom;

use crate::api;
use crate::model::job_symbol;
use crate::plan::{Plan, carry_out};
use crate::scheduler::{PlanOptions, plan};
use crate::snapshot::Snapshot;

/// The cluster as it would be.
#[derive(Debug)]
pub struct WhatIf {
    /// With everything that follows carried out.
    pub snapshot: Snapshot,
    /// By priority.
    pub consequences: Vec<Consequence>,
}

/// Makes the edits on a copy, and carries out what follows for the registered jobs; of all but one, if that is being
/// planned anyway.
pub fn what_if(
    snapshot: &Snapshot,
    edits: &[Edit],
    except: Option<&api::Job>,
) -> Result<WhatIf, String> {
    let mut edited = snapshot.clone();
    let mut counts = Vec::new();
    for edit in edits {
        edit::make(&mut edited, edit, &mut counts)?;
    }
    let except = except.map(name);
    let consequences = consequences::carry_out_all(snapshot, &mut edited, &counts, except)?;
    Ok(WhatIf { snapshot: edited, consequences })
}

/// Plans jobs in the given order, each on what the ones before it have left.
pub fn plan_in_order(jobs: &[api::Job], snapshot: &Snapshot) -> Vec<Plan> {
    let mut snapshot = snapshot.clone();
    let planned = jobs.iter().map(|job| {
        let made = plan(job, &snapshot, &PlanOptions::default());
        carry_out(&mut snapshot, job, &made);
        made
    });
    planned.collect()
}

/// Namespace and ID in one.
fn name(job: &api::Job) -> String {
    job_symbol(job.namespace.as_deref(), job.id.as_deref().unwrap_or_default())
}

/// The newest versions of the registered jobs that run, the most important first.
fn registered(snapshot: &Snapshot) -> Vec<&api::Job> {
    let mut seen = BTreeSet::new();
    // Versions stand in ascending order.
    let newest = snapshot.head().jobs.iter().rev().filter(|job| seen.insert(name(job)));
    let runs = |job: &&api::Job| {
        let waits = job.periodic.is_some() || job.parameterized_job.is_some();
        !job.stop.unwrap_or_default() && !waits
    };
    let mut jobs: Vec<&api::Job> = newest.filter(runs).collect();
    jobs.sort_by_key(|job| (std::cmp::Reverse(job.priority.unwrap_or(50)), name(job)));
    jobs
}
