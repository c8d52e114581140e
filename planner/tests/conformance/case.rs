//! The frame: finds the cases, runs them, and keeps the ratchet. What a case means is decided by its suite.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The differences of one case; none means it passes.
pub(crate) type Differences = Vec<String>;

/// How this run was asked for.
pub(crate) struct Run {
    pub(crate) root: PathBuf,
    pub(crate) filters: Vec<String>,
    pub(crate) quiet: bool,
    /// The ratchet belongs to the project's own cases.
    pub(crate) ratchet: bool,
}

impl Run {
    /// Runs a suite over the cases of its own folder; false if it is worse than its ratchet allows.
    pub(crate) fn suite(&self, name: &str, check: fn(&Path) -> Differences) -> bool {
        self.suite_of(name, name, check)
    }

    /// Runs a suite over the cases of a folder.
    pub(crate) fn suite_of(
        &self,
        name: &str,
        folder: &str,
        check: fn(&Path) -> Differences,
    ) -> bool {
        let folder = self.root.join(folder);
        let mut cases: Vec<String> = fs::read_dir(&folder)
            .map(|entries| {
                entries
                    .flatten()
                    .map(|entry| entry.file_name().to_string_lossy().into_owned())
                    .collect()
            })
            .unwrap_or_default();
        cases.retain(|case| folder.join(case).join("expected.json").is_file());
        cases.sort();
        let total = cases.len();
        cases.retain(|case| {
            let full = format!("{name}/{case}");
            self.filters.is_empty()
                || self.filters.iter().any(|filter| full.contains(filter.as_str()))
        });
        let mut passed = BTreeSet::new();
        for case in &cases {
            let differences = catch_unwind(AssertUnwindSafe(|| check(&folder.join(case))))
                .unwrap_or_else(|_| vec!["it panicked".to_owned()]);
            if differences.is_empty() {
                passed.insert(case.clone());
            } else if self.quiet {
                println!("test {name}/{case} ... differs ({})", differences.len());
                continue;
            }
            println!(
                "test {name}/{case} ... {}",
                if differences.is_empty() { "ok" } else { "differs" }
            );
            for difference in differences.iter().take(12) {
                println!("    {difference}");
            }
        }
        println!("conformance {name} {}/{}", passed.len(), cases.len());
        let lost =
            if self.ratchet { self.lost(name, &passed, &cases, cases.len() == total) } else { 0 };
        // The line that counts tests; a case that never passed is no failure.
        let verdict = if lost == 0 { "ok" } else { "FAILED" };
        println!("test result: {verdict}. {} passed; {lost} failed; 0 ignored", passed.len());
        lost == 0
    }

    /// How many of the names that passed before do so no longer. They may become more, never fewer.
    fn lost(&self, name: &str, passed: &BTreeSet<String>, ran: &[String], all: bool) -> usize {
        let file = self.root.join(format!("{name}.ratchet"));
        let text = fs::read_to_string(&file).unwrap_or_default();
        let before: BTreeSet<String> =
            text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
        let lost: Vec<&String> = before.iter().filter(|case| !passed.contains(*case)).collect();
        let lost: Vec<&&String> = lost.iter().filter(|case| all || ran.contains(case)).collect();
        let won = passed.difference(&before).count();
        for case in &lost {
            println!("test {name}/{case} ... FAILED");
            println!("    it passed before and must go on passing");
        }
        if won > 0 {
            println!("{won} more {name} cases pass than {name}.ratchet says: UPDATE=1 adds them");
        }
        if std::env::var_os("UPDATE").is_some() && won > 0 {
            let names: BTreeSet<&String> = before.union(passed).collect();
            let lines: String = names.iter().map(|case| format!("{case}\n")).collect();
            let head = "# Cases that pass. A name may be added, never taken away.\n";
            fs::write(&file, format!("{head}{lines}")).expect("the ratchet can be written");
        }
        lost.len()
    }
}
