//! A job file after its language is dealt with: blocks, labels and attributes with values, each with its place.
//!
//! HCL2 (after evaluation and expansion), HCL1 and HCL's JSON all end here; `decode` reads it by the schema.
//! Nothing here knows what a job is.

use super::value::Value;
use crate::diagnostic::Span;

/// The inside of a block.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    pub(crate) items: Vec<Item>,
    /// Something that stands here could not be read, which has been told: nothing is missing for sure.
    pub(crate) broken: bool,
}

/// One entry of a body, in the order of the text.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Attribute(Attribute),
    Block(Block),
}

/// `name = value`.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) name_span: Span,
    pub(crate) value: Value,
    pub(crate) value_span: Span,
    /// The value is an object written out on the spot, which a free-form block takes for a nested block.
    pub(crate) literal: bool,
}

/// `name "label" { … }`.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) name: String,
    pub(crate) name_span: Span,
    pub(crate) labels: Vec<Label>,
    pub(crate) body: Body,
    /// Written `name = { … }`, which HCL1 takes for a block.
    pub(crate) assigned: bool,
}

/// A block's label.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) text: String,
    pub(crate) span: Span,
}

impl Item {
    /// The name, and where it stands.
    pub(crate) fn name(&self) -> (&str, Span) {
        match self {
            Item::Attribute(attribute) => (&attribute.name, attribute.name_span),
            Item::Block(block) => (&block.name, block.name_span),
        }
    }
}

impl Body {
    /// The blocks, in order.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.items.iter().filter_map(|item| match item {
            Item::Block(block) => Some(block),
            Item::Attribute(_) => None,
        })
    }

    /// The attribute of that name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.items.iter().find_map(|item| match item {
            Item::Attribute(attribute) if attribute.name == name => Some(attribute),
            _ => None,
        })
    }
}
