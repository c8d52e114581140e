//! Schema of what HCL2 itself reads: the blocks beside the job, and dynamic blocks.
//!
//! Data only, and only for those who help with writing: reading these blocks has its own code.

use super::Kind::*;
use super::job::JOB;
use super::{BlockSchema, Label, Shape, field};

pub(crate) static FILE: BlockSchema = BlockSchema {
    name: "file",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("job", "", Block(&JOB)),
        field("variable", "", Blocks(&VARIABLE)).not_hcl1(),
        field("locals", "", Free).not_hcl1(),
        field("variables", "", Free).not_hcl1(),
    ],
};

static VARIABLE: BlockSchema = BlockSchema {
    name: "variable",
    shape: Shape::Plain,
    label: Label::One(""),
    fields: &[
        field("type", "", Expression)
            .values(&["string", "number", "bool", "list", "map", "set", "object", "tuple"]),
        field("default", "", Expression),
        field("description", "", Text),
        field("validation", "", Blocks(&VALIDATION)),
    ],
};

static VALIDATION: BlockSchema = BlockSchema {
    name: "validation",
    shape: Shape::Plain,
    label: Label::None,
    fields: &[
        field("condition", "", Expression).required(),
        field("error_message", "", Text).required(),
    ],
};

pub(crate) static DYNAMIC: BlockSchema = BlockSchema {
    name: "dynamic",
    shape: Shape::Plain,
    label: Label::One(""),
    fields: &[
        field("for_each", "", Expression).required(),
        field("content", "", Free).required(),
        field("iterator", "", Expression),
        field("labels", "", Texts),
    ],
};
