//! What is meant by a name that does not belong where it stands: a word of another tool, a name of another block, a
//! slip of the finger.
//!
//! Only the hint is decided here; that the name is wrong has been found out already.

use super::schema::{BlockSchema, Shape, driver_options};
use super::suggest;

/// Words of other tools and near misses: the block they stand in, the words, what to write instead.
const MEANT: &[(&str, &[&str], &str)] = &[
    ("job", &["replicas", "instances", "scale"], "write count = … in the group"),
    ("job", &["cron", "schedule"], "write periodic { cron = … }"),
    (
        "job",
        &["image", "container", "containers"],
        "write group and task blocks; image belongs in the task's config",
    ),
    ("group", &["replicas", "instances", "scale"], "write count = …"),
    ("group", &["container", "containers"], "write task \"name\" { … }"),
    ("group", &["port", "ports"], "write network { … } with port \"name\" { … } inside"),
    ("group", &["volumes"], "write volume \"name\" { … } for each of them"),
    ("group", &["image"], "write task \"name\" { … }; image belongs in its config"),
    ("task", &["environment", "envs"], "write env { NAME = \"value\" }"),
    (
        "task",
        &["port"],
        "write network { port \"name\" { … } } in the group, and ports = [\"name\"] in config",
    ),
    ("task", &["network"], "network belongs inside group"),
    ("task", &["volume"], "write volume in the group, and volume_mount { … } here"),
    (
        "task",
        &["depends_on"],
        "write lifecycle { hook = \"prestart\" } in the task that must run first",
    ),
    (
        "task",
        &["healthcheck", "health_check", "healthchecks"],
        "write check { … } inside service { … }",
    ),
    ("task", &["limits", "requests", "deploy"], "write resources { cpu = … memory = … }"),
    ("task", &["restart_policy"], "write restart { … }"),
    ("task", &["files", "file"], "write template { data = … destination = … }"),
    ("resources", &["mem", "ram"], "write memory = … (in MB)"),
    (
        "resources",
        &["cpus", "vcpu", "vcpus"],
        "write cpu = … (in MHz), or cores = … for whole cores",
    ),
    ("resources", &["gpu", "gpus"], "write device \"nvidia/gpu\" { count = … }"),
    ("network", &["ports"], "write port \"name\" { … } for each of them"),
    ("port", &["value", "number", "port", "host", "host_port", "published"], "write static = …"),
    ("port", &["container", "container_port", "target", "target_port"], "write to = …"),
    ("port", &["dynamic"], "remove it: a port without static is dynamic"),
    ("service", &["healthcheck", "health_check"], "write check { … }"),
    ("check", &["url", "endpoint", "uri"], "write path = \"/…\""),
    ("check", &["test", "cmd"], "write type = \"script\" and command = …"),
    ("template", &["content", "contents"], "write data = …"),
    ("template", &["dest", "target", "path", "output"], "write destination = …"),
    ("template", &["src", "template"], "write source = …"),
    ("artifact", &["url", "src", "uri"], "write source = …"),
    ("artifact", &["dest", "target", "path"], "write destination = …"),
    (
        "volume",
        &["path", "host_path", "driver"],
        "write source = … with the name of a volume that the nodes offer",
    ),
    (
        "volume_mount",
        &["path", "target", "dest", "mount_path", "container_path"],
        "write destination = …",
    ),
    ("volume_mount", &["source", "name"], "write volume = …"),
    ("update", &["strategy", "rolling"], "write max_parallel = …, and canary = … for canaries"),
    ("restart", &["policy", "condition", "type"], "write mode = \"fail\" or \"delay\""),
    ("restart", &["max_attempts", "count", "retries"], "write attempts = …"),
    ("reschedule", &["count", "retries", "max_attempts"], "write attempts = …"),
    ("constraint", &["key", "name", "attr", "left"], "write attribute = \"${…}\""),
    ("constraint", &["op", "operand"], "write operator = …"),
    ("constraint", &["right"], "write value = …"),
    ("affinity", &["key", "name", "attr"], "write attribute = \"${…}\""),
    ("affinity", &["op", "operand"], "write operator = …"),
    ("periodic", &["spec", "schedule"], "write cron = …"),
    ("periodic", &["timezone", "tz"], "write time_zone = …"),
    ("lifecycle", &["type", "when", "phase"], "write hook = …"),
    ("logs", &["max_size", "size"], "write max_file_size = … (in MB)"),
    ("ephemeral_disk", &["size_mb", "disk"], "write size = … (in MB)"),
    ("vault", &["policy"], "write policies = [\"…\"]"),
];

/// What a block of a file belongs to, where it is no job.
const OTHER_TOOLS: &[(&[&str], &str)] = &[
    (
        &["resource", "provider", "terraform", "output", "module", "data", "import", "moved"],
        "this belongs to Terraform; a job file holds one job, and variable and locals blocks",
    ),
    (
        &["source", "build", "packer"],
        "this belongs to Packer; a job file holds one job, and variable and locals blocks",
    ),
    (
        &["client", "server", "plugin", "ports", "advertise", "acl", "telemetry", "host_volume"],
        "this belongs to the configuration of an agent, not to a job",
    ),
];

/// The fix for a name that a block does not have.
pub(super) fn hint(schema: &'static BlockSchema, name: &str, hcl1: bool) -> String {
    let meant =
        |(block, words, _): &&(&str, &[&str], &str)| *block == schema.name && words.contains(&name);
    if let Some((.., hint)) = MEANT.iter().find(meant) {
        return (*hint).to_owned();
    }
    if schema.field(name).is_some() {
        return "HCL1 does not know it; write the file in HCL2".to_owned();
    }
    if name == "for_each" {
        return "write dynamic \"…\" { for_each = … content { … } } around the blocks to repeat"
            .to_owned();
    }
    let known = schema.fields.iter().filter(|field| field.hcl1 || !hcl1).map(|field| field.name);
    let near = suggest::nearest(name, known);
    let homes = homes(schema, name);
    match (near, homes.as_slice()) {
        (Some(near), homes) if homes.is_empty() || suggest::is_slip(name, near) => {
            format!("did you mean {near}?")
        }
        (_, [])
            if schema.shape == Shape::Task && driver_options().any(|field| field.name == name) =>
        {
            format!("{name} belongs inside config")
        }
        (_, []) => format!("remove it: {} has nothing like it", schema.name),
        (_, homes) => format!("{name} belongs inside {}", homes.join(" or ")),
    }
}

/// The blocks that take a name, as far as they can be meant: inside the block, or around it, or anywhere if few do.
fn homes(schema: &'static BlockSchema, name: &str) -> Vec<&'static str> {
    let all = BlockSchema::homes(name);
    let inner = |home: &&'static str| {
        schema.fields.iter().any(|f| f.nested().is_some_and(|s| s.name == *home))
    };
    let main =
        |home: &&'static str| ["job", "group", "task", "resources", "network"].contains(home);
    // What a driver takes is not meant for a check's or an action's command.
    if schema.shape == Shape::Task && driver_options().any(|field| field.name == name) {
        return Vec::new();
    }
    let below: Vec<&str> = all.iter().filter(|home| inner(home)).copied().collect();
    if let [home, ..] = below.as_slice() {
        return vec![*home];
    }
    let around: Vec<&str> = all.iter().filter(|home| main(home)).copied().collect();
    match around.as_slice() {
        // A network of resources is the old way.
        ["group", "resources"] => vec!["group"],
        [] if all.len() <= 2 => all,
        [] => Vec::new(),
        _ => around,
    }
}

/// The fix for a block that stands beside the job.
pub(super) fn beside_job(name: &str) -> String {
    let other = OTHER_TOOLS.iter().find(|(words, _)| words.contains(&name));
    if let Some((_, hint)) = other {
        return (*hint).to_owned();
    }
    match BlockSchema::homes(name).as_slice() {
        [] => match suggest::nearest(name, ["job", "variable", "variables", "locals"]) {
            Some(near) => format!("did you mean {near}?"),
            None => "a job file holds one job, and variable and locals blocks".to_owned(),
        },
        [home, ..] => format!("{name} belongs inside {home}: write job \"name\" {{ … }} around it"),
    }
}
