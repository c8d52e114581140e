//! The plan in one glance: counts, one sentence, and the way to deploy it.

use yew::prelude::*;

use crate::draft::Shown;
use crate::preview::{PlanView, Preview};

/// The top of the right side. `plan` is the newest there was; older than the text if `stale`.
pub fn summary(shown: &Shown, plan: Option<&PlanView>, stale: bool) -> Html {
    let preview = &shown.preview;
    html! {
        <section class="summary" data-testid="plan-summary" data-stale={stale.to_string()}
            data-number={preview.number.to_string()} aria-live="polite">
            if let Some(notice) = notice(shown, plan.is_some(), stale) { { notice } }
            if let Some(plan) = plan.filter(|_| !stale) {
                { counts(plan) }
                <p class="sentence">{ &plan.headline.sentence }</p>
                { hints(preview, plan) }
            }
        </section>
    }
}

fn counts(plan: &PlanView) -> Html {
    let job_state = if plan.job_modify_index == 0 { "new job" } else { "registered job" };
    html! {
        <div class="summary-head">
            <h1 class="job-title" data-testid="plan-job">{ &plan.job_id }
                <span class="aside">{ format!("{} · {job_state}", plan.job_type) }</span>
            </h1>
            <ul class="counts" aria-label="What would happen">
                { for plan.headline.counts.iter().map(|c| html! {
                    <li class={classes!("count", c.tone.class())} data-testid="plan-count">{ &c.text }</li>
                }) }
            </ul>
        </div>
    }
}

/// Why there is no plan for this text, if there is none.
fn notice(shown: &Shown, has_plan: bool, stale: bool) -> Option<Html> {
    let preview = &shown.preview;
    let (tone, title, text) = if shown.defect {
        (
            "bad",
            "The planner failed on this text".to_owned(),
            "This is a defect of Steppe. The planner was started again; change the text to go on.",
        )
    } else if preview.errors() > 0 {
        let n = preview.errors();
        let title = if n == 1 {
            "1 error in the text".to_owned()
        } else {
            format!("{n} errors in the text")
        };
        let below = if has_plan { "Below is the last plan without errors." } else { "" };
        ("bad", title, below)
    } else if shown.source.trim().is_empty() && preview.number > 0 {
        (
            "quiet",
            "Paste a job file".to_owned(),
            "or choose an example: the plan appears as you type.",
        )
    } else if preview.snapshot_index.is_none() {
        ("quiet", "Waiting for the cluster".to_owned(), "")
    } else if stale {
        ("bad", "There is no job in this text".to_owned(), "")
    } else {
        return None;
    };
    Some(html! {
        <div class={classes!("notice", tone)} data-testid="plan-notice">
            <strong>{ title }</strong>
            if !text.is_empty() { <span>{ text }</span> }
        </div>
    })
}

/// What stands in the way of everything, in plain words.
fn hints(preview: &Preview, plan: &PlanView) -> Html {
    if plan.unplaced() == 0 {
        return Html::default();
    }
    let nodes = &preview.topology.nodes;
    let docker =
        nodes.iter().flat_map(|n| &n.look.drivers).any(|d| d.name == "docker" && d.healthy);
    let wants_docker =
        plan.job.task_groups.iter().flat_map(|g| &g.tasks).any(|t| t.driver == "docker");
    if !wants_docker || docker || nodes.is_empty() || preview.topology.nodes_total > nodes.len() {
        return Html::default();
    }
    html! {
        <p class="notice bad" data-testid="no-docker">
            <strong>{ "No node has a working Docker engine." }</strong>
            <span>{ "Start Docker on the machine of the agent: the node notices by itself, and so does this page." }</span>
        </p>
    }
}
