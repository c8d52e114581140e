//! Options of the `java` driver.
//!
//! Data only; that one of `jar_path` and `class` is needed is a rule in `lint`.

use super::exec::NAMESPACES;
use crate::jobspec::schema::Kind::*;
use crate::jobspec::schema::{BlockSchema, Label, Shape, field};

pub(super) static CONFIG: BlockSchema = BlockSchema {
    name: "config",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("jar_path", "", Text),
        field("class", "", Text),
        field("class_path", "", Text),
        field("args", "", Texts),
        field("jvm_options", "", Texts),
        field("pid_mode", "", Text).values(NAMESPACES),
        field("ipc_mode", "", Text).values(NAMESPACES),
        field("cap_add", "", Texts),
        field("cap_drop", "", Texts),
        field("work_dir", "", Text).since("1.8.0"),
    ],
};
