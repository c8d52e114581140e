//! Services, paired by name, with their checks.

use super::connect::diff_connect;
use super::flat::{Flat, add_map, fields_of};
use super::objects::{diff_object, diff_texts, diff_whole, pair, sort};
use crate::api::{ObjectDiff, Service, ServiceCheck};

/// `Namespace` is Consul's; it is part of the service on the server only.
const SERVICE: &[(&str, &str)] = &[
    ("AddressMode", "auto"),
    ("EnableTagOverride", "false"),
    ("Name", ""),
    ("Namespace", "default"),
    ("OnUpdate", "require_healthy"),
    ("PortLabel", ""),
    ("TaskName", ""),
];

const CHECK: &[(&str, &str)] = &[
    ("AddressMode", ""),
    ("Body", ""),
    ("Command", ""),
    ("Expose", "false"),
    ("FailuresBeforeCritical", "0"),
    ("GRPCService", ""),
    ("GRPCUseTLS", "false"),
    ("InitialStatus", ""),
    ("Interval", "0"),
    ("Method", ""),
    ("Name", ""),
    ("OnUpdate", "require_healthy"),
    ("Path", ""),
    ("PortLabel", ""),
    ("Protocol", ""),
    ("SuccessBeforePassing", "0"),
    ("TLSSkipVerify", "false"),
    ("TaskName", ""),
    ("Timeout", "0"),
    ("Type", ""),
];

const CHECK_RESTART: &[(&str, &str)] =
    &[("Grace", "0"), ("IgnoreWarnings", "false"), ("Limit", "0")];

pub(super) fn diff_services(old: &[Service], new: &[Service]) -> Vec<ObjectDiff> {
    let mut found: Vec<ObjectDiff> = pair(old, new, |s| s.name.as_str())
        .into_iter()
        .filter_map(|(old, new)| diff_service(old, new))
        .collect();
    sort(&mut found);
    found
}

fn diff_service(old: Option<&Service>, new: Option<&Service>) -> Option<ObjectDiff> {
    let flat = |service: &Service| {
        let mut flat = fields_of(service, SERVICE);
        add_map(&mut flat, "Meta", &service.meta);
        add_map(&mut flat, "CanaryMeta", &service.canary_meta);
        flat
    };
    diff_whole("Service", (old, new), flat, |old, new| {
        let mut objects: Vec<ObjectDiff> = Vec::new();
        objects.extend(diff_texts("CanaryTags", &old.canary_tags, &new.canary_tags));
        objects.extend(diff_texts("Tags", &old.tags, &new.tags));
        let checks = pair(&old.checks, &new.checks, |check| check.name.as_str()).into_iter();
        let mut checks: Vec<ObjectDiff> = checks.filter_map(diff_check).collect();
        sort(&mut checks);
        objects.extend(checks);
        objects.extend(diff_connect(old.connect.as_ref(), new.connect.as_ref()));
        objects
    })
}

fn diff_check(sides: (Option<&ServiceCheck>, Option<&ServiceCheck>)) -> Option<ObjectDiff> {
    let header = |check: &ServiceCheck| -> Option<Flat> {
        let lines = check.header.iter().flat_map(|(name, values)| {
            values.iter().enumerate().map(move |(i, v)| (format!("{name}[{i}]"), v.clone()))
        });
        (!check.header.is_empty()).then(|| lines.collect())
    };
    let restart =
        |check: &ServiceCheck| check.check_restart.as_ref().map(|r| fields_of(r, CHECK_RESTART));
    diff_whole(
        "Check",
        sides,
        |check| fields_of(check, CHECK),
        |old, new| {
            let header = diff_object("Header", header(old).as_ref(), header(new).as_ref());
            let restart = diff_object("CheckRestart", restart(old).as_ref(), restart(new).as_ref());
            header.into_iter().chain(restart).collect()
        },
    )
}
