//! `/v1/event/stream`: Nomad's newline-delimited events, one line for each batch of changes.
//!
//! The payload is the object as it is when the line is written. Types say what kind of object changed;
//! which request changed it is not kept.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs/events>

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;

use super::app::App;
use super::error::ApiError;
use super::params::Params;
use crate::state::{self, Changes, JobKey, Store, Topic};

const HEARTBEAT_EVERY: Duration = Duration::from_secs(30);

pub(super) async fn stream(
    State(app): State<App>,
    Query(pairs): Query<Vec<(String, String)>>,
    params: Params,
) -> Result<Response, ApiError> {
    let from = match params.get("index") {
        None => 0,
        Some(text) => text.parse::<u64>().map_err(|_| {
            let reason = format!("strconv.Atoi: parsing \"{text}\": invalid syntax");
            ApiError::bad_request(format!("Unable to parse index: {reason}"))
        })?,
    };
    let wanted: Vec<String> =
        pairs.into_iter().filter(|(name, _)| name == "topic").map(|(_, topic)| topic).collect();
    let filter = Filter { topics: wanted, namespace: params.namespace().to_owned() };
    let (to, lines) = mpsc::channel::<Result<Bytes, std::io::Error>>(8);
    tokio::spawn(follow(app.store, filter, from, to));
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    Ok((content_type, Body::from_stream(ReceiverStream::new(lines))).into_response())
}

/// What a client wants to hear of.
struct Filter {
    /// `Topic`, `Topic:*` or `Topic:key`; none means everything.
    topics: Vec<String>,
    namespace: String,
}

impl Filter {
    fn wants(&self, topic: &str, key: &str, namespace: Option<&str>) -> bool {
        let placed = namespace.is_none_or(|n| self.namespace == "*" || self.namespace == n);
        let named = self.topics.is_empty()
            || self.topics.iter().any(|wanted| {
                let (name, of) = wanted.split_once(':').unwrap_or((wanted, "*"));
                (name == "*" || name == topic) && (of == "*" || of == key)
            });
        placed && named
    }
}

async fn follow(
    store: Store,
    filter: Filter,
    from: u64,
    to: mpsc::Sender<Result<Bytes, std::io::Error>>,
) {
    let mut changed = store.subscribe();
    let now = *changed.borrow_and_update();
    // A client that names an index has seen everything before it.
    let mut told = if from == 0 { now } else { from.saturating_sub(1).min(now) };
    let mut line = "{}\n".to_owned();
    loop {
        if to.send(Ok(Bytes::from(line))).await.is_err() {
            return;
        }
        line = loop {
            if store.index() > told {
                let changes = store.changes_since(told);
                told = changes.as_ref().map_or_else(|| store.index(), |c| c.index);
                if let Some(line) = changes.and_then(|c| events(&store, &filter, &c)) {
                    break line;
                }
            }
            match timeout(HEARTBEAT_EVERY, changed.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return,
                Err(_) => break "{}\n".to_owned(),
            }
        };
    }
}

fn events(store: &Store, filter: &Filter, changes: &Changes) -> Option<String> {
    let state = store.read();
    let events: Vec<Value> = changes
        .documents
        .iter()
        .filter_map(|(topic, key)| event(&state, filter, *topic, key, changes.index))
        .collect();
    (!events.is_empty()).then(|| format!("{}\n", json!({"Index": changes.index, "Events": events})))
}

fn event(
    state: &state::State,
    filter: &Filter,
    topic: Topic,
    key: &str,
    index: u64,
) -> Option<Value> {
    let (kind, id, namespace, document) = match topic {
        Topic::Job => {
            let (namespace, versioned) = key.split_once('/')?;
            let (id, _) = versioned.rsplit_once('@')?;
            let job = state.job(&JobKey::new(namespace, id));
            let gone = job.is_none_or(|job| job.stop == Some(true));
            let kind = if gone { "JobDeregistered" } else { "JobRegistered" };
            (kind, id, Some(namespace.to_owned()), json!(job.map(|j| &**j)))
        }
        Topic::Node => {
            let mut node = (**state.node(key)?).clone();
            node.secret_id.clear();
            ("NodeRegistration", key, None, json!(node))
        }
        Topic::Evaluation => {
            let eval = state.eval(key)?;
            ("EvaluationUpdated", key, Some(eval.namespace.clone()), json!(**eval))
        }
        Topic::Allocation => {
            let alloc = &state.alloc(key)?.alloc;
            ("AllocationUpdated", key, Some(alloc.namespace.clone()), json!(alloc))
        }
        Topic::Deployment => {
            let deployment = state.deployment(key)?;
            ("DeploymentStatusUpdate", key, Some(deployment.namespace.clone()), json!(**deployment))
        }
        Topic::Host | Topic::SchedulerConfiguration => return None,
    };
    if !filter.wants(topic.name(), id, namespace.as_deref()) {
        return None;
    }
    let mut payload = serde_json::Map::new();
    payload.insert(topic.name().to_owned(), document);
    Some(json!({
        "Topic": topic.name(),
        "Type": kind,
        "Key": id,
        "Namespace": namespace.unwrap_or_default(),
        "FilterKeys": null,
        "Index": index,
        "Payload": payload,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_and_keys() {
        let filter = |topics: &[&str]| Filter {
            topics: topics.iter().map(|t| (*t).to_owned()).collect(),
            namespace: "default".to_owned(),
        };
        assert!(filter(&[]).wants("Node", "n1", None));
        assert!(filter(&["Job:web", "Node:*"]).wants("Node", "n1", None));
        assert!(filter(&["Job:web"]).wants("Job", "web", Some("default")));
        assert!(!filter(&["Job:web"]).wants("Job", "db", Some("default")));
        assert!(!filter(&["Job"]).wants("Job", "web", Some("other")));
    }
}
