//! The one place that knows which parser reads HCL2: hcl-edit.
//!
//! It stops at the first error, so recovery blanks the smallest broken statement (same length, so that places stay
//! true) and parses again, a bounded number of times. Its limits (nesting, the cost of large objects) are checked
//! before, because a parser that hangs cannot report anything.

use hcl_edit::structure::Body;

use super::scan::{self, Token, TokenKind};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};

/// More broken statements than this are not searched for.
const MAX_REPAIRS: usize = 12;
/// Deeper nesting is refused by the parser.
const MAX_NESTING: usize = 60;
/// More entries in one object take the parser seconds.
const MAX_ENTRIES: usize = 4_000;

/// What could be read of a text, and what had to be left out.
pub(crate) struct Syntax {
    pub(crate) body: Option<Body>,
    pub(crate) diagnostics: Diagnostics,
    /// What was parsed in the end: the text with the broken parts blanked.
    pub(crate) text: String,
}

/// Parses HCL2, leaving out what is broken.
pub(crate) fn parse(text: &str) -> Syntax {
    // A byte order mark is no part of the text.
    let mut text = match text.strip_prefix('\u{feff}') {
        Some(rest) => format!("   {rest}"),
        None => text.to_owned(),
    };
    let mut diagnostics = Diagnostics::new();
    if let Some(problem) = beyond_limits(&scan::tokens(&text)) {
        return Syntax { body: None, diagnostics: vec![problem], text };
    }
    let mut last = None;
    for _ in 0..MAX_REPAIRS {
        let tokens = scan::tokens(&text);
        let (problem, repair) = match never_closed(&text, &tokens) {
            Some(found) => found,
            None => match hcl_edit::parser::parse_body(&text) {
                Ok(body) => return Syntax { body: Some(body), diagnostics, text },
                Err(error) => explain(
                    &text,
                    &tokens,
                    error.location().offset().min(text.len()),
                    error.message(),
                ),
            },
        };
        let again = last == Some(problem.span);
        last = Some(problem.span);
        if !again {
            diagnostics.push(problem);
        }
        if !apply(&mut text, &tokens, repair, again) {
            break;
        }
    }
    Syntax { body: None, diagnostics, text }
}

/// How to get past an error.
enum Repair {
    /// Blank the smallest statement around this place.
    Blank(usize),
    /// Blank the line of this place.
    Line(usize),
    /// Write the closing brackets that are missing at the end.
    Close(String),
}

fn beyond_limits(tokens: &[Token]) -> Option<Diagnostic> {
    let mut entries: Vec<usize> = Vec::new();
    for token in tokens {
        match token.kind {
            TokenKind::Open(_) => {
                entries.push(0);
                if entries.len() > MAX_NESTING {
                    return Some(
                        Diagnostic::error(
                            "too-deep",
                            token.span,
                            format!("nested more than {MAX_NESTING} levels deep"),
                        )
                        .with_hint("no job needs this; check for a bracket that is never closed"),
                    );
                }
            }
            TokenKind::Close(_) => {
                entries.pop();
            }
            TokenKind::Equals => {
                if let Some(count) = entries.last_mut() {
                    *count += 1;
                    if *count > MAX_ENTRIES {
                        return Some(Diagnostic::error(
                            "too-many-entries",
                            token.span,
                            format!("more than {MAX_ENTRIES} entries between one pair of braces"),
                        ));
                    }
                }
            }
            _ => {}
        }
    }
    None
}

/// What is opened and never closed: parsers see it only where the text stops making sense.
fn never_closed(text: &str, tokens: &[Token]) -> Option<(Diagnostic, Repair)> {
    if let Some(token) = tokens.iter().find(|token| !token.closed) {
        let (what, fix) = match token.kind {
            TokenKind::Heredoc => ("heredoc", "write its end marker alone on a line"),
            TokenKind::Comment => ("comment", "close it with */"),
            _ => ("string", "close it with \" on the same line"),
        };
        // A heredoc or comment takes the rest of the text: its first line is marked.
        let end = token.span.end.min(line_end(text, token.span.start));
        let span = Span { start: token.span.start, end };
        let problem =
            Diagnostic::error("never-closed", span, format!("this {what} is never closed"));
        let repair = match token.kind {
            TokenKind::Comment => Repair::Line(token.span.start),
            _ => Repair::Blank(token.span.start),
        };
        return Some((problem.with_hint(fix), repair));
    }
    let bracket = scan::closed_over(tokens)?;
    let problem = Diagnostic::error("never-closed", bracket.span, "this bracket is never closed")
        .with_hint(format!("add `{}`", closing_of(bracket.kind)));
    Some((problem, Repair::Line(bracket.span.start)))
}

/// Says what is wrong, better than the parser where the coarse look knows more.
fn explain(text: &str, tokens: &[Token], offset: usize, message: &str) -> (Diagnostic, Repair) {
    let rest_is_blank = text[floor(text, offset)..].trim().is_empty();
    let open = scan::unclosed(tokens);
    if rest_is_blank && let Some(innermost) = open.last() {
        let closing: String = open.iter().rev().map(|token| closing_of(token.kind)).collect();
        let problem =
            Diagnostic::error("never-closed", innermost.span, "this bracket is never closed")
                .with_hint(format!("add `{}` at the end", closing_of(innermost.kind)));
        return (problem, Repair::Close(closing));
    }
    let token =
        tokens.iter().find(|token| token.span.end > offset && token.kind != TokenKind::Comment);
    let span = match token {
        Some(token) if token.kind != TokenKind::Newline && token.span.start <= offset => {
            Span { start: offset, end: token.span.end }
        }
        _ => Span { start: offset, end: (offset + 1).min(text.len()) },
    };
    (syntax_error(text, tokens, span, message), Repair::Blank(offset))
}

fn syntax_error(text: &str, tokens: &[Token], span: Span, message: &str) -> Diagnostic {
    let index = tokens.iter().position(|token| token.span.end > span.start).unwrap_or(tokens.len());
    let here = tokens.get(index);
    if message.contains("redefined attribute") {
        let name = here.map_or("", |token| &text[token.span.start..token.span.end]);
        let span = here.map_or(span, |token| token.span);
        return Diagnostic::error(
            "duplicate-attribute",
            span,
            format!("{name} is already set in this block"),
        )
        .with_hint("keep one of the two");
    }
    let next_is_assignment =
        tokens.get(index + 1).is_some_and(|token| token.kind == TokenKind::Equals);
    if here.is_some_and(|token| token.kind == TokenKind::Text) && next_is_assignment {
        return Diagnostic::error(
            "quoted-name",
            here.map_or(span, |t| t.span),
            "attribute names are not quoted in HCL2",
        )
        .with_hint("remove the quotes, or read the file as HCL1");
    }
    if here.is_some_and(|token| matches!(token.kind, TokenKind::Close(_)))
        && scan::unclosed(&tokens[..index]).is_empty()
    {
        return Diagnostic::error("syntax", span, "this bracket closes nothing")
            .with_hint("remove it");
    }
    Diagnostic::error("syntax", span, tidy(message))
}

/// The parser's sentence, begun with a small letter and without its line breaks.
fn tidy(message: &str) -> String {
    let message = message.replace('\n', "; ");
    if message.is_empty() { "this is not HCL".to_owned() } else { message }
}

fn closing_of(kind: TokenKind) -> char {
    match kind {
        TokenKind::Open(b'[') => ']',
        TokenKind::Open(b'(') => ')',
        _ => '}',
    }
}

/// Changes the text so that the next attempt gets further; false if nothing is left to try.
fn apply(text: &mut String, tokens: &[Token], repair: Repair, again: bool) -> bool {
    let offset = match repair {
        Repair::Close(closing) => {
            for bracket in closing.chars() {
                text.push('\n');
                text.push(bracket);
            }
            text.push('\n');
            return !again;
        }
        Repair::Line(offset) => {
            let line = line_span(text, offset);
            return blank(text, line);
        }
        Repair::Blank(offset) => offset,
    };
    let around = |span: &Span| span.start <= offset && offset <= span.end;
    let mut candidates: Vec<Span> = scan::statements(tokens)
        .into_iter()
        .map(|statement| statement.span)
        .filter(around)
        .collect();
    candidates.sort_by_key(|span| span.end - span.start);
    let line = line_span(text, offset);
    if candidates.is_empty() {
        candidates.push(line);
    }
    let wanted = if again { candidates.get(1).or(candidates.first()) } else { candidates.first() };
    let Some(span) = wanted.copied() else { return false };
    blank(text, span)
}

/// Writes blanks over a part of the text; false if there was nothing else.
fn blank(text: &mut String, span: Span) -> bool {
    let blanked: String = text[span.start..span.end]
        .chars()
        .flat_map(|c| std::iter::repeat_n(if c == '\n' { '\n' } else { ' ' }, c.len_utf8()))
        .collect();
    let changed = text[span.start..span.end] != blanked;
    text.replace_range(span.start..span.end, &blanked);
    changed
}

fn line_span(text: &str, offset: usize) -> Span {
    let offset = floor(text, offset);
    let start = text[..offset].rfind('\n').map_or(0, |n| n + 1);
    Span { start, end: line_end(text, offset) }
}

fn line_end(text: &str, offset: usize) -> usize {
    let offset = floor(text, offset);
    text[offset..].find('\n').map_or(text.len(), |n| offset + n)
}

/// The nearest character boundary at or before a place.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
