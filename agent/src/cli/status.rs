//! `status`: all jobs, or whatever kind of thing an ID names.

use super::connection::{Connection, ConnectionFlags};
use super::outcome::{During as _, Outcome, fail};
use super::ui::Ui;
use super::{alloc_status, deployment_status, eval_status, job_status, node_status};
use steppe_planner::Map;

#[derive(Debug, clap::Args)]
pub(super) struct Flags {
    /// A job, allocation, node, evaluation or deployment, or the beginning of its ID
    id: Option<String>,
    /// Show full identifiers and times
    #[arg(long)]
    verbose: bool,
    #[command(flatten)]
    connection: ConnectionFlags,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Found {
    matches: Option<Map<Option<Vec<String>>>>,
}

pub(super) async fn run(flags: Flags, ui: &mut Ui) -> Outcome {
    let Flags { id, verbose, connection } = flags;
    let Some(id) = id else {
        let flags = job_status::Flags { verbose, connection, ..Default::default() };
        return job_status::run(flags, ui).await;
    };
    let api = Connection::new(&connection).map_err(|e| fail(e.to_string()))?;
    let body = serde_json::json!({ "Prefix": id, "Context": "all" });
    let found: Found =
        api.put("/v1/search", &[], &body).await.during("Error querying search with id")?;
    let mut matches: Map<Vec<String>> = found
        .matches
        .unwrap_or_default()
        .into_iter()
        .filter_map(|(context, ids)| Some((context, ids?)))
        .filter(|(_, ids)| !ids.is_empty())
        .collect();
    // A job of exactly this name is meant, whatever else begins alike.
    if matches.get("jobs").is_some_and(|ids| ids.contains(&id)) {
        matches.retain(|context, _| context == "jobs");
    }
    let contexts: Vec<&str> = matches.keys().map(String::as_str).collect();
    match contexts.as_slice() {
        [] => Err(fail(format!("Unable to resolve ID: {id:?}"))),
        ["jobs"] => {
            let flags =
                job_status::Flags { job: Some(id), verbose, connection, ..Default::default() };
            job_status::run(flags, ui).await
        }
        ["allocs"] => {
            let flags =
                alloc_status::Flags { id: Some(id), verbose, connection, ..Default::default() };
            alloc_status::run(flags, ui).await
        }
        ["nodes"] => {
            let flags =
                node_status::Flags { id: Some(id), verbose, connection, ..Default::default() };
            node_status::run(flags, ui).await
        }
        ["evals"] => {
            eval_status::run(
                eval_status::Flags { id, verbose, connection, ..Default::default() },
                ui,
            )
            .await
        }
        ["deployment"] => {
            let flags = deployment_status::Flags { id, verbose, connection, ..Default::default() };
            deployment_status::run(flags, ui).await
        }
        _ => {
            let lists: Vec<String> = matches
                .iter()
                .map(|(context, ids)| format!("{}:\n{}", capitalized(context), ids.join(", ")))
                .collect();
            let text = format!("Multiple matches found for id {id:?}\n\n{}", lists.join("\n\n"));
            Err(fail(text))
        }
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
