//! Differences of whole jobs.

use serde_json::json;

use super::*;
use crate::api::{DesiredUpdates, DiffKind, Job};

fn job(value: serde_json::Value) -> Job {
    serde_json::from_value(value).unwrap()
}

fn web(env: serde_json::Value, templates: serde_json::Value) -> Job {
    job(json!({
        "ID": "web", "Name": "web", "Type": "service", "Datacenters": ["dc1", "dc2"],
        "TaskGroups": [{"Name": "web", "Count": 3, "Tasks": [{
            "Name": "t", "Driver": "docker", "Config": {"image": "img:1"},
            "Env": env, "Templates": templates}]}]
    }))
}

#[test]
fn a_job_is_equal_to_itself() {
    let one = web(json!({"A": "1"}), json!(null));
    let found = diff(Some(&one), Some(&one));
    assert_eq!(found.kind, DiffKind::None);
    assert!(found.fields.is_empty() && found.objects.is_empty());
    assert_eq!(found.task_groups[0].kind, DiffKind::None);
    assert_eq!(found.task_groups[0].tasks[0].kind, DiffKind::None);
}

#[test]
fn an_edit_of_the_environment_is_destructive_and_lists_only_what_changed() {
    let old = web(json!({"A": "1", "B": "1"}), json!(null));
    let new = web(json!({"A": "2", "B": "1"}), json!(null));
    let mut found = diff(Some(&old), Some(&new));
    let desired = DesiredUpdates { ignore: 2, destructive_update: 1, ..Default::default() };
    annotate(&mut found, &[("web".to_owned(), desired)].into());
    let group = &found.task_groups[0];
    assert_eq!(group.updates.keys().collect::<Vec<_>>(), ["create/destroy update", "ignore"]);
    let task = &group.tasks[0];
    let fields: Vec<_> =
        task.fields.iter().map(|f| (f.name.as_str(), f.old.as_str(), f.new.as_str())).collect();
    assert_eq!(fields, [("Env[A]", "1", "2")]);
    assert_eq!(task.annotations, ["forces create/destroy update"]);
}

#[test]
fn an_edited_template_is_one_added_and_one_deleted() {
    let old = web(json!({}), json!([{"EmbeddedTmpl": "a", "DestPath": "x"}]));
    let new = web(json!({}), json!([{"EmbeddedTmpl": "b", "DestPath": "x"}]));
    let found = diff(Some(&old), Some(&new));
    let kinds: Vec<_> =
        found.task_groups[0].tasks[0].objects.iter().map(|o| (o.name.as_str(), o.kind)).collect();
    assert_eq!(kinds, [("Template", DiffKind::Added), ("Template", DiffKind::Deleted)]);
}

#[test]
fn a_datacenter_that_goes_is_shown_beside_those_that_stay() {
    let old = web(json!({}), json!(null));
    let mut new = old.clone();
    new.datacenters.remove(0);
    let found = diff(Some(&old), Some(&new));
    assert_eq!(found.kind, DiffKind::Edited);
    assert_eq!(found.objects[0].kind, DiffKind::Deleted);
    let kinds: Vec<_> = found.objects[0].fields.iter().map(|f| (f.kind, f.old.as_str())).collect();
    assert_eq!(kinds, [(DiffKind::Deleted, "dc1"), (DiffKind::None, "dc2")]);
}

#[test]
fn a_new_job_is_all_added_and_an_old_one_all_deleted() {
    let one = web(json!({"A": "1"}), json!(null));
    let mut added = diff(None, Some(&one));
    annotate(&mut added, &Default::default());
    assert_eq!((added.kind, added.id.as_str()), (DiffKind::Added, "web"));
    assert_eq!(added.task_groups[0].fields[0].annotations, ["forces create"]);
    assert_eq!(added.task_groups[0].tasks[0].annotations, ["forces create"]);
    let deleted = diff(Some(&one), None);
    assert_eq!(deleted.task_groups[0].tasks[0].kind, DiffKind::Deleted);
}
