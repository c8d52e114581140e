//! Services, paired by name, with their checks.

use super::flat::{Flat, add_map, fields_of};
use super::objects::{diff_object, diff_object_with, diff_texts, diff_value, pair, sort};
use crate::api::{ObjectDiff, Service, ServiceCheck, Value};

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
    let empty = Service::default();
    let (before, after) = (old.unwrap_or(&empty), new.unwrap_or(&empty));
    let mut objects: Vec<ObjectDiff> =
        diff_texts("CanaryTags", &before.canary_tags, &after.canary_tags)
            .into_iter()
            .chain(diff_texts("Tags", &before.tags, &after.tags))
            .collect();
    let mut checks: Vec<ObjectDiff> = pair(&before.checks, &after.checks, |c| c.name.as_str())
        .into_iter()
        .filter_map(|(old, new)| diff_check(old, new))
        .collect();
    sort(&mut checks);
    objects.extend(checks);
    let (connect_old, connect_new) = (before.connect.as_ref(), after.connect.as_ref());
    objects.extend(diff_value("ConsulConnect", connect_old, connect_new));
    let flat = |service: &Service| {
        let mut flat = fields_of(service, SERVICE);
        add_map(&mut flat, "Meta", &service.meta);
        add_map(&mut flat, "CanaryMeta", &service.canary_meta);
        flat
    };
    diff_object_with("Service", old.map(flat).as_ref(), new.map(flat).as_ref(), objects)
}

fn diff_check(old: Option<&ServiceCheck>, new: Option<&ServiceCheck>) -> Option<ObjectDiff> {
    let empty = ServiceCheck::default();
    let (before, after) = (old.unwrap_or(&empty), new.unwrap_or(&empty));
    let header = |check: &ServiceCheck| -> Option<Flat> {
        let lines = check.header.iter().flat_map(|(name, values)| {
            values.iter().enumerate().map(move |(i, v)| (format!("{name}[{i}]"), v.clone()))
        });
        (!check.header.is_empty()).then(|| lines.collect())
    };
    let restart =
        |check: &ServiceCheck| check.check_restart.as_ref().map(|r| fields_of(r, CHECK_RESTART));
    let mut objects: Vec<ObjectDiff> =
        diff_object("Header", header(before).as_ref(), header(after).as_ref())
            .into_iter()
            .chain(diff_object("CheckRestart", restart(before).as_ref(), restart(after).as_ref()))
            .collect();
    let args = |check: &ServiceCheck| Value::from(check.args.clone());
    if before.args != after.args {
        objects.extend(diff_value("Args", Some(&args(before)), Some(&args(after))));
    }
    let flat = |check: &ServiceCheck| fields_of(check, CHECK);
    diff_object_with("Check", old.map(flat).as_ref(), new.map(flat).as_ref(), objects)
}
