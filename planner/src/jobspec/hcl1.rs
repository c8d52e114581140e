//! HCL1 to the tree.
//!
//! A parser of its own instead of a rewrite to HCL2: HCL1's strings are no templates, its objects are blocks whether
//! assigned or not, its entries may share a line, and its keys may be quoted. So places are true by construction.

use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::jobspec::scan;
use crate::jobspec::tree::{Attribute, Block, Body, Item, Label};
use crate::jobspec::value::Value;

/// Deeper nesting is refused.
const MAX_NESTING: usize = 60;
/// More mistakes than this are not looked for.
const MAX_MISTAKES: usize = 12;

/// Parses a text, going on behind each mistake.
pub(crate) fn parse(text: &str) -> (Body, Diagnostics) {
    let mut parser = Parser { text, at: 0, depth: 0, diagnostics: Diagnostics::new() };
    let body = parser.body(None);
    (body, parser.diagnostics)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    diagnostics: Diagnostics,
}

/// A key, or a block's type and labels.
struct Key {
    text: String,
    span: Span,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn here(&self) -> Span {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        Span { start: self.at, end: self.at + length }
    }

    /// Skips blanks and comments.
    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
            self.at += rest.len() - trimmed.len();
            let rest = self.rest();
            if rest.starts_with('#') || rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                match rest.find("*/") {
                    Some(end) => self.at += end + 2,
                    None => {
                        let span = Span { start: self.at, end: self.at + 2 };
                        self.mistake(Diagnostic::error(
                            "never-closed",
                            span,
                            "this comment is never closed",
                        ));
                        self.at = self.text.len();
                    }
                }
            } else {
                return;
            }
        }
    }

    fn mistake(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAX_MISTAKES {
            self.diagnostics.push(diagnostic);
        } else {
            self.at = self.text.len();
        }
    }

    /// Goes on at the next line, or at the bracket that closes the body.
    fn recover(&mut self) {
        let rest = self.rest();
        let end = rest.find(['\n', '}']).unwrap_or(rest.len());
        self.at += end;
    }

    /// The entries up to the closing brace, or to the end of the text.
    fn body(&mut self, opening: Option<Span>) -> Body {
        let mut body = Body::default();
        loop {
            self.blanks();
            match self.peek() {
                None => {
                    if let Some(span) = opening {
                        self.mistake(
                            Diagnostic::error("never-closed", span, "this bracket is never closed")
                                .with_hint("add `}` at the end"),
                        );
                    }
                    return body;
                }
                Some(b'}') if opening.is_some() => {
                    self.at += 1;
                    return body;
                }
                Some(b',') if opening.is_some() && !body.items.is_empty() => self.at += 1,
                Some(_) => {
                    let before = self.at;
                    match self.item() {
                        Ok(item) => body.items.push(item),
                        Err(problem) => {
                            self.mistake(problem);
                            self.recover();
                            if self.at == before {
                                self.at += self.here().end - self.here().start;
                            }
                        }
                    }
                }
            }
        }
    }

    fn key(&mut self) -> Result<Option<Key>, Diagnostic> {
        self.blanks();
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                let text = self.string()?;
                Ok(Some(Key { text, span: Span { start, end: self.at } }))
            }
            Some(_) if self.rest().starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                let rest = self.rest();
                let length = rest
                    .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
                    .unwrap_or(rest.len());
                let text = rest[..length].to_owned();
                self.at += length;
                Ok(Some(Key { text, span: Span { start, end: self.at } }))
            }
            _ => Ok(None),
        }
    }

    fn item(&mut self) -> Result<Item, Diagnostic> {
        let Some(first) = self.key()? else {
            return Err(Diagnostic::error("syntax", self.here(), "a name is expected here"));
        };
        let mut labels = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                Some(b'=') if labels.is_empty() => {
                    self.at += 1;
                    self.blanks();
                    if self.peek() == Some(b'{') {
                        return self.block(first, labels, true);
                    }
                    let start = self.at;
                    let value = self.value()?;
                    return Ok(Item::Attribute(Attribute {
                        name: first.text,
                        name_span: first.span,
                        value,
                        value_span: Span { start, end: self.at },
                        literal: true,
                    }));
                }
                Some(b'{') => return self.block(first, labels, false),
                _ => match self.key()? {
                    Some(key) => labels.push(key),
                    None => {
                        let message = format!("= or {{ is expected after {}", first.text);
                        return Err(Diagnostic::error("syntax", self.here(), message));
                    }
                },
            }
        }
    }

    fn block(&mut self, name: Key, labels: Vec<Key>, assigned: bool) -> Result<Item, Diagnostic> {
        let body = self.braces()?;
        Ok(Item::Block(Block {
            name: name.text,
            name_span: name.span,
            labels: labels
                .into_iter()
                .map(|key| Label { text: key.text, span: key.span })
                .collect(),
            body,
            assigned,
        }))
    }

    fn braces(&mut self) -> Result<Body, Diagnostic> {
        let opening = self.here();
        self.at += 1;
        self.depth += 1;
        if self.depth > MAX_NESTING {
            self.at = self.text.len();
            return Err(Diagnostic::error(
                "too-deep",
                opening,
                format!("nested more than {MAX_NESTING} levels deep"),
            ));
        }
        let body = self.body(Some(opening));
        self.depth -= 1;
        Ok(body)
    }

    fn value(&mut self) -> Result<Value, Diagnostic> {
        self.blanks();
        match self.peek() {
            Some(b'"') => self.string().map(Value::Text),
            Some(b'[') => self.list(),
            Some(b'{') => {
                let body = self.braces()?;
                Ok(object(&body))
            }
            Some(b'<') if self.rest().starts_with("<<") => self.heredoc(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Value, Diagnostic> {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '.')))
            .unwrap_or(rest.len());
        let span = Span { start: self.at, end: self.at + length.max(1).min(rest.len()) };
        let word = &rest[..length];
        let value = match word {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => number(word),
        };
        match value {
            Some(value) => {
                self.at += length;
                Ok(value)
            }
            None => Err(Diagnostic::error("syntax", span, "a value is expected here")
                .with_hint("HCL1 knows strings, numbers, true, false, lists and objects")),
        }
    }

    fn list(&mut self) -> Result<Value, Diagnostic> {
        let opening = self.here();
        self.at += 1;
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(Diagnostic::error(
                "too-deep",
                opening,
                format!("nested more than {MAX_NESTING} levels deep"),
            ));
        }
        let mut values = Vec::new();
        let mut comma = true;
        loop {
            self.blanks();
            match self.peek() {
                None => {
                    return Err(Diagnostic::error(
                        "never-closed",
                        opening,
                        "this bracket is never closed",
                    )
                    .with_hint("add `]`"));
                }
                Some(b']') => {
                    self.at += 1;
                    self.depth -= 1;
                    return Ok(Value::List(values));
                }
                Some(b',') if !comma => {
                    self.at += 1;
                    comma = true;
                }
                Some(_) if comma => {
                    values.push(self.value()?);
                    comma = false;
                }
                Some(_) => {
                    return Err(Diagnostic::error(
                        "syntax",
                        self.here(),
                        "a comma or ] is expected here",
                    ));
                }
            }
        }
    }

    fn string(&mut self) -> Result<String, Diagnostic> {
        let start = self.at;
        let (end, closed) = scan::string_end(self.text.as_bytes(), start);
        if !closed {
            let span = Span { start, end };
            self.at = end;
            return Err(Diagnostic::error("never-closed", span, "this string is never closed")
                .with_hint("close it with \" on the same line"));
        }
        self.at = end;
        unquote(&self.text[start + 1..end - 1])
            .map_err(|message| Diagnostic::error("syntax", Span { start, end }, message))
    }

    fn heredoc(&mut self) -> Result<Value, Diagnostic> {
        let start = self.at;
        let rest = self.rest();
        let head = rest.find('\n').map_or(rest, |end| &rest[..end]);
        let marker = head[2..].trim();
        let (indented, marker) = match marker.strip_prefix('-') {
            Some(marker) => (true, marker),
            None => (false, marker),
        };
        let span = Span { start, end: start + head.len() };
        if marker.is_empty() {
            return Err(Diagnostic::error("syntax", span, "a heredoc needs a marker")
                .with_hint("write <<EOF"));
        }
        let mut lines = Vec::new();
        let mut at = head.len() + 1;
        while at <= rest.len() {
            let line_end = rest[at..].find('\n').map_or(rest.len(), |end| at + end);
            let line = &rest[at..line_end];
            if line.trim() == marker {
                let margin = line.len() - line.trim_start().len();
                let cut = indented
                    && lines.iter().all(|line: &&str| {
                        // The margin may end inside a letter of another line.
                        line.get(..margin).is_some_and(|head| head.trim().is_empty())
                    });
                let mut text: String = lines
                    .iter()
                    .map(|line| format!("{}\n", if cut { &line[margin..] } else { line }))
                    .collect();
                if !indented {
                    // The blanks before the end marker belong to the text.
                    text.push_str(&line[..margin]);
                }
                self.at += line_end;
                return Ok(Value::Text(text));
            }
            lines.push(line);
            at = line_end + 1;
        }
        self.at = self.text.len();
        Err(Diagnostic::error("never-closed", span, "this heredoc is never closed")
            .with_hint(format!("write {marker} alone on a line")))
    }
}

fn number(word: &str) -> Option<Value> {
    let (negative, digits) = word.strip_prefix('-').map_or((false, word), |digits| (true, digits));
    let hex = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let whole = match hex {
        Some(hex) => i64::from_str_radix(hex, 16).ok(),
        None if digits.len() > 1
            && digits.starts_with('0')
            && digits.bytes().all(|b| b.is_ascii_digit()) =>
        {
            i64::from_str_radix(&digits[1..], 8).ok()
        }
        None => None,
    };
    match whole {
        Some(whole) => {
            Some(Value::Int(if negative { whole.checked_neg().unwrap_or(i64::MAX) } else { whole }))
        }
        None => crate::jobspec::value::parse_number(word),
    }
}

/// Escapes; an interpolation stays as it is, quotes and all.
fn unquote(text: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if rest.starts_with("${") {
            let length = interpolation(rest);
            out.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        rest = &rest[letter.len_utf8()..];
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        let Some(escaped) = rest.chars().next() else {
            return Err("the string ends inside an escape".to_owned());
        };
        rest = &rest[escaped.len_utf8()..];
        let width = match escaped {
            'n' => {
                out.push('\n');
                continue;
            }
            't' => {
                out.push('\t');
                continue;
            }
            'r' => {
                out.push('\r');
                continue;
            }
            '"' | '\\' => {
                out.push(escaped);
                continue;
            }
            'u' => 4,
            'U' => 8,
            'x' => 2,
            other => return Err(format!("\\{other} is no escape")),
        };
        let digits: String = rest.chars().take(width).collect();
        let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
        out.push(code.ok_or_else(|| format!("\\{escaped}{digits} is no character"))?);
        rest = &rest[digits.len()..];
    }
    Ok(out)
}

/// The length of the `${ … }` a text begins with.
fn interpolation(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// An object inside a list: what a block would be, as a value.
fn object(body: &Body) -> Value {
    let mut map = std::collections::BTreeMap::new();
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => {
                map.insert(attribute.name.clone(), attribute.value.clone());
            }
            Item::Block(block) => {
                let mut value = object(&block.body);
                for label in block.labels.iter().rev() {
                    value = Value::List(vec![Value::Object([(label.text.clone(), value)].into())]);
                }
                match map.entry(block.name.clone()).or_insert_with(|| Value::List(Vec::new())) {
                    Value::List(values) => values.push(value),
                    other => *other = Value::List(vec![value]),
                }
            }
        }
    }
    Value::Object(map)
}
