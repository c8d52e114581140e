//! What the agent is told to be: address, state, and one entry for each node it runs.
//!
//! Comes from Nomad-style HCL files, then command-line flags. Every file with an enabled `client` block is
//! one node; the file with an enabled `server` block gives the address and the data directory. A setting
//! that this agent lacks becomes a notice, never silence. Starts nothing and decides no default that
//! depends on the machine other than the host name and the home directory.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/configuration>

mod client_block;
mod document;
mod files;
mod resolve;
mod token;

#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use steppe_planner::Map;

pub(crate) use resolve::host_name;
pub use resolve::{Overrides, load};
pub use token::{ensure_token, not_blank};

/// Nomad's HTTP port.
pub const DEFAULT_HTTP_PORT: u16 = 4646;

/// One agent process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentConfig {
    pub region: String,
    pub bind_addr: IpAddr,
    pub http_port: u16,
    /// Holds the state and, below `alloc`, the allocation directories.
    pub data_dir: PathBuf,
    /// Tasks end with the agent, and so does a data directory that nobody named.
    pub dev: bool,
    /// The data directory was made up for this run, and goes with it.
    pub temporary: bool,
    /// Requests must carry it in `X-Nomad-Token`; set whenever the address is not a loopback one.
    pub token: Option<String>,
    /// `trace`, `debug`, `info`, `warn` or `error`.
    pub log_level: String,
    /// In the order of the files; empty for an agent that only plans.
    pub nodes: Vec<NodeConfig>,
}

impl AgentConfig {
    /// Where the API listens.
    pub fn http_addr(&self) -> SocketAddr {
        SocketAddr::new(self.bind_addr, self.http_port)
    }
}

impl Default for AgentConfig {
    /// One node with no limits of its own, reachable from this machine only.
    fn default() -> Self {
        AgentConfig {
            region: "global".to_owned(),
            bind_addr: IpAddr::V4(Ipv4Addr::LOCALHOST),
            http_port: DEFAULT_HTTP_PORT,
            data_dir: PathBuf::from("."),
            dev: false,
            temporary: false,
            token: None,
            log_level: "info".to_owned(),
            nodes: vec![NodeConfig::default()],
        }
    }
}

/// One node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeConfig {
    /// Unique in the agent; the node's ID is kept under it.
    pub name: String,
    pub datacenter: String,
    pub node_class: String,
    pub node_pool: String,
    pub meta: Map<String>,
    /// Nomad's free-form client options (`driver.docker.enable`, …).
    pub options: Map<String>,
    pub reserved: Reserved,
    pub host_volumes: Map<HostVolumeConfig>,
    /// Ports are published on this interface's address; otherwise on the agent's own address.
    pub network_interface: Option<String>,
    /// MHz; absent: an even share of the machine.
    pub cpu_total_compute: Option<i64>,
    pub memory_total_mb: Option<i64>,
    pub disk_total_mb: Option<i64>,
    /// First and last dynamic port.
    pub dynamic_ports: (u16, u16),
    pub docker: DockerConfig,
    /// Offers `mock_driver`, for tests (`plugin "mock_driver" { config { enabled = true } }`).
    pub mock_driver: bool,
}

impl Default for NodeConfig {
    fn default() -> Self {
        NodeConfig {
            name: "localhost".to_owned(),
            datacenter: "dc1".to_owned(),
            node_class: String::new(),
            node_pool: "default".to_owned(),
            meta: Map::new(),
            options: Map::new(),
            reserved: Reserved::default(),
            host_volumes: Map::new(),
            network_interface: None,
            cpu_total_compute: None,
            memory_total_mb: None,
            disk_total_mb: None,
            dynamic_ports: (20000, 32000),
            docker: DockerConfig::default(),
            mock_driver: false,
        }
    }
}

/// What a node keeps for itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reserved {
    pub cpu_mhz: i64,
    pub memory_mb: i64,
    pub disk_mb: i64,
    /// As Nomad writes them: `22,80,8000-8100`.
    pub ports: String,
}

/// A directory offered to tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostVolumeConfig {
    /// Absolute; it existed when the configuration was read.
    pub path: PathBuf,
    pub read_only: bool,
}

/// What the Docker driver may do on a node. Both make a job as powerful as root, so both are off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DockerConfig {
    pub allow_privileged: bool,
    /// Bind mounts of host directories by `config.volumes`.
    pub host_binds: bool,
}

/// A setting that is taken but does nothing, or that is not known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub level: NoticeLevel,
    pub text: String,
}

/// How loud a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeLevel {
    /// Accepted; there is nothing for it to do in one process.
    Note,
    /// Not honoured.
    Warning,
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Wrong at a place.
    #[error("{}:{line}: {message}", file.display())]
    At { file: PathBuf, line: usize, message: String },
    #[error("cannot read {}: {source}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    /// A flag, or the whole.
    #[error("{0}")]
    Invalid(String),
}
