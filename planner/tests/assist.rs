//! Help with writing: each file in `tests/assist` has a mark `‸` where the cursor stands; beside it is what is offered
//! there, and what is said about what stands there.
//!
//! `UPDATE=1` rewrites what is expected; read it before you commit it. A name with `hcl1` in it is read as HCL1, one with
//! `alone` without a cluster.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read files and measure time"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use steppe_planner::jobspec::{Completion, Docs, Help, Hover, OfferKind, Syntax, complete, hover};
use steppe_planner::semantics::Semantics;
use steppe_planner::{Known, Map, Named, ParseOptions, canonicalize, parse, validate};

const MARK: char = '‸';

fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn properties(list: &[(&str, &[&str])]) -> Map<Vec<String>> {
    list.iter().map(|(name, values)| ((*name).to_owned(), texts(values))).collect()
}

fn cluster() -> Known {
    Known {
        datacenters: texts(&["berlin", "paris"]),
        pools: texts(&["default", "gpu"]),
        classes: texts(&["large", "small"]),
        drivers: texts(&["docker", "raw_exec"]),
        volumes: texts(&["certs", "mysql"]),
        csi_volumes: texts(&["ebs-1"]),
        modes: texts(&["bridge", "cni/weave", "host"]),
        host_networks: texts(&["private", "public"]),
        devices: texts(&["nvidia/gpu/A100"]),
        attributes: properties(&[
            ("kernel.name", &["linux"]),
            ("cpu.arch", &["amd64", "arm64"]),
            ("driver.docker", &["1"]),
        ]),
        meta: properties(&[("rack", &["r1", "r2"])]),
    }
}

fn options(name: &str) -> ParseOptions {
    let syntax = if name.contains("hcl1") { Syntax::Hcl1 } else { Syntax::Auto };
    let vars = vec![Named::new("image", "nginx:2")];
    ParseOptions { syntax, vars, ..ParseOptions::default() }
}

/// Each offer on a line, then what is said.
fn render(text: &str, completion: &Completion, hover: Option<&Hover>) -> String {
    let mut out = String::new();
    let span = completion.span;
    if !completion.offers.is_empty() {
        out += &format!("replaces {:?}\n", &text[span.start..span.end]);
    }
    for offer in &completion.offers {
        let kind = format!("{:?}", offer.kind).to_lowercase();
        let detail = if offer.detail.is_empty() { "-" } else { &offer.detail };
        out += &format!("{kind} {} ({detail})", offer.label);
        if offer.insert != offer.label {
            out += &format!(": {}", offer.insert.replace('\n', "⏎"));
        }
        out += "\n";
    }
    if let Some(hover) = hover {
        out += &format!("hover {:?}\n", &text[hover.span.start..hover.span.end]);
        out += &format!("  {}\n", hover.title);
        hover.facts.iter().for_each(|fact| out += &format!("  {}: {}\n", fact.name, fact.text));
        for line in [&hover.text, hover.url.as_deref().unwrap_or_default()] {
            if !line.is_empty() {
                out += &format!("  {line}\n");
            }
        }
    }
    if out.is_empty() { "nothing\n".to_owned() } else { out }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/assist")
}

#[test]
fn writers_are_helped_where_they_are() {
    let docs = Docs::included();
    let (cluster, nobody) = (cluster(), Known::default());
    let mut inputs: Vec<PathBuf> =
        fs::read_dir(folder()).expect("the folder").flatten().map(|e| e.path()).collect();
    inputs.retain(|path| path.extension().is_some_and(|ending| ending != "txt"));
    inputs.sort();
    assert!(inputs.len() > 60, "the inputs were found");
    let mut wrong = Vec::new();
    for input in inputs {
        let name = input.file_name().expect("a name").to_string_lossy().into_owned();
        let marked = fs::read_to_string(&input).expect("an input");
        let offset = marked.find(MARK).unwrap_or_else(|| panic!("{name} has no mark"));
        let text = marked.replacen(MARK, "", 1);
        let options = options(&name);
        let known = if name.contains("alone") { &nobody } else { &cluster };
        let help = Help { docs: Some(&docs), known: Some(known), options: Some(&options) };
        let completion = complete(&text, offset, help);
        let hover = hover(&text, offset, help);
        // A file is about one of the two, unless its name says neither.
        let found = match name.split('_').next() {
            Some("complete") => render(&text, &completion, None),
            Some("hover") => render(&text, &Completion::default(), hover.as_ref()),
            _ => render(&text, &completion, hover.as_ref()),
        };
        let beside = folder().join(format!("{name}.txt"));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&beside, &found).expect("it can be written");
        }
        let wanted = fs::read_to_string(&beside).unwrap_or_default();
        if found != wanted {
            wrong.push(format!("{name}: expected\n{wanted}\nfound\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// True where a rule does not know a value.
fn refused(message: &str) -> bool {
    let message = message.to_lowercase();
    ["invalid", "unsupported", "must be", "unknown"].iter().any(|word| message.contains(word))
}

/// A snippet with something in each of its places.
fn filled(insert: &str) -> String {
    let mut out = String::new();
    let mut rest = insert;
    while let Some(start) = rest.find("${") {
        let end = start + rest[start..].find('}').expect("a place ends");
        let place = &rest[start + 2..end];
        out += &rest[..start];
        out += match place.split_once(':') {
            Some((_, text)) => text,
            None if place.is_empty() => "",
            None => "1",
        };
        rest = &rest[end + 1..];
    }
    out + rest
}

/// What a text is told when it is written as it was offered.
#[test]
fn what_is_offered_can_be_written() {
    // Wrong names and broken syntax; values are filled in at random.
    const WRONG: [&str; 11] = [
        "syntax",
        "never-closed",
        "quoted-name",
        "unknown-attribute",
        "unknown-block",
        "not-a-block",
        "not-an-attribute",
        "unknown-function",
        "unknown-variable",
        "extra-label",
        "missing-label",
    ];
    let (docs, known) = (Docs::included(), cluster());
    let mut wrong = Vec::new();
    let mut written = 0;
    for input in fs::read_dir(folder()).expect("the folder").flatten().map(|entry| entry.path()) {
        let name = input.file_name().expect("a name").to_string_lossy().into_owned();
        // Texts that are broken elsewhere, and words written in front of others.
        let broken = ["broken", "unclosed", "half", "before_word", "json", "txt"];
        if !name.starts_with("complete_") || broken.iter().any(|word| name.contains(word)) {
            continue;
        }
        let marked = fs::read_to_string(&input).expect("an input");
        let offset = marked.find(MARK).expect("a mark");
        let text = marked.replacen(MARK, "", 1);
        let options = options(&name);
        let help = Help { docs: Some(&docs), known: Some(&known), options: Some(&options) };
        let completion = complete(&text, offset, help);
        for offer in completion.offers.iter().filter(|offer| offer.label != "dynamic") {
            let insert = if offer.snippet { filled(&offer.insert) } else { offer.insert.clone() };
            let (before, behind) = (&text[..completion.span.start], &text[completion.span.end..]);
            let mut parsed = parse(&format!("{before}{insert}{behind}"), &options);
            if let Some(job) = &mut parsed.job {
                canonicalize(job, Semantics::default());
                parsed.diagnostics.extend(validate(job, &parsed.spans, Semantics::default()));
            }
            written += 1;
            let quoted = format!("\"{}\"", offer.label);
            for finding in parsed.diagnostics {
                let value = offer.kind == OfferKind::Value
                    && refused(&finding.message)
                    && finding.message.contains(&quoted);
                let here = finding.span.is_some_and(|span| {
                    let end = before.len() + insert.len();
                    span.start <= end && before.len() <= span.end
                });
                if (WRONG.contains(&finding.code.as_str()) && here) || value {
                    wrong.push(format!("{name}: {insert:?}: {}", finding.message));
                }
            }
        }
    }
    assert!(written > 400, "{written} offers were written");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Asks for both; the answers must lie in the text.
fn ask(text: &str, offset: usize, help: Help<'_>) {
    let completion = complete(text, offset, help);
    let hover = hover(text, offset, help);
    for span in [Some(completion.span), hover.map(|hover| hover.span)].into_iter().flatten() {
        let cut = text.get(span.start..span.end);
        assert!(cut.is_some(), "{span:?} lies in the text, at {offset} of {text:?}");
    }
    let span = completion.span;
    assert!(
        span.start <= offset.min(text.len()) && offset.min(text.len()) <= span.end.max(offset),
        "{span:?} is where the cursor is, at {offset} of {text:?}"
    );
}

/// Every text of the corpus, in every language.
fn corpus() -> Vec<String> {
    let parse = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/parse");
    let cases = fs::read_dir(parse).expect("the corpus").flatten().map(|case| case.path());
    let mut texts: Vec<String> = cases
        .flat_map(|case| {
            [case.join("input.nomad"), case.join("input.hcl"), case.join("input.json")]
        })
        .filter_map(|path| fs::read_to_string(path).ok())
        .collect();
    texts.sort();
    assert!(texts.len() > 200, "the corpus was found");
    texts
}

#[test]
fn help_is_there_wherever_writing_stops() {
    let (docs, known) = (Docs::included(), cluster());
    let hcl1 = ParseOptions { syntax: Syntax::Hcl1, ..ParseOptions::default() };
    for (number, text) in corpus().iter().enumerate() {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        // Long texts in larger steps, each text from another place on.
        let step = (places.len() / 60).max(1);
        for end in places.iter().skip(number % step).step_by(step) {
            let help = Help { docs: Some(&docs), known: Some(&known), options: None };
            let prefix = &text[..*end];
            ask(prefix, prefix.len(), help);
            ask(prefix, prefix.len() / 2, help);
            ask(text, *end, help);
            ask(text, *end, Help { options: Some(&hcl1), ..help });
        }
        ask(text, text.len() + 10, Help::default());
    }
}

#[test]
fn texts_made_to_break_it_do_not() {
    let texts = [
        "a = \"${".repeat(20_000),
        "\"${".repeat(20_000),
        "a {\n".repeat(20_000),
        "[".repeat(50_000),
        "f(".repeat(50_000),
        "{\"a\":".repeat(20_000),
        "job \"é\" {\n  é = \"é".to_owned(),
        "a = <<EOT\n${".repeat(10_000),
        "/*".to_owned(),
        "\u{feff}job".to_owned(),
        "\"\\".to_owned(),
        "{\"\\".to_owned(),
    ];
    for text in texts {
        for offset in 0..20 {
            ask(&text, text.len() * offset / 19, Help::default());
        }
    }
}

#[test]
fn an_answer_takes_no_time() {
    let docs = Docs::included();
    let help = Help { docs: Some(&docs), ..Help::default() };
    let group = "  group \"g\" {\n    task \"t\" {\n      driver = \"docker\"\n      env {\n        A = \"${NOMAD_DC}\"\n      }\n    }\n  }\n";
    let text = format!("job \"x\" {{\n{}  grou", group.repeat(60));
    let before = Instant::now();
    for _ in 0..20 {
        assert!(!complete(&text, text.len(), help).offers.is_empty());
    }
    let took = before.elapsed() / 20;
    println!("{} lines: {took:?}", text.lines().count());
    // A busy machine may take longer than the one or two it should be.
    assert!(took.as_millis() < 100, "{took:?}");
}
