//! `agent`: configuration, log, start, and the end on a signal.

use std::io::IsTerminal as _;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::outcome::{Failure, Outcome, fail};
use super::ui::Ui;
use crate::config::{self, AgentConfig, Notice, NoticeLevel, Overrides};
use crate::ids::{Ids as _, RandomIds};
use crate::running::{self, RunningAgent};
use crate::state::JobKey;

/// How long the tasks of a `-dev` agent get to end with it.
const DEV_STOP_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Debug, clap::Args)]
pub(super) struct Flags {
    /// A configuration file, or a directory of them; can be repeated. Each file with an enabled client
    /// block is one node
    #[arg(long, value_name = "PATH")]
    config: Vec<PathBuf>,
    /// One node whose tasks end with the agent; the state is thrown away, except in a directory that was
    /// named
    #[arg(long)]
    dev: bool,
    /// The address to listen on [default: 127.0.0.1]. Any but a loopback address needs a token
    #[arg(long, value_name = "ADDRESS")]
    bind: Option<String>,
    /// The port of the API and the page [default: 4646]
    #[arg(long)]
    port: Option<u16>,
    /// Where the state lives [default: /var/lib/steppe for root, else ~/.local/share/steppe]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The token that requests must carry [default: $STEPPE_TOKEN; made where one is needed]
    #[arg(long)]
    token: Option<String>,
    /// The name of the node [default: the host name]
    #[arg(long, value_name = "NAME")]
    node: Option<String>,
    /// The nodes' datacenter [default: dc1]
    #[arg(long, value_name = "DATACENTER")]
    dc: Option<String>,
    /// The region [default: global]
    #[arg(long)]
    region: Option<String>,
    /// The nodes' class
    #[arg(long, value_name = "CLASS")]
    node_class: Option<String>,
    /// Publish task ports on this interface's address
    #[arg(long, value_name = "NAME")]
    network_interface: Option<String>,
    /// Meta data of the nodes; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    meta: Vec<String>,
    /// trace, debug, info, warn or error [default: info]
    #[arg(long, value_name = "LEVEL")]
    log_level: Option<String>,
}

pub(super) async fn run(flags: Flags, ui: &mut Ui) -> Outcome {
    let overrides = overrides(&flags)?;
    let (mut config, notices) =
        config::load(&flags.config, &overrides).map_err(|e| fail(format!("Error: {e}")))?;
    start_log(&config.log_level);
    report(&notices);
    let token_file = config::ensure_token(&mut config, || RandomIds.uuid())
        .map_err(|e| fail(format!("Error: {e}")))?;
    let shown = config.clone();
    let agent = running::start(config).await.map_err(|e| fail(format!("Error: {e}")))?;
    greet(&shown, &agent, token_file, ui);
    wait_for_signal().await?;
    if shown.dev {
        tracing::info!("ending, and every task with it");
        stop_everything(&agent).await;
        agent.shutdown().await;
        let dir = shown.data_dir.display();
        if !shown.temporary {
            tracing::info!(%dir, "the state stays in the directory that was named");
        } else if let Err(error) = std::fs::remove_dir_all(&shown.data_dir) {
            tracing::warn!(%error, %dir, "cannot remove the state");
        }
    } else {
        tracing::info!("ending; running tasks go on");
        agent.shutdown().await;
    }
    Ok(0)
}

fn overrides(flags: &Flags) -> Result<Overrides, Failure> {
    let mut meta = steppe_planner::Map::new();
    for entry in &flags.meta {
        let Some((key, value)) = entry.split_once('=') else {
            return Err(fail(format!("-meta {entry:?}: write it as key=value")));
        };
        meta.insert(key.to_owned(), value.to_owned());
    }
    let from_environment = std::env::var("STEPPE_TOKEN").ok();
    let token = config::not_blank(flags.token.as_deref())
        .or_else(|| config::not_blank(from_environment.as_deref()));
    Ok(Overrides {
        dev: flags.dev,
        bind: flags.bind.clone(),
        port: flags.port,
        data_dir: flags.data_dir.clone(),
        region: flags.region.clone(),
        log_level: flags.log_level.clone(),
        token,
        node: flags.node.clone(),
        datacenter: flags.dc.clone(),
        node_class: flags.node_class.clone(),
        network_interface: flags.network_interface.clone(),
        meta,
    })
}

/// To the error stream; `RUST_LOG` goes before the configured level.
fn start_log(level: &str) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new(format!("warn,steppe_agent={level},steppe={level}")));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second agent in one process shares the first one's log.
    let _ = log.try_init();
}

fn report(notices: &[Notice]) {
    for notice in notices {
        match notice.level {
            NoticeLevel::Note => tracing::info!("{}", notice.text),
            NoticeLevel::Warning => tracing::warn!("{}", notice.text),
        }
    }
}

fn greet(config: &AgentConfig, agent: &RunningAgent, token_file: Option<PathBuf>, ui: &mut Ui) {
    ui.line(format!("Steppe agent v{} started", env!("CARGO_PKG_VERSION")));
    ui.line(format!("  Page and API  {}", reachable(agent.address)));
    let names: Vec<&str> = config.nodes.iter().map(|n| n.name.as_str()).collect();
    let nodes = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    ui.line(format!("  Nodes         {nodes}"));
    let kept = if config.temporary { " (removed at the end)" } else { "" };
    ui.line(format!("  State         {}{kept}", config.data_dir.display()));
    if let Some(path) = token_file {
        ui.line(format!("  Token         in {}", path.display()));
    }
    ui.line("Ends with Ctrl-C.");
}

/// An address that a browser here can open.
fn reachable(address: SocketAddr) -> String {
    let port = address.port();
    match address.ip() {
        ip if !ip.is_unspecified() => format!("http://{address}"),
        IpAddr::V4(_) => format!("http://127.0.0.1:{port} and every other address of this machine"),
        IpAddr::V6(_) => format!("http://[::1]:{port} and every other address of this machine"),
    }
}

async fn wait_for_signal() -> Result<(), Failure> {
    let failed = |e: std::io::Error| fail(format!("Error: cannot wait for signals: {e}"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// Stops every job: nobody could find their tasks again once the state is gone.
async fn stop_everything(agent: &RunningAgent) {
    let keys: Vec<JobKey> = agent.store.read().jobs().map(|job| JobKey::of(job)).collect();
    for key in keys {
        if let Err(error) = agent.server.deregister(&key, false) {
            tracing::warn!(%error, "cannot stop a job");
        }
    }
    let mut changes = agent.store.subscribe();
    let ended = async {
        while agent.store.read().allocs().any(|record| !record.client_terminal()) {
            if changes.changed().await.is_err() {
                break;
            }
        }
    };
    if tokio::time::timeout(DEV_STOP_TIMEOUT, ended).await.is_err() {
        tracing::warn!("some tasks did not end in time");
    }
}
