//! Answers what is asked about a plan, in the worker.

use steppe_planner::answer::{
    ANSWER_VERSION, Answer, Answers, answer as plan_answer, markdown, rooms, why_not,
};
use steppe_planner::scheduler::PlanOptions;
use steppe_planner::{outline, plan, record, suggest};

use super::ask::{About, Ask, Reply};
use crate::live::http::decode;
use crate::worker::Case;

/// The answer to a question about a case, both in the words that are carried.
pub fn answer(case: &Case<'_>, ask: &str) -> String {
    let Ok(ask) = decode::<Ask>(ask) else { return String::new() };
    record::to_json(&reply(case, &ask))
}

fn reply(case: &Case<'_>, ask: &Ask) -> Reply {
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
    }
}

/// The plan and the advice as the command line gives them.
fn whole(case: &Case<'_>) -> Answer {
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
