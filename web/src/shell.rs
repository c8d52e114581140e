//! The frame around every page: navigation, the state of the agent's line, the banner when it matters.

use gloo::file::File;
use gloo::file::callbacks::{FileReader, read_as_text};
use std::rc::Rc;
use web_sys::{HtmlInputElement, MouseEvent};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::{Icon, Symbol};
use crate::draft::use_draft;
use crate::live::{Link as Line, use_live};
use crate::router::Route;
use crate::theme::ThemeToggle;

const NAVIGATION: [(Route, &str, &str); 5] = [
    (Route::Plan, "Plan", "nav-plan"),
    (Route::Topology, "Topology", "nav-topology"),
    (Route::Jobs, "Jobs", "nav-jobs"),
    (Route::Allocations, "Allocations", "nav-allocations"),
    (Route::Nodes, "Nodes", "nav-nodes"),
];

/// Properties of [`Shell`].
#[derive(Properties, PartialEq)]
pub struct ShellProps {
    pub children: Html,
}

/// Header, banner, page.
#[component]
pub fn Shell(props: &ShellProps) -> Html {
    let lit = use_route::<Route>().map(|r| r.section()).unwrap_or(Route::NotFound);
    let entries = NAVIGATION.iter().map(|(route, name, id)| {
        let current = *route == lit;
        html! {
            <Link<Route> to={route.clone()} classes={classes!("nav-link", current.then_some("current"))}>
                <span data-testid={*id} aria-current={current.then_some("page")}>{ *name }</span>
            </Link<Route>>
        }
    });
    html! {
        <div class="shell">
            <a class="skip" href="#main">{ "Skip to the page" }</a>
            <header class="bar">
                <Link<Route> to={Route::Plan} classes="brand">
                    <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" class="mark">
                        <path d="M2 17c3.5 0 4-4 7-4s3.5 4 6.500 4 3.500-3 6.500-3" />
                        <path d="M2 21c4 0 5-3 9-3s5 3 11 3" />
                        <path d="M7 10 12 3l5 7" />
                    </svg>
                    <span>{ "Steppe" }</span>
                </Link<Route>>
                <nav class="nav" aria-label="Pages">{ for entries }</nav>
                <div class="bar-end">
                    <LineState />
                    <ThemeToggle />
                </div>
            </header>
            <Banner />
            <main id="main" class="page">{ props.children.clone() }</main>
        </div>
    }
}

#[component]
fn LineState() -> Html {
    let live = use_live();
    let (class, text, title) = match live.link {
        Line::Connecting => ("waiting", "connecting", "Asking the agent for the cluster"),
        Line::Live => ("live", "live", "Every change of the cluster arrives at once"),
        Line::Lost => ("lost", "agent lost", "Planning goes on with the last known cluster"),
        Line::NoAgent => ("sample", "sample", "No agent answered: this is a sample cluster"),
    };
    html! {
        <span class={classes!("line-state", class)} data-testid="line-state" {title} role="status">
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
    let opened = use_state(|| None::<AttrValue>);
    let reading = use_state(|| None::<FileReader>);
    let onchange = {
        let (opened, draft) = (opened.setter(), draft.clone());
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let Some(file) = input.files().and_then(|list| list.get(0)).map(File::from) else {
                return;
            };
            let (opened, draft, name) = (opened.clone(), draft.clone(), file.name());
            reading.set(Some(read_as_text(&file, move |text| {
                if let Ok(text) = text {
                    draft.load(Rc::from(text));
                    opened.set(Some(name.into()));
                }
            })));
        })
    };
    let refused = draft.shown.snapshot_error.clone().map(|why| {
        html! { <span class="banner-why">{ format!("The file cannot be used: {why}.") }</span> }
    });
    match live.link {
        Line::Connecting | Line::Live => Html::default(),
        Line::Lost => html! {
            <div class="banner lost" role="status" data-testid="agent-banner" data-state="lost">
                <Icon symbol={Symbol::Warning} />
                <span><strong>{ "The agent does not answer." }</strong>
                { " The preview goes on with the last known cluster; the page reconnects by itself." }</span>
            </div>
        },
        Line::NoAgent => html! {
            <div class="banner sample" role="status" data-testid="agent-banner" data-state="no-agent">
                <Icon symbol={Symbol::Note} />
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
                    <Icon symbol={Symbol::Upload} />{ "Open a snapshot" }
                    <input type="file" accept=".json,application/json" class="visually-hidden"
                        data-testid="snapshot-file" {onchange} onclick={|e: MouseEvent| e.stop_propagation()} />
                </label>
            </div>
        },
    }
}
