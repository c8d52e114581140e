//! Distribution over the values of an attribute. Changes with each placement, by value, not by node.

use crate::Map;
use crate::model::Spread;
use crate::scheduler::ask::{Ask, value_counts};
use crate::scheduler::draft::Draft;

/// How often each value of each spread of a group is used.
#[derive(Clone, Debug, Default)]
pub struct SpreadUse {
    counts: Vec<Map<i64>>,
    weights: i64,
}

impl SpreadUse {
    /// Counts: O(allocations of the job).
    pub fn count(ask: &Ask<'_>, draft: &Draft<'_>) -> SpreadUse {
        let symbols = &draft.cluster.symbols;
        let counts = ask
            .group
            .spreads
            .iter()
            .map(|spread| {
                value_counts(ask, Some(&ask.group.name), draft, |node| {
                    let node = &draft.cluster.nodes[node as usize];
                    spread.attribute.resolve(node, symbols).map(str::to_owned)
                })
            })
            .collect();
        SpreadUse { counts, weights: ask.group.spreads.iter().map(|s| s.weight).sum() }
    }

    /// The score of a node: the sum over the group's spreads.
    pub fn score(&self, ask: &Ask<'_>, number: u32, draft: &Draft<'_>) -> f64 {
        let node = &draft.cluster.nodes[number as usize];
        let parts = ask.group.spreads.iter().zip(&self.counts).map(|(spread, used)| {
            match spread.attribute.resolve(node, &draft.cluster.symbols) {
                None => -1.0,
                Some(value) if spread.targets.is_empty() => even(used, value),
                Some(value) => {
                    let share = spread.weight as f64 / self.weights as f64;
                    targeted(spread, used, value, ask.group.count).map_or(-1.0, |s| s * share)
                }
            }
        });
        parts.sum()
    }
}

/// How far the value is below its target; `None` where it has none.
fn targeted(spread: &Spread, used: &Map<i64>, value: &str, count: i64) -> Option<f64> {
    let desired = |percent: i64| percent as f64 / 100.0 * count as f64;
    let sum: f64 = spread.targets.iter().map(|(_, percent)| desired(*percent)).sum();
    let own = spread.targets.iter().rev().find(|(v, _)| v == value).map(|(_, p)| desired(*p));
    let rest = (sum > 0.0 && sum < count as f64).then_some(count as f64 - sum);
    let wanted = own.or(rest)?;
    let after = used.get(value).copied().unwrap_or(0) as f64 + 1.0;
    Some((wanted - after) / wanted)
}

/// Prefers the least used values.
fn even(used: &Map<i64>, value: &str) -> f64 {
    let (Some(least), Some(most)) = (used.values().min(), used.values().max()) else {
        return 0.0;
    };
    let (least, most) = (*least as f64, *most as f64);
    let current = used.get(value).copied().unwrap_or(0) as f64;
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
