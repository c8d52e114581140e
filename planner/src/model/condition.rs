//! Constraints and affinities compiled: targets resolved to symbols, patterns parsed once.

use super::version::VersionRange;
use super::{Node, Symbol, Symbols};

/// One side of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Literal(String),
    NodeId,
    NodeName,
    Datacenter,
    Class,
    Pool,
    /// `None` inside: no node of the snapshot has the attribute.
    Attribute(Option<Symbol>),
    Meta(Option<Symbol>),
    /// `${…}` that names nothing of a node.
    Unknown,
}

/// Stands for the text of a literal, which no snapshot knows.
const LITERAL: Symbol = Symbol(u32::MAX);

impl Target {
    /// Reads `${attr.kernel.name}`, `${meta.rack}`, `${node.datacenter}` or a literal.
    pub fn parse(text: &str, symbols: &Symbols) -> Target {
        let Some(inner) = text.strip_prefix("${") else { return Target::Literal(text.to_owned()) };
        // An attribute is found without the closing brace too, and with whatever stands behind it.
        let key = inner.strip_suffix('}').unwrap_or(inner);
        match inner {
            "node.unique.id}" => Target::NodeId,
            "node.unique.name}" => Target::NodeName,
            "node.datacenter}" => Target::Datacenter,
            "node.class}" => Target::Class,
            "node.pool}" => Target::Pool,
            _ => {
                if let Some(key) = key.strip_prefix("attr.") {
                    Target::Attribute(symbols.find(key))
                } else if let Some(key) = key.strip_prefix("meta.") {
                    Target::Meta(symbols.find(key))
                } else {
                    Target::Unknown
                }
            }
        }
    }

    /// True if it names an attribute or a meta value, whether the node has one or not.
    pub(super) fn is_attribute(&self) -> bool {
        matches!(self, Target::Attribute(_) | Target::Meta(_))
    }

    /// The value on a node as a symbol: equal symbols are equal values. A literal is the same everywhere.
    pub fn symbol(&self, node: &Node) -> Option<Symbol> {
        match self {
            Target::Literal(_) => Some(LITERAL),
            Target::NodeId => Some(node.symbols.id),
            Target::NodeName => Some(node.symbols.name),
            Target::Datacenter => Some(node.symbols.datacenter),
            Target::Class => Some(node.symbols.class),
            Target::Pool => Some(node.symbols.pool),
            Target::Attribute(key) => node.attribute((*key)?),
            Target::Meta(key) => node.meta_value((*key)?),
            Target::Unknown => None,
        }
    }

    /// The text of such a symbol.
    pub fn text<'a>(&'a self, symbol: Symbol, symbols: &'a Symbols) -> &'a str {
        match self {
            Target::Literal(text) => text,
            _ => symbols.text(symbol),
        }
    }

    /// The value on a node; `None` if the node has none.
    pub fn resolve<'a>(&'a self, node: &'a Node, symbols: &'a Symbols) -> Option<&'a str> {
        match self {
            Target::Literal(text) => Some(text),
            Target::NodeId => Some(&node.id),
            Target::NodeName => Some(&node.name),
            Target::Datacenter => Some(&node.datacenter),
            Target::Class => Some(&node.class),
            Target::Pool => Some(&node.pool),
            Target::Attribute(key) => node.attribute((*key)?).map(|v| symbols.text(v)),
            Target::Meta(key) => node.meta_value((*key)?).map(|v| symbols.text(v)),
            Target::Unknown => None,
        }
    }
}

/// How two sides are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Regexp,
    Version,
    Semver,
    SetContainsAll,
    SetContainsAny,
    IsSet,
    IsNotSet,
    DistinctHosts,
    DistinctProperty,
    Unknown,
}

impl Operand {
    /// Reads an operand as it stands after canonicalization.
    pub fn parse(text: &str) -> Operand {
        match text {
            "" | "=" | "==" | "is" => Operand::Equal,
            "!=" | "not" => Operand::NotEqual,
            "<" => Operand::Less,
            "<=" => Operand::LessEqual,
            ">" => Operand::Greater,
            ">=" => Operand::GreaterEqual,
            "regexp" => Operand::Regexp,
            "version" => Operand::Version,
            "semver" => Operand::Semver,
            "set_contains" | "set_contains_all" => Operand::SetContainsAll,
            "set_contains_any" => Operand::SetContainsAny,
            "is_set" => Operand::IsSet,
            "is_not_set" => Operand::IsNotSet,
            "distinct_hosts" => Operand::DistinctHosts,
            "distinct_property" => Operand::DistinctProperty,
            _ => Operand::Unknown,
        }
    }
}

/// A right side parsed ahead, where it is the same for every node.
#[derive(Clone, Debug)]
pub enum Pattern {
    None,
    Regexp(Option<regex_lite::Regex>),
    Range(Option<VersionRange>),
}

impl Pattern {
    /// Parses the right side for the operand.
    pub fn new(operand: Operand, right: &str) -> Pattern {
        match operand {
            Operand::Regexp => Pattern::Regexp(regex_lite::Regex::new(right).ok()),
            Operand::Version => Pattern::Range(VersionRange::parse(right, false)),
            Operand::Semver => Pattern::Range(VersionRange::parse(right, true)),
            _ => Pattern::None,
        }
    }
}

/// A hard condition on a node.
#[derive(Clone, Debug)]
pub struct Constraint {
    pub left: Target,
    pub right: Target,
    pub operand: Operand,
    pub pattern: Pattern,
    /// As written, for Nomad's metric key and for messages.
    pub left_text: String,
    pub operand_text: String,
    pub right_text: String,
}

impl Constraint {
    /// Nomad's metric key.
    pub fn key(&self) -> String {
        format!("{} {} {}", self.left_text, self.operand_text, self.right_text)
    }
}

/// A weighted wish.
#[derive(Clone, Debug)]
pub struct Affinity {
    pub condition: Constraint,
    pub weight: i64,
}

/// A wish to distribute over the values of an attribute.
#[derive(Clone, Debug)]
pub struct Spread {
    pub attribute: Target,
    pub attribute_text: String,
    pub weight: i64,
    /// Value and percentage.
    pub targets: Vec<(String, i64)>,
}
