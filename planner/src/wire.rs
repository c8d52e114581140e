//! The planner from JSON to JSON: what other languages call, and what native and wasm are compared by.
//!
//! Values only: no handle to keep, nothing remembered between two calls. A user's mistake is part of the answer; an
//! error is a caller's mistake, such as a snapshot of an unknown version.

use crate::Map;
use crate::api::Job;
use crate::canonical_json;
use crate::diagnostic::{Diagnostics, Span};
use crate::jobspec::{self, Docs, Help, Hover, Input, ParseOptions, Syntax};
use crate::known::Known;
use crate::record::{self, Part, Record};
use crate::scheduler::{self, PlanOptions};
use crate::semantics::Semantics;
use crate::snapshot::{Document, Snapshot};

/// What `parse` answers.
#[derive(Default, Record)]
struct Answer {
    /// As written, before any default.
    job: Option<Job>,
    /// With all defaults, as it would be registered.
    registered: Option<Job>,
    /// Of parsing and of validating, in the order of the text.
    diagnostics: Diagnostics,
    spans: Map<Span>,
    syntax: Syntax,
    missing_files: Vec<String>,
    inputs: Vec<Input>,
}

/// What `plan` may be told besides job and snapshot.
#[derive(Default, Record)]
struct Wishes {
    stop: bool,
    eval_id: Option<String>,
}

/// What `complete` and `hover` may be told besides text and place.
#[derive(Default, Record)]
struct Knowledge {
    /// What is said about names; absent, what is included.
    docs: Option<String>,
    known: Known,
    options: ParseOptions,
}

/// Parses, fills in and validates a job file. `options` is a JSON [`ParseOptions`], or empty.
pub fn parse(text: &str, options: &str) -> Result<String, String> {
    let options: ParseOptions = read("options", options)?.unwrap_or_default();
    let parsed = jobspec::parse(text, &options);
    let reviewed = crate::review(&parsed, Semantics::default());
    write(&Answer {
        job: parsed.job,
        registered: reviewed.job,
        diagnostics: reviewed.diagnostics,
        spans: parsed.spans.0,
        syntax: parsed.syntax,
        missing_files: parsed.missing_files,
        inputs: parsed.inputs,
    })
}

/// Plans a job (its JSON, with or without defaults) against a snapshot document.
pub fn plan(job: &str, snapshot: &str, options: &str) -> Result<String, String> {
    let mut job: Job = read("job", job)?.ok_or("a job is needed")?;
    let document: Document = read("snapshot", snapshot)?.ok_or("a snapshot is needed")?;
    let wishes: Wishes = read("options", options)?.unwrap_or_default();
    crate::canonicalize(&mut job, Semantics::of(&document.profile));
    let snapshot = Snapshot::new(document).map_err(|error| error.to_string())?;
    let options = PlanOptions { stop: wishes.stop, eval_id: wishes.eval_id };
    write(&scheduler::plan(&job, &snapshot, &options))
}

/// What may be written at a byte of a text. `help` is a JSON object with `docs`, `known` and `options`, or empty.
pub fn complete(text: &str, offset: usize, help: &str) -> Result<String, String> {
    helped(help, |help| write(&jobspec::complete(text, offset, help)))
}

/// What stands at a byte of a text, or `null`.
pub fn hover(text: &str, offset: usize, help: &str) -> Result<String, String> {
    helped(help, |help| {
        let hover: Option<Hover> = jobspec::hover(text, offset, help);
        write(&hover)
    })
}

/// The names of a snapshot document, for `complete` and `hover`.
pub fn known(snapshot: &str) -> Result<String, String> {
    let document: Document = read("snapshot", snapshot)?.ok_or("a snapshot is needed")?;
    write(&Snapshot::new(document).map_err(|error| error.to_string())?.known())
}

fn helped(
    help: &str,
    then: impl FnOnce(Help<'_>) -> Result<String, String>,
) -> Result<String, String> {
    let knowledge: Knowledge = read("help", help)?.unwrap_or_default();
    let docs = match &knowledge.docs {
        Some(text) => Docs::parse(text),
        None => included(),
    };
    then(Help {
        docs: Some(&docs),
        known: Some(&knowledge.known),
        options: Some(&knowledge.options),
    })
}

#[cfg(any(not(target_arch = "wasm32"), feature = "wasm"))]
fn included() -> Docs {
    Docs::included()
}

/// The page brings its own.
#[cfg(all(target_arch = "wasm32", not(feature = "wasm")))]
fn included() -> Docs {
    Docs::default()
}

fn read<T: Part + Default>(what: &str, json: &str) -> Result<Option<T>, String> {
    if json.is_empty() {
        return Ok(None);
    }
    let mut value = T::default();
    record::from_json(&mut value, json).map_err(|error| format!("{what}: {error}"))?;
    Ok(Some(value))
}

fn write(value: &dyn Part) -> Result<String, String> {
    Ok(canonical_json::text(&record::to_value(value)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn help_is_given_as_json() {
        let text = "job \"a\" {\n  prio";
        let answer = super::complete(text, text.len(), "").expect("no mistake");
        assert!(answer.contains(r#""insert":"priority = ${1:50}""#), "{answer}");
        assert!(answer.contains(r#""kind":"attribute""#), "{answer}");
        let hover = super::hover(text, text.len(), r#"{"docs":""}"#).expect("no mistake");
        assert_eq!(hover, "null");
        let text = "job \"a\" {\n  datacenters = [\"\"]";
        let answer = super::complete(text, text.len() - 2, r#"{"known":{"datacenters":["x"]}}"#);
        assert!(answer.is_ok_and(|answer| answer.contains(r#""label":"x""#)));
        let known = super::known(r#"{"Version":1,"Nodes":[{"ID":"n","Datacenter":"d"}]}"#);
        assert!(known.is_ok_and(|known| known.contains(r#""datacenters":["d"]"#)));
    }

    #[test]
    fn mistakes_of_the_caller_are_told() {
        assert!(super::parse("", "{").is_err_and(|error| error.starts_with("options: ")));
        assert!(super::plan("{}", "", "").is_err());
        assert!(super::plan("{}", r#"{"Version": 99}"#, "").is_err());
    }
}
