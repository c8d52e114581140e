//! The rules a job is admitted by, one after the other: what is written, and the sentences Nomad 1.1.2 answers with.

mod services;

use steppe_planner::diagnostic::Severity;
use steppe_planner::jobspec::Syntax;
use steppe_planner::semantics::Semantics;
use steppe_planner::{ParseOptions, canonicalize, parse, validate};

/// The sentences about a job with something in it, in a group, or in its task.
fn told(block: &str, text: &str) -> Vec<String> {
    let at = |name: &str| if name == block { text } else { "" };
    let name = if block == "job name" { text } else { "a" };
    let source = format!(
        "job \"{name}\" {{\n datacenters = [\"dc1\"]\n{}\n group \"g\" {{\n{}\n task \"t\" {{\n \
         driver = \"docker\"\n{}\n }}\n }}\n}}\n",
        at("job"),
        at("group"),
        at("task")
    );
    let parsed = parse(&source, &ParseOptions { syntax: Syntax::Hcl2, ..ParseOptions::default() });
    let errors = parsed.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    assert_eq!(errors.map(|found| &found.message).collect::<Vec<_>>(), [""; 0], "{source}");
    let mut job = parsed.job.expect("a job");
    canonicalize(&mut job, Semantics::of("1.1"));
    let found = validate(&job, &parsed.spans, Semantics::of("1.1"));
    assert!(found.iter().all(|finding| finding.hint.is_some()), "each has its fix: {found:?}");
    found.into_iter().map(|finding| finding.message).collect()
}

/// Checks rules: a text with `;` for the ends of its lines, and what is told.
fn check(block: &str, rules: &[(&str, &[&str])]) {
    for (text, expected) in rules {
        let found = told(block, &text.replace(';', "\n"));
        assert_eq!(&found, expected, "{text}");
    }
}

#[test]
fn jobs() {
    check(
        "job",
        &[
            ("name = \"\"", &["Missing job name"]),
            ("namespace = \"\"", &[]),
            ("region = \"\"", &["Missing job region"]),
            ("type = \"\"", &["Missing job type"]),
            ("priority = 0", &["Job priority must be between [1, 100]"]),
        ],
    );
}

#[test]
fn launches() {
    let zone = "Invalid time zone \"Nowhere\": unknown time zone Nowhere";
    let cron = "Invalid cron spec \"x\": missing field(s)";
    check(
        "job",
        &[
            (
                "periodic {;cron = \"@daily\";}",
                &["Periodic can only be used with \"batch\" scheduler"],
            ),
            ("type = \"batch\";periodic {;cron = \"x\";}", &[cron]),
            ("type = \"batch\";periodic {;cron = \"x\";enabled = false;}", &[]),
            (
                "type = \"batch\";periodic {}",
                &["Must specify a spec", "Invalid cron spec \"\": missing field(s)"],
            ),
            ("type = \"batch\";periodic {;cron = \"* * * * *\";time_zone = \"Nowhere\";}", &[zone]),
            ("type = \"batch\";periodic {;cron = \"* * * * *\";time_zone = \"Asia/Tokyo\";}", &[]),
            (
                "type = \"batch\";parameterized {;payload = \"x\";}",
                &["Unknown payload requirement: \"x\""],
            ),
        ],
    );
}

#[test]
fn policies() {
    check(
        "group",
        &[
            (
                "restart {;mode = \"x\";interval = \"1s\";}",
                &[
                    "Unsupported restart mode: \"x\"",
                    "Interval can not be less than 5s (got 1s)",
                    "Nomad can't restart the TaskGroup 2 times in an interval of 1s with a delay of 15s",
                ],
            ),
            (
                "restart {;mode = \"delay\";attempts = 0;}",
                &["Restart policy \"delay\" with 0 attempts is ambiguous"],
            ),
            (
                "reschedule {;attempts = 3;interval = \"30s\";delay = \"10s\";delay_function = \"constant\";unlimited = false;}",
                &[],
            ),
            (
                "reschedule {;attempts = 9;interval = \"31s\";delay = \"10s\";delay_function = \"constant\";unlimited = false;}",
                &[
                    "Nomad can only make 3 attempts in 31s with initial delay 10s and delay function \"constant\"",
                    "Set the interval to at least 1m30s to accommodate 9 attempts",
                ],
            ),
            (
                "reschedule {;attempts = 5;interval = \"1m\";delay = \"10s\";delay_function = \"exponential\";max_delay = \"20s\";unlimited = false;}",
                &[
                    "Nomad can only make 3 attempts in 1m0s with initial delay 10s, delay function \"exponential\", and delay ceiling 20s",
                    "Set the interval to at least 1m20s to accommodate 5 attempts",
                ],
            ),
            (
                "reschedule {;attempts = 5;interval = \"30s\";delay = \"10s\";delay_function = \"fibonacci\";max_delay = \"1h\";unlimited = false;}",
                &[
                    "Nomad can only make 4 attempts in 30s with initial delay 10s, delay function \"fibonacci\", and delay ceiling 1h0m0s",
                    "Set the interval to at least 50s to accommodate 5 attempts",
                ],
            ),
            ("migrate {;health_check = \"\";}", &["Missing HealthCheck"]),
            ("migrate {;health_check = \"\";max_parallel = 0;}", &[]),
            (
                "scaling {;min = 5;max = 1;}",
                &[
                    "Scaling policy invalid: maximum count must not be less than minimum count",
                    "Scaling policy invalid: task group count must not be greater than maximum count in scaling policy",
                ],
            ),
            ("stop_after_client_disconnect = \"0s\"", &[]),
        ],
    );
    check(
        "job",
        &[(
            "type = \"batch\";update {;stagger = \"0s\";}",
            &[
                "Job type \"batch\" does not allow update block",
                "Stagger must be greater than zero: 0s",
            ],
        )],
    );
}

#[test]
fn networks_and_volumes() {
    let csi = "type = \"csi\";source = \"s\"";
    let modes = "access_mode = \"single-node-reader-only\";attachment_mode = \"block-device\"";
    check(
        "group",
        &[
            ("network {};network {}", &[]),
            (
                "network {;port \"a\" {;static = 80;};port \"b\" {;static = 80;};}",
                &["Static port 80 already reserved by taskgroup network:a"],
            ),
            (
                "network {;port \"a\" {;static = 80;};port \"b\" {;static = 80;host_network = \"x\";};}",
                &[],
            ),
            (
                "network {;port \"a\" {;to = -2;};port \"b\" {;to = 70000;};port \"c\" {;static = 70000;};}",
                &[
                    "Port c (70000) cannot be greater than 65535",
                    "Port \"a\" cannot be mapped to negative value -2",
                    "Port \"b\" cannot be mapped to a port (70000) greater than 65535",
                ],
            ),
            (
                "network {;port \"a\" {};mbits = 10;}",
                &[
                    "mbits has been deprecated as of Nomad 0.12.0. Please remove mbits from the network block",
                ],
            ),
            ("volume \"v\" {;type = \"host\";source = \"s\";per_alloc = true;}", &[]),
            (
                &format!("volume \"v\" {{;{csi};{modes};mount_options {{}};}}"),
                &[
                    "single-node-reader-only volumes must be read-only",
                    "block devices cannot have mount options",
                ],
            ),
            (
                "volume \"v\" {;type = \"host\";source = \"s\";per_alloc = true;};update {;canary = 1;}",
                &["volume cannot be per_alloc when canaries are in use"],
            ),
        ],
    );
    check(
        "task",
        &[(
            "resources {;network {;port \"a\" {;to = 70000;};};}",
            &[
                "Task \"t\": task network resources have been deprecated as of Nomad 0.12.0. Please configure \
               networking via group network block.",
            ],
        )],
    );
}

#[test]
fn tasks() {
    check(
        "task",
        &[
            ("lifecycle {;hook = \"x\";}", &["Lifecycle validation failed: invalid hook: x"]),
            (
                "artifact {;source = \"x\";options {;checksum = \"md5\";};}",
                &["checksum must be given as \"type:value\"; got \"md5\""],
            ),
            (
                "dispatch_payload {;file = \"../../../x\";}",
                &["Dispatch Payload validation failed: destination escapes allocation directory"],
            ),
            ("dispatch_payload {;file = \"../../x\";}", &[]),
            (
                "template {;data = \"x\";destination = \"d\";perms = \"77777\";}",
                &[
                    "Failed to parse \"77777\" as octal: strconv.ParseUint: parsing \"77777\": value out of range",
                ],
            ),
            (
                "csi_plugin {;type = \"x\";}",
                &[
                    "CSIPluginConfig must have a non-empty PluginID",
                    "CSIPluginConfig PluginType must be one of 'node', 'controller', or 'monolith', got: \"x\"",
                ],
            ),
            (
                "kind = \"connect-proxy:x\";leader = true",
                &[
                    "Connect proxy task must not have leader set",
                    "No Connect services in task group with Connect proxy (\"x\")",
                ],
            ),
            ("resources {;device \"a/b/c/d\" {};}", &[]),
            (
                "resources {;device \"a\" {;constraint {;distinct_hosts = true;};};}",
                &["Constraint 1 validation failed: using unsupported operand \"distinct_hosts\""],
            ),
            (
                "constraint {;operator = \"distinct_property\";attribute = \"${meta.rack}\";value = \"x\";}",
                &[
                    "Failed to convert RTarget \"x\" to uint64: strconv.ParseUint: parsing \"x\": invalid syntax",
                    "Constraint 1 has disallowed Operand at task level: distinct_property",
                ],
            ),
        ],
    );
}
