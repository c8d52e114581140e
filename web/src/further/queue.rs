//! Jobs that come first: planned in order, each on what the ones before it have left; then the text.

use yew::prelude::*;

use super::scene::{Earlier, Scene, Told};
use crate::components::{Symbol, icon, quiet};
use crate::draft::Draft;

/// Those that come first, with what each would do.
pub fn queue(draft: &Draft, scene: &Scene, told: &Told) -> Html {
    if scene.before.is_empty() {
        return Html::default();
    }
    let rows = scene.before.iter().enumerate().map(|(at, earlier)| {
        let effect = told.before.get(at);
        let onclick = {
            let (draft, mut scene) = (draft.clone(), scene.clone());
            scene.before.remove(at);
            Callback::from(move |_: MouseEvent| draft.set_scene(scene.written()))
        };
        let earlier_one = (at > 0).then(|| {
            let (draft, mut scene) = (draft.clone(), scene.clone());
            scene.before.swap(at, at - 1);
            let onclick = Callback::from(move |_: MouseEvent| draft.set_scene(scene.written()));
            html! {
                <button type="button" class="undo" aria-label={format!("Plan {} earlier", earlier.name)}
                    data-testid="queue-up" {onclick}>{ "↑" }</button>
            }
        });
        html! {
            <li data-testid="queued" data-job={earlier.name.clone()}>
                <strong>{ &earlier.name }</strong>
                if let Some(effect) = effect {
                    if effect.error.is_empty() {
                        <span class={effect.headline.tone.class()}>{ &effect.headline.sentence }</span>
                    } else {
                        <span class="bad">{ format!("Left out: {}.", effect.error) }</span>
                    }
                }
                { earlier_one }
                <button type="button" class="undo" aria-label={format!("Do not plan {} first", earlier.name)}
                    data-testid="queue-remove" {onclick}>{ icon(Symbol::Cross) }</button>
            </li>
        }
    });
    html! {
        <div class="queue">
            <h3>{ "Planned first, in this order" }</h3>
            <ol>{ for rows }<li class="last">{ quiet("then the text in the editor, on what they leave") }</li></ol>
        </div>
    }
}

/// Puts one more job in front of the text.
pub fn add(draft: &Draft, name: &str, text: &str) {
    let mut scene = Scene::read(&draft.shown.scene);
    scene.before.push(Earlier { name: name.to_owned(), text: text.to_owned() });
    draft.set_scene(scene.written());
}
