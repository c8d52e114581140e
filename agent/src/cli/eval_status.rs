//! `eval status`: one evaluation, and what it could not place.

use steppe_planner::api::Evaluation;
use steppe_planner::plan::text::key_values;

use super::connection::{Connection, ConnectionFlags};
use super::format::{or_none, short_id, time_or_ago};
use super::monitor::{self, Ended};
use super::outcome::{Outcome, fail};
use super::ui::Ui;
use super::{format, resolve, tables};

#[derive(Debug, Default, clap::Args)]
pub(super) struct Flags {
    /// The evaluation, or the beginning of its ID
    #[arg(value_name = "EVALUATION")]
    pub id: String,
    /// Follow it to its end
    #[arg(long)]
    pub monitor: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Show full identifiers and times
    #[arg(long)]
    pub verbose: bool,
    #[command(flatten)]
    pub connection: ConnectionFlags,
}

pub(super) async fn run(flags: Flags, ui: &mut Ui) -> Outcome {
    ui.paint.on &= !flags.connection.no_color;
    let api = Connection::new(&flags.connection).map_err(|e| fail(e.to_string()))?;
    let eval = resolve::eval(&api, &flags.id).await?;
    if flags.monitor {
        return Ok(match monitor::follow(&api, ui, &eval.id, flags.verbose).await? {
            Ended::Well | Ended::DeploymentFailed => 0,
            Ended::PlacementFailed => 2,
        });
    }
    if flags.json {
        ui.line(format::json(&eval));
        return Ok(0);
    }
    print(&eval, flags.verbose, ui);
    Ok(0)
}

fn print(eval: &Evaluation, verbose: bool, ui: &mut Ui) {
    let now = ui.now_ns();
    let description = match eval.status_description.as_str() {
        "" => eval.status.clone(),
        text => text.to_owned(),
    };
    let mut facts = vec![
        ("ID", short_id(&eval.id, verbose)),
        ("Create Time", time_or_ago(eval.create_time, now, verbose)),
        ("Modify Time", time_or_ago(eval.modify_time, now, verbose)),
        ("Status", eval.status.clone()),
        ("Status Description", description),
        ("Type", eval.kind.clone()),
        ("TriggeredBy", eval.triggered_by.clone()),
    ];
    // A blocked evaluation is about room, not about a job or node that changed.
    match eval.triggered_by.as_str() {
        "node-update" => facts.push(("Node ID", short_id(&eval.node_id, verbose))),
        "queued-allocs" => {}
        _ => facts.push(("Job ID", eval.job_id.clone())),
    }
    facts.push(("Priority", eval.priority.to_string()));
    facts.push(("Placement Failures", tables::placement_failures(eval)));
    if verbose {
        facts.push(("Previous Eval", or_none(&eval.previous_eval)));
        facts.push(("Next Eval", or_none(&eval.next_eval)));
        facts.push(("Blocked Eval", or_none(&eval.blocked_eval)));
    }
    ui.line(key_values(&facts));
    if !eval.failed_tg_allocs.is_empty() {
        ui.heading("Failed Placements");
        ui.line(tables::failures(&eval.failed_tg_allocs, true));
        ui.line("");
        if !eval.blocked_eval.is_empty() {
            let id = short_id(&eval.blocked_eval, verbose);
            ui.line(format!(
                "Evaluation {id:?} waiting for additional capacity to place remainder"
            ));
        }
    }
}
