//! Which differences between two versions of a group need new allocations (destructive), and which do not.

use crate::Map;
use crate::api::{self, same_document as same};
use crate::semantics::{Rule, Semantics};

/// True if both jobs ask for the same; what the server keeps about a job does not count.
pub fn same_specification(a: &api::Job, b: &api::Job) -> bool {
    api::same_document(&specification(a), &specification(b))
}

fn specification(job: &api::Job) -> api::Job {
    api::Job {
        status: None,
        status_description: None,
        stable: None,
        version: None,
        submit_time: None,
        create_index: None,
        modify_index: None,
        job_modify_index: None,
        version_tag: None,
        ..job.clone()
    }
}

/// True if allocations of the group must be replaced to get from the old to the new version.
pub fn destructive_change(
    old: &api::Job,
    new: &api::Job,
    group: &str,
    semantics: Semantics,
) -> bool {
    let find = |job: &api::Job| job.task_groups.iter().find(|g| g.name == group).cloned();
    let (Some(before), Some(after)) = (find(old), find(new)) else { return true };
    if before.tasks.len() != after.tasks.len()
        || !same(&before.ephemeral_disk, &after.ephemeral_disk)
        || networks(&before.networks) != networks(&after.networks)
        || consul_namespace(&before) != consul_namespace(&after)
        || connect_changed(&before, &after)
    {
        return true;
    }
    if !semantics.has(Rule::AffinityInPlace)
        && (affinities(old, &before) != affinities(new, &after)
            || (&old.spreads, &before.spreads) != (&new.spreads, &after.spreads))
    {
        return true;
    }
    if semantics.has(Rule::VolumesDestructive) && !same(&before.volumes, &after.volumes) {
        return true;
    }
    after.tasks.iter().any(|task| {
        let Some(earlier) = before.tasks.iter().find(|t| t.name == task.name) else { return true };
        task_changed(earlier, task, semantics)
            || meta(old, &before, earlier) != meta(new, &after, task)
    })
}

fn task_changed(old: &api::Task, new: &api::Task, semantics: Semantics) -> bool {
    let resources = |task: &api::Task| {
        let r = task.resources.clone().unwrap_or_default();
        (
            (r.cpu.unwrap_or(0), r.cores.unwrap_or(0), r.memory_mb.unwrap_or(0)),
            (r.memory_max_mb.unwrap_or(0), r.secrets_mb.unwrap_or(0)),
            networks(&r.networks),
            r.devices,
        )
    };
    old.driver != new.driver
        || old.user != new.user
        || !same(&old.config, &new.config)
        || old.env != new.env
        || !same(&old.artifacts, &new.artifacts)
        || !same(&old.vault, &new.vault)
        || !same(&old.secrets, &new.secrets)
        || !same(&old.templates, &new.templates)
        || resources(old) != resources(new)
        || (semantics.has(Rule::VolumesDestructive)
            && !(same(&old.volume_mounts, &new.volume_mounts)
                && same(&old.csi_plugin_config, &new.csi_plugin_config)))
}

/// What counts of a network: mode, bandwidth, name resolution, and the ports with the values asked for.
fn networks(list: &[api::NetworkResource]) -> Vec<impl PartialEq + use<>> {
    let port = |p: &api::Port| (p.label.clone(), p.value, p.to, p.host_network.clone());
    list.iter()
        .map(|n| {
            let fixed: Vec<_> = n.reserved_ports.iter().map(port).collect();
            let dynamic: Vec<_> = n.dynamic_ports.iter().map(port).collect();
            (n.mode.clone(), n.mbits.unwrap_or(0), n.dns.clone(), fixed, dynamic)
        })
        .collect()
}

fn affinities(job: &api::Job, group: &api::TaskGroup) -> Vec<api::Affinity> {
    let tasks = group.tasks.iter().flat_map(|t| &t.affinities);
    job.affinities.iter().chain(&group.affinities).chain(tasks).cloned().collect()
}

fn meta(job: &api::Job, group: &api::TaskGroup, task: &api::Task) -> Map<String> {
    let mut all = job.meta.clone();
    all.extend(group.meta.clone());
    // The group wins over the task in Nomad's merge for this comparison; the order only matters where keys repeat.
    for (key, value) in &task.meta {
        all.insert(key.clone(), value.clone());
    }
    all
}

fn consul_namespace(group: &api::TaskGroup) -> String {
    group.consul.as_ref().and_then(|c| c.get("Namespace")?.as_str()).unwrap_or_default().to_owned()
}

/// Services with Connect change the allocation's network; others are re-registered in place.
fn connect_changed(old: &api::TaskGroup, new: &api::TaskGroup) -> bool {
    let connected = |group: &api::TaskGroup| -> Vec<(String, String, api::Value)> {
        group
            .services
            .iter()
            .filter_map(|s| {
                let mut connect = s.connect.clone()?;
                // The proxy block of a sidecar is applied without a restart.
                if let Some(sidecar) =
                    connect.get_mut("SidecarService").and_then(api::Value::as_object_mut)
                {
                    sidecar.retain(|key, _| key == "Port");
                }
                Some((s.name.clone(), s.port_label.clone(), connect))
            })
            .collect()
    };
    connected(old) != connected(new)
}
