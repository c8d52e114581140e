//! Schema of the task block and everything inside it but services.
//!
//! Data only; what a kind means is decided in the module above.

use super::Kind::*;
use super::group::{CONSUL, NETWORK_RESOURCE, RESTART_POLICY, SCALING_POLICY, VAULT};
use super::job::{AFFINITY, CONSTRAINT};
use super::service::SERVICE;
use super::{BlockSchema, Label, Names, Shape, field, words};

pub(crate) static TASK: BlockSchema = BlockSchema {
    name: "task",
    shape: Shape::Task,
    label: Label::One("Name"),
    fields: &[
        field("driver", "Driver", Text)
            .values(&["docker", "exec", "raw_exec", "java", "qemu"])
            .names(Names::Driver),
        field("user", "User", Text),
        field("lifecycle", "Lifecycle", Block(&TASK_LIFECYCLE)),
        field("config", "Config", Free),
        field("constraint", "Constraints", Blocks(&CONSTRAINT)),
        field("affinity", "Affinities", Blocks(&AFFINITY)),
        field("env", "Env", TextMap),
        field("service", "Services", Blocks(&SERVICE)),
        field("resources", "Resources", Block(&RESOURCES)),
        field("restart", "RestartPolicy", Block(&RESTART_POLICY)),
        field("meta", "Meta", TextMap),
        field("kill_timeout", "KillTimeout", Duration),
        field("logs", "LogConfig", Block(&LOG_CONFIG)),
        field("artifact", "Artifacts", Blocks(&TASK_ARTIFACT)),
        field("vault", "Vault", Block(&VAULT)),
        field("consul", "Consul", Block(&CONSUL)).since("1.7.0").not_hcl1(),
        field("template", "Templates", Blocks(&TEMPLATE)),
        field("dispatch_payload", "DispatchPayload", Block(&DISPATCH_PAYLOAD_CONFIG)),
        field("volume_mount", "VolumeMounts", Blocks(&VOLUME_MOUNT)),
        field("csi_plugin", "CSIPluginConfig", Block(&TASK_CSIPLUGIN_CONFIG)),
        field("leader", "Leader", Bool),
        field("shutdown_delay", "ShutdownDelay", Duration),
        field("kill_signal", "KillSignal", Text).values(words::SIGNALS),
        field("kind", "Kind", Text),
        field("scaling", "ScalingPolicies", Blocks(&SCALING_POLICY)),
        field("secret", "Secrets", Blocks(&SECRET)).since("1.11.0"),
        field("identity", "Identities", Blocks(&WORKLOAD_IDENTITY)).since("1.5.0"),
        field("action", "Actions", Blocks(&ACTION)).since("1.7.0"),
        field("schedule", "Schedule", Block(&TASK_SCHEDULE)).since("1.8.0"),
    ],
};

pub(crate) static TASK_LIFECYCLE: BlockSchema = BlockSchema {
    name: "lifecycle",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("hook", "Hook", Text).values(&["prestart", "poststart", "poststop"]),
        field("sidecar", "Sidecar", Bool),
    ],
};

pub(crate) static RESOURCES: BlockSchema = BlockSchema {
    name: "resources",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("cpu", "CPU", Int).or_null(),
        field("cores", "Cores", Int).or_null().not_hcl1(),
        field("memory", "MemoryMB", Int).or_null(),
        field("memory_max", "MemoryMaxMB", Int).or_null(),
        field("disk", "DiskMB", Int).or_null(),
        field("network", "Networks", Blocks(&NETWORK_RESOURCE)),
        field("device", "Devices", Blocks(&REQUESTED_DEVICE)),
        field("numa", "NUMA", Block(&NUMARESOURCE)).since("1.7.0"),
        field("secrets", "SecretsMB", Int).or_null().since("1.8.3"),
        field("iops", "IOPS", Int).or_null(),
    ],
};

pub(crate) static REQUESTED_DEVICE: BlockSchema = BlockSchema {
    name: "device",
    shape: Shape::Plain,
    label: Label::One("Name"),
    fields: &[
        field("count", "Count", Int).between(0, i64::MAX).or_null(),
        field("constraint", "Constraints", Blocks(&CONSTRAINT)),
        field("affinity", "Affinities", Blocks(&AFFINITY)),
    ],
};

pub(crate) static NUMARESOURCE: BlockSchema = BlockSchema {
    name: "numa",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("affinity", "Affinity", Text).values(&["none", "prefer", "require"]).since("1.7.0"),
        field("devices", "Devices", Texts).since("1.9.0"),
    ],
};

pub(crate) static LOG_CONFIG: BlockSchema = BlockSchema {
    name: "logs",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("max_files", "MaxFiles", Int).or_null(),
        field("max_file_size", "MaxFileSizeMB", Int).or_null(),
        field("enabled", "Enabled", Bool).or_null().since("1.5.4"),
        field("disabled", "Disabled", Bool).or_null().since("1.5.5"),
    ],
};

pub(crate) static VOLUME_MOUNT: BlockSchema = BlockSchema {
    name: "volume_mount",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("volume", "Volume", Text).or_null().names(Names::Volume),
        field("destination", "Destination", Text).or_null(),
        field("read_only", "ReadOnly", Bool).or_null(),
        field("propagation_mode", "PropagationMode", Text).or_null().values(&[
            "private",
            "host-to-task",
            "bidirectional",
        ]),
        field("selinux_label", "SELinuxLabel", Text).or_null().since("1.8.0"),
    ],
};

pub(crate) static WORKLOAD_IDENTITY: BlockSchema = BlockSchema {
    name: "identity",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("name", "Name", Text).since("1.7.0"),
        field("aud", "Audience", Texts).since("1.7.0"),
        field("change_mode", "ChangeMode", Text)
            .values(&["noop", "restart", "signal"])
            .since("1.7.0"),
        field("change_signal", "ChangeSignal", Text).values(words::SIGNALS).since("1.7.0"),
        field("env", "Env", Bool).since("1.5.0"),
        field("file", "File", Bool).since("1.5.0"),
        field("filepath", "Filepath", Text).since("1.9.0"),
        field("service_name", "ServiceName", Text).since("1.7.0"),
        field("ttl", "TTL", Duration).since("1.7.0"),
        field("extra_claims", "ExtraClaims", Texts).since("2.0.3"),
    ],
};

pub(crate) static TASK_ARTIFACT: BlockSchema = BlockSchema {
    name: "artifact",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("source", "GetterSource", Text).or_null(),
        field("options", "GetterOptions", TextMapBlock),
        field("headers", "GetterHeaders", TextMapBlock).not_hcl1(),
        field("mode", "GetterMode", Text).or_null().values(&["any", "file", "dir"]),
        field("insecure", "GetterInsecure", Bool).or_null().since("1.8.0"),
        field("destination", "RelativeDest", Text).or_null(),
        field("chown", "Chown", Bool).since("1.9.2"),
    ],
};

pub(crate) static TEMPLATE: BlockSchema = BlockSchema {
    name: "template",
    shape: Shape::Template,
    label: Label::None,
    fields: &[
        field("source", "SourcePath", Text).or_null(),
        field("destination", "DestPath", Text).or_null(),
        field("data", "EmbeddedTmpl", Text).or_null(),
        field("change_mode", "ChangeMode", Text)
            .or_null()
            .values(&["restart", "noop", "signal", "script"]),
        field("change_script", "ChangeScript", Block(&CHANGE_SCRIPT)).since("1.3.4"),
        field("change_signal", "ChangeSignal", Text).or_null().values(words::SIGNALS),
        field("once", "Once", Bool).or_null().since("1.10.2"),
        field("splay", "Splay", Duration),
        field("perms", "Perms", Text).or_null(),
        field("uid", "Uid", Int).or_null().since("1.3.3"),
        field("gid", "Gid", Int).or_null().since("1.3.3"),
        field("left_delimiter", "LeftDelim", Text).or_null(),
        field("right_delimiter", "RightDelim", Text).or_null(),
        field("env", "Envvars", Bool).or_null(),
        field("vault_grace", "VaultGrace", Duration),
        field("wait", "Wait", Block(&WAIT_CONFIG)).since("1.2.4"),
        field("error_on_missing_key", "ErrMissingKey", Bool).or_null().since("1.4.3"),
    ],
};

pub(crate) static CHANGE_SCRIPT: BlockSchema = BlockSchema {
    name: "change_script",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("command", "Command", Text).or_null().required().since("1.3.4"),
        field("args", "Args", Texts).since("1.3.4"),
        field("timeout", "Timeout", Duration).since("1.3.4"),
        field("fail_on_error", "FailOnError", Bool).or_null().required().since("1.3.4"),
        field("run_on_first_render", "RunOnFirstRender", Bool).or_null().since("2.0.5"),
    ],
};

pub(crate) static WAIT_CONFIG: BlockSchema = BlockSchema {
    name: "wait",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("min", "Min", Duration).required().since("1.2.4"),
        field("max", "Max", Duration).required().since("1.2.4"),
    ],
};

pub(crate) static DISPATCH_PAYLOAD_CONFIG: BlockSchema = BlockSchema {
    name: "dispatch_payload",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[field("file", "File", Text)],
};

pub(crate) static TASK_CSIPLUGIN_CONFIG: BlockSchema = BlockSchema {
    name: "csi_plugin",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("id", "ID", Text),
        field("type", "Type", Text).values(&["node", "controller", "monolith"]),
        field("mount_dir", "MountDir", Text),
        field("stage_publish_base_dir", "StagePublishBaseDir", Text).since("1.3.3"),
        field("health_timeout", "HealthTimeout", Duration).since("1.1.15"),
    ],
};

pub(crate) static SECRET: BlockSchema = BlockSchema {
    name: "secret",
    shape: Shape::Plain,
    label: Label::One("Name"),
    fields: &[
        field("provider", "Provider", Text).values(&["nomad", "vault"]).since("1.11.0"),
        field("path", "Path", Text).since("1.11.0"),
        field("config", "Config", Free).since("1.11.0"),
        field("env", "Env", TextMapBlock).since("1.11.0"),
    ],
};

pub(crate) static ACTION: BlockSchema = BlockSchema {
    name: "action",
    shape: Shape::Plain,
    label: Label::One("Name"),
    fields: &[
        field("command", "Command", Text).required().since("1.7.0"),
        field("args", "Args", Texts).since("1.7.0"),
    ],
};

pub(crate) static TASK_SCHEDULE: BlockSchema = BlockSchema {
    name: "schedule",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[field("cron", "Cron", Block(&TASK_SCHEDULE_CRON)).since("1.8.0")],
};

pub(crate) static TASK_SCHEDULE_CRON: BlockSchema = BlockSchema {
    name: "cron",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("start", "Start", Text).since("1.8.0"),
        field("end", "End", Text).since("1.8.0"),
        field("timezone", "Timezone", Text).since("1.8.0"),
    ],
};
