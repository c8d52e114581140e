//! The scene that is planned in, for all to see: what was made of the cluster, what follows, and the way back.

use steppe_planner::whatif::{Consequence, Move};
use yew::prelude::*;

use super::queue::queue;
use super::scene::{Scene, Told, edit_words};
use crate::components::{Symbol, button, icon, quiet};
use crate::draft::use_draft;
use crate::preview::words::quantity;

/// So many moves of a job are listed.
const MOVES_MAX: usize = 8;
/// So many jobs.
const JOBS_MAX: usize = 6;

/// Nothing, in the real cluster.
#[component]
pub fn SceneBanner() -> Html {
    let draft = use_draft();
    let words = &draft.shown.scene;
    if words.is_empty() {
        return Html::default();
    }
    let scene = Scene::read(words);
    let told = Told::read(draft.shown.preview.staged.as_deref().unwrap_or_default());
    let chips = scene.edits.iter().enumerate().map(|(at, edit)| {
        let text = edit_words(edit);
        let onclick = {
            let (draft, mut scene) = (draft.clone(), scene.clone());
            scene.edits.remove(at);
            Callback::from(move |_: MouseEvent| draft.set_scene(scene.written()))
        };
        html! {
            <li class="scene-chip" data-testid="scene-chip">
                { text.clone() }
                <button type="button" class="undo" aria-label={format!("Undo: {text}")} {onclick}
                    data-testid="scene-undo">{ icon(Symbol::Cross) }</button>
            </li>
        }
    });
    let leave = {
        let draft = draft.clone();
        Callback::from(move |_: MouseEvent| draft.set_scene(String::new()))
    };
    html! {
        <section class="scene" aria-label="What if" aria-live="polite" data-testid="scene">
            <div class="scene-head">
                <strong>{ "What if" }</strong>
                <span>{ "This is a try: nothing is touched." }</span>
                <span class="push" />
                { button("button small", Some("scene-leave"), &leave, "Back to the real cluster") }
            </div>
            if !scene.edits.is_empty() { <ul class="scene-chips">{ for chips }</ul> }
            if !told.error.is_empty() {
                <p class="scene-error" role="alert" data-testid="scene-error">{ format!("This cannot be tried: {}.", told.error) }</p>
            } else if !scene.edits.is_empty() {
                { consequences(&told.consequences) }
            }
            { queue(&draft, &scene, &told) }
        </section>
    }
}

fn consequences(list: &[Consequence]) -> Html {
    if list.is_empty() {
        return html! {
            <p class="quiet" data-testid="consequences">{ "No other job would notice." }</p>
        };
    }
    let more = list.len().saturating_sub(JOBS_MAX);
    html! {
        <div class="consequences" data-testid="consequences">
            <h3>{ "What would follow for other jobs" }</h3>
            <ul>
                { for list.iter().take(JOBS_MAX).map(consequence) }
                if more > 0 { <li class="quiet">{ format!("and {}", quantity(more, "other job")) }</li> }
            </ul>
        </div>
    }
}

fn consequence(of: &Consequence) -> Html {
    let more = of.moves.len().saturating_sub(MOVES_MAX);
    html! {
        <li class="consequence" data-testid="consequence" data-job={of.job_id.clone()}>
            <strong>{ &of.job_id }</strong>
            <ul>
                { for of.moves.iter().take(MOVES_MAX).map(moved) }
                if more > 0 { <li class="quiet">{ format!("and {more} more") }</li> }
                { for of.waiting.iter().map(|waiting| html! {
                    <li class="bad" data-testid="waiting">
                        { format!("{} of {} would wait: {}", waiting.count, waiting.group, waiting.why) }
                    </li>
                }) }
            </ul>
        </li>
    }
}

fn moved(of: &Move) -> Html {
    let (sign, words) = match (of.from.as_str(), of.to.as_str()) {
        ("", to) => ("+", html! { <>{ "starts on " }<b>{ to }</b></> }),
        (from, "") => ("−", html! { <>{ "ends on " }<b>{ from }</b></> }),
        (from, to) => ("", html! { <>{ from }{ " → " }<b>{ to }</b></> }),
    };
    html! {
        <li data-testid="move"><span class="sign" aria-hidden="true">{ sign }</span><code>{ &of.name }</code>{ " " }{ quiet(words) }</li>
    }
}
