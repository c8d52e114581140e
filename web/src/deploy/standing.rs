//! Whether the preview on the screen can be deployed, and the words for why not. A pure function.

use crate::live::Link;
use crate::preview::{PlanView, Preview};

/// How the draft stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The text has this many errors.
    Errors(usize),
    /// No plan yet for this text, or no cluster to plan against.
    Planning,
    /// The text holds no job.
    NoJob,
    /// The page has no agent, or lost it.
    NoAgent,
    Lost,
    /// The cluster planned in is not the real one.
    WhatIf,
    /// The job runs as written.
    Nothing,
    /// No allocation finds a node.
    Unplaceable,
    /// It is registered as written, and the rest of it waits for a node.
    Waiting,
    /// Some allocations would wait for a node.
    Partly(u64),
    Ready,
}

impl Standing {
    pub(super) fn of(preview: &Preview, fresh: bool, link: Link) -> Standing {
        if link == Link::NoAgent {
            return Standing::NoAgent;
        }
        if preview.staged.is_some() {
            return Standing::WhatIf;
        }
        if preview.errors() > 0 {
            return Standing::Errors(preview.errors());
        }
        if !fresh || preview.snapshot_index.is_none() {
            return Standing::Planning;
        }
        let Some(plan) = &preview.plan else { return Standing::NoJob };
        if link != Link::Live {
            return Standing::Lost;
        }
        let acts = acts(plan);
        match plan.unplaced() {
            0 if !acts && !plan.spec_changed => Standing::Nothing,
            0 => Standing::Ready,
            _ if !acts && !plan.spec_changed && plan.job_modify_index > 0 => Standing::Waiting,
            _ if !acts => Standing::Unplaceable,
            n => Standing::Partly(n),
        }
    }

    /// True if the button can be pressed.
    pub(super) fn may_deploy(self) -> bool {
        matches!(self, Standing::Ready | Standing::Partly(_))
    }

    /// A stable word for tests.
    pub(super) fn word(self) -> &'static str {
        match self {
            Standing::Errors(_) => "errors",
            Standing::Planning => "planning",
            Standing::NoJob => "no-job",
            Standing::NoAgent => "no-agent",
            Standing::Lost => "lost",
            Standing::WhatIf => "what-if",
            Standing::Nothing => "nothing",
            Standing::Unplaceable => "unplaceable",
            Standing::Waiting => "waiting",
            Standing::Partly(_) => "partly",
            Standing::Ready => "ready",
        }
    }

    /// One sentence.
    pub(super) fn text(self) -> String {
        match self {
            Standing::Errors(1) => "Not yet: the text has an error.".to_owned(),
            Standing::Errors(n) => format!("Not yet: the text has {n} errors."),
            Standing::Planning => "Planning…".to_owned(),
            Standing::NoJob => "There is no job to deploy.".to_owned(),
            Standing::NoAgent => "A sample cluster: nothing can be deployed here.".to_owned(),
            Standing::Lost => "Not now: the agent does not answer.".to_owned(),
            Standing::WhatIf => "A try: go back to the real cluster to deploy.".to_owned(),
            Standing::Nothing => "Nothing to do: the job runs as written.".to_owned(),
            Standing::Unplaceable => "No node fits: nothing would run.".to_owned(),
            Standing::Waiting => "Deployed; what does not fit waits for a node.".to_owned(),
            Standing::Partly(1) => "1 allocation would wait for a node that fits.".to_owned(),
            Standing::Partly(n) => format!("{n} allocations would wait for a node that fits."),
            Standing::Ready => "Deploys exactly this preview.".to_owned(),
        }
    }
}

/// True if anything would start, stop or change.
fn acts(plan: &PlanView) -> bool {
    plan.placements_total + plan.stops_total + plan.in_place_total > 0
}
