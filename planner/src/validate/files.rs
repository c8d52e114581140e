//! Rules of what is laid into a task's directory: artifacts, templates, the payload of a dispatch.

use super::{Report, inside, one_of, unsigned};
use crate::api::{Artifact, Task, Template};

/// The fix for a path that leads out.
const INSIDE: &str =
    "write a path inside the task's directory, such as \"local/…\" or \"secrets/…\"";
const ESCAPES: &str = "destination escapes allocation directory";

pub(super) fn check(task: &Task, path: &str, report: &mut Report) {
    for (at, artifact) in task.artifacts.iter().enumerate() {
        check_artifact(artifact, &inside(path, &format!("artifact[{at}]")), report);
    }
    templates(task, path, report);
    if let Some(payload) = &task.dispatch_payload
        && escapes("task/local", &payload.file)
    {
        let message = format!("Dispatch Payload validation failed: {ESCAPES}");
        report.error(&inside(path, "dispatch_payload.file"), "path-escapes", message);
        report.hint(INSIDE);
    }
}

fn check_artifact(artifact: &Artifact, place: &str, report: &mut Report) {
    if artifact.getter_source.as_deref().is_none_or(str::is_empty) {
        report.error(place, "invalid-artifact", "source must be specified");
        report.hint("write source = \"https://…\"");
    }
    let mode = artifact.getter_mode.as_deref().unwrap_or_default();
    if !matches!(mode, "" | "any" | "file" | "dir") {
        let message = format!("invalid artifact mode \"{mode}\"; must be one of: any, file, dir");
        report.error(&inside(place, "mode"), "invalid-artifact", message);
        report.hint(one_of("mode", mode, &["any", "file", "dir"]));
    }
    if escapes("task", artifact.relative_dest.as_deref().unwrap_or_default()) {
        report.error(&inside(place, "destination"), "path-escapes", ESCAPES);
        report.hint(INSIDE);
    }
    if let Some(checksum) = artifact.getter_options.get("checksum")
        && let Some(message) = wrong_checksum(checksum)
    {
        report.error(&inside(place, "options.checksum"), "invalid-checksum", message);
        report.hint("write checksum = \"sha256:…\" with the 64 hexadecimal digits of the file");
    }
}

/// What is wrong with `sha256:ab12…`. One that is filled in later may be right.
fn wrong_checksum(given: &str) -> Option<String> {
    if super::has_variable(given) {
        return None;
    }
    let given = given.trim();
    if given.is_empty() {
        return Some("checksum value cannot be empty".to_owned());
    }
    let Some((kind, digits)) = given.split_once(':').filter(|(_, rest)| !rest.contains(':')) else {
        return Some(format!("checksum must be given as \"type:value\"; got \"{given}\""));
    };
    if let Some(letter) = digits.chars().find(|letter| !letter.is_ascii_hexdigit()) {
        let code = u32::from(letter);
        return Some(format!(
            "invalid checksum: encoding/hex: invalid byte: U+{code:04X} '{letter}'"
        ));
    }
    if digits.len() % 2 == 1 {
        return Some("invalid checksum: encoding/hex: odd length hex string".to_owned());
    }
    let length = match kind {
        "md5" => 32,
        "sha1" => 40,
        "sha256" => 64,
        "sha512" => 128,
        _ => return Some(format!("unsupported checksum type: {kind}")),
    };
    (digits.len() != length).then(|| format!("invalid {kind} checksum: {digits}"))
}

fn templates(task: &Task, path: &str, report: &mut Report) {
    for (at, template) in task.templates.iter().enumerate() {
        let place = inside(path, &format!("template[{at}]"));
        check_template(template, &place, report);
        let dest = |template: &Template| template.dest_path.clone().unwrap_or_default();
        let same = |other: &Template| dest(other) == dest(template);
        if let Some(first) = task.templates[..at].iter().position(same) {
            let message = format!("Template {} has same destination as {}", at + 1, first + 1);
            report.error(&inside(&place, "destination"), "duplicate-template", message);
            report.hint("give one of the two another destination");
        }
    }
}

fn check_template(template: &Template, place: &str, report: &mut Report) {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let mut fail = |name: &str, message: &str, hint: &str| {
        report.error(&inside(place, name), "invalid-template", message);
        report.hint(hint);
    };
    if text(&template.source_path).is_empty() && text(&template.embedded_tmpl).is_empty() {
        let message = "Must specify a source path or have an embedded template";
        fail("data", message, "write data = <<EOF with the template, or source = \"local/…\"");
    }
    let dest = text(&template.dest_path);
    if dest.is_empty() {
        let message = "Must specify a destination for the template";
        fail("destination", message, "write destination = \"local/…\"");
    }
    if escapes("task", &dest) {
        fail("destination", ESCAPES, INSIDE);
    }
    match template.change_mode.as_deref().unwrap_or_default() {
        "noop" | "restart" | "script" => {}
        "signal" => {
            if text(&template.change_signal).is_empty() {
                let message = "Must specify signal value when change mode is signal";
                fail("change_signal", message, "write change_signal = \"SIGHUP\"");
            }
            if template.envvars == Some(true) {
                let message = "cannot use signals with env var templates";
                fail("env", message, "write change_mode = \"restart\"");
            }
        }
        other => {
            let message =
                "Invalid change mode. Must be one of the following: noop, signal, restart";
            let hint = match other {
                "reload" => {
                    "write change_mode = \"signal\" and change_signal = \"SIGHUP\"".to_owned()
                }
                other => one_of("change_mode", other, &["restart", "signal", "noop", "script"]),
            };
            fail("change_mode", message, &hint);
        }
    }
    if template.splay.unwrap_or(0) < 0 {
        fail("splay", "Must specify positive splay value", "write splay = \"5s\"");
    }
    let perms = text(&template.perms);
    if !perms.is_empty()
        && let Err(reason) = unsigned(&perms, 8, 12)
    {
        let message = format!("Failed to parse \"{perms}\" as octal: {reason}");
        fail("perms", &message, "write perms = \"644\": three octal digits, in quotes");
    }
}

/// True if a path, taken from a directory of the allocation, leads out of the allocation.
fn escapes(from: &str, path: &str) -> bool {
    // Of an allocation's own directory nobody knows the name.
    let mut parts = vec!["", ""];
    let mut least = parts.len();
    for part in from.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
                least = least.min(parts.len());
            }
            name => parts.push(name),
        }
    }
    least < 2 || parts.get(2).is_some_and(|first| first.starts_with(".."))
}

#[cfg(test)]
mod tests {
    use super::{escapes, wrong_checksum};

    #[test]
    fn a_path_may_leave_the_task_but_not_the_allocation() {
        for path in ["", "local/x", "../shared", "/etc", "a/../../b"] {
            assert!(!escapes("task", path), "{path}");
        }
        for path in ["../..", "../../x", "a/../../../b", "../..x"] {
            assert!(escapes("task", path), "{path}");
        }
        assert!(!escapes("task/local", "../../x"));
        assert!(escapes("task/local", "../../../x"));
    }

    #[test]
    fn checksums_have_a_type_and_its_length() {
        let md5 = format!("md5:{}", "ab".repeat(16));
        for good in [md5.as_str(), " md5:00000000000000000000000000000000 ", "md5:${meta.sum}"] {
            assert_eq!(wrong_checksum(good), None, "{good}");
        }
        for (given, told) in [
            ("", "checksum value cannot be empty"),
            ("abc", "checksum must be given as \"type:value\"; got \"abc\""),
            ("a:b:c", "checksum must be given as \"type:value\"; got \"a:b:c\""),
            ("md5:zz", "invalid checksum: encoding/hex: invalid byte: U+007A 'z'"),
            ("md5:abc", "invalid checksum: encoding/hex: odd length hex string"),
            ("crc:ab", "unsupported checksum type: crc"),
            ("md5:ab", "invalid md5 checksum: ab"),
        ] {
            assert_eq!(wrong_checksum(given).as_deref(), Some(told), "{given}");
        }
    }
}
