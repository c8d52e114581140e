//! A status as a word with a colour; the colour never stands alone.

use yew::prelude::*;

use super::words;

/// A badge with Nomad's word, possibly with more in brackets.
pub fn status(word: &str, testid: Option<&'static str>) -> Html {
    badge(word, testid, None)
}

/// A badge that says more on hover.
pub fn titled_status(word: &str, testid: Option<&'static str>, title: &str) -> Html {
    badge(word, testid, Some(title))
}

fn badge(word: &str, testid: Option<&'static str>, title: Option<&str>) -> Html {
    let tone = words::tone(word.split(' ').next().unwrap_or_default());
    html! {
        <span class="status" data-tone={tone} data-testid={testid} title={title.map(str::to_owned)}>
            { word }
        </span>
    }
}
