//! The one table of Nomad's job specification: every block and attribute, its type, where it may stand, its name in
//! JSON, and the words it takes.
//!
//! Decoding, "did you mean" and completion read it. Rules between fields and defaults are not here.

mod connect;
mod driver;
mod file;
mod group;
mod job;
mod service;
mod task;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use driver::{driver_config, driver_options, drivers};
pub(crate) use file::{DYNAMIC, FILE};
pub(crate) use job::JOB;
pub(crate) use words::{AFFINITY_OPERATORS, OPERATORS};

/// What a block may hold.
pub(crate) struct BlockSchema {
    /// As written in a job file.
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) label: Label,
    pub(crate) fields: &'static [Field],
}

/// The text between a block's type and its brace.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    None,
    /// Required, and kept under this JSON name.
    One(&'static str),
    /// Allowed only where the parent says so (`scaling "cpu"` in a task).
    Optional,
}

/// Blocks whose JSON form is more than their fields.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Plain,
    Job,
    Group,
    Task,
    Constraint,
    Affinity,
    Network,
    Template,
    Vault,
    Periodic,
    Scaling,
    Volume,
}

/// The type of an attribute, or the kind of a nested block.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Text,
    Bool,
    Int,
    /// An integer that wraps at eight bits, as Nomad's weights do.
    Int8,
    /// Go's notation (`1h30m`) or nanoseconds.
    Duration,
    Texts,
    Ints,
    /// A text map, as a block or as an attribute.
    TextMap,
    /// A text map, as a block only.
    TextMapBlock,
    /// A text map, as an attribute only.
    TextMapAttribute,
    /// A block whose attributes are lists of text.
    ListMap,
    /// A block of anything.
    Free,
    /// What HCL2 itself reads, such as the type of a variable.
    Expression,
    Block(&'static BlockSchema),
    Blocks(&'static BlockSchema),
    /// Repeated blocks, in JSON an object keyed by label.
    ByLabel(&'static BlockSchema),
}

/// One attribute or nested block.
#[derive(Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// Empty for shorthands that become other fields.
    pub(crate) json: &'static str,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    /// The Nomad release that brought it; empty for the oldest known.
    pub(crate) since: &'static str,
    /// `null` stands for leaving it out; elsewhere it is a mistake.
    pub(crate) null: bool,
    /// The least and the largest number it takes.
    pub(crate) limits: (i64, i64),
    /// Nomad's HCL1 parser knows it, too.
    pub(crate) hcl1: bool,
    /// Later releases have dropped it.
    pub(crate) removed: bool,
    /// The words it takes, the most usual first; empty where anything goes.
    pub(crate) values: &'static [&'static str],
    /// Whose name it holds.
    pub(crate) names: Names,
}

/// What a text, or each of a list of texts, is the name of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    /// Nothing that is known elsewhere.
    Nothing,
    /// Declared in the group.
    Port,
    Volume,
    Task,
    /// Offered by nodes.
    Datacenter,
    Pool,
    Driver,
    NetworkMode,
    HostNetwork,
    /// A host volume or a CSI volume.
    Source,
    /// A property of nodes, in `${ … }`.
    Property,
}

const fn field(name: &'static str, json: &'static str, kind: Kind) -> Field {
    Field {
        name,
        json,
        kind,
        required: false,
        since: "",
        null: matches!(
            kind,
            Kind::Texts | Kind::Ints | Kind::TextMap | Kind::TextMapAttribute | Kind::ListMap
        ),
        limits: (i64::MIN, i64::MAX),
        hcl1: true,
        removed: false,
        values: &[],
        names: Names::Nothing,
    }
}

impl Field {
    const fn required(mut self) -> Field {
        self.required = true;
        self
    }

    const fn since(mut self, release: &'static str) -> Field {
        self.since = release;
        self
    }

    const fn or_null(mut self) -> Field {
        self.null = true;
        self
    }

    const fn between(mut self, least: i64, most: i64) -> Field {
        self.limits = (least, most);
        self
    }

    const fn not_hcl1(mut self) -> Field {
        self.hcl1 = false;
        self
    }

    const fn removed(mut self) -> Field {
        self.removed = true;
        self
    }

    const fn values(mut self, values: &'static [&'static str]) -> Field {
        self.values = values;
        self
    }

    const fn names(mut self, names: Names) -> Field {
        self.names = names;
        self
    }

    /// True for what is written as `name { … }`.
    pub(crate) fn is_block(&self) -> bool {
        self.nested().is_some()
            || matches!(self.kind, Kind::TextMap | Kind::TextMapBlock | Kind::ListMap | Kind::Free)
    }

    /// True for what is written as `name = …`.
    pub(crate) fn is_attribute(&self) -> bool {
        matches!(self.kind, Kind::TextMap) || !self.is_block()
    }

    /// The schema of the block inside, if it has one.
    pub(crate) fn nested(&self) -> Option<&'static BlockSchema> {
        match self.kind {
            Kind::Block(schema) | Kind::Blocks(schema) | Kind::ByLabel(schema) => Some(schema),
            _ => None,
        }
    }
}

impl BlockSchema {
    /// The field of that name in a job file.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field of that JSON name; Go's decoder ignores the case.
    pub(crate) fn json_field(&self, name: &str) -> Option<&'static Field> {
        self.fields
            .iter()
            .find(|field| !field.json.is_empty() && field.json.eq_ignore_ascii_case(name))
    }

    /// Where in the specification a name would be legal: the names of the blocks that take it.
    pub(crate) fn homes(name: &str) -> Vec<&'static str> {
        let mut homes = Vec::new();
        let mut seen: Vec<*const BlockSchema> = Vec::new();
        let mut queue = vec![&JOB];
        while let Some(schema) = queue.pop() {
            if seen.contains(&(schema as *const BlockSchema)) {
                continue;
            }
            seen.push(schema);
            if schema.field(name).is_some() && !homes.contains(&schema.name) {
                homes.push(schema.name);
            }
            queue.extend(schema.fields.iter().rev().filter_map(Field::nested));
        }
        homes
    }
}
