//! What would make the job fit, how many more fit, and the plan to take along.

use std::rc::Rc;

use gloo::utils::window;
use steppe_planner::answer::{GroupRoom, changed_lines, displaced, effect};
use steppe_planner::jobspec::edited;
use steppe_planner::record;
use steppe_planner::suggest::Suggestion;
use yew::prelude::*;

use super::ask::{About, Answered, Ask, Reply, use_answer};
use super::scene::Scene;
use crate::component::{mount, use_value};
use crate::components::{button, copyable, quiet};
use crate::draft::{Draft, use_draft};
use crate::live::http::decode;

/// Stands between the way to deploy and the placements.
#[component]
pub fn Advice() -> Html {
    let draft = use_draft();
    let answered = use_answer(Ask::default());
    if draft.shown.preview.plan.is_none() {
        return Html::default();
    }
    // An older answer stands for a moment while somebody types; it is not offered for another text.
    let Some(answered) = answered else { return Html::default() };
    let fresh = answered.source == draft.shown.source;
    html! {
        <div class={if fresh { "advice" } else { "advice stale" }} data-fresh={fresh.to_string()}>
            { suggestions(&draft, &answered, fresh) }
            <div class="advice-row">
                if answered.reply.suggestions.is_empty() { { rooms(&answered.reply.rooms) } }
                <span class="push" />
                { mount::<Take>(()) }
            </div>
        </div>
    }
}

fn rooms(rooms: &[GroupRoom]) -> Html {
    if rooms.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="rooms" aria-label="Headroom after this plan">
            { for rooms.iter().map(|room| {
                let plus = if room.at_least { "+" } else { "" };
                let class = if room.more == 0 { "room none" } else { "room" };
                html! {
                    <li {class} data-testid="headroom" data-group={room.group.clone()} data-more={room.more.to_string()}>
                        <b>{ format!("{}{plus}", room.more) }</b>
                        { if room.more == 1 { " more fits" } else { " more fit" } }
                        if rooms.len() > 1 { { " of " }<code>{ &room.group }</code> }
                        if let Some(others) = displaced(room) {
                            { quiet(format!(" another would take a place from {others}")) }
                        }
                    </li>
                }
            }) }
        </ul>
    }
}

fn suggestions(draft: &Draft, answered: &Rc<Answered>, fresh: bool) -> Html {
    let list = &answered.reply.suggestions;
    if list.is_empty() {
        return Html::default();
    }
    html! {
        <section class="block suggestions" aria-labelledby="suggestions-title" data-testid="suggestions">
            <h2 id="suggestions-title">{ "What would help" }<span class="aside">{ "each of these was tried" }</span></h2>
            <ul>{ for (0..list.len()).map(|at| suggestion(draft, answered, at, fresh)) }</ul>
        </section>
    }
}

fn suggestion(draft: &Draft, answered: &Rc<Answered>, at: usize, fresh: bool) -> Html {
    let it = &answered.reply.suggestions[at];
    let lines = changed_lines(&answered.source, it);
    html! {
        <li class="suggestion" data-testid="suggestion">
            <div class="suggestion-head">
                <span class="suggestion-title" data-testid="suggestion-title">{ &it.title }</span>
                { quiet(effect(it)) }
                <span class="push" />
                { act(draft, answered, it, at, fresh) }
            </div>
            if !lines.is_empty() {
                <pre class="suggestion-lines">{ for lines.iter().map(|(removed, line)| html! {
                    if *removed { <del>{ format!("− {line}\n") }</del> } else { <ins>{ format!("+ {line}\n") }</ins> }
                }) }</pre>
            }
            if !it.command.is_empty() { <p class="suggestion-command">{ copyable(&it.command) }</p> }
        </li>
    }
}

/// The button that changes the text, or the cluster for a try.
fn act(draft: &Draft, answered: &Rc<Answered>, it: &Suggestion, at: usize, fresh: bool) -> Html {
    let (draft, answered) = (draft.clone(), Rc::clone(answered));
    if let Some(edit) = it.edit.clone() {
        let onclick = Callback::from(move |_: MouseEvent| {
            let mut scene = Scene::read(&draft.shown.scene);
            scene.edits.push(edit.clone());
            draft.set_scene(scene.written());
        });
        return button("button small", Some("try-it"), &onclick, "What if");
    }
    let label = format!("Apply: {}", it.title);
    let onclick = Callback::from(move |_: MouseEvent| {
        // The places are those of the text that was asked about.
        if draft.text() == *answered.source {
            let edits = &answered.reply.suggestions[at].edits;
            draft.replace(&edited(&answered.source, edits));
        }
    });
    html! {
        <button type="button" class="button small" data-testid="apply" aria-label={label} disabled={!fresh} {onclick}>
            { "Apply" }
        </button>
    }
}

/// Copies the plan, for a pull request or a program.
#[component]
fn Take() -> Html {
    let draft = use_draft();
    let state = use_value("");
    let copy = |about: About, done: &'static str| {
        let (draft, state) = (draft.clone(), state.setter());
        Callback::from(move |_: MouseEvent| {
            let words = record::to_json(&Ask { about, ..Ask::default() });
            let state = state.clone();
            draft.ask_further(
                &words,
                Callback::from(move |text: String| {
                    let Ok(reply) = decode::<Reply>(&text) else { return };
                    // Without permission nothing is copied.
                    drop(window().navigator().clipboard().write_text(&reply.text));
                    state.set(done);
                }),
            );
        })
    };
    html! {
        <p class="take">
            <span class="quiet" role="status" data-testid="copied">{ *state }</span>
            { button("button small", Some("copy-markdown"), &copy(About::Markdown, "Copied as Markdown."), "Copy as Markdown") }
            { button("button small", Some("copy-json"), &copy(About::Json, "Copied as JSON."), "Copy as JSON") }
        </p>
    }
}
