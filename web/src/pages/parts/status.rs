//! A status as a word with a colour; the colour never stands alone.

use yew::prelude::*;

use super::words;

/// Properties of [`Status`].
#[derive(Properties, PartialEq)]
pub struct StatusProps {
    /// Nomad's word, possibly with more in brackets.
    pub word: AttrValue,
    #[prop_or_default]
    pub testid: Option<AttrValue>,
    #[prop_or_default]
    pub title: Option<AttrValue>,
}

/// A badge.
#[component]
pub fn Status(props: &StatusProps) -> Html {
    let word = props.word.split(' ').next().unwrap_or_default();
    html! {
        <span class="status" data-tone={words::tone(word)} data-testid={props.testid.clone()}
            title={props.title.clone()}>
            { props.word.clone() }
        </span>
    }
}
