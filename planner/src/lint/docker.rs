//! What Docker's options have to do with the rest of the job: ports by their labels, mounts, networks.
//!
//! Names and types of the options have been checked already.

use serde_json::Value as Json;

use super::{is_runtime, ports};
use crate::api::{Map, Task, TaskGroup};
use crate::validate::{Report, inside};

pub(super) fn check(task: &Task, group: &TaskGroup, path: &str, report: &mut Report<'_>) {
    let options = &task.config;
    image(options, path, report);
    labels(task, group, path, report);
    port_map(task, group, "docker", path, report);
    for name in ["mount", "mounts"] {
        for (at, mount) in objects(options.get(name)).enumerate() {
            self::mount(mount, &inside(path, &format!("{name}[{at}]")), report);
        }
    }
    let bridged = group.networks.iter().any(|network| network.mode == "bridge");
    if bridged && options.contains_key("network_mode") {
        let message = "network_mode takes the container out of the group's bridge network";
        report.warning(&inside(path, "network_mode"), "excluded-option", message);
        report.hint("remove it, or mode = \"bridge\" in the group's network");
    }
    for name in ["dns_servers", "dns_search_domains", "dns_options"].iter().filter(|_| bridged) {
        if options.contains_key(*name) {
            let message = format!("{name} has no effect in the group's bridge network");
            report.warning(&inside(path, name), "excluded-option", message);
            report.hint("write dns { … } in the group's network");
        }
    }
    for logging in objects(options.get("logging")) {
        if logging.contains_key("type") && logging.contains_key("driver") {
            let message = "type and driver of logging mean the same";
            report.warning(&inside(path, "logging[0].type#"), "excluded-option", message);
            report.hint("keep one of the two");
        }
    }
}

/// The objects of a block that may repeat.
fn objects(value: Option<&Json>) -> impl Iterator<Item = &serde_json::Map<String, Json>> {
    let (one, many) = match value {
        Some(Json::Array(items)) => (None, items.as_slice()),
        other => (other, &[][..]),
    };
    one.into_iter().chain(many).filter_map(Json::as_object)
}

fn image(options: &Map<Json>, path: &str, report: &mut Report<'_>) {
    let Some(image) = options.get("image").and_then(Json::as_str) else { return };
    if is_runtime(image) || image.trim().is_empty() {
        return;
    }
    let name = image.split('@').next().unwrap_or_default();
    let name = name.trim_start_matches("https://").trim_start_matches("docker://");
    // The last part may be tagged, the first may be a registry.
    let repository = match name.rsplit_once(':') {
        Some((before, tag)) if !tag.contains('/') => before,
        _ => name,
    };
    let after_registry = repository.split_once('/').map_or(repository, |(_, rest)| rest);
    let place = inside(path, "image");
    if image.contains(char::is_whitespace) {
        report.error(
            &place,
            "wrong-option",
            "the name of an image has no blanks: with them the task does not start",
        );
        let first = image.split_whitespace().next().unwrap_or_default();
        report.hint(format!("write image = \"{first}\", and what follows it in command and args"));
    } else if after_registry.contains(|c: char| c.is_ascii_uppercase()) {
        let message = "the name of an image is written in small letters: with capitals the task does not start";
        report.error(&place, "wrong-option", message);
        report.hint(format!(
            "write image = \"{}\"",
            image.replace(after_registry, &after_registry.to_ascii_lowercase())
        ));
    } else if image.starts_with("http://") {
        report.error(
            &place,
            "wrong-option",
            "an image is no address of a page: with http:// the task does not start",
        );
        report.hint(format!("write image = \"{}\"", image.trim_start_matches("http://")));
    }
}

/// `ports` names ports of the group's network.
fn labels(task: &Task, group: &TaskGroup, path: &str, report: &mut Report<'_>) {
    let known = ports(group, Some(task));
    let given = task.config.get("ports").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    for label in given {
        let Some(label) = text(label) else { continue };
        if is_runtime(&label) || known.contains(&label.as_str()) {
            continue;
        }
        let message = format!(
            "there is no port {label} in the group's network: with it the task does not start"
        );
        report.error(&inside(path, "ports"), "unknown-port", message);
        let numbers: Vec<&str> =
            label.split(['/', ':']).filter(|part| part.parse::<u16>().is_ok()).collect();
        report.hint(match (numbers.as_slice(), known.as_slice()) {
            ([inner], _) => format!(
                "ports takes labels: write port \"http\" {{ to = {inner} }} in the group's network, and ports = [\"http\"]"
            ),
            ([outer, inner], _) => format!(
                "ports takes labels: write port \"http\" {{ static = {outer} to = {inner} }} in the group's network, \
                 on lines of their own, and ports = [\"http\"]"
            ),
            (_, []) => format!("write network {{ port \"{label}\" {{}} }} in the group"),
            (_, known) => match crate::jobspec::nearest(&label, known.iter().copied()) {
                Some(near) => format!("write ports = [\"{near}\"]"),
                None => format!("the group has {}", known.join(", ")),
            },
        });
    }
}

fn text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// `port_map` belongs to the network of a task, the old way.
pub(super) fn port_map(
    task: &Task,
    group: &TaskGroup,
    driver: &str,
    path: &str,
    report: &mut Report<'_>,
) {
    let Some(map) = task.config.get("port_map") else { return };
    let place = inside(path, "port_map");
    for (label, number) in objects(Some(map)).flatten() {
        let number = text(number).unwrap_or_default();
        if number.parse::<u16>().is_err() && !is_runtime(&number) {
            let message = format!(
                "{label} in port_map must be the number of a port: with it the task does not start"
            );
            report.error(&place, "wrong-option", message);
            report.hint(format!("write {label} = 8080"));
        }
    }
    let own = task.resources.as_ref().is_some_and(|resources| !resources.networks.is_empty());
    if own || driver != "docker" {
        return;
    }
    let first = objects(Some(map)).flatten().next();
    let (label, to) = first.map_or(("http".to_owned(), None), |(label, number)| {
        (label.clone(), text(number).filter(|number| number.parse::<u16>().is_ok()))
    });
    let to = to.unwrap_or_else(|| "8080".to_owned());
    let message = match group.networks.is_empty() {
        true => "port_map maps ports of a network, and there is none: the task does not start",
        false => {
            "port_map works only with a network in the task's resources: the task does not start"
        }
    };
    report.error(&place, "excluded-option", message);
    report.hint(format!(
        "write port \"{label}\" {{ to = {to} }} in the group's network, and ports = [\"{label}\"] here"
    ));
}

fn mount(mount: &serde_json::Map<String, Json>, path: &str, report: &mut Report<'_>) {
    let of = |name: &str| mount.get(name).and_then(Json::as_str).unwrap_or_default();
    let kind = if of("type").is_empty() { "volume" } else { of("type") };
    let mut fail = |name: &str, message: String, hint: &str| {
        report.error(
            &inside(path, name),
            "wrong-option",
            format!("{message}: with it the task does not start"),
        );
        report.hint(hint);
    };
    if of("target").is_empty() {
        fail(
            "target",
            "a mount needs a target".to_owned(),
            "write target = \"/…\", the path in the container",
        );
    } else if !of("target").starts_with('/')
        && !is_runtime(of("target"))
        && !of("target").contains(':')
    {
        let hint = format!("write target = \"/{}\"", of("target"));
        fail("target", "the target of a mount must be an absolute path".to_owned(), &hint);
    }
    match kind {
        "bind" if of("source").is_empty() => {
            fail(
                "source",
                "a bind mount needs a source".to_owned(),
                "write source = \"local/…\", the path on the node",
            );
        }
        "tmpfs" if !of("source").is_empty() => {
            fail("source", "a tmpfs mount has no source".to_owned(), "remove the source");
        }
        _ => {}
    }
    let blocks =
        [("bind", "bind_options"), ("tmpfs", "tmpfs_options"), ("volume", "volume_options")];
    for (other, block) in blocks.iter().filter(|(other, _)| *other != kind) {
        if mount.contains_key(*block) {
            let message = format!("{block} has no effect on a mount of type \"{kind}\"");
            report.warning(&inside(path, block), "excluded-option", message);
            report.hint(format!("write type = \"{other}\", or remove the block"));
        }
    }
}
