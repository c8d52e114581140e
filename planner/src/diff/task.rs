//! The tasks of a group.

use super::flat::{Flat, Listing, add_map, diff_fields, fields_of, flatten};
use super::job::{diff_affinities, diff_constraints};
use super::kind_of;
use super::network::diff_networks;
use super::objects::{
    diff_object, diff_plain, diff_set, diff_texts, diff_value, diff_whole, pair, sort, texts,
};
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
        diff_plain(name, flat(old).as_ref(), flat(new).as_ref())
    };
    found.extend(both("LogConfig", &|t| {
        let log = t.log_config.as_ref()?;
        Some(fields_of(log, LOG_CONFIG))
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
    found.extend(diff_secrets(old.secrets.as_ref(), new.secrets.as_ref()));
    found
}

/// Secrets by name, each with all that is in it.
fn diff_secrets(old: Option<&Value>, new: Option<&Value>) -> Vec<ObjectDiff> {
    let list = |side: Option<&Value>| side.and_then(Value::as_array).cloned().unwrap_or_default();
    let flat = |secret: &Value| {
        let entries = secret.as_object().into_iter().flatten().filter(|(_, v)| !v.is_null());
        flatten(&entries.map(|(name, v)| (name.clone(), v.clone())).collect())
    };
    let (old, new) = (list(old), list(new));
    let pairs = pair(&old, &new, |s| s.get("Name").and_then(Value::as_str).unwrap_or_default());
    let pairs = pairs.into_iter();
    let mut found: Vec<ObjectDiff> =
        pairs.filter_map(|sides| diff_whole("Secret", sides, flat, |_, _| Vec::new())).collect();
    sort(&mut found);
    found
}

fn artifact(artifact: &Artifact) -> Flat {
    let names = &[("GetterMode", "any"), ("GetterSource", ""), ("RelativeDest", "")];
    let mut flat = fields_of(artifact, names);
    add_map(&mut flat, "GetterOptions", &artifact.getter_options);
    add_map(&mut flat, "GetterHeaders", &artifact.getter_headers);
    flat
}

/// Resources of a task, or of the proxy of a service.
pub(super) fn diff_resources(
    old: Option<&Resources>,
    new: Option<&Resources>,
) -> Option<ObjectDiff> {
    let secrets = old.into_iter().chain(new).any(|r| r.secrets_mb.unwrap_or(0) != 0);
    let flat = |resources: &Resources| {
        let mut flat = fields_of(resources, RESOURCES);
        if secrets {
            flat.insert("SecretsMB".to_owned(), resources.secrets_mb.unwrap_or(0).to_string());
        }
        flat
    };
    diff_whole("Resources", (old, new), flat, |old, new| {
        let mut objects = diff_networks(&old.networks, &new.networks);
        objects.extend(diff_devices(&old.devices, &new.devices));
        objects
    })
}

/// Of devices only name and count are shown; another constraint makes one edited.
fn diff_devices(old: &[RequestedDevice], new: &[RequestedDevice]) -> Vec<ObjectDiff> {
    let flat = |device: &RequestedDevice| fields_of(device, &[("Count", "1"), ("Name", "")]);
    let pairs = pair(old, new, |device| device.name.as_str()).into_iter();
    let mut found: Vec<ObjectDiff> =
        pairs.filter_map(|sides| diff_whole("Device", sides, flat, |_, _| Vec::new())).collect();
    sort(&mut found);
    found
}

pub(super) const LOG_CONFIG: &[(&str, &str)] = &[("MaxFileSizeMB", "10"), ("MaxFiles", "10")];

fn diff_vault(old: Option<&Value>, new: Option<&Value>) -> Option<ObjectDiff> {
    let (old, new) = (old.filter(|v| !v.is_null()), new.filter(|v| !v.is_null()));
    let flat = |vault: &Value| fields_of(vault, VAULT);
    let found = diff_whole("Vault", (old, new), flat, |old, new| {
        diff_texts("Policies", &texts(old, "Policies"), &texts(new, "Policies"))
            .into_iter()
            .collect()
    });
    // What a later Nomad adds to the block is still a difference.
    found.or_else(|| diff_value("Vault", old, new))
}
