//! The frame around every page: navigation, the state of the agent's line, the banner when it matters.

use std::rc::Rc;

use web_sys::{HtmlInputElement, MouseEvent};
use yew::prelude::*;
use yew_router::hooks::use_route;

use crate::component::{mount, use_text_file, use_value};
use crate::components::{Symbol, icon};
use crate::draft::use_draft;
use crate::live::{Link as Line, use_live};
use crate::router::{Route, link_around, page};
use crate::theme::ThemeToggle;

const NAVIGATION: [(Route, &str, &str); 5] = [
    (Route::Plan, "Plan", "nav-plan"),
    (Route::Topology, "Topology", "nav-topology"),
    (Route::Jobs, "Jobs", "nav-jobs"),
    (Route::Allocations, "Allocations", "nav-allocations"),
    (Route::Nodes, "Nodes", "nav-nodes"),
];

/// Header, banner, page.
#[component]
pub fn Shell() -> Html {
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    let live = use_live();
    let lit = route.section();
    let entries = NAVIGATION.iter().map(|(route, name, id)| {
        let current = *route == lit;
        let class = if current { "nav-link current" } else { "nav-link" };
        let entry = html! {
            <span data-testid={*id} aria-current={current.then_some("page")}>{ *name }</span>
        };
        link_around(route.clone(), class, entry)
    });
    html! {
        <div class="shell">
            <a class="skip" href="#main">{ "Skip to the page" }</a>
            <header class="bar">
                { link_around(Route::Plan, "brand", brand()) }
                <nav class="nav" aria-label="Pages">{ for entries }</nav>
                <div class="bar-end">
                    { line_state(live.link) }
                    { mount::<ThemeToggle>(()) }
                </div>
            </header>
            { mount::<Banner>(()) }
            <main id="main" class="page">{ page(route) }</main>
        </div>
    }
}

fn brand() -> Html {
    html! {
        <>
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" class="mark">
            <path d="M2 17c3.5 0 4-4 7-4s3.5 4 6.500 4 3.500-3 6.500-3" />
            <path d="M2 21c4 0 5-3 9-3s5 3 11 3" />
            <path d="M7 10 12 3l5 7" />
        </svg>
        <span>{ "Steppe" }</span>
        </>
    }
}

fn line_state(line: Line) -> Html {
    let (class, text, title) = match line {
        Line::Connecting => ("waiting", "connecting", "Asking the agent for the cluster"),
        Line::Live => ("live", "live", "Every change of the cluster arrives at once"),
        Line::Lost => ("lost", "agent lost", "Planning goes on with the last known cluster"),
        Line::NoAgent => ("sample", "sample", "No agent answered: this is a sample cluster"),
    };
    html! {
        <span class={format!("line-state {class}")} data-testid="line-state" {title} role="status">
            <span class="dot" aria-hidden="true" />
            <span class="line-word">{ text }</span>
        </span>
    }
}

/// Says what is not as usual, and what can be done.
#[component]
fn Banner() -> Html {
    let live = use_live();
    let draft = use_draft();
    let opened = use_value(None::<AttrValue>);
    let take = {
        let (opened, open) = (opened.setter(), live.open.clone());
        use_text_file(Callback::from(move |(name, text): (String, String)| {
            open.emit(Rc::from(text));
            opened.set(Some(name.into()));
        }))
    };
    let onchange = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        take.emit(input.files());
    });
    let refused = draft.shown.snapshot_error.clone().map(|why| {
        html! { <span class="banner-why">{ format!("The file cannot be used: {why}.") }</span> }
    });
    match live.link {
        Line::Connecting | Line::Live => Html::default(),
        Line::Lost => html! {
            <div class="banner lost" role="status" data-testid="agent-banner" data-state="lost">
                { icon(Symbol::Warning) }
                <span><strong>{ "The agent does not answer." }</strong>
                { " The preview goes on with the last known cluster; the page reconnects by itself." }</span>
            </div>
        },
        Line::NoAgent => html! {
            <div class="banner sample" role="status" data-testid="agent-banner" data-state="no-agent">
                { icon(Symbol::Note) }
                <span>
                    if let Some(name) = &*opened {
                        { "Planning against " }<strong>{ name }</strong>{ ". Nothing can be deployed from here." }
                    } else {
                        <strong>{ "No agent answers here." }</strong>
                        { " You are planning against a sample cluster; nothing can be deployed." }
                    }
                    { refused }
                </span>
                <label class="button small">
                    { icon(Symbol::Upload) }{ "Open a snapshot" }
                    <input type="file" accept=".json,application/json" class="visually-hidden"
                        data-testid="snapshot-file" {onchange} onclick={|e: MouseEvent| e.stop_propagation()} />
                </label>
            </div>
        },
    }
}
