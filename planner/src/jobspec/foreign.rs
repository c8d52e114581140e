//! Recognises what people paste that is no job file at all: Compose and Kubernetes files, Terraform, Dockerfiles, shell.
//!
//! Asked only about texts that gave no job. One sentence then says more than a mark on every line.

use crate::diagnostic::{Diagnostic, Span};

/// A language, the word it was recognised by, and what to do.
pub(super) fn language(text: &str) -> Option<Diagnostic> {
    let lines = || lines(text);
    let begins =
        |words: &[&str]| lines().find(|(_, line)| words.iter().any(|word| line.starts_with(word)));
    let key = |line: &str| {
        let name = line.trim_start_matches("- ").split(':').next().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let rest = line.trim_start_matches("- ").strip_prefix(name).unwrap_or_default();
        let ends = rest == ":" || rest.starts_with(": ");
        !name.is_empty() && name.chars().all(plain) && ends
    };
    let (at, first) = lines().next()?;
    let (at, what, hint) = if let Some((at, _)) = begins(&["apiVersion:"]) {
        let hint = "write a job with a group for the pod and a task for each container";
        (at, "a Kubernetes manifest", hint)
    } else if let (true, Some((at, _))) = (key(first), begins(&["services:"])) {
        let hint = "write a job with a task for each service: image and ports go into config, environment into env";
        (at, "a Docker Compose file", hint)
    } else if let Some((at, _)) =
        begins(&["resource \"", "terraform {", "provider \"", "module \""])
    {
        let hint = "paste the job itself: what its jobspec attribute holds";
        (at, "a Terraform configuration", hint)
    } else if first.starts_with("FROM ") {
        let hint = "build the image from it, and name the image in a task's config";
        (at, "a Dockerfile", hint)
    } else if ["docker run ", "docker container run ", "podman run "]
        .iter()
        .any(|w| first.starts_with(w))
        || first.starts_with("$ docker ")
    {
        let hint = "write a job with one task: the image goes into its config, -p into network, -e into env";
        (at, "a docker command", hint)
    } else if first.starts_with("#!") {
        (at, "a script", "write a job with a task of the raw_exec or exec driver that runs it")
    } else if first.starts_with('<') {
        (at, "HTML or XML", "paste the job file itself, not the page that shows it")
    } else if first == "---" || (key(first) && lines().filter(|(_, line)| key(line)).count() > 1) {
        (at, "YAML", "job files are HCL: write job \"name\" { … }, name = value and name { … }")
    } else {
        return None;
    };
    let end = at + text[at..].find('\n').unwrap_or(text.len() - at);
    let span = Span { start: at, end: at + text[at..end].trim_end().len() };
    let message = format!("this is {what}, not a job file");
    Some(Diagnostic::error("not-a-job-file", span, message).with_hint(hint))
}

/// The lines that say something, each with its place.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let trimmed = line.trim_start_matches('\u{feff}').trim();
        let comment = trimmed.starts_with('#') && !trimmed.starts_with("#!");
        let start = start + line.find(trimmed)?;
        (!trimmed.is_empty() && !comment).then_some((start, trimmed))
    })
}
