//! What would satisfy one node: for each of its reasons a change, all of them together a proposal.

use std::collections::BTreeMap;

use super::{Proposal, quoted};
use crate::jobspec::{Change, Step, nearest};
use crate::model::{Constraint, Group, Job, NetworkAsk, Node, Operand};
use crate::scheduler::Planned;
use crate::scheduler::reason::{ConstraintRef, PortRef, Reason};
use crate::snapshot::Cluster;
use crate::whatif::{Edit, EditKind};

/// So many different sets of reasons are looked at, the smallest first.
const SETS_MAX: usize = 8;
/// A port is moved so far, at most.
const PORTS_TRIED: i64 = 100;

/// One change with its words, and how much of a change it is: where something runs matters more than how much it takes.
struct Fix {
    words: String,
    change: Change,
    cost: u32,
}

/// Everything a fix may need.
struct Scene<'a> {
    cluster: &'a Cluster,
    job: &'a Job,
    group: &'a Group,
    node: &'a Node,
}

/// For every set of reasons that nodes have, what would satisfy one of them.
pub(super) fn proposals(planned: &Planned<'_>, group: usize) -> Vec<Proposal> {
    let mut sets: BTreeMap<(usize, &[Reason]), u32> = BTreeMap::new();
    for (node, reasons) in (0u32..).zip(planned.reasons_of(group)) {
        if !reasons.is_empty() {
            sets.entry((reasons.len(), reasons)).or_insert(node);
        }
    }
    let (job, cluster) = (planned.job(), planned.cluster());
    let mut proposals = Vec::new();
    for ((_, reasons), node) in sets.into_iter().take(SETS_MAX) {
        let node = &cluster.nodes[node as usize];
        let scene = Scene { cluster, job, group: &job.groups[group], node };
        proposals.extend(enable(&scene, reasons));
        let fixes: Option<Vec<Vec<Fix>>> =
            reasons.iter().map(|reason| scene.fixes(reason)).collect();
        let Some(fixes) = fixes else { continue };
        // The first way for each reason; for a single one, every way.
        if let [ways] = fixes.as_slice()
            && ways.len() > 1
        {
            proposals.extend(ways.iter().map(|fix| text(&[fix])));
            continue;
        }
        let first: Vec<&Fix> = fixes.iter().filter_map(|ways| ways.first()).collect();
        proposals.push(text(&first));
    }
    proposals
}

fn text(fixes: &[&Fix]) -> Proposal {
    let mut changes: Vec<Change> = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    for fix in fixes {
        // Two reasons may ask for the same.
        if !changes.contains(&fix.change) {
            changes.push(fix.change.clone());
            words.push(&fix.words);
        }
    }
    let cost = fixes.iter().map(|fix| fix.cost).sum();
    Proposal::text(capitalized(&words.join(" and ")), changes, cost)
}

/// A node that would do, were it not told to take nothing.
fn enable(scene: &Scene<'_>, reasons: &[Reason]) -> Option<Proposal> {
    let closed = |reason: &Reason| matches!(reason, Reason::Drain | Reason::Eligibility);
    if !reasons.iter().all(closed) {
        return None;
    }
    let node = scene.node;
    let (title, command) = if node.draining {
        (
            format!("End the drain of node \"{}\"", node.name),
            format!("nomad node drain -disable {}", node.id),
        )
    } else {
        (
            format!("Make node \"{}\" eligible again", node.name),
            format!("nomad node eligibility -enable {}", node.id),
        )
    };
    let edit = Edit { kind: EditKind::Enable, node: node.id.clone(), ..Edit::default() };
    Some(Proposal { title, changes: Vec::new(), edit: Some(edit), command, cost: 25 })
}

impl Scene<'_> {
    /// The ways to satisfy one reason, the one that changes least first; `None` if the job can do nothing about it.
    fn fixes(&self, reason: &Reason) -> Option<Vec<Fix>> {
        let fixes = match reason {
            Reason::Datacenter => vec![self.datacenter()],
            Reason::Pool => vec![self.pool()],
            Reason::Constraint(reference) => self.constraint(*reference)?,
            Reason::DistinctHosts => vec![self.distinct_hosts()?],
            Reason::Driver { task } => vec![self.driver(*task)?],
            Reason::VolumeMissing { volume, .. } => vec![self.volume(*volume)?],
            Reason::VolumeReadOnly { volume, .. } => vec![self.read_only(*volume)],
            Reason::NetworkMode => vec![self.mode()?],
            Reason::HostNetworkMissing { port, .. } => vec![self.host_network(*port)?],
            Reason::PortTaken { port, value, .. } => self.port(*port, *value)?,
            Reason::Memory { missing, .. } => {
                vec![self.amount("memory", *missing, |t| t.memory - t.secrets)?]
            }
            Reason::Cpu { missing, .. } => vec![self.amount("cpu", *missing, |t| t.cpu)?],
            Reason::Disk { missing, .. } => vec![self.disk(*missing)?],
            Reason::Bandwidth { task, missing } => vec![self.bandwidth(*task, *missing)?],
            _ => return None,
        };
        Some(fixes)
    }

    fn in_group(&self) -> Vec<Step> {
        vec![Step::Labeled("group", self.group.name.clone())]
    }

    fn in_task(&self, task: usize) -> Vec<Step> {
        let mut place = self.in_group();
        place.push(Step::Labeled("task", self.group.tasks[task].name.clone()));
        place
    }

    fn datacenter(&self) -> Fix {
        let datacenter = &self.node.datacenter;
        let known = |wanted: &&String| self.cluster.nodes.iter().any(|n| n.datacenter == **wanted);
        let mut list: Vec<&String> = self.job.datacenters.iter().filter(known).collect();
        list.push(datacenter);
        let list: Vec<String> = list.into_iter().map(|name| quoted(name)).collect();
        Fix {
            cost: 30,
            words: format!("allow datacenter \"{datacenter}\""),
            change: set(Vec::new(), "datacenters", format!("[{}]", list.join(", "))),
        }
    }

    fn pool(&self) -> Fix {
        Fix {
            cost: 40,
            words: format!("use node pool \"{}\"", self.node.pool),
            change: set(Vec::new(), "node_pool", quoted(&self.node.pool)),
        }
    }

    fn constraint(&self, reference: ConstraintRef) -> Option<Vec<Fix>> {
        let constraint = reference.get(self.job, self.group)?;
        let place = self.constraint_place(reference);
        let mut fixes = Vec::new();
        let actual = constraint.left.resolve(self.node, &self.cluster.symbols);
        if constraint.operand == Operand::Equal
            && let Some(actual) = actual
        {
            fixes.push(Fix {
                cost: 15,
                words: format!("ask for {} = \"{actual}\"", constraint.left_text),
                change: set(place.clone(), "value", quoted(actual)),
            });
        }
        let key = constraint.key();
        let words = format!("leave out the constraint {key}");
        fixes.push(Fix { cost: 20, words, change: Change::Remove { place } });
        Some(fixes)
    }

    fn constraint_place(&self, reference: ConstraintRef) -> Vec<Step> {
        let (mut place, number) = match reference {
            ConstraintRef::Job(number) => (Vec::new(), number),
            ConstraintRef::Group(number) => (self.in_group(), number),
            ConstraintRef::Task(task, number) => (self.in_task(task), number),
        };
        place.push(Step::Nth("constraint", number));
        place
    }

    fn distinct_hosts(&self) -> Option<Fix> {
        let distinct = |list: &[Constraint]| {
            list.iter().position(|constraint| constraint.operand == Operand::DistinctHosts)
        };
        let reference = match distinct(&self.group.constraints) {
            Some(number) => ConstraintRef::Group(number),
            None => ConstraintRef::Job(distinct(&self.job.constraints)?),
        };
        let place = self.constraint_place(reference);
        let words = "let several stand on one node (leave out distinct_hosts)".to_owned();
        Some(Fix { cost: 15, words, change: Change::Remove { place } })
    }

    fn driver(&self, task: usize) -> Option<Fix> {
        let usable = self.node.drivers.iter().filter(|(_, d)| d.detected && d.healthy);
        let wanted = &self.group.tasks[task].driver;
        let near = nearest(wanted, usable.map(|(name, _)| name.as_str()))?;
        Some(Fix {
            cost: 10,
            words: format!("use driver \"{near}\""),
            change: set(self.in_task(task), "driver", quoted(near)),
        })
    }

    fn volume(&self, volume: usize) -> Option<Fix> {
        let ask = &self.group.volumes[volume];
        // A name with a number is no name to write down.
        if ask.per_alloc {
            return None;
        }
        let mut there = self.node.volumes.keys().map(String::as_str);
        let alone =
            if self.node.volumes.len() == 1 { self.node.volumes.keys().next() } else { None };
        let near = nearest(&ask.source, &mut there).or(alone.map(String::as_str))?;
        let mut place = self.in_group();
        place.push(Step::Labeled("volume", ask.name.clone()));
        Some(Fix {
            cost: 10,
            words: format!("use host volume \"{near}\", which \"{}\" has", self.node.name),
            change: set(place, "source", quoted(near)),
        })
    }

    fn read_only(&self, volume: usize) -> Fix {
        let ask = &self.group.volumes[volume];
        let mut place = self.in_group();
        place.push(Step::Labeled("volume", ask.name.clone()));
        Fix {
            cost: 12,
            words: format!("only read volume \"{}\"", ask.source),
            change: set(place, "read_only", "true".to_owned()),
        }
    }

    fn mode(&self) -> Option<Fix> {
        let asked = &self.group.network.as_ref()?.mode;
        let modes = self.node.modes.iter().map(String::as_str);
        let mode =
            nearest(asked, modes.clone()).or_else(|| modes.clone().find(|m| *m == "host"))?;
        let mut place = self.in_group();
        place.push(Step::Nth("network", 0));
        let words = format!("use network mode \"{mode}\"");
        Some(Fix { cost: 12, words, change: set(place, "mode", quoted(mode)) })
    }

    fn host_network(&self, port: PortRef) -> Option<Fix> {
        let ask = port.ask(self.group)?;
        let aliases = self.node.addresses.iter().map(|address| address.alias.as_str());
        let near = nearest(&ask.host_network, aliases.filter(|alias| *alias != "default"));
        let place = self.port_place(port)?;
        let (words, change) = match near {
            Some(near) => (
                format!("use host network \"{near}\" for port \"{}\"", ask.label),
                set(place, "host_network", quoted(near)),
            ),
            None => (
                format!("use the node's own address for port \"{}\"", ask.label),
                Change::Unset { place, name: "host_network" },
            ),
        };
        Some(Fix { cost: 10, words, change })
    }

    fn port_place(&self, port: PortRef) -> Option<Vec<Step>> {
        let label = port.ask(self.group)?.label.clone();
        let mut place = match port.task {
            None => self.in_group(),
            Some(task) => {
                let mut place = self.in_task(task);
                place.push(Step::Only("resources"));
                place
            }
        };
        place.push(Step::Nth("network", 0));
        place.push(Step::Labeled("port", label));
        Some(place)
    }

    /// Another number, or whichever is free.
    fn port(&self, port: PortRef, value: i64) -> Option<Vec<Fix>> {
        let ask = port.ask(self.group)?;
        let place = self.port_place(port)?;
        let mut fixes = Vec::new();
        let ip = self.node.addresses.iter().find(|address| address.alias == "default");
        let ip = ip.or(self.node.addresses.first()).map(|address| address.ip);
        let asked = |other: i64| self.networks().any(|n| n.fixed.iter().any(|p| p.value == other));
        let book = &self.cluster.ports[self.node.host];
        let free = (value + 1..value + PORTS_TRIED).find(|other| {
            !asked(*other) && ip.is_some_and(|ip| book.holders(ip, *other).next().is_none())
        });
        if let Some(free) = free {
            fixes.push(Fix {
                cost: 10,
                words: format!("use port {free} for \"{}\"", ask.label),
                change: set(place.clone(), "static", free.to_string()),
            });
        }
        fixes.push(Fix {
            cost: 11,
            words: format!("use a dynamic port for \"{}\"", ask.label),
            change: Change::Unset { place, name: "static" },
        });
        Some(fixes)
    }

    fn networks(&self) -> impl Iterator<Item = &NetworkAsk> {
        let of_tasks = self.group.tasks.iter().filter_map(|task| task.network.as_ref());
        self.group.network.iter().chain(of_tasks)
    }

    /// Less of an amount for the task that asks for most of it.
    fn amount(
        &self,
        name: &'static str,
        missing: i64,
        of: fn(&crate::model::Task) -> i64,
    ) -> Option<Fix> {
        let tasks = self.group.tasks.iter().enumerate();
        let (number, task) = tasks.rev().max_by_key(|(_, task)| of(task))?;
        let amount = of(task) - missing;
        if amount <= of(task) / 4 {
            return None;
        }
        let mut place = self.in_task(number);
        place.push(Step::Only("resources"));
        let unit = if name == "cpu" { "MHz" } else { "MB" };
        Some(Fix {
            cost: 10,
            words: format!("lower {name} of task \"{}\" to {amount} {unit}", task.name),
            change: set(place, name, amount.to_string()),
        })
    }

    fn bandwidth(&self, task: usize, missing: i64) -> Option<Fix> {
        let mbits = self.group.tasks[task].network.as_ref()?.mbits - missing;
        let mut place = self.in_task(task);
        place.extend([Step::Only("resources"), Step::Nth("network", 0)]);
        (mbits > 0).then(|| Fix {
            cost: 10,
            words: format!("ask for no more than {mbits} Mbit/s"),
            change: set(place, "mbits", mbits.to_string()),
        })
    }

    fn disk(&self, missing: i64) -> Option<Fix> {
        let size = self.group.disk - missing;
        let mut place = self.in_group();
        place.push(Step::Only("ephemeral_disk"));
        (size > self.group.disk / 4).then(|| Fix {
            cost: 10,
            words: format!("lower the ephemeral disk to {size} MB"),
            change: set(place, "size", size.to_string()),
        })
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn set(place: Vec<Step>, name: &'static str, value: String) -> Change {
    Change::Set { place, name, value }
}
