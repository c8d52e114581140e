//! What a word of YAML stands for, by its tag and by how it looks.

use crate::jobspec::hcl2::functions::time;
use crate::jobspec::value::Value;

/// The value of a scalar. `quoted`: it is a string, whatever it looks like.
pub(super) fn resolve(tag: &str, text: &str, quoted: bool) -> Result<Value, String> {
    let wrong = || format!("\"{text}\" is no {tag}");
    match tag {
        "" if quoted => Ok(Value::from(text)),
        "" => plain(text),
        "!!str" | "!!binary" => Ok(Value::from(text)),
        "!!null" => Ok(Value::Null),
        "!!bool" => word(text).filter(|value| *value != Value::Null).ok_or_else(wrong),
        "!!int" | "!!float" => number(&text.replace('_', "")).ok_or_else(wrong),
        "!!timestamp" => time::of_yaml(text).map(Value::Text).ok_or_else(wrong),
        _ => Err(format!("the tag {tag} is not supported")),
    }
}

fn plain(text: &str) -> Result<Value, String> {
    if let Some(value) = word(text) {
        return Ok(value);
    }
    match text.to_ascii_lowercase().trim_start_matches(['+', '-']) {
        ".nan" | ".inf" => return Err(format!("{text} is no number here")),
        _ => {}
    }
    if let Some(time) = time::of_yaml(text) {
        return Ok(Value::Text(time));
    }
    let digits = text.replace('_', "");
    let found = number(&digits).filter(|_| !text.starts_with('_'));
    Ok(found.unwrap_or_else(|| Value::from(text)))
}

/// The words that are values, in the three ways to write them.
fn word(text: &str) -> Option<Value> {
    if matches!(text, "" | "~") {
        return Some(Value::Null);
    }
    let lower = text.to_ascii_lowercase();
    let mut capital = lower.clone();
    if let Some(first) = capital.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if text != lower && text != capital && text != text.to_ascii_uppercase() {
        return None;
    }
    match lower.as_str() {
        "y" | "yes" | "true" | "on" => Some(Value::Bool(true)),
        "n" | "no" | "false" | "off" => Some(Value::Bool(false)),
        "null" => Some(Value::Null),
        _ => None,
    }
}

fn number(text: &str) -> Option<Value> {
    let base = |prefix: &str, base: u32| {
        let digits = text.strip_prefix(prefix).filter(|d| d.chars().all(|c| c.is_digit(base)))?;
        i64::from_str_radix(digits, base).ok().map(Value::Int)
    };
    match text.parse::<i64>() {
        Ok(whole) => Some(Value::Int(whole)),
        Err(_) => base("0x", 16).or_else(|| base("0o", 8)).or_else(|| Value::decimal(text)),
    }
}
