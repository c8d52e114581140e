//! Names that only the node or the task knows: `attr.…`, `meta.…`, `node.…`, `NOMAD_…`.
//!
//! Where the cluster is known, its own attributes are offered, else the ones that most clusters have.

use super::Ask;
use super::cluster;
use super::docs::Doc;
use super::offers::{Offer, OfferKind};
use super::place::{Place, below};

/// Properties of a node that are no attributes.
pub(crate) const NODE: [&str; 6] = [
    "node.datacenter",
    "node.class",
    "node.pool",
    "node.unique.name",
    "node.unique.id",
    "node.region",
];

/// Properties of a device.
pub(super) const DEVICE: [&str; 4] =
    ["device.model", "device.vendor", "device.type", "device.attr.memory"];

/// Attributes that most nodes have.
pub(crate) const ATTRIBUTES: [&str; 21] = [
    "kernel.name",
    "kernel.version",
    "kernel.arch",
    "cpu.arch",
    "cpu.numcores",
    "cpu.frequency",
    "cpu.modelname",
    "cpu.totalcompute",
    "memory.totalbytes",
    "os.name",
    "os.version",
    "os.signals",
    "driver.docker",
    "driver.docker.version",
    "nomad.version",
    "consul.version",
    "vault.version",
    "unique.hostname",
    "unique.network.ip-address",
    "unique.storage.bytesfree",
    "unique.storage.bytestotal",
];

/// Variables that every task gets.
pub(crate) const TASK: [&str; 22] = [
    "NOMAD_ALLOC_DIR",
    "NOMAD_TASK_DIR",
    "NOMAD_SECRETS_DIR",
    "NOMAD_ALLOC_ID",
    "NOMAD_SHORT_ALLOC_ID",
    "NOMAD_ALLOC_INDEX",
    "NOMAD_ALLOC_NAME",
    "NOMAD_TASK_NAME",
    "NOMAD_GROUP_NAME",
    "NOMAD_JOB_ID",
    "NOMAD_JOB_NAME",
    "NOMAD_JOB_PARENT_ID",
    "NOMAD_DC",
    "NOMAD_REGION",
    "NOMAD_NAMESPACE",
    "NOMAD_CPU_LIMIT",
    "NOMAD_CPU_CORES",
    "NOMAD_MEMORY_LIMIT",
    "NOMAD_MEMORY_MAX_LIMIT",
    "NOMAD_PARENT_CGROUP",
    "NOMAD_UNIX_ADDR",
    "NOMAD_TOKEN",
];

/// Variables that a task gets for each port, before its label.
pub(crate) const OF_PORT: [&str; 7] = [
    "NOMAD_PORT_",
    "NOMAD_ADDR_",
    "NOMAD_IP_",
    "NOMAD_HOST_PORT_",
    "NOMAD_HOST_ADDR_",
    "NOMAD_HOST_IP_",
    "NOMAD_ALLOC_PORT_",
];

/// Variables that a task gets for each key of its meta blocks.
pub(super) const OF_META: &str = "NOMAD_META_";

/// The properties of nodes by path, each with its values where they are known.
pub(super) fn properties<'a>(
    ask: Ask<'a>,
    in_device: bool,
) -> impl Iterator<Item = (String, String)> + 'a {
    let device = DEVICE.iter().filter(move |_| in_device);
    let usual = ATTRIBUTES.iter().filter(|_| ask.known.attributes.is_empty());
    let usual = usual.map(|name| (format!("attr.{name}"), "node attribute".to_owned()));
    let attributes = ask.known.attributes.iter();
    let attributes = attributes.map(|(name, values)| (format!("attr.{name}"), values.join(", ")));
    let meta = ask.known.meta.iter();
    let meta = meta.map(|(name, values)| (format!("meta.{name}"), values.join(", ")));
    device
        .map(|path| ((*path).to_owned(), "device".to_owned()))
        .chain(NODE.iter().map(move |path| ((*path).to_owned(), of_node(path, ask))))
        .chain(meta)
        .chain(attributes)
        .chain(usual)
}

fn of_node(path: &str, ask: Ask<'_>) -> String {
    match values(path, ask) {
        [] => "node".to_owned(),
        values => values.join(", "),
    }
}

/// The values that nodes have for a property.
pub(super) fn values<'a>(path: &str, ask: Ask<'a>) -> &'a [String] {
    let known = ask.known;
    let listed = match path {
        "node.datacenter" => Some(&known.datacenters),
        "node.class" => Some(&known.classes),
        "node.pool" => Some(&known.pools),
        _ => match (path.strip_prefix("attr."), path.strip_prefix("meta.")) {
            (Some(name), _) => known.attributes.get(name),
            (_, Some(name)) => known.meta.get(name),
            _ => None,
        },
    };
    listed.map_or(&[], Vec::as_slice)
}

/// What is said about a name.
pub(super) fn doc<'a>(path: &str, ask: Ask<'a>) -> Doc<'a> {
    if let Some(doc) = ask.docs.find(&["runtime.", path].concat()) {
        return doc;
    }
    let families = OF_PORT.iter().copied().chain([OF_META, "attr.", "meta."]);
    families
        .filter(|family| path.starts_with(family))
        .find_map(|family| ask.docs.find(&["runtime.", family].concat()))
        .unwrap_or_default()
}

/// Everything that may stand in `${ … }` of a task, or (`properties_only`) of a condition.
pub(super) fn offers(place: &Place<'_>, ask: Ask<'_>, properties_only: bool) -> Vec<Offer> {
    let mut found = Vec::new();
    let mut offer = |path: &str, detail: &str| {
        found.push(Offer::new(OfferKind::Reference, path, detail, doc(path, ask).text));
    };
    if !properties_only {
        for port in cluster::ports(place) {
            let label = port.labels.first().map_or("", |label| label.text.as_str());
            OF_PORT.iter().for_each(|name| offer(&[name, label].concat(), "port"));
        }
        for around in &place.around {
            let mut blocks = Vec::new();
            if let Some(body) = around.written {
                below(body, &["meta"], &mut blocks);
            }
            for attribute in blocks.iter().flat_map(|block| block.body.attributes()) {
                offer(&[OF_META, attribute.name.text].concat(), "meta");
            }
        }
        TASK.iter().for_each(|name| offer(name, "task"));
    }
    let in_device = place.enclosing("device").is_some();
    properties(ask, in_device).for_each(|(path, detail)| offer(&path, &detail));
    found
}
