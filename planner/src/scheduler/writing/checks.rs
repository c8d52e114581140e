//! All that was asked of one node: what fails, as the verdict says it, and what is well, with what was asked and what
//! is there.

use super::explain::{Scene, bare, failure, required};
use super::planned::Planned;
use crate::model::{Constraint, Group, Node, Operand};
use crate::plan::{Check, Checked, Failure};
use crate::scheduler::reason::ConstraintRef;
use crate::semantics::Rule;

impl Planned<'_> {
    /// Every check of a node for a group, in the order of the stages.
    pub fn checks(&self, group: usize, node: u32) -> Vec<Checked> {
        let verdicts = &self.outcome.reports[group];
        let situation = &self.situation;
        let job = situation.versions.get(&verdicts.version).unwrap_or(&situation.job);
        let nothing = Group::default();
        let asks = job.group(&verdicts.group).unwrap_or(&nothing);
        let place = &situation.cluster.nodes[node as usize];
        let scene = Scene { draft: &verdicts.draft, job, group: asks, node: place, number: node };
        let reasons = verdicts.judgements.of(node).reasons;
        let mut list: Vec<Checked> = reasons
            .iter()
            .map(|reason| Checked { passed: false, check: failure(&scene, reason) })
            .collect();
        for fact in asked(&scene, verdicts.judgements.index) {
            if !list.iter().any(|told| is_same(&told.check, &fact)) {
                list.push(Checked { passed: true, check: fact });
            }
        }
        // Stable: what was asked first comes first.
        list.sort_by_key(|checked| checked.check.check);
        list
    }
}

/// True if both tell of the same thing that was asked.
fn is_same(a: &Failure, b: &Failure) -> bool {
    let rest = match a.check {
        Check::Status | Check::Drain | Check::Eligibility | Check::Datacenter => true,
        Check::NodePool | Check::Cpu | Check::Memory | Check::Disk => true,
        Check::Constraint | Check::DistinctProperty | Check::Network => {
            (&a.subject, &a.required) == (&b.subject, &b.required)
        }
        _ => a.subject == b.subject,
    };
    a.check == b.check && rest
}

/// What a group asks of a node for the allocation of that number, and what is there, as if it were enough.
fn asked(scene: &Scene<'_>, index: u64) -> Vec<Failure> {
    let (node, job) = (scene.node, scene.job);
    let mut list = vec![
        fact(Check::Status, "", "ready", &node.status),
        fact(Check::Drain, "", "not draining", "not draining"),
        fact(Check::Eligibility, "", "eligible", &node.eligibility),
        fact(Check::Datacenter, "", &job.datacenters.join(", "), &node.datacenter),
    ];
    if scene.draft.cluster.semantics.has(Rule::NodePools) {
        list.push(fact(Check::NodePool, "", &job.pool, &node.pool));
    }
    let of_job = (0..job.constraints.len()).map(ConstraintRef::Job);
    let of_group = scene.group.all_constraints().map(|(task, at, _)| match task {
        Some(task) => ConstraintRef::Task(task, at),
        None => ConstraintRef::Group(at),
    });
    for reference in of_job.chain(of_group) {
        list.extend(reference.get(job, scene.group).map(|c| condition(scene, c)));
    }
    for task in &scene.group.tasks {
        let offers = [(Check::Driver, &task.driver, "healthy")];
        let providers = task.secret_providers.iter();
        let providers = providers.map(|provider| (Check::SecretsProvider, provider, "there"));
        for (check, name, there) in offers.into_iter().chain(providers) {
            if !list.iter().any(|f: &Failure| f.check == check && f.subject == *name) {
                list.push(fact(check, name, name, there));
            }
        }
        for device in &task.devices {
            let wanted = format!("{} {}", device.count, device.name);
            list.push(fact(Check::Device, &device.name, &wanted, &devices(node)));
        }
        if task.cores > 0 {
            let there = format!("{} in all", node.cores.len());
            list.push(fact(Check::Cores, &task.name, &format!("{} cores", task.cores), &there));
        }
    }
    for volume in &scene.group.volumes {
        let id = volume.id(index);
        if volume.csi {
            list.push(fact(Check::CsiVolume, &id, &id, "can be claimed"));
        } else {
            let wanted = if volume.read_only { id.clone() } else { format!("{id}, writable") };
            let there = node.volumes.get(&id).map_or("", |v| v.path.as_str());
            list.push(fact(Check::HostVolume, &id, &wanted, there));
        }
    }
    list.extend(networks(scene));
    list.extend(amounts(scene));
    list
}

fn fact(check: Check, subject: &str, required: &str, actual: &str) -> Failure {
    Failure {
        check,
        subject: subject.to_owned(),
        required: required.to_owned(),
        actual: actual.to_owned(),
        ..Failure::default()
    }
}

fn condition(scene: &Scene<'_>, constraint: &Constraint) -> Failure {
    let subject = bare(&constraint.left_text);
    match constraint.operand {
        Operand::DistinctHosts => {
            fact(Check::DistinctHosts, "distinct_hosts", "one allocation a node", "none here")
        }
        Operand::DistinctProperty => {
            let limit = Some(constraint.right_text.as_str()).filter(|text| !text.is_empty());
            let wanted = format!("at most {} a value", limit.unwrap_or("1"));
            fact(Check::DistinctProperty, &subject, &wanted, "fewer so far")
        }
        _ => {
            let there = constraint.left.resolve(scene.node, &scene.draft.cluster.symbols);
            fact(Check::Constraint, &subject, &required(constraint), there.unwrap_or("not set"))
        }
    }
}

fn devices(node: &Node) -> String {
    let there = node.devices.iter().map(|d| {
        let healthy = d.instances.iter().filter(|(_, healthy)| *healthy).count();
        format!("{healthy} {}/{}/{}", d.vendor, d.kind, d.name)
    });
    there.collect::<Vec<_>>().join(", ")
}

fn networks(scene: &Scene<'_>) -> Vec<Failure> {
    let mut list = Vec::new();
    let of_tasks = scene.group.tasks.iter().filter_map(|task| task.network.as_ref());
    if let Some(network) = &scene.group.network {
        let mode = if network.mode.is_empty() { "host" } else { &network.mode };
        list.push(fact(Check::Network, mode, &format!("network mode {mode}"), "offered"));
    }
    for network in scene.group.network.iter().chain(of_tasks) {
        for port in &network.fixed {
            list.push(fact(Check::Port, &port.label, &format!("port {}", port.value), "free"));
        }
        for port in &network.dynamic {
            let (low, high) = scene.node.dynamic_ports;
            let there = format!("one of {low} to {high}");
            list.push(fact(Check::Port, &port.label, "a free dynamic port", &there));
        }
    }
    list
}

fn amounts(scene: &Scene<'_>) -> Vec<Failure> {
    let (asked, total) = (scene.group.usage, scene.node.capacity);
    let used = scene.draft.used(scene.number);
    let row = |check, asked: i64, used: i64, total: i64, unit: &str| {
        let there = format!("{} {unit} free of {total} {unit}", total - used);
        fact(check, "", &format!("{asked} {unit}"), &there)
    };
    let mut rows = vec![
        row(Check::Cpu, asked.cpu, used.cpu, total.cpu, "MHz"),
        row(Check::Memory, asked.memory, used.memory, total.memory, "MB"),
        row(Check::Disk, asked.disk, used.disk, total.disk, "MB"),
    ];
    let most = scene.node.max_allocs;
    if most != 0 && scene.draft.cluster.semantics.has(Rule::MaxAllocs) {
        let wanted = format!("fewer than {most} allocations");
        rows.push(fact(Check::Allocations, "", &wanted, "fewer"));
    }
    rows
}
