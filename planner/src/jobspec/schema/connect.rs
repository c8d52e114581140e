//! Schema of Consul Connect: sidecars, gateways, proxies.
//!
//! Data only; what a kind means is decided in the module above.

use super::Kind::*;
use super::task::{LOG_CONFIG, RESOURCES, VOLUME_MOUNT, WORKLOAD_IDENTITY};
use super::{BlockSchema, Label, Names, Shape, field, words};

pub(crate) static CONSUL_CONNECT: BlockSchema = BlockSchema {
    name: "connect",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("native", "Native", Bool),
        field("gateway", "Gateway", Block(&CONSUL_GATEWAY)),
        field("sidecar_service", "SidecarService", Block(&CONSUL_SIDECAR_SERVICE)),
        field("sidecar_task", "SidecarTask", Block(&SIDECAR_TASK)),
    ],
};

pub(crate) static CONSUL_GATEWAY: BlockSchema = BlockSchema {
    name: "gateway",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("proxy", "Proxy", Block(&CONSUL_GATEWAY_PROXY)),
        field("ingress", "Ingress", Block(&CONSUL_INGRESS_CONFIG_ENTRY)),
        field("terminating", "Terminating", Block(&CONSUL_TERMINATING_CONFIG_ENTRY)).not_hcl1(),
        field("mesh", "Mesh", Block(&CONSUL_MESH_CONFIG_ENTRY)).not_hcl1(),
    ],
};

pub(crate) static CONSUL_GATEWAY_PROXY: BlockSchema = BlockSchema {
    name: "proxy",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("connect_timeout", "ConnectTimeout", Duration),
        field("envoy_gateway_bind_tagged_addresses", "EnvoyGatewayBindTaggedAddresses", Bool),
        field(
            "envoy_gateway_bind_addresses",
            "EnvoyGatewayBindAddresses",
            ByLabel(&CONSUL_GATEWAY_BIND_ADDRESS),
        ),
        field("envoy_gateway_no_default_bind", "EnvoyGatewayNoDefaultBind", Bool),
        field("envoy_dns_discovery_type", "EnvoyDNSDiscoveryType", Text)
            .values(&["LOGICAL_DNS", "STRICT_DNS"]),
        field("config", "Config", Free),
    ],
};

pub(crate) static CONSUL_GATEWAY_BIND_ADDRESS: BlockSchema = BlockSchema {
    name: "envoy_gateway_bind_addresses",
    shape: Shape::Plain,
    label: Label::One("Name"),
    fields: &[field("address", "Address", Text), field("port", "Port", Int)],
};

pub(crate) static CONSUL_INGRESS_CONFIG_ENTRY: BlockSchema = BlockSchema {
    name: "ingress",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("tls", "TLS", Block(&CONSUL_GATEWAY_TLSCONFIG)),
        field("listener", "Listeners", Blocks(&CONSUL_INGRESS_LISTENER)),
    ],
};

pub(crate) static CONSUL_GATEWAY_TLSCONFIG: BlockSchema = BlockSchema {
    name: "tls",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("enabled", "Enabled", Bool),
        field("tls_min_version", "TLSMinVersion", Text).values(words::TLS_VERSIONS).since("1.3.2"),
        field("tls_max_version", "TLSMaxVersion", Text).values(words::TLS_VERSIONS).since("1.3.2"),
        field("cipher_suites", "CipherSuites", Texts).since("1.3.2"),
        field("sds", "SDS", Block(&CONSUL_GATEWAY_TLSSDSCONFIG)).since("1.7.7"),
    ],
};

pub(crate) static CONSUL_GATEWAY_TLSSDSCONFIG: BlockSchema = BlockSchema {
    name: "sds",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("cluster_name", "ClusterName", Text).since("1.7.7"),
        field("cert_resource", "CertResource", Text).since("1.7.7"),
    ],
};

pub(crate) static CONSUL_INGRESS_LISTENER: BlockSchema = BlockSchema {
    name: "listener",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("port", "Port", Int),
        field("protocol", "Protocol", Text).values(&["tcp", "http", "http2", "grpc"]),
        field("service", "Services", Blocks(&CONSUL_INGRESS_SERVICE)),
    ],
};

pub(crate) static CONSUL_INGRESS_SERVICE: BlockSchema = BlockSchema {
    name: "service",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("name", "Name", Text),
        field("hosts", "Hosts", Texts),
        field("tls", "TLS", Block(&CONSUL_GATEWAY_TLSCONFIG)).since("1.7.7"),
        field("request_headers", "RequestHeaders", Block(&CONSUL_HTTPHEADER_MODIFIERS))
            .since("1.7.7"),
        field("response_headers", "ResponseHeaders", Block(&CONSUL_HTTPHEADER_MODIFIERS))
            .since("1.7.7"),
        field("max_connections", "MaxConnections", Int)
            .between(0, 0xffff_ffff)
            .or_null()
            .since("1.7.7"),
        field("max_pending_requests", "MaxPendingRequests", Int)
            .between(0, 0xffff_ffff)
            .or_null()
            .since("1.7.7"),
        field("max_concurrent_requests", "MaxConcurrentRequests", Int)
            .between(0, 0xffff_ffff)
            .or_null()
            .since("1.7.7"),
    ],
};

pub(crate) static CONSUL_HTTPHEADER_MODIFIERS: BlockSchema = BlockSchema {
    name: "request_headers",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("add", "Add", TextMapBlock).since("1.7.7"),
        field("set", "Set", TextMapBlock).since("1.7.7"),
        field("remove", "Remove", Texts).since("1.7.7"),
    ],
};

pub(crate) static CONSUL_TERMINATING_CONFIG_ENTRY: BlockSchema = BlockSchema {
    name: "terminating",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[field("service", "Services", Blocks(&CONSUL_LINKED_SERVICE))],
};

pub(crate) static CONSUL_LINKED_SERVICE: BlockSchema = BlockSchema {
    name: "service",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("name", "Name", Text),
        field("ca_file", "CAFile", Text),
        field("cert_file", "CertFile", Text),
        field("key_file", "KeyFile", Text),
        field("sni", "SNI", Text),
    ],
};

pub(crate) static CONSUL_MESH_CONFIG_ENTRY: BlockSchema =
    BlockSchema { name: "mesh", shape: Shape::Plain, label: Label::None, fields: &[] };

pub(crate) static CONSUL_SIDECAR_SERVICE: BlockSchema = BlockSchema {
    name: "sidecar_service",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("tags", "Tags", Texts),
        field("port", "Port", Text).names(Names::Port),
        field("proxy", "Proxy", Block(&CONSUL_PROXY)),
        field("disable_default_tcp_check", "DisableDefaultTCPCheck", Bool),
        field("meta", "Meta", TextMapBlock).since("1.5.4"),
    ],
};

pub(crate) static CONSUL_PROXY: BlockSchema = BlockSchema {
    name: "proxy",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("local_service_address", "LocalServiceAddress", Text),
        field("local_service_port", "LocalServicePort", Int),
        field("expose", "ExposeConfig", Block(&CONSUL_EXPOSE_CONFIG)),
        field("upstreams", "Upstreams", Blocks(&CONSUL_UPSTREAM)),
        field("transparent_proxy", "TransparentProxy", Block(&CONSUL_TRANSPARENT_PROXY))
            .since("1.8.0"),
        field("config", "Config", Free),
    ],
};

pub(crate) static CONSUL_EXPOSE_CONFIG: BlockSchema = BlockSchema {
    name: "expose",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[field("path", "Path", Blocks(&CONSUL_EXPOSE_PATH))],
};

pub(crate) static CONSUL_EXPOSE_PATH: BlockSchema = BlockSchema {
    name: "path",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("path", "Path", Text),
        field("protocol", "Protocol", Text).values(&["http", "http2"]),
        field("local_path_port", "LocalPathPort", Int),
        field("listener_port", "ListenerPort", Text).names(Names::Port),
    ],
};

pub(crate) static CONSUL_UPSTREAM: BlockSchema = BlockSchema {
    name: "upstreams",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("destination_name", "DestinationName", Text),
        field("destination_namespace", "DestinationNamespace", Text).since("1.2.9"),
        field("destination_peer", "DestinationPeer", Text).since("1.6.2"),
        field("destination_partition", "DestinationPartition", Text).since("1.7.7"),
        field("destination_type", "DestinationType", Text)
            .values(&["service", "prepared_query"])
            .since("1.6.2"),
        field("local_bind_port", "LocalBindPort", Int),
        field("datacenter", "Datacenter", Text).not_hcl1(),
        field("local_bind_address", "LocalBindAddress", Text).not_hcl1(),
        field("local_bind_socket_path", "LocalBindSocketPath", Text).since("1.6.2"),
        field("local_bind_socket_mode", "LocalBindSocketMode", Text).since("1.6.2"),
        field("mesh_gateway", "MeshGateway", Block(&CONSUL_MESH_GATEWAY)).not_hcl1(),
        field("config", "Config", Free).since("1.5.0"),
    ],
};

pub(crate) static CONSUL_MESH_GATEWAY: BlockSchema = BlockSchema {
    name: "mesh_gateway",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[field("mode", "Mode", Text).values(&["local", "remote", "none"])],
};

pub(crate) static CONSUL_TRANSPARENT_PROXY: BlockSchema = BlockSchema {
    name: "transparent_proxy",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("uid", "UID", Text).since("1.8.0"),
        field("outbound_port", "OutboundPort", Int).between(0, 0xffff).since("1.8.0"),
        field("exclude_inbound_ports", "ExcludeInboundPorts", Texts).since("1.8.0"),
        field("exclude_outbound_ports", "ExcludeOutboundPorts", Ints)
            .between(0, 0xffff)
            .since("1.8.0"),
        field("exclude_outbound_cidrs", "ExcludeOutboundCIDRs", Texts).since("1.8.0"),
        field("exclude_uids", "ExcludeUIDs", Texts).since("1.8.0"),
        field("no_dns", "NoDNS", Bool).since("1.8.0"),
    ],
};

pub(crate) static SIDECAR_TASK: BlockSchema = BlockSchema {
    name: "sidecar_task",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("name", "Name", Text),
        field("driver", "Driver", Text)
            .values(&["docker", "exec", "raw_exec", "java", "qemu"])
            .names(Names::Driver),
        field("user", "User", Text),
        field("config", "Config", Free),
        field("env", "Env", TextMapBlock),
        field("resources", "Resources", Block(&RESOURCES)),
        field("meta", "Meta", TextMapBlock),
        field("kill_timeout", "KillTimeout", Duration),
        field("logs", "LogConfig", Block(&LOG_CONFIG)),
        field("shutdown_delay", "ShutdownDelay", Duration),
        field("kill_signal", "KillSignal", Text).values(words::SIGNALS),
        field("volume_mount", "VolumeMounts", Blocks(&VOLUME_MOUNT)).since("1.8.0"),
        field("identity", "Identities", Blocks(&WORKLOAD_IDENTITY)).since("1.11.1"),
    ],
};
