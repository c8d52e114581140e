//! Which node wins, for one placement of a group after another.
//!
//! After a placement only the nodes of the chosen host answer anew; the others keep their place. Nodes stand in buckets
//! within which nothing but their own score counts: equal values of all spread attributes, and equally many parts of
//! the score. So a placement costs as much as there are buckets, not as there are nodes.

use std::cmp::Ordering;

use super::rank::Score;
use super::tally::{Counter, SCORES_KEPT};

/// So many of a bucket are sorted at a time: most are never looked at.
const SORTED_AT_A_TIME: usize = 128;

/// What a node answered last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Answer {
    /// Not among the candidates.
    Aside,
    /// A check fails that nothing in this plan can change.
    Never(usize),
    /// Something is missing now.
    Fails(usize),
    /// It fits: the sum of its score's parts without spread, how many there are, and its bucket.
    Fits { sum: f64, parts: u8, bucket: usize },
}

/// The nodes that differ in nothing but their own score.
#[derive(Clone, Debug)]
struct Bucket {
    /// By spread: the attribute's value there, as a number.
    place: usize,
    parts: u8,
    /// Nodes as they answered first: the best in front, as far as they are sorted.
    order: Vec<u32>,
    sorted: usize,
    /// Nodes that answered anew.
    moved: Vec<u32>,
}

/// One group of one job version, and all nodes' answers to it.
#[derive(Debug, Default)]
pub(super) struct Contest {
    pub(super) answers: Vec<Answer>,
    /// Answered anew since the start: their place in a bucket's order is void.
    moved: Vec<bool>,
    buckets: Vec<Bucket>,
    pub(super) counter: Counter,
    /// How much of the draft's changes has been seen.
    pub(super) seen: usize,
}

/// A node with its final score.
pub(super) struct Ranked {
    pub(super) node: u32,
    pub(super) mean: f64,
}

impl Contest {
    /// Notes the first answer of a node; nodes come in order.
    pub(super) fn enter(&mut self, answer: Answer) {
        let node = u32::try_from(self.answers.len()).unwrap_or(u32::MAX);
        if let Answer::Fits { bucket, .. } = answer {
            self.buckets[bucket].order.push(node);
        }
        self.answers.push(answer);
        self.moved.push(false);
    }

    /// The bucket of a place in the spreads and a number of parts.
    pub(super) fn bucket(&mut self, place: usize, parts: u8) -> usize {
        let known = self.buckets.iter().position(|b| b.place == place && b.parts == parts);
        known.unwrap_or_else(|| {
            let (order, moved) = (Vec::new(), Vec::new());
            self.buckets.push(Bucket { place, parts, order, sorted: 0, moved });
            self.buckets.len() - 1
        })
    }

    /// Replaces a node's answer. Counting is the caller's.
    pub(super) fn change(&mut self, node: u32, answer: Answer) {
        let slot = node as usize;
        if let Answer::Fits { bucket, .. } = self.answers[slot]
            && self.moved[slot]
        {
            self.buckets[bucket].moved.retain(|other| *other != node);
        }
        if let Answer::Fits { bucket, .. } = answer {
            self.buckets[bucket].moved.push(node);
        }
        self.answers[slot] = answer;
        self.moved[slot] = true;
    }

    /// The best nodes, best first, at most as many as a tally names. `spread` gives the score of a place; `penalized`
    /// nodes have failed before.
    pub(super) fn best(&mut self, spread: &dyn Fn(usize) -> f64, penalized: &[u32]) -> Vec<Ranked> {
        let mut best: Vec<Ranked> = Vec::new();
        for at in 0..self.buckets.len() {
            let share = spread(self.buckets[at].place);
            let mut found = 0;
            let mut next = 0;
            while found < SCORES_KEPT {
                let Some(node) = self.nth(at, next) else { break };
                next += 1;
                if !self.moved[node as usize] && !penalized.contains(&node) {
                    found += 1;
                    let ranked = self.ranked(node, share, false);
                    // Those behind it in the bucket have no better chance.
                    if best.get(SCORES_KEPT - 1).is_some_and(|last| ranked.mean < last.mean) {
                        break;
                    }
                    keep(&mut best, ranked);
                }
            }
            let bucket = &self.buckets[at];
            for node in bucket.moved.iter().filter(|node| !penalized.contains(node)) {
                keep(&mut best, self.ranked(*node, share, false));
            }
        }
        for node in penalized {
            if let Some(Answer::Fits { bucket, .. }) = self.answers.get(*node as usize) {
                let share = spread(self.buckets[*bucket].place);
                keep(&mut best, self.ranked(*node, share, true));
            }
        }
        best
    }

    fn ranked(&self, node: u32, spread: f64, penalty: bool) -> Ranked {
        let Answer::Fits { mut sum, parts, .. } = self.answers[node as usize] else {
            return Ranked { node, mean: f64::NEG_INFINITY };
        };
        let mut parts = f64::from(parts);
        if penalty {
            sum -= 1.0;
            parts += 1.0;
        }
        if spread != 0.0 {
            sum += spread;
            parts += 1.0;
        }
        Ranked { node, mean: sum / parts }
    }

    /// The nth of a bucket's first order, sorted only as far as somebody looks.
    fn nth(&mut self, bucket: usize, at: usize) -> Option<u32> {
        let Bucket { order, sorted, .. } = &mut self.buckets[bucket];
        if at >= order.len() {
            return None;
        }
        if at >= *sorted {
            let answers = &self.answers;
            let sum = |node: &u32| match answers[*node as usize] {
                Answer::Fits { sum, .. } => sum,
                Answer::Aside | Answer::Never(_) | Answer::Fails(_) => f64::NEG_INFINITY,
            };
            let better = |a: &u32, b: &u32| sum(b).total_cmp(&sum(a)).then(a.cmp(b));
            let rest = &mut order[*sorted..];
            let step = SORTED_AT_A_TIME.min(rest.len());
            if step < rest.len() {
                rest.select_nth_unstable_by(step - 1, better);
            }
            rest[..step].sort_unstable_by(better);
            *sorted += step;
        }
        Some(order[at])
    }
}

fn keep(best: &mut Vec<Ranked>, ranked: Ranked) {
    let worse = |other: &Ranked| {
        let order = ranked.mean.total_cmp(&other.mean);
        order == Ordering::Greater || order == Ordering::Equal && ranked.node < other.node
    };
    let place = best.iter().position(worse).unwrap_or(best.len());
    if place < SCORES_KEPT {
        best.insert(place, ranked);
        best.truncate(SCORES_KEPT);
    }
}

/// The sum and number of a score's parts, spread aside.
pub(super) fn parts_of(score: &Score) -> (f64, u8) {
    Score { spread: 0.0, penalty: false, ..score.clone() }.sum()
}
