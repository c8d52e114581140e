//! Constraints that a job implies without writing them: Vault on the node, and the signals its tasks are sent.

use std::collections::BTreeSet;

use crate::api::{Constraint, Job, Task, Value};

/// Adds them to the groups that need them.
pub(super) fn constrain(job: &mut Job) {
    for group in &mut job.task_groups {
        let mut implied = Vec::new();
        let version = "${attr.vault.version}";
        let said = group.constraints.iter().any(|constraint| constraint.l_target == version);
        if !said && group.tasks.iter().any(|task| task.vault.is_some()) {
            implied.push(constraint(version, ">= 0.6.1", "semver"));
        }
        let signals: BTreeSet<String> = group.tasks.iter().flat_map(signals).collect();
        if !signals.is_empty() {
            let signals: Vec<String> = signals.into_iter().collect();
            implied.push(constraint("${attr.os.signals}", &signals.join(","), "set_contains"));
        }
        for wanted in implied {
            if !group.constraints.contains(&wanted) {
                group.constraints.push(wanted);
            }
        }
    }
}

fn constraint(attribute: &str, value: &str, operator: &str) -> Constraint {
    Constraint {
        l_target: attribute.to_owned(),
        r_target: value.to_owned(),
        operand: operator.to_owned(),
    }
}

fn signals(task: &Task) -> Vec<String> {
    let mut signals = Vec::new();
    if !task.kill_signal.is_empty() {
        signals.push(task.kill_signal.clone());
    }
    for template in
        task.templates.iter().filter(|template| template.change_mode.as_deref() == Some("signal"))
    {
        signals.extend(template.change_signal.clone());
    }
    let text =
        |key: &str| task.vault.as_ref().and_then(|vault| vault.get(key)).and_then(Value::as_str);
    if text("ChangeMode") == Some("signal") {
        signals.extend(text("ChangeSignal").map(str::to_owned));
    }
    signals.into_iter().filter(|signal| !signal.is_empty()).collect()
}
