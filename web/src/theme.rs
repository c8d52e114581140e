//! Dark or light: the system's choice unless the user made one, which is then remembered.
//!
//! `start.js` applies a stored choice before the first paint; this file changes it.

use gloo::storage::{LocalStorage, Storage};
use gloo::utils::document_element;
use yew::prelude::*;

use crate::component::use_value;
use crate::components::{Symbol, icon};

const KEY: &str = "steppe.theme";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    fn stored() -> Theme {
        match document_element().get_attribute("data-theme").as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        }
    }

    fn next(self) -> Theme {
        match self {
            Theme::System => Theme::Dark,
            Theme::Dark => Theme::Light,
            Theme::Light => Theme::System,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    fn symbol(self) -> Symbol {
        match self {
            Theme::System => Symbol::Contrast,
            Theme::Light => Symbol::Sun,
            Theme::Dark => Symbol::Moon,
        }
    }

    fn apply(self) {
        let root = document_element();
        // A private window may refuse to store; the choice then lasts as long as the page.
        if self == Theme::System {
            LocalStorage::delete(KEY);
            let _ = root.remove_attribute("data-theme");
        } else {
            let _ = LocalStorage::raw().set_item(KEY, self.word());
            let _ = root.set_attribute("data-theme", self.word());
        }
    }
}

/// The button that goes through system, dark and light.
#[component]
pub fn ThemeToggle() -> Html {
    let theme = use_value(Theme::stored());
    let onclick = {
        let theme = theme.clone();
        Callback::from(move |_: MouseEvent| {
            let next = theme.next();
            next.apply();
            theme.set(next);
        })
    };
    let label = format!("Colours: {}. Change to {}.", theme.word(), theme.next().word());
    html! {
        <button class="icon-button" type="button" data-testid="theme-toggle" {onclick}
            data-theme-choice={theme.word()} aria-label={label.clone()} title={label}>
            { icon(theme.symbol()) }
        </button>
    }
}
