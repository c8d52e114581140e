//! HCL1's strings, heredocs and numbers.
//!
//! Strings are no templates: what stands in `${ … }` stays as it is written, quotes and escapes and all.

use crate::decimal;
use crate::diagnostic::{Diagnostic, Span};
use crate::jobspec::value::Value;

/// The string whose quote stands here, and the place behind it.
pub(super) fn string(text: &str, start: usize) -> Result<(String, usize), Diagnostic> {
    let mut out = String::new();
    let mut braces = 0_usize;
    let mut letters =
        text[start + 1..].char_indices().map(|(at, c)| (start + 1 + at, c)).peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' if braces == 0 => return Ok((out.replace("\r\n", "\n"), at + 1)),
            '\n' if braces == 0 => break,
            '$' if braces == 0 && text[at + 1..].starts_with('{') => {
                letters.next();
                braces = 1;
                out.push_str("${");
            }
            '\\' => {
                let (value, end) = escape(text, at)?;
                while letters.next_if(|(at, _)| *at < end).is_some() {}
                match braces {
                    0 => out.push(value),
                    _ => out.push_str(&text[at..end]),
                }
            }
            _ => {
                match letter {
                    '{' if braces > 0 => braces += 1,
                    '}' if braces > 0 => braces -= 1,
                    _ => {}
                }
                out.push(letter);
            }
        }
    }
    let line = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    let span = Span { start, end: line };
    Err(Diagnostic::error("never-closed", span, "this string is never closed")
        .with_hint("close it with \" on the same line"))
}

/// The character that a backslash and what follows stand for, and the place behind.
fn escape(text: &str, start: usize) -> Result<(char, usize), Diagnostic> {
    let rest = &text[start + 1..];
    let Some(letter) = rest.chars().next() else { return Err(no_escape(start, text.len())) };
    let after = start + 1 + letter.len_utf8();
    let simple = match letter {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '"' | '\\' => letter,
        '0'..='7' => return code(text, start, start + 1, 3, 8),
        'x' => return code(text, start, after, 2, 16),
        'u' => return code(text, start, after, 4, 16),
        'U' => return code(text, start, after, 8, 16),
        _ => return Err(no_escape(start, after)),
    };
    Ok((simple, after))
}

fn no_escape(start: usize, end: usize) -> Diagnostic {
    let problem = Diagnostic::error("syntax", Span { start, end }, "there is no such escape");
    problem.with_hint("write \\\\ for a backslash")
}

/// A character by its number.
fn code(
    text: &str,
    start: usize,
    digits: usize,
    count: usize,
    base: u32,
) -> Result<(char, usize), Diagnostic> {
    let end = digits + count;
    let digits = text.get(digits..end).filter(|digits| digits.chars().all(|c| c.is_digit(base)));
    let number = digits.and_then(|digits| u32::from_str_radix(digits, base).ok());
    match number {
        // One byte that is no character is not kept by JSON, either.
        Some(byte @ 0x80..) if count < 4 && byte < 0x100 => Ok((char::REPLACEMENT_CHARACTER, end)),
        Some(number) if count >= 4 || number < 0x100 => {
            Ok((char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER), end))
        }
        _ => Err(no_escape(start, start + 2)),
    }
}

/// The heredoc that begins here, and the place of the line's end behind its mark.
pub(super) fn heredoc(text: &str, start: usize) -> Result<(String, usize), Diagnostic> {
    let rest = &text[start..];
    let head_end = rest.find('\n').unwrap_or(rest.len());
    let head = rest[..head_end].trim_end_matches('\r');
    let span = Span { start, end: start + head.len() };
    let mark = &head[2..];
    let (indented, mark) = match mark.strip_prefix('-') {
        Some(mark) => (true, mark),
        None => (false, mark),
    };
    if mark.is_empty() || !mark.chars().all(|c| c.is_alphanumeric() || c == '_') {
        let message = "a heredoc needs a mark of letters and digits, and nothing behind it";
        return Err(Diagnostic::error("syntax", span, message).with_hint("write <<EOF"));
    }
    let mut lines: Vec<&str> = Vec::new();
    let mut at = head_end + 1;
    // The line of the mark needs an end, too.
    while let Some(length) = rest.get(at..).and_then(|rest| rest.find('\n')) {
        let line = rest[at..at + length].trim_end_matches('\r');
        let margin = line.len() - line.trim_start().len();
        // Nomad sees the mark of an indented one only in a line that is longer than it.
        if &line[margin..] == mark && (!indented || margin > 0) {
            return Ok((joined(&lines, &line[..margin], indented), start + at + length));
        }
        lines.push(line);
        at += length + 1;
    }
    Err(Diagnostic::error("never-closed", span, "this heredoc is never closed")
        .with_hint(format!("write {mark} alone on a line")))
}

/// The lines of a heredoc whose mark stands behind `margin`.
fn joined(lines: &[&str], margin: &str, indented: bool) -> String {
    let cut = indented && lines.iter().all(|line| line.starts_with(margin));
    let mut text = String::new();
    for line in lines {
        text.push_str(if cut { &line[margin.len()..] } else { line });
        text.push('\n');
    }
    if !indented {
        // The blanks before the mark belong to the text.
        text.push_str(margin);
    }
    text
}

/// The number that a word begins with, and its length; an empty message if it is none at all.
pub(super) fn number(word: &str) -> (Result<Value, &'static str>, usize) {
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let sign = usize::from(word.starts_with('-'));
    let rest = &word[sign..];
    if let Some(hex) = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X")) {
        let length = hex.len() - hex.trim_start_matches(|c: char| c.is_ascii_hexdigit()).len();
        let end = sign + 2 + length;
        return (whole(&word[..end]).map(Value::Int).ok_or("this is no hexadecimal number"), end);
    }
    let mut length = digits(rest);
    // Without a digit before the point there is no sign, either.
    if length == 0 && (sign > 0 || !rest.starts_with('.')) {
        return (Err(""), word.len());
    }
    let mut fraction = false;
    if rest[length..].starts_with('.') {
        fraction = true;
        length += 1 + digits(&rest[length + 1..]);
    }
    if rest[length..].starts_with(['e', 'E']) {
        fraction = true;
        length += 1 + usize::from(rest[length + 1..].starts_with(['+', '-']));
        length += digits(&rest[length..]);
    }
    let end = sign + length;
    let value = match fraction {
        true => decimal::plain(&word[..end]).map(Value::Decimal).ok_or("this is no number"),
        false => whole(&word[..end]).map(Value::Int).ok_or("this is no whole number"),
    };
    (value, end)
}

/// A whole number as Go reads it: `0x` and `0` tell the base, and an underscore may stand before a digit.
pub(crate) fn whole(text: &str) -> Option<i64> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let lower = rest.to_ascii_lowercase();
    let (base, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, lower.as_str()),
    };
    let after_digit = digits.len() < lower.len();
    if digits.contains("__") || digits.ends_with('_') || digits.starts_with('_') && !after_digit {
        return None;
    }
    let digits = digits.replace('_', "");
    if !digits.chars().all(|digit| digit.is_digit(base)) {
        return None;
    }
    let number = i128::from_str_radix(&digits, base).ok()?;
    i64::try_from(if negative { -number } else { number }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_end_where_they_end() {
        let read = |word: &str| {
            let (value, length) = number(word);
            (value.ok().and_then(|value| value.to_text()), length)
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(read("0x1F"), (text("31"), 4));
        assert_eq!(read("010"), (text("8"), 3));
        assert_eq!(read("08"), (None, 2));
        assert_eq!(read("-1.5e2x"), (text("-150"), 6));
        assert_eq!(read("0b1"), (text("0"), 1));
        assert_eq!(read(".5"), (text("0.5"), 2));
        assert_eq!(read("-.5").0, None);
        assert_eq!(read("+5").0, None);
        assert_eq!(read("99999999999999999999").0, None);
    }

    #[test]
    fn underscores_stand_between_digits() {
        for (text, number) in [("1_0", 10), ("0x_F", 15), ("0_10", 8), ("-1_000", -1000)] {
            assert_eq!(whole(text), Some(number), "{text}");
        }
        for wrong in ["_1", "1_", "1__0", "0x", "-_1"] {
            assert_eq!(whole(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn strings_are_no_templates() {
        let read = |text: &str| string(text, 0).ok().map(|(text, _)| text);
        let expect = |text: &str| Some(text.to_owned());
        assert_eq!(read(r#""a\n\x41\101""#), expect("a\nAA"));
        assert_eq!(read(r#""${upper("\n")} %{if}""#), expect(r#"${upper("\n")} %{if}"#));
        assert_eq!(read(r#""$${x}""#), expect("$${x}"));
        assert_eq!(read(r#""\q""#), None);
        assert_eq!(read("\"a\nb\""), None);
        assert_eq!(read("\"${\n}\""), expect("${\n}"));
    }

    #[test]
    fn heredocs_end_at_their_mark() {
        let read = |text: &str| heredoc(text, 0).ok().map(|(text, _)| text);
        let expect = |text: &str| Some(text.to_owned());
        assert_eq!(read("<<EOF\n a\n  EOF\n"), expect(" a\n  "));
        assert_eq!(read("<<-EOF\n  a\n    b\n  EOF\n"), expect("a\n  b\n"));
        assert_eq!(read("<<-EOF\n a\n  EOF\n"), expect(" a\n"));
        assert_eq!(read("<<EOF \n a\nEOF\n"), None);
        assert_eq!(read("<<EOF\r\na\r\nEOF\r\n"), expect("a\n"));
        assert_eq!(read("<<EOF\na\nEOF"), None);
    }
}
