//! Networks, compared as a set, and their ports by label.

use super::flat::{Flat, fields_of};
use super::objects::{diff_object, diff_object_with, diff_plain, pair, sort};
use crate::api::{NetworkResource, ObjectDiff, Port};

/// An edited network is one deleted and one added.
pub(super) fn diff_networks(old: &[NetworkResource], new: &[NetworkResource]) -> Vec<ObjectDiff> {
    let gone = old.iter().filter(|n| !new.contains(n)).map(|n| diff_network(Some(n), None));
    let come = new.iter().filter(|n| !old.contains(n)).map(|n| diff_network(None, Some(n)));
    let mut found: Vec<ObjectDiff> = gone.chain(come).flatten().collect();
    sort(&mut found);
    found
}

fn diff_network(
    old: Option<&NetworkResource>,
    new: Option<&NetworkResource>,
) -> Option<ObjectDiff> {
    let empty = NetworkResource::default();
    let (before, after) = (old.unwrap_or(&empty), new.unwrap_or(&empty));
    let mut objects = diff_ports(&before.reserved_ports, &after.reserved_ports, "Static Port");
    objects.extend(diff_ports(&before.dynamic_ports, &after.dynamic_ports, "Dynamic Port"));
    objects.extend(diff_dns(before, after));
    diff_object_with("Network", old.map(flat).as_ref(), new.map(flat).as_ref(), objects)
}

fn flat(network: &NetworkResource) -> Flat {
    let mut flat = fields_of(network, &[("MBits", "0"), ("Mode", "")]);
    if let Some(hostname) = network.hostname.as_ref().filter(|h| !h.is_empty()) {
        flat.insert("Hostname".to_owned(), hostname.clone());
    }
    flat
}

fn diff_ports(old: &[Port], new: &[Port], name: &str) -> Vec<ObjectDiff> {
    let flat = |port: &Port| {
        let mut flat = fields_of(port, &[("HostNetwork", "default"), ("Label", ""), ("To", "0")]);
        if name == "Static Port" {
            flat.insert("Value".to_owned(), port.value.to_string());
        }
        flat
    };
    let mut found: Vec<ObjectDiff> = pair(old, new, |p| p.label.as_str())
        .into_iter()
        .filter_map(|(o, n)| diff_plain(name, o.map(flat).as_ref(), n.map(flat).as_ref()))
        .collect();
    sort(&mut found);
    found
}

fn diff_dns(old: &NetworkResource, new: &NetworkResource) -> Option<ObjectDiff> {
    let flat = |network: &NetworkResource| {
        let dns = network.dns.as_ref()?;
        let lists =
            [("Options", &dns.options), ("Searches", &dns.searches), ("Servers", &dns.servers)];
        let said = lists.into_iter().filter(|(_, list)| !list.is_empty());
        Some(said.map(|(name, list)| (name.to_owned(), list.join(","))).collect::<Flat>())
    };
    diff_object("DNS", flat(old).as_ref(), flat(new).as_ref())
}
