//! The digest of a plan's effects: equal digests mean that the same things would happen.
//!
//! Left out is what a commit gives (IDs, indexes, times) and what only explains (scores, metrics, reports).

use sha2::{Digest, Sha256};

use super::{Placement, Plan};
use crate::record::{Part, Visit, visit};

/// SHA-256 over the effects, in hexadecimal. The placements are given apart: they need not all be there at once.
pub fn digest(plan: &Plan, placements: &mut dyn Iterator<Item = Placement>) -> String {
    let mut hash = Sha256::new();
    let mut feed = |parts: &[&dyn Part]| {
        for part in parts {
            visit(*part, &mut |token| take(&mut hash, &token));
        }
    };
    feed(&[&plan.namespace, &plan.job_id, &plan.job_type, &plan.job_version]);
    for p in placements {
        feed(&[
            &p.name,
            &p.group,
            &p.node_id,
            &p.reason,
            &p.canary,
            &p.job_version,
            &p.previous_allocation,
            &p.preempted,
            &p.resources,
            &p.ports,
            &p.volumes,
        ]);
    }
    feed(&[&plan.stops, &plan.followups, &plan.deployment, &plan.deployment_updates, &plan.queued]);
    for update in &plan.in_place {
        feed(&[&update.alloc_id, &update.resources]);
    }
    for evaluation in &plan.created_evals {
        feed(&[&evaluation.triggered_by, &evaluation.status, &evaluation.node_id]);
    }
    crate::hash::hex(&hash.finalize())
}

/// One kind of byte for each kind of token, so that no two documents give the same bytes.
fn take(hash: &mut Sha256, token: &Visit<'_>) {
    match token {
        Visit::Null => hash.update(b"n"),
        Visit::Bool(flag) => hash.update([b'b', u8::from(*flag)]),
        Visit::Int(number) => {
            hash.update(b"i");
            hash.update(number.to_le_bytes());
        }
        Visit::Uint(number) => {
            hash.update(b"u");
            hash.update(number.to_le_bytes());
        }
        Visit::Float(number) => {
            hash.update(b"f");
            hash.update(number.to_bits().to_le_bytes());
        }
        Visit::Text(text) => {
            hash.update(b"t");
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
        Visit::Open(count) => {
            hash.update(b"o");
            hash.update((*count as u64).to_le_bytes());
        }
    }
}
