//! Distribution over the values of an attribute. Changes with each placement, by value, not by node.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Group, Spread, Symbol, Symbols};
use crate::scheduler::ask::{Ask, value_counts};
use crate::scheduler::draft::Draft;
use crate::semantics::Rule;
use crate::snapshot::{Cluster, Places};

/// Where the nodes stand in a group's spreads; all in one place if there are none.
pub fn places(group: &Group, cluster: &Cluster) -> Arc<Places> {
    let spreads = group.spreads.iter();
    cluster.places(spreads.map(|spread| cluster.fact_of(&spread.attribute)).collect())
}

/// The score of each place: the sum over the group's spreads.
#[derive(Clone, Debug, Default)]
pub struct SpreadScores(Vec<f64>);

impl SpreadScores {
    /// O(allocations of the job + places).
    pub fn count(ask: &Ask<'_>, places: &Places, draft: &Draft<'_>) -> SpreadScores {
        let spreads = &ask.group.spreads;
        let weights = spreads.iter().map(|spread| spread.weight).sum();
        let mut scores = vec![0.0; places.values().len()];
        // Places with values that should get nothing, once for each spread.
        let mut unwanted = Vec::new();
        let mut lowest = -1.0;
        for (at, spread) in spreads.iter().enumerate() {
            let used = Use::count(ask, spread, weights, draft);
            let mut known: BTreeMap<Symbol, f64> = BTreeMap::new();
            for (place, values) in places.values().iter().enumerate() {
                let score = match values[at] {
                    None => -1.0,
                    Some(value) => *known
                        .entry(value)
                        .or_insert_with(|| used.score(value, &draft.cluster.symbols)),
                };
                if score == f64::NEG_INFINITY && used.shares_rest {
                    unwanted.push(place);
                    continue;
                }
                scores[place] += score;
                lowest = score.min(lowest);
            }
        }
        unwanted.into_iter().for_each(|place| scores[place] += lowest);
        SpreadScores(scores)
    }

    /// Of a place.
    pub fn of(&self, place: usize) -> f64 {
        self.0.get(place).copied().unwrap_or_default()
    }
}

/// How often each value of a spread is used.
struct Use<'a> {
    spread: &'a Spread,
    /// Of the group's weights.
    share: f64,
    count: i64,
    counts: BTreeMap<Symbol, i64>,
    /// The least and the most used values' counts.
    range: Option<(i64, i64)>,
    /// How often values without a target of their own are used, where they share what is left over.
    rest: i64,
    shares_rest: bool,
}

impl<'a> Use<'a> {
    fn count(ask: &Ask<'_>, spread: &'a Spread, weights: i64, draft: &Draft<'_>) -> Use<'a> {
        let nodes = &draft.cluster.nodes;
        let value = |node: u32| spread.attribute.symbol(&nodes[node as usize]);
        let counts = value_counts(ask, Some(&ask.group.name), draft, value);
        let range = counts.values().min().copied().zip(counts.values().max().copied());
        let share = spread.weight as f64 / weights as f64;
        let symbols = &draft.cluster.symbols;
        let targeted = |value: Symbol| {
            let text = spread.attribute.text(value, symbols);
            spread.targets.iter().any(|(target, _)| target == text)
        };
        let rest = counts.iter().filter(|(value, _)| !targeted(**value)).map(|(_, n)| n).sum();
        let shares_rest = draft.cluster.semantics.has(Rule::SpreadSharesRest);
        Use { spread, share, count: ask.group.count, counts, range, rest, shares_rest }
    }

    fn score(&self, value: Symbol, symbols: &Symbols) -> f64 {
        let used = self.counts.get(&value).copied().unwrap_or(0);
        if self.spread.targets.is_empty() {
            return self.even(used);
        }
        let text = self.spread.attribute.text(value, symbols);
        self.targeted(used, text).map_or(-1.0, |score| score * self.share)
    }

    /// How far the value is below its target; `None` where it has none. What the targets leave over is the target of all
    /// others, which `*` names too.
    fn targeted(&self, used: i64, value: &str) -> Option<f64> {
        let (targets, count) = (&self.spread.targets, self.count as f64);
        let desired = |percent: i64| percent as f64 / 100.0 * count;
        let of = |value: &str| targets.iter().rev().find(|(v, _)| v == value);
        let sum: f64 = targets.iter().map(|(_, percent)| desired(*percent)).sum();
        let own = of(value).map(|(_, percent)| desired(*percent));
        let left = (sum > 0.0 && sum < count).then_some(count - sum);
        let rest = || left.or_else(|| of("*").map(|(_, percent)| desired(*percent)));
        let used = if own.is_none() && self.shares_rest { self.rest } else { used };
        let wanted = own.or_else(rest)?;
        let after = used as f64 + 1.0;
        Some((wanted - after) / wanted)
    }

    /// Prefers the least used values.
    fn even(&self, used: i64) -> f64 {
        let Some((least, most)) = self.range else { return 0.0 };
        let (least, most, current) = (least as f64, most as f64, used as f64);
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
}
