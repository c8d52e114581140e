//! `job inspect`: a registered job, or one of its versions, as JSON.

use steppe_planner::api::Value;

use super::connection::{Connection, ConnectionFlags, escape};
use super::outcome::{During as _, Outcome, fail};
use super::ui::Ui;
use super::{format, resolve};

#[derive(Debug, clap::Args)]
pub(super) struct Flags {
    /// The job, or the beginning of its ID
    job: String,
    /// An older version
    #[arg(long)]
    version: Option<u64>,
    /// Accepted for Nomad's sake: the output is always JSON
    #[arg(long, hide = true)]
    json: bool,
    #[command(flatten)]
    connection: ConnectionFlags,
}

pub(super) async fn run(flags: Flags, ui: &mut Ui) -> Outcome {
    let api = Connection::new(&flags.connection).map_err(|e| fail(e.to_string()))?;
    let doing = "Error inspecting job";
    let stub = resolve::job(&api, &flags.job, doing).await?;
    let api = api.within(Some(&stub.namespace));
    let path = format!("/v1/job/{}", escape(&stub.id));
    let job: Value = match flags.version {
        None => api.get(&path, &[]).await.during(doing)?.value,
        Some(version) => {
            let all: Value = api.get(&format!("{path}/versions"), &[]).await.during(doing)?.value;
            let versions = all.get("Versions").and_then(Value::as_array);
            let wanted = versions
                .into_iter()
                .flatten()
                .find(|job| job.get("Version").and_then(Value::as_u64) == Some(version));
            let Some(job) = wanted else {
                return Err(fail(format!("job {:?} has no version {version}", stub.id)));
            };
            job.clone()
        }
    };
    ui.line(format::json(&serde_json::json!({ "Job": job })));
    Ok(0)
}
