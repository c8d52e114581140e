//! Options of the `exec` driver.
//!
//! Data only.

use crate::jobspec::schema::Kind::*;
use crate::jobspec::schema::{BlockSchema, Label, Shape, field};

/// Whether a task sees the processes and shared memory of its host.
pub(super) const NAMESPACES: &[&str] = &["private", "host"];

pub(super) static CONFIG: BlockSchema = BlockSchema {
    name: "config",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("command", "", Text).required(),
        field("args", "", Texts),
        field("pid_mode", "", Text).values(NAMESPACES),
        field("ipc_mode", "", Text).values(NAMESPACES),
        field("cap_add", "", Texts),
        field("cap_drop", "", Texts),
        field("work_dir", "", Text).since("1.8.0"),
    ],
};
