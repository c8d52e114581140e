//! Collects findings and finds their places.
//!
//! What is wrong is decided by those who report it.

use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::jobspec::SpanMap;
use crate::semantics::{Rule, Semantics};

/// Blocks that stand for those of what is inside: of a job for its groups, of a group for its tasks.
const HANDED_DOWN: [&str; 4] = ["update", "migrate", "reschedule", "vault"];

/// What has been found so far.
pub(crate) struct Report<'a> {
    spans: &'a SpanMap,
    misread: &'a [String],
    semantics: Semantics,
    /// The last finding was about something misread.
    dropped: bool,
    pub(crate) findings: Diagnostics,
}

impl<'a> Report<'a> {
    /// Nothing yet. What is in `misread` blocks is not told about: it would only follow from their mistakes.
    pub(crate) fn new(
        spans: &'a SpanMap,
        misread: &'a [String],
        semantics: Semantics,
    ) -> Report<'a> {
        Report { spans, misread, semantics, dropped: false, findings: Diagnostics::new() }
    }

    /// True if this Nomad has a rule.
    pub(crate) fn has(&self, rule: Rule) -> bool {
        self.semantics.has(rule)
    }

    pub(crate) fn error(&mut self, path: &str, code: &str, message: impl Into<String>) {
        self.tell(path, Diagnostic::error(code, self.place(path), message));
    }

    pub(crate) fn warning(&mut self, path: &str, code: &str, message: impl Into<String>) {
        self.tell(path, Diagnostic::warning(code, self.place(path), message));
    }

    pub(crate) fn note(&mut self, path: &str, code: &str, message: impl Into<String>) {
        self.tell(path, Diagnostic::note(code, self.place(path), message));
    }

    fn tell(&mut self, path: &str, finding: Diagnostic) {
        let inside = |block: &String| {
            let rest = path.strip_prefix(block.as_str());
            block.is_empty()
                || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        self.dropped = self.misread.iter().any(inside);
        if !self.dropped {
            self.findings.push(finding);
        }
    }

    /// Adds the fix to the last finding.
    pub(crate) fn hint(&mut self, hint: impl Into<String>) {
        if let Some(last) = self.findings.last_mut().filter(|_| !self.dropped) {
            last.hint = Some(hint.into());
        }
    }

    /// Where a path stands: a block that is not written there is the one further out.
    fn place(&self, path: &str) -> Option<Span> {
        for block in HANDED_DOWN {
            let Some(at) = path.find(&format!(".{block}")) else { continue };
            let (owner, rest) = (&path[..at], &path[at + 1..]);
            let group = owner.find(".task.").map_or(owner, |end| &owner[..end]);
            let written = |holder: &&str| self.spans.0.contains_key(&inside(holder, block));
            if let Some(holder) = [owner, group, ""].iter().find(|holder| written(holder)) {
                return self.spans.nearest(&inside(holder, rest));
            }
        }
        self.spans.nearest(path)
    }
}

/// A path inside a block; the job's own path is empty.
pub(crate) fn inside(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The hint for a word that is none of those a field takes.
pub(crate) fn one_of(name: &str, given: &str, words: &[&str]) -> String {
    match crate::jobspec::nearest(given, words.iter().copied()) {
        Some(near) => format!("write {name} = \"{near}\""),
        None => {
            let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            format!("write {name} = {}", quoted.join(" or "))
        }
    }
}
