//! The network mode and the host networks that ports name. Ports themselves are `ports.rs`.

use super::{Ask, Report};
use crate::model::{NetworkAsk, PortAsk};
use crate::scheduler::ports::host_network;
use crate::scheduler::reason::{PortRef, Reason};
use crate::semantics::Rule;
use crate::snapshot::{Cluster, Column, Fact, YES};

/// What a group's network asks of a node.
#[derive(Clone, Debug)]
pub(in crate::scheduler) struct Network {
    /// Absent where every node has the mode.
    mode: Option<Column>,
    /// The host network of each port, dynamic ports first; absent where its name depends on the node.
    ports: Vec<(PortRef, Option<Column>)>,
}

impl Network {
    pub(super) fn new(ask: &Ask<'_>, cluster: &Cluster) -> Network {
        let network = ask.group.network.as_ref();
        let mode = network.map_or("", |n| n.mode.as_str());
        let mode = if mode.is_empty() { "host" } else { mode };
        let always =
            network.is_some() && mode == "none" && cluster.semantics.has(Rule::NoneNetworkAlways);
        let column = |port: &PortAsk| {
            let plain = !port.host_network.starts_with("${");
            plain.then(|| cluster.column(Fact::HostNetwork(cluster.offered(&port.host_network))))
        };
        Network {
            mode: (!always).then(|| cluster.column(Fact::Mode(cluster.offered(mode)))),
            ports: network
                .into_iter()
                .flat_map(asked)
                .map(|(reference, port)| (reference, column(port)))
                .collect(),
        }
    }

    pub(super) fn check(
        &self,
        ask: &Ask<'_>,
        number: u32,
        cluster: &Cluster,
        report: Report<'_>,
    ) -> bool {
        let has_mode = self.mode.as_ref().is_none_or(|mode| mode[number as usize] == YES);
        if !has_mode && !report(Reason::NetworkMode) {
            return false;
        }
        for (port, column) in &self.ports {
            if column.as_ref().is_some_and(|column| column[number as usize] == YES) {
                continue;
            }
            let Some(asked) = port.ask(ask.group) else { continue };
            if let Some(reason) = problem(asked, *port, number, cluster)
                && !report(reason)
            {
                return false;
            }
        }
        true
    }

    /// True if the host network of a dynamic port certainly has an address on the node.
    pub(in crate::scheduler) fn has_address(&self, dynamic: usize, number: u32) -> bool {
        let column = self.ports.get(dynamic).and_then(|(_, column)| column.as_ref());
        column.is_some_and(|column| column[number as usize] == YES)
    }
}

/// The ports of a network, dynamic ones first.
fn asked(network: &NetworkAsk) -> impl Iterator<Item = (PortRef, &PortAsk)> {
    let reference = |dynamic| move |(index, port)| (PortRef { task: None, dynamic, index }, port);
    let dynamic = network.dynamic.iter().enumerate().map(reference(true));
    dynamic.chain(network.fixed.iter().enumerate().map(reference(false)))
}

fn problem(ask: &PortAsk, port: PortRef, number: u32, cluster: &Cluster) -> Option<Reason> {
    let node = &cluster.nodes[number as usize];
    let Some(network) = host_network(ask, node, &cluster.symbols) else {
        return Some(Reason::HostNetworkTemplate { port });
    };
    if node.addresses.iter().any(|a| a.alias == network) {
        return None;
    }
    Some(Reason::HostNetworkMissing { port, network: network.into_owned() })
}
