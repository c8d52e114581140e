//! A job file from disk or standard input, parsed with everything it may refer to.

use std::io::Read as _;
use std::path::Path;

use steppe_planner::diagnostic::Diagnostic;
use steppe_planner::jobspec::{ParseOptions, Parsed, SpanMap, Syntax};
use steppe_planner::{Map, Named};
use steppe_planner::{api, diagnostic};

use super::outcome::{Failure, fail};
use super::ui::Ui;

/// A longer text is not a job, and the agent refuses it too.
const MAX_BYTES: u64 = 1024 * 1024;

/// Files that name files that name files: deeper than anyone means it.
const MAX_FILE_ROUNDS: usize = 16;

/// Flags about the job file.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct JobFileFlags {
    /// Read the file as HCL1 (otherwise: JSON, HCL2, or HCL1 if only that fits)
    #[arg(long)]
    pub hcl1: bool,
    /// The file is JSON
    #[arg(long)]
    pub json: bool,
    /// Sets a variable of the file; can be repeated
    #[arg(long = "var", value_name = "NAME=VALUE")]
    pub vars: Vec<String>,
    /// Reads variables from a file; can be repeated
    #[arg(long = "var-file", value_name = "FILE")]
    pub var_files: Vec<String>,
    /// Accepted for Nomad's sake: unknown variables in files are never an error
    #[arg(long, hide = true)]
    pub hcl2_strict: bool,
}

/// A job as written, with its text.
pub(super) struct JobFile {
    pub(super) name: String,
    /// As given on the command line.
    pub(super) path: String,
    pub(super) text: String,
    pub(super) syntax: Syntax,
    /// Before any default.
    pub(super) job: api::Job,
    pub(super) spans: SpanMap,
    pub(super) options: ParseOptions,
}

/// A text as far as it could be read.
pub(super) struct Written {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) parsed: Parsed,
    options: ParseOptions,
}

/// Reads and parses; the findings that are no errors go to the error stream.
pub(super) fn read(path: &str, flags: &JobFileFlags, ui: &mut Ui) -> Result<JobFile, Failure> {
    let Written { name, text, parsed, options } = written(path, flags)?;
    let rendered = render(&parsed.diagnostics, &name, &text);
    match parsed.job {
        Some(job) if !diagnostic::has_errors(&parsed.diagnostics) => {
            if !rendered.is_empty() {
                ui.error(rendered);
            }
            let (syntax, spans) = (parsed.syntax, parsed.spans);
            Ok(JobFile { path: path.to_owned(), name, text, syntax, job, spans, options })
        }
        _ => Err(unparsed(&name, &rendered)),
    }
}

/// What is said of a file that is no job.
pub(super) fn unparsed(name: &str, rendered: &str) -> Failure {
    let text = format!("Error getting job struct: Error parsing job file from {name}:");
    fail(format!("{text}\n{rendered}"))
}

/// Reads and parses, whatever comes of it.
pub(super) fn written(path: &str, flags: &JobFileFlags) -> Result<Written, Failure> {
    let (name, text) = read_text(path)?;
    let options = ParseOptions {
        syntax: syntax(flags),
        vars: variables(&flags.vars)?,
        values: Map::new(),
        var_files: variable_files(&flags.var_files)?,
        env: environment(),
        files: Map::new(),
        allow_files: true,
    };
    let (parsed, options) = parse(&text, path, options)?;
    Ok(Written { name, text, parsed, options })
}

/// Only HCL2 has variables: a text that is given some must not be taken for HCL1 when one is wrong.
fn syntax(flags: &JobFileFlags) -> Syntax {
    let variables = !flags.vars.is_empty() || !flags.var_files.is_empty();
    match (flags.hcl1, flags.json, variables) {
        (true, _, _) => Syntax::Hcl1,
        (false, true, _) => Syntax::Json,
        (false, false, true) => Syntax::Hcl2,
        (false, false, false) => Syntax::Auto,
    }
}

/// Parses until every file that expressions ask for is there. Files may name files, so it goes in rounds;
/// a file that cannot be read is left to the parser, which points at the place that wants it.
fn parse(
    text: &str,
    path: &str,
    mut options: ParseOptions,
) -> Result<(Parsed, ParseOptions), Failure> {
    let folder = Path::new(path).parent().unwrap_or(Path::new("")).to_owned();
    for _ in 0..MAX_FILE_ROUNDS {
        let parsed = steppe_planner::parse(text, &options);
        let before = options.files.len();
        for name in &parsed.missing_files {
            if let Ok(text) = std::fs::read_to_string(folder.join(name)) {
                options.files.insert(name.clone(), text);
            }
        }
        if options.files.len() == before {
            return Ok((parsed, options));
        }
    }
    Err(fail(format!("Error getting job struct: {path:?}: files name files without an end")))
}

/// The name the agent stores the text's language under.
pub(super) fn format_name(syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::Hcl1 => "hcl1",
        Syntax::Json => "json",
        Syntax::Hcl2 | Syntax::Auto => "hcl2",
    }
}

fn read_text(path: &str) -> Result<(String, String), Failure> {
    let failed = |cause: String| {
        fail(format!("Error getting job struct: Error getting jobfile from {path:?}: {cause}"))
    };
    let mut bytes = Vec::new();
    let name = if path == "-" {
        let input = std::io::stdin().lock();
        input.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|e| failed(e.to_string()))?;
        "stdin".to_owned()
    } else {
        let file = std::fs::File::open(path).map_err(|e| failed(e.to_string()))?;
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|e| failed(e.to_string()))?;
        let base = Path::new(path).file_name().map(|n| n.to_string_lossy().into_owned());
        base.unwrap_or_else(|| path.to_owned())
    };
    if bytes.len() as u64 > MAX_BYTES {
        return Err(fail(format!(
            "Error getting job struct: {name}: the file is larger than 1 MiB"
        )));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok((name, text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = 1 + error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
            Err(fail(format!(
                "Error getting job struct: {name}:{line}: the file is not text: byte {at} is not UTF-8"
            )))
        }
    }
}

fn variables(given: &[String]) -> Result<Vec<Named>, Failure> {
    given
        .iter()
        .map(|text| match text.split_once('=') {
            Some((name, value)) => Ok(Named::new(name.trim(), value)),
            None => Err(fail(format!("-var {text:?}: write it as name=value"))),
        })
        .collect()
}

fn variable_files(given: &[String]) -> Result<Vec<Named>, Failure> {
    given
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path)
                .map_err(|e| fail(format!("-var-file {path:?}: {e}")))?;
            Ok(Named::new(path, text))
        })
        .collect()
}

/// `NOMAD_VAR_name` variables, by name.
fn environment() -> Map<String> {
    std::env::vars()
        .filter_map(|(key, value)| Some((key.strip_prefix("NOMAD_VAR_")?.to_owned(), value)))
        .collect()
}

/// Every finding with its line and a caret.
pub(super) fn render(diagnostics: &[Diagnostic], name: &str, text: &str) -> String {
    let rendered: Vec<String> =
        diagnostics.iter().map(|finding| diagnostic::render(text, name, finding)).collect();
    rendered.join("\n").trim_end().to_owned()
}
