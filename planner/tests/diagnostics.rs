//! What a user is told: each file in `tests/diagnostics` beside the findings as a terminal shows them.
//!
//! `UPDATE=1` rewrites the findings; read them before you commit them. Texts made to break a parser have no file.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read files and measure time"
)]

use std::fs;
use std::path::PathBuf;

use steppe_planner::diagnostic::{Severity, has_errors, render};
use steppe_planner::jobspec::{MAX_SIZE, Syntax};
use steppe_planner::semantics::Semantics;
use steppe_planner::{ParseOptions, Parsed, parse, review};

fn findings(text: &str, name: &str) -> String {
    let found = review(&parse(text, &ParseOptions::default()), Semantics::default()).diagnostics;
    assert!(!found.is_empty(), "{name}: nothing is found");
    for finding in &found {
        let note = finding.severity == Severity::Note;
        assert!(note || finding.hint.is_some(), "{name}: no fix for: {}", finding.message);
    }
    let told: Vec<String> = found.iter().map(|finding| render(text, name, finding)).collect();
    told.join("\n")
}

#[test]
fn users_are_told_what_is_wrong_and_where() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let mut inputs: Vec<PathBuf> =
        fs::read_dir(&folder).expect("the folder").flatten().map(|e| e.path()).collect();
    inputs.retain(|path| path.extension().is_some_and(|ending| ending != "txt"));
    inputs.sort();
    assert!(inputs.len() > 200, "the inputs were found");
    let mut wrong = Vec::new();
    for input in inputs {
        let name = input.file_name().expect("a name").to_string_lossy().into_owned();
        let text = String::from_utf8_lossy(&fs::read(&input).expect("an input")).into_owned();
        let found = findings(&text, &name);
        let beside = folder.join(format!("{name}.txt"));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&beside, &found).expect("the findings can be written");
        }
        let wanted = fs::read_to_string(&beside).unwrap_or_default();
        if found != wanted {
            wrong.push(format!("{name}: expected\n{wanted}\nfound\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Parses in every language; none may panic, hang, or find nothing wrong.
fn refuse(text: &str) {
    for syntax in [Syntax::Auto, Syntax::Hcl2, Syntax::Hcl1, Syntax::Json] {
        let options = ParseOptions { syntax, ..ParseOptions::default() };
        let before = std::time::Instant::now();
        let parsed = parse(text, &options);
        let took = before.elapsed();
        let start: String = text.chars().take(40).collect();
        assert!(has_errors(&parsed.diagnostics), "{start:?} as {syntax:?} is refused");
        assert!(took.as_secs() < 20, "{start:?} as {syntax:?} took {took:?}");
        for finding in &parsed.diagnostics {
            let span = finding.span.unwrap_or_default();
            assert!(
                span.start <= span.end && span.end <= text.len(),
                "{finding:?} lies in the text"
            );
            render(text, "x", finding);
        }
    }
}

fn in_job(inside: &str) -> String {
    format!("job \"x\" {{\n  datacenters = [\"dc1\"]\n  group \"g\" {{\n{inside}\n  }}\n}}\n")
}

#[test]
fn oversize_is_refused() {
    refuse(&"a".repeat(MAX_SIZE + 1));
    refuse(&format!("job \"x\" {{ # {}", "é".repeat(MAX_SIZE)));
}

#[test]
fn depth_is_refused() {
    for (open, close) in
        [("[", "]"), ("(", ")"), ("{a=", "}"), ("-", ""), ("!", ""), ("\"${", "}\"")]
    {
        for count in [100, 20_000] {
            let text = format!("count = {}1{}", open.repeat(count), close.repeat(count));
            refuse(&in_job(&text));
            refuse(&in_job(&format!("count = {}", open.repeat(count))));
        }
    }
    refuse(&"a {\n".repeat(20_000));
    refuse(&"}".repeat(20_000));
    refuse(&format!("{}1{}", "{\"a\":".repeat(20_000), "}".repeat(20_000)));
    refuse(&format!("{{\"job\":{}", "[".repeat(20_000)));
    refuse(&in_job(&format!("count = 1{}", " + 1".repeat(20_000))));
    refuse(&in_job(&format!("count = {}1", "true ? 1 : ".repeat(5_000))));
}

#[test]
fn work_is_bounded() {
    let range = "range(1024)";
    refuse(&in_job(&format!(
        "count = length([for a in {range}: [for b in {range}: [for c in {range}: c]]])"
    )));
    let mut doubling = String::from("locals {\n  a0 = \"xxxxxxxxxxxxxxxx\"\n");
    for n in 1..60 {
        doubling.push_str(&format!("  a{n} = \"${{local.a{}}}${{local.a{}}}\"\n", n - 1, n - 1));
    }
    refuse(&format!("{doubling}}}\n{}", in_job("count = local.a59")));
    let nested = "dynamic \"task\" {\n for_each = range(1024)\n labels = [\"t\"]\n content {\n  dynamic \"template\" {\n   for_each = range(1024)\n   content {\n data = \"x\"\n }\n  }\n }\n}\n";
    refuse(&in_job(nested));
    let cycle = "locals {\n  a = local.b\n  b = local.a\n}\n";
    refuse(&format!("{cycle}{}", in_job("count = local.a")));
    let object: String = (0..20_000).map(|n| format!("k{n} = {n}\n")).collect();
    refuse(&in_job(&format!("meta = {{\n{object}}}\ncount = \"x\"")));
    refuse(&in_job(&format!("count = format(\"%{}d\", 1)", "9".repeat(30))));
}

#[test]
fn any_beginning_of_a_file_is_read_without_a_panic() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    for name in ["workshop.nomad", "expressions.nomad", "three_mistakes.nomad"] {
        let text = fs::read_to_string(folder.join(name)).expect("an input");
        for (end, _) in text.char_indices().step_by(3) {
            let _: Parsed = parse(&text[..end], &ParseOptions::default());
            let without = format!("{}{}", &text[..end], text.get(end + 1..).unwrap_or_default());
            let _: Parsed = parse(&without, &ParseOptions::default());
        }
    }
}

#[test]
fn one_mistake_leaves_the_rest_of_the_job() {
    let text = in_job(
        "count = = 3\n task \"a\" {\n driver = \"docker\"\n }\n task \"b\" {\n driver = \"exec\n }",
    );
    let parsed = parse(&text, &ParseOptions { syntax: Syntax::Hcl2, ..ParseOptions::default() });
    let job = parsed.job.expect("the job is read all the same");
    let names: Vec<&str> = job.task_groups[0].tasks.iter().map(|task| task.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    let errors =
        parsed.diagnostics.iter().filter(|finding| finding.severity == Severity::Error).count();
    assert_eq!(errors, 2, "{:?}", parsed.diagnostics);
}
