//! The menu of jobs to start from. Choosing one replaces the text; undo brings the old one back.

use web_sys::{FocusEvent, KeyboardEvent};
use yew::prelude::*;

use crate::component::use_value;
use crate::components::{Symbol, icon};
use crate::draft::use_draft;
use crate::examples;

/// A button with a list.
#[component]
pub fn ExampleMenu() -> Html {
    let draft = use_draft();
    let open = use_value(false);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let onkeydown = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                open.set(false);
            }
        })
    };
    let onfocusout = {
        let open = open.clone();
        Callback::from(move |event: FocusEvent| {
            use wasm_bindgen::JsCast;
            let inside = event.current_target().and_then(|t| t.dyn_into::<web_sys::Node>().ok());
            let next = event.related_target().and_then(|t| t.dyn_into::<web_sys::Node>().ok());
            if !inside.is_some_and(|menu| menu.contains(next.as_ref())) {
                open.set(false);
            }
        })
    };
    let items = examples::ALL.iter().map(|example| {
        let onclick = {
            let (draft, open) = (draft.clone(), open.clone());
            Callback::from(move |_: MouseEvent| {
                draft.replace(example.source);
                open.set(false);
            })
        };
        html! {
            <button type="button" role="menuitem" class="menu-item" {onclick}
                data-testid="example" data-example={example.key}>
                <span class="menu-title">{ example.title }</span>
                <span class="menu-note">{ example.note }</span>
            </button>
        }
    });
    html! {
        <div class="menu" {onkeydown} {onfocusout}>
            <button type="button" class="button small" data-testid="example-menu" onclick={toggle}
                aria-haspopup="menu" aria-expanded={open.to_string()}>
                { icon(Symbol::Book) }{ "Examples" }
            </button>
            if *open { <div class="menu-list" role="menu">{ for items }</div> }
        </div>
    }
}
