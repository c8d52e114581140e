//! Consul Connect of a service: sidecar, proxy, gateway.

use super::flat::{Flat, Listing, add_map, diff_fields, fields_of, flatten};
use super::objects::{diff_object, diff_object_with, diff_plain, diff_texts, pair, sort, texts};
use super::task::{LOG_CONFIG, diff_resources};
use crate::api::{ObjectDiff, Resources, TextMap, Value};
use crate::{Map, duration};

const SIDECAR: &[(&str, &str)] = &[("DisableDefaultTCPCheck", "false"), ("Port", "")];
const TASK: &[(&str, &str)] = &[("Driver", ""), ("KillSignal", ""), ("Name", ""), ("User", "")];
const PROXY: &[(&str, &str)] = &[("LocalServiceAddress", ""), ("LocalServicePort", "0")];
const UPSTREAM: &[(&str, &str)] = &[
    ("Datacenter", ""),
    ("DestinationName", ""),
    ("LocalBindAddress", ""),
    ("LocalBindPort", "0"),
];
const GATEWAY_PROXY: &[(&str, &str)] = &[
    ("EnvoyDNSDiscoveryType", ""),
    ("EnvoyGatewayBindTaggedAddresses", "false"),
    ("EnvoyGatewayNoDefaultBind", "false"),
];
const LINKED: &[(&str, &str)] =
    &[("CAFile", ""), ("CertFile", ""), ("KeyFile", ""), ("Name", ""), ("SNI", "")];

/// Both sides of a block; null is as good as none.
type Sides<'a> = (Option<&'a Value>, Option<&'a Value>);

/// A block of known fields, with what was found inside.
fn block(
    name: &str,
    (old, new): Sides<'_>,
    fields: &[(&str, &str)],
    objects: Vec<ObjectDiff>,
) -> Option<ObjectDiff> {
    let flat = |side: Option<&Value>| side.map(|block| fields_of(block, fields));
    diff_object_with(name, flat(old).as_ref(), flat(new).as_ref(), objects)
}

fn inside<'a>((old, new): Sides<'a>, name: &str) -> Sides<'a> {
    let part = |side: Option<&'a Value>| side?.get(name).filter(|part| !part.is_null());
    (part(old), part(new))
}

/// The blocks of a list, paired by a key.
fn each(
    sides: Sides<'_>,
    name: &str,
    key: impl Fn(&Value) -> String,
    diff: impl Fn(Sides<'_>) -> Option<ObjectDiff>,
) -> Vec<ObjectDiff> {
    let keyed = |side: Option<&Value>| -> Vec<(String, Value)> {
        let list = side.and_then(|side| side.get(name)).and_then(Value::as_array);
        list.into_iter().flatten().map(|one| (key(one), one.clone())).collect()
    };
    let (old, new) = (keyed(sides.0), keyed(sides.1));
    let pairs = pair(&old, &new, |(key, _)| key.as_str()).into_iter();
    let value = |side: Option<&'_ (String, Value)>| side.map(|(_, value)| value.clone());
    let mut found: Vec<ObjectDiff> =
        pairs.filter_map(|(old, new)| diff((value(old).as_ref(), value(new).as_ref()))).collect();
    sort(&mut found);
    found
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Compares what two versions of a service do with Connect.
pub(super) fn diff_connect(old: Option<&Value>, new: Option<&Value>) -> Option<ObjectDiff> {
    let sides = (old.filter(|side| !side.is_null()), new.filter(|side| !side.is_null()));
    let mut objects = Vec::new();
    objects.extend(diff_sidecar(inside(sides, "SidecarService")));
    objects.extend(diff_task(inside(sides, "SidecarTask")));
    objects.extend(diff_gateway(inside(sides, "Gateway")));
    block("ConsulConnect", sides, &[("Native", "false")], objects)
}

fn diff_sidecar(sides: Sides<'_>) -> Option<ObjectDiff> {
    let proxy = inside(sides, "Proxy");
    let key = |one: &Value| format!("{}/{}", text(one, "Datacenter"), text(one, "DestinationName"));
    let mut objects = each(proxy, "Upstreams", key, |upstream| {
        let (old, new) = inside(upstream, "MeshGateway");
        let mode = |side: Option<&Value>| side.map(|mesh| fields_of(mesh, &[("Mode", "")]));
        let mesh = diff_plain("MeshGateway", mode(old).as_ref(), mode(new).as_ref());
        block("ConsulUpstreams", upstream, UPSTREAM, mesh.into_iter().collect())
    });
    objects.extend(diff_config(proxy));
    let proxy = block("ConsulProxy", proxy, PROXY, objects);
    block("SidecarService", sides, SIDECAR, proxy.into_iter().collect())
}

/// A proxy task lists only the fields that changed.
fn diff_task(sides: Sides<'_>) -> Option<ObjectDiff> {
    let flat = |side: Option<&Value>| {
        side.map(|task| {
            let mut flat = fields_of(task, TASK);
            for name in ["Env", "Meta"] {
                let map: TextMap = task
                    .get(name)
                    .and_then(Value::as_object)
                    .into_iter()
                    .flatten()
                    .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
                    .collect();
                add_map(&mut flat, name, &map);
            }
            flat
        })
    };
    let resources = |side: Option<&Value>| -> Option<Resources> {
        side.and_then(|resources| serde_json::from_str(&resources.to_string()).ok())
    };
    let (old, new) = inside(sides, "Resources");
    let (old_logs, new_logs) = inside(sides, "LogConfig");
    let logs = |side: Option<&Value>| side.map(|logs| fields_of(logs, LOG_CONFIG));
    let mut objects: Vec<ObjectDiff> = diff_config(sides).into_iter().collect();
    objects.extend(diff_resources(resources(old).as_ref(), resources(new).as_ref()));
    objects.extend(diff_plain("LogConfig", logs(old_logs).as_ref(), logs(new_logs).as_ref()));
    let (old, new) = (flat(sides.0), flat(sides.1));
    let found = diff_object_with("SidecarTask", old.as_ref(), new.as_ref(), objects)?;
    let side = |flat: Option<Flat>| flat.unwrap_or_default();
    Some(ObjectDiff { fields: diff_fields(&side(old), &side(new), Listing::Changed), ..found })
}

/// The free-form part of a block.
fn diff_config(sides: Sides<'_>) -> Option<ObjectDiff> {
    let (old, new) = inside(sides, "Config");
    let flat = |side: Option<&Value>| {
        let config: Map<Value> = side?.as_object()?.clone().into_iter().collect();
        (!config.is_empty()).then(|| flatten(&config))
    };
    diff_object("Config", flat(old).as_ref(), flat(new).as_ref())
}

fn diff_gateway(sides: Sides<'_>) -> Option<ObjectDiff> {
    let mut objects: Vec<ObjectDiff> =
        diff_gateway_proxy(inside(sides, "Proxy")).into_iter().collect();
    objects.extend(diff_ingress(inside(sides, "Ingress")));
    let terminating = inside(sides, "Terminating");
    let linked = each(
        terminating,
        "Services",
        |one| text(one, "Name"),
        |service| block("Service", service, LINKED, Vec::new()),
    );
    objects.extend(block("Terminating", terminating, &[], linked));
    objects.extend(block("Mesh", inside(sides, "Mesh"), &[], Vec::new()));
    block("Gateway", sides, &[], objects)
}

fn diff_gateway_proxy(sides: Sides<'_>) -> Option<ObjectDiff> {
    let timeout = |proxy: &Value| {
        let nanos = proxy.get("ConnectTimeout").and_then(Value::as_i64);
        nanos.map(duration::text).unwrap_or_default()
    };
    let both = sides.0.is_some() && sides.1.is_some();
    let flat = |side: Option<&Value>| {
        side.map(|proxy| {
            let mut flat = fields_of(proxy, GATEWAY_PROXY);
            // Of a proxy that comes or goes it is not shown.
            if both {
                flat.insert("ConnectTimeout".to_owned(), timeout(proxy));
            }
            flat
        })
    };
    let addresses = |side: Option<&Value>| {
        let map = side?.as_object().filter(|map| !map.is_empty())?;
        let shown = |address: &Value| {
            let port = address.get("Port").and_then(Value::as_i64).unwrap_or(0);
            format!("{}:{port}", text(address, "Address"))
        };
        Some(map.iter().map(|(name, address)| (name.clone(), shown(address))).collect::<Flat>())
    };
    let (old, new) = inside(sides, "EnvoyGatewayBindAddresses");
    let bound =
        diff_object("EnvoyGatewayBindAddresses", addresses(old).as_ref(), addresses(new).as_ref());
    let objects = bound.into_iter().chain(diff_config(sides)).collect();
    diff_object_with("Proxy", flat(sides.0).as_ref(), flat(sides.1).as_ref(), objects)
}

fn diff_ingress(sides: Sides<'_>) -> Option<ObjectDiff> {
    let mut objects: Vec<ObjectDiff> =
        block("TLS", inside(sides, "TLS"), &[("Enabled", "false")], Vec::new())
            .into_iter()
            .collect();
    let port = |one: &Value| one.get("Port").and_then(Value::as_i64).unwrap_or(0);
    let key = |one: &Value| format!("{}/{}", text(one, "Protocol"), port(one));
    objects.extend(each(sides, "Listeners", key, |listener| {
        let services = each(
            listener,
            "Services",
            |one| text(one, "Name"),
            |service| {
                let hosts =
                    |side: Option<&Value>| side.map(|one| texts(one, "Hosts")).unwrap_or_default();
                let hosts = diff_texts("Hosts", &hosts(service.0), &hosts(service.1));
                let objects = hosts.into_iter().collect();
                block("ConsulIngressService", service, &[("Name", "")], objects)
            },
        );
        block("Listener", listener, &[("Port", "0"), ("Protocol", "")], services)
    }));
    block("Ingress", sides, &[], objects)
}
