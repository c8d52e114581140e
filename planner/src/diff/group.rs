//! The task groups.

use super::flat::{Flat, Listing, add_map, diff_field, diff_fields, fields_of};
use super::job::{diff_affinities, diff_constraints};
use super::network::diff_networks;
use super::objects::{diff_plain, diff_texts, diff_whole, pair, sort, texts};
use super::service::diff_services;
use super::{kind_of, task};
use crate::api::{Nanos, ObjectDiff, TaskGroup, TaskGroupDiff, Value, VolumeRequest};
use crate::order::sort_by_text;

const RESTART: &[(&str, &str)] =
    &[("Attempts", "0"), ("Delay", "0"), ("Interval", "0"), ("Mode", "")];

const RESCHEDULE: &[(&str, &str)] = &[
    ("Attempts", "0"),
    ("Delay", "0"),
    ("DelayFunction", ""),
    ("Interval", "0"),
    ("MaxDelay", "0"),
    ("Unlimited", "false"),
];

const DISK: &[(&str, &str)] = &[("Migrate", "false"), ("SizeMB", "0"), ("Sticky", "false")];

/// Without `Stagger`, which groups do not use.
const UPDATE: &[(&str, &str)] = &[
    ("AutoPromote", "false"),
    ("AutoRevert", "false"),
    ("Canary", "0"),
    ("HealthCheck", ""),
    ("HealthyDeadline", "0"),
    ("MaxParallel", "0"),
    ("MinHealthyTime", "0"),
    ("ProgressDeadline", "0"),
];

const VOLUME: &[(&str, &str)] = &[
    ("AccessMode", ""),
    ("AttachmentMode", ""),
    ("Name", ""),
    ("PerAlloc", "false"),
    ("ReadOnly", "false"),
    ("Source", ""),
    ("Type", ""),
];

/// Pairs the groups by name; every group is listed, an unchanged one with type `None`.
pub(super) fn diff_groups(old: &[TaskGroup], new: &[TaskGroup]) -> Vec<TaskGroupDiff> {
    pair(old, new, |g| g.name.as_str()).into_iter().map(|(o, n)| diff_group(o, n)).collect()
}

fn diff_group(old: Option<&TaskGroup>, new: Option<&TaskGroup>) -> TaskGroupDiff {
    let mut fields = diff_fields(&fields(old), &fields(new), Listing::Changed);
    if let (Some(old), Some(new)) = (old, new) {
        for (name, a, b) in [
            ("ShutdownDelay", old.shutdown_delay, new.shutdown_delay),
            (
                "StopAfterClientDisconnect",
                old.stop_after_client_disconnect,
                new.stop_after_client_disconnect,
            ),
        ] {
            let text = |delay: Option<Nanos>| delay.map(|d| d.to_string()).unwrap_or_default();
            fields.extend(diff_field(name, text(a), text(b), Listing::Changed));
        }
        sort_by_text(&mut fields, |f| &f.name);
    }
    let empty = TaskGroup::default();
    let (before, after) = (old.unwrap_or(&empty), new.unwrap_or(&empty));
    TaskGroupDiff {
        kind: kind_of(old, new),
        name: new.or(old).map(|g| g.name.clone()).unwrap_or_default(),
        fields,
        objects: objects(before, after),
        tasks: task::diff_tasks(&before.tasks, &after.tasks),
        updates: Default::default(),
    }
}

fn fields(group: Option<&TaskGroup>) -> Flat {
    let Some(group) = group else { return Flat::new() };
    let mut flat = fields_of(group, &[("Count", "1")]);
    add_map(&mut flat, "Meta", &group.meta);
    flat
}

fn objects(old: &TaskGroup, new: &TaskGroup) -> Vec<ObjectDiff> {
    let mut found = diff_constraints(&old.constraints, &new.constraints);
    found.extend(diff_affinities(&old.affinities, &new.affinities));
    let both = |name: &str, flat: &dyn Fn(&TaskGroup) -> Option<Flat>| {
        diff_plain(name, flat(old).as_ref(), flat(new).as_ref())
    };
    found.extend(both("RestartPolicy", &|g| {
        g.restart_policy.as_ref().map(|p| fields_of(p, RESTART))
    }));
    found.extend(both("ReschedulePolicy", &|g| {
        g.reschedule_policy.as_ref().map(|p| fields_of(p, RESCHEDULE))
    }));
    found.extend(both("EphemeralDisk", &|g| g.ephemeral_disk.as_ref().map(|d| fields_of(d, DISK))));
    found.extend(diff_consul(old, new));
    found.extend(both("Update", &|g| g.update.as_ref().map(|u| fields_of(u, UPDATE))));
    found.extend(diff_networks(&old.networks, &new.networks));
    found.extend(diff_services(&old.services, &new.services));
    found.extend(diff_volumes(old, new));
    found
}

/// The block exists in every group; only a namespace says something.
fn diff_consul(old: &TaskGroup, new: &TaskGroup) -> Option<ObjectDiff> {
    let flat = |group: &TaskGroup| {
        let namespace = group.consul.as_ref()?.get("Namespace")?.as_str()?;
        let named = !namespace.is_empty();
        named.then(|| Flat::from([("Namespace".to_owned(), namespace.to_owned())]))
    };
    diff_plain("Consul", flat(old).as_ref(), flat(new).as_ref())
}

fn diff_volumes(old: &TaskGroup, new: &TaskGroup) -> Vec<ObjectDiff> {
    let list = |group: &TaskGroup| -> Vec<VolumeRequest> {
        let named = |(name, volume): (&String, &VolumeRequest)| VolumeRequest {
            name: name.clone(),
            ..volume.clone()
        };
        group.volumes.iter().map(named).collect()
    };
    let (old, new) = (list(old), list(new));
    let flat = |volume: &VolumeRequest| fields_of(volume, VOLUME);
    let mut found: Vec<ObjectDiff> = pair(&old, &new, |volume| volume.name.as_str())
        .into_iter()
        .filter_map(|sides| {
            diff_whole("Volume", sides, flat, |old, new| {
                diff_mount_options(old.mount_options.as_ref(), new.mount_options.as_ref())
                    .into_iter()
                    .collect()
            })
        })
        .collect();
    sort(&mut found);
    found
}

fn diff_mount_options(old: Option<&Value>, new: Option<&Value>) -> Option<ObjectDiff> {
    let sides =
        (old.filter(|options| !options.is_null()), new.filter(|options| !options.is_null()));
    let flat = |options: &Value| fields_of(options, &[("FSType", "")]);
    diff_whole("MountOptions", sides, flat, |old, new| {
        diff_texts("MountFlags", &texts(old, "MountFlags"), &texts(new, "MountFlags"))
            .into_iter()
            .collect()
    })
}
