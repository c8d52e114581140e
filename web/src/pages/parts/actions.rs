//! What can be done to a job: stop it, purge it, run it again.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::deploy::request;
use crate::live::use_live;

/// Properties of [`JobActions`].
#[derive(Properties, PartialEq)]
pub struct JobActionsProps {
    pub job_id: AttrValue,
    pub namespace: AttrValue,
    /// The job is registered as stopped.
    pub stopped: bool,
    /// In a table: no purge.
    #[prop_or_default]
    pub compact: bool,
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

/// The buttons of a job.
#[component]
pub fn JobActions(props: &JobActionsProps) -> Html {
    let live = use_live();
    let doing = use_state_eq(Doing::default);
    let enabled = live.has_agent() && !matches!(*doing, Doing::Busy(_));
    let run = {
        let (id, namespace) = (props.job_id.clone(), props.namespace.clone());
        let doing = doing.setter();
        Callback::from(move |what: &'static str| {
            doing.set(Doing::Busy(what));
            let (id, namespace, doing) = (id.clone(), namespace.clone(), doing.clone());
            spawn_local(async move {
                let result = match what {
                    "stop" => request::stop(&id, &namespace, false).await,
                    "purge" => request::stop(&id, &namespace, true).await,
                    _ => request::run_again(&id, &namespace).await,
                };
                doing.set(result.map_or_else(|e| Doing::Failed(e.into()), |()| Doing::Nothing));
            });
        })
    };
    let onclick = |what: &'static str| run.reform(move |_: MouseEvent| what);
    let onpurge = {
        let (run, doing) = (run.clone(), doing.clone());
        Callback::from(move |_: MouseEvent| match *doing {
            Doing::Confirming => run.emit("purge"),
            _ => doing.set(Doing::Confirming),
        })
    };
    let confirming = *doing == Doing::Confirming;
    let label = |what: &'static str, idle: &'static str, busy: &'static str| {
        if *doing == Doing::Busy(what) { busy } else { idle }
    };
    html! {
        <div class="job-actions">
            if props.stopped {
                <button type="button" class="button" data-testid="run-again" disabled={!enabled}
                    onclick={onclick("run")}>{ label("run", "Run again", "Starting…") }</button>
            } else {
                <button type="button" class="button" data-testid="stop" disabled={!enabled}
                    onclick={onclick("stop")}>{ label("stop", "Stop", "Stopping…") }</button>
            }
            if !props.compact {
                <button type="button" class="button danger" data-testid="purge" disabled={!enabled}
                    onclick={onpurge} title="Stops the job and forgets its versions">
                    { if confirming { "Purge for good" } else { label("purge", "Purge", "Purging…") } }
                </button>
                if confirming {
                    <button type="button" class="button" onclick={let doing = doing.clone();
                        move |_: MouseEvent| doing.set(Doing::Nothing)}>{ "Keep it" }</button>
                }
            }
            if let Doing::Failed(text) = &*doing {
                <span class="failure" role="alert">{ text.clone() }</span>
            }
        </div>
    }
}
