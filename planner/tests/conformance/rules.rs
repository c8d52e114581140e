//! Where Nomad 1.1.2 has a defect that is not copied: each is one rule, with what may differ because of it.
//!
//! A rule looks at the case, never at its name; everything it does not mention is still compared.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use steppe_planner::api::{self, DiffKind, JobDiff};

use crate::input::Input;

/// The rules that apply to one case.
pub(crate) struct Rules {
    /// Groups whose scores Nomad gets wrong: nodes and scores of their placements may differ.
    pub(crate) misscored: BTreeSet<String>,
    /// With preemption on, Nomad counts nothing for a node that lacks ports or devices.
    pub(crate) silent_preemption: bool,
}

impl Rules {
    /// Looks at the job and at what Nomad's run did.
    pub(crate) fn of(input: &Input, run: &Json) -> Rules {
        let mut misscored = BTreeSet::new();
        for group in &input.job.task_groups {
            let spread = !group.spreads.is_empty() || !input.job.spreads.is_empty();
            let misspread = spread_weights_add_up_over_groups(&input.job, group)
                || in_place_updates_count_twice(run, group);
            let wrong = spread && misspread
                || waiting_allocations_count_as_placed(run, group)
                || equal_dynamic_ports_in_one_ask(group, input);
            if wrong {
                misscored.insert(group.name.clone());
            }
        }
        let config = input.document.scheduler_config.clone().unwrap_or_default();
        let preemption = config.preemption_config;
        let silent_preemption = match input.job.kind.as_deref() {
            Some("system") => preemption.system_scheduler_enabled,
            Some("batch") => preemption.batch_scheduler_enabled,
            _ => preemption.service_scheduler_enabled,
        };
        Rules { misscored, silent_preemption }
    }
}

/// The sum of spread weights grows from group to group within one evaluation, and an attribute named by
/// both job and group is weighed twice.
fn spread_weights_add_up_over_groups(job: &api::Job, group: &api::TaskGroup) -> bool {
    let others = job
        .task_groups
        .iter()
        .any(|g| g.name != group.name && (!g.spreads.is_empty() || !job.spreads.is_empty()));
    let doubled =
        job.spreads.iter().any(|a| group.spreads.iter().any(|b| a.attribute == b.attribute));
    others || doubled
}

/// Allocations updated in place are counted as existing and as placed when values are spread.
fn in_place_updates_count_twice(run: &Json, group: &api::TaskGroup) -> bool {
    mentions(&run["inplace"], group)
}

/// A failed allocation that waits for its rescheduling is counted as placed by the anti-affinity.
fn waiting_allocations_count_as_placed(run: &Json, group: &api::TaskGroup) -> bool {
    mentions(&run["followup_marks"], group)
}

fn mentions(list: &Json, group: &api::TaskGroup) -> bool {
    let part = format!(".{}[", group.name);
    let mut names = list.as_array().into_iter().flatten().filter_map(|e| e["name"].as_str());
    names.any(|name| name.contains(&part))
}

/// Two dynamic ports of one ask may get the same number where a single port is left.
fn equal_dynamic_ports_in_one_ask(group: &api::TaskGroup, input: &Input) -> bool {
    let several = group.networks.iter().any(|n| n.dynamic_ports.len() > 1);
    let nearly_full = |node: &api::Node| {
        let reserved = node.reserved_resources.as_ref().map(|r| &r.networks.reserved_host_ports);
        reserved.is_some_and(|ports| ports == "20000-31999")
    };
    several && input.document.nodes.iter().any(nearly_full)
}

/// A constraint that has filtered a node keeps its own text, and by that text alone its group then counts as edited.
/// Marks such groups in `found`: unchanged, not one line in Nomad's difference, and with something to keep a text.
pub(crate) fn remembered_text_edits_groups(job: &api::Job, wanted: &Json, found: &mut JobDiff) {
    let Ok(wanted) = serde_json::from_value::<JobDiff>(wanted.clone()) else { return };
    for group in found.task_groups.iter_mut().filter(|g| g.kind == DiffKind::None) {
        let nomads = wanted.task_groups.iter().find(|g| g.name == group.name);
        let unlisted = nomads.is_some_and(|g| {
            g.kind == DiffKind::Edited
                && g.fields.iter().all(|f| f.kind == DiffKind::None)
                && g.objects.iter().all(|o| o.kind == DiffKind::None)
                && g.tasks.iter().all(|t| t.kind == DiffKind::None)
        });
        let asked = job.task_groups.iter().find(|g| g.name == group.name);
        if unlisted && asked.is_some_and(has_conditions) {
            group.kind = DiffKind::Edited;
        }
    }
}

fn has_conditions(group: &api::TaskGroup) -> bool {
    let tasks = &group.tasks;
    !(group.constraints.is_empty() && group.affinities.is_empty())
        || tasks.iter().any(|t| !(t.constraints.is_empty() && t.affinities.is_empty()))
}
