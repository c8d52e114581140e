//! A value in fixed-width type that a click copies.

use gloo::timers::callback::Timeout;
use gloo::utils::window;
use yew::prelude::*;

/// How long the tick stays.
const SHOWN_MS: u32 = 1_200;

/// Properties of [`Copyable`].
#[derive(Properties, PartialEq)]
pub struct CopyableProps {
    /// What is copied.
    pub value: AttrValue,
    /// What is shown, if shorter.
    #[prop_or_default]
    pub label: Option<AttrValue>,
}

/// Text with a copy button of its own.
#[component]
pub fn Copyable(props: &CopyableProps) -> Html {
    let copied = use_state(|| None::<Timeout>);
    let onclick = {
        let value = props.value.clone();
        let copied = copied.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            let clipboard = window().navigator().clipboard();
            // Without permission nothing is copied; the text can still be selected.
            drop(clipboard.write_text(&value));
            let after = copied.setter();
            let timer = Timeout::new(SHOWN_MS, move || after.set(None));
            copied.set(Some(timer));
        })
    };
    let shown = props.label.as_ref().unwrap_or(&props.value);
    html! {
        <button type="button" class={classes!("copyable", copied.is_some().then_some("copied"))}
            title={format!("Copy {}", props.value)} {onclick}>{ shown }</button>
    }
}
