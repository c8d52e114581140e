//! One fact about every node, side by side: what a check asks of all nodes in turn.
//!
//! A column is made when somebody asks for it, and kept until a node changes. Going through it touches four bytes a
//! node; going through the nodes themselves would wait for memory at each.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::Cluster;
use crate::model::{Node, Symbol, Target};

/// The value of a node that has none.
pub const NO_VALUE: Symbol = Symbol(u32::MAX);

/// A fact about nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    Datacenter,
    Pool,
    Class,
    Id,
    Name,
    /// The value of an attribute.
    Attribute(Symbol),
    /// The value of a meta key.
    Meta(Symbol),
    /// Whether a driver of that name is usable.
    Driver(Symbol),
    /// Whether a host volume of that name is there, and how.
    Volume(Symbol),
    /// Whether the network mode of that name is there.
    Mode(Symbol),
    /// Whether the host network of that name has an address.
    HostNetwork(Symbol),
}

/// What a column says of facts that have no value of their own.
pub const YES: Symbol = Symbol(1);
/// A volume that cannot be written to.
pub const READ_ONLY: Symbol = Symbol(2);

/// A fact about every node, by number.
pub type Column = Arc<[Symbol]>;

/// Where the nodes stand by several facts: those with equal values of all of them stand in one place.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// By node.
    of: Vec<u32>,
    /// By place and fact.
    values: Vec<Vec<Option<Symbol>>>,
}

impl Places {
    /// The place of a node.
    pub fn number(&self, node: u32) -> usize {
        self.of.get(node as usize).map_or(0, |place| *place as usize)
    }

    /// The values of each place.
    pub fn values(&self) -> &[Vec<Option<Symbol>>] {
        &self.values
    }
}

/// The columns made so far, and what was made of several.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    single: RefCell<BTreeMap<Fact, Column>>,
    places: RefCell<BTreeMap<Vec<Option<Fact>>, Arc<Places>>>,
}

impl Cluster {
    /// The column of a fact.
    pub fn column(&self, fact: Fact) -> Column {
        let mut made = self.columns.single.borrow_mut();
        let make = || self.nodes.iter().map(|node| self.fact(node, fact)).collect();
        Arc::clone(made.entry(fact).or_insert_with(make))
    }

    /// The places that facts make; an absent fact is one that no node has a value of.
    pub fn places(&self, facts: Vec<Option<Fact>>) -> Arc<Places> {
        let known = self.columns.places.borrow().get(&facts).map(Arc::clone);
        known.unwrap_or_else(|| {
            let made = Arc::new(self.make_places(&facts));
            self.columns.places.borrow_mut().insert(facts, Arc::clone(&made));
            made
        })
    }

    fn make_places(&self, facts: &[Option<Fact>]) -> Places {
        let columns: Vec<Option<Column>> =
            facts.iter().map(|fact| fact.map(|fact| self.column(fact))).collect();
        let mut places = Places::default();
        let mut numbers: BTreeMap<Vec<Option<Symbol>>, u32> = BTreeMap::new();
        for node in 0..self.nodes.len() {
            let value = |column: &Option<Column>| {
                column.as_ref().map(|column| column[node]).filter(|value| *value != NO_VALUE)
            };
            let key: Vec<Option<Symbol>> = columns.iter().map(value).collect();
            let next = u32::try_from(places.values.len()).unwrap_or(u32::MAX);
            let number = *numbers.entry(key).or_insert_with_key(|key| {
                places.values.push(key.clone());
                next
            });
            places.of.push(number);
        }
        places
    }

    /// The fact that a condition's side stands for; `None` for a literal, or if no node has a value.
    pub fn fact_of(&self, target: &Target) -> Option<Fact> {
        Some(match target {
            Target::Literal(_) | Target::Unknown => return None,
            Target::NodeId => Fact::Id,
            Target::NodeName => Fact::Name,
            Target::Datacenter => Fact::Datacenter,
            Target::Class => Fact::Class,
            Target::Pool => Fact::Pool,
            Target::Attribute(key) => Fact::Attribute((*key)?),
            Target::Meta(key) => Fact::Meta((*key)?),
        })
    }

    /// The symbol of a name that nodes offer something under; one that stands for nothing if none does.
    pub fn offered(&self, name: &str) -> Symbol {
        self.symbols.find(name).unwrap_or(NO_VALUE)
    }

    fn fact(&self, node: &Node, fact: Fact) -> Symbol {
        let yes = |there: bool| if there { YES } else { NO_VALUE };
        match fact {
            Fact::Datacenter => node.symbols.datacenter,
            Fact::Pool => node.symbols.pool,
            Fact::Class => node.symbols.class,
            Fact::Id => node.symbols.id,
            Fact::Name => node.symbols.name,
            Fact::Attribute(key) => node.attribute(key).unwrap_or(NO_VALUE),
            Fact::Meta(key) => node.meta_value(key).unwrap_or(NO_VALUE),
            Fact::Driver(name) => {
                let driver = node.drivers.get(self.symbols.text(name));
                yes(driver.is_some_and(|d| d.detected && d.healthy))
            }
            Fact::Volume(name) => match node.volumes.get(self.symbols.text(name)) {
                None => NO_VALUE,
                Some(volume) if volume.read_only => READ_ONLY,
                Some(_) => YES,
            },
            Fact::Mode(name) => yes(node.modes.iter().any(|m| m == self.symbols.text(name))),
            Fact::HostNetwork(name) => {
                yes(node.addresses.iter().any(|a| a.alias == self.symbols.text(name)))
            }
        }
    }
}
