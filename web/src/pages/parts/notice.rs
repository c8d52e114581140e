//! What stands where data would: loading, or failed.

use yew::prelude::*;

use crate::live::http::ApiError;

/// Data are on their way.
#[component]
pub fn Loading() -> Html {
    html! {
        <div class="loading" role="status" aria-live="polite">
            <span class="spinner" aria-hidden="true" />{ "Loading…" }
        </div>
    }
}

/// Properties of [`Failure`].
#[derive(Properties, PartialEq)]
pub struct FailureProps {
    /// What could not be done: `Read the job`.
    pub what: AttrValue,
    pub error: ApiError,
}

/// The agent's refusal, in its words.
#[component]
pub fn Failure(props: &FailureProps) -> Html {
    html! {
        <div class="failure" role="alert" data-testid="failure">
            <strong>{ props.what.clone() }</strong>
            <span>{ props.error.to_string() }</span>
        </div>
    }
}
