//! Options of the `raw_exec` driver.
//!
//! Data only.

use crate::jobspec::schema::Kind::*;
use crate::jobspec::schema::{BlockSchema, Label, Shape, field};

pub(super) static CONFIG: BlockSchema = BlockSchema {
    name: "config",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("command", "", Text).required(),
        field("args", "", Texts),
        field("cgroup_v1_override", "", TextMap).since("1.8.0"),
        field("cgroup_v2_override", "", Text).since("1.8.0"),
        field("oom_score_adj", "", Int).since("1.8.2"),
        field("work_dir", "", Text).since("1.8.0"),
        field("denied_envvars", "", Texts).since("1.9.0"),
    ],
};
