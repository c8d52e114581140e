//! A coarse look at HCL text: where brackets, strings and statements begin and end.
//!
//! It never fails, so it works on text that no parser accepts. Recovery, the limits on nesting and size, and the
//! places of "never closed" errors come from it. It does not know the grammar.

use crate::diagnostic::Span;

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Open(u8),
    Close(u8),
    Newline,
    Text,
    Heredoc,
    Comment,
    Word,
    Equals,
    Comma,
    Other,
}

/// A stretch of text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
    /// False for a string or heredoc without an end.
    pub(crate) closed: bool,
}

/// One attribute or block, from its first byte to its last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statement {
    pub(crate) span: Span,
}

/// Cuts a text into tokens; blanks are left out.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let mut closed = true;
        let kind = match bytes[at] {
            b' ' | b'\t' | b'\r' => {
                at += 1;
                continue;
            }
            b'\n' => TokenKind::Newline,
            b'#' => {
                at = line_end(bytes, at);
                TokenKind::Comment
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at = line_end(bytes, at);
                TokenKind::Comment
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                (at, closed) = find(bytes, at + 2, b"*/");
                TokenKind::Comment
            }
            b'"' => {
                (at, closed) = string_end(bytes, at);
                TokenKind::Text
            }
            b'<' if bytes.get(at + 1) == Some(&b'<') && heredoc_end(bytes, at).is_some() => {
                (at, closed) = heredoc_end(bytes, at).unwrap_or((at + 1, false));
                TokenKind::Heredoc
            }
            open @ (b'{' | b'[' | b'(') => TokenKind::Open(open),
            close @ (b'}' | b']' | b')') => TokenKind::Close(close),
            b'=' if !matches!(bytes.get(at + 1), Some(b'=' | b'>')) => TokenKind::Equals,
            b',' => TokenKind::Comma,
            byte if is_word(byte) => {
                while bytes.get(at + 1).is_some_and(|next| is_word(*next) || *next == b'-') {
                    at += 1;
                }
                TokenKind::Word
            }
            b'=' | b'!' | b'<' | b'>' | b'&' | b'|'
                if bytes.get(at + 1).is_some_and(|b| b"=>&|".contains(b)) =>
            {
                at += 1;
                TokenKind::Other
            }
            _ => TokenKind::Other,
        };
        at = at.max(start + 1).max(match kind {
            TokenKind::Word => at + 1,
            TokenKind::Other => at + 1,
            _ => at,
        });
        tokens.push(Token { kind, span: Span { start, end: at }, closed });
    }
    tokens
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |n| from + n)
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> (usize, bool) {
    let from = from.min(bytes.len());
    match bytes[from..].windows(what.len()).position(|window| window == what) {
        Some(n) => (from + n + what.len(), true),
        None => (bytes.len(), false),
    }
}

/// How far an interpolation is followed. Each line may begin one that never ends, and none may cost the whole file.
const MAX_INTERPOLATION: usize = 4096;

/// The end of a quoted string, with the strings inside its `${ … }`; without an end, the end of the line.
pub(crate) fn string_end(bytes: &[u8], start: usize) -> (usize, bool) {
    // What is open: a quote, or a brace inside an interpolation.
    let mut open = vec![b'"'];
    let mut at = start + 1;
    let mut began = at;
    while at < bytes.len() {
        if open.len() == 1 {
            began = at;
        } else if at - began > MAX_INTERPOLATION {
            break;
        }
        let in_text = open.last() == Some(&b'"');
        match bytes[at] {
            b'\n' if open.len() == 1 => return (at, false),
            b'\\' if in_text => at += 1,
            b'"' if in_text => {
                open.pop();
                if open.is_empty() {
                    return (at + 1, true);
                }
            }
            b'"' => open.push(b'"'),
            b'$' | b'%'
                if in_text
                    && bytes.get(at + 1) == Some(&bytes[at])
                    && bytes.get(at + 2) == Some(&b'{') =>
            {
                at += 2;
            }
            b'$' | b'%' if in_text && bytes.get(at + 1) == Some(&b'{') => {
                open.push(b'{');
                at += 1;
            }
            b'{' if !in_text => open.push(b'{'),
            b'}' if !in_text => {
                open.pop();
            }
            _ => {}
        }
        at += 1;
    }
    (line_end(bytes, start), false)
}

/// The end of a heredoc that begins here, if one does.
fn heredoc_end(bytes: &[u8], start: usize) -> Option<(usize, bool)> {
    let mut at = start + 2;
    if bytes.get(at) == Some(&b'-') {
        at += 1;
    }
    let name_start = at;
    while bytes.get(at).is_some_and(|byte| is_word(*byte) || *byte == b'-') {
        at += 1;
    }
    let name = &bytes[name_start..at];
    if name.is_empty() {
        return None;
    }
    let mut line = line_end(bytes, at);
    while line < bytes.len() {
        let end = line_end(bytes, line + 1);
        if bytes[line + 1..end].trim_ascii() == name {
            return Some((end, true));
        }
        line = end;
    }
    Some((bytes.len(), false))
}

/// The brackets that are never closed, innermost last.
pub(crate) fn unclosed(tokens: &[Token]) -> Vec<Token> {
    let mut open: Vec<Token> = Vec::new();
    for token in tokens {
        match token.kind {
            TokenKind::Open(_) => open.push(*token),
            TokenKind::Close(bracket) => {
                if let Some(at) = open.iter().rposition(|other| closes(other.kind, bracket)) {
                    open.truncate(at);
                }
            }
            _ => {}
        }
    }
    open
}

/// The first `(` or `[` that the brace around it closes over.
pub(crate) fn closed_over(tokens: &[Token]) -> Option<Token> {
    let mut open: Vec<Token> = Vec::new();
    for token in tokens {
        match token.kind {
            TokenKind::Open(_) => open.push(*token),
            TokenKind::Close(bracket) => {
                let Some(at) = open.iter().rposition(|other| closes(other.kind, bracket)) else {
                    continue;
                };
                if let Some(lost) =
                    open.get(at + 1).filter(|lost| lost.kind != TokenKind::Open(b'{'))
                {
                    return Some(*lost);
                }
                open.truncate(at);
            }
            _ => {}
        }
    }
    None
}

/// True if the bracket ends what the token began. A stray one ends nothing.
fn closes(open: TokenKind, bracket: u8) -> bool {
    matches!(
        (open, bracket),
        (TokenKind::Open(b'{'), b'}')
            | (TokenKind::Open(b'['), b']')
            | (TokenKind::Open(b'('), b')')
    )
}

/// All statements, inner ones before the blocks around them.
pub(crate) fn statements(tokens: &[Token]) -> Vec<Statement> {
    struct Level {
        /// True inside an object, list or call: newlines do not end a statement there.
        expression: bool,
        statement: Option<Span>,
        has_equals: bool,
        opened_by: TokenKind,
    }
    let level =
        |expression, opened_by| Level { expression, statement: None, has_equals: false, opened_by };
    let mut found = Vec::new();
    let mut levels = vec![level(false, TokenKind::Other)];
    for token in tokens {
        let Some(top) = levels.last_mut() else { break };
        match token.kind {
            TokenKind::Comment => continue,
            TokenKind::Newline => {
                if !top.expression {
                    found.extend(top.statement.take().map(|span| Statement { span }));
                    top.has_equals = false;
                }
                continue;
            }
            TokenKind::Close(bracket) => {
                if let Some(at) = levels.iter().rposition(|level| closes(level.opened_by, bracket))
                {
                    let closed = levels.drain(at..).rev();
                    found.extend(
                        closed.filter_map(|level| level.statement).map(|span| Statement { span }),
                    );
                }
                if let Some(Level { statement: Some(span), .. }) = levels.last_mut() {
                    span.end = token.span.end;
                }
                continue;
            }
            _ => {}
        }
        let span = top.statement.get_or_insert(token.span);
        span.end = token.span.end;
        match token.kind {
            TokenKind::Equals => top.has_equals = true,
            TokenKind::Open(bracket) => {
                let expression = top.expression || top.has_equals || bracket != b'{';
                levels.push(level(expression, token.kind));
            }
            _ => {}
        }
    }
    while let Some(level) = levels.pop() {
        found.extend(level.statement.map(|span| Statement { span }));
    }
    found
}
