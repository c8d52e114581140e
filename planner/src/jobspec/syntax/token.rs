//! Cuts HCL text into tokens, one at a time. Blanks and comments are skipped; strings and heredocs are only begun
//! here, because what is inside them has other rules.

use crate::diagnostic::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Newline,
    Word,
    Number,
    /// The quote that begins a string.
    Quote,
    /// `<<MARK` or `<<-MARK`.
    Heredoc,
    /// One or two bytes; the second is 0 for one.
    Sign(u8, u8),
    /// `...`
    Ellipsis,
    /// `/*` without its end: the rest of the text.
    OpenComment,
    /// A character that HCL has no use for.
    Strange,
    End,
}

/// A stretch of text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Token {
    pub(crate) fn span(self) -> Span {
        Span { start: self.start, end: self.end }
    }

    pub(crate) fn is(self, sign: u8) -> bool {
        self.kind == TokenKind::Sign(sign, 0)
    }
}

/// The first token at or behind a place; the text ends at its length.
pub(crate) fn token(text: &str, at: usize) -> Token {
    let bytes = text.as_bytes();
    let mut start = at;
    loop {
        match bytes.get(start..).unwrap_or_default() {
            [b' ' | b'\t' | b'\r', ..] => start += 1,
            // A byte order mark is no part of the text.
            [0xef, 0xbb, 0xbf, ..] if start == 0 => start += 3,
            [b'#', ..] | [b'/', b'/', ..] => start = line_end(bytes, start),
            [b'/', b'*', rest @ ..] => match rest.windows(2).position(|end| end == b"*/") {
                Some(length) => start += length + 4,
                None => return Token { kind: TokenKind::OpenComment, start, end: bytes.len() },
            },
            _ => break,
        }
    }
    let (kind, length) = match bytes.get(start..).unwrap_or_default() {
        [] => (TokenKind::End, 0),
        [b'\n', ..] => (TokenKind::Newline, 1),
        [b'"', ..] => (TokenKind::Quote, 1),
        [b'<', b'<', rest @ ..] if heredoc_mark(rest) > 0 => {
            (TokenKind::Heredoc, 2 + heredoc_mark(rest))
        }
        [b'0'..=b'9', ..] => (TokenKind::Number, number_length(&bytes[start..])),
        [b'.', b'.', b'.', ..] => (TokenKind::Ellipsis, 3),
        [a @ (b'=' | b'!' | b'<' | b'>'), b'=', ..] => (TokenKind::Sign(*a, b'='), 2),
        [b'=', b'>', ..] => (TokenKind::Sign(b'=', b'>'), 2),
        [b'&', b'&', ..] => (TokenKind::Sign(b'&', b'&'), 2),
        [b'|', b'|', ..] => (TokenKind::Sign(b'|', b'|'), 2),
        [sign, ..] if b"{}[]().,?:=<>+-*/%!~".contains(sign) => (TokenKind::Sign(*sign, 0), 1),
        _ => word(&text[start..]),
    };
    Token { kind, start, end: start + length }
}

fn word(rest: &str) -> (TokenKind, usize) {
    let starts = |c: char| c == '_' || c.is_alphabetic();
    if !rest.starts_with(starts) {
        return (TokenKind::Strange, rest.chars().next().map_or(0, char::len_utf8));
    }
    let goes_on = |c: char| c == '_' || c == '-' || c.is_alphanumeric();
    (TokenKind::Word, rest.find(|c| !goes_on(c)).unwrap_or(rest.len()))
}

/// The length of `-MARK` or `MARK`; 0 if there is none.
fn heredoc_mark(rest: &[u8]) -> usize {
    let dash = usize::from(rest.first() == Some(&b'-'));
    let mark = rest[dash..].iter().take_while(|byte| is_mark(**byte)).count();
    if mark == 0 { 0 } else { dash + mark }
}

fn is_mark(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' || byte >= 0x80
}

fn number_length(bytes: &[u8]) -> usize {
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut length = digits(0);
    if bytes.get(length) == Some(&b'.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits((length + 1 + sign).min(bytes.len()));
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

/// The end of the line that a place stands on.
pub(super) fn line_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |n| from + n)
}
