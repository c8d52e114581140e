//! Distribution over the values of an attribute. Changes with each placement, by value, not by node.

use std::collections::BTreeMap;

use crate::model::{Group, Node, Spread, Symbol, Symbols};
use crate::scheduler::ask::{Ask, value_counts};
use crate::scheduler::draft::Draft;

/// By spread of the group: the value of its attribute on a node.
pub type Place = Vec<Option<Symbol>>;

/// Where a node stands in the group's spreads.
pub fn place(group: &Group, node: &Node) -> Place {
    group.spreads.iter().map(|spread| spread.attribute.symbol(node)).collect()
}

/// How often each value of each spread of a group is used.
#[derive(Clone, Debug, Default)]
pub struct SpreadUse {
    counts: Vec<BTreeMap<Symbol, i64>>,
    weights: i64,
}

impl SpreadUse {
    /// Counts: O(allocations of the job).
    pub fn count(ask: &Ask<'_>, draft: &Draft<'_>) -> SpreadUse {
        let counts = ask
            .group
            .spreads
            .iter()
            .map(|spread| {
                value_counts(ask, Some(&ask.group.name), draft, |node| {
                    spread.attribute.symbol(&draft.cluster.nodes[node as usize])
                })
            })
            .collect();
        SpreadUse { counts, weights: ask.group.spreads.iter().map(|s| s.weight).sum() }
    }

    /// The score of a place: the sum over the group's spreads.
    pub fn score(&self, group: &Group, place: &Place, symbols: &Symbols) -> f64 {
        let parts =
            group.spreads.iter().zip(&self.counts).zip(place).map(|((spread, used), value)| {
                match value {
                    None => -1.0,
                    Some(value) if spread.targets.is_empty() => even(used, *value),
                    Some(value) => {
                        let share = spread.weight as f64 / self.weights as f64;
                        let text = spread.attribute.text(*value, symbols);
                        let used = used.get(value).copied().unwrap_or(0);
                        targeted(spread, used, text, group.count).map_or(-1.0, |s| s * share)
                    }
                }
            });
        parts.sum()
    }
}

/// How far the value is below its target; `None` where it has none.
fn targeted(spread: &Spread, used: i64, value: &str, count: i64) -> Option<f64> {
    let desired = |percent: i64| percent as f64 / 100.0 * count as f64;
    let sum: f64 = spread.targets.iter().map(|(_, percent)| desired(*percent)).sum();
    let own = spread.targets.iter().rev().find(|(v, _)| v == value).map(|(_, p)| desired(*p));
    let rest = (sum > 0.0 && sum < count as f64).then_some(count as f64 - sum);
    let wanted = own.or(rest)?;
    let after = used as f64 + 1.0;
    Some((wanted - after) / wanted)
}

/// Prefers the least used values.
fn even(used: &BTreeMap<Symbol, i64>, value: Symbol) -> f64 {
    let (Some(least), Some(most)) = (used.values().min(), used.values().max()) else {
        return 0.0;
    };
    let (least, most) = (*least as f64, *most as f64);
    let current = used.get(&value).copied().unwrap_or(0) as f64;
    if current != least {
        return if least == 0.0 { -1.0 } else { (least - current) / least };
    }
    if least == most {
        -1.0
    } else if least == 0.0 {
        1.0
    } else {
        (most - least) / least
    }
}
