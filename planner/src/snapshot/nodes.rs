//! Nodes and hosts come, change and go. That a node is drained or fingerprinted again happens often and costs little;
//! one more or less gives new numbers to all.

use std::sync::Arc;

use super::compile_node::compile_node;
use super::{Cluster, PortBook, PortRoom};
use crate::api;
use crate::model::{Node, Usage};

impl Cluster {
    /// Adds a node at the end. Until `settle` it is not counted.
    pub(super) fn push_node(&mut self, node: &api::Node) {
        let compiled = compile_node(node, &mut self.symbols);
        self.nodes.push(compiled);
    }

    /// Puts nodes in the place of those of their IDs, or where their names belong, and takes others out.
    pub(super) fn change_nodes(
        &mut self,
        nodes: &[api::Node],
        gone: &[String],
        hosts: &[api::Host],
    ) {
        let mut moved = false;
        for id in gone {
            if let Some(place) = self.nodes.iter().position(|node| node.id == *id) {
                self.nodes.remove(place);
                moved = true;
            }
        }
        for document in nodes {
            let mut node = compile_node(document, &mut self.symbols);
            match self.nodes.iter().position(|other| other.id == node.id) {
                Some(place) if self.nodes[place].name == node.name => {
                    node.host = self.nodes[place].host;
                    self.nodes[place] = node;
                    if !moved {
                        self.note(place);
                    }
                    continue;
                }
                Some(place) => _ = self.nodes.remove(place),
                None => {}
            }
            moved = true;
            let place = self.place_of(&node);
            self.nodes.insert(place, node);
        }
        if moved {
            self.settle(hosts);
        } else {
            self.columns = Default::default();
        }
    }

    /// Takes over changed hosts. `hosts` are all of them, in order.
    pub(super) fn change_hosts(&mut self, changed: &[String], hosts: &[api::Host]) {
        let seats = |cluster: &Cluster, place: usize, host: &api::Host| {
            let numbers = host.node_ids.iter().filter_map(|id| cluster.node_number(id));
            let mut numbers: Vec<u32> = numbers.collect();
            numbers.sort_unstable();
            cluster.on_host.get(place).is_some_and(|seats| *seats == numbers)
        };
        if self.host_documents != hosts.len()
            || hosts.iter().enumerate().any(|(n, host)| !seats(self, n, host))
        {
            return self.settle(hosts);
        }
        for (place, host) in hosts.iter().enumerate().filter(|(_, h)| changed.contains(&h.id)) {
            host.name.clone_into(&mut self.host_names[place]);
            self.note_held(place, host);
        }
    }

    /// Gives every node its number and its host, and every allocation its place.
    pub(super) fn settle(&mut self, hosts: &[api::Host]) {
        self.node_numbers =
            (0..).zip(&self.nodes).map(|(n, node)| (Arc::from(&*node.id), n)).collect();
        self.host_documents = hosts.len();
        self.host_names = hosts.iter().map(|host| host.name.clone()).collect();
        let mut host_of: Vec<Option<usize>> = vec![None; self.nodes.len()];
        for (place, host) in hosts.iter().enumerate() {
            for number in host.node_ids.iter().filter_map(|id| self.node_number(id)) {
                host_of[number as usize] = Some(place);
            }
        }
        for (node, host) in self.nodes.iter_mut().zip(host_of) {
            node.host = host.unwrap_or_else(|| {
                self.host_names.push(node.name.clone());
                self.host_names.len() - 1
            });
        }
        self.ports = vec![PortBook::default(); self.host_names.len()];
        self.on_host = vec![Vec::new(); self.host_names.len()];
        for (number, node) in (0..).zip(&self.nodes) {
            self.on_host[node.host].push(number);
        }
        self.on_node = vec![Vec::new(); self.nodes.len()];
        self.used = vec![Usage::default(); self.nodes.len()];
        self.standings = Vec::new();
        self.capacities = Vec::new();
        self.max_allocs = Vec::new();
        self.rooms = Vec::new();
        self.columns = Default::default();
        (0..self.nodes.len()).for_each(|place| self.note(place));
        hosts.iter().enumerate().for_each(|(place, host)| self.note_held(place, host));
        for place in 0..self.by_id.len() {
            self.seat(self.by_id[place]);
        }
    }

    /// Where a node's name belongs.
    pub(super) fn place_of(&self, node: &Node) -> usize {
        self.nodes.partition_point(|other| name(other) < name(node))
    }

    /// Writes what a plan asks of all nodes beside them.
    pub(super) fn note(&mut self, place: usize) {
        let node = &mut self.nodes[place];
        let known = self.classes.iter().position(|class| *class == node.class);
        node.class_number = known.unwrap_or_else(|| {
            self.classes.push(node.class.clone());
            self.classes.len() - 1
        });
        set(&mut self.standings, place, node.standing());
        set(&mut self.capacities, place, node.capacity);
        set(&mut self.max_allocs, place, node.max_allocs);
        set(&mut self.rooms, place, PortRoom::of(node));
    }

    fn note_held(&mut self, place: usize, host: &api::Host) {
        let everywhere = |ip: &str| matches!(ip, "" | "0.0.0.0" | "::" | "*");
        let symbols = &mut self.symbols;
        let others = host.held_ports.iter().map(|held| {
            let ip = (!everywhere(&held.ip)).then(|| symbols.intern(&held.ip));
            (ip, held.port, Box::new(held.holder.clone()))
        });
        let book = &mut self.ports[place];
        book.hold_others(others);
        book.cooling = host.cooling_ports.iter().copied().collect();
    }
}

fn set<T>(list: &mut Vec<T>, place: usize, value: T) {
    if place < list.len() { list[place] = value } else { list.push(value) }
}

fn name(node: &Node) -> (&str, &str) {
    (&node.name, &node.id)
}
