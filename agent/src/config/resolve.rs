//! Files and flags together: the configuration the agent starts with.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use steppe_planner::Map;

use super::files::{self, FileConfig, parse_address};
use super::token::not_blank;
use super::{AgentConfig, ConfigError, NodeConfig, Notice, NoticeLevel};

/// What the command line says; it goes before the files.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    pub dev: bool,
    pub bind: Option<String>,
    pub port: Option<u16>,
    pub data_dir: Option<PathBuf>,
    pub region: Option<String>,
    pub log_level: Option<String>,
    pub token: Option<String>,
    /// Of the only node.
    pub node: Option<String>,
    pub datacenter: Option<String>,
    pub node_class: Option<String>,
    pub network_interface: Option<String>,
    pub meta: Map<String>,
}

/// Reads every file, applies the flags, and returns what there is to say about it.
pub fn load(
    paths: &[PathBuf],
    flags: &Overrides,
) -> Result<(AgentConfig, Vec<Notice>), ConfigError> {
    let working_dir = std::env::current_dir()
        .map_err(|source| ConfigError::Read { path: PathBuf::from("."), source })?;
    let mut notices = Vec::new();
    let base = base_node(flags);
    let mut read = Vec::new();
    for path in paths {
        for file in files::expand(path)? {
            read.push(files::read(&file, &base, &working_dir, &mut notices)?);
        }
    }
    let mut config = AgentConfig { dev: flags.dev, ..AgentConfig::default() };
    let unnamed = default_data_dir(flags.dev)?;
    config.data_dir.clone_from(&unnamed);
    apply_files(&mut config, &read, &mut notices);
    config.nodes = nodes(read, &base, flags)?;
    apply_flags(&mut config, flags, &working_dir)?;
    check_interfaces(&config)?;
    config.temporary = config.dev && config.data_dir == unnamed;
    // Without the `.` of a path as it was written: it is shown, and names containers' mounts.
    config.data_dir = config.data_dir.components().collect();
    Ok((config, notices))
}

/// The node every file starts from.
fn base_node(flags: &Overrides) -> NodeConfig {
    let mut node = NodeConfig { name: host_name(), ..NodeConfig::default() };
    if let Some(datacenter) = &flags.datacenter {
        node.datacenter.clone_from(datacenter);
    }
    if let Some(class) = &flags.node_class {
        node.node_class.clone_from(class);
    }
    node.network_interface.clone_from(&flags.network_interface);
    node.meta.clone_from(&flags.meta);
    node
}

/// The server's file speaks for the agent; without one, the files that make no node, or the defaults.
fn apply_files(config: &mut AgentConfig, read: &[FileConfig], notices: &mut Vec<Notice>) {
    let has_server = read.iter().any(|f| f.server);
    for file in read {
        let speaks = file.server || (file.node.is_none() && !has_server);
        if !speaks {
            note_ignored(file, notices);
            continue;
        }
        config.bind_addr = file.bind_addr.unwrap_or(config.bind_addr);
        config.http_port = file.http_port.unwrap_or(config.http_port);
        set(&mut config.data_dir, &file.data_dir);
        set(&mut config.region, &file.region);
        set(&mut config.log_level, &file.log_level);
        if let Some(token) = not_blank(file.token.as_deref()) {
            config.token = Some(token);
        }
    }
}

fn set<T: Clone>(target: &mut T, value: &Option<T>) {
    if let Some(value) = value {
        target.clone_from(value);
    }
}

/// A node's file names an address and a directory of its own; the one process has one of each.
fn note_ignored(file: &FileConfig, notices: &mut Vec<Notice>) {
    let ignored = [
        ("bind_addr", file.bind_addr.is_some()),
        ("ports.http", file.http_port.is_some()),
        ("data_dir", file.data_dir.is_some()),
        ("region", file.region.is_some()),
        ("log_level", file.log_level.is_some()),
        ("steppe.token", file.token.is_some()),
    ];
    let names: Vec<&str> = ignored.iter().filter(|(_, there)| *there).map(|(n, _)| *n).collect();
    if !names.is_empty() {
        let text = format!(
            "{}: {} of a node's file: the server's settings hold for the whole process",
            file.path.display(),
            names.join(", ")
        );
        notices.push(Notice { level: NoticeLevel::Note, text });
    }
}

/// One node a file; without any file, or with `-dev`, at least one.
fn nodes(
    read: Vec<FileConfig>,
    base: &NodeConfig,
    flags: &Overrides,
) -> Result<Vec<NodeConfig>, ConfigError> {
    let roles = read.iter().any(|f| f.server || f.node.is_some());
    let mut nodes: Vec<NodeConfig> = Vec::new();
    let mut taken = BTreeSet::new();
    for file in &read {
        let Some(node) = &file.node else { continue };
        if node.named && !taken.insert(node.config.name.clone()) {
            return Err(ConfigError::At {
                file: file.path.clone(),
                line: node.line,
                message: format!("another node is named \"{}\" already", node.config.name),
            });
        }
    }
    for file in read {
        let Some(node) = file.node else { continue };
        let mut config = node.config;
        if !node.named {
            config.name = free_name(&config.name, &mut taken);
        }
        nodes.push(config);
    }
    if nodes.is_empty() && (flags.dev || !roles) {
        nodes.push(base.clone());
    }
    if let Some(name) = &flags.node {
        match nodes.as_mut_slice() {
            [only] => only.name.clone_from(name),
            _ => {
                let text = format!("-node names one node, and the files make {}", nodes.len());
                return Err(ConfigError::Invalid(text));
            }
        }
    }
    Ok(nodes)
}

/// The host name, numbered from the second node on.
fn free_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2_u32..).map(|n| format!("{name}-{n}"));
    let mut candidates = std::iter::once(name.to_owned()).chain(numbered);
    // The chain has more elements than there can be names.
    candidates.find(|c| taken.insert(c.clone())).unwrap_or_default()
}

fn apply_flags(
    config: &mut AgentConfig,
    flags: &Overrides,
    working_dir: &Path,
) -> Result<(), ConfigError> {
    if let Some(bind) = &flags.bind {
        config.bind_addr =
            parse_address(bind).map_err(|m| ConfigError::Invalid(format!("-bind: {m}")))?;
    }
    config.http_port = flags.port.unwrap_or(config.http_port);
    if let Some(dir) = &flags.data_dir {
        config.data_dir = working_dir.join(dir);
    }
    set(&mut config.region, &flags.region);
    set(&mut config.log_level, &flags.log_level.as_ref().map(|l| l.to_lowercase()));
    if let Some(token) = not_blank(flags.token.as_deref()) {
        config.token = Some(token);
    }
    let levels = ["trace", "debug", "info", "warn", "error"];
    if !levels.contains(&config.log_level.as_str()) {
        let text = format!("log level `{}` is none of {}", config.log_level, levels.join(", "));
        return Err(ConfigError::Invalid(text));
    }
    Ok(())
}

/// A node cannot publish on an interface that is not there.
fn check_interfaces(config: &AgentConfig) -> Result<(), ConfigError> {
    for node in &config.nodes {
        let Some(interface) = &node.network_interface else { continue };
        let known = Path::new("/sys/class/net");
        if known.is_dir() && !known.join(interface).exists() {
            return Err(ConfigError::Invalid(format!(
                "node \"{}\": there is no network interface `{interface}`",
                node.name
            )));
        }
    }
    Ok(())
}

/// Where state lives unless told otherwise: the system's place for root, else the user's own.
fn default_data_dir(dev: bool) -> Result<PathBuf, ConfigError> {
    if dev {
        return Ok(std::env::temp_dir().join(format!("steppe-dev-{}", std::process::id())));
    }
    let root = std::fs::metadata("/proc/self").is_ok_and(|m| m.uid() == 0);
    if root {
        return Ok(PathBuf::from("/var/lib/steppe"));
    }
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    set("XDG_DATA_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".local/share")))
        .map(|dir| dir.join("steppe"))
        .ok_or_else(|| ConfigError::Invalid("no home directory: give -data-dir".to_owned()))
}

/// The machine's name, as the kernel has it.
pub(crate) fn host_name() -> String {
    let kernel = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = match kernel.trim() {
        "" => std::env::var("HOSTNAME").unwrap_or_default(),
        name => name.to_owned(),
    };
    if name.is_empty() { "localhost".to_owned() } else { name }
}
