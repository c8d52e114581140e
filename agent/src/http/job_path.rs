//! What a path below `/v1/job/` means. Job IDs may contain slashes, so the last part decides.

/// The part of a job that a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Job,
    Allocations,
    Deployment,
    Deployments,
    Evaluate,
    Evaluations,
    Plan,
    Revert,
    Stable,
    Submission,
    Summary,
    Versions,
}

const SUFFIXES: [(&str, Part); 11] = [
    ("/allocations", Part::Allocations),
    ("/deployment", Part::Deployment),
    ("/deployments", Part::Deployments),
    ("/evaluate", Part::Evaluate),
    ("/evaluations", Part::Evaluations),
    ("/plan", Part::Plan),
    ("/revert", Part::Revert),
    ("/stable", Part::Stable),
    ("/submission", Part::Submission),
    ("/summary", Part::Summary),
    ("/versions", Part::Versions),
];

/// Splits a decoded path into job ID and part; an unknown last part belongs to the ID.
pub(super) fn split(path: &str) -> (&str, Part) {
    SUFFIXES
        .iter()
        .find_map(|(suffix, part)| {
            path.strip_suffix(suffix).filter(|id| !id.is_empty()).map(|id| (id, *part))
        })
        .unwrap_or((path, Part::Job))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_decides() {
        assert_eq!(split("web"), ("web", Part::Job));
        assert_eq!(split("web/allocations"), ("web", Part::Allocations));
        assert_eq!(
            split("param/dispatch-1-2/summary"),
            ("param/dispatch-1-2", Part::Summary),
            "a job ID with a slash"
        );
        assert_eq!(split("web/bogus"), ("web/bogus", Part::Job));
        assert_eq!(split("/plan"), ("/plan", Part::Job), "no job ID before it");
    }
}
