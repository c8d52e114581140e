//! Links to the pages of things, by their IDs.

use yew::prelude::*;

use super::words;
use crate::router::{Route, link};

/// To a job's page.
pub fn job_link(id: &str, class: &'static str) -> Html {
    link(Route::Job { id: id.to_owned() }, class, id)
}

/// To an allocation's page; shows the short ID if the name is empty.
pub fn allocation_link(id: &str, name: &str, class: &'static str) -> Html {
    link(Route::Allocation { id: id.to_owned() }, class, or_short(name, id))
}

/// To a node's page; shows the short ID if the name is empty.
pub fn node_link(id: &str, name: &str, class: &'static str) -> Html {
    html! {
        <span data-testid="node-row-link">
            { link(Route::Node { id: id.to_owned() }, class, or_short(name, id)) }
        </span>
    }
}

fn or_short<'a>(name: &'a str, id: &'a str) -> &'a str {
    if name.is_empty() { words::short(id) } else { name }
}
