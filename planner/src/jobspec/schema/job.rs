//! Schema of the job block and what stands directly in it.
//!
//! Data only; what a kind means is decided in the module above.

use super::Kind::*;
use super::group::{TASK_GROUP, VAULT};
use super::task::TASK;
use super::{BlockSchema, Label, Names, Shape, field, words};

pub(crate) static JOB: BlockSchema = BlockSchema {
    name: "job",
    shape: Shape::Job,
    label: Label::One("ID"),
    fields: &[
        field("region", "Region", Text),
        field("namespace", "Namespace", Text),
        field("id", "ID", Text),
        field("name", "Name", Text),
        field("type", "Type", Text).values(&["service", "batch", "system", "sysbatch"]),
        field("priority", "Priority", Int),
        field("all_at_once", "AllAtOnce", Bool),
        field("datacenters", "Datacenters", Texts).names(Names::Datacenter),
        field("node_pool", "NodePool", Text).names(Names::Pool).since("1.6.0"),
        field("constraint", "Constraints", Blocks(&CONSTRAINT)),
        field("affinity", "Affinities", Blocks(&AFFINITY)),
        field("group", "TaskGroups", Blocks(&TASK_GROUP)),
        field("update", "Update", Block(&UPDATE_STRATEGY)),
        field("multiregion", "Multiregion", Block(&MULTIREGION)),
        field("spread", "Spreads", Blocks(&SPREAD)),
        field("periodic", "Periodic", Block(&PERIODIC_CONFIG)),
        field("parameterized", "ParameterizedJob", Block(&PARAMETERIZED_JOB_CONFIG)),
        field("reschedule", "Reschedule", Block(&RESCHEDULE_POLICY)),
        field("migrate", "Migrate", Block(&MIGRATE_STRATEGY)),
        field("meta", "Meta", TextMap),
        field("ui", "UI", Block(&JOB_UI)).since("1.8.0"),
        field("consul_token", "ConsulToken", Text).removed(),
        field("vault_token", "VaultToken", Text).removed(),
        field("task", "TaskGroups", Blocks(&TASK)),
        field("vault", "Vault", Block(&VAULT)),
    ],
};

pub(crate) static CONSTRAINT: BlockSchema = BlockSchema {
    name: "constraint",
    shape: Shape::Constraint,
    label: Label::None,
    fields: &[
        field("attribute", "LTarget", Text).names(Names::Property),
        field("value", "RTarget", Text),
        field("operator", "Operand", Text).values(words::OPERATORS),
        field("version", "", Text),
        field("semver", "", Text),
        field("regexp", "", Text),
        field("set_contains", "", Text),
        field("set_contains_all", "", Text).not_hcl1(),
        field("set_contains_any", "", Text).not_hcl1(),
        field("distinct_property", "", Text).names(Names::Property),
        field("is_set", "", Bool).not_hcl1(),
        field("is_not_set", "", Bool).not_hcl1(),
        field("distinct_hosts", "", Bool),
    ],
};

pub(crate) static AFFINITY: BlockSchema = BlockSchema {
    name: "affinity",
    shape: Shape::Affinity,
    label: Label::None,
    fields: &[
        field("attribute", "LTarget", Text).names(Names::Property),
        field("value", "RTarget", Text),
        field("operator", "Operand", Text).values(words::AFFINITY_OPERATORS),
        field("weight", "Weight", Int8),
        field("version", "", Text),
        field("semver", "", Text),
        field("regexp", "", Text),
        field("set_contains", "", Text),
        field("set_contains_all", "", Text),
        field("set_contains_any", "", Text),
    ],
};

pub(crate) static SPREAD: BlockSchema = BlockSchema {
    name: "spread",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("attribute", "Attribute", Text).names(Names::Property),
        field("weight", "Weight", Int8),
        field("target", "SpreadTarget", Blocks(&SPREAD_TARGET)),
    ],
};

pub(crate) static SPREAD_TARGET: BlockSchema = BlockSchema {
    name: "target",
    shape: Shape::Plain,
    label: Label::One("Value"),
    fields: &[field("percent", "Percent", Int)],
};

pub(crate) static UPDATE_STRATEGY: BlockSchema = BlockSchema {
    name: "update",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("stagger", "Stagger", Duration),
        field("max_parallel", "MaxParallel", Int),
        field("health_check", "HealthCheck", Text).values(&["checks", "task_states", "manual"]),
        field("min_healthy_time", "MinHealthyTime", Duration),
        field("healthy_deadline", "HealthyDeadline", Duration),
        field("progress_deadline", "ProgressDeadline", Duration),
        field("canary", "Canary", Int),
        field("auto_revert", "AutoRevert", Bool),
        field("auto_promote", "AutoPromote", Bool),
    ],
};

pub(crate) static MIGRATE_STRATEGY: BlockSchema = BlockSchema {
    name: "migrate",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("max_parallel", "MaxParallel", Int),
        field("health_check", "HealthCheck", Text).values(words::HEALTH_CHECKS),
        field("min_healthy_time", "MinHealthyTime", Duration),
        field("healthy_deadline", "HealthyDeadline", Duration),
    ],
};

pub(crate) static RESCHEDULE_POLICY: BlockSchema = BlockSchema {
    name: "reschedule",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("attempts", "Attempts", Int),
        field("interval", "Interval", Duration),
        field("delay", "Delay", Duration),
        field("delay_function", "DelayFunction", Text).values(&[
            "exponential",
            "constant",
            "fibonacci",
        ]),
        field("max_delay", "MaxDelay", Duration),
        field("unlimited", "Unlimited", Bool),
    ],
};

pub(crate) static PERIODIC_CONFIG: BlockSchema = BlockSchema {
    name: "periodic",
    shape: Shape::Periodic,
    label: Label::None,
    fields: &[
        field("enabled", "Enabled", Bool),
        field("cron", "Spec", Text),
        field("crons", "Specs", Texts).since("1.6.2"),
        field("prohibit_overlap", "ProhibitOverlap", Bool),
        field("time_zone", "TimeZone", Text).values(&["UTC", "Local"]),
    ],
};

pub(crate) static PARAMETERIZED_JOB_CONFIG: BlockSchema = BlockSchema {
    name: "parameterized",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("payload", "Payload", Text).values(&["optional", "required", "forbidden"]),
        field("meta_required", "MetaRequired", Texts),
        field("meta_optional", "MetaOptional", Texts),
    ],
};

pub(crate) static MULTIREGION: BlockSchema = BlockSchema {
    name: "multiregion",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("strategy", "Strategy", Block(&MULTIREGION_STRATEGY)),
        field("region", "Regions", Blocks(&MULTIREGION_REGION)),
    ],
};

pub(crate) static MULTIREGION_STRATEGY: BlockSchema = BlockSchema {
    name: "strategy",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("max_parallel", "MaxParallel", Int),
        field("on_failure", "OnFailure", Text).values(&["fail_all", "fail_local"]),
    ],
};

pub(crate) static MULTIREGION_REGION: BlockSchema = BlockSchema {
    name: "region",
    shape: Shape::Plain,
    label: Label::One("Name"),
    fields: &[
        field("count", "Count", Int),
        field("datacenters", "Datacenters", Texts).names(Names::Datacenter),
        field("node_pool", "NodePool", Text).names(Names::Pool).since("1.6.0"),
        field("meta", "Meta", TextMapBlock),
    ],
};

pub(crate) static JOB_UI: BlockSchema = BlockSchema {
    name: "ui",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("description", "Description", Text).since("1.8.0"),
        field("link", "Links", Blocks(&JOB_UI_LINK)).since("1.8.0"),
    ],
};

pub(crate) static JOB_UI_LINK: BlockSchema = BlockSchema {
    name: "link",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("label", "Label", Text).since("1.8.0"),
        field("url", "URL", Text).since("1.8.0"),
    ],
};
