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

/// Objects as lines: what is inside stands behind two spaces, fields that did not change are left out.
fn outline(objects: &[crate::api::ObjectDiff], depth: usize, lines: &mut Vec<String>) {
    for object in objects {
        let changed: Vec<String> = object
            .fields
            .iter()
            .filter(|field| field.kind != DiffKind::None)
            .map(|field| format!(" {}:{}>{}", field.name, field.old, field.new))
            .collect();
        let kind = format!("{:?}", object.kind).to_lowercase();
        lines.push(format!("{}{kind} {}{}", "  ".repeat(depth), object.name, changed.concat()));
        outline(&object.objects, depth + 1, lines);
    }
}

/// The objects that differ in a group of which one attribute has two values.
fn group(old: serde_json::Value, new: serde_json::Value) -> Vec<String> {
    let [old, new] = [old, new].map(|inside| {
        let mut group = json!({"Name": "g", "Count": 1});
        group.as_object_mut().unwrap().extend(inside.as_object().unwrap().clone());
        job(json!({"ID": "web", "TaskGroups": [group]}))
    });
    let mut lines = Vec::new();
    outline(&diff(Some(&old), Some(&new)).task_groups[0].objects, 0, &mut lines);
    lines
}

#[test]
fn what_is_not_shown_still_makes_a_service_edited() {
    let service = |args: &[&str]| {
        let check = json!({"Name": "c", "Type": "script", "Args": args});
        json!({"Services": [{"Name": "s", "Tags": ["a"], "Checks": [check]}]})
    };
    let found = group(service(&["x"]), service(&["y"]));
    assert_eq!(found, ["edited Service", "  none Tags", "  edited Check"]);
}

#[test]
fn name_servers_are_one_field() {
    let network = |servers: &[&str]| json!({"Networks": [{"DNS": {"Servers": servers}}]});
    let found = group(network(&["1.1.1.1"]), network(&["1.1.1.1", "8.8.8.8"]));
    assert_eq!(
        found,
        [
            "added Network MBits:>0",
            "  added DNS Servers:>1.1.1.1,8.8.8.8",
            "deleted Network MBits:0>",
            "  deleted DNS Servers:1.1.1.1>",
        ]
    );
}

#[test]
fn of_connect_each_part_has_its_own_name() {
    let service =
        |connect: serde_json::Value| json!({"Services": [{"Name": "s", "Connect": connect}]});
    let upstream = |port: i64| {
        let up = json!({"DestinationName": "db", "LocalBindPort": port});
        service(json!({"SidecarService": {"Proxy": {"Upstreams": [up]}}}))
    };
    assert_eq!(
        group(upstream(1), upstream(2)),
        [
            "edited Service",
            "  edited ConsulConnect",
            "    edited SidecarService",
            "      edited ConsulProxy",
            "        edited ConsulUpstreams LocalBindPort:1>2",
        ]
    );
    let gateway = |host: &str, timeout: i64| {
        let served = json!({"Name": "web", "Hosts": [host]});
        let listener = json!({"Port": 80, "Protocol": "http", "Services": [served]});
        service(json!({"Gateway": {
            "Proxy": {"ConnectTimeout": timeout},
            "Ingress": {"Listeners": [listener]},
        }}))
    };
    assert_eq!(
        group(gateway("a", 1_000_000_000), gateway("b", 5_000_000_000)),
        [
            "edited Service",
            "  edited ConsulConnect",
            "    edited Gateway",
            "      edited Proxy ConnectTimeout:1s>5s",
            "      edited Ingress",
            "        edited Listener",
            "          edited ConsulIngressService",
            "            edited Hosts Hosts:>b Hosts:a>",
        ]
    );
}

#[test]
fn a_block_that_gains_a_field_counts_as_added() {
    let policy = |function: &str| json!({"ReschedulePolicy": {"DelayFunction": function}});
    assert_eq!(
        group(policy(""), policy("constant")),
        ["added ReschedulePolicy DelayFunction:>constant"]
    );
}

#[test]
fn secrets_are_compared_by_name_and_their_memory_is_told() {
    let task = |secrets: serde_json::Value, mb: i64| {
        let task = json!({"Name": "t", "Driver": "docker", "Secrets": secrets,
            "Resources": {"CPU": 100, "MemoryMB": 100, "SecretsMB": mb}});
        job(json!({"ID": "web", "TaskGroups": [{"Name": "web", "Tasks": [task]}]}))
    };
    let secret = |name: &str, path: &str| json!({"Name": name, "Provider": "vault", "Path": path, "Config": {"engine": "kv"}, "Env": null});
    let old = task(json!([secret("a", "one"), secret("b", "one")]), 0);
    let new = task(json!([secret("b", "two"), secret("c", "one")]), 10);
    let found = diff(Some(&old), Some(&new));
    let objects = &found.task_groups[0].tasks[0].objects;
    let kinds: Vec<_> = objects.iter().map(|o| (o.name.as_str(), o.kind)).collect();
    let secret = |kind: DiffKind| ("Secret", kind);
    let (edited, added, deleted) = (DiffKind::Edited, DiffKind::Added, DiffKind::Deleted);
    assert_eq!(kinds, [("Resources", edited), secret(edited), secret(added), secret(deleted)]);
    let changed = |object: &crate::api::ObjectDiff| -> Vec<_> {
        let fields = object.fields.iter().filter(|field| field.kind != DiffKind::None);
        fields.map(|f| format!("{} {} {}", f.name, f.old, f.new)).collect()
    };
    assert_eq!(changed(&objects[0]), ["SecretsMB 0 10"]);
    assert_eq!(changed(&objects[1]), ["Path one two"]);
    let all = ["Config[engine]  kv", "Name  c", "Path  one", "Provider  vault"];
    assert_eq!(changed(&objects[2]), all);
    assert!(diff(Some(&old), Some(&old)).task_groups[0].tasks[0].objects.is_empty());
}
