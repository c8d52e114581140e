//! What can be done to a job: stop it, purge it, run it again.

use steppe_planner::api;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::component::{mount, use_value};
use crate::components::button;
use crate::deploy::request;
use crate::live::use_live;

/// The buttons of a job; in a table there is no purge.
pub fn job_actions(job: &api::Job, compact: bool) -> Html {
    mount::<JobActions>(JobActionsProps {
        job_id: job.id.clone().unwrap_or_default().into(),
        namespace: job.namespace.clone().unwrap_or_else(|| "default".to_owned()).into(),
        stopped: job.stop.unwrap_or_default(),
        compact,
    })
}

#[derive(Properties, PartialEq)]
struct JobActionsProps {
    job_id: AttrValue,
    namespace: AttrValue,
    /// The job is registered as stopped.
    stopped: bool,
    compact: bool,
}

#[derive(Clone, Default, PartialEq)]
enum Doing {
    #[default]
    Nothing,
    Busy(&'static str),
    /// Purge was pressed once.
    Confirming,
    Failed(AttrValue),
}

#[component]
fn JobActions(props: &JobActionsProps) -> Html {
    let live = use_live();
    let doing = use_value(Doing::default());
    let enabled = live.has_agent() && !matches!(*doing, Doing::Busy(_));
    let run = {
        let (id, namespace) = (props.job_id.clone(), props.namespace.clone());
        let doing = doing.setter();
        Callback::from(move |what: &'static str| {
            doing.set(Doing::Busy(what));
            let (id, namespace, doing) = (id.clone(), namespace.clone(), doing.clone());
            spawn_local(async move {
                let result = match what {
                    "run" => request::run_again(&id, &namespace).await,
                    _ => request::stop(&id, &namespace, what == "purge").await,
                };
                doing.set(match result {
                    Ok(()) => Doing::Nothing,
                    Err(e) => Doing::Failed(e.to_string().into()),
                });
            });
        })
    };
    let confirming = *doing == Doing::Confirming;
    let onpurge = {
        let (run, doing) = (run.clone(), doing.clone());
        Callback::from(move |_: MouseEvent| match *doing {
            Doing::Confirming => run.emit("purge"),
            _ => doing.set(Doing::Confirming),
        })
    };
    let onkeep = {
        let doing = doing.setter();
        Callback::from(move |_: MouseEvent| doing.set(Doing::Nothing))
    };
    let act = |testid: &'static str, what: &'static str, idle: &'static str, busy: &'static str| {
        let onclick = run.reform(move |_: MouseEvent| what);
        let label = if *doing == Doing::Busy(what) { busy } else { idle };
        html! {
            <button type="button" class="button" data-testid={testid} disabled={!enabled} {onclick}>
                { label }
            </button>
        }
    };
    let purge = match *doing {
        Doing::Confirming => "Purge for good",
        Doing::Busy("purge") => "Purging…",
        _ => "Purge",
    };
    html! {
        <div class="job-actions">
            if props.stopped {
                { act("run-again", "run", "Run again", "Starting…") }
            } else {
                { act("stop", "stop", "Stop", "Stopping…") }
            }
            if !props.compact {
                <button type="button" class="button danger" data-testid="purge" disabled={!enabled}
                    onclick={onpurge} title="Stops the job and forgets its versions">{ purge }</button>
                if confirming {
                    { button("button", None, &onkeep, "Keep it") }
                }
            }
            if let Doing::Failed(text) = &*doing {
                <span class="failure" role="alert">{ text.clone() }</span>
            }
        </div>
    }
}
