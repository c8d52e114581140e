//! Schema of services and their checks.
//!
//! Data only; what a kind means is decided in the module above.

use super::Kind::*;
use super::connect::CONSUL_CONNECT;
use super::task::WORKLOAD_IDENTITY;
use super::{BlockSchema, Label, Names, Shape, field, words};

pub(crate) static SERVICE: BlockSchema = BlockSchema {
    name: "service",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("name", "Name", Text),
        field("tags", "Tags", Texts),
        field("canary_tags", "CanaryTags", Texts),
        field("enable_tag_override", "EnableTagOverride", Bool),
        field("port", "PortLabel", Text).names(Names::Port),
        field("address_mode", "AddressMode", Text).values(&["auto", "alloc", "driver", "host"]),
        field("address", "Address", Text).since("1.3.0"),
        field("check", "Checks", Blocks(&SERVICE_CHECK)),
        field("check_restart", "CheckRestart", Block(&CHECK_RESTART)),
        field("connect", "Connect", Block(&CONSUL_CONNECT)),
        field("meta", "Meta", TextMapBlock),
        field("canary_meta", "CanaryMeta", TextMapBlock),
        field("tagged_addresses", "TaggedAddresses", TextMapBlock).since("1.4.0"),
        field("task", "TaskName", Text).names(Names::Task),
        field("on_update", "OnUpdate", Text).values(words::ON_UPDATE).not_hcl1(),
        field("identity", "Identity", Block(&WORKLOAD_IDENTITY)).since("1.7.0"),
        field("weights", "Weights", Block(&SERVICE_WEIGHTS)).since("1.9.2"),
        field("provider", "Provider", Text).values(&["consul", "nomad"]).since("1.3.0"),
        field("cluster", "Cluster", Text).since("1.7.0"),
        field("kind", "Kind", Text).since("1.10.3"),
        field("id", "Id", Text).removed().not_hcl1(),
    ],
};

pub(crate) static SERVICE_WEIGHTS: BlockSchema = BlockSchema {
    name: "weights",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("passing", "Passing", Int).since("1.9.2"),
        field("warning", "Warning", Int).since("1.9.2"),
    ],
};

pub(crate) static SERVICE_CHECK: BlockSchema = BlockSchema {
    name: "check",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("name", "Name", Text),
        field("type", "Type", Text).values(&["http", "tcp", "grpc", "script"]),
        field("command", "Command", Text),
        field("args", "Args", Texts),
        field("path", "Path", Text),
        field("protocol", "Protocol", Text).values(&["http", "https"]),
        field("port", "PortLabel", Text).names(Names::Port),
        field("expose", "Expose", Bool),
        field("address_mode", "AddressMode", Text).values(&["alloc", "driver", "host"]),
        field("advertise", "Advertise", Text).since("1.3.0"),
        field("interval", "Interval", Duration),
        field("timeout", "Timeout", Duration),
        field("initial_status", "InitialStatus", Text).values(&["passing", "warning", "critical"]),
        field("notes", "Notes", Text).since("1.8.1"),
        field("tls_server_name", "TLSServerName", Text).since("1.6.0"),
        field("tls_skip_verify", "TLSSkipVerify", Bool),
        field("header", "Header", ListMap),
        field("method", "Method", Text)
            .values(&["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]),
        field("check_restart", "CheckRestart", Block(&CHECK_RESTART)),
        field("grpc_service", "GRPCService", Text),
        field("grpc_use_tls", "GRPCUseTLS", Bool),
        field("task", "TaskName", Text).names(Names::Task),
        field("success_before_passing", "SuccessBeforePassing", Int),
        field("failures_before_critical", "FailuresBeforeCritical", Int),
        field("failures_before_warning", "FailuresBeforeWarning", Int).since("1.7.3"),
        field("body", "Body", Text).not_hcl1(),
        field("on_update", "OnUpdate", Text).values(words::ON_UPDATE).not_hcl1(),
        field("id", "Id", Text).removed().not_hcl1(),
    ],
};

pub(crate) static CHECK_RESTART: BlockSchema = BlockSchema {
    name: "check_restart",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("limit", "Limit", Int),
        field("grace", "Grace", Duration),
        field("ignore_warnings", "IgnoreWarnings", Bool),
    ],
};
