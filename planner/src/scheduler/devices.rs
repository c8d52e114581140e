//! Which device instances an allocation gets.

use std::cmp::Ordering;

use super::draft::Draft;
use super::feasible::{Ask, Report};
use super::fit::{DeviceGrant, Grant};
use super::reason::{DeviceProblem, Reason};
use crate::model::{DeviceAsk, DeviceCondition, DeviceGroup, Operand, Quantity};

/// True if a device group is of the kind asked for and keeps the conditions.
pub fn matches(device: &DeviceGroup, ask: &DeviceAsk) -> bool {
    let mut parts = ask.name.splitn(3, '/');
    let kind = match (parts.next(), parts.next(), parts.next()) {
        (Some(kind), None, None) => kind == device.kind,
        (Some(vendor), Some(kind), None) => vendor == device.vendor && kind == device.kind,
        (Some(vendor), Some(kind), Some(name)) => {
            vendor == device.vendor && kind == device.kind && name == device.name
        }
        _ => false,
    };
    kind && ask.constraints.iter().all(|c| holds(c, device))
}

fn resolve(text: &str, device: &DeviceGroup) -> Option<Quantity> {
    let Some(inner) = text.strip_prefix("${").and_then(|t| t.strip_suffix('}')) else {
        return Some(Quantity::parse(text));
    };
    match inner {
        "device.model" => Some(Quantity::Text(device.name.clone())),
        "device.vendor" => Some(Quantity::Text(device.vendor.clone())),
        "device.type" => Some(Quantity::Text(device.kind.clone())),
        _ => device.attributes.get(inner.strip_prefix("device.attr.")?).cloned(),
    }
}

fn holds(condition: &DeviceCondition, device: &DeviceGroup) -> bool {
    let left = resolve(&condition.left, device);
    let right = resolve(&condition.right, device);
    let (left, right) = match (condition.operand, left, right) {
        (Operand::IsSet, left, _) => return left.is_some(),
        (Operand::IsNotSet, left, _) => return left.is_none(),
        (Operand::NotEqual, None, None) => return false,
        (Operand::NotEqual, None, _) | (Operand::NotEqual, _, None) => return true,
        (_, Some(left), Some(right)) => (left, right),
        _ => return false,
    };
    let order = left.compare(&right);
    match condition.operand {
        Operand::Equal => order == Some(Ordering::Equal),
        Operand::NotEqual => order.is_some_and(Ordering::is_ne),
        Operand::Less => order == Some(Ordering::Less),
        Operand::LessEqual => order.is_some_and(Ordering::is_le),
        Operand::Greater => order == Some(Ordering::Greater),
        Operand::GreaterEqual => order.is_some_and(Ordering::is_ge),
        other => text_holds(other, &left, &right),
    }
}

/// The operands for texts; a version may be a whole number too.
fn text_holds(operand: Operand, left: &Quantity, right: &Quantity) -> bool {
    use crate::model::Pattern;
    let number = left.whole().filter(|_| matches!(operand, Operand::Version | Operand::Semver));
    let number = number.map(|n| n.to_string());
    let (Some(left), Some(right)) = (left.text().or(number.as_deref()), right.text()) else {
        return false;
    };
    let has = |item: &str| left.split(',').any(|l| l.trim() == item.trim());
    match operand {
        Operand::SetContainsAll => right.split(',').all(has),
        Operand::SetContainsAny => right.split(',').any(has),
        _ => match Pattern::new(operand, right) {
            Pattern::Regexp(regexp) => regexp.is_some_and(|r| r.is_match(left)),
            Pattern::Range(range) => range.is_some_and(|r| r.matches(left)),
            Pattern::None => false,
        },
    }
}

/// Assigns every device request of a task.
pub(super) fn assign(
    ask: &Ask<'_>,
    task: usize,
    number: u32,
    draft: &Draft<'_>,
    grant: &mut Grant,
    report: Report<'_>,
) -> bool {
    for (request, wanted) in ask.group.tasks[task].devices.iter().enumerate() {
        if let Err(problem) = assign_one(task, wanted, number, draft, grant)
            && !report(Reason::DeviceAssign { task, request, problem })
        {
            return false;
        }
    }
    true
}

fn assign_one(
    task: usize,
    wanted: &DeviceAsk,
    number: u32,
    draft: &Draft<'_>,
    grant: &mut Grant,
) -> Result<(), DeviceProblem> {
    let node = &draft.cluster.nodes[number as usize];
    if node.devices.is_empty() {
        return Err(DeviceProblem::NoDevices);
    }
    if wanted.count == 0 {
        return Err(DeviceProblem::ZeroAsked);
    }
    let total: f64 = wanted.affinities.iter().map(|(_, w)| w.unsigned_abs() as f64).sum();
    let mut best: Option<(f64, f64, DeviceGrant)> = None;
    for device in node.devices.iter().filter(|d| matches(d, wanted)) {
        let free: Vec<String> = free_instances(device, number, draft, grant)
            .take(usize::try_from(wanted.count).unwrap_or(usize::MAX))
            .map(str::to_owned)
            .collect();
        if (free.len() as u64) < wanted.count {
            continue;
        }
        let matched: f64 = wanted
            .affinities
            .iter()
            .filter(|(c, _)| holds(c, device))
            .map(|(_, w)| *w as f64)
            .sum();
        let score = if total > 0.0 { matched / total } else { 0.0 };
        // Equal scores: the last one seen, as Nomad.
        if best.as_ref().is_none_or(|(b, _, _)| score >= *b) {
            let granted = DeviceGrant {
                task,
                vendor: device.vendor.clone(),
                kind: device.kind.clone(),
                name: device.name.clone(),
                instances: free,
            };
            best = Some((score, matched, granted));
        }
    }
    let (_, matched, granted) = best.ok_or(DeviceProblem::NoMatch)?;
    grant.devices.push(granted);
    if total > 0.0 {
        grant.device_weight += total;
        grant.device_match += matched;
    }
    Ok(())
}

/// Healthy instances that nobody holds, by ID.
pub(super) fn free_instances<'d>(
    device: &'d DeviceGroup,
    number: u32,
    draft: &'d Draft<'_>,
    grant: &'d Grant,
) -> impl Iterator<Item = &'d str> {
    let mut held: Vec<&str> = Vec::new();
    for (_, alloc) in draft.holding(number) {
        for used in &alloc.common.devices {
            if (&used.vendor, &used.kind, &used.name)
                == (&device.vendor, &device.kind, &device.name)
            {
                held.extend(used.instances.iter().map(String::as_str));
            }
        }
    }
    let planned = draft.placed_on(number).flat_map(|(_, p)| &p.grant.devices);
    for used in planned.chain(&grant.devices) {
        if (&used.vendor, &used.kind, &used.name) == (&device.vendor, &device.kind, &device.name) {
            held.extend(used.instances.iter().map(String::as_str));
        }
    }
    device
        .instances
        .iter()
        .filter(move |(id, healthy)| *healthy && !held.contains(&id.as_str()))
        .map(|(id, _)| id.as_str())
}
