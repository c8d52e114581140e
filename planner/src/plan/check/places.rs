//! Where placements stand: on nodes that take them, that the job allows, and that have what it needs.

use super::Judge;
use crate::model::{Constraint, Group, Node, Operand};
use crate::plan::Placement;
use crate::semantics::Rule;

impl Judge<'_> {
    /// Every placement stands on a node that the job allows.
    pub(super) fn places(&self, wrong: &mut Vec<String>) {
        for (_, placement, number, group) in self.current() {
            let node = self.node(number);
            let mut say =
                |what: String| wrong.push(format!("{} on {}: {what}", placement.name, node.name));
            if !node.is_ready() {
                say("the node takes nothing new".to_owned());
            }
            if !self.is_back(placement, number, group) {
                self.reach(node, &mut say);
            }
            self.constraints(node, group, &mut say);
            self.offers(node, group, placement.index, &mut say);
            self.csi_volumes(node, group, placement.index, &mut say);
        }
    }

    /// True if it stands where its disk is, which may be out of the job's reach by now.
    fn is_back(&self, placement: &Placement, number: u32, group: &Group) -> bool {
        let previous = self.cluster.find(&placement.previous_allocation);
        group.sticky_disk
            && !self.cluster.semantics.has(Rule::PreferredInReach)
            && previous.is_some_and(|alloc| alloc.node == Some(number))
    }

    fn reach(&self, node: &Node, say: &mut dyn FnMut(String)) {
        let semantics = self.cluster.semantics;
        let globs = semantics.has(Rule::DatacenterGlobs);
        let covers =
            |wanted: &String| *wanted == node.datacenter || globs && like(wanted, &node.datacenter);
        if !self.job.datacenters.iter().any(covers) {
            say(format!("datacenter {} is not the job's", node.datacenter));
        }
        let anywhere = !semantics.has(Rule::NodePools) || self.job.pool == "all";
        if !anywhere && self.job.pool != node.pool {
            say(format!("pool {} is not the job's", node.pool));
        }
    }

    fn constraints(&self, node: &Node, group: &Group, say: &mut dyn FnMut(String)) {
        let constraints = self.job.constraints.iter();
        for constraint in constraints.chain(group.all_constraints().map(|(_, _, c)| c)) {
            if !is_distinct(constraint)
                && !constraint.holds(node, &self.cluster.symbols, self.cluster.semantics)
            {
                say(format!("constraint {} does not hold", constraint.key()));
            }
        }
    }

    fn offers(&self, node: &Node, group: &Group, index: u64, say: &mut dyn FnMut(String)) {
        for task in &group.tasks {
            if !node.drivers.get(&task.driver).is_some_and(|d| d.detected && d.healthy) {
                say(format!("driver {} cannot be used", task.driver));
            }
            for provider in &task.secret_providers {
                let attribute =
                    self.cluster.symbols.find(&format!("plugins.secrets.{provider}.version"));
                if attribute.and_then(|key| node.attribute(key)).is_none() {
                    say(format!("secrets provider {provider} is missing"));
                }
            }
        }
        for volume in group.volumes.iter().filter(|v| !v.csi) {
            let name = volume.id(index);
            let found = node.volumes.get(&name);
            if found.is_none_or(|v| v.read_only && !volume.read_only) {
                say(format!("host volume {name} cannot be used"));
            }
        }
        if let Some(network) = &group.network {
            let mode = if network.mode.is_empty() { "host" } else { &network.mode };
            let free = mode == "none" && self.cluster.semantics.has(Rule::NoneNetworkAlways);
            if !free && !node.modes.iter().any(|m| m == mode) {
                say(format!("there is no {mode} network"));
            }
        }
    }

    fn csi_volumes(&self, node: &Node, group: &Group, index: u64, say: &mut dyn FnMut(String)) {
        for volume in group.volumes.iter().filter(|v| v.csi) {
            let id = volume.id(index);
            let mut volumes = self.cluster.csi_volumes.iter();
            let found = volumes.find(|v| v.id == id && v.namespace == self.job.namespace);
            let usable = found.is_some_and(|v| {
                let plugin = node.csi_plugins.get(&v.plugin);
                v.schedulable && plugin.is_some_and(|p| p.healthy)
            });
            if !usable {
                say(format!("CSI volume {id} cannot be used"));
            }
        }
    }
}

fn is_distinct(constraint: &Constraint) -> bool {
    matches!(constraint.operand, Operand::DistinctHosts | Operand::DistinctProperty)
}

/// True if the text is what the pattern says, each `*` standing for anything: its parts come one after the other.
fn like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}
