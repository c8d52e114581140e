//! Tabs by the accessible pattern: arrow keys move, one panel is shown.

use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Properties of [`Tabs`].
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// A stable word and the label of each tab.
    pub tabs: Vec<(&'static str, AttrValue)>,
    pub selected: &'static str,
    pub onselect: Callback<&'static str>,
    pub label: AttrValue,
}

/// The row of tabs; the panel below is the caller's, with `role="tabpanel"`.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let at = props.tabs.iter().position(|(word, _)| *word == props.selected).unwrap_or(0);
    let words: Vec<&'static str> = props.tabs.iter().map(|(word, _)| *word).collect();
    let select = props.onselect.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let last = words.len().saturating_sub(1);
        let next = match event.key().as_str() {
            "ArrowRight" => {
                if at == last {
                    0
                } else {
                    at + 1
                }
            }
            "ArrowLeft" => {
                if at == 0 {
                    last
                } else {
                    at - 1
                }
            }
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        select.emit(words[next]);
        focus_tab(words[next]);
    });
    let items = props.tabs.iter().map(|(word, label)| {
        let selected = *word == props.selected;
        let word = *word;
        let onclick = props.onselect.reform(move |_: MouseEvent| word);
        html! {
            <button key={word} type="button" role="tab" id={format!("tab-{word}")} class="tab"
                aria-selected={selected.to_string()} tabindex={if selected { "0" } else { "-1" }}
                {onclick}>
                { label.clone() }
            </button>
        }
    });
    html! {
        <div class="tabs" role="tablist" aria-label={props.label.clone()} {onkeydown}>
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
