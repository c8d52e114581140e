//! What a page shows when there is nothing to show: what is missing, and what to do about it.

use yew::prelude::*;

/// Properties of [`Empty`].
#[derive(Properties, PartialEq)]
pub struct EmptyProps {
    pub title: AttrValue,
    #[prop_or_default]
    pub children: Html,
}

/// A calm placeholder.
#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    html! {
        <div class="empty" data-testid="empty">
            <p class="empty-title">{ &props.title }</p>
            <div class="empty-body">{ props.children.clone() }</div>
        </div>
    }
}
