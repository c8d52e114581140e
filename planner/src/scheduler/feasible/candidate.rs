//! Is the node a candidate at all: ready, not draining, eligible, in a datacenter and pool of the job?

use super::{Ask, Report};
use crate::scheduler::reason::Reason;
use crate::semantics::{Rule, Semantics};
use crate::snapshot::{Cluster, Column, Fact};

/// Which nodes a job may be placed on at all.
#[derive(Clone, Debug)]
pub(super) struct Candidates {
    datacenters: Column,
    pools: Column,
    /// By symbol of a datacenter or pool, as far as they were met: whether the job goes there.
    in_datacenter: Vec<Option<bool>>,
    in_pool: Vec<Option<bool>>,
}

impl Candidates {
    pub(super) fn new(cluster: &Cluster) -> Candidates {
        let count = cluster.symbols.count();
        Candidates {
            datacenters: cluster.column(Fact::Datacenter),
            pools: cluster.column(Fact::Pool),
            in_datacenter: vec![None; count],
            in_pool: vec![None; count],
        }
    }

    pub(super) fn check(
        &mut self,
        ask: &Ask<'_>,
        number: u32,
        cluster: &Cluster,
        report: Report<'_>,
    ) -> bool {
        let slot = number as usize;
        let (semantics, symbols) = (cluster.semantics, &cluster.symbols);
        let datacenter = self.datacenters[slot];
        let in_datacenter = *self.in_datacenter[datacenter.0 as usize].get_or_insert_with(|| {
            in_datacenters(&ask.job.datacenters, symbols.text(datacenter), semantics)
        });
        let pool = self.pools[slot];
        let in_pool = *self.in_pool[pool.0 as usize]
            .get_or_insert_with(|| in_pool(&ask.job.pool, symbols.text(pool), semantics));
        let standing = cluster.standings[slot];
        if standing.is_ready() && in_datacenter && in_pool {
            return true;
        }
        let checks = [
            (!standing.ready, Reason::Status),
            (standing.draining, Reason::Drain),
            (!standing.eligible, Reason::Eligibility),
            (!in_datacenter, Reason::Datacenter),
            (!in_pool, Reason::Pool),
        ];
        checks.into_iter().all(|(fails, reason)| !fails || report(reason))
    }
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
