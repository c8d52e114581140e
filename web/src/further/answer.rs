//! Answers what is asked about a plan, in the worker.

use steppe_planner::answer::{
    ANSWER_VERSION, Answer, Answers, answer as plan_answer, markdown, rooms, why_not,
};
use steppe_planner::jobspec::ParseOptions;
use steppe_planner::scheduler::PlanOptions;
use steppe_planner::snapshot::Snapshot;
use steppe_planner::{api, diff, outline, plan, record, suggest};

use super::ask::{About, Ask, Reply};
use super::assist::{Cursor, assist};
use crate::live::http::decode;
use crate::worker::Case;

/// The answer to a question about a case, both in the words that are carried.
pub fn answer(case: &Case<'_>, ask: &str) -> String {
    let Ok(ask) = decode::<Ask>(ask) else { return String::new() };
    if matches!(ask.about, About::Offers | About::Meaning) {
        let cursor = Cursor { text: case.source, at: ask.at, options: case.options };
        return assist(ask.about, &cursor, case.snapshot, case.docs);
    }
    let (Some(job), Some(snapshot)) = (case.job, case.snapshot) else { return String::new() };
    let (source, options) = (case.source, case.options);
    record::to_json(&reply(&Ready { source, options, job, snapshot }, &ask))
}

/// A job that can be planned.
struct Ready<'a> {
    source: &'a str,
    options: &'a ParseOptions,
    job: &'a api::Job,
    snapshot: &'a Snapshot,
}

fn reply(case: &Ready<'_>, ask: &Ask) -> Reply {
    match ask.about {
        About::Advice => Reply {
            suggestions: suggest(case.source, case.options, case.snapshot),
            rooms: rooms(case.job, case.snapshot),
            ..Reply::default()
        },
        About::Why => {
            let planned = outline(case.job, case.snapshot, &PlanOptions::default());
            Reply { why: why_not(&planned, &ask.group, &ask.node), ..Reply::default() }
        }
        About::Markdown => Reply { text: markdown(&whole(case), case.source), ..Reply::default() },
        About::Json => {
            let answers = Answers { version: ANSWER_VERSION, plans: vec![whole(case)] };
            Reply { text: pretty(&record::to_value(&answers)), ..Reply::default() }
        }
        About::Diff => Reply { diff: Some(changes(case)), ..Reply::default() },
        About::Offers | About::Meaning => Reply::default(),
    }
}

/// Against the registered version.
fn changes(case: &Ready<'_>) -> api::JobDiff {
    let of = |job: &api::Job| {
        let namespace = job.namespace.as_deref().unwrap_or("default");
        namespace == case.job.namespace.as_deref().unwrap_or("default") && job.id == case.job.id
    };
    let registered = case.snapshot.head().jobs.iter().filter(|job| of(job));
    diff(registered.max_by_key(|job| job.version), Some(case.job))
}

/// The plan and the advice as the command line gives them.
fn whole(case: &Ready<'_>) -> Answer {
    let made = plan(case.job, case.snapshot, &PlanOptions::default());
    Answer {
        plan: plan_answer(case.job, case.snapshot, made, true),
        suggestions: suggest(case.source, case.options, case.snapshot),
        headroom: rooms(case.job, case.snapshot),
        ..Answer::default()
    }
}

fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}")
}
