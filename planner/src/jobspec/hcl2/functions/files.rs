//! File functions: they read what was given with the text, never a disk.

use std::cell::RefCell;

use super::arguments::text_list;
use super::{Arguments, Mistake};
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
    files.check()?;
    let path = arguments.text(0)?;
    if let Some(text) = files.given.get(&path) {
        return Ok(Value::from(text.as_str()));
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
    Ok(text_list(names.filter(|name| matches_glob(&pattern, name))))
}

/// `*` and `?` stay inside a folder, `**` does not.
fn matches_glob(pattern: &str, name: &str) -> bool {
    let Some(first) = pattern.chars().next() else { return name.is_empty() };
    let rest = &pattern[first.len_utf8()..];
    if let Some(after) = pattern.strip_prefix("**") {
        let after = after.strip_prefix('/').unwrap_or(after);
        return name
            .char_indices()
            .map(|(at, _)| at)
            .chain([name.len()])
            .any(|at| matches_glob(after, &name[at..]));
    }
    let Some(letter) = name.chars().next() else { return first == '*' && matches_glob(rest, name) };
    let behind = &name[letter.len_utf8()..];
    match first {
        '*' => matches_glob(rest, name) || (letter != '/' && matches_glob(pattern, behind)),
        '?' => letter != '/' && matches_glob(rest, behind),
        exact => exact == letter && matches_glob(rest, behind),
    }
}

pub(super) fn basename(arguments: &mut Arguments, files: &Files) -> Outcome {
    files.check()?;
    let path = arguments.text(0)?;
    Ok(Value::from(path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()))
}

pub(super) fn dirname(arguments: &mut Arguments, files: &Files) -> Outcome {
    files.check()?;
    let path = arguments.text(0)?;
    Ok(Value::from(
        path.rsplit_once('/')
            .map_or(".", |(folder, _)| if folder.is_empty() { "/" } else { folder }),
    ))
}

pub(super) fn abspath(arguments: &mut Arguments, files: &Files) -> Outcome {
    absolute(arguments, files)
}

pub(super) fn pathexpand(arguments: &mut Arguments, files: &Files) -> Outcome {
    absolute(arguments, files)
}

/// The planner knows no working directory and no home, so only absolute paths have an answer.
fn absolute(arguments: &mut Arguments, files: &Files) -> Outcome {
    files.check()?;
    let path = arguments.text(0)?;
    if path.starts_with('/') {
        return Ok(Value::Text(path));
    }
    Err(Mistake::at(0, "only an absolute path means the same on every machine"))
}
