//! Every node × every check: where the group may run, and each reason why not elsewhere.

use steppe_planner::plan::{Failure, NodeVerdict, Outcome};
use yew::prelude::*;

use super::checks::{COLUMNS, Column, holder, label, slug, subject};
use crate::components::{Symbol, button, heard, icon, quiet};
use crate::preview::{GroupView, PlanView};
use crate::router::{Route, link};

/// The verdicts of all groups.
pub fn matrix(plan: &PlanView, onmore: &Callback<MouseEvent>) -> Html {
    let groups: Vec<_> = plan.groups.iter().filter(|g| g.verdicts_total > 0).collect();
    if groups.is_empty() {
        return Html::default();
    }
    html! {
        <section class="block" aria-labelledby="matrix-title" data-testid="matrix">
            <h2 id="matrix-title">{ "Why here, why not there" }</h2>
            { for groups.into_iter().map(|g| group(g, onmore)) }
        </section>
    }
}

fn group(group: &GroupView, onmore: &Callback<MouseEvent>) -> Html {
    let fails = |c: &Column| {
        let mut failures = group.verdicts.iter().flat_map(|v| &v.failures);
        failures.any(|f| c.checks.contains(&f.check))
    };
    let columns: Vec<Column> = COLUMNS.iter().filter(|c| !c.rare || fails(c)).copied().collect();
    let hidden = group.verdicts_total - group.verdicts.len();
    html! {
        <div class="matrix" data-testid="matrix-group" data-group={group.name.clone()}>
            <p class="matrix-head"><code>{ &group.name }</code>{ tally(group) }</p>
            <div class="scroll-x">
                <table>
                    <thead><tr>
                        <th scope="col" class="name">{ "Node" }</th>
                        { for columns.iter().map(|c| html! { <th scope="col" class="cell">{ c.name }</th> }) }
                        <th scope="col" class="score">{ "Score" }</th>
                    </tr></thead>
                    { for group.verdicts.iter().map(|v| node(&group.name, v, &columns)) }
                </table>
            </div>
            if hidden > 0 {
                { button("button small", None, onmore, format!("Show more of {hidden} nodes")) }
            }
        </div>
    }
}

fn tally(group: &GroupView) -> Html {
    let parts = [
        (group.feasible, "feasible", "good"),
        (group.exhausted, "full", "bad"),
        (group.filtered, "unsuitable", "bad"),
        (group.excluded, "not a candidate", "quiet"),
    ];
    let shown = parts.into_iter().filter(|(n, ..)| *n > 0);
    shown
        .map(|(n, word, tone)| {
            html! { <span class={classes!("tally", tone)}>{ format!("{n} {word}") }</span> }
        })
        .collect()
}

fn node(group: &str, verdict: &NodeVerdict, columns: &[Column]) -> Html {
    let outcome = if verdict.placed.is_empty() { word(verdict.outcome) } else { "chosen" };
    let cells = columns.iter().map(|column| cell(verdict, column));
    let why = Route::Why { group: group.to_owned(), node: verdict.node_name.clone() };
    html! {
        <tbody class={classes!("node-row", outcome)} data-testid="node-row" key={verdict.node_id.clone()}
            data-node={verdict.node_name.clone()} data-outcome={outcome}>
            <tr>
                <th scope="row" class="name">
                    { link(why, "node-name", &verdict.node_name) }
                    <span class="outcome">{ outcome_text(verdict) }</span>
                </th>
                { for cells }
                <td class="score">{ score(verdict) }</td>
            </tr>
            if !verdict.failures.is_empty() {
                <tr class="reasons"><td colspan={(columns.len() + 2).to_string()}>
                    <ul>{ for verdict.failures.iter().map(failure) }</ul>
                </td></tr>
            }
        </tbody>
    }
}

fn cell(verdict: &NodeVerdict, column: &Column) -> Html {
    let failing: Vec<&Failure> =
        verdict.failures.iter().filter(|f| column.checks.contains(&f.check)).collect();
    if failing.is_empty() {
        return html! { <td class="cell pass">{ icon(Symbol::Check) }{ heard("passes") }</td> };
    }
    let title: Vec<&str> = failing.iter().map(|f| f.message.as_str()).collect();
    html! {
        <td class="cell fail" title={title.join("\n")}>{ icon(Symbol::Cross) }{ heard("fails") }</td>
    }
}

fn failure(failure: &Failure) -> Html {
    let holders: Vec<String> = failure.holders.iter().map(holder).collect();
    // The holder follows by itself: once is enough.
    let held = !holders.is_empty() && failure.actual.starts_with("held");
    let actual = if held { "held" } else { failure.actual.as_str() };
    html! {
        <li class="reason" data-testid="failure" data-check={slug(failure.check)} title={failure.message.clone()}>
            <span class="reason-check">{ label(failure.check) }</span>
            <span class="reason-text">
                if !subject(failure).is_empty() {
                    <code class="subject" data-testid="failure-subject">{ subject(failure) }</code>
                }
                if !failure.required.is_empty() {
                    <span class="want"><span class="word">{ "needs " }</span>
                        <b data-testid="failure-required">{ &failure.required }</b></span>
                }
                if !actual.is_empty() {
                    <span class="want"><span class="word">{ if held { "is " } else { "has " } }</span>
                        <b data-testid="failure-actual">{ actual }</b></span>
                }
                if !holders.is_empty() {
                    <span class="want"><span class="word">{ if held { "by " } else { "held by " } }</span>
                        <b data-testid="failure-holder">{ holders.join(", ") }</b></span>
                }
                if failure.required.is_empty() && failure.actual.is_empty() {
                    <span class="want">{ &failure.message }</span>
                }
            </span>
        </li>
    }
}

fn score(verdict: &NodeVerdict) -> Html {
    let Some(total) = verdict.score else { return quiet("–") };
    let parts: Vec<String> =
        verdict.scores.iter().map(|(name, value)| format!("{name} {value:.3}")).collect();
    html! { <span title={parts.join("\n")}>{ format!("{total:.3}") }</span> }
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Feasible => "feasible",
        Outcome::Filtered => "filtered",
        Outcome::Exhausted => "exhausted",
        Outcome::Excluded | Outcome::NotTargeted => "excluded",
    }
}

fn outcome_text(verdict: &NodeVerdict) -> String {
    match (verdict.placed.len(), verdict.outcome) {
        (1, _) => "chosen".to_owned(),
        (n, _) if n > 1 => format!("chosen {n} times"),
        (_, Outcome::Feasible) => "would do".to_owned(),
        (_, Outcome::Filtered) => "unsuitable".to_owned(),
        (_, Outcome::Exhausted) => "full".to_owned(),
        (_, Outcome::Excluded) => "no candidate".to_owned(),
        (_, Outcome::NotTargeted) => "not targeted".to_owned(),
    }
}
