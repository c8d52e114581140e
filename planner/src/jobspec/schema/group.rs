//! Schema of the group block, its volumes, networks and policies.
//!
//! Data only; what a kind means is decided in the module above.

use super::Kind::*;
use super::job::{
    AFFINITY, CONSTRAINT, MIGRATE_STRATEGY, RESCHEDULE_POLICY, SPREAD, UPDATE_STRATEGY,
};
use super::service::SERVICE;
use super::task::{SECRET, TASK};
use super::{BlockSchema, Label, Names, Shape, field, words};

pub(crate) static TASK_GROUP: BlockSchema = BlockSchema {
    name: "group",
    shape: Shape::Group,
    label: Label::One("Name"),
    fields: &[
        field("count", "Count", Int).or_null(),
        field("constraint", "Constraints", Blocks(&CONSTRAINT)),
        field("affinity", "Affinities", Blocks(&AFFINITY)),
        field("task", "Tasks", Blocks(&TASK)),
        field("spread", "Spreads", Blocks(&SPREAD)),
        field("volume", "Volumes", ByLabel(&VOLUME_REQUEST)),
        field("restart", "RestartPolicy", Block(&RESTART_POLICY)),
        field("disconnect", "Disconnect", Block(&DISCONNECT_STRATEGY)).since("1.8.0"),
        field("reschedule", "ReschedulePolicy", Block(&RESCHEDULE_POLICY)),
        field("ephemeral_disk", "EphemeralDisk", Block(&EPHEMERAL_DISK)),
        field("update", "Update", Block(&UPDATE_STRATEGY)),
        field("migrate", "Migrate", Block(&MIGRATE_STRATEGY)),
        field("network", "Networks", Blocks(&NETWORK_RESOURCE)),
        field("meta", "Meta", TextMap),
        field("service", "Services", Blocks(&SERVICE)),
        field("shutdown_delay", "ShutdownDelay", Duration),
        field("max_run_duration", "MaxRunDuration", Duration).since("2.0.3"),
        field("stop_after_client_disconnect", "StopAfterClientDisconnect", Duration),
        field("max_client_disconnect", "MaxClientDisconnect", Duration).since("1.3.0"),
        field("scaling", "Scaling", Block(&SCALING_POLICY)),
        field("consul", "Consul", Block(&CONSUL)).not_hcl1(),
        field("prevent_reschedule_on_lost", "PreventRescheduleOnLost", Bool)
            .or_null()
            .since("1.7.2"),
        field("vault", "Vault", Block(&VAULT)),
        field("secret", "Secrets", Blocks(&SECRET)).since("1.11.0"),
    ],
};

pub(crate) static VOLUME_REQUEST: BlockSchema = BlockSchema {
    name: "volume",
    shape: Shape::Volume,
    label: Label::One("Name"),
    fields: &[
        field("type", "Type", Text).values(&["host", "csi"]),
        field("source", "Source", Text).names(Names::Source),
        field("read_only", "ReadOnly", Bool),
        field("sticky", "Sticky", Bool).since("1.10.0"),
        field("access_mode", "AccessMode", Text).values(&[
            "single-node-writer",
            "single-node-reader-only",
            "single-node-single-writer",
            "single-node-multi-writer",
            "multi-node-reader-only",
            "multi-node-single-writer",
            "multi-node-multi-writer",
        ]),
        field("attachment_mode", "AttachmentMode", Text).values(&["file-system", "block-device"]),
        field("mount_options", "MountOptions", Block(&CSI_MOUNT_OPTIONS)),
        field("per_alloc", "PerAlloc", Bool),
    ],
};

pub(crate) static CSI_MOUNT_OPTIONS: BlockSchema = BlockSchema {
    name: "mount_options",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[field("fs_type", "FSType", Text), field("mount_flags", "MountFlags", Texts)],
};

pub(crate) static RESTART_POLICY: BlockSchema = BlockSchema {
    name: "restart",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("interval", "Interval", Duration),
        field("attempts", "Attempts", Int).or_null(),
        field("delay", "Delay", Duration),
        field("mode", "Mode", Text).or_null().values(&["fail", "delay"]),
        field("render_templates", "RenderTemplates", Bool).or_null().since("1.6.2"),
    ],
};

pub(crate) static DISCONNECT_STRATEGY: BlockSchema = BlockSchema {
    name: "disconnect",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("lost_after", "LostAfter", Duration).since("1.8.0"),
        field("stop_on_client_after", "StopOnClientAfter", Duration).since("1.8.0"),
        field("replace", "Replace", Bool).or_null().since("1.8.0"),
        field("reconcile", "Reconcile", Text)
            .or_null()
            .values(&["best_score", "keep_original", "keep_replacement", "longest_running"])
            .since("1.8.0"),
    ],
};

pub(crate) static EPHEMERAL_DISK: BlockSchema = BlockSchema {
    name: "ephemeral_disk",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("sticky", "Sticky", Bool).or_null(),
        field("migrate", "Migrate", Bool).or_null(),
        field("size", "SizeMB", Int).or_null(),
    ],
};

pub(crate) static NETWORK_RESOURCE: BlockSchema = BlockSchema {
    name: "network",
    shape: Shape::Network,
    label: Label::None,
    fields: &[
        field("mode", "Mode", Text).values(&["bridge", "host", "none"]).names(Names::NetworkMode),
        field("device", "Device", Text).not_hcl1(),
        field("cidr", "CIDR", Text).not_hcl1(),
        field("ip", "IP", Text).not_hcl1(),
        field("dns", "DNS", Block(&DNSCONFIG)),
        field("reserved_ports", "ReservedPorts", Blocks(&PORT)).not_hcl1(),
        field("port", "DynamicPorts", Blocks(&PORT)),
        field("hostname", "Hostname", Text).since("1.1.5"),
        field("mbits", "MBits", Int).or_null(),
        field("cni", "CNI", Block(&CNICONFIG)).since("1.8.2"),
    ],
};

pub(crate) static DNSCONFIG: BlockSchema = BlockSchema {
    name: "dns",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("servers", "Servers", Texts),
        field("searches", "Searches", Texts),
        field("options", "Options", Texts),
    ],
};

pub(crate) static PORT: BlockSchema = BlockSchema {
    name: "port",
    shape: Shape::Plain,
    label: Label::One("Label"),
    fields: &[
        field("static", "Value", Int),
        field("to", "To", Int),
        field("host_network", "HostNetwork", Text).names(Names::HostNetwork),
        field("ignore_collision", "IgnoreCollision", Bool).since("1.9.0"),
    ],
};

pub(crate) static CNICONFIG: BlockSchema = BlockSchema {
    name: "cni",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[field("args", "Args", TextMapAttribute).since("1.8.2")],
};

pub(crate) static SCALING_POLICY: BlockSchema = BlockSchema {
    name: "scaling",
    shape: Shape::Scaling,
    label: Label::Optional,
    fields: &[
        field("min", "Min", Int).or_null(),
        field("max", "Max", Int).or_null(),
        field("policy", "Policy", Free),
        field("enabled", "Enabled", Bool).or_null(),
        field("type", "Type", Text).values(&["horizontal", "vertical_cpu", "vertical_mem"]),
    ],
};

pub(crate) static CONSUL: BlockSchema = BlockSchema {
    name: "consul",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("namespace", "Namespace", Text),
        field("cluster", "Cluster", Text).since("1.7.0"),
        field("partition", "Partition", Text).since("1.7.3"),
    ],
};

pub(crate) static VAULT: BlockSchema = BlockSchema {
    name: "vault",
    shape: Shape::Vault,
    label: Label::None,
    fields: &[
        field("policies", "Policies", Texts),
        field("role", "Role", Text).since("1.7.0"),
        field("namespace", "Namespace", Text).or_null(),
        field("cluster", "Cluster", Text).since("1.7.0"),
        field("env", "Env", Bool).or_null(),
        field("disable_file", "DisableFile", Bool).or_null().since("1.6.0"),
        field("change_mode", "ChangeMode", Text).or_null().values(words::CHANGE_MODES),
        field("change_signal", "ChangeSignal", Text).or_null().values(words::SIGNALS),
        field("allow_token_expiration", "AllowTokenExpiration", Bool).or_null().since("1.7.3"),
    ],
};
