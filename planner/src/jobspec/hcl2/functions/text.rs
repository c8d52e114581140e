//! Functions of strings.

use regex_lite::Regex;

use super::arguments::text_list;
use super::{Arguments, Files, Mistake};
use crate::jobspec::value::Value;

type Outcome = Result<Value, Mistake>;

pub(super) fn upper(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(Value::Text(arguments.text(0)?.to_uppercase()))
}

pub(super) fn lower(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(Value::Text(arguments.text(0)?.to_lowercase()))
}

pub(super) fn title(arguments: &mut Arguments, _: &Files) -> Outcome {
    let mut out = String::new();
    let mut inside = false;
    for letter in arguments.text(0)?.chars() {
        if inside {
            out.push(letter);
        } else {
            out.extend(letter.to_uppercase());
        }
        inside = letter.is_alphanumeric() || matches!(letter, '_' | '\'');
    }
    Ok(Value::Text(out))
}

pub(super) fn strlen(arguments: &mut Arguments, _: &Files) -> Outcome {
    let count = arguments.text(0)?.chars().count();
    Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
}

pub(super) fn reverse(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(Value::Text(arguments.text(0)?.chars().rev().collect()))
}

pub(super) fn chomp(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(Value::Text(arguments.text(0)?.trim_end_matches(['\r', '\n']).to_owned()))
}

pub(super) fn trimspace(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(Value::Text(arguments.text(0)?.trim().to_owned()))
}

pub(super) fn trim(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (text, cut) = (arguments.text(0)?, arguments.text(1)?);
    Ok(Value::Text(text.trim_matches(|letter| cut.contains(letter)).to_owned()))
}

pub(super) fn trimprefix(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (text, cut) = (arguments.text(0)?, arguments.text(1)?);
    Ok(Value::from(text.strip_prefix(&cut).unwrap_or(&text)))
}

pub(super) fn trimsuffix(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (text, cut) = (arguments.text(0)?, arguments.text(1)?);
    Ok(Value::from(text.strip_suffix(&cut).unwrap_or(&text)))
}

pub(super) fn indent(arguments: &mut Arguments, _: &Files) -> Outcome {
    let width = arguments.int(0)?;
    let width = usize::try_from(width)
        .ok()
        .filter(|width| *width <= 1024)
        .ok_or_else(|| Mistake::at(0, "must be between 0 and 1024"))?;
    let text = arguments.text(1)?;
    Ok(Value::Text(text.replace('\n', &format!("\n{}", " ".repeat(width)))))
}

pub(super) fn join(arguments: &mut Arguments, _: &Files) -> Outcome {
    let separator = arguments.text(0)?;
    let mut texts = Vec::new();
    for at in 1..arguments.count() {
        texts.extend(arguments.texts(at)?);
    }
    Ok(Value::Text(texts.join(&separator)))
}

pub(super) fn split(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (separator, text) = (arguments.text(0)?, arguments.text(1)?);
    if separator.is_empty() {
        return Ok(text_list(text.chars().map(String::from)));
    }
    Ok(text_list(text.split(&separator)))
}

pub(super) fn substr(arguments: &mut Arguments, _: &Files) -> Outcome {
    let letters: Vec<char> = arguments.text(0)?.chars().collect();
    let (offset, length) = (arguments.int(1)?, arguments.int(2)?);
    let count = i64::try_from(letters.len()).unwrap_or(i64::MAX);
    let start = if offset < 0 { (count + offset).max(0) } else { offset.min(count) };
    let end = if length < 0 { count } else { start.saturating_add(length).min(count) };
    let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
    Ok(Value::Text(letters.get(range).unwrap_or_default().iter().collect()))
}

pub(super) fn replace(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (text, old, new) = (arguments.text(0)?, arguments.text(1)?, arguments.text(2)?);
    if old.is_empty() && text.len().saturating_mul(new.len()) > 1 << 20 {
        return Err(Mistake::new("the result is too long"));
    }
    Ok(Value::Text(text.replace(&old, &new)))
}

pub(super) fn regex_replace(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (text, pattern, new) = (arguments.text(0)?, arguments.text(1)?, arguments.text(2)?);
    let regex = Regex::new(&pattern).map_err(|error| {
        Mistake::at(1, format!("the regular expression \"{pattern}\" does not compile: {error}"))
    })?;
    Ok(Value::Text(regex.replace_all(&text, new.as_str()).into_owned()))
}
