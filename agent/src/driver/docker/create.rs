//! The container a task becomes: Docker's create request.
//!
//! What only root may do (privileged, host directories, host namespaces, devices) is refused here
//! unless the node's configuration allows it.

use std::collections::HashMap;
use std::path::Path;

use bollard::models::{
    ContainerCreateBody, DeviceMapping, EndpointSettings, HostConfig, HostConfigLogConfig,
    NetworkingConfig, PortBinding, ResourcesUlimits, RestartPolicy,
};

use super::ALLOC_LABEL;
use super::config::{DeviceConfig, DockerConfig};
use super::mounts::{binds, mounts};
use super::network::{bindings, has_own_network, network_mode};
use crate::driver::{DriverError, TaskOrder};

/// The capabilities a task may add: Docker's own defaults without `net_raw`.
const ALLOWED_CAPS: [&str; 13] = [
    "audit_write",
    "chown",
    "dac_override",
    "fowner",
    "fsetid",
    "kill",
    "mknod",
    "net_bind_service",
    "setfcap",
    "setgid",
    "setpcap",
    "setuid",
    "sys_chroot",
];
/// Taken from every container: it forges packets.
const DROPPED_CAP: &str = "net_raw";
/// The least share Docker accepts.
const MIN_CPU_SHARES: i64 = 2;

/// The create request of a task.
pub(super) fn body(
    order: &TaskOrder,
    config: &DockerConfig,
) -> Result<ContainerCreateBody, DriverError> {
    check_allowed(order, config)?;
    let bindings = bindings(order, config)?;
    let mode = network_mode(order, config)?;
    let labels = config.labels.iter().map(|(k, v)| (k.clone(), v.clone()));
    let own_label = (ALLOC_LABEL.to_owned(), order.alloc_id.clone());
    Ok(ContainerCreateBody {
        image: Some(config.image.clone()),
        hostname: config.hostname.clone(),
        user: Some(order.user.clone()).filter(|u| !u.is_empty()),
        env: Some(order.env.iter().map(|(k, v)| format!("{k}={v}")).collect()),
        cmd: command(config),
        entrypoint: config.entrypoint.clone(),
        working_dir: config.work_dir.clone(),
        tty: Some(config.tty).filter(|on| *on),
        open_stdin: Some(config.interactive).filter(|on| *on),
        exposed_ports: Some(bindings.keys().cloned().collect()),
        labels: Some(labels.chain([own_label]).collect()),
        networking_config: aliases(config, &mode),
        host_config: Some(HostConfig {
            network_mode: Some(mode),
            port_bindings: Some(
                bindings
                    .into_iter()
                    .map(|(inside, outside)| (inside, Some(published(outside))))
                    .collect(),
            ),
            ..host_config(order, config)?
        }),
        ..ContainerCreateBody::default()
    })
}

fn command(config: &DockerConfig) -> Option<Vec<String>> {
    let words: Vec<String> = config.command.iter().chain(&config.args).cloned().collect();
    Some(words).filter(|w| !w.is_empty())
}

fn published(outside: Vec<(String, String)>) -> Vec<PortBinding> {
    let binding = |(ip, port)| PortBinding { host_ip: Some(ip), host_port: Some(port) };
    outside.into_iter().map(binding).collect()
}

fn aliases(config: &DockerConfig, mode: &str) -> Option<NetworkingConfig> {
    if config.network_aliases.is_empty() || !has_own_network(mode) {
        return None;
    }
    let settings = EndpointSettings {
        aliases: Some(config.network_aliases.clone()),
        ..EndpointSettings::default()
    };
    Some(NetworkingConfig { endpoints_config: Some(HashMap::from([(mode.to_owned(), settings)])) })
}

fn host_config(order: &TaskOrder, config: &DockerConfig) -> Result<HostConfig, DriverError> {
    let (memory, reservation) = memory_bytes(order, config);
    let quota = config.cpu_hard_limit.then(|| cpu_quota(order, config));
    Ok(HostConfig {
        binds: Some(binds(order, config)?),
        mounts: Some(mounts(order, config)?).filter(|m| !m.is_empty()),
        memory: Some(memory),
        memory_swap: Some(memory),
        memory_reservation: reservation,
        memory_swappiness: swappiness(),
        cpu_shares: Some(order.resources.cpu_mhz.max(MIN_CPU_SHARES)),
        cpu_period: quota.map(|_| config.cpu_cfs_period),
        cpu_quota: quota,
        cap_add: Some(config.cap_add.clone()).filter(|c| !c.is_empty()),
        cap_drop: Some(cap_drop(config)),
        privileged: Some(config.privileged).filter(|on| *on),
        log_config: Some(log_config(config)),
        restart_policy: Some(RestartPolicy::default()),
        dns: filled(&config.dns_servers),
        dns_search: filled(&config.dns_search_domains),
        dns_options: filled(&config.dns_options),
        extra_hosts: filled(&config.extra_hosts),
        group_add: filled(&config.group_add),
        security_opt: filled(&config.security_opt),
        shm_size: config.shm_size,
        pids_limit: Some(config.pids_limit).filter(|n| *n > 0),
        ulimits: Some(ulimits(config)?).filter(|u| !u.is_empty()),
        sysctls: hash(&config.sysctl),
        storage_opt: hash(&config.storage_opt),
        readonly_rootfs: Some(config.readonly_rootfs).filter(|on| *on),
        init: Some(config.init).filter(|on| *on),
        pid_mode: config.pid_mode.clone(),
        ipc_mode: config.ipc_mode.clone(),
        uts_mode: config.uts_mode.clone(),
        userns_mode: config.userns_mode.clone(),
        runtime: config.runtime.clone(),
        volume_driver: Some(config.volume_driver.clone()).filter(|d| !d.is_empty()),
        devices: Some(devices(config)).filter(|d| !d.is_empty()),
        ..HostConfig::default()
    })
}

fn check_allowed(order: &TaskOrder, config: &DockerConfig) -> Result<(), DriverError> {
    let refuse = |text: &str| Err(DriverError::Config(text.to_owned()));
    if !order.allow.privileged {
        if config.privileged {
            return refuse("Docker privileged mode is disabled on this Nomad agent");
        }
        let hosts = [&config.pid_mode, &config.ipc_mode, &config.uts_mode, &config.userns_mode];
        if hosts.iter().any(|m| m.as_deref() == Some("host")) {
            return refuse("the host's namespaces need allow_privileged on this agent");
        }
        if !config.devices.is_empty() || !config.security_opt.is_empty() {
            return refuse("devices and security_opt need allow_privileged on this agent");
        }
        let lower = config.cap_add.iter().map(|c| cap_name(c));
        let refused: Vec<String> = lower.filter(|c| !ALLOWED_CAPS.contains(&c.as_str())).collect();
        if !refused.is_empty() {
            let refused = refused.join(", ");
            return refuse(&format!("driver does not allow the following capabilities: {refused}"));
        }
    }
    Ok(())
}

fn cap_name(cap: &str) -> String {
    let lower = cap.to_ascii_lowercase();
    lower.strip_prefix("cap_").unwrap_or(&lower).to_owned()
}

fn cap_drop(config: &DockerConfig) -> Vec<String> {
    let mut drop = config.cap_drop.clone();
    let named = |list: &[String]| list.iter().any(|c| cap_name(c) == DROPPED_CAP);
    if !named(&drop) && !named(&config.cap_add) && !config.privileged {
        drop.push(DROPPED_CAP.to_owned());
    }
    drop
}

/// The hard limit, 0 for none, and the reservation below it if they differ.
fn memory_bytes(order: &TaskOrder, config: &DockerConfig) -> (i64, Option<i64>) {
    let asked = order.resources.memory_mb << 20;
    if order.resources.memory_max_mb < 0 {
        return (0, Some(asked));
    }
    let max = order.resources.memory_max_mb.max(config.memory_hard_limit_mb) << 20;
    if max > asked { (max, Some(asked)) } else { (asked, None) }
}

/// Only the first version of cgroups knows swappiness; the second refuses or warns.
fn swappiness() -> Option<i64> {
    (!Path::new("/sys/fs/cgroup/cgroup.controllers").exists()).then_some(0)
}

fn cpu_quota(order: &TaskOrder, config: &DockerConfig) -> i64 {
    let total = order.resources.cpu_mhz_total.max(1);
    let per_core = config.cpu_cfs_period * order.resources.cpu_mhz / total;
    (per_core * order.resources.cpu_cores_total.max(1)).max(1000)
}

fn log_config(config: &DockerConfig) -> HostConfigLogConfig {
    let default = || {
        HashMap::from([
            ("max-file".to_owned(), "2".to_owned()),
            ("max-size".to_owned(), "2m".to_owned()),
        ])
    };
    match &config.logging {
        Some(logging) if !logging.driver.is_empty() => HostConfigLogConfig {
            typ: Some(logging.driver.clone()),
            config: Some(logging.options.clone().into_iter().collect()),
        },
        _ => HostConfigLogConfig { typ: Some("json-file".into()), config: Some(default()) },
    }
}

fn ulimits(config: &DockerConfig) -> Result<Vec<ResourcesUlimits>, DriverError> {
    let limit = |(name, value): (&String, &String)| {
        let (soft, hard) = value.split_once(':').unwrap_or((value, value));
        let number = |text: &str| {
            text.parse::<i64>()
                .map(Some)
                .map_err(|_| DriverError::Config(format!("Malformed ulimit {name}: {value}")))
        };
        Ok(ResourcesUlimits { name: Some(name.clone()), soft: number(soft)?, hard: number(hard)? })
    };
    config.ulimit.iter().map(limit).collect()
}

fn devices(config: &DockerConfig) -> Vec<DeviceMapping> {
    let device = |d: &DeviceConfig| DeviceMapping {
        path_on_host: Some(d.host_path.clone()),
        path_in_container: d.container_path.clone().or_else(|| Some(d.host_path.clone())),
        cgroup_permissions: d.permissions.clone().or_else(|| Some("rwm".into())),
    };
    config.devices.iter().map(device).collect()
}

fn filled(list: &[String]) -> Option<Vec<String>> {
    Some(list.to_vec()).filter(|l| !l.is_empty())
}

fn hash(map: &steppe_planner::api::TextMap) -> Option<HashMap<String, String>> {
    Some(map.clone().into_iter().collect()).filter(|m: &HashMap<_, _>| !m.is_empty())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use serde_json::{Value, json};

    use super::*;
    use crate::driver::{Allowances, TaskDirs, TaskMount, TaskPort, TaskResources};

    /// The workshop's MySQL task, as ordered on a node with the volume.
    fn mysql() -> TaskOrder {
        let task = PathBuf::from("/d/alloc/ab6a/mysql-task");
        TaskOrder {
            alloc_id: "ab6a".into(),
            task_name: "mysql-task".into(),
            config: serde_json::from_value(json!({
                "image": "mysql:5.7.28", "port_map": [{"db": 3306}],
            }))
            .unwrap(),
            env: [("MYSQL_ROOT_PASSWORD".to_owned(), "rooooot".to_owned())].into(),
            resources: TaskResources {
                cpu_mhz: 500,
                cpu_mhz_total: 4890,
                cpu_cores_total: 2,
                memory_mb: 256,
                memory_max_mb: 0,
            },
            dirs: TaskDirs {
                shared: "/d/alloc/ab6a/alloc".into(),
                local: task.join("local"),
                secrets: task.join("secrets"),
                logs: "/d/alloc/ab6a/alloc/logs".into(),
                task,
            },
            ports: vec![TaskPort {
                label: "db".into(),
                host_ip: "127.0.0.1".into(),
                host_port: 13306,
                to: 0,
                of_task: true,
            }],
            mounts: vec![TaskMount {
                source: "/srv/mysql-data".into(),
                target: "/var/lib/mysql".into(),
                read_only: false,
                propagation: "private".into(),
            }],
            ..TaskOrder::default()
        }
    }

    fn request(order: &TaskOrder) -> Result<Value, DriverError> {
        let config = DockerConfig::read(order)?;
        Ok(serde_json::to_value(body(order, &config)?).unwrap())
    }

    fn with_config(config: Value) -> TaskOrder {
        let mut order = mysql();
        order.config = serde_json::from_value(config).unwrap();
        order
    }

    #[test]
    fn the_workshops_container_is_nomads() {
        let mut request = request(&mysql()).unwrap();
        // Depends on the machine's cgroups.
        request["HostConfig"].as_object_mut().unwrap().remove("MemorySwappiness");
        let published = json!([{"HostIp": "127.0.0.1", "HostPort": "13306"}]);
        assert_eq!(
            request,
            json!({
                "Image": "mysql:5.7.28",
                "Env": ["MYSQL_ROOT_PASSWORD=rooooot"],
                "ExposedPorts": {"3306/tcp": {}, "3306/udp": {}},
                "Labels": {"com.hashicorp.nomad.alloc_id": "ab6a"},
                "HostConfig": {
                    "Binds": [
                        "/d/alloc/ab6a/alloc:/alloc",
                        "/d/alloc/ab6a/mysql-task/local:/local",
                        "/d/alloc/ab6a/mysql-task/secrets:/secrets",
                    ],
                    "Mounts": [{
                        "Type": "bind",
                        "Source": "/srv/mysql-data",
                        "Target": "/var/lib/mysql",
                        "BindOptions": {"Propagation": "rprivate"},
                    }],
                    "PortBindings": {"3306/tcp": published, "3306/udp": published},
                    "CapDrop": ["net_raw"],
                    "NetworkMode": "default",
                    "RestartPolicy": {},
                    "LogConfig": {
                        "Type": "json-file",
                        "Config": {"max-file": "2", "max-size": "2m"},
                    },
                    "Memory": 268_435_456,
                    "MemorySwap": 268_435_456,
                    "CpuShares": 500,
                },
            })
        );
    }

    #[test]
    fn options_map_as_nomad_maps_them() {
        let mut order = with_config(json!({
            "image": "busybox:1", "command": "-c", "args": ["echo hi"], "entrypoint": ["/bin/sh"],
            "cap_add": ["net_bind_service"], "cap_drop": ["mknod"], "cpu_hard_limit": true,
            "ulimit": [{"nofile": "1024:2048"}], "pids_limit": 64, "readonly_rootfs": true,
            "mount": [{"type": "tmpfs", "target": "/scratch", "tmpfs_options": [{"size": 1_000_000}]}],
            "volumes": ["local/app.conf:/etc/app.conf"],
        }));
        order.resources.cpu_mhz = 200;
        order.resources.memory_max_mb = 512;
        let request = request(&order).unwrap();
        let host = &request["HostConfig"];
        assert_eq!(request["Cmd"], json!(["-c", "echo hi"]));
        assert_eq!(request["Entrypoint"], json!(["/bin/sh"]));
        assert_eq!(host["CapDrop"], json!(["mknod", "net_raw"]));
        assert_eq!((&host["CpuQuota"], &host["CpuPeriod"]), (&json!(8178), &json!(100_000)));
        assert_eq!(host["Ulimits"], json!([{"Name": "nofile", "Soft": 1024, "Hard": 2048}]));
        assert_eq!(host["Memory"], json!(512 << 20));
        assert_eq!(host["MemoryReservation"], json!(256 << 20));
        order.resources.memory_max_mb = -1;
        let host = &self::request(&order).unwrap()["HostConfig"];
        let memory = (&host["Memory"], &host["MemorySwap"], &host["MemoryReservation"]);
        assert_eq!(memory, (&json!(0), &json!(0), &json!(256 << 20)));
        assert_eq!(host["Binds"][3], "/d/alloc/ab6a/mysql-task/local/app.conf:/etc/app.conf");
        assert_eq!(host["Mounts"][0]["TmpfsOptions"]["SizeBytes"], 1_000_000);
    }

    #[test]
    fn what_only_root_may_is_refused_unless_allowed() {
        for config in [
            json!({"image": "x", "privileged": true}),
            json!({"image": "x", "pid_mode": "host"}),
            json!({"image": "x", "cap_add": ["net_admin"]}),
            json!({"image": "x", "cap_add": ["CAP_SYS_ADMIN"]}),
            json!({"image": "x", "devices": [{"host_path": "/dev/mem"}]}),
            json!({"image": "x", "volumes": ["/etc:/host"]}),
            json!({"image": "x", "volumes": ["../../../../etc:/host"]}),
            json!({"image": "x", "mount": [{"type": "bind", "source": "/", "target": "/host"}]}),
        ] {
            let mut order = with_config(config.clone());
            let refused = request(&order);
            assert!(matches!(refused, Err(DriverError::Config(_))), "{config}: {refused:?}");
            order.allow = Allowances { privileged: true, host_binds: true };
            assert!(request(&order).is_ok(), "{config}");
        }
    }
}
