//! Every default of a job, in one place.

use crate::api;

/// Fills in Nomad's defaults.
pub fn canonicalize(_job: &mut api::Job) {}
