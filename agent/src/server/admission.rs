//! The gate of every job: defaults, rules, and what this agent can run.
//!
//! Nomad answers with a nested list of errors as text; so do we, since clients print it.

use steppe_planner::api;
use steppe_planner::diagnostic::Severity;
use steppe_planner::jobspec::SpanMap;
use steppe_planner::semantics::Semantics;

/// A job that may be registered.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// Canonicalized.
    pub job: api::Job,
    pub warnings: Vec<String>,
}

/// A job that may not.
#[derive(Clone, Debug)]
pub struct Inadmissible {
    pub errors: Vec<String>,
    pub warnings: Vec<String>,
}

/// Fills in the defaults and checks every rule.
pub fn admit(mut job: api::Job) -> Result<Admitted, Inadmissible> {
    steppe_planner::canonicalize(&mut job, Semantics::default());
    let findings = steppe_planner::validate(&job, &SpanMap::default(), Semantics::default());
    let of = |severity| {
        findings.iter().filter(move |d| d.severity == severity).map(|d| d.message.clone())
    };
    let mut errors: Vec<String> = of(Severity::Error).collect();
    let warnings: Vec<String> = of(Severity::Warning).collect();
    errors.extend(unsupported(&job));
    if errors.is_empty() {
        Ok(Admitted { job, warnings })
    } else {
        Err(Inadmissible { errors, warnings })
    }
}

/// Errors as Nomad's multierror text.
pub fn multierror(errors: &[String]) -> String {
    let count = match errors.len() {
        1 => "1 error occurred".to_owned(),
        n => format!("{n} errors occurred"),
    };
    let lines: String = errors.iter().map(|e| format!("\t* {e}\n")).collect();
    format!("{count}:\n{lines}\n")
}

/// Warnings as Nomad's text; empty without any.
pub fn warning_text(warnings: &[String]) -> String {
    if warnings.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = warnings.iter().map(|w| format!("* {w}")).collect();
    let plural = if warnings.len() == 1 { "" } else { "s" };
    format!("{} warning{plural}:\n\n{}", warnings.len(), lines.join("\n"))
}

/// What a job may say in Nomad and this agent cannot do: said at once, not found out at run time.
fn unsupported(job: &api::Job) -> Vec<String> {
    let mut found = Vec::new();
    let kind = job.kind.as_deref().unwrap_or("service");
    if matches!(kind, "system" | "sysbatch") {
        found.push(format!(
            "jobs of type \"{kind}\" cannot be run by this agent; it runs \"service\" and \"batch\""
        ));
    }
    if job.periodic.is_some() {
        found.push("periodic jobs cannot be run by this agent".to_owned());
    }
    if job.parameterized_job.is_some() {
        found.push("parameterized jobs cannot be run by this agent".to_owned());
    }
    if job.multiregion.is_some() {
        found.push("multiregion jobs cannot be run by this agent".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_nomads() {
        let one = vec!["Missing job task groups".to_owned()];
        assert_eq!(multierror(&one), "1 error occurred:\n\t* Missing job task groups\n\n");
        let two = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!(multierror(&two), "2 errors occurred:\n\t* a\n\t* b\n\n");
        assert_eq!(warning_text(&two), "2 warnings:\n\n* a\n* b");
        assert_eq!(warning_text(&[]), "");
    }
}
