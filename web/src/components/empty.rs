//! What a page shows when there is nothing to show: what is missing, and what to do about it.

use yew::prelude::*;

/// A calm placeholder.
pub fn empty(title: &str, body: Html) -> Html {
    html! {
        <div class="empty" data-testid="empty">
            <p class="empty-title">{ title }</p>
            <div class="empty-body">{ body }</div>
        </div>
    }
}
