//! The names of a snapshot: what its nodes offer, gathered for those who help with writing a job.

use super::{Cluster, Snapshot};
use crate::Map;
use crate::known::{Known, MAX_VALUES};
use crate::model::Symbol;

impl Snapshot {
    /// What the cluster has, by name.
    pub fn known(&self) -> Known {
        let cluster = self.cluster();
        let nodes = &cluster.nodes;
        let mut known = Known {
            datacenters: nodes.iter().map(|node| node.datacenter.clone()).collect(),
            pools: nodes.iter().map(|node| node.pool.clone()).collect(),
            classes: nodes.iter().map(|node| node.class.clone()).collect(),
            csi_volumes: cluster.csi_volumes.iter().map(|volume| volume.id.clone()).collect(),
            attributes: values(cluster, |n| &cluster.nodes[n].attributes),
            meta: values(cluster, |n| &cluster.nodes[n].meta),
            ..Known::default()
        };
        for node in nodes {
            let usable = node.drivers.iter().filter(|(_, driver)| driver.detected);
            known.drivers.extend(usable.map(|(name, _)| name.clone()));
            known.volumes.extend(node.volumes.keys().cloned());
            known.modes.extend(node.modes.iter().cloned());
            known.host_networks.extend(node.addresses.iter().map(|address| address.alias.clone()));
            let devices = node.devices.iter();
            known.devices.extend(devices.map(|d| format!("{}/{}/{}", d.vendor, d.kind, d.name)));
        }
        let lists = [
            &mut known.datacenters,
            &mut known.pools,
            &mut known.classes,
            &mut known.drivers,
            &mut known.volumes,
            &mut known.csi_volumes,
            &mut known.modes,
            &mut known.host_networks,
            &mut known.devices,
        ];
        for list in lists {
            list.sort_unstable();
            list.dedup();
            list.retain(|name| !name.is_empty());
        }
        known
    }
}

/// The values of each key over all nodes.
fn values<'c>(
    cluster: &'c Cluster,
    of_node: impl Fn(usize) -> &'c Vec<(Symbol, Symbol)>,
) -> Map<Vec<String>> {
    // By the number of the key: thousands of nodes have dozens of keys each.
    let mut found = vec![Vec::new(); cluster.symbols.count()];
    for number in 0..cluster.nodes.len() {
        for (key, value) in of_node(number) {
            let values: &mut Vec<Symbol> = &mut found[key.0 as usize];
            if values.len() < MAX_VALUES && !values.contains(value) {
                values.push(*value);
            }
        }
    }
    let text = |symbol: Symbol| cluster.symbols.text(symbol).to_owned();
    (0..)
        .zip(found)
        .filter(|(_, values)| !values.is_empty())
        .map(|(key, values)| (text(Symbol(key)), values.into_iter().map(text).collect()))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::api::{HostVolume, Node, TextMap};
    use crate::known::MAX_VALUES;
    use crate::snapshot::{DOCUMENT_VERSION, Document, Snapshot};

    fn node(number: usize) -> Node {
        let volume = ("data".to_owned(), HostVolume::default());
        Node {
            id: format!("n{number}"),
            name: format!("node-{number:02}"),
            datacenter: if number.is_multiple_of(2) { "dc2" } else { "dc1" }.to_owned(),
            node_class: "large".to_owned(),
            attributes: TextMap::from([
                ("kernel.name".to_owned(), "linux".to_owned()),
                ("unique.hostname".to_owned(), format!("host-{number}")),
                ("driver.docker".to_owned(), "1".to_owned()),
            ]),
            meta: TextMap::from([("rack".to_owned(), format!("r{}", number % 3))]),
            host_volumes: [volume].into(),
            ..Node::default()
        }
    }

    #[test]
    fn the_names_of_a_cluster_are_gathered() {
        let nodes = (0..20).map(node).collect();
        let document = Document { version: DOCUMENT_VERSION, nodes, ..Document::default() };
        let known = Snapshot::new(document).expect("a good document").known();
        assert_eq!(known.datacenters, ["dc1", "dc2"]);
        assert_eq!(known.pools, ["default"]);
        assert_eq!(known.classes, ["large"]);
        assert_eq!(known.drivers, ["docker"]);
        assert_eq!(known.volumes, ["data"]);
        assert_eq!(known.attributes["kernel.name"], ["linux"]);
        assert_eq!(known.attributes["unique.hostname"].len(), MAX_VALUES);
        assert_eq!(known.meta["rack"], ["r0", "r1", "r2"]);
        assert!(known.devices.is_empty());
    }
}
