//! Texts that would cost more than any job file may: refused with a sentence, soon and in little room.

use std::fmt::Write as _;
use std::time::Duration;

use steppe_planner::jobspec::{Parsed, Syntax};

use super::{codes, read};

/// Far above what the bounds allow, even unoptimized and on a busy machine.
const SOON: Duration = Duration::from_secs(20);

/// Reads a text, and not for long.
fn read_soon(name: &str, syntax: Syntax, text: &str) -> Parsed {
    #[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test has a clock")]
    let start = std::time::Instant::now();
    let parsed = read(syntax, text);
    let took = start.elapsed();
    assert!(took < SOON, "{name} took {} ms", took.as_millis());
    parsed
}

/// Each of these texts is refused for this reason.
fn refused(code: &str, syntax: Syntax, texts: &[(&str, String)]) {
    for (name, text) in texts {
        let parsed = read_soon(name, syntax, text);
        assert!(codes(&parsed).contains(&code), "{name}: {}", super::told(&parsed));
    }
}

/// A job whose meta holds an expression, behind local values.
fn job(locals: &str, expression: &str) -> String {
    format!("locals {{\n{locals}\n}}\njob \"a\" {{\n  meta {{\n    x = {expression}\n  }}\n}}\n")
}

/// `name0` to `nameN`, each made of the one before.
fn chain(count: usize, first: &str, next: impl Fn(&str) -> String) -> String {
    let mut text = format!("  v0 = {first}\n");
    for n in 1..count {
        let _ = writeln!(text, "  v{n} = {}", next(&format!("local.v{}", n - 1)));
    }
    text
}

#[test]
fn expansions_cost_no_more_than_one_budget() {
    let last = "jsonencode(local.v39)";
    let long = "a".repeat(200_000);
    let lines = "\\n".repeat(50_000);
    let four = "range(1000)";
    let texts = [
        ("doubled lists", job(&chain(40, "[1]", |v| format!("[{v}, {v}]")), last)),
        ("doubled objects", job(&chain(40, "{}", |v| format!("{{a = {v}, b = {v}}}")), last)),
        ("doubled texts", job(&chain(40, "\"ab\"", |v| format!("\"${{{v}}}${{{v}}}\"")), last)),
        (
            "doubled by format",
            job(&chain(40, "\"ab\"", |v| format!("format(\"%s%s\", {v}, {v})")), last),
        ),
        ("doubled by join", job(&chain(40, "\"ab\"", |v| format!("join({v}, [{v}, {v}])")), last)),
        (
            "doubled by replace",
            job(&chain(40, "\"aa\"", |v| format!("replace({v}, \"a\", {v})")), last),
        ),
        ("doubled by concat", job(&chain(40, "[1, 2]", |v| format!("concat({v}, {v})")), last)),
        (
            "nested loops",
            job(
                "",
                &format!(
                    "jsonencode([for a in {four} : [for b in {four} : [for c in {four} : 1]]])"
                ),
            ),
        ),
        (
            "nested directives",
            job(
                "",
                &format!("\"%{{for a in {four}}}%{{for b in {four}}}x%{{endfor}}%{{endfor}}\""),
            ),
        ),
        ("long texts in a loop", job("", &format!("jsonencode([for a in {four} : \"{long}\"])"))),
        ("products", job("", &format!("jsonencode(setproduct({four}, {four}, {four}))"))),
        (
            "products of large values",
            job(
                &format!("  v = {four}\n"),
                "jsonencode(setproduct([for a in range(100) : local.v], [local.v]))",
            ),
        ),
        (
            "wide formats",
            job("", &format!("jsonencode(formatlist(\"{}\", {four}))", "%1024[1]s".repeat(500))),
        ),
        ("indentation", job("", &format!("indent(1000, \"{lines}\")"))),
        ("long replacements", job("", &format!("replace(\"{long}\", \"a\", \"{long}\")"))),
        (
            "long regular replacements",
            job("", &format!("regex_replace(\"{long}\", \"\", \"{long}\")")),
        ),
        (
            "slow regular expressions",
            job(
                "",
                &format!("regex_replace(\"{long}\", \"(a*)*(b|{})$\", \"\")", "a?".repeat(2000)),
            ),
        ),
        (
            "distinct values",
            job(
                "",
                &format!(
                    "jsonencode(distinct([{}]))",
                    (0..20_000).map(|n| format!("{n},")).collect::<String>()
                ),
            ),
        ),
        (
            "deep values",
            job(&chain(3000, "[]", |v| format!("[[[[[{v}]]]]]")), "jsonencode(local.v2999)"),
        ),
        (
            "decoded copies",
            job(
                "  y = yamlencode([for a in range(1000) : \"x\"])\n",
                "jsonencode([for a in range(1000) : yamldecode(local.y)])",
            ),
        ),
    ];
    refused("too-much-work", Syntax::Hcl2, &texts);
}

#[test]
fn regular_expressions_are_small() {
    let texts = [("repeated", job("", "regex_replace(\"a\", \"((a{100}){100}){100}\", \"\")"))];
    refused("wrong-arguments", Syntax::Hcl2, &texts);
}

#[test]
fn dynamic_blocks_cost_the_same_budget() {
    let inner = |kind: &str, content: &str| {
        format!(
            "dynamic \"{kind}\" {{\nfor_each = range(1000)\nlabels = [\"x${{{kind}.key}}\"]\ncontent {{\n{content}\n}}\n}}"
        )
    };
    let text =
        format!("job \"a\" {{\n{}\n}}\n", inner("group", &inner("task", "driver = \"docker\"")));
    refused("too-much-work", Syntax::Hcl2, &[("dynamic groups and tasks", text)]);
}

#[test]
fn yaml_aliases_do_not_multiply() {
    let mut yaml = "a0: &a0 [x, x]\\n".to_owned();
    for n in 1..40 {
        let _ = write!(yaml, "a{n}: &a{n} [*a{0}, *a{0}]\\n", n - 1);
    }
    let text = job("", &format!("jsonencode(yamldecode(\"{yaml}\"))"));
    refused("too-much-work", Syntax::Hcl2, &[("aliases of aliases", text)]);
}

#[test]
fn nesting_is_bounded_in_every_language() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(3000), close.repeat(3000));
    let hcl2 = [
        ("blocks", deep("a {\n", "}\n")),
        ("lists", format!("a = {}", deep("[", "]"))),
        ("objects", format!("a = {}", deep("{a = ", "}"))),
        ("parentheses", format!("a = {}", deep("(", ")"))),
        ("calls", format!("a = {}", deep("f(", ")"))),
        ("templates", format!("a = {}", deep("\"${", "}\""))),
        ("signs", format!("a = {}1", "-".repeat(3000))),
        ("conditions", format!("a = {}1", "true ? 1 : ".repeat(3000))),
        ("loops", format!("a = {}1{}", "[for a in b : ".repeat(3000), "]".repeat(3000))),
    ];
    refused("too-deep", Syntax::Hcl2, &hcl2);
    let hcl1 = [
        ("blocks", deep("a {\n", "}\n")),
        ("lists", format!("a = {}", deep("[", "]"))),
        ("objects", format!("a = [{}]", deep("{ a = ", "}"))),
    ];
    refused("too-deep", Syntax::Hcl1, &hcl1);
    let json =
        [("objects", deep("{\"a\": ", "}")), ("lists", format!("{{\"a\": {}}}", deep("[", "]")))];
    refused("too-deep", Syntax::Json, &json);
}

#[test]
fn large_texts_are_refused_or_read_soon() {
    refused("too-large", Syntax::Hcl2, &[("two megabytes", "# comment\n".repeat(200_000))]);
    let below = 1_000_000;
    let fill = |line: &str| line.repeat(below / line.len());
    let files = [
        (
            "unknown attributes",
            format!("job \"a\" {{\n{}}}\n", numbered(40_000, "nosuch", " = 1\n")),
        ),
        (
            "unknown variables",
            format!(
                "job \"a\" {{\nmeta = {{\n{}}}\n}}\n",
                numbered(20_000, "a", " = var.nosuch\n")
            ),
        ),
        (
            "ports",
            format!(
                "job \"a\" {{\ngroup \"g\" {{\nnetwork {{\n{}}}\n}}\n}}\n",
                numbered(30_000, "port \"p", "\" {}\n")
            ),
        ),
        ("unclosed brackets", fill("a = [\n")),
        ("unclosed strings", fill("a = \"${\n")),
        ("quotes", fill("\"")),
        ("heredocs", fill("<<A\n")),
        ("braces", fill("{\n")),
    ];
    for syntax in [Syntax::Hcl2, Syntax::Hcl1] {
        for (name, text) in &files {
            let parsed = read_soon(name, syntax, text);
            assert!(parsed.diagnostics.len() < 300, "{name}");
        }
    }
}

fn numbered(count: usize, before: &str, behind: &str) -> String {
    (0..count).map(|n| format!("{before}{n}{behind}")).collect()
}
