//! The job's own fields and objects.

use super::flat::{Flat, Listing, add_map, diff_fields, fields_of};
use super::objects::{diff_plain, diff_set, diff_texts, diff_value, diff_whole};
use super::{group, kind_of};
use crate::api::{self, Affinity, Constraint, DiffKind, JobDiff, ObjectDiff};

/// The job's plain fields, and their text where a document leaves them out.
const FIELDS: &[(&str, &str)] = &[
    ("AllAtOnce", "false"),
    ("ConsulNamespace", ""),
    ("ConsulToken", ""),
    ("Dispatched", "false"),
    ("Name", ""),
    ("Namespace", "default"),
    ("ParentID", ""),
    ("Priority", "50"),
    ("Region", "global"),
    ("Stop", "false"),
    ("Type", "service"),
    ("VaultNamespace", ""),
    ("VaultToken", ""),
];

const PERIODIC: &[(&str, &str)] = &[
    ("Enabled", "false"),
    ("ProhibitOverlap", "false"),
    ("Spec", ""),
    ("SpecType", ""),
    ("TimeZone", ""),
];

pub(super) fn diff(old: Option<&api::Job>, new: Option<&api::Job>) -> JobDiff {
    let id = new.or(old).and_then(|j| j.id.clone()).unwrap_or_default();
    let fields = diff_fields(&fields(old), &fields(new), Listing::Changed);
    let objects = objects(old, new);
    let task_groups = group::diff_groups(
        old.map_or(&[], |j| j.task_groups.as_slice()),
        new.map_or(&[], |j| j.task_groups.as_slice()),
    );
    let inside = !fields.is_empty()
        || !objects.is_empty()
        || task_groups.iter().any(|g| g.kind != DiffKind::None);
    let kind = match kind_of(old.map(|_| &()), new.map(|_| &())) {
        DiffKind::None if inside => DiffKind::Edited,
        kind => kind,
    };
    JobDiff { kind, id, fields, objects, task_groups }
}

fn fields(job: Option<&api::Job>) -> Flat {
    let Some(job) = job else { return Flat::new() };
    let mut flat = fields_of(job, FIELDS);
    // Every job has a pool since 1.6; only one that was chosen is worth a line.
    if let Some(pool) = job.node_pool.as_deref().filter(|p| !p.is_empty() && *p != "default") {
        flat.insert("NodePool".to_owned(), pool.to_owned());
    }
    add_map(&mut flat, "Meta", &job.meta);
    flat
}

fn objects(old: Option<&api::Job>, new: Option<&api::Job>) -> Vec<ObjectDiff> {
    let empty = api::Job::default();
    let (before, after) = (old.unwrap_or(&empty), new.unwrap_or(&empty));
    let mut found = Vec::new();
    let datacenters = diff_texts("Datacenters", &before.datacenters, &after.datacenters);
    found.extend(datacenters.filter(|set| set.kind != DiffKind::None));
    found.extend(diff_constraints(&before.constraints, &after.constraints));
    found.extend(diff_affinities(&before.affinities, &after.affinities));
    let periodic = |job: &api::Job| job.periodic.as_ref().map(|p| fields_of(p, PERIODIC));
    found.extend(diff_plain("Periodic", periodic(before).as_ref(), periodic(after).as_ref()));
    found.extend(diff_parameterized(
        before.parameterized_job.as_ref(),
        after.parameterized_job.as_ref(),
    ));
    let (old, new) = (before.multiregion.as_ref(), after.multiregion.as_ref());
    found.extend(diff_value("Multiregion", old, new));
    found
}

fn diff_parameterized(
    old: Option<&api::ParameterizedJob>,
    new: Option<&api::ParameterizedJob>,
) -> Option<ObjectDiff> {
    let flat = |job: &api::ParameterizedJob| fields_of(job, &[("Payload", "optional")]);
    diff_whole("ParameterizedJob", (old, new), flat, |old, new| {
        let optional = diff_texts("MetaOptional", &old.meta_optional, &new.meta_optional);
        let required = diff_texts("MetaRequired", &old.meta_required, &new.meta_required);
        optional.into_iter().chain(required).collect()
    })
}

/// Constraints of a job, group, task or device.
pub(super) fn diff_constraints(old: &[Constraint], new: &[Constraint]) -> Vec<ObjectDiff> {
    let flats = |list: &[Constraint]| -> Vec<Flat> {
        let names = &[("LTarget", ""), ("Operand", ""), ("RTarget", "")];
        list.iter().map(|c| fields_of(c, names)).collect()
    };
    diff_set("Constraint", &flats(old), &flats(new))
}

/// Affinities of a job, group, task or device.
pub(super) fn diff_affinities(old: &[Affinity], new: &[Affinity]) -> Vec<ObjectDiff> {
    let flats = |list: &[Affinity]| -> Vec<Flat> {
        let names = &[("LTarget", ""), ("Operand", ""), ("RTarget", ""), ("Weight", "50")];
        list.iter().map(|a| fields_of(a, names)).collect()
    };
    diff_set("Affinity", &flats(old), &flats(new))
}
