//! Answers questions: text → planner → preview. A pure struct: the clock is handed in, the browser is
//! not known here.

use std::rc::Rc;

use steppe_planner::diagnostic::{Diagnostics, has_errors};
use steppe_planner::jobspec::{ParseOptions, Syntax};
use steppe_planner::plan::Plan;
use steppe_planner::scheduler::PlanOptions;
use steppe_planner::snapshot::{Document, Snapshot};
use steppe_planner::{api, canonicalize, diff, parse, plan, validate};

use super::protocol::{Answer, Question, Request};
use crate::preview::{Occupancy, PlanView, Preview, locate};

/// The snapshot, compiled, and what is drawn of it.
#[derive(Default)]
pub(crate) struct Engine {
    snapshot: Option<Snapshot>,
    occupancy: Occupancy,
}

/// A text after parsing and validation.
struct Judged {
    written: Option<api::Job>,
    /// With defaults; absent if it has errors.
    plannable: Option<api::Job>,
    findings: Diagnostics,
    format: &'static str,
}

impl Engine {
    pub(crate) fn answer(&mut self, request: Request, now: &impl Fn() -> f64) -> Answer {
        match request {
            Request::Load { text } => Answer::Loaded(self.load(&text)),
            Request::Plan(question) => Answer::Preview(Box::new(self.preview(&question, now))),
        }
    }

    fn load(&mut self, text: &str) -> Result<u64, String> {
        let document: Document = serde_json::from_str(text).map_err(|e| e.to_string())?;
        match (&mut self.snapshot, document.base) {
            (Some(snapshot), Some(_)) => snapshot.apply(document).map_err(|e| e.to_string())?,
            (None, Some(_)) => return Err("a change came before the first snapshot".to_owned()),
            (slot, None) => *slot = Some(Snapshot::new(document).map_err(|e| e.to_string())?),
        }
        let document = self.snapshot.as_ref().map(Snapshot::document);
        self.occupancy = document.map(Occupancy::new).unwrap_or_default();
        Ok(document.map_or(0, |d| d.index))
    }

    fn preview(&self, question: &Question, now: &impl Fn() -> f64) -> Preview {
        let began = now();
        let judged = judge(&question.source);
        let parsed = now();
        let plan = match (&judged.plannable, &self.snapshot) {
            (Some(job), Some(snapshot)) => Some(plan(job, snapshot, &PlanOptions::default())),
            _ => None,
        };
        let planned = now();
        let document = self.snapshot.as_ref().map(Snapshot::document);
        let view = plan.as_ref().zip(judged.written).map(|(plan, written)| {
            let changes = judged.plannable.as_ref().map(|job| changes(plan, job, document));
            Rc::new(PlanView::new(plan, written, changes, judged.format, question.rows))
        });
        Preview {
            number: question.number,
            snapshot_index: document.map(|d| d.index),
            format: judged.format.to_owned(),
            findings: locate(&question.source, &judged.findings),
            plan: view,
            topology: document
                .map(|d| self.occupancy.draw(d, plan.as_ref(), question.rows.nodes))
                .unwrap_or_default(),
            parse_ms: parsed - began,
            plan_ms: planned - parsed,
        }
    }
}

fn judge(source: &str) -> Judged {
    let parsed = parse(source, &ParseOptions::default());
    let format = match parsed.syntax {
        Syntax::Hcl1 => "hcl1",
        Syntax::Json => "json",
        Syntax::Auto | Syntax::Hcl2 => "hcl2",
    };
    let mut findings = parsed.diagnostics;
    let mut job = parsed.job.clone();
    if let Some(job) = &mut job {
        canonicalize(job);
        let late = validate(job, &parsed.spans);
        // What the parser said already is not said again.
        let news: Diagnostics = late.into_iter().filter(|d| !findings.contains(d)).collect();
        findings.extend(news);
        findings.sort_by_key(|d| (d.span, std::cmp::Reverse(d.severity)));
    }
    let plannable = job.filter(|_| !has_errors(&findings));
    Judged { written: parsed.job, plannable, findings, format }
}

fn changes(plan: &Plan, job: &api::Job, document: Option<&Document>) -> api::JobDiff {
    let registered = document.into_iter().flat_map(|d| &d.jobs).filter(|j| {
        j.id.as_deref() == Some(plan.job_id.as_str())
            && j.namespace.as_deref().unwrap_or("default") == plan.namespace
    });
    diff(registered.max_by_key(|j| j.version), Some(job))
}
