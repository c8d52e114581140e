//! The tasks of a group.

use super::flat::{Flat, Listing, add_map, diff_fields, fields_of, flatten};
use super::job::{diff_affinities, diff_constraints};
use super::kind_of;
use super::network::diff_networks;
use super::objects::{diff_object, diff_object_with, diff_set, diff_texts, diff_value, pair, sort};
use super::service::diff_services;
use crate::api::{Artifact, ObjectDiff, RequestedDevice, Resources, Task, TaskDiff, Value};

const FIELDS: &[(&str, &str)] = &[
    ("Driver", ""),
    ("KillSignal", ""),
    ("KillTimeout", "0"),
    ("Kind", ""),
    ("Leader", "false"),
    ("ShutdownDelay", "0"),
    ("User", ""),
];

const RESOURCES: &[(&str, &str)] = &[
    ("CPU", "0"),
    ("Cores", "0"),
    ("DiskMB", "0"),
    ("IOPS", "0"),
    ("MemoryMB", "0"),
    ("MemoryMaxMB", "0"),
];

const VAULT: &[(&str, &str)] =
    &[("ChangeMode", "restart"), ("ChangeSignal", "SIGHUP"), ("Env", "true"), ("Namespace", "")];

const TEMPLATE: &[(&str, &str)] = &[
    ("ChangeMode", ""),
    ("ChangeSignal", ""),
    ("DestPath", ""),
    ("EmbeddedTmpl", ""),
    ("Envvars", "false"),
    ("LeftDelim", ""),
    ("Perms", ""),
    ("RightDelim", ""),
    ("SourcePath", ""),
    ("Splay", "0"),
    ("VaultGrace", "0"),
];

/// Pairs the tasks by name; every task is listed, an unchanged one with type `None`.
pub(super) fn diff_tasks(old: &[Task], new: &[Task]) -> Vec<TaskDiff> {
    pair(old, new, |t| t.name.as_str()).into_iter().map(|(o, n)| diff_task(o, n)).collect()
}

fn diff_task(old: Option<&Task>, new: Option<&Task>) -> TaskDiff {
    let empty = Task::default();
    TaskDiff {
        kind: kind_of(old, new),
        name: new.or(old).map(|t| t.name.clone()).unwrap_or_default(),
        fields: diff_fields(&fields(old), &fields(new), Listing::Changed),
        objects: objects(old.unwrap_or(&empty), new.unwrap_or(&empty)),
        annotations: Vec::new(),
    }
}

fn fields(task: Option<&Task>) -> Flat {
    let Some(task) = task else { return Flat::new() };
    let mut flat = fields_of(task, FIELDS);
    add_map(&mut flat, "Env", &task.env);
    add_map(&mut flat, "Meta", &task.meta);
    flat
}

fn objects(old: &Task, new: &Task) -> Vec<ObjectDiff> {
    let mut found = diff_constraints(&old.constraints, &new.constraints);
    found.extend(diff_affinities(&old.affinities, &new.affinities));
    let config = |task: &Task| (!task.config.is_empty()).then(|| flatten(&task.config));
    found.extend(diff_object("Config", config(old).as_ref(), config(new).as_ref()));
    found.extend(diff_resources(old.resources.as_ref(), new.resources.as_ref()));
    let both = |name: &str, flat: &dyn Fn(&Task) -> Option<Flat>| {
        diff_object(name, flat(old).as_ref(), flat(new).as_ref())
    };
    found.extend(both("LogConfig", &|t| {
        let log = t.log_config.as_ref()?;
        Some(fields_of(log, &[("MaxFileSizeMB", "10"), ("MaxFiles", "10")]))
    }));
    found.extend(both("DispatchPayload", &|t| {
        t.dispatch_payload.as_ref().map(|p| fields_of(p, &[("File", "")]))
    }));
    let artifacts = |task: &Task| -> Vec<Flat> { task.artifacts.iter().map(artifact).collect() };
    found.extend(diff_set("Artifact", &artifacts(old), &artifacts(new)));
    found.extend(diff_services(&old.services, &new.services));
    found.extend(diff_vault(old.vault.as_ref(), new.vault.as_ref()));
    let templates = |task: &Task| -> Vec<Flat> {
        task.templates.iter().map(|t| fields_of(t, TEMPLATE)).collect()
    };
    found.extend(diff_set("Template", &templates(old), &templates(new)));
    found
}

fn artifact(artifact: &Artifact) -> Flat {
    let names = &[("GetterMode", "any"), ("GetterSource", ""), ("RelativeDest", "")];
    let mut flat = fields_of(artifact, names);
    add_map(&mut flat, "GetterOptions", &artifact.getter_options);
    add_map(&mut flat, "GetterHeaders", &artifact.getter_headers);
    flat
}

fn diff_resources(old: Option<&Resources>, new: Option<&Resources>) -> Option<ObjectDiff> {
    let empty = Resources::default();
    let (before, after) = (old.unwrap_or(&empty), new.unwrap_or(&empty));
    let mut objects = diff_networks(&before.networks, &after.networks);
    objects.extend(diff_devices(&before.devices, &after.devices));
    let flat = |resources: &Resources| fields_of(resources, RESOURCES);
    diff_object_with("Resources", old.map(flat).as_ref(), new.map(flat).as_ref(), objects)
}

fn diff_devices(old: &[RequestedDevice], new: &[RequestedDevice]) -> Vec<ObjectDiff> {
    let empty = RequestedDevice::default();
    let mut found: Vec<ObjectDiff> = pair(old, new, |d| d.name.as_str())
        .into_iter()
        .filter_map(|(old, new)| {
            let (before, after) = (old.unwrap_or(&empty), new.unwrap_or(&empty));
            let mut objects = Vec::new();
            if old.is_some() && new.is_some() {
                objects.extend(diff_constraints(&before.constraints, &after.constraints));
                objects.extend(diff_affinities(&before.affinities, &after.affinities));
            }
            let flat = |d: &RequestedDevice| fields_of(d, &[("Count", "1"), ("Name", "")]);
            diff_object_with("Device", old.map(flat).as_ref(), new.map(flat).as_ref(), objects)
        })
        .collect();
    sort(&mut found);
    found
}

fn diff_vault(old: Option<&Value>, new: Option<&Value>) -> Option<ObjectDiff> {
    let (old, new) = (old.filter(|v| !v.is_null()), new.filter(|v| !v.is_null()));
    let policies = |vault: Option<&Value>| -> Vec<String> {
        let list = vault.and_then(|v| v.get("Policies")).and_then(Value::as_array);
        let texts = list.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    };
    let objects = diff_texts("Policies", &policies(old), &policies(new)).into_iter().collect();
    let flat = |vault: &Value| fields_of(vault, VAULT);
    let found = diff_object_with("Vault", old.map(flat).as_ref(), new.map(flat).as_ref(), objects);
    // What a later Nomad adds to the block is still a difference.
    found.or_else(|| diff_value("Vault", old, new))
}
