//! The agent wants a token: asks for it and keeps it as a cookie, which sockets carry too.
//!
//! The agent checks it on every request; nothing here knows whether it is right.

use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlInputElement};
use yew::prelude::*;

/// A year; the agent's own token does not end either.
const KEPT_SECONDS: u32 = 365 * 24 * 3600;

const FIELD: &str = "token-field";

/// Stands in place of every page until the agent lets the browser in.
pub(super) fn token_form() -> Html {
    let onsubmit = Callback::from(|event: SubmitEvent| {
        event.prevent_default();
        let field = document().get_element_by_id(FIELD);
        if let Some(field) = field.and_then(|f| f.dyn_into::<HtmlInputElement>().ok()) {
            keep(field.value().trim());
        }
    });
    html! {
        <main class="token-page">
            <form class="token" data-testid="token-form" {onsubmit}>
                <h1>{ "This agent wants a token" }</h1>
                <p class="quiet">{ "It listens beyond this machine, so it lets in only who knows its token. \
                    It printed the token when it started." }</p>
                <label for={FIELD}>{ "Token" }</label>
                <input id={FIELD} class="filter" type="password" name="token"
                    autocomplete="current-password" required=true data-testid="token-field" />
                <button type="submit" class="button primary">{ "Enter" }</button>
            </form>
        </main>
    }
}

fn keep(token: &str) {
    // What a cookie cannot hold is no token of the agent's either.
    let fits = |c: char| c.is_ascii_graphic() && !matches!(c, ';' | ',' | '"' | '\\');
    if token.is_empty() || !token.chars().all(fits) {
        return;
    }
    let cookie = format!("steppe-token={token}; path=/; max-age={KEPT_SECONDS}; SameSite=Strict");
    if let Some(document) = document().dyn_ref::<HtmlDocument>()
        && document.set_cookie(&cookie).is_ok()
    {
        // Everything begins anew, with the token.
        let _ = window().location().reload();
    }
}
