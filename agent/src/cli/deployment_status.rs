//! `deployment status` and `deployment list`.

use steppe_planner::api::Deployment;

use super::connection::{Connection, ConnectionFlags};
use super::outcome::{During as _, Outcome, fail};
use super::ui::Ui;
use super::{format, resolve, tables};

#[derive(Debug, Default, clap::Args)]
pub(super) struct Flags {
    /// The deployment, or the beginning of its ID
    #[arg(value_name = "DEPLOYMENT")]
    pub id: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Show full identifiers
    #[arg(long)]
    pub verbose: bool,
    #[command(flatten)]
    pub connection: ConnectionFlags,
}

#[derive(Debug, clap::Args)]
pub(super) struct ListFlags {
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Show full identifiers
    #[arg(long)]
    verbose: bool,
    #[command(flatten)]
    connection: ConnectionFlags,
}

pub(super) async fn run(flags: Flags, ui: &mut Ui) -> Outcome {
    ui.paint.on &= !flags.connection.no_color;
    let api = Connection::new(&flags.connection).map_err(|e| fail(e.to_string()))?;
    let deployment = resolve::deployment(&api, &flags.id).await?;
    if flags.json {
        ui.line(format::json(&deployment));
    } else {
        ui.line(tables::deployment(&deployment, true, flags.verbose, ui.paint));
    }
    Ok(0)
}

pub(super) async fn list(flags: ListFlags, ui: &mut Ui) -> Outcome {
    let api = Connection::new(&flags.connection).map_err(|e| fail(e.to_string()))?;
    let all: Vec<Deployment> =
        api.get("/v1/deployments", &[]).await.during("Error retrieving deployments")?.value;
    if flags.json {
        ui.line(format::json(&all));
    } else if all.is_empty() {
        ui.line("No deployments found");
    } else {
        ui.line(tables::deployments(&all, flags.verbose));
    }
    Ok(0)
}
