//! What an allocation was given, in two parts: what its siblings were given as well, and what fills the holes.
//!
//! Addresses and port numbers are what differs. The holes are walked through in one order, always the same.

use crate::api::{AllocatedResources, NetworkResource};
use crate::model::{Symbol, Symbols};

/// A place where siblings differ.
enum Hole<'a> {
    Address(&'a mut String),
    Number(&'a mut i64),
}

/// Takes out what is the allocation's own. Port numbers are small; one that is not loses what no port can have.
pub(super) fn punch(resources: &mut AllocatedResources, symbols: &mut Symbols) -> Box<[u32]> {
    let mut taken = Vec::new();
    each(resources, &mut |hole| match hole {
        Hole::Address(address) => taken.push(symbols.intern(&std::mem::take(address)).0),
        Hole::Number(number) => {
            // -1 stands for "the same port"; it comes back as it was.
            let small = i32::try_from(std::mem::take(number)).unwrap_or(i32::MAX);
            taken.push(small.cast_unsigned());
        }
    });
    taken.into()
}

/// Puts it back.
pub(super) fn fill(resources: &mut AllocatedResources, holes: &[u32], symbols: &Symbols) {
    let mut holes = holes.iter().copied();
    each(resources, &mut |hole| match (hole, holes.next().unwrap_or_default()) {
        (Hole::Address(address), symbol) => symbols.text(Symbol(symbol)).clone_into(address),
        (Hole::Number(number), value) => *number = i64::from(value.cast_signed()),
    });
}

fn each(resources: &mut AllocatedResources, take: &mut dyn FnMut(Hole<'_>)) {
    for port in &mut resources.shared.ports {
        take(Hole::Address(&mut port.host_ip));
        take(Hole::Number(&mut port.value));
        take(Hole::Number(&mut port.to));
    }
    let of_tasks = resources.tasks.values_mut().flat_map(|task| &mut task.networks);
    for network in resources.shared.networks.iter_mut().chain(of_tasks) {
        take(Hole::Address(&mut network.ip));
        for port in network.reserved_ports.iter_mut().chain(&mut network.dynamic_ports) {
            take(Hole::Number(&mut port.value));
            take(Hole::Number(&mut port.to));
        }
    }
}

/// The holes of every port held: of its address, and of its number. Ports of networks count where no others are
/// listed; of a task, those of its first network.
pub(super) fn sockets(resources: &AllocatedResources) -> Vec<(usize, usize)> {
    let count = resources.shared.ports.len();
    if count > 0 {
        return (0..count).map(|n| (3 * n, 3 * n + 1)).collect();
    }
    let mut sockets = Vec::new();
    let mut next = 0;
    let mut network = |network: &NetworkResource, counts: bool| {
        let ports = network.reserved_ports.len() + network.dynamic_ports.len();
        if counts {
            sockets.extend((0..ports).map(|n| (next, next + 1 + 2 * n)));
        }
        next += 1 + 2 * ports;
    };
    resources.shared.networks.iter().for_each(|shared| network(shared, true));
    for task in resources.tasks.values() {
        task.networks.iter().enumerate().for_each(|(n, own)| network(own, n == 0));
    }
    sockets
}
