//! The machine as a document: its addresses and the ports held on it, with their holders.
//!
//! Looked at twice a second; written only when something changed. Ports of the agent's own live
//! allocations are left out, because the planner counts them itself.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use steppe_planner::api;

use super::fingerprint::Machine;
use super::fingerprint::ports::{self, Program, Socket};
use crate::driver::PublishedPort;
use crate::state::Store;

/// Docker's helper that holds a published port on behalf of a container.
const DOCKER_PROXY: &str = "docker-proxy";

/// Remembers what it saw, so that an unchanged machine costs little.
pub(super) struct HostWatch {
    ephemeral: (u16, u16),
    seen: BTreeSet<Socket>,
    programs: BTreeMap<u64, Program>,
}

impl HostWatch {
    pub(super) fn new() -> Self {
        HostWatch {
            ephemeral: ports::ephemeral_range(),
            seen: BTreeSet::new(),
            programs: BTreeMap::new(),
        }
    }

    /// True if the sockets differ from the last look; the programs behind them are then known too.
    pub(super) fn look(&mut self) -> bool {
        let now = ports::sockets();
        if now == self.seen {
            return false;
        }
        // A client's socket waiting for an answer is bound for a moment: it counts on the second look.
        let known: BTreeSet<u64> = self.seen.iter().map(|s| s.inode).collect();
        let settled = |s: &&Socket| {
            s.protocol == "tcp"
                || !(self.ephemeral.0..=self.ephemeral.1).contains(&s.port)
                || known.contains(&s.inode)
        };
        let inodes: BTreeSet<u64> = now.iter().filter(settled).map(|s| s.inode).collect();
        self.programs = ports::holders(&inodes);
        for inode in inodes {
            // Held by a program that this user may not see.
            self.programs.entry(inode).or_default();
        }
        self.seen = now;
        true
    }

    /// The held ports, as of the last look.
    pub(super) fn held(
        &self,
        published: &[PublishedPort],
        own: &BTreeSet<(IpAddr, i64)>,
        known_alloc: impl Fn(&str) -> bool,
    ) -> Vec<api::HeldPort> {
        let sockets = self.seen.iter().filter_map(|s| Some((s, self.programs.get(&s.inode)?)));
        held_ports(sockets, published, own, known_alloc)
    }
}

fn held_ports<'a>(
    sockets: impl Iterator<Item = (&'a Socket, &'a Program)>,
    published: &[PublishedPort],
    own: &BTreeSet<(IpAddr, i64)>,
    known_alloc: impl Fn(&str) -> bool,
) -> Vec<api::HeldPort> {
    let ours = |ip: &str, port: i64| {
        let ip = ip.parse::<IpAddr>().ok();
        ip.is_some_and(|ip| {
            own.iter().any(|(at, p)| *p == port && (*at == ip || ip.is_unspecified()))
        })
    };
    let mut held = BTreeMap::new();
    for port in published {
        if port.alloc_id.as_deref().is_some_and(&known_alloc) || ours(&port.ip, port.port) {
            continue;
        }
        let holder = api::Holder {
            kind: "container".into(),
            id: port.container_id.clone(),
            name: port.container_name.clone(),
        };
        held.insert((port.ip.clone(), port.port, port.protocol.clone()), holder);
    }
    for (socket, program) in sockets {
        let (ip, port) = (socket.address.to_string(), i64::from(socket.port));
        let key = (ip, port, socket.protocol.to_owned());
        // A proxy without a container in the list has just been born or is about to die.
        if program.name == DOCKER_PROXY || ours(&key.0, port) || held.contains_key(&key) {
            continue;
        }
        held.insert(key, holder_of(program));
    }
    let held_port = |((ip, port, protocol), holder)| api::HeldPort { ip, port, protocol, holder };
    held.into_iter().map(held_port).collect()
}

fn holder_of(program: &Program) -> api::Holder {
    if program.pid == 0 {
        return api::Holder { kind: "unknown".into(), ..api::Holder::default() };
    }
    api::Holder { kind: "process".into(), id: program.pid.to_string(), name: program.name.clone() }
}

/// The host ports of allocations that still hold them.
pub(super) fn allocated_ports(store: &Store) -> BTreeSet<(IpAddr, i64)> {
    let state = store.read();
    let live = state.allocs().filter(|record| !record.client_terminal());
    live.flat_map(|record| ports_of(&record.alloc)).collect()
}

/// The host ports of one allocation.
pub(super) fn ports_of(alloc: &api::Allocation) -> Vec<(IpAddr, i64)> {
    let Some(resources) = &alloc.allocated_resources else {
        return Vec::new();
    };
    let shared = &resources.shared;
    let networks = resources.tasks.values().flat_map(|t| &t.networks).chain(&shared.networks);
    let of_networks = networks.flat_map(|network| {
        let ports = network.reserved_ports.iter().chain(&network.dynamic_ports);
        ports.map(|p| (network.ip.as_str(), p.value))
    });
    let of_ports = shared.ports.iter().map(|p| (p.host_ip.as_str(), p.value));
    let all = of_networks.chain(of_ports);
    all.filter_map(|(ip, port)| Some((ip.parse().ok()?, port))).collect()
}

/// The host document.
pub(super) fn host(
    id: &str,
    node_ids: &[String],
    machine: &Machine,
    held_ports: Vec<api::HeldPort>,
) -> api::Host {
    let addresses: BTreeSet<String> =
        machine.interfaces.iter().map(|i| i.address.to_string()).collect();
    api::Host {
        id: id.to_owned(),
        name: machine.hostname.clone(),
        node_ids: node_ids.to_vec(),
        addresses: addresses.into_iter().collect(),
        held_ports,
        cpu_mhz: machine.cpu_mhz_total,
        memory_mb: machine.memory_mb,
        disk_mb: machine.disk_mb,
        ..api::Host::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn socket(port: u16) -> Socket {
        Socket { address: IpAddr::from([127, 0, 0, 1]), port, protocol: "tcp", inode: port.into() }
    }

    fn published(port: i64, alloc_id: Option<&str>) -> PublishedPort {
        PublishedPort {
            ip: "127.0.0.1".into(),
            port,
            protocol: "tcp".into(),
            container_id: "c1".into(),
            container_name: "db".into(),
            alloc_id: alloc_id.map(str::to_owned),
        }
    }

    #[test]
    fn every_holder_but_our_own_is_named() {
        let sockets = [socket(22), socket(3306), socket(5432), socket(20001)];
        let program = |name: &str| Program { pid: 7, name: name.into() };
        let programs =
            [program("sshd"), program(DOCKER_PROXY), program(DOCKER_PROXY), program("web")];
        let published = [published(3306, Some("ours")), published(5432, None)];
        let own = BTreeSet::from([(IpAddr::from([127, 0, 0, 1]), 20001)]);
        let held = held_ports(sockets.iter().zip(&programs), &published, &own, |id| id == "ours");
        let text: Vec<String> = held
            .iter()
            .map(|h| format!("{} {} {}", h.port, h.holder.kind, h.holder.name))
            .collect();
        assert_eq!(text, ["22 process sshd", "5432 container db"]);
    }

    #[test]
    fn a_program_nobody_may_see_still_holds_its_port() {
        let held = held_ports(
            [(&socket(22), &Program::default())].into_iter(),
            &[],
            &BTreeSet::new(),
            |_| false,
        );
        assert_eq!(held[0].holder.kind, "unknown");
    }
}
