//! File functions: they read what was given with the text, never a disk.

use std::cell::RefCell;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::arguments::text_list;
use super::{Arguments, Mistake};
use crate::jobspec::hcl2::types::Type;
use crate::jobspec::value::Value;

type Outcome = Result<Value, Mistake>;

/// The files an expression may read.
#[derive(Clone, Copy)]
pub(crate) struct Files<'a> {
    pub(crate) allowed: bool,
    pub(crate) given: &'a crate::Map<String>,
    /// Paths that were asked for and not given; the caller may read them and parse again.
    pub(crate) missing: &'a RefCell<Vec<String>>,
}

impl Files<'_> {
    fn check(&self) -> Result<(), Mistake> {
        if self.allowed {
            return Ok(());
        }
        Err(Mistake {
            code: "no-files",
            hint: Some("use the command line, or paste the content".to_owned()),
            ..Mistake::new("files cannot be read here")
        })
    }
}

pub(super) fn file(arguments: &mut Arguments, files: &Files) -> Outcome {
    content(arguments, files).map(Value::from)
}

pub(super) fn filebase64(arguments: &mut Arguments, files: &Files) -> Outcome {
    content(arguments, files).map(|text| Value::Text(STANDARD.encode(text)))
}

fn content<'f>(arguments: &mut Arguments, files: &Files<'f>) -> Result<&'f str, Mistake> {
    files.check()?;
    let path = arguments.text(0)?;
    if let Some(text) = files.given.get(&path) {
        arguments.afford_text(text.len())?;
        return Ok(text);
    }
    let message = format!("there is no file {path}");
    files.missing.borrow_mut().push(path);
    Err(Mistake { code: "no-such-file", ..Mistake::at(0, message) })
}

pub(super) fn fileexists(arguments: &mut Arguments, files: &Files) -> Outcome {
    files.check()?;
    let path = arguments.text(0)?;
    let known = files.given.contains_key(&path);
    if !known {
        files.missing.borrow_mut().push(path);
    }
    Ok(Value::Bool(known))
}

pub(super) fn fileset(arguments: &mut Arguments, files: &Files) -> Outcome {
    files.check()?;
    let (folder, pattern) = (arguments.text(0)?, arguments.text(1)?);
    let folder = folder.trim_end_matches('/');
    let names = files.given.keys().filter_map(|path| match folder {
        "." | "" => Some(path.as_str()),
        folder => path.strip_prefix(folder)?.strip_prefix('/'),
    });
    let names = text_list(names.filter(|name| matches_glob(&pattern, name)));
    Type::Set(Box::new(Type::Text)).convert(names).map_err(Mistake::new)
}

/// `*` and `?` stay inside a folder, `**` does not. What did not match from one place is not tried there again.
fn matches_glob(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    // The places in the name that the pattern so far may reach.
    let mut reached = vec![false; name.len() + 1];
    reached[0] = true;
    let mut at = 0;
    while at < pattern.len() {
        let deep = pattern[at] == '*' && pattern.get(at + 1) == Some(&'*');
        let mut next = vec![false; name.len() + 1];
        for place in 0..=name.len() {
            match pattern[at] {
                '*' => {
                    let goes_on = place > 0 && next[place - 1] && (deep || name[place - 1] != '/');
                    next[place] = reached[place] || goes_on;
                }
                letter if reached[place] && place < name.len() => {
                    let any = letter == '?' && name[place] != '/';
                    next[place + 1] |= any || letter == name[place];
                }
                _ => {}
            }
        }
        at += if deep { 2 } else { 1 };
        if deep && pattern.get(at) == Some(&'/') {
            // `**/` matches no folder at all, too.
            at += 1;
            let start = reached.clone();
            for place in (1..=name.len()).rev() {
                next[place] = start[place] || (next[place - 1] && name[place - 1] == '/');
            }
            next[0] = start[0];
        }
        reached = next;
    }
    reached[name.len()]
}

/// The shortest form of a path: `a/./b/../c` is `a/c`.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            ("..", None) if rooted => {}
            (part, _) => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

pub(super) fn basename(arguments: &mut Arguments, files: &Files) -> Outcome {
    files.check()?;
    let path = arguments.text(0)?;
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    Ok(Value::from(match (last, path.is_empty()) {
        ("", true) => ".",
        ("", false) => "/",
        (last, _) => last,
    }))
}

pub(super) fn dirname(arguments: &mut Arguments, files: &Files) -> Outcome {
    files.check()?;
    let path = arguments.text(0)?;
    let folder = path.rfind('/').map_or("", |at| &path[..=at]);
    Ok(Value::Text(clean(folder)))
}

/// The planner knows no working directory, so only absolute paths have an answer.
pub(super) fn abspath(arguments: &mut Arguments, files: &Files) -> Outcome {
    files.check()?;
    let path = arguments.text(0)?;
    match path.starts_with('/') {
        true => Ok(Value::Text(clean(&path))),
        false => Err(Mistake::at(0, "only an absolute path means the same on every machine")),
    }
}

/// Nor does it know a home.
pub(super) fn pathexpand(arguments: &mut Arguments, files: &Files) -> Outcome {
    files.check()?;
    let path = arguments.text(0)?;
    match path.starts_with('~') {
        true => Err(Mistake::at(0, "~ is another folder on every machine")),
        false => Ok(Value::Text(path)),
    }
}
