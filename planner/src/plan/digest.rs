//! The digest of a plan's effects: equal digests mean that the same things would happen.
//!
//! Left out is what a commit gives (IDs, indexes, times) and what only explains (scores, metrics, reports).

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Plan;
use crate::canonical_json;

/// SHA-256 over the effects as canonical JSON (keys in order), in hexadecimal.
pub fn digest(plan: &Plan) -> String {
    let hash = Sha256::digest(canonical_json::text(&effects(plan)).as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn effects(plan: &Plan) -> Value {
    let placements: Vec<Value> = plan
        .placements
        .iter()
        .map(|p| {
            json!({
                "canary": p.canary,
                "group": p.group,
                "name": p.name,
                "node": p.node_id,
                "ports": p.ports,
                "preempted": p.preempted,
                "previous": p.previous_allocation,
                "reason": p.reason,
                "resources": p.resources,
                "version": p.job_version,
                "volumes": p.volumes,
            })
        })
        .collect();
    let stops: Vec<Value> = plan
        .stops
        .iter()
        .map(|s| json!([s.alloc_id, s.description, s.client_status, s.evict, s.followup_eval]))
        .collect();
    let in_place: Vec<Value> =
        plan.in_place.iter().map(|u| json!([u.alloc_id, u.resources])).collect();
    let evals: Vec<Value> =
        plan.created_evals.iter().map(|e| json!([e.triggered_by, e.status, e.node_id])).collect();
    json!({
        "job": [plan.namespace, plan.job_id, plan.job_type],
        "version": plan.job_version,
        "placements": placements,
        "stops": stops,
        "in_place": in_place,
        "followups": plan.followups.iter().map(|f| json!([f.alloc_id, f.eval])).collect::<Vec<_>>(),
        "deployment": plan.deployment,
        "deployment_updates": plan.deployment_updates,
        "evaluations": evals,
        "queued": plan.queued,
    })
}
