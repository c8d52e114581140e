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
mod tests {
    use super::*;
    use crate::examples;
    use crate::preview::BlockKind;

    const SAMPLE_CLUSTER: &str = include_str!("../../static/sample-cluster.json");

    fn engine() -> Engine {
        let mut engine = Engine::default();
        assert_eq!(engine.load(SAMPLE_CLUSTER), Ok(100));
        engine.later = crate::worker::later::tools().ok();
        engine
    }

    #[test]
    fn the_first_part_plans_alone_and_says_less() {
        let mut whole = engine();
        let mut first = engine();
        first.later = None;
        for example in examples::ALL {
            let [plan, less] =
                [&mut whole, &mut first].map(|engine| preview(engine, example.source).plan);
            let (plan, less) = (plan.expect("a plan"), less.expect("a plan"));
            assert_eq!((&plan.placements, &plan.digest), (&less.placements, &less.digest));
            assert!(less.groups.iter().all(|group| group.verdicts.is_empty()));
        }
        let json = Question { source: "{}".to_owned(), ..Question::default() };
        assert!(first.lacks(&Request::Plan(json)));
    }

    fn preview(engine: &mut Engine, source: &str) -> Preview {
        let question = Question { number: 7, source: source.to_owned(), ..Question::default() };
        engine.preview(&question, &|| 0.0)
    }

    #[test]
    fn every_example_is_a_good_job() {
        let mut engine = engine();
        for example in examples::ALL {
            let preview = preview(&mut engine, example.source);
            assert_eq!(preview.errors(), 0, "{}: {:?}", example.key, preview.findings);
            let plan = preview.plan.expect("a text without errors is planned");
            assert_eq!(plan.unplaced() > 0, example.key == "impossible", "{}", example.key);
        }
    }

    #[test]
    fn the_first_example_is_placed_with_its_port_and_drawn_as_a_ghost() {
        let preview = preview(&mut engine(), examples::FIRST.source);
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
        let plan = preview(&mut engine(), impossible.source).plan.expect("it is planned");
        let verdicts = &plan.groups[0].verdicts;
        assert_eq!(verdicts.len(), 7);
        assert!(verdicts.iter().all(|v| v.failures.len() >= 5), "{verdicts:?}");
    }

    #[test]
    fn a_broken_text_has_findings_and_no_plan_but_the_cluster_stays() {
        let preview = preview(&mut engine(), "job \"a\" {\n  group \"g\" {\n");
        assert!(preview.errors() > 0);
        assert_eq!(preview.plan, None);
        assert_eq!(preview.topology.nodes.len(), 7);
    }

    #[test]
    fn only_the_rows_on_the_screen_travel() {
        let rows = crate::worker::Rows { placements: 1, verdicts: 2, nodes: 3 };
        let web = examples::ALL.iter().find(|e| e.key == "web").expect("it exists");
        let question =
            Question { number: 1, source: web.source.to_owned(), rows, ..Question::default() };
        let preview = engine().preview(&question, &|| 0.0);
        let plan = preview.plan.expect("it is planned");
        assert_eq!((plan.placements.len(), plan.placements_total), (1, 3));
        assert_eq!((plan.groups[0].verdicts.len(), plan.groups[0].verdicts_total), (2, 7));
        assert_eq!((preview.topology.nodes.len(), preview.topology.nodes_total), (3, 7));
    }

    #[test]
    fn a_scene_is_planned_in_and_left_again() {
        let mut engine = engine();
        let real = preview(&mut engine, examples::FIRST.source);
        let node = real.plan.as_ref().expect("it is planned").placements[0].node_name.clone();
        let scene = format!(r#"{{"edits":[{{"Kind":"Remove","Node":"{node}"}}],"before":[]}}"#);
        let source = examples::FIRST.source.to_owned();
        let question = Question { number: 7, source, scene, ..Question::default() };
        let tried = engine.preview(&question, &|| 0.0);
        assert_eq!(tried.snapshot_index, real.snapshot_index, "it is the same cluster still");
        let told = tried.staged.expect("it says so");
        assert!(told.contains(r#""error":"""#), "{told}");
        let elsewhere = &tried.plan.expect("it is planned").placements[0].node_name;
        assert_ne!(*elsewhere, node);
        let gone = tried.topology.nodes.iter().find(|n| n.look.name == node);
        let gone = gone.expect("it is still drawn");
        assert_eq!(gone.look.status, "removed");
        assert!(gone.blocks.iter().all(|b| b.kind == BlockKind::Leaving), "{gone:?}");
        assert_eq!(preview(&mut engine, examples::FIRST.source), real);
    }

    #[test]
    fn what_would_move_stands_in_both_places() {
        let mut engine = engine();
        let scene = r#"{"edits":[{"Kind":"Drain","Node":"maple"}]}"#.to_owned();
        let source = examples::FIRST.source.to_owned();
        let question = Question { source, scene, ..Question::default() };
        let topology = engine.preview(&question, &|| 0.0).topology;
        let block = |node: &str, kind| {
            let row = topology.nodes.iter().find(|n| n.look.name == node).expect("it is drawn");
            row.blocks.iter().find(|b| b.kind == kind && b.name == "metrics.metrics[0]")
        };
        let leaving = block("maple", BlockKind::Leaving).expect("it would leave");
        let ghost = block("cedar", BlockKind::Ghost).expect("it would come");
        assert_eq!((leaving.fate.as_str(), ghost.fate.as_str()), ("to cedar", "from maple"));
        assert!(leaving.memory_mb > 0 && ghost.memory_mb > 0, "{leaving:?} {ghost:?}");
    }

    #[test]
    fn what_would_be_preempted_is_marked_before() {
        let mut engine = Engine::default();
        let full = r#"{"Version":1,"Index":9,"Profile":"2.0",
            "SchedulerConfig":{"PreemptionConfig":{"ServiceSchedulerEnabled":true}},
            "Nodes":[{"ID":"id-n1","Name":"n1","Datacenter":"dc1","Status":"ready",
                "SchedulingEligibility":"eligible","Drivers":{"mock":{"Detected":true,"Healthy":true}},
                "NodeResources":{"Cpu":{"CpuShares":1000},"Memory":{"MemoryMB":1000},"Disk":{"DiskMB":9000},
                    "Networks":[{"Mode":"host"}]}}],
            "Jobs":[{"ID":"low","Name":"low","Type":"service","Priority":20,"Version":0,"Datacenters":["dc1"],
                "TaskGroups":[{"Name":"g","Count":1,"Tasks":[{"Name":"t","Driver":"mock",
                "Resources":{"CPU":500,"MemoryMB":800}}]}]}],
            "Allocations":[{"ID":"a1","Name":"low.g[0]","Namespace":"default","NodeID":"id-n1","JobID":"low",
                "JobVersion":0,"TaskGroup":"g","DesiredStatus":"run","ClientStatus":"running",
                "AllocatedResources":{"Shared":{"DiskMB":300},"Tasks":{"t":{"Cpu":{"CpuShares":500},"Memory":{"MemoryMB":800}}}}}]}"#;
        assert_eq!(engine.load(full), Ok(9));
        let text = r#"job "high" {
            datacenters = ["dc1"]
            priority = 90
            group "g" {
              task "t" {
                driver = "mock"
                resources {
                  cpu = 500
                  memory = 800
                }
              }
            }
          }"#;
        let preview = preview(&mut engine, text);
        let plan = preview.plan.as_ref().expect("it is planned");
        assert_eq!(plan.placements.len(), 1, "{:?}", plan.groups);
        assert_eq!(plan.placements[0].preempted, ["a1"]);
        let blocks = &preview.topology.nodes[0].blocks;
        let victim = blocks.iter().find(|b| b.name == "low.g[0]").expect("it is still there");
        assert_eq!((victim.kind, victim.fate.as_str()), (BlockKind::Leaving, "preempted"));
    }

    #[test]
    fn a_change_before_the_first_snapshot_is_refused() {
        let delta = r#"{"Version":1,"Base":4,"Index":5}"#;
        assert!(Engine::default().load(delta).is_err());
    }
}
