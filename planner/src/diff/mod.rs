//! The difference of two job versions, as Nomad shows it: a tree of fields and objects, as text.
//!
//! Works on canonicalized jobs. Job, group and task list only the fields that changed; inside an object that
//! changed every field is listed, the unchanged ones with type `None`. What a change *does* is not known
//! here: `annotate` adds it from the reconciler's counts.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs/jobs#create-job-plan>

mod annotate;
mod connect;
mod flat;
mod group;
mod job;
mod network;
mod objects;
mod service;
mod task;

#[cfg(test)]
mod tests;

use crate::api;

pub use annotate::annotate;

/// Compares two versions; `None` stands for "no such job".
pub fn diff(old: Option<&api::Job>, new: Option<&api::Job>) -> api::JobDiff {
    job::diff(old, new)
}

/// The kind of a difference between two values that may be absent.
fn kind_of<T: PartialEq>(old: Option<&T>, new: Option<&T>) -> api::DiffKind {
    match (old, new) {
        (None, None) => api::DiffKind::None,
        (None, Some(_)) => api::DiffKind::Added,
        (Some(_), None) => api::DiffKind::Deleted,
        (Some(old), Some(new)) if old == new => api::DiffKind::None,
        (Some(_), Some(_)) => api::DiffKind::Edited,
    }
}
