//! The network mode and the host networks that ports name. Ports themselves are `ports.rs`.

use super::{Ask, Report};
use crate::model::{Node, PortAsk};
use crate::scheduler::ports::host_network;
use crate::scheduler::reason::{PortRef, Reason};
use crate::semantics::Rule;
use crate::snapshot::Cluster;

pub(super) fn check(ask: &Ask<'_>, node: &Node, cluster: &Cluster, report: Report<'_>) -> bool {
    let Some(network) = &ask.group.network else {
        return has_mode(node, "host") || report(Reason::NetworkMode);
    };
    let mode = if network.mode.is_empty() { "host" } else { network.mode.as_str() };
    let always = mode == "none" && cluster.semantics.has(Rule::NoneNetworkAlways);
    if !always && !has_mode(node, mode) && !report(Reason::NetworkMode) {
        return false;
    }
    let dynamic = network.dynamic.iter().enumerate().map(|(i, p)| (true, i, p));
    let fixed = network.fixed.iter().enumerate().map(|(i, p)| (false, i, p));
    for (dynamic, index, ask) in dynamic.chain(fixed) {
        let port = PortRef { task: None, dynamic, index };
        if let Some(reason) = host_network_problem(ask, port, node, cluster)
            && !report(reason)
        {
            return false;
        }
    }
    true
}

fn has_mode(node: &Node, mode: &str) -> bool {
    node.modes.iter().any(|m| m == mode)
}

fn host_network_problem(
    ask: &PortAsk,
    port: PortRef,
    node: &Node,
    cluster: &Cluster,
) -> Option<Reason> {
    let Some(network) = host_network(ask, node, &cluster.symbols) else {
        return Some(Reason::HostNetworkTemplate { port });
    };
    if node.addresses.iter().any(|a| a.alias == network) {
        return None;
    }
    Some(Reason::HostNetworkMissing { port, network: network.into_owned() })
}
