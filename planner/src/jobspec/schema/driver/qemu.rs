//! Options of the `qemu` driver.
//!
//! Data only.

use crate::jobspec::schema::Kind::*;
use crate::jobspec::schema::{BlockSchema, Label, Shape, field};

pub(super) static CONFIG: BlockSchema = BlockSchema {
    name: "config",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("image_path", "", Text).required(),
        field("accelerator", "", Text),
        field("drive_interface", "", Text)
            .values(&["ide", "scsi", "sd", "mtd", "floppy", "pflash", "virtio", "none"]),
        field("emulator", "", Text).since("1.11.0"),
        field("machine_type", "", Text).since("1.11.0"),
        field("graceful_shutdown", "", Bool),
        field("guest_agent", "", Bool),
        field("args", "", Texts),
        field("port_map", "", TextMap),
    ],
};
