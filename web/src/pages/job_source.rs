//! A job's text as it was deployed, or its JSON where no text is stored.

use steppe_planner::api;
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::parts::{failure, loading};
use crate::components::{button, quiet};
use crate::deploy::request::Source;
use crate::draft::use_draft;
use crate::live::http::segment;
use crate::live::{Remote, use_live, use_remote};
use crate::router::Route;

/// Properties of [`Definition`].
#[derive(Properties, PartialEq)]
pub struct DefinitionProps {
    pub job_id: AttrValue,
    pub version: u64,
}

/// The text, with the way back into the editor.
#[component]
pub fn Definition(props: &DefinitionProps) -> Html {
    let live = use_live();
    let draft = use_draft();
    let navigator = use_navigator();
    let id = segment(&props.job_id);
    let path = format!("/v1/job/{id}/submission?version={}", props.version);
    let watch = vec!["Job".to_owned()];
    let stored = use_remote::<Option<Source>>(Some(path.into()), watch);
    let (text, format) = match &stored {
        Remote::Loading if live.has_agent() => return loading(),
        Remote::Failed(error) if !error.is_not_found() => {
            return failure("The text cannot be read.", error);
        }
        Remote::Ready(source) => match &**source {
            Some(source) if !source.source.is_empty() => {
                (source.source.clone(), source.format.clone())
            }
            _ => (as_json(live.cluster.job(&props.job_id)), String::new()),
        },
        Remote::Loading | Remote::Failed(_) => {
            (as_json(live.cluster.job(&props.job_id)), String::new())
        }
    };
    let onedit = {
        let text = text.clone();
        let stored = stored.ready().and_then(Option::as_ref);
        // The values it was deployed with.
        let flags = stored.map(|source| source.variable_flags.clone()).unwrap_or_default();
        Callback::from(move |_: MouseEvent| {
            draft.give(|inputs| inputs.values.extend(flags.clone()));
            draft.replace(&text);
            if let Some(navigator) = &navigator {
                navigator.push(&Route::Plan);
            }
        })
    };
    let note = if format.is_empty() {
        "Registered without a text: this is the job as JSON.".to_owned()
    } else {
        format!("As deployed, {}.", format.to_uppercase())
    };
    html! {
        <section class="definition">
            <div class="definition-head">
                { quiet(note) }
                { button("button", Some("edit-job"), &onedit, "Open in the editor") }
            </div>
            <pre class="job-source" tabindex="0" data-testid="job-source">{ text }</pre>
        </section>
    }
}

fn as_json(job: Option<api::Job>) -> String {
    // By way of a tree: pretty printing is another serializer, and all documents in it weigh a lot.
    let tree = job.map(|job| steppe_planner::record::to_value(&job));
    tree.and_then(|t| serde_json::to_string_pretty(&t).ok()).unwrap_or_default()
}
