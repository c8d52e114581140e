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

/// `*` stands for any text. Where a letter differs, only the last star can take one more: no pattern is slow.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    // After the last star, and the first text it does not take.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            p += 1;
            star = Some((p, t));
        } else if pattern.get(p) == Some(&text[t]) {
            p += 1;
            t += 1;
        } else if let Some((after, taken)) = star {
            p = after;
            t = taken + 1;
            star = Some((after, t));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|letter| *letter == b'*')
}

#[cfg(test)]
mod tests {
    use super::{glob, in_datacenters};
    use crate::semantics::Semantics;

    #[test]
    fn patterns_match_where_the_profile_knows_them() {
        let wanted = ["dc*".to_owned()];
        assert!(in_datacenters(&wanted, "dc1", Semantics::of("2.0")));
        assert!(!in_datacenters(&wanted, "eu", Semantics::of("2.0")));
        assert!(!in_datacenters(&wanted, "dc1", Semantics::of("1.1")));
    }

    #[test]
    fn stars_take_what_they_must() {
        for (pattern, text, matches) in [
            ("", "", true),
            ("*", "", true),
            ("", "a", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-b-b-d", false),
            ("*dc1", "eu-dc1", true),
            ("*dc1", "eu-dc1-", false),
            ("**", "dc", true),
        ] {
            assert_eq!(glob(pattern.as_bytes(), text.as_bytes()), matches, "{pattern} {text}");
        }
        // Trying every split would not end in a lifetime.
        assert!(!glob(
            "*a".repeat(200).as_bytes(),
            "a".repeat(2_000).replace("aaaa", "aaab").as_bytes()
        ));
    }
}
