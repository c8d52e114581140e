//! `job stop`: stops a job, and forgets it with `-purge`.

use steppe_planner::api::Value;

use super::connection::{Connection, ConnectionFlags, escape, text_field};
use super::outcome::{During as _, Outcome, fail};
use super::ui::Ui;
use super::{monitor, resolve};

#[derive(Debug, clap::Args)]
pub(super) struct Flags {
    /// The job, or the beginning of its ID
    job: String,
    /// Return as soon as the job is stopped, and print the evaluation
    #[arg(long)]
    detach: bool,
    /// Forget the job and its history
    #[arg(long)]
    purge: bool,
    /// Stop the job in all its regions
    #[arg(long)]
    global: bool,
    /// Do not ask before stopping a job that was named by its beginning only
    #[arg(long)]
    yes: bool,
    /// Show full identifiers
    #[arg(long)]
    verbose: bool,
    #[command(flatten)]
    connection: ConnectionFlags,
}

pub(super) async fn run(flags: Flags, ui: &mut Ui) -> Outcome {
    ui.paint.on &= !flags.connection.no_color;
    let api = Connection::new(&flags.connection).map_err(|e| fail(e.to_string()))?;
    let job = resolve::job(&api, &flags.job, "Error deregistering job").await?;
    if job.id != flags.job && !flags.yes && !confirmed(&job.id, ui)? {
        return Ok(0);
    }
    let path = format!("/v1/job/{}", escape(&job.id));
    let query = [
        ("global", flag_text(flags.global)),
        ("purge", flag_text(flags.purge)),
        ("namespace", job.namespace.as_str()),
    ];
    let answer: Value =
        api.within(None).delete(&path, &query).await.during("Error deregistering job")?;
    let eval_id = text_field(&answer, "EvalID");
    if eval_id.is_empty() {
        return Ok(0);
    }
    if flags.detach {
        ui.line(eval_id);
        return Ok(0);
    }
    // The deployment of a job that is stopped on its way ends cancelled: that is what was asked for.
    let api = api.within(Some(&job.namespace));
    monitor::follow(&api, ui, &eval_id, flags.verbose).await?;
    Ok(0)
}

fn flag_text(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

fn confirmed(id: &str, ui: &mut Ui) -> Result<bool, super::outcome::Failure> {
    let answer = ui.ask(&format!("Are you sure you want to stop job {id:?}? [y/N]"));
    match answer.as_deref() {
        Some("y" | "Y" | "yes") => Ok(true),
        Some("" | "n" | "N" | "no") | None => {
            ui.line("Cancelling job stop");
            Ok(false)
        }
        Some(_) => Err(fail("For confirmation, an exact ‘y’ is required.")),
    }
}
