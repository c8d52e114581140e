//! What tables share: a limit on the rows drawn, a filter, a heading.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Rows drawn before the user asks for more.
const STEP: usize = 100;

/// How many rows to draw, and the way to more.
#[hook]
pub fn use_shown() -> (usize, Callback<()>) {
    let shown = use_state(|| STEP);
    let more = {
        let shown = shown.clone();
        Callback::from(move |()| shown.set(*shown + 5 * STEP))
    };
    (*shown, more)
}

/// Properties of [`More`].
#[derive(Properties, PartialEq)]
pub struct MoreProps {
    pub shown: usize,
    pub total: usize,
    pub onmore: Callback<()>,
}

/// The button below a cut table.
#[component]
pub fn More(props: &MoreProps) -> Html {
    if props.total <= props.shown {
        return Html::default();
    }
    let onclick = props.onmore.reform(|_: MouseEvent| ());
    html! {
        <p class="more">
            { format!("{} of {} shown. ", props.shown, props.total) }
            <button type="button" class="button" {onclick}>{ "Show more" }</button>
        </p>
    }
}

/// Properties of [`Filter`].
#[derive(Properties, PartialEq)]
pub struct FilterProps {
    pub value: AttrValue,
    pub label: AttrValue,
    pub onchange: Callback<AttrValue>,
}

/// A text that rows must contain.
#[component]
pub fn Filter(props: &FilterProps) -> Html {
    let oninput = props.onchange.reform(|event: InputEvent| {
        let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        AttrValue::from(input.map(|i| i.value()).unwrap_or_default())
    });
    html! {
        <input type="search" class="filter" placeholder={props.label.clone()}
            aria-label={props.label.clone()} value={props.value.clone()} {oninput} />
    }
}

/// True if one of the texts contains the filter, whatever the case.
pub fn matches(filter: &str, texts: &[&str]) -> bool {
    let wanted = filter.trim().to_lowercase();
    wanted.is_empty() || texts.iter().any(|t| t.to_lowercase().contains(&wanted))
}
