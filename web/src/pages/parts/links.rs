//! Links to the pages of things, by their IDs.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::router::Route;

use super::words;

/// Properties of [`JobLink`].
#[derive(Properties, PartialEq)]
pub struct JobLinkProps {
    pub id: AttrValue,
    #[prop_or_default]
    pub class: Classes,
}

/// To a job's page.
#[component]
pub fn JobLink(props: &JobLinkProps) -> Html {
    let to = Route::Job { id: props.id.to_string() };
    html! { <Link<Route> {to} classes={props.class.clone()}>{ props.id.clone() }</Link<Route>> }
}

/// Properties of [`AllocationLink`].
#[derive(Properties, PartialEq)]
pub struct AllocationLinkProps {
    pub id: AttrValue,
    #[prop_or_default]
    pub class: Classes,
    /// The short ID, if empty.
    #[prop_or_default]
    pub children: Html,
}

/// To an allocation's page.
#[component]
pub fn AllocationLink(props: &AllocationLinkProps) -> Html {
    let to = Route::Allocation { id: props.id.to_string() };
    let text = match &props.children {
        children if *children == Html::default() => html! { words::short(&props.id).to_owned() },
        children => children.clone(),
    };
    html! { <Link<Route> {to} classes={props.class.clone()}>{ text }</Link<Route>> }
}

/// Properties of [`NodeLink`].
#[derive(Properties, PartialEq)]
pub struct NodeLinkProps {
    pub id: AttrValue,
    /// The short ID is shown if the name is empty.
    pub name: AttrValue,
    #[prop_or_default]
    pub class: Classes,
}

/// To a node's page.
#[component]
pub fn NodeLink(props: &NodeLinkProps) -> Html {
    let to = Route::Node { id: props.id.to_string() };
    let text = if props.name.is_empty() {
        words::short(&props.id).to_owned()
    } else {
        props.name.to_string()
    };
    html! {
        <span data-testid="node-row-link">
            <Link<Route> {to} classes={props.class.clone()}>{ text }</Link<Route>>
        </span>
    }
}
