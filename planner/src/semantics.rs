//! The rules that changed between Nomad versions, in one table, and the profile that selects among them.
//!
//! A snapshot names its profile (`1.1`, `2.0`, or the version of a real cluster). Defects of old versions
//! are not in the table: no profile copies them.

/// A rule that some Nomad version changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// `<`, `<=`, `>`, `>=` compare numbers as numbers.
    NumericComparison,
    /// Only what the client reports as ended frees its resources.
    ClientTerminalAccounting,
    /// `datacenters` may hold `*` patterns, and a job that names none runs in every datacenter.
    DatacenterGlobs,
    /// Nodes belong to pools, and a job names one.
    NodePools,
    /// An affinity that matches nothing still takes part in the mean.
    AffinityCountsZero,
    /// Poststart tasks count as main tasks.
    PoststartCounts,
    /// A static port may use any address of its host network.
    AnyAddressOfAlias,
    /// Changed affinities and spreads are updated in place.
    AffinityInPlace,
    /// Changed volumes and mounts are destructive.
    VolumesDestructive,
    /// An allocation whose node left the job's datacenters is replaced.
    DatacenterChangeDestructive,
    /// A network with mode `none` needs nothing of the node.
    NoneNetworkAlways,
    /// `distinct_hosts` with `false` is switched off.
    DistinctHostsFalse,
    /// System allocations stop where their node left the job's datacenters.
    SystemLeavesDatacenter,
    /// Failed allocations are stopped first when scaling down.
    StopFailedFirst,
    /// Spread values without a target share what the targets leave over; one with 0 percent is merely the least wanted.
    SpreadSharesRest,
    /// Allocations of a node that is out of contact may become unknown and come back.
    DisconnectedClients,
    /// `migrate` of the ephemeral disk prefers the previous node as `sticky` does.
    MigratePrefersNode,
    /// A previous node outside the job's datacenters and pool is not preferred.
    PreferredInReach,
    /// A device request may be met from several device groups when nodes are filtered.
    DevicesAcrossGroups,
    /// There are jobs of type `sysbatch`.
    SystemBatch,
    /// A CSI volume must be reachable from the topology of the node's plugin.
    CsiTopology,
    /// With `per_alloc`, each allocation has a host volume of its own, named with its number.
    HostVolumePerAlloc,
    /// A group of a system job that no node of the job takes has failed.
    SystemFiltersFail,
    /// System jobs have deployments and canaries, and each group its own pace.
    SystemDeployments,
    /// What a system job runs in an older version on a node that takes nothing new is stopped.
    SystemOutdatedEnds,
    /// A group of count 0 is as good as removed: what failed in it is not tried again.
    ZeroCountIsGone,
    /// A task's secrets need their providers on the node.
    SecretsProviders,
    /// The memory of its secrets is a task's, beside what it asks for itself.
    SecretsMemory,
    /// `memory_max` may be -1: no limit.
    MemoryUnlimited,
    /// A node may have a maximum of allocations.
    MaxAllocs,
    /// Host volumes are looked at behind devices and networks.
    HostVolumesLast,
    /// A plan counts lost and regained contacts, and what is rescheduled now and later.
    ContactCounts,
    /// No more is placed at once than the count.
    PlacementsWithinCount,
}

/// Each rule with the first version that has it, and what it says. `planner/tests/profiles.rs` has a case for each.
pub const RULES: [(Rule, (u32, u32, u32), &str); 33] = [
    (Rule::NumericComparison, (1, 4, 0), "lexical operators compare numbers"),
    (Rule::ClientTerminalAccounting, (1, 4, 0), "resources are freed when the client ends"),
    (Rule::DatacenterGlobs, (1, 5, 0), "datacenters are patterns"),
    (Rule::NodePools, (1, 6, 0), "node pools"),
    (Rule::AffinityCountsZero, (1, 10, 2), "affinity score 0 is part of the mean"),
    (Rule::PoststartCounts, (1, 9, 2), "poststart tasks count as main tasks"),
    (Rule::AnyAddressOfAlias, (1, 9, 0), "static ports try every address of a host network"),
    (Rule::AffinityInPlace, (1, 10, 0), "affinities and spreads change in place"),
    (Rule::VolumesDestructive, (1, 3, 2), "volumes and mounts change destructively"),
    (Rule::DatacenterChangeDestructive, (1, 1, 3), "leaving the datacenters is destructive"),
    (Rule::NoneNetworkAlways, (1, 4, 2), "network mode none needs no fingerprint"),
    (Rule::DistinctHostsFalse, (1, 4, 9), "distinct_hosts false is off"),
    (Rule::SystemLeavesDatacenter, (1, 2, 0), "system jobs leave removed datacenters"),
    (Rule::StopFailedFirst, (2, 0, 4), "scaling down stops failed allocations first"),
    (Rule::SpreadSharesRest, (1, 5, 6), "spread values without a target count together"),
    (Rule::DisconnectedClients, (1, 3, 0), "disconnected clients"),
    (Rule::MigratePrefersNode, (1, 5, 0), "a disk that migrates prefers the previous node"),
    (
        Rule::PreferredInReach,
        (1, 11, 0),
        "the previous node is preferred within the job's reach only",
    ),
    (Rule::DevicesAcrossGroups, (1, 11, 0), "device requests span device groups"),
    (Rule::SystemBatch, (1, 2, 0), "jobs of type sysbatch"),
    (Rule::CsiTopology, (1, 3, 0), "CSI volumes have topologies"),
    (Rule::HostVolumePerAlloc, (1, 10, 0), "host volumes for each allocation"),
    (Rule::SystemFiltersFail, (1, 2, 0), "a system job that no node takes fails"),
    (Rule::SystemDeployments, (1, 11, 0), "deployments of system jobs"),
    (Rule::SystemOutdatedEnds, (1, 11, 0), "outdated system allocations end on ineligible nodes"),
    (Rule::ZeroCountIsGone, (1, 11, 0), "a group of count 0 is gone"),
    (Rule::SecretsProviders, (1, 11, 0), "secrets need their providers"),
    (Rule::SecretsMemory, (1, 8, 3), "secrets take memory"),
    (Rule::MemoryUnlimited, (1, 7, 3), "memory_max may be no limit"),
    (Rule::MaxAllocs, (1, 10, 2), "nodes have a maximum of allocations"),
    (Rule::HostVolumesLast, (1, 6, 3), "host volumes are checked last"),
    (Rule::ContactCounts, (1, 11, 0), "reschedules and contacts are counted"),
    (Rule::PlacementsWithinCount, (1, 11, 0), "no more is placed at once than the count"),
];

/// The rules in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Semantics {
    version: (u32, u32, u32),
}

impl Semantics {
    /// The rules of a profile: a version such as `1.1` or `1.8.4`. Anything else means the newest rules.
    pub fn of(profile: &str) -> Semantics {
        let mut parts = profile.trim_start_matches('v').split('.').map(str::parse::<u32>);
        let Some(Ok(major)) = parts.next() else {
            return Semantics { version: (2, 0, u32::MAX) };
        };
        let minor = parts.next().and_then(Result::ok);
        let patch = parts.next().and_then(Result::ok);
        // `2.0` means the newest 2.0; the corpus profile `1.1` means 1.1.2.
        let patch = patch.unwrap_or(if major >= 2 { u32::MAX } else { 2 });
        Semantics { version: (major, minor.unwrap_or(0), patch) }
    }

    /// True if the rule is in force.
    pub fn has(self, rule: Rule) -> bool {
        RULES.iter().any(|(r, since, _)| *r == rule && self.version >= *since)
    }
}

impl Default for Semantics {
    fn default() -> Self {
        Semantics::of("2.0")
    }
}

/// The largest count of a group, Nomad's own default limit: one name and one verdict is made for each.
pub const MAX_COUNT: i64 = 50_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_select_rules_by_version() {
        assert!(!Semantics::of("1.1").has(Rule::NumericComparison));
        assert!(Semantics::of("1.4.0").has(Rule::NumericComparison));
        assert!(!Semantics::of("1.10.1").has(Rule::AffinityCountsZero));
        assert!(Semantics::of("2.0").has(Rule::StopFailedFirst));
        assert_eq!(Semantics::of(""), Semantics::default());
    }

    #[test]
    fn every_rule_is_in_the_table() {
        for (rule, _, _) in RULES {
            assert!(Semantics::default().has(rule), "{rule:?}");
        }
    }
}
