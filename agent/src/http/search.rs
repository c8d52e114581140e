//! `/v1/search`: which objects have an ID that begins with a text.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs/search>

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::answer;
use super::app::App;
use super::body;
use super::error::ApiError;
use super::params::Params;
use crate::state;

/// Nomad cuts the matches of each kind here.
const MATCHES_MAX: usize = 20;

/// Kinds that this agent never has matches of.
const EMPTY: [&str; 4] = ["namespaces", "plugins", "scaling_policy", "volumes"];

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct SearchRequest {
    prefix: String,
    context: String,
    namespace: String,
}

pub(super) async fn search(
    State(app): State<App>,
    params: Params,
    body: Bytes,
) -> Result<Response, ApiError> {
    let request: SearchRequest = body::parse(&body)?;
    let kinds = kinds(&request.context)?;
    let namespace = match request.namespace.as_str() {
        "" => params.namespace(),
        named => named,
    };
    let state = app.store.read();
    let uuid = request.prefix.to_ascii_lowercase();
    // As in Nomad, IDs are matched by whole bytes: an odd last digit is dropped.
    let digits = uuid.chars().filter(|c| *c != '-').count();
    let uuid = if digits % 2 == 1 { &uuid[..uuid.len() - 1] } else { &uuid[..] };
    let mut matches = BTreeMap::new();
    let mut truncations = BTreeMap::new();
    for kind in kinds {
        let found = if kind == "jobs" {
            job_ids(&state, namespace, &request.prefix)
        } else {
            ids(&state, kind, namespace, uuid)
        };
        let Some(mut found) = found else {
            continue;
        };
        truncations.insert(kind, found.len() > MATCHES_MAX);
        found.truncate(MATCHES_MAX);
        matches.insert(kind, (!found.is_empty()).then_some(found));
    }
    let index = state.index().max(1);
    let answer = json!({
        "Matches": matches,
        "Truncations": truncations,
        "Index": index,
        "LastContact": 0,
        "KnownLeader": true,
    });
    Ok(answer::read(&params, index, &answer))
}

fn kinds(context: &str) -> Result<Vec<&'static str>, ApiError> {
    const KNOWN: [&str; 9] = [
        "allocs",
        "jobs",
        "nodes",
        "evals",
        "deployment",
        "plugins",
        "volumes",
        "scaling_policy",
        "namespaces",
    ];
    match context {
        "" | "all" => Ok(KNOWN.to_vec()),
        one => KNOWN.iter().find(|k| **k == one).map(|k| vec![*k]).ok_or_else(|| {
            let known = KNOWN.join(" ");
            ApiError::refused(format!(
                "context must be one of [{known}] or 'all' for all contexts; got \"{one}\""
            ))
        }),
    }
}

fn job_ids(state: &state::State, namespace: &str, prefix: &str) -> Option<Vec<String>> {
    let in_namespace = |ns: &str| namespace == "*" || ns == namespace;
    let ids = state.jobs().filter_map(|job| {
        let key = state::JobKey::of(job);
        (in_namespace(&key.namespace) && key.id.starts_with(prefix)).then_some(key.id)
    });
    Some(ids.collect())
}

/// The IDs of one kind; nothing where the text cannot begin an ID of that kind.
fn ids(state: &state::State, kind: &str, namespace: &str, prefix: &str) -> Option<Vec<String>> {
    if EMPTY.contains(&kind) {
        return Some(Vec::new());
    }
    if !prefix.chars().all(|c| c == '-' || c.is_ascii_hexdigit()) {
        return None;
    }
    let fits = |ns: &str, id: &str| (namespace == "*" || ns == namespace) && id.starts_with(prefix);
    let ids = match kind {
        "allocs" => state
            .allocs()
            .filter(|r| fits(&r.alloc.namespace, &r.alloc.id))
            .map(|r| r.alloc.id.clone())
            .collect(),
        "evals" => {
            state.evals().filter(|e| fits(&e.namespace, &e.id)).map(|e| e.id.clone()).collect()
        }
        "deployment" => state
            .deployments()
            .filter(|d| fits(&d.namespace, &d.id))
            .map(|d| d.id.clone())
            .collect(),
        _ => state
            .nodes()
            .into_iter()
            .filter(|n| n.id.starts_with(prefix))
            .map(|n| n.id.clone())
            .collect(),
    };
    Some(ids)
}
