//! The `config` block of a Docker task, checked and typed.
//!
//! Every option Nomad's driver knows and this one carries out is here; anything else is refused by
//! name. Pure.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/drivers/docker>

use std::collections::BTreeSet;
use std::time::Duration;

use steppe_planner::Map;
use steppe_planner::api::{TextMap, Value};

use crate::driver::{DriverError, TaskOrder};
use crate::duration::parse_duration;

/// Nomad's limit of a whole pull.
const PULL_TIMEOUT: Duration = Duration::from_secs(300);

/// A Docker task as asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct DockerConfig {
    pub(super) image: String,
    pub(super) auth: Option<Auth>,
    pub(super) force_pull: bool,
    pub(super) pull_timeout: Duration,
    pub(super) command: Option<String>,
    pub(super) args: Vec<String>,
    pub(super) entrypoint: Option<Vec<String>>,
    /// Labels of group ports to publish.
    pub(super) ports: Vec<String>,
    pub(super) port_map: Map<i64>,
    pub(super) labels: TextMap,
    pub(super) volumes: Vec<String>,
    pub(super) volume_driver: String,
    pub(super) mounts: Vec<MountConfig>,
    pub(super) network_mode: Option<String>,
    pub(super) network_aliases: Vec<String>,
    pub(super) hostname: Option<String>,
    pub(super) work_dir: Option<String>,
    pub(super) dns_servers: Vec<String>,
    pub(super) dns_search_domains: Vec<String>,
    pub(super) dns_options: Vec<String>,
    pub(super) extra_hosts: Vec<String>,
    pub(super) shm_size: Option<i64>,
    pub(super) pids_limit: i64,
    pub(super) ulimit: TextMap,
    pub(super) sysctl: TextMap,
    pub(super) storage_opt: TextMap,
    pub(super) readonly_rootfs: bool,
    pub(super) cap_add: Vec<String>,
    pub(super) cap_drop: Vec<String>,
    pub(super) privileged: bool,
    pub(super) memory_hard_limit_mb: i64,
    pub(super) cpu_hard_limit: bool,
    pub(super) cpu_cfs_period: i64,
    pub(super) interactive: bool,
    pub(super) tty: bool,
    pub(super) init: bool,
    pub(super) group_add: Vec<String>,
    pub(super) security_opt: Vec<String>,
    pub(super) pid_mode: Option<String>,
    pub(super) ipc_mode: Option<String>,
    pub(super) uts_mode: Option<String>,
    pub(super) userns_mode: Option<String>,
    pub(super) runtime: Option<String>,
    pub(super) devices: Vec<DeviceConfig>,
    pub(super) logging: Option<LoggingConfig>,
}

/// A login at a registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Auth {
    pub(super) username: String,
    pub(super) password: String,
    pub(super) email: Option<String>,
    pub(super) server_address: Option<String>,
}

/// A `mount` block.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct MountConfig {
    /// `volume` (the default), `bind` or `tmpfs`.
    pub(super) kind: String,
    pub(super) source: String,
    pub(super) target: String,
    pub(super) read_only: bool,
    pub(super) propagation: Option<String>,
    pub(super) tmpfs_size: Option<i64>,
    pub(super) tmpfs_mode: Option<i64>,
}

/// A device of the host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DeviceConfig {
    pub(super) host_path: String,
    pub(super) container_path: Option<String>,
    pub(super) permissions: Option<String>,
}

/// Docker's own log driver.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LoggingConfig {
    pub(super) driver: String,
    pub(super) options: TextMap,
}

impl DockerConfig {
    /// Reads the options; every wrong or unknown one is an error.
    pub(super) fn read(order: &TaskOrder) -> Result<DockerConfig, DriverError> {
        let mut options = Options::new(&order.config);
        let mut config = DockerConfig::default();
        image(&mut config, &mut options)?;
        process(&mut config, &mut options)?;
        network(&mut config, &mut options)?;
        storage(&mut config, &mut options)?;
        limits(&mut config, &mut options)?;
        isolation(&mut config, &mut options)?;
        options.finish()?;
        if config.image.is_empty() {
            return Err(DriverError::Config("image name required for docker driver".into()));
        }
        Ok(config)
    }
}

fn image(config: &mut DockerConfig, options: &mut Options<'_>) -> Result<(), DriverError> {
    let image = options.text("image")?.unwrap_or_default();
    let image = image.strip_prefix("https://").unwrap_or(&image);
    config.image = image.strip_prefix("docker://").unwrap_or(image).to_owned();
    config.force_pull = options.flag("force_pull")?;
    config.pull_timeout = match options.text("image_pull_timeout")? {
        Some(text) => parse_duration(&text).ok_or_else(|| wrong("image_pull_timeout"))?,
        None => PULL_TIMEOUT,
    };
    // Accepted: a login that fails is always an error here.
    options.flag("auth_soft_fail")?;
    if let Some(block) = options.blocks("auth")?.into_iter().next() {
        let mut auth = Options::new(&block);
        config.auth = Some(Auth {
            username: auth.text("username")?.unwrap_or_default(),
            password: auth.text("password")?.unwrap_or_default(),
            email: auth.text("email")?,
            server_address: auth.text("server_address")?,
        });
        auth.finish()?;
    }
    Ok(())
}

fn process(config: &mut DockerConfig, options: &mut Options<'_>) -> Result<(), DriverError> {
    config.command = options.text("command")?;
    config.args = options.list("args")?.unwrap_or_default();
    config.entrypoint = options.list("entrypoint")?;
    config.work_dir = options.text("work_dir")?;
    config.interactive = options.flag("interactive")?;
    config.tty = options.flag("tty")?;
    config.init = options.flag("init")?;
    config.labels = options.map("labels")?;
    config.runtime = options.text("runtime")?;
    if let Some(block) = options.blocks("logging")?.into_iter().next() {
        let mut logging = Options::new(&block);
        let driver = logging.text("driver")?.or(logging.text("type")?);
        let options = logging.map("config")?;
        config.logging = Some(LoggingConfig { driver: driver.unwrap_or_default(), options });
        logging.finish()?;
    }
    Ok(())
}

fn network(config: &mut DockerConfig, options: &mut Options<'_>) -> Result<(), DriverError> {
    config.ports = options.list("ports")?.unwrap_or_default();
    for (label, port) in options.map("port_map")? {
        let port = port.parse().map_err(|_| wrong("port_map"))?;
        config.port_map.insert(label, port);
    }
    config.network_mode = options.text("network_mode")?;
    config.network_aliases = options.list("network_aliases")?.unwrap_or_default();
    config.hostname = options.text("hostname")?;
    config.dns_servers = options.list("dns_servers")?.unwrap_or_default();
    config.dns_search_domains = options.list("dns_search_domains")?.unwrap_or_default();
    config.dns_options = options.list("dns_options")?.unwrap_or_default();
    config.extra_hosts = options.list("extra_hosts")?.unwrap_or_default();
    Ok(())
}

fn storage(config: &mut DockerConfig, options: &mut Options<'_>) -> Result<(), DriverError> {
    config.volumes = options.list("volumes")?.unwrap_or_default();
    config.volume_driver = options.text("volume_driver")?.unwrap_or_default();
    config.readonly_rootfs = options.flag("readonly_rootfs")?;
    config.storage_opt = options.map("storage_opt")?;
    config.shm_size = options.number("shm_size")?;
    for key in ["mounts", "mount"] {
        for block in options.blocks(key)? {
            config.mounts.push(mount(&block)?);
        }
    }
    Ok(())
}

fn mount(block: &Map<Value>) -> Result<MountConfig, DriverError> {
    let mut options = Options::new(block);
    let mut mount = MountConfig {
        kind: options.text("type")?.unwrap_or_else(|| "volume".into()),
        source: options.text("source")?.unwrap_or_default(),
        target: options.text("target")?.unwrap_or_default(),
        read_only: options.flag("readonly")?,
        ..MountConfig::default()
    };
    for block in options.blocks("bind_options")? {
        let mut bind = Options::new(&block);
        mount.propagation = bind.text("propagation")?;
        bind.finish()?;
    }
    for block in options.blocks("tmpfs_options")? {
        let mut tmpfs = Options::new(&block);
        mount.tmpfs_size = tmpfs.number("size")?;
        mount.tmpfs_mode = tmpfs.number("mode")?;
        tmpfs.finish()?;
    }
    options.finish()?;
    Ok(mount)
}

fn limits(config: &mut DockerConfig, options: &mut Options<'_>) -> Result<(), DriverError> {
    config.memory_hard_limit_mb = options.number("memory_hard_limit")?.unwrap_or(0);
    config.cpu_hard_limit = options.flag("cpu_hard_limit")?;
    config.cpu_cfs_period = options.number("cpu_cfs_period")?.filter(|p| *p > 0).unwrap_or(100_000);
    config.pids_limit = options.number("pids_limit")?.unwrap_or(0);
    config.ulimit = options.map("ulimit")?;
    config.sysctl = options.map("sysctl")?;
    Ok(())
}

fn isolation(config: &mut DockerConfig, options: &mut Options<'_>) -> Result<(), DriverError> {
    config.privileged = options.flag("privileged")?;
    config.cap_add = options.list("cap_add")?.unwrap_or_default();
    config.cap_drop = options.list("cap_drop")?.unwrap_or_default();
    config.group_add = options.list("group_add")?.unwrap_or_default();
    config.security_opt = options.list("security_opt")?.unwrap_or_default();
    config.pid_mode = options.text("pid_mode")?;
    config.ipc_mode = options.text("ipc_mode")?;
    config.uts_mode = options.text("uts_mode")?;
    config.userns_mode = options.text("userns_mode")?;
    for block in options.blocks("devices")? {
        let mut device = Options::new(&block);
        config.devices.push(DeviceConfig {
            host_path: device.text("host_path")?.unwrap_or_default(),
            container_path: device.text("container_path")?,
            permissions: device.text("cgroup_permissions")?,
        });
        device.finish()?;
    }
    Ok(())
}

fn wrong(key: &str) -> DriverError {
    DriverError::Config(format!("failed to parse config: {key} has a wrong type or value"))
}

/// Takes options out of a block by name, and knows which nobody took.
struct Options<'a> {
    block: &'a Map<Value>,
    taken: BTreeSet<&'static str>,
}

impl<'a> Options<'a> {
    fn new(block: &'a Map<Value>) -> Self {
        Options { block, taken: BTreeSet::new() }
    }

    fn take(&mut self, key: &'static str) -> Option<&'a Value> {
        self.taken.insert(key);
        self.block.get(key).filter(|v| !v.is_null())
    }

    fn text(&mut self, key: &'static str) -> Result<Option<String>, DriverError> {
        self.take(key).map(|v| scalar(v).ok_or_else(|| wrong(key))).transpose()
    }

    fn flag(&mut self, key: &'static str) -> Result<bool, DriverError> {
        match self.take(key) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(Value::String(text)) => text.parse().map_err(|_| wrong(key)),
            Some(_) => Err(wrong(key)),
        }
    }

    fn number(&mut self, key: &'static str) -> Result<Option<i64>, DriverError> {
        let number = |v: &Value| v.as_i64().or_else(|| v.as_str()?.parse().ok());
        self.take(key).map(|v| number(v).ok_or_else(|| wrong(key))).transpose()
    }

    fn list(&mut self, key: &'static str) -> Result<Option<Vec<String>>, DriverError> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Array(items)) => {
                let texts: Option<Vec<String>> = items.iter().map(scalar).collect();
                texts.map(Some).ok_or_else(|| wrong(key))
            }
            Some(_) => Err(wrong(key)),
        }
    }

    /// Name and value pairs; HCL gives a block as a list of one.
    fn map(&mut self, key: &'static str) -> Result<TextMap, DriverError> {
        let mut map = TextMap::new();
        for block in self.blocks(key)? {
            for (name, value) in block {
                map.insert(name, scalar(&value).ok_or_else(|| wrong(key))?);
            }
        }
        Ok(map)
    }

    fn blocks(&mut self, key: &'static str) -> Result<Vec<Map<Value>>, DriverError> {
        let block = |value: &Value| match value {
            Value::Object(fields) => {
                Ok(fields.iter().map(|(k, v)| (k.clone(), v.clone())).collect())
            }
            _ => Err(wrong(key)),
        };
        match self.take(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => items.iter().map(block).collect(),
            Some(value) => Ok(vec![block(value)?]),
        }
    }

    fn finish(self) -> Result<(), DriverError> {
        let unknown = self.block.keys().find(|k| !self.taken.contains(k.as_str()));
        match unknown {
            None => Ok(()),
            Some(key) => Err(DriverError::Config(format!(
                "2 errors occurred:\n\t* failed to parse config: \n\t* Invalid label: No argument or \
                 block type is named \"{key}\".\n\n"
            ))),
        }
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(config: Value) -> Result<DockerConfig, DriverError> {
        let config = serde_json::from_value(config).unwrap();
        DockerConfig::read(&TaskOrder { config, ..TaskOrder::default() })
    }

    #[test]
    fn blocks_may_be_objects_or_lists_of_one() {
        for port_map in [json!({"db": 3306}), json!([{"db": "3306"}])] {
            let config = read(json!({"image": "mysql:5.7.28", "port_map": port_map})).unwrap();
            assert_eq!(config.port_map, Map::from([("db".to_owned(), 3306)]));
        }
    }

    #[test]
    fn the_first_unknown_option_is_named() {
        let error = read(json!({"image": "web:1", "nosuchoption": true})).unwrap_err();
        assert!(error.to_string().contains("is named \"nosuchoption\""), "{error}");
        let error = read(json!({"image": "web:1", "auth": {"user": "x"}})).unwrap_err();
        assert!(error.to_string().contains("is named \"user\""), "{error}");
    }

    #[test]
    fn wrong_types_are_refused() {
        for config in [
            json!({}),
            json!({"image": ["web"]}),
            json!({"image": "web", "args": "one"}),
            json!({"image": "web", "port_map": {"db": "many"}}),
            json!({"image": "web", "image_pull_timeout": "soon"}),
        ] {
            assert!(matches!(read(config.clone()), Err(DriverError::Config(_))), "{config}");
        }
    }
}
