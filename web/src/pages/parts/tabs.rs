//! Tabs by the accessible pattern: arrow keys move, one panel is shown.

use wasm_bindgen::JsCast;
use yew::prelude::*;

/// A stable word and the label of a tab.
pub type Tab = (&'static str, &'static str);

/// The row of tabs; the panel below is the caller's, with `role="tabpanel"`.
pub fn tabs(
    tabs: &'static [Tab],
    selected: &'static str,
    onselect: &Callback<&'static str>,
    label: &'static str,
) -> Html {
    let at = tabs.iter().position(|(word, _)| *word == selected).unwrap_or(0);
    let select = onselect.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let next = match event.key().as_str() {
            "ArrowRight" => (at + 1) % tabs.len(),
            "ArrowLeft" => (at + tabs.len() - 1) % tabs.len(),
            "Home" => 0,
            "End" => tabs.len() - 1,
            _ => return,
        };
        event.prevent_default();
        let (word, _) = tabs[next];
        select.emit(word);
        focus_tab(word);
    });
    let items = tabs.iter().map(|(word, label)| {
        let word = *word;
        let selected = word == selected;
        let onclick = onselect.reform(move |_: MouseEvent| word);
        html! {
            <button key={word} type="button" role="tab" id={format!("tab-{word}")} class="tab"
                aria-selected={selected.to_string()} tabindex={if selected { "0" } else { "-1" }}
                {onclick}>
                { *label }
            </button>
        }
    });
    html! {
        <div class="tabs" role="tablist" aria-label={label} {onkeydown}>
            { for items }
        </div>
    }
}

fn focus_tab(word: &str) {
    let tab = gloo::utils::document().get_element_by_id(&format!("tab-{word}"));
    if let Some(tab) = tab.and_then(|t| t.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Focus fails only for an element that is not shown.
        let _ = tab.focus();
    }
}
