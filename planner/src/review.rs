//! All phases behind the parser, in order, for whoever shows findings to a user: the page, the command line, the package.
//!
//! What follows from a mistake is not told beside it: later phases say nothing of blocks that were misread.

use std::collections::BTreeSet;

use crate::api;
use crate::diagnostic::Diagnostics;
use crate::jobspec::{Parsed, SpanMap};
use crate::semantics::Semantics;

/// A job with its defaults, and everything that was found in its text.
#[derive(Clone, Debug, Default)]
pub struct Reviewed {
    /// With all defaults, even if it is wrong.
    pub job: Option<api::Job>,
    /// In the order of the text.
    pub diagnostics: Diagnostics,
}

/// Canonicalizes, validates and lints what was parsed.
pub fn review(parsed: &Parsed, semantics: Semantics) -> Reviewed {
    review_with(parsed, semantics, &[crate::validate::validate_rest, crate::lint::lint_rest])
}

/// The same with the rules that most jobs can break, for a program that has the others in a later part.
pub fn review_plain(parsed: &Parsed, semantics: Semantics) -> Reviewed {
    review_with(parsed, semantics, &[crate::validate::validate_plain])
}

type Phase = fn(&api::Job, &SpanMap, &[String], Semantics) -> Diagnostics;

fn review_with(parsed: &Parsed, semantics: Semantics, phases: &[Phase]) -> Reviewed {
    let mut diagnostics = parsed.diagnostics.clone();
    let job = parsed.job.clone().map(|mut job| {
        crate::canonicalize(&mut job, semantics);
        for phase in phases {
            diagnostics.extend(phase(&job, &parsed.spans, &parsed.misread, semantics));
        }
        job
    });
    let mut seen = BTreeSet::new();
    diagnostics.retain(|finding| seen.insert((finding.span, finding.message.clone())));
    diagnostics.sort_by_key(|finding| finding.span.map_or(0, |span| span.start));
    Reviewed { job, diagnostics }
}
