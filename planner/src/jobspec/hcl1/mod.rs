//! HCL1 to the tree.
//!
//! A parser of its own instead of a rewrite to HCL2: HCL1's strings are no templates, its objects are blocks whether
//! assigned or not, its entries may share a line, and its keys may be quoted. So places are true by construction.

mod json;
mod literal;
mod repeated;

pub(crate) use json::tree;
pub(crate) use literal::whole;

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
        let mut body = self.entries(opening);
        for problem in repeated::unite(&mut body) {
            self.mistake(problem);
        }
        body
    }

    fn entries(&mut self, opening: Option<Span>) -> Body {
        let mut body = Body::default();
        let mut comma = false;
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
                // One comma may stand behind each entry.
                Some(b',') if comma => {
                    self.at += 1;
                    comma = false;
                }
                Some(_) => {
                    let before = self.at;
                    let item = self.item();
                    comma = item.is_ok();
                    match item {
                        Ok(item) => body.items.push(item),
                        Err(problem) => {
                            body.broken = true;
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
                if matches!(text.as_str(), "true" | "false") {
                    let span = Span { start, end: start + length };
                    let message = format!("{text} is a value, not a name");
                    let problem = Diagnostic::error("syntax", span, message);
                    return Err(problem.with_hint(format!("write \"{text}\"")));
                }
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
            Some(b'{') => Ok(repeated::object(&self.braces()?)),
            Some(b'<') if self.rest().starts_with("<<") => self.heredoc(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Value, Diagnostic> {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '.')))
            .unwrap_or(rest.len());
        let word = &rest[..length];
        let (value, length) = match word {
            "true" => (Ok(Value::Bool(true)), length),
            "false" => (Ok(Value::Bool(false)), length),
            _ => literal::number(word),
        };
        let span = Span { start: self.at, end: self.at + length.max(1).min(rest.len()) };
        match value {
            Ok(value) => {
                self.at += length;
                Ok(value)
            }
            Err("") => Err(Diagnostic::error("syntax", span, "a value is expected here")
                .with_hint("HCL1 knows strings, numbers, true, false, lists and objects")),
            Err(message) => Err(Diagnostic::error("syntax", span, message)),
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
                Some(b',') => {
                    self.at += 1;
                    comma = true;
                }
                Some(first) if comma => {
                    values.push(self.value()?);
                    // Behind a list in a list, none is needed.
                    comma = first == b'[';
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
        match literal::string(self.text, start) {
            Ok((text, end)) => {
                self.at = end;
                Ok(text)
            }
            Err(problem) => {
                // Behind the string, where it has an end, so that what follows is read.
                let (end, _) = scan::string_end(self.text.as_bytes(), start);
                self.at = end.max(start + 1);
                Err(problem)
            }
        }
    }

    fn heredoc(&mut self) -> Result<Value, Diagnostic> {
        let (text, end) = literal::heredoc(self.text, self.at).inspect_err(|problem| {
            let ends = problem.code != "never-closed";
            self.at = if ends { self.at + 2 } else { self.text.len() };
        })?;
        self.at = end;
        Ok(Value::Text(text))
    }
}
