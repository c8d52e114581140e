//! Is the node a candidate at all: ready, not draining, eligible, in a datacenter and pool of the job?

use super::{Ask, Report};
use crate::model::Node;
use crate::scheduler::reason::Reason;
use crate::semantics::{Rule, Semantics};

pub(super) fn check(ask: &Ask<'_>, node: &Node, semantics: Semantics, report: Report<'_>) -> bool {
    let checks = [
        (node.status != "ready", Reason::Status),
        (node.draining, Reason::Drain),
        (node.eligibility != "eligible", Reason::Eligibility),
        (!in_datacenters(&ask.job.datacenters, &node.datacenter, semantics), Reason::Datacenter),
        (!in_pool(&ask.job.pool, &node.pool, semantics), Reason::Pool),
    ];
    for (fails, reason) in checks {
        if fails && !report(reason) {
            return false;
        }
    }
    true
}

/// True if a datacenter is one of the job's.
pub fn in_datacenters(wanted: &[String], datacenter: &str, semantics: Semantics) -> bool {
    let globs = semantics.has(Rule::DatacenterGlobs);
    wanted.iter().any(|w| w == datacenter || globs && glob(w.as_bytes(), datacenter.as_bytes()))
}

pub fn in_pool(wanted: &str, pool: &str, semantics: Semantics) -> bool {
    !semantics.has(Rule::NodePools) || wanted == "all" || wanted == pool
}

/// `*` stands for any text.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|skip| glob(rest, &text[skip..])),
        Some((first, rest)) => text.split_first().is_some_and(|(t, r)| t == first && glob(rest, r)),
    }
}

#[cfg(test)]
mod tests {
    use super::in_datacenters;
    use crate::semantics::Semantics;

    #[test]
    fn patterns_match_where_the_profile_knows_them() {
        let wanted = ["dc*".to_owned()];
        assert!(in_datacenters(&wanted, "dc1", Semantics::of("2.0")));
        assert!(!in_datacenters(&wanted, "eu", Semantics::of("2.0")));
        assert!(!in_datacenters(&wanted, "dc1", Semantics::of("1.1")));
    }
}
