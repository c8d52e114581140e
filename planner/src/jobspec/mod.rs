//! Text to job: HCL2, HCL1 and JSON job files, with every mistake pointed at.
//!
//! Each language ends in a tree of blocks and values; one schema turns the tree into Nomad's document.

mod assist;
mod convert;
mod decode;
mod edit;
mod foreign;
mod free;
mod hcl1;
mod hcl2;
mod hints;
mod json;
mod older;
mod scan;
mod schema;
mod shape;
mod slips;
mod suggest;
mod syntax;
mod tree;
mod value;
mod wrong_value;

pub(crate) use assist::runtime;
pub use assist::{Completion, Doc, Docs, Help, Hover, Offer, OfferKind, complete, hover};
pub use edit::{Change, Step, TextEdit, edited, edits};
pub use hcl2::Input;
pub(crate) use schema::{
    AFFINITY_OPERATORS, BlockSchema, Field, Kind, OPERATORS, driver_config, drivers,
};
pub(crate) use suggest::{is_slip, nearest};

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use crate::api;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, Span};
use crate::record::{Record, Word};
use decode::{Decoder, Dialect};
use hints::{HINTS, Hints};

/// A job file has no reason to be larger, and the page parses on every keystroke.
pub const MAX_SIZE: usize = 1 << 20;

/// A text with more findings is broken in one place or is no job; the page draws a mark for each.
const MAX_DIAGNOSTICS: usize = 200;

/// Which language a text is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Word)]
pub enum Syntax {
    /// JSON if it starts with `{`, else HCL2, else HCL1 where only that parses (with a note).
    #[default]
    Auto,
    Hcl2,
    Hcl1,
    Json,
}

/// A text with a name: a variable's value, or a file.
#[derive(Debug, Default, Eq, Record)]
pub struct Named {
    pub name: String,
    pub text: String,
}

impl Named {
    /// A text of that name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Named {
        Named { name: name.into(), text: text.into() }
    }
}

/// Everything a parse depends on besides the text.
#[derive(Debug, Default, Record)]
pub struct ParseOptions {
    pub syntax: Syntax,
    /// `-var name=value`, in order.
    pub vars: Vec<Named>,
    /// `-var-file`, in order: name and text.
    pub var_files: Vec<Named>,
    /// `NOMAD_VAR_name` variables of the environment.
    pub env: crate::Map<String>,
    /// Values from a form, by name. Those of variables that are not declared (any more) do no harm.
    pub values: crate::Map<String>,
    /// What file functions may read, by the path as written.
    pub files: crate::Map<String>,
    /// File functions may be used even if no file is given: [`Parsed::missing_files`] then names what they ask for.
    pub allow_files: bool,
}

/// A parsed text: the job where there is one, and all findings.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// As written, before any default.
    pub job: Option<api::Job>,
    pub diagnostics: Diagnostics,
    pub spans: SpanMap,
    /// The language it was read as.
    pub syntax: Syntax,
    /// Files that expressions asked for and that were not given.
    pub missing_files: Vec<String>,
    /// The variables it declares.
    pub inputs: Vec<Input>,
    /// It needs what [`parse_plain`] lacks; everything else here is then of no use.
    pub unfinished: bool,
    /// Blocks with mistakes, by path: nothing can be said of what is in them. The empty path is the whole job.
    pub misread: Vec<String>,
}

/// Where each part of the job stands in the text, by path.
///
/// A block with a label adds `type.label`, one that may repeat without label `type[n]`, any other `type`; an attribute
/// adds its name: `group.web.task.db.resources.memory`, `group.web.network[0].port.http.static`. The empty path is the
/// job itself. Blocks are marked by their first words, attributes by their value; in a free-form block a `#` behind an
/// attribute's path stands for its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpanMap(pub crate::Map<Span>);

impl SpanMap {
    /// The place of a path, or of the nearest block around it.
    pub fn nearest(&self, path: &str) -> Option<Span> {
        let mut path = path;
        loop {
            if let Some(span) = self.0.get(path) {
                return Some(*span);
            }
            if path.is_empty() {
                return None;
            }
            path = path.rfind('.').map_or("", |end| &path[..end]);
        }
    }
}

/// What a user would call a value of a document.
pub(crate) fn kind_of(json: &Json) -> &'static str {
    value::Value::from_json(json).kind()
}

/// What to write instead of a value of the wrong type.
pub(crate) fn value_hint(field: &Field, json: &Json) -> String {
    wrong_value::hint(field, &value::Value::from_json(json))
}

/// What not every text needs: functions, the JSON languages, and what is only said about mistakes.
struct Tools {
    library: Option<&'static hcl2::Library>,
    json: Option<fn(&str, &ParseOptions, api: bool) -> Parsed>,
    hints: Option<&'static Hints>,
}

/// Parses a job file.
pub fn parse(text: &str, options: &ParseOptions) -> Parsed {
    let tools = Tools { library: Some(&hcl2::LIBRARY), json: Some(json), hints: Some(&HINTS) };
    parse_with(text, options, &tools)
}

/// Parses a job file that calls no functions, calculates with whole numbers only and is no JSON; [`Parsed::unfinished`]
/// says if it is another one. Mistakes are found, and little is said of them. A program that comes in parts begins with
/// this, and has [`parse`] in a later one.
pub fn parse_plain(text: &str, options: &ParseOptions) -> Parsed {
    parse_with(text, options, &Tools { library: None, json: None, hints: None })
}

fn parse_with(text: &str, options: &ParseOptions, tools: &Tools) -> Parsed {
    if let Some(problem) = unreadable(text) {
        return Parsed { diagnostics: vec![problem], syntax: options.syntax, ..Parsed::default() };
    }
    let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let mut parsed = match options.syntax {
        wish if is_json || wish == Syntax::Json => match tools.json {
            Some(read) => {
                let mut parsed = read(text, options, matches!(wish, Syntax::Json | Syntax::Auto));
                if wish == Syntax::Hcl2 {
                    parsed.diagnostics.extend(late_json(text));
                }
                parsed
            }
            None => Parsed { syntax: Syntax::Json, unfinished: true, ..Parsed::default() },
        },
        Syntax::Hcl1 => hcl1(text, tools.hints),
        Syntax::Auto => either(text, options, tools),
        Syntax::Hcl2 | Syntax::Json => hcl2(text, options, tools),
    };
    if parsed.job.is_none()
        && !parsed.unfinished
        && let Some(hints) = tools.hints
        && let Some(problem) = (hints.language)(text)
    {
        parsed.diagnostics = vec![problem];
    }
    // Where something else is wrong, the job is missing because of it.
    if parsed
        .diagnostics
        .iter()
        .any(|problem| problem.severity == Severity::Error && problem.code != "missing-job")
    {
        parsed.diagnostics.retain(|problem| problem.code != "missing-job");
    }
    tidy(&mut parsed.diagnostics);
    parsed
}

/// Nomad takes a file for JSON only if nothing but blanks stands before the bracket; else it reads HCL, in vain.
fn late_json(text: &str) -> Option<Diagnostic> {
    let start = text.find('{').filter(|start| !text[..*start].bytes().all(|byte| byte == b' '))?;
    let span = Span { start, end: start + 1 };
    let problem = Diagnostic::error("late-json", span, "a JSON job file begins with this bracket");
    Some(problem.with_hint("remove the empty lines and tabs before it"))
}

/// Each finding once, in the order of the text, and no more than somebody reads: errors stay first.
fn tidy(diagnostics: &mut Diagnostics) {
    let mut seen = BTreeSet::new();
    diagnostics.retain(|problem| seen.insert((problem.span, problem.message.clone())));
    let more = diagnostics.len().saturating_sub(MAX_DIAGNOSTICS);
    if more > 0 {
        diagnostics.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
        diagnostics.truncate(MAX_DIAGNOSTICS);
    }
    diagnostics.sort_by_key(|problem| problem.span.map_or(0, |span| span.start));
    if more > 0 {
        diagnostics.push(Diagnostic::note("and-more", None, format!("and {more} more")));
    }
}

/// Texts that are none.
fn unreadable(text: &str) -> Option<Diagnostic> {
    if text.len() > MAX_SIZE {
        let span = Span { start: MAX_SIZE, end: MAX_SIZE };
        let message = format!("the file is larger than {} KiB", MAX_SIZE / 1024);
        return Some(
            Diagnostic::error("too-large", span, message).with_hint("is it really a job file?"),
        );
    }
    let strange = |c: char| c == '\u{fffd}' || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    let (start, letter) = text.char_indices().find(|(_, letter)| strange(*letter))?;
    let span = Span { start, end: start + letter.len_utf8() };
    let message = "this is no text: the file holds bytes that no job file has";
    Some(Diagnostic::error("binary", span, message).with_hint("is it really a job file?"))
}

/// HCL2, or HCL1 where only that can be read.
fn either(text: &str, options: &ParseOptions, tools: &Tools) -> Parsed {
    let newer = hcl2(text, options, tools);
    if newer.unfinished {
        return newer;
    }
    let errors = newer.diagnostics.iter().filter(|problem| problem.severity == Severity::Error);
    let Some(first) = errors.clone().min_by_key(|problem| problem.span) else { return newer };
    let mut older = hcl1(text, tools.hints);
    if older.job.is_none() || crate::diagnostic::has_errors(&older.diagnostics) {
        return better(newer, older);
    }
    // What HCL1 only reads over is a mistake all the same.
    let warned = |place| older.diagnostics.iter().any(|problem| problem.span == place);
    if errors.clone().any(|problem| warned(problem.span)) {
        return newer;
    }
    let message = format!("read as HCL1, because HCL2 refuses it: {}", first.message);
    let fix = first.hint.as_deref().map(|hint| format!("for HCL2, {hint}; ")).unwrap_or_default();
    let hint = format!("{fix}Nomad 1.x takes it with -hcl1, Nomad 2 no longer");
    older.diagnostics.push(Diagnostic::note("read-as-hcl1", first.span, message).with_hint(hint));
    older
}

/// Neither language fits: the one whose mistakes are fewer is what the user means, HCL2 in doubt.
fn better(newer: Parsed, older: Parsed) -> Parsed {
    let syntax_errors = |parsed: &Parsed| {
        let broken =
            |p: &&Diagnostic| matches!(p.code.as_str(), "syntax" | "quoted-name" | "never-closed");
        parsed.diagnostics.iter().filter(broken).count()
    };
    let quoted = newer.diagnostics.iter().any(|problem| problem.code == "quoted-name");
    if quoted && older.job.is_some() && syntax_errors(&older) == 0 { older } else { newer }
}

fn hcl2(text: &str, options: &ParseOptions, tools: &Tools) -> Parsed {
    let outcome = hcl2::read(text, options, tools.library);
    let mut parsed = Parsed {
        syntax: Syntax::Hcl2,
        diagnostics: outcome.diagnostics,
        missing_files: outcome.missing_files,
        inputs: outcome.inputs,
        unfinished: outcome.unfinished,
        ..Parsed::default()
    };
    finish(&outcome.body, Dialect::Hcl2, tools.hints, &mut parsed);
    parsed
}

fn hcl1(text: &str, hints: Option<&'static Hints>) -> Parsed {
    let (body, diagnostics) = hcl1::parse(text);
    let mut parsed = Parsed { syntax: Syntax::Hcl1, diagnostics, ..Parsed::default() };
    finish(&body, Dialect::Hcl1, hints, &mut parsed);
    parsed
}

/// JSON: HCL's own, or (if `api`) a document of the API.
fn json(text: &str, options: &ParseOptions, api: bool) -> Parsed {
    let hcl1 = options.syntax == Syntax::Hcl1;
    let mut parsed = Parsed { syntax: Syntax::Json, ..Parsed::default() };
    let (root, behind) = match json::document::first(text, hcl1) {
        Ok(first) => first,
        Err(problem) => {
            parsed.diagnostics.push(problem);
            return parsed;
        }
    };
    let api = api && !json::is_hcl(&root);
    // Only HCL2 reads on.
    parsed.diagnostics.extend(behind.map(|problem| match hcl1 || api {
        true => Diagnostic::warning("text-behind", problem.span, "what stands here is ignored"),
        false => problem,
    }));
    if api {
        let mut spans = Vec::new();
        let map = json::api::read(&root, &mut spans, &mut parsed.diagnostics);
        parsed.spans = SpanMap(spans.into_iter().collect());
        if crate::diagnostic::has_errors(&parsed.diagnostics) {
            parsed.misread.push(String::new());
        }
        parsed.job = map.and_then(|map| job(map, &mut parsed.diagnostics));
        return parsed;
    }
    if hcl1 {
        let (body, diagnostics) = hcl1::tree(&root);
        parsed.diagnostics.extend(diagnostics);
        finish(&body, Dialect::Hcl1, Some(&HINTS), &mut parsed);
        return parsed;
    }
    if options.syntax == Syntax::Hcl2 {
        parsed.diagnostics.extend(late_json(text));
    }
    let outcome = hcl2::read_json(text, &root, options);
    parsed.missing_files = outcome.missing_files;
    parsed.inputs = outcome.inputs;
    parsed.diagnostics.extend(outcome.diagnostics);
    finish(&outcome.body, Dialect::Json, Some(&HINTS), &mut parsed);
    parsed
}

fn finish(body: &tree::Body, dialect: Dialect, hints: Option<&'static Hints>, parsed: &mut Parsed) {
    let mut decoder = Decoder::new(dialect, hints);
    let map = decoder.file(body);
    // A mistake of the language may have hidden anything.
    let broken = crate::diagnostic::has_errors(&parsed.diagnostics);
    parsed.misread = if broken { vec![String::new()] } else { decoder.misread };
    parsed.diagnostics.append(&mut decoder.diagnostics);
    parsed.spans = SpanMap(decoder.spans.into_iter().collect());
    parsed.job = map.and_then(|map| job(map, &mut parsed.diagnostics));
}

fn job(map: Map<String, Json>, diagnostics: &mut Diagnostics) -> Option<api::Job> {
    // By way of the text: reading from a tree would be a second copy of all reading code in the page.
    match serde_json::from_str(&Json::Object(map).to_string()) {
        Ok(job) => Some(job),
        Err(error) => {
            diagnostics.push(Diagnostic::error(
                "wrong-type",
                None,
                format!("this is no job: {error}"),
            ));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(syntax: Syntax) -> ParseOptions {
        ParseOptions { syntax, ..ParseOptions::default() }
    }

    #[test]
    fn many_findings_are_cut_and_errors_stay() {
        let mut list: Diagnostics = (0..300)
            .map(|n| Diagnostic::warning("w", Span { start: n, end: n + 1 }, "odd"))
            .collect();
        list.push(Diagnostic::error("e", Span { start: 900, end: 901 }, "wrong"));
        list.push(list[0].clone());
        tidy(&mut list);
        assert_eq!(list.len(), MAX_DIAGNOSTICS + 1);
        assert_eq!(list.iter().filter(|p| p.severity == Severity::Error).count(), 1);
        assert_eq!(list.last().map(|p| p.message.as_str()), Some("and 101 more"));
    }

    #[test]
    fn a_plain_parse_says_what_it_cannot_read() {
        let plain = "job \"a\" {\n  priority = 1 + 2\n}\n";
        let options = ParseOptions::default();
        let read = parse_plain(plain, &options);
        assert!(!read.unfinished);
        assert_eq!(read.job, parse(plain, &options).job);
        for beyond in ["job \"a\" {\n  name = upper(\"b\")\n}\n", "{\"ID\": \"a\"}"] {
            assert!(parse_plain(beyond, &options).unfinished, "{beyond}");
            assert!(!parse(beyond, &options).unfinished, "{beyond}");
        }
    }

    #[test]
    fn doubling_lists_end_in_a_finding() {
        let mut text = "locals {\n  l0 = [\"a\", \"b\"]\n".to_owned();
        for n in 1..60 {
            text += &format!("  l{n} = [local.l{0}, local.l{0}]\n", n - 1);
        }
        text += "}\njob \"a\" {\n  meta {\n    x = jsonencode(local.l59)\n  }\n}\n";
        let parsed = parse(&text, &options(Syntax::Hcl2));
        assert!(parsed.diagnostics.iter().any(|p| p.code == "too-much-work"));
    }

    #[test]
    fn a_margin_may_end_inside_a_letter() {
        let text = "job \"a\" {\n  meta {\n    x = <<-EOF\n\u{e9}\u{e9} text\n   EOF\n  }\n}\n";
        let parsed = parse(text, &options(Syntax::Hcl1));
        let meta = parsed.job.and_then(|job| job.meta.get("x").cloned());
        assert_eq!(meta.as_deref(), Some("\u{e9}\u{e9} text\n"));
    }

    #[test]
    fn interpolations_that_never_end_cost_little() {
        let text = "a = \"${\n".repeat(40_000);
        let bytes = text.as_bytes();
        let (end, closed) = scan::string_end(bytes, 4);
        assert!((end, closed) == (7, false));
        let long = format!("\"${{{}}} b\"", "x".repeat(3000));
        assert_eq!(scan::string_end(long.as_bytes(), 0), (long.len(), true));
        assert!(crate::diagnostic::has_errors(&parse(&text, &options(Syntax::Hcl2)).diagnostics));
    }
}
