//! What stands where data would: loading, or failed.

use yew::prelude::*;

use crate::live::http::ApiError;

/// Data are on their way.
pub fn loading() -> Html {
    html! {
        <div class="loading" role="status" aria-live="polite">
            <span class="spinner" aria-hidden="true" />{ "Loading…" }
        </div>
    }
}

/// What could not be done, and the agent's refusal in its words.
pub fn failure(what: &'static str, error: &ApiError) -> Html {
    html! {
        <div class="failure" role="alert" data-testid="failure">
            <strong>{ what }</strong>
            <span>{ error.to_string() }</span>
        </div>
    }
}
