//! Answers questions: text → planner → preview. A pure struct: the clock is handed in, the browser is
//! not known here.

use std::rc::Rc;

use steppe_planner::diagnostic::{Diagnostics, has_errors};
use steppe_planner::jobspec::{ParseOptions, Syntax};
use steppe_planner::plan::Plan;
use steppe_planner::scheduler::PlanOptions;
use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::{Document, Snapshot};
use steppe_planner::{api, canonicalize, diff, parse, plan, record, validate};

use super::protocol::{Answer, Question, Request};
use crate::preview::{Occupancy, PlanView, Preview, locate};

/// The snapshot, compiled, and what is drawn of it.
#[derive(Default)]
pub(crate) struct Engine {
    snapshot: Option<Snapshot>,
    document: Document,
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
            Request::Save => Answer::Saved(self.save()),
            Request::Plan(question) => Answer::Preview(Box::new(self.preview(&question, now))),
        }
    }

    fn load(&mut self, text: &str) -> Result<u64, String> {
        let mut document = Document::default();
        record::from_json(&mut document, text).map_err(|e| e.to_string())?;
        match (&mut self.snapshot, document.base) {
            (Some(snapshot), Some(_)) => {
                snapshot.apply(document.clone()).map_err(|e| e.to_string())?;
                self.document.apply(document).map_err(|e| e.to_string())?;
            }
            (None, Some(_)) => return Err("a change came before the first snapshot".to_owned()),
            (slot, None) => {
                *slot = Some(Snapshot::new(document.clone()).map_err(|e| e.to_string())?);
                self.document = document;
            }
        }
        self.occupancy = Occupancy::new(&self.document);
        Ok(self.document.index)
    }

    fn document(&self) -> Option<&Document> {
        self.snapshot.is_some().then_some(&self.document)
    }

    fn save(&self) -> String {
        self.document().map(|d| record::to_json(d)).unwrap_or_default()
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
        let document = self.document();
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
        canonicalize(job, Semantics::default());
        // A misread block would be missed as well: what follows from a mistake is not told beside it.
        if !has_errors(&findings) {
            findings.extend(validate(job, &parsed.spans));
            findings.sort_by_key(|d| (std::cmp::Reverse(d.severity), d.span));
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;
    use crate::preview::BlockKind;

    const SAMPLE_CLUSTER: &str = include_str!("../../static/sample-cluster.json");

    fn engine() -> Engine {
        let mut engine = Engine::default();
        assert_eq!(engine.load(SAMPLE_CLUSTER), Ok(100));
        engine
    }

    fn preview(engine: &Engine, source: &str) -> Preview {
        let question = Question { number: 7, source: source.to_owned(), ..Question::default() };
        engine.preview(&question, &|| 0.0)
    }

    #[test]
    fn every_example_is_a_good_job() {
        let engine = engine();
        for example in examples::ALL {
            let preview = preview(&engine, example.source);
            assert_eq!(preview.errors(), 0, "{}: {:?}", example.key, preview.findings);
            let plan = preview.plan.expect("a text without errors is planned");
            assert_eq!(plan.unplaced() > 0, example.key == "impossible", "{}", example.key);
        }
    }

    #[test]
    fn the_first_example_is_placed_with_its_port_and_drawn_as_a_ghost() {
        let preview = preview(&engine(), examples::FIRST.source);
        assert_eq!((preview.number, preview.format.as_str()), (7, "hcl1"));
        let plan = preview.plan.expect("it is planned");
        let placed = &plan.placements[0];
        assert_eq!(placed.name, "mysql-5.7.mysql-group[0]");
        assert_eq!(placed.ports[0].value, 3306);
        let ghosts: Vec<_> = preview
            .topology
            .nodes
            .iter()
            .flat_map(|n| n.blocks.iter().map(move |b| (&n.look.name, b)))
            .filter(|(_, b)| b.kind == BlockKind::Ghost)
            .collect();
        assert_eq!(ghosts.len(), 1);
        assert_eq!(*ghosts[0].0, placed.node_name);
        assert_eq!(ghosts[0].1.memory_mb, 256);
        assert_eq!(ghosts[0].1.ports.len(), 1, "{:?}", ghosts[0].1.ports);
    }

    #[test]
    fn what_fits_nowhere_names_every_reason_of_every_node() {
        let impossible = examples::ALL.iter().find(|e| e.key == "impossible").expect("it exists");
        let plan = preview(&engine(), impossible.source).plan.expect("it is planned");
        let verdicts = &plan.groups[0].verdicts;
        assert_eq!(verdicts.len(), 7);
        assert!(verdicts.iter().all(|v| v.failures.len() >= 5), "{verdicts:?}");
    }

    #[test]
    fn a_broken_text_has_findings_and_no_plan_but_the_cluster_stays() {
        let preview = preview(&engine(), "job \"a\" {\n  group \"g\" {\n");
        assert!(preview.errors() > 0);
        assert_eq!(preview.plan, None);
        assert_eq!(preview.topology.nodes.len(), 7);
    }

    #[test]
    fn only_the_rows_on_the_screen_travel() {
        let rows = crate::worker::Rows { placements: 1, verdicts: 2, nodes: 3 };
        let web = examples::ALL.iter().find(|e| e.key == "web").expect("it exists");
        let question = Question { number: 1, source: web.source.to_owned(), rows };
        let preview = engine().preview(&question, &|| 0.0);
        let plan = preview.plan.expect("it is planned");
        assert_eq!((plan.placements.len(), plan.placements_total), (1, 3));
        assert_eq!((plan.groups[0].verdicts.len(), plan.groups[0].verdicts_total), (2, 7));
        assert_eq!((preview.topology.nodes.len(), preview.topology.nodes_total), (3, 7));
    }

    #[test]
    fn a_saved_snapshot_loads_again() {
        let saved = engine().save();
        let mut other = Engine::default();
        assert_eq!(other.load(&saved), Ok(100));
        assert_eq!(
            preview(&other, examples::FIRST.source),
            preview(&engine(), examples::FIRST.source)
        );
    }

    #[test]
    fn a_change_before_the_first_snapshot_is_refused() {
        let delta = r#"{"Version":1,"Base":4,"Index":5}"#;
        assert!(Engine::default().load(delta).is_err());
    }
}
