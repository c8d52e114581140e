//! Parses JSON with the place of every value, and with sentences for its mistakes.

use crate::diagnostic::{Diagnostic, Span};
use crate::jobspec::value::{Value, parse_number};

/// Deeper nesting is refused.
const MAX_NESTING: usize = 64;

/// A JSON value in its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Scalar(Value),
    List(Vec<Node>),
    Object(Vec<Member>),
}

/// One key of an object.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) key: String,
    pub(crate) span: Span,
    pub(crate) value: Node,
}

impl Node {
    /// Without the places.
    pub(crate) fn value(&self) -> Value {
        match &self.kind {
            Kind::Scalar(value) => value.clone(),
            Kind::List(nodes) => Value::List(nodes.iter().map(Node::value).collect()),
            Kind::Object(members) => Value::Object(
                members.iter().map(|member| (member.key.clone(), member.value.value())).collect(),
            ),
        }
    }

    /// The keys of an object.
    pub(crate) fn members(&self) -> Option<&[Member]> {
        match &self.kind {
            Kind::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The last member of that name, whatever its case: what Go's decoder keeps.
    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.members()?.iter().rev().find(|member| member.key.eq_ignore_ascii_case(name))
    }
}

/// Parses a text that is one document.
pub(crate) fn parse(text: &str) -> Result<Node, Diagnostic> {
    match first(text, false)? {
        (node, None) => Ok(node),
        (_, Some(problem)) => Err(problem),
    }
}

/// Parses the document that a text begins with, and tells what follows it. `lenient` accepts commas before a closing
/// bracket, as HCL1 does.
pub(crate) fn first(text: &str, lenient: bool) -> Result<(Node, Option<Diagnostic>), Diagnostic> {
    // A byte order mark is no part of the text.
    let at = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut reader = Reader { text, at, lenient, depth: 0 };
    let node = reader.node()?;
    reader.blanks();
    let follows = reader.at < text.len();
    Ok((node, follows.then(|| reader.error("nothing may follow the closing bracket"))))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    lenient: bool,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn here(&self) -> Span {
        let next =
            self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Span { start: self.at, end: self.at + next }
    }

    fn error(&self, message: &str) -> Diagnostic {
        if self.at >= self.text.len() {
            return Diagnostic::error("syntax", self.here(), "the text ends inside a JSON value")
                .with_hint("a bracket or quote is not closed");
        }
        let hint = match self.text[self.at..].chars().next().unwrap_or_default() {
            '\'' | '“' | '”' => "JSON strings and keys stand in plain double quotes",
            '/' | '#' => "JSON has no comments: remove it",
            ',' => "remove the comma, or write what is missing before it",
            letter if letter.is_alphabetic() => "put it in double quotes",
            _ => "write \"name\": value, with commas between",
        };
        Diagnostic::error("syntax", self.here(), message).with_hint(hint)
    }

    fn node(&mut self) -> Result<Node, Diagnostic> {
        self.blanks();
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.object()?,
            Some(b'[') => self.list()?,
            Some(b'"') => Kind::Scalar(Value::Text(self.string()?)),
            _ => self.word()?,
        };
        Ok(Node { span: Span { start, end: self.at }, kind })
    }

    fn word(&mut self) -> Result<Kind, Diagnostic> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.')))
            .unwrap_or(rest.len());
        let word = &rest[..length];
        let value = match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            _ => match parse_number(word).filter(|_| !is_padded(word)) {
                // Written as a fraction, and told apart from a whole number by what reads documents.
                Some(Value::Int(number)) if word.contains(['.', 'e', 'E']) => {
                    Value::Decimal(number.to_string())
                }
                Some(number) => number,
                None => return Err(self.error("a JSON value is expected here")),
            },
        };
        self.at += length;
        Ok(Kind::Scalar(value))
    }

    fn enter(&mut self) -> Result<(), Diagnostic> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            let message = format!("nested more than {MAX_NESTING} levels deep");
            let problem = Diagnostic::error("too-deep", self.here(), message);
            return Err(problem.with_hint("is it really a job file?"));
        }
        self.at += 1;
        Ok(())
    }

    /// After an element: true if the list or object is over.
    fn ends(&mut self, closing: u8, started: bool) -> Result<bool, Diagnostic> {
        self.blanks();
        if self.peek() == Some(closing) {
            self.at += 1;
            self.depth -= 1;
            return Ok(true);
        }
        if started {
            if self.peek() != Some(b',') {
                return Err(self.error("a comma or the closing bracket is expected here"));
            }
            let comma = self.here();
            self.at += 1;
            self.blanks();
            if self.peek() == Some(closing) {
                if self.lenient {
                    return self.ends(closing, false);
                }
                return Err(Diagnostic::error(
                    "syntax",
                    comma,
                    "JSON does not permit a comma before the closing bracket",
                )
                .with_hint("remove the comma"));
            }
        }
        Ok(false)
    }

    fn list(&mut self) -> Result<Kind, Diagnostic> {
        self.enter()?;
        let mut nodes = Vec::new();
        while !self.ends(b']', !nodes.is_empty())? {
            nodes.push(self.node()?);
        }
        Ok(Kind::List(nodes))
    }

    fn object(&mut self) -> Result<Kind, Diagnostic> {
        self.enter()?;
        let mut members = Vec::new();
        while !self.ends(b'}', !members.is_empty())? {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.error("a key in quotes is expected here"));
            }
            let key = self.string()?;
            let span = Span { start, end: self.at };
            self.blanks();
            if self.peek() != Some(b':') {
                return Err(self.error("a colon is expected here"));
            }
            self.at += 1;
            let value = self.node()?;
            members.push(Member { key, span, value });
        }
        Ok(Kind::Object(members))
    }

    fn string(&mut self) -> Result<String, Diagnostic> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut end = start + 1;
        while end < bytes.len() && bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        if end >= bytes.len() {
            let span = Span { start, end: bytes.len() };
            let problem = Diagnostic::error("never-closed", span, "this string is never closed");
            return Err(problem.with_hint("close it with \" on the same line"));
        }
        self.at = end + 1;
        let quoted = self.text.get(start..self.at).unwrap_or_default();
        serde_json::from_str(quoted).map_err(|_| {
            Diagnostic::error(
                "syntax",
                Span { start, end: self.at },
                "this string has a control character or an escape that JSON does not know",
            )
            .with_hint("write \\n for a new line, \\\\ for a backslash")
        })
    }
}

/// JSON has no zeros before the digits of a number.
fn is_padded(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    matches!(digits.as_bytes(), [b'0', b'0'..=b'9', ..])
}
