//! Why a group goes to a node or not: every check with what was asked and what is there, and the node's score beside
//! those that won. Its address stays good: the text it belongs to is remembered in the browser.

use gloo::utils::window;
use steppe_planner::answer::{Rival, WhyNot};
use steppe_planner::plan::{Checked, Failure};
use yew::prelude::*;

use super::ask::{About, Ask, use_answer};
use super::checks::{holder, label, slug, subject};
use crate::component::use_after;
use crate::components::{Symbol, copyable_as, empty, heard, icon, note, quiet};
use crate::draft::use_draft;
use crate::router::{Route, link, link_around};

/// Properties of [`Why`].
#[derive(Properties, PartialEq)]
pub struct WhyProps {
    pub group: AttrValue,
    pub node: AttrValue,
}

/// In place of the plan's rows.
#[component]
pub fn Why(props: &WhyProps) -> Html {
    let draft = use_draft();
    let (group, node) = (props.group.to_string(), props.node.to_string());
    let ask = Ask { about: About::Why, group, node, ..Ask::default() };
    let answered = use_answer(ask.clone());
    let heading = use_node_ref();
    {
        // Who comes from the plan's rows is taken to the top of the answer.
        let heading = heading.clone();
        use_after((props.group.clone(), props.node.clone()), move || {
            if let Some(heading) = heading.cast::<web_sys::HtmlElement>() {
                let _ = heading.focus();
            }
        });
    }
    let body = match &answered {
        _ if draft.shown.preview.plan.is_none() => {
            note("As soon as the text can be planned, the answer is here.")
        }
        Some(answered) if answered.ask == ask => match &answered.reply.why {
            Some(why) => whole(why),
            None => nowhere(props),
        },
        _ => note("Looking at every check…"),
    };
    html! {
        <section class="why" data-testid="why" aria-label={format!("{} on {}", props.group, props.node)}>
            <div class="why-way">
                { link_around(Route::Plan, "button small", html! { <>{ icon(Symbol::Back) }{ "The whole plan" }</> }) }
                <span class="push" />
                { copyable_as(&window().location().href().unwrap_or_default(), "Copy link") }
            </div>
            <h2 class="why-title" tabindex="-1" ref={heading}><code>{ &props.group }</code>{ quiet(" on ") }<strong>{ &props.node }</strong></h2>
            { body }
        </section>
    }
}

fn nowhere(props: &WhyProps) -> Html {
    let title = format!("There is no group {} or no node {} now", props.group, props.node);
    empty(&title, link(Route::Plan, "button", "Go to the plan"))
}

fn whole(why: &WhyNot) -> Html {
    let tone = match (why.node.placed.is_empty(), why.node.failures.is_empty()) {
        (false, _) => "good",
        (true, true) => "quiet",
        (true, false) => "bad",
    };
    html! {
        <>
            <p class={classes!("why-answer", tone)} data-testid="why-answer">{ &why.answer }</p>
            { checks(&why.checks) }
            { scores(why) }
            { room(why) }
        </>
    }
}

fn checks(list: &[Checked]) -> Html {
    let rows = list.iter().map(|checked| {
        let (check, passed) = (&checked.check, checked.passed);
        html! {
            <tr class={if passed { "pass" } else { "fail" }} data-testid="why-check" data-check={slug(check.check)}
                data-passed={passed.to_string()} title={check.message.clone()}>
                <td class="mark">{ icon(if passed { Symbol::Check } else { Symbol::Cross }) }
                    { heard(if passed { "passes" } else { "fails" }) }</td>
                <th scope="row">{ label(check.check) }
                    if !subject(check).is_empty() { <code class="subject">{ subject(check) }</code> }</th>
                <td data-label="needs">{ &check.required }</td>
                <td data-label="has">{ there(check) }</td>
            </tr>
        }
    });
    html! {
        <div class="scroll-x"><table class="why-checks">
            <caption class="visually-hidden">{ "Every check of this node" }</caption>
            <thead><tr>
                <th scope="col">{ heard("Result") }</th><th scope="col">{ "Check" }</th>
                <th scope="col">{ "Needs" }</th><th scope="col">{ "Has" }</th>
            </tr></thead>
            <tbody>{ for rows }</tbody>
        </table></div>
    }
}

/// What is there, who holds it, and how much is missing.
fn there(check: &Failure) -> Html {
    let holders: Vec<String> = check.holders.iter().map(holder).collect();
    let held = !holders.is_empty() && check.actual.starts_with("held");
    html! {
        <>
            { if held { "held" } else { check.actual.as_str() } }
            if let Some(short) = check.shortfall { <b class="short">{ format!(" · {short} short") }</b> }
            if !holders.is_empty() {
                <span class="holders">{ if held { " by " } else { " · held by " } }{ holders.join(", ") }</span>
            }
        </>
    }
}

/// The node's score beside those of the nodes that were chosen, part by part.
fn scores(why: &WhyNot) -> Html {
    let own =
        why.rivals.first().map_or((why.node.score, &why.node.scores), |r| (r.own, &r.own_scores));
    if own.0.is_none() && why.rivals.is_empty() {
        return Html::default();
    }
    let mut parts: Vec<&String> = own.1.keys().collect();
    parts.extend(why.rivals.iter().flat_map(|rival| rival.scores.keys()));
    parts.sort_unstable();
    parts.dedup();
    let rows = parts.into_iter().map(|part| {
        row(part, own.1.get(part).copied(), &why.rivals, |rival| rival.scores.get(part).copied())
    });
    html! {
        <section class="block">
            <h2>{ "Scores" }<span class="aside">{ "the mean decides" }</span></h2>
            <div class="scroll-x"><table class="why-scores" data-testid="why-scores">
                <thead><tr>
                    <th scope="col">{ "Part" }</th>
                    <th scope="col" class="num">{ &why.node.node_name }</th>
                    { for why.rivals.iter().map(|rival| html! {
                        <th scope="col" class="num">{ &rival.node_name }<span class="for">{ &rival.name }</span></th>
                    }) }
                </tr></thead>
                <tbody>{ for rows }</tbody>
                <tfoot>{ row("mean", own.0, &why.rivals, |rival| Some(rival.score)) }</tfoot>
            </table></div>
        </section>
    }
}

fn row(part: &str, own: Option<f64>, rivals: &[Rival], of: impl Fn(&Rival) -> Option<f64>) -> Html {
    let cell = |value: Option<f64>| {
        let text = value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"));
        html! { <td class="num">{ text }</td> }
    };
    html! {
        <tr><th scope="row">{ part.to_owned() }</th>{ cell(own) }{ for rivals.iter().map(|r| cell(of(r))) }</tr>
    }
}

fn room(why: &WhyNot) -> Html {
    let plus = if why.at_least { "or more " } else { "" };
    let then: Vec<&str> = why.next.iter().map(|failure| failure.message.as_str()).collect();
    let text = match (why.more, then.as_slice()) {
        (0, _) => return Html::default(),
        (more, []) => format!("After the plan, {more} {plus}more would fit on this node."),
        (more, then) => {
            let then = then.join("; ");
            format!("After the plan, {more} {plus}more would fit on this node; then: {then}.")
        }
    };
    html! { <p class="quiet" data-testid="why-room">{ text }</p> }
}
