//! A task's `config` against the table of its driver: unknown options, wrong types, what is missing, what excludes what.
//!
//! Nomad finds these out when the task starts, on the node, and again at every restart. A driver without a table here is
//! left alone, with a note.

use serde_json::Value as Json;

use super::{docker, is_runtime};
use crate::api::{Map, Task, TaskGroup};
use crate::jobspec::{self, BlockSchema, Field, Kind};
use crate::validate::{Report, inside, one_of};

/// Words of other tools, and what the docker driver calls them.
const MEANT: &[(&str, &str)] = &[
    ("environment", "env belongs in the task, not in config"),
    ("env", "env belongs in the task, not in config"),
    ("restart", "restart belongs in the group or task, not in config"),
    ("restart_policy", "restart belongs in the group or task, not in config"),
    ("resources", "resources belongs in the task, not in config"),
    ("cpu", "cpu belongs in the task's resources, not in config"),
    ("memory", "memory belongs in the task's resources, not in config"),
    ("logs", "logs belongs in the task, not in config; Docker's own settings are logging { … }"),
    ("service", "service belongs in the group or task, not in config"),
    ("template", "template belongs in the task, not in config"),
    ("volume_mount", "volume_mount belongs in the task, not in config"),
    ("user", "user belongs in the task, not in config"),
    ("network", "network belongs in the group, not in config"),
    ("port", "write ports = [\"name\"], and port \"name\" { … } in the group's network"),
    ("expose", "write ports = [\"name\"], and port \"name\" { … } in the group's network"),
    ("volume", "write volumes = [\"local/x:/x\"], or mount { … }"),
    ("cmd", "write command = \"…\" and args = [\"…\"]"),
    ("tag", "write it behind the image: image = \"name:tag\""),
    ("working_dir", "write work_dir = \"…\""),
    ("container_name", "remove it: containers are named after their allocation"),
    ("healthcheck", "write check { … } in a service of the group"),
    ("pull_policy", "write force_pull = true"),
    ("dns", "write dns_servers = [\"…\"]"),
    ("networks", "write network_mode = \"…\""),
    ("cap", "write cap_add = [\"…\"]"),
    ("read_only", "write readonly_rootfs = true"),
    ("jar", "write jar_path = \"local/….jar\""),
    ("main_class", "write class = \"…\""),
    ("jvm_args", "write jvm_options = [\"…\"]"),
];

/// What an unknown or wrong option comes to.
const OUTCOME: &str = "with it the task does not start";

pub(super) fn check(task: &Task, group: &TaskGroup, path: &str, report: &mut Report<'_>) {
    let driver = task.driver.as_str();
    let Some(schema) = jobspec::driver_config(driver) else {
        unknown_driver(driver, path, report);
        return;
    };
    let path = inside(path, "config");
    object(&task.config, schema, driver, &path, report);
    command(&task.config, driver, &path, report);
    match driver {
        "docker" => docker::check(task, group, &path, report),
        "raw_exec" => raw_exec(&task.config, &path, report),
        "java" => java(&task.config, &path, report),
        "qemu" => docker::port_map(task, group, driver, &path, report),
        _ => {}
    }
    work_dir(&task.config, driver, &path, report);
}

fn unknown_driver(driver: &str, path: &str, report: &mut Report<'_>) {
    if driver.is_empty() {
        return;
    }
    let path = inside(path, "driver");
    match jobspec::nearest(driver, jobspec::drivers()) {
        Some(near) => {
            report.note(&path, "unknown-driver", format!("there is no usual driver {driver}"));
            report.hint(format!("did you mean {near}?"));
        }
        None => {
            let message = format!(
                "the options of the driver {driver} are not known here: config is not checked"
            );
            report.note(&path, "unknown-driver", message);
        }
    }
}

/// One block of options.
fn object(
    options: &Map<Json>,
    schema: &'static BlockSchema,
    driver: &str,
    path: &str,
    report: &mut Report<'_>,
) {
    for (name, value) in options {
        let place = inside(path, name);
        match schema.field(name) {
            Some(field) => option(field, value, driver, &place, report),
            None => unknown(schema, name, driver, &place, report),
        }
    }
    let unknown = || options.keys().filter(|name| schema.field(name).is_none());
    for field in schema.fields.iter().filter(|field| field.required) {
        // A slip in its name has been told already.
        if unknown().any(|name| jobspec::nearest(name, [field.name]).is_some()) {
            continue;
        }
        let empty = |value: &Json| value.as_str().is_some_and(|text| text.trim().is_empty());
        if options.get(field.name).is_none_or(empty) {
            let what = if schema.name == "config" { driver } else { schema.name };
            report.error(path, "missing-option", format!("{what} needs {}", field.name));
            let outside = if schema.name == "config" { " in config" } else { "" };
            report.hint(format!("write {} = \"…\"{outside}", field.name));
        }
    }
}

fn unknown(
    schema: &'static BlockSchema,
    name: &str,
    driver: &str,
    place: &str,
    report: &mut Report<'_>,
) {
    let what = if schema.name == "config" { driver } else { schema.name };
    let message = format!("{what} has no option {name}: {OUTCOME}");
    report.error(&format!("{place}#"), "unknown-option", message);
    let meant = MEANT.iter().find(|(word, _)| schema.name == "config" && *word == name);
    let near = jobspec::nearest(name, schema.fields.iter().map(|field| field.name));
    report.hint(match (meant, near) {
        (Some((_, hint)), _) => (*hint).to_owned(),
        (None, Some(near)) => format!("did you mean {near}?"),
        (None, None) => {
            let other = jobspec::drivers().find(|other| {
                *other != driver
                    && jobspec::driver_config(other)
                        .is_some_and(|config| config.field(name).is_some())
            });
            match other {
                Some(other) => format!("remove it: it is an option of {other}"),
                None => "remove it".to_owned(),
            }
        }
    });
}

fn option(field: &'static Field, value: &Json, driver: &str, place: &str, report: &mut Report<'_>) {
    match (field.kind, value) {
        (_, Json::Null) => {}
        (Kind::Block(schema) | Kind::Blocks(schema), Json::Object(inner)) => {
            object(&inner.clone().into_iter().collect(), schema, driver, place, report);
        }
        (Kind::Block(schema) | Kind::Blocks(schema), Json::Array(items))
            if items.iter().all(Json::is_object) =>
        {
            if matches!(field.kind, Kind::Block(_)) && items.len() > 1 {
                let message = format!("{} may stand only once: {OUTCOME}", field.name);
                report.error(&format!("{place}[1]"), "duplicate-option", message);
                report.hint("keep one of the two, with what both hold");
            }
            for (at, item) in items.iter().enumerate() {
                let inner: Map<Json> =
                    item.as_object().cloned().unwrap_or_default().into_iter().collect();
                object(&inner, schema, driver, &format!("{place}[{at}]"), report);
            }
        }
        _ => plain(field, value, place, report),
    }
}

/// An option that is no block.
fn plain(field: &'static Field, value: &Json, place: &str, report: &mut Report<'_>) {
    let wanted = match field.kind {
        Kind::Text => (!is_scalar(value)).then_some("a string"),
        Kind::Bool => (!is_bool(value)).then_some("true or false"),
        Kind::Int => (!is_number(value)).then_some("a whole number"),
        Kind::Duration => (!is_duration(value)).then_some("a duration such as \"5m\""),
        Kind::Texts => {
            let good = value.as_array().is_some_and(|items| items.iter().all(is_scalar));
            (!good).then_some("a list of strings")
        }
        Kind::TextMap => (!is_text_map(value)).then_some("a block of strings"),
        _ => Some("a block"),
    };
    if let Some(wanted) = wanted {
        let kind = jobspec::kind_of(value);
        let message = format!("{} must be {wanted}, not {kind}: {OUTCOME}", field.name);
        report.error(place, "wrong-option", message);
        report.hint(jobspec::value_hint(field, value));
        return;
    }
    let text = value.as_str().unwrap_or_default();
    if !field.values.is_empty()
        && !text.is_empty()
        && !is_runtime(text)
        && !field.values.contains(&text)
    {
        let message = format!("{} cannot be \"{text}\": {OUTCOME}", field.name);
        report.error(place, "wrong-option", message);
        report.hint(one_of(field.name, text, field.values));
    }
}

fn is_scalar(value: &Json) -> bool {
    matches!(value, Json::String(_) | Json::Number(_) | Json::Bool(_))
}

fn is_bool(value: &Json) -> bool {
    let text = |text: &str| is_runtime(text) || matches!(text, "true" | "false" | "1" | "0");
    value.is_boolean() || value.as_str().is_some_and(text)
}

fn is_number(value: &Json) -> bool {
    let text = |text: &str| is_runtime(text) || text.parse::<i64>().is_ok();
    value.is_i64() || value.is_u64() || value.as_str().is_some_and(text)
}

fn is_duration(value: &Json) -> bool {
    value.as_str().is_some_and(|text| is_runtime(text) || crate::duration::parse(text).is_ok())
}

/// An object of strings, or a list of such objects, as nested blocks are handed on.
fn is_text_map(value: &Json) -> bool {
    match value {
        Json::Object(entries) => entries.values().all(is_scalar),
        Json::Array(items) => {
            items.iter().all(|item| item.as_object().is_some_and(|map| map.values().all(is_scalar)))
        }
        _ => false,
    }
}

/// `command = "/bin/sh -c x"`: it is the name of one program.
fn command(options: &Map<Json>, driver: &str, path: &str, report: &mut Report<'_>) {
    let Some(text) = options.get("command").and_then(Json::as_str) else { return };
    let Some((program, rest)) = text.trim().split_once(' ') else { return };
    if is_runtime(text) || !program.starts_with(|c: char| c == '/' || c.is_ascii_alphanumeric()) {
        return;
    }
    let message = format!("{driver} takes command for the name of one program, with its blanks");
    report.warning(&inside(path, "command"), "command-with-blanks", message);
    let parts: Vec<String> = rest.split_whitespace().map(|part| format!("\"{part}\"")).collect();
    report.hint(match rest.contains(['"', '\'']) {
        true => format!("write command = \"{program}\" and each argument in args = [ … ]"),
        false => format!("write command = \"{program}\" and args = [{}]", parts.join(", ")),
    });
}

fn work_dir(options: &Map<Json>, driver: &str, path: &str, report: &mut Report<'_>) {
    let Some(text) = options.get("work_dir").and_then(Json::as_str) else { return };
    if driver != "docker" && !text.is_empty() && !text.starts_with('/') && !is_runtime(text) {
        let message = format!("work_dir must be an absolute path: {OUTCOME}");
        report.error(&inside(path, "work_dir"), "wrong-option", message);
        report.hint(format!("write work_dir = \"/{text}\", or \"${{NOMAD_TASK_DIR}}/{text}\""));
    }
}

fn raw_exec(options: &Map<Json>, path: &str, report: &mut Report<'_>) {
    if options.contains_key("cgroup_v1_override") && options.contains_key("cgroup_v2_override") {
        let message =
            format!("cgroup_v1_override and cgroup_v2_override exclude each other: {OUTCOME}");
        report.error(&inside(path, "cgroup_v2_override#"), "excluded-option", message);
        report.hint("keep the one that fits the nodes, nowadays cgroup_v2_override");
    }
    if options.get("oom_score_adj").and_then(Json::as_i64).is_some_and(|score| score < 0) {
        let message = format!("oom_score_adj must not be negative: {OUTCOME}");
        report.error(&inside(path, "oom_score_adj"), "wrong-option", message);
        report.hint("write a number from 0 to 1000");
    }
}

fn java(options: &Map<Json>, path: &str, report: &mut Report<'_>) {
    let given =
        |name: &str| options.get(name).and_then(Json::as_str).is_some_and(|text| !text.is_empty());
    match (given("jar_path"), given("class")) {
        (false, false) => {
            report.error(path, "missing-option", "java needs jar_path or class");
            report.hint("write jar_path = \"local/….jar\" in config");
        }
        (true, true) => {
            let message = "class has no effect beside jar_path";
            report.warning(&inside(path, "class#"), "excluded-option", message);
            report.hint("keep one of the two");
        }
        _ => {}
    }
}
