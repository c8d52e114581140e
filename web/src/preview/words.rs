//! A plan in plain words: "1 create", and one sentence that says what would happen.

use steppe_planner::Planned;
use steppe_planner::plan::Plan;
use steppe_planner::record::{Record, Word};

/// How good the news is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Word)]
pub enum Tone {
    #[default]
    Quiet,
    Good,
    Change,
    Bad,
}

impl Tone {
    /// As a class name.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Quiet => "quiet",
            Tone::Good => "good",
            Tone::Change => "change",
            Tone::Bad => "bad",
        }
    }
}

/// A count with its word.
#[derive(Debug, Default, Eq, Record)]
pub struct Count {
    pub tone: Tone,
    pub text: String,
}

/// The plan in short.
#[derive(Debug, Default, Eq, Record)]
pub struct Headline {
    pub tone: Tone,
    pub counts: Vec<Count>,
    pub sentence: String,
}

/// Sums up a plan. The words for counts are those of `job plan`.
pub fn headline(plan: &Plan) -> Headline {
    let chosen = plan.placements.iter().map(|p| p.node_name.as_str()).collect();
    told(plan, chosen, plan.groups.iter().map(|g| g.nodes.len()).max().unwrap_or(0))
}

/// Sums up a plan that is not written out. `head` is its own.
pub fn headline_of(head: &Plan, planned: &Planned<'_>) -> Headline {
    let nodes = &planned.cluster().nodes;
    let chosen =
        (0..planned.placements()).map(|n| nodes[planned.node_of(n) as usize].name.as_str());
    told(head, chosen.collect(), nodes.len())
}

/// `chosen` names a node for each placement; there are `nodes` of them.
fn told(plan: &Plan, chosen: Vec<&str>, nodes: usize) -> Headline {
    let unplaced: i64 = plan.queued.values().sum();
    let mut counts = Vec::new();
    let mut count = |n: u64, tone, what: &str| {
        if n > 0 {
            counts.push(Count { tone, text: format!("{n} {what}") });
        }
    };
    let sum = |pick: fn(&steppe_planner::api::DesiredUpdates) -> u64| {
        plan.desired_updates.values().map(pick).sum::<u64>()
    };
    let not_placed = u64::try_from(unplaced).unwrap_or(0);
    count(not_placed, Tone::Bad, "cannot be placed");
    count(sum(|d| d.place).saturating_sub(not_placed), Tone::Good, "create");
    count(sum(|d| d.destructive_update), Tone::Change, "create/destroy update");
    count(sum(|d| d.in_place_update), Tone::Good, "in-place update");
    count(sum(|d| d.canary), Tone::Change, "canary");
    count(sum(|d| d.migrate), Tone::Change, "migrate");
    count(sum(|d| d.stop), Tone::Change, "destroy");
    count(sum(|d| d.preemptions), Tone::Change, "preempt");
    count(sum(|d| d.ignore), Tone::Quiet, "ignore");
    if counts.is_empty() {
        counts.push(Count { tone: Tone::Quiet, text: "no change".to_owned() });
    }
    let tone = counts.iter().map(|c| c.tone).find(|t| *t != Tone::Quiet).unwrap_or_default();
    Headline { tone, counts, sentence: sentence(plan, unplaced, chosen, nodes) }
}

fn sentence(plan: &Plan, unplaced: i64, mut chosen: Vec<&str>, nodes: usize) -> String {
    let mut parts = Vec::new();
    let placed = chosen.len();
    if placed > 0 {
        chosen.sort_unstable();
        chosen.dedup();
        let starts = quantity(placed, "allocation");
        parts.push(format!("{starts} would start on {}", list(&chosen, 3)));
    }
    if !plan.in_place.is_empty() {
        let n = plan.in_place.len();
        parts.push(format!(
            "{} would take the new version without a restart",
            quantity(n, "allocation")
        ));
    }
    if !plan.stops.is_empty() {
        parts.push(format!("{} would stop", quantity(plan.stops.len(), "allocation")));
    }
    if unplaced > 0 {
        let waiting = quantity(usize::try_from(unplaced).unwrap_or(0), "allocation");
        let groups: Vec<&str> = plan.failed_groups.keys().map(String::as_str).collect();
        let why = match nodes {
            0 => "there are no nodes".to_owned(),
            1 => "the only node does not fit".to_owned(),
            _ if placed == 0 => format!("none of {nodes} nodes fits"),
            _ => format!("no more of {nodes} nodes fits"),
        };
        parts.push(format!("{waiting} of {} would wait: {why}", list(&groups, 3)));
    }
    if parts.is_empty() {
        return "Nothing would change: the job runs as written.".to_owned();
    }
    let mut text = parts.join("; ");
    text.push('.');
    capitalize(&text)
}

/// `1 allocation`, `3 allocations`.
pub fn quantity(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// `a, b, c and 4 more`.
pub fn list(names: &[&str], most: usize) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        _ if names.len() <= most => {
            let (last, rest) = names.split_last().unwrap_or((&"", &[]));
            format!("{} and {last}", rest.join(", "))
        }
        _ => format!("{} and {} more", names[..most].join(", "), names.len() - most),
    }
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// `512 MB`, `1.5 GB`, `2.1 TB`: memory and disk, given in MiB as Nomad does.
pub fn megabytes(mb: i64) -> String {
    let value = mb as f64;
    if mb.abs() < 1024 {
        format!("{mb} MB")
    } else if value.abs() < 1000.0 * 1024.0 {
        short(value / 1024.0, "GB")
    } else {
        short(value / 1024.0 / 1024.0, "TB")
    }
}

/// `500 MHz`, `3.4 GHz`.
pub fn megahertz(mhz: i64) -> String {
    if mhz.abs() < 1000 { format!("{mhz} MHz") } else { short(mhz as f64 / 1000.0, "GHz") }
}

fn short(value: f64, unit: &str) -> String {
    if value.abs() >= 100.0 || value.fract() == 0.0 {
        format!("{value:.0} {unit}")
    } else {
        format!("{value:.1} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_like_english() {
        assert_eq!(list(&["a"], 3), "a");
        assert_eq!(list(&["a", "b", "c"], 3), "a, b and c");
        assert_eq!(list(&["a", "b", "c", "d", "e"], 3), "a, b, c and 2 more");
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(megabytes(256), "256 MB");
        assert_eq!(megabytes(2048), "2 GB");
        assert_eq!(megabytes(1536), "1.5 GB");
        assert_eq!(megabytes(1_048_276), "1.0 TB");
        assert_eq!(megahertz(500), "500 MHz");
        assert_eq!(megahertz(10400), "10.4 GHz");
    }

    #[test]
    fn an_empty_plan_changes_nothing() {
        let headline = headline(&Plan::default());
        assert_eq!(headline.counts[0].text, "no change");
        assert_eq!(headline.tone, Tone::Quiet);
    }
}
