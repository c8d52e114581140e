//! The Deploy button with its state, the refusal that shows what changed, and the job's life below.

use std::rc::Rc;

use steppe_planner::plan::Plan;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::life::job_life;
use super::request::{self, Changed, Order, Refusal};
use super::standing::Standing;
use crate::component::{Setter, use_value};
use crate::components::{Symbol, button, icon, note, quiet};
use crate::draft::use_draft;
use crate::live::use_live;
use crate::preview::words::headline;

/// What became of the last press of the button.
#[derive(Clone, Default, PartialEq)]
enum Outcome {
    #[default]
    None,
    Sending,
    /// Committed at this index.
    Accepted(u64),
    Changed(Rc<Changed>, Rc<Order>),
    Failed(AttrValue),
}

/// An outcome belongs to the text it came from.
#[derive(Clone, Default, PartialEq)]
struct Attempt {
    source: AttrValue,
    outcome: Outcome,
}

/// Deploys the draft. Stands below the preview.
#[component]
pub fn DeployPanel() -> Html {
    let live = use_live();
    let draft = use_draft();
    let attempt = use_value(Attempt::default());
    let source = draft.shown.source.clone();
    let fresh = *source == *draft.text() && !draft.shown.defect;
    let preview = Rc::clone(&draft.shown.preview);
    let standing = Standing::of(&preview, fresh, live.link);
    let outcome = if attempt.source == source { attempt.outcome.clone() } else { Outcome::None };
    let send = {
        let attempt = attempt.setter();
        Callback::from(move |order: Order| send(order, attempt.clone()))
    };
    let onclick = {
        let (send, preview) = (send.clone(), Rc::clone(&preview));
        let inputs = Rc::clone(&draft.shown.inputs);
        Callback::from(move |_: MouseEvent| {
            let Some(plan) = preview.plan.as_deref() else { return };
            send.emit(Order {
                job: plan.job.clone(),
                source: source.to_string(),
                format: plan.format.clone(),
                variable_flags: inputs.values_of(&preview.inputs),
                digest: plan.digest.clone(),
                job_modify_index: plan.job_modify_index,
                plan: plan.seen(),
            });
        })
    };
    let onkeep = {
        let attempt = attempt.setter();
        Callback::from(move |_: MouseEvent| attempt.set(Attempt::default()))
    };
    let busy = outcome == Outcome::Sending;
    // Until the preview has seen the deploy, it would offer it once more.
    let behind =
        matches!(outcome, Outcome::Accepted(index) if preview.snapshot_index < Some(index));
    let disabled = busy || behind || !standing.may_deploy();
    let (word, text) = state_text(&outcome, standing, behind);
    let job_id = preview.plan.as_ref().map(|p| p.job_id.clone());
    html! {
        <section class="deploy" aria-label="Deploy">
            <div class="deploy-bar">
                <button type="button" class="button primary" data-testid="deploy" {disabled} {onclick}
                    aria-busy={busy.to_string()}>
                    { icon(Symbol::Bolt) }
                    { if busy { "Deploying…" } else { "Deploy" } }
                </button>
                <span class="deploy-state" data-testid="deploy-state" data-state={word} role="status">
                    { text }
                </span>
            </div>
            if let Outcome::Changed(changed, order) = &outcome {
                { refusal(changed, order, &send, &onkeep) }
            }
            { job_id.map(|id| job_life(&live, &id, false)) }
        </section>
    }
}

fn send(order: Order, attempt: Setter<Attempt>) {
    let source = AttrValue::from(order.source.clone());
    attempt.set(Attempt { source: source.clone(), outcome: Outcome::Sending });
    spawn_local(async move {
        let outcome = match request::deploy(&order).await {
            Ok(accepted) => Outcome::Accepted(accepted.index),
            Err(Refusal::Changed(changed)) => Outcome::Changed(Rc::from(changed), Rc::new(order)),
            Err(Refusal::Other(e)) => Outcome::Failed(e.to_string().into()),
        };
        attempt.set(Attempt { source, outcome });
    });
}

fn state_text(outcome: &Outcome, standing: Standing, behind: bool) -> (&'static str, String) {
    match outcome {
        Outcome::Sending => ("sending", "The agent checks the plan once more…".to_owned()),
        Outcome::Changed(..) => {
            ("changed", "Nothing was deployed: the cluster changed since this preview.".to_owned())
        }
        Outcome::Failed(text) => ("failed", format!("Not deployed: {text}")),
        Outcome::Accepted(_) if behind || standing == Standing::Nothing => {
            ("accepted", "Deployed as previewed.".to_owned())
        }
        Outcome::Accepted(_) | Outcome::None => (standing.word(), standing.text()),
    }
}

/// What changed, what would happen now, and the way to accept it.
fn refusal(
    changed: &Rc<Changed>,
    order: &Rc<Order>,
    send: &Callback<Order>,
    onkeep: &Callback<MouseEvent>,
) -> Html {
    let plan: &Plan = &changed.plan;
    let fits = !plan.placements.is_empty() || !plan.stops.is_empty() || !plan.in_place.is_empty();
    let onclick = {
        let (send, changed, order) = (send.clone(), Rc::clone(changed), Rc::clone(order));
        Callback::from(move |_: MouseEvent| {
            send.emit(Order {
                digest: changed.plan.digest.clone(),
                job_modify_index: changed.plan.job_modify_index,
                plan: Some(Plan { groups: Vec::new(), ..changed.plan.clone() }),
                ..(*order).clone()
            });
        })
    };
    let summary = headline(plan);
    html! {
        <div class="deploy-changes" data-testid="deploy-changes" role="alert">
            <h3>{ "What changed" }</h3>
            <ul class="change-list">
                { for changed.changes.iter().map(|text| html! { <li>{ text.clone() }</li> }) }
                if changed.changes.is_empty() { <li>{ changed.error.clone() }</li> }
            </ul>
            <p class={classes!("changes-now", summary.tone.class())}>
                <strong>{ "Now: " }</strong>{ summary.sentence }
            </p>
            { placements(plan) }
            { reasons(plan) }
            <div class="job-actions">
                if fits {
                    { button("button primary", Some("deploy-instead"), &onclick, "Deploy this instead") }
                }
                { button("button", None, onkeep, "Leave it") }
            </div>
        </div>
    }
}

fn placements(plan: &Plan) -> Html {
    const SHOWN: usize = 8;
    let rows = plan.placements.iter().take(SHOWN).map(|placement| {
        let ports = placement.ports.iter().map(|p| format!("{} {}", p.label, p.value));
        html! {
            <li>
                <strong>{ &placement.name }</strong>{ " on " }{ &placement.node_name }
                { quiet(format!(" {}", ports.collect::<Vec<_>>().join(", "))) }
            </li>
        }
    });
    html! {
        if !plan.placements.is_empty() {
            <ul class="changes-placements">{ for rows }</ul>
            if plan.placements.len() > SHOWN {
                { note(format!("and {} more", plan.placements.len() - SHOWN)) }
            }
        }
    }
}

/// Why groups do not fit any more, one line a node and check.
fn reasons(plan: &Plan) -> Html {
    const SHOWN: usize = 6;
    if plan.failed_groups.is_empty() {
        return Html::default();
    }
    let failed = plan.groups.iter().filter(|g| plan.failed_groups.contains_key(&g.name));
    let failures = failed
        .flat_map(|group| &group.nodes)
        .flat_map(|node| node.failures.iter().map(|failure| (&node.node_name, &failure.message)));
    let lines = failures.take(SHOWN).map(|(node, message)| {
        html! { <li><strong>{ node }</strong>{ ": " }{ message }</li> }
    });
    html! { <ul class="changes-reasons">{ for lines }</ul> }
}
