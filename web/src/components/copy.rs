//! A value in fixed-width type that a click copies.

use gloo::timers::callback::Timeout;
use gloo::utils::window;
use yew::prelude::*;

use crate::component::{mount, use_keeper, use_value};

/// How long the tick stays.
const SHOWN_MS: u32 = 1_200;

/// A value with a copy button of its own.
pub fn copyable(value: &str) -> Html {
    copyable_as(value, value)
}

/// The same, shown in a shorter form.
pub fn copyable_as(value: &str, label: &str) -> Html {
    mount::<Copyable>(CopyableProps {
        value: value.to_owned().into(),
        label: label.to_owned().into(),
    })
}

#[derive(Properties, PartialEq)]
struct CopyableProps {
    /// What is copied.
    value: AttrValue,
    /// What is shown.
    label: AttrValue,
}

#[component]
fn Copyable(props: &CopyableProps) -> Html {
    let copied = use_value(false);
    let timer = use_keeper();
    let onclick = {
        let (value, copied) = (props.value.clone(), copied.setter());
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            let clipboard = window().navigator().clipboard();
            // Without permission nothing is copied; the text can still be selected.
            drop(clipboard.write_text(&value));
            copied.set(true);
            let after = copied.clone();
            timer.keep(Timeout::new(SHOWN_MS, move || after.set(false)));
        })
    };
    html! {
        <button type="button" class={if *copied { "copyable copied" } else { "copyable" }}
            title={format!("Copy {}", props.value)} {onclick}>{ &props.label }</button>
    }
}
