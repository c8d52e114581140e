//! What would make a job fit: changes to its text, or to a node, each of them tried before it is named.
//!
//! `fix` knows what would satisfy one node, `amounts` what is the most that all can have. A proposal becomes a
//! suggestion only if the changed text, read and planned anew, places more than the text as it stands.

mod amounts;
mod fix;

use crate::api;
use crate::diagnostic::has_errors;
use crate::jobspec::{Change, ParseOptions, Parsed, TextEdit, edited, edits, parse};
use crate::record::Record;
use crate::scheduler::{PlanOptions, Planned, outline};
use crate::semantics::Semantics;
use crate::snapshot::Snapshot;
use crate::whatif::{Edit, what_if};

/// So many proposals are tried, at most.
const TRIED_MAX: usize = 16;
/// So many suggestions are made, at most.
const SUGGESTIONS_MAX: usize = 6;

/// A change that is known to help.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Suggestion {
    pub group: String,
    /// What to do, as one sentence.
    pub title: String,
    /// The change of the text; none where it is the cluster that changes.
    pub edits: Vec<TextEdit>,
    /// The command that changes the cluster.
    pub command: String,
    /// The same as a what-if edit.
    pub edit: Option<Edit>,
    /// How many allocations would still wait, of how many that wait now.
    pub waiting: i64,
    pub of: i64,
    /// How many nodes would fit.
    pub nodes: u64,
}

/// What might help.
struct Proposal {
    title: String,
    changes: Vec<Change>,
    edit: Option<Edit>,
    command: String,
    /// What changes less comes first.
    cost: u32,
}

impl Proposal {
    fn text(title: String, changes: Vec<Change>, cost: u32) -> Proposal {
        Proposal { title, changes, edit: None, command: String::new(), cost }
    }

    /// True if it does what another one does, and something besides; or the same to another extent.
    fn goes_beyond(&self, other: &Proposal) -> bool {
        let same = |a: &Change, b: &Change| match (a, b) {
            (Change::Set { place: p, name: n, .. }, Change::Set { place: q, name: m, .. }) => {
                (p, n) == (q, m)
            }
            _ => a == b,
        };
        let has = |change: &Change| self.changes.iter().any(|own| same(own, change));
        !other.changes.is_empty() && other.changes.iter().all(has)
    }
}

/// A text that is read, and what its plan leaves waiting.
struct Case<'a> {
    source: &'a str,
    options: &'a ParseOptions,
    snapshot: &'a Snapshot,
    parsed: &'a Parsed,
    job: &'a api::Job,
    waiting: i64,
}

/// What would make the job place more, the best first. Nothing, if it is placed as it stands or cannot be planned.
pub fn suggest(source: &str, options: &ParseOptions, snapshot: &Snapshot) -> Vec<Suggestion> {
    let parsed = parse(source, options);
    let Some(job) = plannable(&parsed, snapshot) else { return Vec::new() };
    let planned = outline(&job, snapshot, &PlanOptions::default());
    let (waiting, parsed) = (planned.unplaced(), &parsed);
    let case = Case { source, options, snapshot, parsed, job: &job, waiting };
    let mut suggestions = Vec::new();
    for (number, group) in job.task_groups.iter().enumerate() {
        if planned.unplaced_of(&group.name) > 0 {
            suggestions.extend(of_group(&case, &planned, number));
        }
    }
    // Stable: what comes first changes least.
    suggestions.sort_by_key(|suggestion: &Suggestion| suggestion.waiting);
    suggestions.truncate(SUGGESTIONS_MAX);
    suggestions
}

/// What helps one group, the smallest changes first.
fn of_group(case: &Case<'_>, planned: &Planned<'_>, group: usize) -> Vec<Suggestion> {
    let mut proposals = amounts::proposals(case, planned, group);
    proposals.extend(fix::proposals(planned, group));
    proposals.extend(amounts::count(case, planned, group));
    proposals.sort_by_key(|proposal| proposal.cost);
    let mut good: Vec<(Proposal, Suggestion)> = Vec::new();
    let mut tried = 0;
    for proposal in proposals {
        let enough = |(other, made): &(Proposal, Suggestion)| {
            made.waiting == 0 && proposal.goes_beyond(other)
        };
        if good.iter().any(enough) || tried == TRIED_MAX {
            continue;
        }
        tried += 1;
        if let Some(suggestion) = case.verified(group, &proposal) {
            let better = |(other, made): &(Proposal, Suggestion)| {
                made.waiting <= suggestion.waiting && proposal.goes_beyond(other)
            };
            if !good.iter().any(better) {
                good.push((proposal, suggestion));
            }
        }
    }
    good.into_iter().map(|(_, suggestion)| suggestion).collect()
}

/// The job of a text without errors, with all defaults.
fn plannable(parsed: &Parsed, snapshot: &Snapshot) -> Option<api::Job> {
    let mut job = parsed.job.clone()?;
    let semantics = Semantics::of(&snapshot.head().profile);
    crate::canonicalize(&mut job, semantics);
    let wrong = has_errors(&parsed.diagnostics)
        || has_errors(&crate::validate(&job, &parsed.spans, semantics));
    (!wrong).then_some(job)
}

impl Case<'_> {
    /// The proposal as a suggestion, if it holds what it promises.
    fn verified(&self, group: usize, proposal: &Proposal) -> Option<Suggestion> {
        let mut edits_of_text = Vec::new();
        let mut job = self.job.clone();
        if !proposal.changes.is_empty() {
            edits_of_text = edits(self.source, &self.parsed.spans, &proposal.changes)?;
            let changed = edited(self.source, &edits_of_text);
            job = plannable(&parse(&changed, self.options), self.snapshot)?;
        }
        let edit = proposal.edit.as_ref().map(std::slice::from_ref);
        let other = edit.map(|edits| what_if(self.snapshot, edits, Some(self.job)));
        let other = other.transpose().ok()?;
        let snapshot = other.as_ref().map_or(self.snapshot, |other| &other.snapshot);
        let planned = outline(&job, snapshot, &PlanOptions::default());
        let waiting = planned.unplaced();
        (waiting < self.waiting).then(|| Suggestion {
            group: self.job.task_groups[group].name.clone(),
            title: proposal.title.clone(),
            edits: edits_of_text,
            command: proposal.command.clone(),
            edit: proposal.edit.clone(),
            waiting,
            of: self.waiting,
            nodes: planned.groups().get(group).map_or(0, |report| report.feasible),
        })
    }

    /// How many would wait if the job were another one.
    fn waiting_with(&self, change: &dyn Fn(&mut api::Job)) -> i64 {
        let mut job = self.job.clone();
        change(&mut job);
        outline(&job, self.snapshot, &PlanOptions::default()).unplaced()
    }
}

/// A text as HCL and JSON write it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
