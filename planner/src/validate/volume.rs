//! Rules of volumes and of where they are mounted.

use super::{Report, inside, one_of};
use crate::api::{Task, TaskGroup, VolumeRequest};

pub(super) fn group(group: &TaskGroup, path: &str, report: &mut Report) {
    for (name, volume) in &group.volumes {
        let place = inside(path, &format!("volume.{name}"));
        let canaries = group.update.as_ref().and_then(|update| update.canary).unwrap_or(0);
        check(volume, canaries, &place, report);
    }
}

fn check(volume: &VolumeRequest, canaries: i64, place: &str, report: &mut Report) {
    let mut fail = |name: &str, message: &str, hint: &str| {
        report.error(&inside(place, name), "invalid-volume", message);
        report.hint(hint);
    };
    const NOT_OF_HOSTS: &str = "remove it, or write type = \"csi\"";
    if volume.source.is_empty() {
        let hint = "write source = \"…\" with the name under which nodes offer the volume";
        fail("source", "volume has an empty source", hint);
    }
    if volume.kind == "csi" {
        if volume.attachment_mode.is_empty() {
            let hint = "write attachment_mode = \"file-system\"";
            fail("attachment_mode", "CSI volumes must have an attachment mode", hint);
        }
        if volume.access_mode.is_empty() {
            let hint = "write access_mode = \"single-node-writer\"";
            fail("access_mode", "CSI volumes must have an access mode", hint);
        }
    }
    let options = volume.mount_options.as_ref().is_some_and(|options| !options.is_null());
    if volume.kind == "host" {
        if !volume.attachment_mode.is_empty() {
            let message = "host volumes cannot have an attachment mode";
            fail("attachment_mode", message, NOT_OF_HOSTS);
        }
        if !volume.access_mode.is_empty() {
            fail("access_mode", "host volumes cannot have an access mode", NOT_OF_HOSTS);
        }
        if options {
            fail("mount_options", "host volumes cannot have mount options", NOT_OF_HOSTS);
        }
    }
    let mode = volume.access_mode.as_str();
    if matches!(mode, "single-node-reader-only" | "multi-node-reader-only") && !volume.read_only {
        let message = format!("{mode} volumes must be read-only");
        fail("read_only", &message, "write read_only = true");
    }
    if volume.attachment_mode == "block-device" && options {
        let hint = "remove mount_options, or write attachment_mode = \"file-system\"";
        fail("mount_options", "block devices cannot have mount options", hint);
    }
    if volume.per_alloc && canaries > 0 {
        let message = "volume cannot be per_alloc when canaries are in use";
        fail("per_alloc", message, "remove canary from the update block, or per_alloc");
    }
}

pub(super) fn mounts(task: &Task, group: &TaskGroup, path: &str, report: &mut Report) {
    for (at, mount) in task.volume_mounts.iter().enumerate() {
        let place = inside(path, &format!("volume_mount[{at}]"));
        let volume = mount.volume.as_deref().unwrap_or_default();
        if volume.is_empty() {
            let message =
                format!("Task {} has a volume mount ({at}) referencing an empty volume", task.name);
            report.error(&place, "missing-volume", message);
            report.hint("write volume = \"…\" with the name of a volume block of the group");
        } else if !group.volumes.contains_key(volume) {
            let message = format!(
                "Task {} has a volume mount ({at}) referencing undefined volume {volume}",
                task.name
            );
            report.error(&inside(&place, "volume"), "missing-volume", message);
            let names: Vec<&str> = group.volumes.keys().map(String::as_str).collect();
            report.hint(match names.as_slice() {
                [] => format!("write volume \"{volume}\" {{ … }} in the group"),
                names => one_of("volume", volume, names),
            });
        }
        let mode = mount.propagation_mode.as_deref().unwrap_or("private");
        if !matches!(mode, "" | "private" | "host-to-task" | "bidirectional") {
            let message =
                format!("Volume Mount ({at}) has an invalid propagation mode: \"{mode}\"");
            report.error(&inside(&place, "propagation_mode"), "invalid-mount", message);
            let words = ["private", "host-to-task", "bidirectional"];
            report.hint(one_of("propagation_mode", mode, &words));
        }
    }
}
