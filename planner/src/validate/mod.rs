//! Every rule a job must keep before it is registered.

use crate::api;
use crate::diagnostic::Diagnostics;
use crate::jobspec::SpanMap;

/// Checks a canonicalized job; `spans` says where to point.
pub fn validate(_job: &api::Job, _spans: &SpanMap) -> Diagnostics {
    Diagnostics::new()
}
