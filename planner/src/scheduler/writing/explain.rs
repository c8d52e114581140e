//! Turns reasons into sentences: what was asked, what is there, and who is in the way.

use super::explain_ports;
use crate::api::Holder;
use crate::model::{Constraint, Group, Job, Node, Operand};
use crate::plan::{Check, Failure, GroupReport, NodeVerdict, Outcome};
use crate::quote::quote;
use crate::scheduler::Situation;
use crate::scheduler::draft::Draft;
use crate::scheduler::outcome::Verdicts;
use crate::scheduler::reason::{ConstraintRef, CsiProblem, DeviceProblem, Reason, Stage};
use crate::scheduler::stack::Judgement;

/// Everything a sentence may need.
pub(super) struct Scene<'s> {
    pub(super) draft: &'s Draft<'s>,
    pub(super) job: &'s Job,
    pub(super) group: &'s Group,
    pub(super) node: &'s Node,
    pub(super) number: u32,
}

/// The report of one group.
pub(in crate::scheduler) fn report_group(
    situation: &Situation<'_>,
    verdicts: &Verdicts<'_>,
) -> GroupReport {
    let mut report = summary(verdicts);
    report.nodes =
        verdicts.judgements.nodes().map(|number| verdict(situation, verdicts, number)).collect();
    report
}

/// The same without its nodes: how many of each kind there are.
pub(super) fn summary(verdicts: &Verdicts<'_>) -> GroupReport {
    let mut report = GroupReport { name: verdicts.group.clone(), ..GroupReport::default() };
    for judgement in verdicts.judgements.iter() {
        let count = match outcome(judgement) {
            Outcome::Feasible => &mut report.feasible,
            Outcome::Filtered | Outcome::NotTargeted => &mut report.filtered,
            Outcome::Exhausted => &mut report.exhausted,
            Outcome::Excluded => &mut report.excluded,
        };
        *count += 1;
    }
    report
}

/// The kind of a verdict: the first failing stage decides.
pub(super) fn outcome(judgement: Judgement<'_>) -> Outcome {
    judgement.reasons.first().map_or(Outcome::Feasible, |r| match r.stage() {
        Stage::Excluded => Outcome::Excluded,
        Stage::Filtered => Outcome::Filtered,
        Stage::Exhausted => Outcome::Exhausted,
    })
}

/// One node's verdict in words.
pub(in crate::scheduler) fn verdict(
    situation: &Situation<'_>,
    verdicts: &Verdicts<'_>,
    number: u32,
) -> NodeVerdict {
    let job = situation.versions.get(&verdicts.version).unwrap_or(&situation.job);
    let node = &situation.cluster.nodes[number as usize];
    let judgement = verdicts.judgements.of(number);
    let nothing = Group::default();
    let group = job.group(&verdicts.group).unwrap_or(&nothing);
    let scene = Scene { draft: &verdicts.draft, job, group, node, number };
    let score = judgement.score;
    NodeVerdict {
        node_id: node.id.clone(),
        node_name: node.name.clone(),
        datacenter: node.datacenter.clone(),
        outcome: match outcome(judgement) {
            // Nobody asks a system job to run on every node there is.
            Outcome::Filtered if job.is_system() => Outcome::NotTargeted,
            outcome => outcome,
        },
        failures: judgement.reasons.iter().map(|reason| failure(&scene, reason)).collect(),
        score: score.map(crate::scheduler::rank::Score::mean),
        scores: score
            .map(|s| s.parts().into_iter().map(|(n, v)| (n.to_owned(), v)).collect())
            .unwrap_or_default(),
        placed: Vec::new(),
    }
}

pub(super) fn failure(scene: &Scene<'_>, reason: &Reason) -> Failure {
    let mut failure = match reason {
        Reason::Status
        | Reason::Drain
        | Reason::Eligibility
        | Reason::Datacenter
        | Reason::Pool => candidate(scene, reason),
        Reason::Constraint(reference) => constraint(scene, *reference),
        Reason::Driver { task } => driver(scene, *task),
        Reason::Secret { task, secret } => secrets_provider(scene, *task, *secret),
        Reason::VolumeMissing { volume, index } | Reason::VolumeReadOnly { volume, index } => {
            host_volume(scene, *volume, index.unwrap_or(0))
        }
        Reason::Device { task, request } => device(scene, *task, *request, None),
        Reason::DeviceAssign { task, request, problem } => {
            device(scene, *task, *request, Some(*problem))
        }
        Reason::Csi { source, problem, .. } => csi(scene, source, problem),
        Reason::DistinctHosts => distinct_hosts(scene),
        Reason::DistinctPropertyMissing(c) | Reason::DistinctPropertyInvalid(c) => {
            distinct_property(scene, *c, None)
        }
        Reason::DistinctPropertyUsed { constraint, value, used } => {
            distinct_property(scene, *constraint, Some((value, *used)))
        }
        Reason::Cores { task, asked, free } => cores(scene, *task, *asked, *free),
        Reason::MaxAllocs { most, held } => allocations(scene, *most, *held),
        Reason::Cpu { asked, missing } => amount(scene, Check::Cpu, *asked, *missing),
        Reason::Memory { asked, missing } => amount(scene, Check::Memory, *asked, *missing),
        Reason::Disk { asked, missing } => amount(scene, Check::Disk, *asked, *missing),
        Reason::NetworkMode
        | Reason::HostNetworkTemplate { .. }
        | Reason::HostNetworkMissing { .. }
        | Reason::PortTaken { .. }
        | Reason::PortRange { .. }
        | Reason::NoAddress { .. }
        | Reason::NoDynamicPort { .. }
        | Reason::NoNetwork { .. }
        | Reason::Bandwidth { .. } => explain_ports::network(scene, reason),
    };
    failure.key = reason.key(scene.job, scene.group, &scene.node.id);
    failure
}

fn candidate(scene: &Scene<'_>, reason: &Reason) -> Failure {
    let node = scene.node;
    let name = &node.name;
    let (check, required, actual, message) = match reason {
        Reason::Drain => (
            Check::Drain,
            "not draining".to_owned(),
            "draining".to_owned(),
            format!("{name} is draining"),
        ),
        Reason::Eligibility => (
            Check::Eligibility,
            "eligible".to_owned(),
            node.eligibility.clone(),
            format!("{name} is marked ineligible for new allocations"),
        ),
        Reason::Datacenter => {
            let wanted = scene.job.datacenters.join(", ");
            let message = format!("the job runs in {wanted}; {name} is in {}", node.datacenter);
            (Check::Datacenter, wanted, node.datacenter.clone(), message)
        }
        Reason::Pool => {
            let wanted = scene.job.pool.clone();
            let message = format!("the job runs in node pool {wanted}; {name} is in {}", node.pool);
            (Check::NodePool, wanted, node.pool.clone(), message)
        }
        _ => (
            Check::Status,
            "ready".to_owned(),
            node.status.clone(),
            format!("{name} is {}", node.status),
        ),
    };
    Failure { check, subject: name.clone(), required, actual, message, ..Failure::default() }
}

fn constraint(scene: &Scene<'_>, reference: ConstraintRef) -> Failure {
    let Some(constraint) = reference.get(scene.job, scene.group) else { return Failure::default() };
    let symbols = &scene.draft.cluster.symbols;
    let subject = bare(&constraint.left_text);
    let actual = constraint.left.resolve(scene.node, symbols);
    let required = required(constraint);
    let there = actual.map_or_else(|| "not set".to_owned(), quote);
    Failure {
        check: Check::Constraint,
        message: format!(
            "{} wants {subject} {required}; on {} it is {there}",
            level(scene, reference),
            scene.node.name
        ),
        subject,
        required,
        actual: actual.unwrap_or("not set").to_owned(),
        ..Failure::default()
    }
}

pub(super) fn required(constraint: &Constraint) -> String {
    match constraint.operand {
        Operand::IsSet => "set".to_owned(),
        Operand::IsNotSet => "not set".to_owned(),
        Operand::Equal => format!("= {}", constraint.right_text),
        _ => format!("{} {}", constraint.operand_text, constraint.right_text),
    }
}

fn level(scene: &Scene<'_>, reference: ConstraintRef) -> String {
    match reference {
        ConstraintRef::Job(_) => "the job".to_owned(),
        ConstraintRef::Group(_) => format!("group {}", scene.group.name),
        ConstraintRef::Task(t, _) => {
            format!("task {}", scene.group.tasks.get(t).map_or("", |t| &t.name))
        }
    }
}

/// `${attr.kernel.name}` as `attr.kernel.name`.
pub(super) fn bare(target: &str) -> String {
    target.trim_start_matches("${").trim_end_matches('}').to_owned()
}

fn driver(scene: &Scene<'_>, task: usize) -> Failure {
    let Some(task) = scene.group.tasks.get(task) else { return Failure::default() };
    let found = scene.node.drivers.get(&task.driver);
    let actual = match found {
        Some(driver) if driver.detected && !driver.description.is_empty() => {
            format!("unhealthy: {}", driver.description)
        }
        Some(driver) if driver.detected => "unhealthy".to_owned(),
        _ => "missing".to_owned(),
    };
    Failure {
        check: Check::Driver,
        subject: task.driver.clone(),
        required: task.driver.clone(),
        message: format!(
            "task {} needs driver {}; on {} it is {actual}",
            task.name, task.driver, scene.node.name
        ),
        actual,
        ..Failure::default()
    }
}

fn secrets_provider(scene: &Scene<'_>, task: usize, secret: usize) -> Failure {
    let Some(task) = scene.group.tasks.get(task) else { return Failure::default() };
    let provider = task.secret_providers.get(secret).map_or("", String::as_str);
    Failure {
        check: Check::SecretsProvider,
        subject: provider.to_owned(),
        required: provider.to_owned(),
        actual: "missing".to_owned(),
        message: format!(
            "task {} needs secrets provider {provider}; on {} it is missing",
            task.name, scene.node.name
        ),
        ..Failure::default()
    }
}

fn host_volume(scene: &Scene<'_>, volume: usize, index: u64) -> Failure {
    let Some(ask) = scene.group.volumes.get(volume) else { return Failure::default() };
    let node = &scene.node.name;
    let source = &ask.id(index);
    let (required, actual, message) = if scene.node.volumes.contains_key(source) {
        (
            format!("{source}, writable"),
            "read-only".to_owned(),
            format!(
                "host volume {source} on {node} is read-only; volume {} writes to it",
                ask.name
            ),
        )
    } else {
        let there: Vec<&str> = scene.node.volumes.keys().map(String::as_str).collect();
        let actual = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
        let message = format!("{node} has no host volume {source} (it has: {actual})");
        (source.clone(), actual, message)
    };
    Failure {
        check: Check::HostVolume,
        subject: source.clone(),
        required,
        actual,
        message,
        ..Failure::default()
    }
}

fn csi(scene: &Scene<'_>, source: &str, problem: &CsiProblem) -> Failure {
    let (required, actual) = match problem {
        CsiProblem::NoVolume => (format!("CSI volume {source}"), "no such volume".to_owned()),
        CsiProblem::NoPlugin(p) => (format!("CSI plugin {p}"), "missing".to_owned()),
        CsiProblem::UnhealthyPlugin(p) => (format!("CSI plugin {p}"), "unhealthy".to_owned()),
        CsiProblem::FullPlugin(p) => (format!("a volume of CSI plugin {p}"), "full".to_owned()),
        CsiProblem::Topology => (format!("CSI volume {source}"), "out of reach".to_owned()),
        CsiProblem::NotReadable => ("a reader claim".to_owned(), "unschedulable".to_owned()),
        CsiProblem::NotWritable => ("a writer claim".to_owned(), "read-only".to_owned()),
        CsiProblem::NoWriterLeft => ("a writer claim".to_owned(), "claimed".to_owned()),
    };
    Failure {
        check: Check::CsiVolume,
        subject: source.to_owned(),
        message: format!("{} cannot offer {required}: {actual}", scene.node.name),
        required,
        actual,
        ..Failure::default()
    }
}

fn device(
    scene: &Scene<'_>,
    task: usize,
    request: usize,
    problem: Option<DeviceProblem>,
) -> Failure {
    let Some(task) = scene.group.tasks.get(task) else { return Failure::default() };
    let Some(ask) = task.devices.get(request) else { return Failure::default() };
    let there: Vec<String> = scene
        .node
        .devices
        .iter()
        .map(|d| {
            let healthy = d.instances.iter().filter(|(_, healthy)| *healthy).count();
            format!("{healthy} {}/{}/{}", d.vendor, d.kind, d.name)
        })
        .collect();
    let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
    let actual = if problem == Some(DeviceProblem::NoMatch) {
        format!("in use or unsuitable ({there})")
    } else {
        there
    };
    Failure {
        check: Check::Device,
        subject: ask.name.clone(),
        required: format!("{} {}", ask.count, ask.name),
        message: format!(
            "task {} needs {} {}; {} has {actual}",
            task.name, ask.count, ask.name, scene.node.name
        ),
        actual,
        ..Failure::default()
    }
}

fn allocation(id: &str, name: &str) -> Holder {
    Holder { kind: "allocation".to_owned(), id: id.to_owned(), name: name.to_owned() }
}

fn distinct_hosts(scene: &Scene<'_>) -> Failure {
    let draft = scene.draft;
    let of_job = |operand: &Constraint| operand.operand == Operand::DistinctHosts;
    let whole_job = scene.job.constraints.iter().any(of_job);
    let in_way = |group: &str| whole_job || group == scene.group.name;
    let mut holders: Vec<Holder> = draft
        .own_on(scene.number)
        .filter(|a| in_way(&a.common.group))
        .map(|a| allocation(&a.id, &a.name))
        .collect();
    let placed = draft.placed_on(scene.number).filter(|(_, p)| in_way(&p.group));
    holders.extend(placed.map(|(_, p)| allocation("", &p.name)));
    let names: Vec<&str> = holders.iter().map(|h| h.name.as_str()).collect();
    Failure {
        check: Check::DistinctHosts,
        subject: "distinct_hosts".to_owned(),
        required: "one allocation a node".to_owned(),
        actual: names.join(", "),
        message: format!("{} already runs {}", scene.node.name, names.join(", ")),
        holders,
        ..Failure::default()
    }
}

fn distinct_property(
    scene: &Scene<'_>,
    reference: ConstraintRef,
    used: Option<(&String, i64)>,
) -> Failure {
    let Some(constraint) = reference.get(scene.job, scene.group) else { return Failure::default() };
    let subject = bare(&constraint.left_text);
    let limit = if constraint.right_text.is_empty() { "1" } else { constraint.right_text.as_str() };
    let mut holders = Vec::new();
    let (actual, message) = match used {
        Some((value, used)) => {
            holders = sharers(scene, reference, constraint, value);
            let names: Vec<&str> = holders.iter().map(|h| h.name.as_str()).collect();
            let names = names.join(", ");
            let message = format!(
                "{used} allocations already use {subject} = {value} ({names}); at most {limit} may"
            );
            (format!("{used} on {value}"), message)
        }
        None => ("not set".to_owned(), format!("{} has no usable {subject}", scene.node.name)),
    };
    Failure {
        check: Check::DistinctProperty,
        subject,
        required: format!("at most {limit} a value"),
        actual,
        message,
        holders,
        ..Failure::default()
    }
}

/// The job's allocations on nodes with a value of a property.
fn sharers(
    scene: &Scene<'_>,
    reference: ConstraintRef,
    constraint: &Constraint,
    value: &str,
) -> Vec<Holder> {
    let draft = scene.draft;
    let cluster = draft.cluster;
    let whole_job = matches!(reference, ConstraintRef::Job(_));
    let here = |node: u32, group: &str| {
        let found = constraint.left.resolve(&cluster.nodes[node as usize], &cluster.symbols);
        found == Some(value) && (whole_job || group == scene.group.name)
    };
    let own = cluster.allocs_of(scene.job.key).iter().filter(|n| !draft.is_stopped(**n));
    let own = own.map(|n| &cluster.allocs[*n as usize]).filter(|a| !a.is_terminal());
    let own = own.filter(|a| a.node.is_some_and(|node| here(node, &a.common.group)));
    let placed = draft.placed.iter().filter(|p| here(p.node, &p.group));
    own.map(|a| allocation(&a.id, &a.name)).chain(placed.map(|p| allocation("", &p.name))).collect()
}

fn cores(scene: &Scene<'_>, task: usize, asked: i64, free: i64) -> Failure {
    let name = scene.group.tasks.get(task).map_or("", |t| t.name.as_str());
    Failure {
        check: Check::Cores,
        subject: name.to_owned(),
        required: format!("{asked} cores"),
        actual: format!("{free} free of {}", scene.node.cores.len()),
        shortfall: Some(asked - free),
        message: format!("task {name} needs {asked} cores; {} has {free} free", scene.node.name),
        ..Failure::default()
    }
}

fn allocations(scene: &Scene<'_>, most: i64, held: i64) -> Failure {
    let existing = scene.draft.holding(scene.number).map(|(_, a)| allocation(&a.id, &a.name));
    let placed = scene.draft.placed_on(scene.number).map(|(_, p)| allocation("", &p.name));
    Failure {
        check: Check::Allocations,
        required: format!("fewer than {most} allocations"),
        actual: held.to_string(),
        shortfall: Some(held + 1 - most),
        message: format!("{} takes {most} allocations at most and has {held}", scene.node.name),
        holders: existing.chain(placed).collect(),
        ..Failure::default()
    }
}

/// Cpu, memory or disk: what is free, and the largest users.
fn amount(scene: &Scene<'_>, check: Check, asked: i64, missing: i64) -> Failure {
    let pick = |usage: crate::model::Usage| match check {
        Check::Cpu => usage.cpu,
        Check::Memory => usage.memory,
        _ => usage.disk,
    };
    let (subject, unit) = match check {
        Check::Cpu => ("cpu", "MHz"),
        Check::Memory => ("memory", "MB"),
        _ => ("disk", "MB"),
    };
    let total = pick(scene.node.capacity);
    let free = asked - missing;
    let mut users: Vec<(i64, Holder)> = scene
        .draft
        .holding(scene.number)
        .map(|(_, a)| (pick(a.common.usage), allocation(&a.id, &a.name)))
        .collect();
    let placed = scene.draft.placed_on(scene.number);
    users.extend(placed.map(|(_, p)| (pick(p.usage), allocation("", &p.name))));
    users.retain(|(amount, _)| *amount > 0);
    users.sort_by(|a, b| (b.0, &a.1.name, &a.1.id).cmp(&(a.0, &b.1.name, &b.1.id)));
    let held: Vec<String> =
        users.iter().take(3).map(|(n, holder)| format!("{} {n} {unit}", holder.name)).collect();
    let by = if held.is_empty() { String::new() } else { format!("; held by {}", held.join(", ")) };
    Failure {
        check,
        subject: subject.to_owned(),
        required: format!("{asked} {unit}"),
        actual: format!("{free} {unit} free of {total} {unit}"),
        shortfall: Some(missing),
        message: format!(
            "{subject}: {asked} {unit} needed, {free} of {total} {unit} free on {}: {missing} {unit} short{by}",
            scene.node.name
        ),
        holders: users.into_iter().map(|(_, holder)| holder).collect(),
        ..Failure::default()
    }
}
