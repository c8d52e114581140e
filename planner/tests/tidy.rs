//! The project's own rules, read from its files: a head comment on each, no file too long, nothing left
//! undone, no machine's paths, and the arrows between the planner's modules and between the packages.
//!
//! What a lint can check is a lint (`Cargo.toml`, `planner/clippy.toml`); this is the rest.
#![allow(clippy::disallowed_methods, reason = "the rules are about files")]

use std::fs;
use std::path::{Path, PathBuf};

/// One idea a file.
const MAX_LINES: usize = 600;

/// Which other modules of the planner a module must not name. The first prefix that fits a file counts,
/// so special cases stand before the rule they are an exception to.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "diagnostic",
        &["api", "jobspec", "validate", "model", "snapshot", "scheduler", "plan", "diff"],
    ),
    ("api", &["jobspec", "canonicalize", "validate", "model", "snapshot", "scheduler", "diff"]),
    ("jobspec", &["model", "snapshot", "scheduler", "plan", "diff"]),
    ("canonicalize", &["jobspec", "model", "snapshot", "scheduler", "plan", "diff"]),
    ("validate", &["model", "snapshot", "scheduler", "plan", "diff"]),
    ("lint", &["model", "snapshot", "scheduler", "plan", "diff"]),
    ("review", &["model", "snapshot", "scheduler", "plan", "diff"]),
    ("model", &["jobspec", "canonicalize", "validate", "snapshot", "scheduler", "plan", "diff"]),
    ("snapshot", &["jobspec", "canonicalize", "validate", "scheduler", "plan", "diff"]),
    (
        "scheduler::reconcile",
        &["api", "jobspec", "scheduler::feasible", "scheduler::rank", "scheduler::ports"],
    ),
    ("scheduler::feasible", &["jobspec", "scheduler::reconcile", "scheduler::rank"]),
    ("scheduler::rank", &["jobspec", "scheduler::reconcile", "scheduler::feasible"]),
    ("scheduler", &["jobspec", "canonicalize", "validate", "diff"]),
    ("plan", &["jobspec", "canonicalize", "validate", "scheduler", "diff"]),
    ("diff", &["jobspec", "model", "snapshot", "scheduler"]),
];

/// Words that a part must not know at all.
const UNKNOWN_WORDS: &[(&str, &str)] = &[
    ("planner/src/model/", "serde"),
    ("planner/src/scheduler/feasible/", "Deployment"),
    ("planner/src/scheduler/rank/", "Deployment"),
];

/// What a package may depend on, of the project's own.
const PACKAGES: &[(&str, &[&str])] = &[
    ("planner", &["steppe-planner-derive"]),
    ("planner/derive", &[]),
    ("web", &["steppe-planner"]),
    ("agent", &["steppe-planner"]),
    ("tests", &["steppe-planner"]),
    ("xtask", &[]),
];

#[test]
fn every_rust_file_begins_with_what_it_decides() {
    expect_none(rust_files().filter(|(_, text)| !text.starts_with("//!")).map(|(name, _)| name));
}

#[test]
fn no_file_is_too_long() {
    let long = rust_files().filter(|(_, text)| text.lines().count() > MAX_LINES);
    expect_none(long.map(|(name, text)| format!("{name}: {} lines", text.lines().count())));
}

#[test]
fn nothing_is_left_undone() {
    // Put together here so that this file does not find itself.
    let marks = [
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("#[ign", "ore"),
    ];
    expect_none(rust_files().flat_map(|(name, text)| found(&name, &text, &marks)));
}

/// The page is built without `Debug`, so a text that is made by it would be empty there.
#[test]
fn no_text_for_users_is_made_by_debug() {
    let page = |name: &str| {
        let is_test = name.ends_with("/tests.rs") || name.contains("/tests/");
        !is_test && (name.starts_with("planner/src/") || name.starts_with("web/src/"))
    };
    let files = rust_files().filter(|(name, _)| page(name));
    expect_none(files.flat_map(|(name, text)| {
        let marks = found(&name, without_tests(&text), &[concat!("{", ":?"), concat!(":", "?}")]);
        let lines: Vec<&str> = text.lines().collect();
        let panics = move |mark: &String| {
            let number = mark.split(':').nth(1).and_then(|n| n.parse::<usize>().ok());
            number.is_some_and(|n| lines[n - 1].contains("panic!("))
        };
        marks.into_iter().filter(move |mark| !panics(mark)).collect::<Vec<_>>()
    }));
}

#[test]
fn no_file_names_a_path_of_one_machine() {
    let marks = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/home", "/")];
    expect_none(files().into_iter().flat_map(|(name, text)| found(&name, &text, &marks)));
}

#[test]
fn the_planners_modules_keep_their_arrows() {
    let mut wrong = Vec::new();
    for (name, text) in rust_files() {
        let Some(module) = module_of(&name) else { continue };
        let rule = FORBIDDEN.iter().find(|(from, _)| is_below(&module, from));
        let Some((_, forbidden)) = rule else { continue };
        for used in used_modules(&module, &text) {
            if forbidden.iter().any(|to| is_below(&used, to)) {
                wrong.push(format!("{name}: {module} must not use {used}"));
            }
        }
    }
    expect_none(wrong);
}

#[test]
fn parts_do_not_know_what_is_not_theirs() {
    expect_none(rust_files().flat_map(|(name, text)| {
        let words: Vec<&str> = UNKNOWN_WORDS
            .iter()
            .filter(|(below, _)| name.starts_with(below))
            .map(|(_, word)| *word)
            .collect();
        found(&name, without_tests(&text), &words)
    }));
}

#[test]
fn packages_depend_on_the_planner_alone() {
    let mut wrong = Vec::new();
    for (package, allowed) in PACKAGES {
        let manifest = fs::read_to_string(root().join(package).join("Cargo.toml")).expect(package);
        for line in manifest.lines().filter(|l| l.starts_with("steppe-")) {
            let dependency = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if !allowed.contains(&dependency) {
                wrong.push(format!("{package} depends on {dependency}"));
            }
        }
    }
    expect_none(wrong);
}

#[test]
fn use_lines_are_read_as_rust_reads_them() {
    let text = "use crate::{api, plan::{Plan, report}};\nuse super::ports::Port;\n\
                fn f() { crate::model::g() }\n#[cfg(test)]\nmod tests { use crate::jobspec; }\n";
    let used = used_modules("scheduler::rank", text);
    assert_eq!(
        used,
        ["api", "plan::Plan", "plan::report", "scheduler::ports::Port", "model::g"],
        "modules named by the text"
    );
}

fn expect_none(wrong: impl IntoIterator<Item = String>) {
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the project's folder").to_owned()
}

fn rust_files() -> impl Iterator<Item = (String, String)> {
    files().into_iter().filter(|(name, _)| name.ends_with(".rs"))
}

/// Every text file of the project with its path from the top.
fn files() -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&root(), &root(), &mut found);
    found.sort();
    assert!(found.len() > 50, "the project's files are not where they should be");
    found
}

fn collect(top: &Path, dir: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(dir).expect("a readable folder").flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        // A folder, or in a second worktree a file that says where the folder is.
        if name == ".git" {
            continue;
        }
        if path.is_dir() {
            // Made by tools, or (the corpus) made elsewhere and kept as it is.
            let is_corpus = dir.ends_with("conformance");
            if !is_corpus && !matches!(&*name, "target" | "node_modules" | "dist") {
                collect(top, &path, found);
            }
        } else if let Ok(text) = fs::read_to_string(&path) {
            let short = path.strip_prefix(top).expect("below the top");
            found.push((short.to_string_lossy().replace('\\', "/"), text));
        }
    }
}

fn found(name: &str, text: &str, marks: &[&str]) -> Vec<String> {
    let lines = text.lines().enumerate();
    lines
        .filter_map(|(n, line)| Some((n, marks.iter().find(|mark| line.contains(**mark))?)))
        .map(|(n, mark)| format!("{name}:{}: {mark}", n + 1))
        .collect()
}

/// `planner/src/scheduler/rank/binpack.rs` is `scheduler::rank::binpack`.
fn module_of(name: &str) -> Option<String> {
    let path = name.strip_prefix("planner/src/")?.strip_suffix(".rs")?;
    Some(path.strip_suffix("/mod").unwrap_or(path).replace('/', "::"))
}

fn is_below(module: &str, parent: &str) -> bool {
    module.strip_prefix(parent).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Unit tests may look wherever they like.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

/// The modules of this crate that a file's `use` lines and `crate::` paths name.
fn used_modules(module: &str, text: &str) -> Vec<String> {
    let text = without_tests(text);
    let mut used = Vec::new();
    for (start, statement) in statements(text) {
        let mut paths = Vec::new();
        expand("", statement, &mut paths);
        // A file module's `super` is its folder's module; mod.rs files have that name already.
        used.extend(paths.iter().filter_map(|p| Some((start, absolute(module, p)?))));
    }
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let in_use = text[..at].rfind('\n').map_or(&text[..at], |n| &text[n + 1..at]);
        let path: String =
            rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect();
        let is_comment = in_use.trim_start().starts_with("//");
        if !path.is_empty() && !path.ends_with("::") && !is_comment && !in_use.contains("use ") {
            used.push((at, path));
        }
    }
    used.sort();
    used.into_iter().map(|(_, path)| path).collect()
}

/// The trees of `use` statements: what stands between `use` and `;`.
fn statements(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_start();
        let body = body.strip_prefix("pub ").or(body.strip_prefix("pub(crate) ")).unwrap_or(body);
        if body.starts_with("use ") {
            let start = at + (line.len() - body.len()) + "use ".len();
            let end = text[start..].find(';').map_or(text.len(), |n| start + n);
            found.push((start, &text[start..end]));
        }
        at += line.len();
    }
    found
}

/// `a::{b, c::{d}}` is `a::b` and `a::c::d`.
fn expand(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    let Some((head, rest)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or(tree).trim();
        if !path.is_empty() {
            paths.push(format!("{prefix}{path}"));
        }
        return;
    };
    let prefix = format!("{prefix}{}", head.trim());
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&prefix, inner[start..at].trim(), paths);
                start = at + 1;
            }
            _ => {}
        }
    }
    expand(&prefix, inner[start..].trim(), paths);
}

/// The path from the crate's root, if it lies in this crate.
fn absolute(module: &str, path: &str) -> Option<String> {
    if let Some(rest) = path.strip_prefix("crate::") {
        return Some(rest.to_owned());
    }
    let mut parts: Vec<&str> = module.split("::").collect();
    let mut rest = path;
    while let Some(shorter) = rest.strip_prefix("super::") {
        parts.pop();
        rest = shorter;
    }
    if rest == path {
        return path.strip_prefix("self::").map(|r| format!("{module}::{r}"));
    }
    parts.push(rest);
    Some(parts.join("::"))
}
