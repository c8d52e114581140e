//! Functions of strings.

use regex_lite::RegexBuilder;
use unicode_segmentation::{Graphemes, UnicodeSegmentation};

use super::arguments::text_list;
use super::{Arguments, Files, Mistake};
use crate::jobspec::value::Value;

type Outcome = Result<Value, Mistake>;

/// Bytes of a compiled regular expression: repetitions multiply, and each step of a match looks at them all.
const MAX_REGEX: usize = 1 << 16;

/// What a reader takes for one letter, accents and all, is one.
pub(super) fn letters(text: &str) -> Graphemes<'_> {
    text.graphemes(true)
}

/// Its capital: a letter that would become several stays.
fn capital(letter: char) -> char {
    let mut changed = letter.to_uppercase();
    changed.next().filter(|_| changed.next().is_none()).unwrap_or(letter)
}

pub(super) fn upper(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(Value::Text(arguments.text(0)?.chars().map(capital).collect()))
}

pub(super) fn lower(arguments: &mut Arguments, _: &Files) -> Outcome {
    // Only the dotted capital I becomes two, of which the first is its letter.
    let small = |letter: char| letter.to_lowercase().next().unwrap_or(letter);
    Ok(Value::Text(arguments.text(0)?.chars().map(small).collect()))
}

pub(super) fn title(arguments: &mut Arguments, _: &Files) -> Outcome {
    let mut out = String::new();
    let mut inside = false;
    for letter in arguments.text(0)?.chars() {
        if inside {
            out.push(letter);
        } else {
            out.push(match letter {
                // Two letters in one, of which only the first becomes large.
                'Ǆ' | 'ǆ' => 'ǅ',
                'Ǉ' | 'ǉ' => 'ǈ',
                'Ǌ' | 'ǌ' => 'ǋ',
                'Ǳ' | 'ǳ' => 'ǲ',
                'ǅ' | 'ǈ' | 'ǋ' | 'ǲ' => letter,
                letter => capital(letter),
            });
        }
        inside = match letter {
            '_' => true,
            letter if letter.is_ascii() => letter.is_ascii_alphanumeric(),
            letter => !letter.is_whitespace(),
        };
    }
    Ok(Value::Text(out))
}

pub(super) fn strlen(arguments: &mut Arguments, _: &Files) -> Outcome {
    let count = letters(&arguments.text(0)?).count();
    Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
}

pub(super) fn reverse(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(Value::Text(letters(&arguments.text(0)?).rev().collect()))
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
    arguments.afford_text(text.matches('\n').count().saturating_mul(width))?;
    Ok(Value::Text(text.replace('\n', &format!("\n{}", " ".repeat(width)))))
}

pub(super) fn join(arguments: &mut Arguments, _: &Files) -> Outcome {
    let separator = arguments.text(0)?;
    let mut texts = Vec::new();
    for at in 1..arguments.count() {
        texts.extend(arguments.texts(at)?);
    }
    arguments.afford_text(texts.len().saturating_mul(separator.len()))?;
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
    let text = arguments.text(0)?;
    let letters: Vec<&str> = letters(&text).collect();
    let (offset, length) = (arguments.int(1)?, arguments.int(2)?);
    let count = i64::try_from(letters.len()).unwrap_or(i64::MAX);
    let start = if offset < 0 { (count + offset).max(0) } else { offset.min(count) };
    // Nothing is asked for behind a negative offset only by accident, and gives all.
    let rest = length < 0 || (length == 0 && offset < 0);
    let end = if rest { count } else { start.saturating_add(length).min(count) };
    let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
    Ok(Value::Text(letters.get(range).unwrap_or_default().concat()))
}

pub(super) fn replace(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (text, old, new) = (arguments.text(0)?, arguments.text(1)?, arguments.text(2)?);
    arguments.afford_text(text.matches(&old).count().saturating_mul(new.len()))?;
    Ok(Value::Text(text.replace(&old, &new)))
}

pub(super) fn regex_replace(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (text, pattern, new) = (arguments.text(0)?, arguments.text(1)?, arguments.text(2)?);
    // A match may take a step for each letter of the text and of the pattern, and the result holds `new` for each.
    let places = text.len() + 1;
    arguments.afford(places.saturating_mul(pattern.len() + 1) / 256)?;
    arguments.afford_text(places.saturating_mul(new.len()))?;
    let built = RegexBuilder::new(&pattern).size_limit(MAX_REGEX).build();
    let regex = built.map_err(|error| {
        Mistake::at(1, format!("the regular expression \"{pattern}\" does not compile: {error}"))
    })?;
    let replaced = regex.replace_all(&text, new.as_str()).into_owned();
    Ok(Value::Text(replaced))
}
