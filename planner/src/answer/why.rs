//! Why a group goes to one node and not to another: every check of one node, and its score beside those that won.

use crate::Map;
use crate::plan::{Checked, Failure, NodeVerdict};
use crate::record::Record;
use crate::scheduler::Planned;

/// So many placements are compared with.
const RIVALS_MAX: usize = 5;
/// So many more allocations are tried on the node.
const MORE_MAX: u64 = 100;

/// Everything there is to say about a group and a node.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct WhyNot {
    pub group: String,
    pub node: NodeVerdict,
    /// One sentence.
    pub answer: String,
    /// Failed and passed.
    pub checks: Vec<Checked>,
    /// What was placed elsewhere, and how this node stood then.
    pub rivals: Vec<Rival>,
    /// So many more would fit here after the plan.
    pub more: u64,
    pub at_least: bool,
    /// What the next one would lack.
    pub next: Vec<Failure>,
}

/// A placement on another node.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Rival {
    pub name: String,
    pub node_name: String,
    pub score: f64,
    pub scores: Map<f64>,
    /// Of the node in question: absent if it could not take the allocation.
    pub own: Option<f64>,
    pub own_scores: Map<f64>,
}

/// Asks a plan about a group and a node, by their names or the node's ID; `None` if there are no such.
pub fn why_not(planned: &Planned<'_>, group: &str, node: &str) -> Option<WhyNot> {
    let at = planned.groups().iter().position(|report| report.name == group)?;
    let nodes = &planned.cluster().nodes;
    let by_name = || u32::try_from(nodes.iter().position(|n| n.name == node)?).ok();
    let number = planned.cluster().node_number(node).or_else(by_name)?;
    let verdict = planned.verdict(at, number);
    let rivals = rivals(planned, group, number, &verdict);
    let place = planned.job().groups.iter().position(|g| g.name == group);
    let room = place.map(|place| planned.more(place, Some(number), MORE_MAX, 1));
    let room = room.unwrap_or_default();
    Some(WhyNot {
        group: group.to_owned(),
        answer: answer(&verdict, &rivals),
        checks: planned.checks(at, number),
        rivals,
        more: room.more,
        at_least: room.at_least,
        next: room.next.into_iter().flat_map(|verdict| verdict.failures).collect(),
        node: verdict,
    })
}

fn rivals(planned: &Planned<'_>, group: &str, node: u32, own: &NodeVerdict) -> Vec<Rival> {
    let elsewhere = (0..planned.placements()).filter(|n| planned.node_of(*n) != node);
    let placements = elsewhere.map(|n| planned.placement(n)).filter(|p| p.group == group);
    let rival = |placement: crate::plan::Placement| {
        // The best nodes are noted as they stood at each placement; the others stand as in their verdict.
        let mut then = placement.metrics.score_meta_data.iter();
        let then = then.find(|score| score.node_id == own.node_id);
        Rival {
            name: placement.name,
            node_name: placement.node_name,
            score: placement.score,
            scores: placement.scores,
            own: then.map(|score| score.norm_score).or(own.score),
            own_scores: then.map_or_else(|| own.scores.clone(), |score| score.scores.clone()),
        }
    };
    placements.take(RIVALS_MAX).map(rival).collect()
}

fn answer(node: &NodeVerdict, rivals: &[Rival]) -> String {
    let name = &node.node_name;
    match (node.placed.as_slice(), node.failures.as_slice(), rivals.first()) {
        ([], [], None) => format!("{name} would do, but nothing of this group needs a place now."),
        ([], [], Some(rival)) => beaten(name, rival),
        ([], [only], _) => format!("{name} cannot take it: {}.", only.message),
        ([], failures, _) => format!("{name} cannot take it: {} checks fail.", failures.len()),
        (placed, [], _) => format!("{name} takes {}.", placed.join(", ")),
        (placed, failures, _) => {
            let lacks: Vec<&str> = failures.iter().map(|f| f.message.as_str()).collect();
            format!("{name} takes {}, and no more: {}.", placed.join(", "), lacks.join("; "))
        }
    }
}

/// It would do, and another one is better.
fn beaten(name: &str, rival: &Rival) -> String {
    let (won, better) = (&rival.name, &rival.node_name);
    let own = rival.own.unwrap_or_default();
    if own >= rival.score {
        return format!("{name} would do as well; {better} comes first by name, and takes {won}.");
    }
    let gain = |part: &str| {
        let of = |scores: &Map<f64>| scores.get(part).copied().unwrap_or_default();
        of(&rival.scores) - of(&rival.own_scores)
    };
    let parts = rival.scores.keys().chain(rival.own_scores.keys());
    let decisive = parts.max_by(|a, b| gain(a).total_cmp(&gain(b)));
    let why = decisive.map(|part| format!(", most of all by {part}")).unwrap_or_default();
    format!(
        "{name} would do, but {better} is better for {won}: {:.3} against {own:.3}{why}.",
        rival.score
    )
}
