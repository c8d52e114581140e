//! Decides whether two resolved sides satisfy an operand. Knows texts, not nodes.

use std::cmp::Ordering;

use super::{Constraint, Node, Operand, Pattern, Symbols, Target};
use crate::decimal;
use crate::semantics::{Rule, Semantics};

impl Constraint {
    /// True if the node satisfies the condition. The `distinct_*` operands are judged elsewhere.
    pub fn holds(&self, node: &Node, symbols: &Symbols, semantics: Semantics) -> bool {
        let left = self.left.resolve(node, symbols);
        let right = self.right.resolve(node, symbols);
        match self.operand {
            Operand::DistinctHosts | Operand::DistinctProperty => true,
            Operand::Unknown => false,
            Operand::IsSet => left.is_some(),
            Operand::IsNotSet => left.is_none(),
            // An attribute that the node lacks is as good as an empty one, here and only here.
            Operand::NotEqual => {
                let empty = |side: &Target| side.is_attribute().then_some("");
                left.or_else(|| empty(&self.left)) != right.or_else(|| empty(&self.right))
            }
            _ => match (left, right) {
                (Some(left), Some(right)) => self.compare(left, right, semantics),
                _ => false,
            },
        }
    }

    fn compare(&self, left: &str, right: &str, semantics: Semantics) -> bool {
        match self.operand {
            Operand::Equal => left == right,
            Operand::Less => order(left, right, semantics) == Ordering::Less,
            Operand::LessEqual => order(left, right, semantics) != Ordering::Greater,
            Operand::Greater => order(left, right, semantics) == Ordering::Greater,
            Operand::GreaterEqual => order(left, right, semantics) != Ordering::Less,
            Operand::SetContainsAll => {
                items(right).all(|wanted| items(left).any(|item| item == wanted))
            }
            Operand::SetContainsAny => {
                items(right).any(|wanted| items(left).any(|item| item == wanted))
            }
            Operand::Regexp | Operand::Version | Operand::Semver => self.matches(left, right),
            Operand::NotEqual
            | Operand::IsSet
            | Operand::IsNotSet
            | Operand::DistinctHosts
            | Operand::DistinctProperty
            | Operand::Unknown => false,
        }
    }

    fn matches(&self, left: &str, right: &str) -> bool {
        // A right side that differs by node was not parsed ahead.
        let parsed;
        let pattern = match &self.pattern {
            Pattern::None => {
                parsed = Pattern::new(self.operand, right);
                &parsed
            }
            ready => ready,
        };
        match pattern {
            Pattern::Regexp(regexp) => regexp.as_ref().is_some_and(|r| r.is_match(left)),
            Pattern::Range(range) => range.as_ref().is_some_and(|r| r.matches(left)),
            Pattern::None => false,
        }
    }
}

fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim)
}

/// Text order, or by number where both are numbers and the profile says so.
fn order(left: &str, right: &str, semantics: Semantics) -> Ordering {
    if semantics.has(Rule::NumericComparison) {
        if let (Ok(a), Ok(b)) = (left.parse::<i64>(), right.parse::<i64>()) {
            return a.cmp(&b);
        }
        if let (Some(a), Some(b)) = (decimal::parse(left), decimal::parse(right)) {
            return a.partial_cmp(&b).unwrap_or(Ordering::Equal);
        }
    }
    left.cmp(right)
}
