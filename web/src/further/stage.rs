//! Makes the scene, in the worker: the edits with what follows for the registered jobs, then the jobs that come first,
//! each on what the ones before it have left.

use steppe_planner::diagnostic::Severity;
use steppe_planner::jobspec::ParseOptions;
use steppe_planner::plan::carry_out;
use steppe_planner::scheduler::PlanOptions;
use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::Snapshot;
use steppe_planner::whatif::what_if;
use steppe_planner::{Reviewed, api, outline, parse, record, review};

use super::scene::{Earlier, Effect, Scene, Told};
use crate::preview::words::headline_of;
use crate::worker::Staged;

/// The cluster of a scene. The job that is planned in it is not carried along by the edits.
pub fn stage(snapshot: &Snapshot, scene: &str, job: Option<&api::Job>) -> Staged {
    let scene = Scene::read(scene);
    let mut told = Told::default();
    let mut staged = if scene.edits.is_empty() {
        snapshot.clone()
    } else {
        match what_if(snapshot, &scene.edits, job) {
            Ok(made) => {
                told.consequences = made.consequences;
                made.snapshot
            }
            Err(error) => {
                told.error = error;
                return Staged { snapshot: None, told: record::to_json(&told) };
            }
        }
    };
    told.before = scene.before.iter().map(|earlier| place(&mut staged, earlier)).collect();
    Staged { snapshot: Some(staged), told: record::to_json(&told) }
}

fn place(snapshot: &mut Snapshot, earlier: &Earlier) -> Effect {
    let (job, wrong) = read(&earlier.text, Semantics::of(&snapshot.head().profile));
    let Some(job) = job else { return Effect { error: wrong, ..Effect::default() } };
    let (plan, headline) = {
        let planned = outline(&job, snapshot, &PlanOptions::default());
        let plan = planned.document();
        let headline = headline_of(&plan, &planned);
        (plan, headline)
    };
    carry_out(snapshot, &job, &plan);
    Effect { headline, ..Effect::default() }
}

/// The job of a text, or the first thing that is wrong with it.
fn read(text: &str, semantics: Semantics) -> (Option<api::Job>, String) {
    let Reviewed { job, diagnostics } = review(&parse(text, &ParseOptions::default()), semantics);
    let wrong = diagnostics.iter().find(|finding| finding.severity == Severity::Error);
    match wrong {
        Some(wrong) => (None, wrong.message.clone()),
        None if job.is_none() => (None, "there is no job in this text".to_owned()),
        None => (job, String::new()),
    }
}
