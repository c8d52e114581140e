//! Names between `${` and `}` that look like Nomad's and are not: what a node does not know stays as it is written.
//!
//! Other names are left alone: a shell may have a use for `${HOME}`.

use serde_json::Value as Json;

use super::ports;
use crate::api::{Affinity, Constraint, Spread, Task, TaskGroup};
use crate::jobspec::runtime;
use crate::jobspec::{is_slip, nearest};
use crate::validate::{Report, inside};

/// Other words for the roots of names, and the right ones.
const ROOTS: &[(&str, &str)] = &[
    ("attribute.", "attr."),
    ("attributes.", "attr."),
    ("attrs.", "attr."),
    ("node.attr.", "attr."),
    ("node.attributes.", "attr."),
    ("node.meta.", "meta."),
    ("client.meta.", "meta."),
    ("metadata.", "meta."),
    ("nomad.meta.", "meta."),
];

/// Other words for names, and the right ones.
const WORDS: &[(&str, &str)] = &[
    ("node.name", "node.unique.name"),
    ("node.id", "node.unique.id"),
    ("node.dc", "node.datacenter"),
    ("node.node_pool", "node.pool"),
    ("node.hostname", "attr.unique.hostname"),
    ("node.ip", "attr.unique.network.ip-address"),
    ("node.address", "attr.unique.network.ip-address"),
    ("attr.hostname", "attr.unique.hostname"),
    ("attr.arch", "attr.cpu.arch"),
    ("attr.os", "attr.os.name"),
    ("attr.kernel", "attr.kernel.name"),
    ("NOMAD_TASK", "NOMAD_TASK_NAME"),
    ("NOMAD_JOB", "NOMAD_JOB_NAME"),
    ("NOMAD_GROUP", "NOMAD_GROUP_NAME"),
    ("NOMAD_ALLOC", "NOMAD_ALLOC_ID"),
    ("NOMAD_DATACENTER", "NOMAD_DC"),
    ("NOMAD_MEMORY", "NOMAD_MEMORY_LIMIT"),
    ("NOMAD_CPU", "NOMAD_CPU_LIMIT"),
];

/// Names of Terraform, and what a job file has instead.
const TERRAFORM: &[(&str, &str)] = &[
    (
        "each.",
        "a dynamic block names its value after itself: write template.value in dynamic \"template\"",
    ),
    ("count.index", "write ${NOMAD_ALLOC_INDEX}"),
    ("data.", "pass the value in as a variable: var.name"),
    ("module.", "pass the value in as a variable: var.name"),
    ("terraform.", "pass the value in as a variable: var.name"),
    ("self.", "write the value itself, or var.name"),
    ("path.", "write a path beside the job file"),
    ("vars.", "write var.name"),
    ("variable.", "write var.name"),
    ("locals.", "write local.name"),
];

/// Beginnings of names whose rest depends on what else a node or job has.
const FAMILIES: [&str; 6] = [
    "NOMAD_META_",
    "NOMAD_UPSTREAM_",
    "NOMAD_ENVOY_",
    "NOMAD_SIDECAR_",
    "NOMAD_GATEWAY_",
    "NOMAD_HOST_",
];

/// What conditions look at.
pub(super) fn targets(
    constraints: &[Constraint],
    affinities: &[Affinity],
    spreads: &[Spread],
    path: &str,
    report: &mut Report<'_>,
) {
    for (at, one) in constraints.iter().enumerate() {
        let place = inside(path, &format!("constraint[{at}].attribute"));
        if !matches!(one.operand.as_str(), "distinct_hosts" | "distinct_property") {
            target(&one.l_target, &one.r_target, &place, report);
        } else {
            text(&one.l_target, None, &place, report);
        }
    }
    for (at, one) in affinities.iter().enumerate() {
        target(
            &one.l_target,
            &one.r_target,
            &inside(path, &format!("affinity[{at}].attribute")),
            report,
        );
    }
    for (at, one) in spreads.iter().enumerate() {
        target(&one.attribute, "${", &inside(path, &format!("spread[{at}].attribute")), report);
    }
}

/// The left side of a condition: a property of the node, and no plain text.
fn target(left: &str, right: &str, place: &str, report: &mut Report<'_>) {
    if left.contains("${") {
        text(left, None, place, report);
        return;
    }
    if left.is_empty() || right.is_empty() || (right.contains("${") && right != "${") {
        return;
    }
    let message = format!("{left} is compared as this text, not as a property of the node");
    report.warning(place, "plain-attribute", message);
    let rooted = ["attr.", "meta.", "node.", "device."].iter().any(|root| left.starts_with(root));
    let bare = left.trim_start_matches('$').trim_matches(['{', '}']);
    report.hint(match (rooted, right_word(bare)) {
        (_, Some(word)) => format!("write attribute = \"${{{word}}}\""),
        (true, None) => format!("write attribute = \"${{{bare}}}\""),
        (false, None) => format!("write attribute = \"${{attr.{bare}}}\", or \"${{meta.{bare}}}\""),
    });
}

/// What a task is given: its environment, options and arguments.
pub(super) fn texts(task: &Task, group: &TaskGroup, path: &str, report: &mut Report<'_>) {
    let known = Some((task, group));
    for (name, value) in &task.env {
        text(value, known, &inside(path, &format!("env.{name}")), report);
    }
    for (name, value) in &task.config {
        json(value, known, &inside(path, &format!("config.{name}")), report);
    }
    for (at, template) in task.templates.iter().enumerate() {
        let destination = template.dest_path.as_deref().unwrap_or_default();
        text(destination, known, &inside(path, &format!("template[{at}].destination")), report);
    }
    for (at, artifact) in task.artifacts.iter().enumerate() {
        let source = artifact.getter_source.as_deref().unwrap_or_default();
        text(source, known, &inside(path, &format!("artifact[{at}].source")), report);
    }
}

fn json(value: &Json, known: Option<(&Task, &TaskGroup)>, place: &str, report: &mut Report<'_>) {
    match value {
        Json::String(string) => text(string, known, place, report),
        Json::Array(items) => items.iter().for_each(|item| json(item, known, place, report)),
        Json::Object(entries) => entries.values().for_each(|item| json(item, known, place, report)),
        _ => {}
    }
}

fn text(text: &str, known: Option<(&Task, &TaskGroup)>, place: &str, report: &mut Report<'_>) {
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let inner = &rest[start + 2..];
        let Some(end) = inner.find('}') else { return };
        name(inner[..end].trim(), known, place, report);
        rest = &inner[end + 1..];
    }
}

fn name(name: &str, known: Option<(&Task, &TaskGroup)>, place: &str, report: &mut Report<'_>) {
    if let Some((_, hint)) = TERRAFORM.iter().find(|(root, _)| name.starts_with(root)) {
        let message = format!("{name} is no name of a job file: it stays as it is written");
        report.warning(place, "unknown-name", message);
        report.hint(*hint);
        return;
    }
    let right = match (right_word(name), known) {
        (Some(right), _) => Some(right),
        (None, Some((task, group))) if name.starts_with("NOMAD_") => of_task(name, task, group),
        (None, _) => near(name),
    };
    let Some(right) = right else { return };
    let message = match known {
        Some(_) => format!("{name} is no name that Nomad knows: it stays as it is written"),
        None => format!("{name} is no property of a node: the condition never holds"),
    };
    report.warning(place, "unknown-name", message);
    report.hint(match right.as_str() {
        "" => "NOMAD_ALLOC_ID, NOMAD_TASK_DIR and NOMAD_PORT_label are such names".to_owned(),
        right => format!("write ${{{right}}}"),
    });
}

/// The right name for a usual other one.
fn right_word(name: &str) -> Option<String> {
    if let Some((_, right)) = WORDS.iter().find(|(wrong, _)| *wrong == name) {
        return Some((*right).to_owned());
    }
    let (wrong, right) = ROOTS.iter().find(|(wrong, _)| name.starts_with(wrong))?;
    Some(format!("{right}{}", &name[wrong.len()..]))
}

/// The known name of a node that this one is a slip of.
fn near(name: &str) -> Option<String> {
    let slip = |known: &str| known != name && is_slip(name, known);
    if let Some(found) = runtime::NODE.iter().find(|known| slip(known)) {
        return Some((*found).to_owned());
    }
    let inner = name.strip_prefix("attr.")?;
    let known = runtime::ATTRIBUTES;
    if known.contains(&inner) {
        return None;
    }
    let found = known.iter().find(|known| is_slip(inner, known))?;
    Some(format!("attr.{found}"))
}

/// The name that a task knows for one that it does not; empty if nothing is near.
fn of_task(name: &str, task: &Task, group: &TaskGroup) -> Option<String> {
    let others = group.tasks.iter().flat_map(|task| task.env.keys()).chain(task.env.keys());
    if runtime::TASK.contains(&name)
        || FAMILIES
            .iter()
            .any(|family| name.starts_with(family) && !name.starts_with("NOMAD_HOST_"))
        || others.into_iter().any(|key| key == name)
    {
        return None;
    }
    let family = runtime::OF_PORT.iter().find(|family| name.starts_with(**family));
    let Some(family) = family else {
        return Some(nearest(name, runtime::TASK).unwrap_or_default().to_owned());
    };
    let label = &name[family.len()..];
    // The old form names the task, too: NOMAD_PORT_task_label.
    let of_other = |other: &Task| {
        let rest = label.strip_prefix(&other.name).and_then(|rest| rest.strip_prefix('_'));
        rest.is_some_and(|rest| ports(group, Some(other)).contains(&rest))
    };
    let labels = ports(group, Some(task));
    let folded = |known: &&str| known.replace(|c: char| !c.is_ascii_alphanumeric(), "_") == label;
    if labels.iter().any(folded) || group.tasks.iter().any(of_other) {
        return None;
    }
    match (nearest(label, labels.iter().copied()), labels.as_slice()) {
        (Some(near), _) => Some(format!("{family}{near}")),
        (None, [only]) => Some(format!("{family}{only}")),
        (None, _) => Some(String::new()),
    }
}
