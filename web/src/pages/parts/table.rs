//! What tables share: a limit on the rows drawn, a filter, a heading.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::component::use_value;
use crate::components::button;

/// Rows drawn before the user asks for more.
const STEP: usize = 100;

/// How many rows of a table are drawn, and the way to more.
pub struct Shown {
    pub rows: usize,
    onmore: Callback<MouseEvent>,
}

/// A limit on the rows of a table.
#[hook]
pub fn use_shown() -> Shown {
    let rows = use_value(STEP);
    let onmore = {
        let rows = rows.clone();
        Callback::from(move |_| rows.set(*rows + 5 * STEP))
    };
    Shown { rows: *rows, onmore }
}

impl Shown {
    /// The button below a cut table.
    pub fn more(&self, total: usize) -> Html {
        if total <= self.rows {
            return Html::default();
        }
        html! {
            <p class="more">
                { format!("{} of {total} shown. ", self.rows) }
                { button("button", None, &self.onmore, "Show more") }
            </p>
        }
    }
}

/// A text that rows must contain, and the field for it.
#[hook]
pub fn use_filter(label: &'static str) -> (AttrValue, Html) {
    let filter = use_value(AttrValue::default());
    let oninput = {
        let filter = filter.setter();
        Callback::from(move |event: InputEvent| {
            let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            filter.set(AttrValue::from(input.map(|i| i.value()).unwrap_or_default()));
        })
    };
    let value = (*filter).clone();
    let field = html! {
        <input type="search" class="filter" placeholder={label} aria-label={label}
            value={value.clone()} {oninput} />
    };
    (value, field)
}

/// True if one of the texts contains the filter, whatever the case.
pub fn matches(filter: &str, texts: &[&str]) -> bool {
    let wanted = filter.trim().to_lowercase();
    wanted.is_empty() || texts.iter().any(|t| t.to_lowercase().contains(&wanted))
}
