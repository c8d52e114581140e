//! Compares a plan with what Nomad's scheduler did.

use std::path::Path;

use crate::case::Differences;

/// Checks one case.
pub(crate) fn check(folder: &Path) -> Differences {
    let _ = folder;
    vec!["not compared yet".to_owned()]
}
