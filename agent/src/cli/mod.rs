//! The command line: Nomad's commands, flags, output and exit codes, one file a command.
//!
//! Every command but `agent` and the offline ones talks HTTP to an agent, so that it works against any
//! agent in reach. Nothing here knows the store or the planner's inside.

mod agent;
mod alloc_logs;
mod alloc_status;
mod args;
mod connection;
mod deployment_status;
mod eval_status;
mod format;
mod job_file;
mod job_inspect;
mod job_plan;
mod job_run;
mod job_status;
mod job_stop;
mod job_validate;
mod monitor;
mod node_stats;
mod node_status;
mod outcome;
mod resolve;
mod status;
mod tables;
mod ui;

use clap::{Parser, Subcommand};

pub use ui::Ui;

use outcome::Outcome;

/// Runs Nomad job files on Docker, and shows where a job will land before it lands.
///
/// Flags may be written with one dash or two: -detach, --detach.
#[derive(Debug, Parser)]
#[command(name = "steppe", version, disable_help_subcommand = true)]
struct Steppe {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the agent: API, page, scheduler and nodes in one process
    Agent(agent::Flags),
    /// Work with jobs
    #[command(subcommand)]
    Job(JobCommand),
    /// Work with allocations
    #[command(subcommand)]
    Alloc(AllocCommand),
    /// Work with nodes
    #[command(subcommand)]
    Node(NodeCommand),
    /// Work with evaluations
    #[command(subcommand)]
    Eval(EvalCommand),
    /// Work with deployments
    #[command(subcommand)]
    Deployment(DeploymentCommand),
    /// Show jobs, or whatever an ID names
    Status(status::Flags),
    /// Same as `job run`
    Run(job_run::Flags),
    /// Same as `job plan`
    Plan(job_plan::Flags),
    /// Same as `job stop`
    Stop(job_stop::Flags),
    /// Same as `job validate`
    Validate(job_validate::Flags),
    /// Same as `job inspect`
    Inspect(job_inspect::Flags),
    /// Same as `alloc logs`
    Logs(alloc_logs::Flags),
    /// Print the version
    Version,
}

#[derive(Debug, Subcommand)]
enum JobCommand {
    /// Register a job and follow it until it runs
    Run(job_run::Flags),
    /// Show what registering a job would do, and where it would land
    Plan(job_plan::Flags),
    /// Show one job, or all
    Status(job_status::Flags),
    /// Stop a job
    Stop(job_stop::Flags),
    /// Check a job file; needs no agent
    Validate(job_validate::Flags),
    /// Print a registered job as JSON
    Inspect(job_inspect::Flags),
}

#[derive(Debug, Subcommand)]
enum AllocCommand {
    /// Show one allocation
    Status(alloc_status::Flags),
    /// Print what a task wrote
    Logs(alloc_logs::Flags),
}

#[derive(Debug, Subcommand)]
enum NodeCommand {
    /// Show one node, or all
    Status(node_status::Flags),
}

#[derive(Debug, Subcommand)]
enum EvalCommand {
    /// Show one evaluation
    Status(eval_status::Flags),
}

#[derive(Debug, Subcommand)]
enum DeploymentCommand {
    /// Show one deployment
    Status(deployment_status::Flags),
    /// List all deployments
    List(deployment_status::ListFlags),
}

/// Runs a command line (without the program's name) and returns the exit code.
pub async fn run(args: impl IntoIterator<Item = String>, ui: &mut Ui) -> i32 {
    let args = std::iter::once("steppe".to_owned()).chain(args::rewrite(args));
    let steppe = match Steppe::try_parse_from(args) {
        Ok(steppe) => steppe,
        Err(error) if error.use_stderr() => {
            ui.error(error.to_string().trim_end());
            return 1;
        }
        Err(help) => {
            ui.line(help.to_string().trim_end());
            return 0;
        }
    };
    match dispatch(steppe.command, ui).await {
        Ok(code) => code,
        Err(failure) => {
            ui.error(failure.text);
            failure.code
        }
    }
}

async fn dispatch(command: Command, ui: &mut Ui) -> Outcome {
    match command {
        Command::Agent(flags) => agent::run(flags, ui).await,
        Command::Job(JobCommand::Run(flags)) | Command::Run(flags) => job_run::run(flags, ui).await,
        Command::Job(JobCommand::Plan(flags)) | Command::Plan(flags) => {
            job_plan::run(flags, ui).await
        }
        Command::Job(JobCommand::Status(flags)) => job_status::run(flags, ui).await,
        Command::Job(JobCommand::Stop(flags)) | Command::Stop(flags) => {
            job_stop::run(flags, ui).await
        }
        Command::Job(JobCommand::Validate(flags)) | Command::Validate(flags) => {
            job_validate::run(&flags, ui)
        }
        Command::Job(JobCommand::Inspect(flags)) | Command::Inspect(flags) => {
            job_inspect::run(flags, ui).await
        }
        Command::Alloc(AllocCommand::Status(flags)) => alloc_status::run(flags, ui).await,
        Command::Alloc(AllocCommand::Logs(flags)) | Command::Logs(flags) => {
            alloc_logs::run(flags, ui).await
        }
        Command::Node(NodeCommand::Status(flags)) => node_status::run(flags, ui).await,
        Command::Eval(EvalCommand::Status(flags)) => eval_status::run(flags, ui).await,
        Command::Deployment(DeploymentCommand::Status(flags)) => {
            deployment_status::run(flags, ui).await
        }
        Command::Deployment(DeploymentCommand::List(flags)) => {
            deployment_status::list(flags, ui).await
        }
        Command::Status(flags) => status::run(flags, ui).await,
        Command::Version => {
            ui.line(format!("Steppe v{}", env!("CARGO_PKG_VERSION")));
            Ok(0)
        }
    }
}
