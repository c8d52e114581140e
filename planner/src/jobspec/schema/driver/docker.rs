//! Options of the `docker` driver.
//!
//! Data only; which options exclude each other is a rule in `lint`.

use crate::jobspec::schema::Kind::*;
use crate::jobspec::schema::{BlockSchema, Label, Names, Shape, field};

pub(super) static CONFIG: BlockSchema = BlockSchema {
    name: "config",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("image", "", Text).required(),
        field("command", "", Text),
        field("args", "", Texts),
        field("entrypoint", "", Texts),
        field("ports", "", Texts).names(Names::Port),
        field("port_map", "", TextMap),
        field("volumes", "", Texts),
        field("mount", "", Blocks(&MOUNT)),
        field("mounts", "", Blocks(&MOUNT)),
        field("auth", "", Block(&AUTH)),
        field("auth_soft_fail", "", Bool),
        field("force_pull", "", Bool),
        field("image_pull_timeout", "", Duration),
        field("load", "", Text),
        field("labels", "", TextMap),
        field("hostname", "", Text),
        field("work_dir", "", Text),
        field("network_mode", "", Text),
        field("network_aliases", "", Texts),
        field("dns_servers", "", Texts),
        field("dns_search_domains", "", Texts),
        field("dns_options", "", Texts),
        field("extra_hosts", "", Texts),
        field("ipv4_address", "", Text),
        field("ipv6_address", "", Text),
        field("mac_address", "", Text),
        field("advertise_ipv6_address", "", Bool),
        field("privileged", "", Bool),
        field("cap_add", "", Texts),
        field("cap_drop", "", Texts),
        field("security_opt", "", Texts),
        field("group_add", "", Texts),
        field("readonly_rootfs", "", Bool),
        field("devices", "", Blocks(&DEVICES)),
        field("runtime", "", Text),
        field("ipc_mode", "", Text),
        field("pid_mode", "", Text),
        field("uts_mode", "", Text),
        field("userns_mode", "", Text),
        field("cgroupns", "", Text).values(&["host", "private"]).since("1.7.0"),
        field("isolation", "", Text).values(&["hyperv", "process"]).since("1.5.0"),
        field("windows_allow_insecure_container_admin", "", Bool).since("1.8.0"),
        field("memory_hard_limit", "", Int),
        field("cpu_hard_limit", "", Bool),
        field("cpu_cfs_period", "", Int),
        field("cpuset_cpus", "", Text),
        field("oom_score_adj", "", Int).since("1.8.2"),
        field("pids_limit", "", Int),
        field("shm_size", "", Int),
        field("sysctl", "", TextMap),
        field("ulimit", "", TextMap),
        field("storage_opt", "", TextMap),
        field("volume_driver", "", Text),
        field("init", "", Bool),
        field("interactive", "", Bool),
        field("tty", "", Bool),
        field("healthchecks", "", Block(&HEALTHCHECKS)).since("1.4.0"),
        field("logging", "", Block(&LOGGING)),
        field("container_exists_attempts", "", Int).since("1.8.2"),
    ],
};

static AUTH: BlockSchema = BlockSchema {
    name: "auth",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("username", "", Text),
        field("password", "", Text),
        field("email", "", Text),
        field("server_address", "", Text),
    ],
};

static DEVICES: BlockSchema = BlockSchema {
    name: "devices",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("host_path", "", Text).required(),
        field("container_path", "", Text),
        field("cgroup_permissions", "", Text),
    ],
};

static HEALTHCHECKS: BlockSchema = BlockSchema {
    name: "healthchecks",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[field("disable", "", Bool)],
};

static LOGGING: BlockSchema = BlockSchema {
    name: "logging",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[field("type", "", Text), field("driver", "", Text), field("config", "", TextMap)],
};

static MOUNT: BlockSchema = BlockSchema {
    name: "mount",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("type", "", Text).values(&["volume", "bind", "tmpfs"]),
        field("target", "", Text),
        field("source", "", Text),
        field("readonly", "", Bool),
        field("bind_options", "", Block(&BIND_OPTIONS)),
        field("tmpfs_options", "", Block(&TMPFS_OPTIONS)),
        field("volume_options", "", Block(&VOLUME_OPTIONS)),
    ],
};

static BIND_OPTIONS: BlockSchema = BlockSchema {
    name: "bind_options",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[field("propagation", "", Text)
        .values(&["rprivate", "private", "rshared", "shared", "rslave", "slave"])],
};

static TMPFS_OPTIONS: BlockSchema = BlockSchema {
    name: "tmpfs_options",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[field("size", "", Int), field("mode", "", Int)],
};

static VOLUME_OPTIONS: BlockSchema = BlockSchema {
    name: "volume_options",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("no_copy", "", Bool),
        field("labels", "", TextMap),
        field("driver_config", "", Block(&DRIVER_CONFIG)),
    ],
};

static DRIVER_CONFIG: BlockSchema = BlockSchema {
    name: "driver_config",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[field("name", "", Text), field("options", "", TextMap)],
};
