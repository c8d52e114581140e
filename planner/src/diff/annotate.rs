//! What a difference forces: the notes Nomad writes beside it.
//!
//! For tasks it is Nomad's guess from the kind of field; the counts of each group are the reconciler's own.

use crate::Map;
use crate::api::{DesiredUpdates, DiffKind, JobDiff, TaskDiff, TaskGroupDiff};

/// Adds the counts of each group and what each change forces.
pub fn annotate(diff: &mut JobDiff, desired: &Map<DesiredUpdates>) {
    for group in &mut diff.task_groups {
        if let Some(updates) = desired.get(&group.name) {
            group.updates = counts(updates);
        }
        annotate_count(group);
        let parent = group.kind;
        for task in &mut group.tasks {
            annotate_task(task, parent);
        }
    }
}

fn counts(updates: &DesiredUpdates) -> Map<u64> {
    [
        ("ignore", updates.ignore),
        ("create", updates.place),
        ("destroy", updates.stop),
        ("migrate", updates.migrate),
        ("in-place update", updates.in_place_update),
        ("create/destroy update", updates.destructive_update),
        ("canary", updates.canary),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(name, count)| (name.to_owned(), count))
    .collect()
}

fn annotate_count(group: &mut TaskGroupDiff) {
    for field in group.fields.iter_mut().filter(|f| f.name == "Count") {
        let count = |text: &str| text.parse::<i64>().unwrap_or_default();
        let note = match count(&field.old).cmp(&count(&field.new)) {
            std::cmp::Ordering::Less => "forces create",
            std::cmp::Ordering::Greater => "forces destroy",
            std::cmp::Ordering::Equal => continue,
        };
        field.annotations.push(note.to_owned());
    }
}

fn annotate_task(task: &mut TaskDiff, parent: DiffKind) {
    let whole_group = matches!(parent, DiffKind::Added | DiffKind::Deleted);
    let note = match task.kind {
        DiffKind::None => return,
        DiffKind::Added if whole_group => "forces create",
        DiffKind::Deleted if whole_group => "forces destroy",
        DiffKind::Added | DiffKind::Deleted | DiffKind::Edited => {
            let in_place = ["LogConfig", "Service", "Constraint"];
            let destructive = task.fields.iter().any(|f| f.name != "KillTimeout")
                || task.objects.iter().any(|o| !in_place.contains(&o.name.as_str()));
            if destructive { "forces create/destroy update" } else { "forces in-place update" }
        }
    };
    task.annotations.push(note.to_owned());
}
