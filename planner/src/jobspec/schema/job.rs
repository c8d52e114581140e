//! Schema of the job block and what stands directly in it.
//!
//! Data only; what a kind means is decided in the module above.

use super::Kind::*;
use super::group::{TASK_GROUP, VAULT};
use super::task::{SECRET, TASK};
use super::{BlockSchema, Label, Names, Shape, field, words};

pub(crate) static JOB: BlockSchema = BlockSchema {
    name: "job",
    shape: Shape::Job,
    label: Label::One("ID"),
    fields: &[
        field("region", "Region", Text).or_null(),
        field("namespace", "Namespace", Text).or_null(),
        field("id", "ID", Text).or_null(),
        field("name", "Name", Text).or_null(),
        field("type", "Type", Text).or_null().values(&["service", "batch", "system", "sysbatch"]),
        field("priority", "Priority", Int).or_null(),
        field("all_at_once", "AllAtOnce", Bool).or_null(),
        field("datacenters", "Datacenters", Texts).names(Names::Datacenter),
        field("node_pool", "NodePool", Text).or_null().names(Names::Pool).since("1.6.0"),
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
        field("consul_token", "ConsulToken", Text).or_null().removed(),
        field("vault_token", "VaultToken", Text).or_null().removed(),
        field("task", "TaskGroups", Blocks(&TASK)),
        field("vault", "Vault", Block(&VAULT)),
        field("secret", "Secrets", Blocks(&SECRET)).since("1.11.0"),
    ],
};

pub(crate) static CONSTRAINT: BlockSchema = BlockSchema {
    name: "constraint",
    shape: Shape::Constraint,
    label: Label::None,
    fields: &[
        field("attribute", "LTarget", Text).or_null().names(Names::Property),
        field("value", "RTarget", Text).or_null(),
        field("operator", "Operand", Text).or_null().values(words::OPERATORS),
        field("version", "", Text).or_null(),
        field("semver", "", Text).or_null(),
        field("regexp", "", Text).or_null(),
        field("set_contains", "", Text).or_null(),
        field("set_contains_all", "", Text).or_null().not_hcl1(),
        field("set_contains_any", "", Text).or_null().not_hcl1(),
        field("distinct_property", "", Text).or_null().names(Names::Property),
        field("is_set", "", Text).or_null().not_hcl1(),
        field("is_not_set", "", Text).or_null().not_hcl1(),
        field("distinct_hosts", "", Bool).or_null(),
    ],
};

pub(crate) static AFFINITY: BlockSchema = BlockSchema {
    name: "affinity",
    shape: Shape::Affinity,
    label: Label::None,
    fields: &[
        field("attribute", "LTarget", Text).or_null().names(Names::Property),
        field("value", "RTarget", Text).or_null(),
        field("operator", "Operand", Text).or_null().values(words::AFFINITY_OPERATORS),
        field("weight", "Weight", Int8).or_null(),
        field("version", "", Text).or_null(),
        field("semver", "", Text).or_null(),
        field("regexp", "", Text).or_null(),
        field("set_contains", "", Text).or_null(),
        field("set_contains_all", "", Text).or_null(),
        field("set_contains_any", "", Text).or_null(),
    ],
};

pub(crate) static SPREAD: BlockSchema = BlockSchema {
    name: "spread",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("attribute", "Attribute", Text).names(Names::Property),
        field("weight", "Weight", Int).between(-128, 127).or_null(),
        field("target", "SpreadTarget", Blocks(&SPREAD_TARGET)),
    ],
};

pub(crate) static SPREAD_TARGET: BlockSchema = BlockSchema {
    name: "target",
    shape: Shape::Plain,
    label: Label::One("Value"),
    fields: &[field("percent", "Percent", Int).between(0, 255)],
};

pub(crate) static UPDATE_STRATEGY: BlockSchema = BlockSchema {
    name: "update",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("stagger", "Stagger", Duration),
        field("max_parallel", "MaxParallel", Int).or_null(),
        field("health_check", "HealthCheck", Text).or_null().values(&[
            "checks",
            "task_states",
            "manual",
        ]),
        field("min_healthy_time", "MinHealthyTime", Duration),
        field("healthy_deadline", "HealthyDeadline", Duration),
        field("progress_deadline", "ProgressDeadline", Duration),
        field("canary", "Canary", Int).or_null(),
        field("auto_revert", "AutoRevert", Bool).or_null(),
        field("auto_promote", "AutoPromote", Bool).or_null(),
    ],
};

pub(crate) static MIGRATE_STRATEGY: BlockSchema = BlockSchema {
    name: "migrate",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("max_parallel", "MaxParallel", Int).or_null(),
        field("health_check", "HealthCheck", Text).or_null().values(words::HEALTH_CHECKS),
        field("min_healthy_time", "MinHealthyTime", Duration),
        field("healthy_deadline", "HealthyDeadline", Duration),
    ],
};

pub(crate) static RESCHEDULE_POLICY: BlockSchema = BlockSchema {
    name: "reschedule",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("attempts", "Attempts", Int).or_null(),
        field("interval", "Interval", Duration),
        field("delay", "Delay", Duration),
        field("delay_function", "DelayFunction", Text).or_null().values(&[
            "exponential",
            "constant",
            "fibonacci",
        ]),
        field("max_delay", "MaxDelay", Duration),
        field("unlimited", "Unlimited", Bool).or_null(),
    ],
};

pub(crate) static PERIODIC_CONFIG: BlockSchema = BlockSchema {
    name: "periodic",
    shape: Shape::Periodic,
    label: Label::None,
    fields: &[
        field("enabled", "Enabled", Bool).or_null(),
        field("cron", "Spec", Text).or_null(),
        field("crons", "Specs", Texts).since("1.6.2"),
        field("prohibit_overlap", "ProhibitOverlap", Bool).or_null(),
        field("time_zone", "TimeZone", Text).or_null().values(&["UTC", "Local"]),
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
        field("max_parallel", "MaxParallel", Int).or_null(),
        field("on_failure", "OnFailure", Text).or_null().values(&["fail_all", "fail_local"]),
    ],
};

pub(crate) static MULTIREGION_REGION: BlockSchema = BlockSchema {
    name: "region",
    shape: Shape::Plain,
    label: Label::One("Name"),
    fields: &[
        field("count", "Count", Int).or_null(),
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
