//! Answers questions: text → planner → preview. A pure struct: the clock is handed in, the browser is
//! not known here.
//!
//! Of the cluster it keeps the compiled snapshot and nothing else. Every question is planned anew, by number; what is
//! written out is what the page shows.

use std::rc::Rc;

use steppe_planner::diagnostic::{Diagnostic, Diagnostics, has_errors};
use steppe_planner::jobspec::{Input, ParseOptions, Parsed, Syntax};
use steppe_planner::plan::NodeVerdict;
use steppe_planner::scheduler::{PlanOptions, Planned};
use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::{Document, Snapshot};
use steppe_planner::{Reviewed, api, outline, parse_plain, record, review_plain};

use super::protocol::{Answer, Question, Request};
use crate::preview::{PlanView, Preview, Scenery, locate};

/// The snapshot, and another one that was made of it.
#[derive(Default)]
pub(crate) struct Engine {
    snapshot: Option<Snapshot>,
    pub(crate) later: Option<Later>,
    stage: Option<Stage>,
}

/// What only the later part of the program can do, and what it needs for that.
#[derive(Clone)]
pub(crate) struct Later {
    /// Reads every text.
    pub(crate) parse: fn(&str, &ParseOptions) -> Parsed,
    pub(crate) review: fn(&Parsed, Semantics) -> Reviewed,
    /// Puts a node's verdict on a group into words.
    pub(crate) verdict: fn(&Planned<'_>, group: usize, node: u32) -> NodeVerdict,
    /// Makes of a cluster what a scene says; the job is the one that is planned in it.
    pub(crate) stage: fn(&Snapshot, scene: &str, job: Option<&api::Job>) -> Staged,
    /// Answers whatever else is asked.
    pub(crate) further: fn(&Case<'_>, ask: &str) -> String,
    /// What is said about the names of job files.
    pub(crate) docs: Rc<str>,
}

/// A cluster that nobody has; none if the scene cannot be made. And what is to be told of it.
#[derive(Default)]
pub(crate) struct Staged {
    pub(crate) snapshot: Option<Snapshot>,
    pub(crate) told: String,
}

/// What something is asked about.
pub(crate) struct Case<'a> {
    pub(crate) source: &'a str,
    pub(crate) options: &'a ParseOptions,
    /// Absent if the text has errors.
    pub(crate) job: Option<&'a api::Job>,
    pub(crate) snapshot: Option<&'a Snapshot>,
    pub(crate) docs: &'a str,
}

/// The newest scene.
struct Stage {
    scene: String,
    job: Option<String>,
    staged: Staged,
}

/// A text after parsing and validation.
struct Judged {
    written: Option<api::Job>,
    /// With defaults; absent if it has errors.
    plannable: Option<api::Job>,
    findings: Diagnostics,
    format: &'static str,
    inputs: Vec<Input>,
    missing_files: Vec<String>,
}

impl Engine {
    /// True if the answer wants the later part of the program.
    pub(crate) fn lacks(&self, request: &Request) -> bool {
        self.later.is_none()
            && match request {
                Request::Load { .. } => false,
                Request::Plan(question) => {
                    !question.scene.is_empty()
                        || parse_plain(&question.source, &question.inputs.options()).unfinished
                }
                Request::Further(..) => true,
            }
    }

    pub(crate) fn answer(&mut self, request: Request, now: &impl Fn() -> f64) -> Answer {
        match request {
            Request::Load { text } => Answer::Loaded(self.load(&text)),
            Request::Plan(question) => Answer::Preview(Box::new(self.preview(&question, now))),
            Request::Further(question, ask) => {
                Answer::Further(question.number, self.further(&question, &ask))
            }
        }
    }

    fn load(&mut self, text: &str) -> Result<u64, String> {
        let mut document = Document::default();
        record::from_json(&mut document, text).map_err(|e| e.to_string())?;
        match (&mut self.snapshot, document.base) {
            (Some(snapshot), Some(_)) => snapshot.apply(document).map_err(|e| e.to_string())?,
            (None, Some(_)) => return Err("a change came before the first snapshot".to_owned()),
            (slot, None) => *slot = Some(Snapshot::new(document).map_err(|e| e.to_string())?),
        }
        self.stage = None;
        Ok(self.index().unwrap_or_default())
    }

    /// The index of the snapshot, if there is one.
    pub(crate) fn index(&self) -> Option<u64> {
        self.snapshot.as_ref().map(|snapshot| snapshot.head().index)
    }

    fn preview(&mut self, question: &Question, now: &impl Fn() -> f64) -> Preview {
        let began = now();
        let judged = self.judge(&question.source, &question.inputs.options());
        let parsed = now();
        let job = judged.plannable.as_ref();
        self.set_stage(&question.scene, job);
        let real = self.snapshot.as_ref();
        let staged = self.stage.as_ref().map(|stage| &stage.staged);
        let (there, behind) = match staged {
            Some(staged) => (staged.snapshot.as_ref(), real),
            None => (real, None),
        };
        let options = PlanOptions::default();
        let planned = job.zip(there).map(|(job, snapshot)| outline(job, snapshot, &options));
        let head = planned.as_ref().map(Planned::head);
        let planned_at = now();
        let verdict = self.later.as_ref().map(|later| later.verdict);
        let view = planned.as_ref().zip(head.as_ref()).zip(judged.written);
        let view = view.map(|((planned, head), written)| {
            Rc::new(PlanView {
                job: written,
                format: judged.format.to_owned(),
                ..PlanView::new(planned, head, question.rows, verdict)
            })
        });
        let stops = head.as_ref().map_or(&[][..], |head| &head.stops);
        let scenery = match there {
            Some(there) => Some(Scenery::new(there, behind, planned.as_ref(), stops)),
            None => real.map(|real| Scenery::new(real, None, None, &[])),
        };
        Preview {
            number: question.number,
            snapshot_index: self.index(),
            format: judged.format.to_owned(),
            findings: locate(&question.source, &judged.findings),
            plan: view,
            topology: scenery.map(|s| s.draw(question.rows.nodes)).unwrap_or_default(),
            staged: staged.map(|staged| staged.told.clone()),
            inputs: judged.inputs,
            missing_files: judged.missing_files,
            parse_ms: parsed - began,
            plan_ms: planned_at - parsed,
        }
    }

    fn further(&mut self, question: &Question, ask: &str) -> String {
        let options = &question.inputs.options();
        let judged = self.judge(&question.source, options);
        self.set_stage(&question.scene, judged.plannable.as_ref());
        let snapshot = match &self.stage {
            Some(stage) => stage.staged.snapshot.as_ref(),
            None => self.snapshot.as_ref(),
        };
        let Some(later) = &self.later else { return String::new() };
        let (source, docs) = (question.source.as_str(), &*later.docs);
        let job = judged.plannable.as_ref();
        (later.further)(&Case { source, options, job, snapshot, docs }, ask)
    }

    /// Makes the scene, if it is not the one that stands.
    fn set_stage(&mut self, scene: &str, job: Option<&api::Job>) {
        let name =
            job.map(|job| format!("{}\0{}", namespace(job), job.id.as_deref().unwrap_or_default()));
        if scene.is_empty() {
            self.stage = None;
            return;
        }
        if self.stage.as_ref().is_some_and(|stage| stage.scene == scene && stage.job == name) {
            return;
        }
        let staged = match (&self.snapshot, &self.later) {
            (Some(snapshot), Some(later)) => (later.stage)(snapshot, scene, job),
            _ => Staged::default(),
        };
        self.stage = Some(Stage { scene: scene.to_owned(), job: name, staged });
    }

    fn judge(&self, source: &str, options: &ParseOptions) -> Judged {
        let profile = self.snapshot.as_ref().map(|snapshot| snapshot.head().profile.as_str());
        let mut parsed = match &self.later {
            Some(later) => (later.parse)(source, options),
            None => parse_plain(source, options),
        };
        if parsed.unfinished {
            let message = "this file needs a part of the program that could not be fetched";
            let problem = Diagnostic::error("not-fetched", None, message);
            parsed.diagnostics.push(problem.with_hint("reload the page when the agent answers"));
        }
        let review = self.later.as_ref().map_or(review_plain as _, |later| later.review);
        judge(parsed, review, profile.map(Semantics::of).unwrap_or_default())
    }
}

/// Looks for everything that is wrong with a job.
fn judge(
    parsed: Parsed,
    review: fn(&Parsed, Semantics) -> Reviewed,
    semantics: Semantics,
) -> Judged {
    let format = match parsed.syntax {
        Syntax::Hcl1 => "hcl1",
        Syntax::Json => "json",
        Syntax::Auto | Syntax::Hcl2 => "hcl2",
    };
    let Reviewed { job, diagnostics: mut findings } = review(&parsed, semantics);
    findings.sort_by_key(|d| (std::cmp::Reverse(d.severity), d.span));
    let plannable = job.filter(|_| !has_errors(&findings));
    let (inputs, missing_files) = (parsed.inputs, parsed.missing_files);
    Judged { written: parsed.job, plannable, findings, format, inputs, missing_files }
}

fn namespace(job: &api::Job) -> &str {
    job.namespace.as_deref().unwrap_or("default")
}

#[cfg(test)]
mod tests;
