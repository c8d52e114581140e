//! One configuration file: its top level, and whether it makes a server, a node, or both.

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use super::document::Section;
use super::{ConfigError, NodeConfig, Notice, NoticeLevel, client_block};

/// What a file says, its node apart.
#[derive(Debug)]
pub(super) struct FileConfig {
    pub(super) server: bool,
    pub(super) node: Option<FileNode>,
    pub(super) region: Option<String>,
    pub(super) bind_addr: Option<IpAddr>,
    pub(super) http_port: Option<u16>,
    pub(super) data_dir: Option<PathBuf>,
    pub(super) log_level: Option<String>,
    pub(super) token: Option<String>,
    pub(super) path: PathBuf,
}

/// The node of a file.
#[derive(Debug)]
pub(super) struct FileNode {
    pub(super) config: NodeConfig,
    /// False where the name is the default.
    pub(super) named: bool,
    pub(super) line: usize,
}

/// Top-level settings with nothing to do where everything is one process.
const NOTED: &[&str] = &[
    "advertise",
    "disable_anonymous_signature",
    "disable_update_check",
    "leave_on_interrupt",
    "leave_on_terminate",
    "ui",
];

/// Top-level settings of Nomad that this agent does not have.
const LACKING: &[&str] = &[
    "acl",
    "audit",
    "autopilot",
    "consul",
    "enable_debug",
    "enable_syslog",
    "eventlog",
    "http_api_response_headers",
    "keyring",
    "limits",
    "log_file",
    "log_include_location",
    "log_json",
    "log_rotate_bytes",
    "log_rotate_duration",
    "log_rotate_max_files",
    "plugin_dir",
    "reporting",
    "sentinel",
    "server_join",
    "syslog_facility",
    "telemetry",
    "tls",
    "vault",
];

/// Every file that a `-config` names: itself, or the `.hcl` files of a directory in order.
pub(super) fn expand(path: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let read = |source| ConfigError::Read { path: path.to_owned(), source };
    if !std::fs::metadata(path).map_err(read)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(read)? {
        let file = entry.map_err(read)?.path();
        let wanted = file.extension().is_some_and(|e| e == "hcl" || e == "json");
        if wanted && file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads one file; `base` holds what the flags say of every node.
pub(super) fn read(
    path: &Path,
    base: &NodeConfig,
    working_dir: &Path,
    notices: &mut Vec<Notice>,
) -> Result<FileConfig, ConfigError> {
    if path.extension().is_some_and(|e| e == "json") {
        let text = "a configuration in JSON is not read: write it as HCL";
        return Err(ConfigError::Invalid(format!("{}: {text}", path.display())));
    }
    let text = std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    let mut file = Section::parse(path, &text)?;
    let server = read_server(&mut file, notices)?;
    let node = read_node(&mut file, base, working_dir, notices)?;
    let (bind_addr, http_port) = read_address(&mut file)?;
    let config = FileConfig {
        server,
        node,
        region: file.take_text("region")?,
        bind_addr,
        http_port,
        data_dir: file.take_text("data_dir")?.map(|d| working_dir.join(d)),
        log_level: file.take_text("log_level")?.map(|l| l.to_lowercase()),
        token: file.take_section("steppe")?.map_or(Ok(None), |mut s| s.take_text("token"))?,
        path: path.to_owned(),
    };
    leftovers(file, notices);
    Ok(config)
}

fn read_server(file: &mut Section, notices: &mut Vec<Notice>) -> Result<bool, ConfigError> {
    let Some(mut server) = file.take_section("server")? else { return Ok(false) };
    let enabled = server.take_bool("enabled")?.unwrap_or(false);
    for entry in server.rest() {
        notices.push(Notice {
            level: NoticeLevel::Note,
            text: format!(
                "{}:{}: `server.{}` has nothing to do: everything is one process",
                file.file.display(),
                entry.line,
                entry.key
            ),
        });
    }
    Ok(enabled)
}

fn read_node(
    file: &mut Section,
    base: &NodeConfig,
    working_dir: &Path,
    notices: &mut Vec<Notice>,
) -> Result<Option<FileNode>, ConfigError> {
    let mut config = base.clone();
    let name_line = file.line_of("name");
    let name = file.take_text("name")?;
    let datacenter = file.take_text("datacenter")?;
    let mut client = file.take_section("client")?;
    let enabled = match &mut client {
        Some(client) => client.take_bool("enabled")?.unwrap_or(false),
        None => false,
    };
    let Some(mut client) = client.filter(|_| enabled) else {
        client_block::read_plugins(file, &mut config, notices)?;
        return Ok(None);
    };
    let named = name.is_some();
    config.name = name.unwrap_or(config.name);
    config.datacenter = datacenter.unwrap_or(config.datacenter);
    let mut config = client_block::read(&mut client, config, working_dir)?;
    client_block::leftovers(client, notices);
    client_block::read_plugins(file, &mut config, notices)?;
    Ok(Some(FileNode { config, named, line: name_line }))
}

/// `addresses.http` goes before `bind_addr`.
fn read_address(file: &mut Section) -> Result<(Option<IpAddr>, Option<u16>), ConfigError> {
    let line = file.line_of("bind_addr");
    let mut address = match file.take_text("bind_addr")? {
        Some(text) => Some(parse_address(&text).map_err(|message| file.error(line, message))?),
        None => None,
    };
    if let Some(mut addresses) = file.take_section("addresses")? {
        let line = addresses.line_of("http");
        if let Some(text) = addresses.take_text("http")? {
            address = Some(parse_address(&text).map_err(|message| file.error(line, message))?);
        }
    }
    let mut port = None;
    if let Some(mut ports) = file.take_section("ports")? {
        let line = ports.line_of("http");
        if let Some(number) = ports.take_int("http")? {
            let checked = u16::try_from(number).ok().filter(|p| *p > 0);
            port = Some(
                checked.ok_or_else(|| file.error(line, "`ports.http` must be a port".into()))?,
            );
        }
    }
    Ok((address, port))
}

/// An IP address, or `localhost`.
pub(super) fn parse_address(text: &str) -> Result<IpAddr, String> {
    match text {
        "localhost" => Ok(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        _ => text.parse().map_err(|_| format!("`{text}` is not an IP address")),
    }
}

fn leftovers(file: Section, notices: &mut Vec<Notice>) {
    let path = file.file.clone();
    for entry in file.rest() {
        let place = format!("{}:{}", path.display(), entry.line);
        let key = &entry.key;
        notices.push(if NOTED.contains(&key.as_str()) {
            Notice {
                level: NoticeLevel::Note,
                text: format!("{place}: `{key}` has nothing to do: everything is one process"),
            }
        } else if LACKING.contains(&key.as_str()) {
            Notice {
                level: NoticeLevel::Warning,
                text: format!("{place}: `{key}` is not honoured by this agent"),
            }
        } else {
            Notice {
                level: NoticeLevel::Warning,
                text: format!("{place}: `{key}` is not a known setting"),
            }
        });
    }
}
