//! The `client` block and the `plugin` blocks of a file: one node.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/configuration/client>

use std::path::{Path, PathBuf};

use super::document::Section;
use super::{
    ConfigError, DockerConfig, HostVolumeConfig, NodeConfig, Notice, NoticeLevel, Reserved,
};

/// Settings with nothing to do where everything is one process.
const NOTED: &[&str] = &[
    "servers",
    "server_join",
    "state_dir",
    "alloc_dir",
    "alloc_mounts_dir",
    "network_speed",
    "no_host_uuid",
];

/// Nomad's settings that change what a node does, and that this agent does not have.
const LACKING: &[&str] = &[
    "artifact",
    "bridge_network_hairpin_mode",
    "bridge_network_name",
    "bridge_network_subnet",
    "cgroup_parent",
    "chroot_env",
    "cni_config_dir",
    "cni_path",
    "cpu_disable_dmidecode",
    "drain_on_shutdown",
    "gc_disk_usage_threshold",
    "gc_inode_usage_threshold",
    "gc_interval",
    "gc_max_allocs",
    "gc_parallel_destroys",
    "host_network",
    "host_volume_plugin_dir",
    "host_volumes_dir",
    "max_kill_timeout",
    "nomad_service_discovery",
    "preferred_address_family",
    "reservable_cores",
    "template",
    "users",
];

/// Reads an enabled `client` block; `base` holds what the flags and the file's top level say.
pub(super) fn read(
    client: &mut Section,
    base: NodeConfig,
    working_dir: &Path,
) -> Result<NodeConfig, ConfigError> {
    let mut node = base;
    if let Some(class) = client.take_text("node_class")? {
        node.node_class = class;
    }
    if let Some(pool) = client.take_text("node_pool")? {
        node.node_pool = pool;
    }
    node.meta.extend(client.take_map("meta")?);
    node.options.extend(client.take_map("options")?);
    if let Some(reserved) = client.take_section("reserved")? {
        node.reserved = read_reserved(reserved)?;
    }
    for (name, volume) in client.take_labelled("host_volume")? {
        let line = volume.line;
        let volume = read_host_volume(&name, volume, working_dir)?;
        if node.host_volumes.insert(name.clone(), volume).is_some() {
            return Err(client.error(line, format!("host volume \"{name}\" is defined twice")));
        }
    }
    node.network_interface = client.take_text("network_interface")?.or(node.network_interface);
    node.cpu_total_compute = take_size(client, "cpu_total_compute")?;
    node.memory_total_mb = take_size(client, "memory_total_mb")?;
    node.disk_total_mb = take_size(client, "disk_total_mb")?;
    node.dynamic_ports = read_dynamic_ports(client, node.dynamic_ports)?;
    let on = |key: &str| node.options.get(key).is_some_and(|v| v == "1" || v == "true");
    node.docker.allow_privileged |= on("docker.privileged.enabled");
    node.docker.host_binds |= on("docker.volumes.enabled");
    Ok(node)
}

/// Reads the `plugin` blocks into the node.
pub(super) fn read_plugins(
    file: &mut Section,
    node: &mut NodeConfig,
    notices: &mut Vec<Notice>,
) -> Result<(), ConfigError> {
    for (name, mut plugin) in file.take_labelled("plugin")? {
        let line = plugin.line;
        let mut config = plugin.take_section("config")?;
        match (name.as_str(), &mut config) {
            ("docker", Some(config)) => node.docker = read_docker(config)?,
            ("mock_driver", Some(config)) => {
                node.mock_driver = config.take_bool("enabled")?.unwrap_or(true);
            }
            ("docker", None) => {}
            ("mock_driver", None) => node.mock_driver = true,
            _ => {
                notices.push(warning(file, line, &format!("plugin \"{name}\" is not available")));
                continue;
            }
        }
        let inside = config.into_iter().flat_map(Section::rest).chain(plugin.rest());
        for entry in inside {
            let text = format!("plugin \"{name}\": `{}` is not honoured", entry.key);
            notices.push(warning(file, entry.line, &text));
        }
    }
    Ok(())
}

/// Turns what is left of the block into notices.
pub(super) fn leftovers(client: Section, notices: &mut Vec<Notice>) {
    let file = client.file.clone();
    for entry in client.rest() {
        let place = format!("{}:{}", file.display(), entry.line);
        let key = &entry.key;
        notices.push(if NOTED.contains(&key.as_str()) {
            Notice {
                level: NoticeLevel::Note,
                text: format!(
                    "{place}: `client.{key}` has nothing to do: everything is one process"
                ),
            }
        } else if LACKING.contains(&key.as_str()) {
            Notice {
                level: NoticeLevel::Warning,
                text: format!("{place}: `client.{key}` is not honoured by this agent"),
            }
        } else {
            Notice {
                level: NoticeLevel::Warning,
                text: format!("{place}: `client.{key}` is not a known setting"),
            }
        });
    }
}

fn read_reserved(mut section: Section) -> Result<Reserved, ConfigError> {
    let reserved = Reserved {
        cpu_mhz: take_size(&mut section, "cpu")?.unwrap_or_default(),
        memory_mb: take_size(&mut section, "memory")?.unwrap_or_default(),
        disk_mb: take_size(&mut section, "disk")?.unwrap_or_default(),
        ports: {
            let line = section.line_of("reserved_ports");
            let ports = section.take_text("reserved_ports")?.unwrap_or_default();
            check_ports(&ports).map_err(|message| section.error(line, message))?;
            ports
        },
    };
    let file = section.file.clone();
    match section.rest().next() {
        None => Ok(reserved),
        Some(entry) => Err(ConfigError::At {
            file,
            line: entry.line,
            message: format!("`reserved.{}` is not supported", entry.key),
        }),
    }
}

/// Checks a list such as `22,80,8000-8100`.
fn check_ports(list: &str) -> Result<(), String> {
    for part in list.split(',').map(str::trim).filter(|p| !p.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let port = |text: &str| text.trim().parse::<u16>().ok().filter(|p| *p > 0);
        match (port(first), port(last)) {
            (Some(first), Some(last)) if first <= last => {}
            _ => return Err(format!("`{part}` is not a port or a range of ports")),
        }
    }
    Ok(())
}

fn read_host_volume(
    name: &str,
    mut section: Section,
    working_dir: &Path,
) -> Result<HostVolumeConfig, ConfigError> {
    let line = if section.has("path") { section.line_of("path") } else { section.line };
    let Some(path) = section.take_text("path")?.filter(|p| !p.is_empty()) else {
        return Err(section.error(line, format!("host volume \"{name}\" needs a path")));
    };
    let read_only = section.take_bool("read_only")?.unwrap_or(false);
    let absolute: PathBuf = working_dir.join(&path);
    let found = std::fs::metadata(&absolute);
    let problem = match found {
        Ok(meta) if meta.is_dir() => None,
        Ok(_) => Some("is not a directory".to_owned()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Some("does not exist".to_owned()),
        Err(e) => Some(format!("cannot be used: {e}")),
    };
    if let Some(problem) = problem {
        let message =
            format!("the directory of host volume \"{name}\" {problem}: {}", absolute.display());
        return Err(section.error(line, message));
    }
    let path = std::fs::canonicalize(&absolute)
        .map_err(|source| ConfigError::Read { path: absolute.clone(), source })?;
    let file = section.file.clone();
    match section.rest().next() {
        None => Ok(HostVolumeConfig { path, read_only }),
        Some(entry) => Err(ConfigError::At {
            file,
            line: entry.line,
            message: format!("`{}` is not a setting of a host volume", entry.key),
        }),
    }
}

fn read_dynamic_ports(
    client: &mut Section,
    default: (u16, u16),
) -> Result<(u16, u16), ConfigError> {
    let mut take = |key: &str, default: u16| -> Result<u16, ConfigError> {
        let line = client.line_of(key);
        match client.take_int(key)? {
            None => Ok(default),
            Some(port) => u16::try_from(port)
                .ok()
                .filter(|p| *p > 0)
                .ok_or_else(|| client.error(line, format!("`{key}` must be a port"))),
        }
    };
    let (first, last) =
        (take("min_dynamic_port", default.0)?, take("max_dynamic_port", default.1)?);
    if first > last {
        let message = format!("min_dynamic_port {first} is above max_dynamic_port {last}");
        return Err(client.error(client.line, message));
    }
    Ok((first, last))
}

fn read_docker(config: &mut Section) -> Result<DockerConfig, ConfigError> {
    let mut docker = DockerConfig {
        allow_privileged: config.take_bool("allow_privileged")?.unwrap_or(false),
        host_binds: false,
    };
    if let Some(mut volumes) = config.take_section("volumes")? {
        docker.host_binds = volumes.take_bool("enabled")?.unwrap_or(false);
    }
    Ok(docker)
}

fn take_size(section: &mut Section, key: &str) -> Result<Option<i64>, ConfigError> {
    let line = section.line_of(key);
    match section.take_int(key)? {
        Some(size) if size < 0 => Err(section.error(line, format!("`{key}` must not be negative"))),
        Some(0) | None => Ok(None),
        size => Ok(size),
    }
}

fn warning(file: &Section, line: usize, text: &str) -> Notice {
    Notice { level: NoticeLevel::Warning, text: format!("{}:{line}: {text}", file.file.display()) }
}
