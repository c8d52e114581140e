//! Text to syntax: reads HCL2 and goes on behind every mistake.
//!
//! A parser of its own, because none on offer keeps places, goes on after an error and stays fast. Each mistake is told
//! once, where it is made; what it makes unreadable becomes `Kind::Broken`, about which nobody says anything more. Where
//! a bracket is missing, the indentation tells which one, and the text is read again as if it were there.

mod ast;
mod body;
mod expr;
mod recover;
mod template;
#[cfg(test)]
mod tests;
pub(crate) mod token;

pub(crate) use ast::*;

use self::token::{Token, TokenKind};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};

/// Deeper nesting is refused: no job needs it, and reading and evaluating go as deep as the text.
const MAX_NESTING: usize = 60;
/// More operators in a row are refused, for the same reason.
const MAX_OPERATORS: usize = 200;
/// More mistakes are not told: such a text is no job file.
const MAX_MISTAKES: usize = 500;
/// More missing or needless brackets are not made good.
const MAX_REPAIRS: usize = 8;

/// A mistake that has been told already.
#[derive(Debug)]
struct Told;

type Outcome<T> = Result<T, Told>;

/// Reads a file.
pub(crate) fn parse(text: &str) -> (Body<'_>, Diagnostics) {
    let mut repairs = recover::Repairs::default();
    let mut repaired = Diagnostics::new();
    loop {
        let mut parser = Parser::new(text);
        parser.repairs = repairs;
        let body = parser.file();
        repairs = std::mem::take(&mut parser.repairs);
        match parser.found.take() {
            Some((problem, repair)) if repaired.len() < MAX_REPAIRS && repairs.add(repair) => {
                repaired.push(problem);
            }
            found => {
                repaired.extend(found.map(|(problem, _)| problem));
                repaired.append(&mut parser.diagnostics);
                return (body, repaired);
            }
        }
    }
}

/// Reads a single expression, such as the value of a variable.
pub(crate) fn parse_expression(text: &str) -> Result<Expr<'_>, Diagnostic> {
    let mut parser = Parser::new(text);
    let value = parser.within(true, |parser| {
        let value = parser.expression()?;
        let rest = parser.peek();
        match rest.kind {
            TokenKind::End => Ok(value),
            _ => Err(parser.fail("syntax", rest.span(), "the expression ends before this")),
        }
    });
    parser.single(value)
}

/// Reads a template that stands for itself, without quotes and escapes.
pub(crate) fn parse_template(text: &str) -> Result<Expr<'_>, Diagnostic> {
    let mut parser = Parser::new(text);
    let value = parser.plain_template();
    parser.single(value)
}

/// Reads one text once.
struct Parser<'t> {
    text: &'t str,
    at: usize,
    /// The end of what was read last.
    read_to: usize,
    diagnostics: Diagnostics,
    /// Brackets that are open here, outermost first.
    open: Vec<Token>,
    /// Newlines are blanks here: inside parentheses, lists and templates.
    newlines_are_blanks: bool,
    depth: usize,
    repairs: recover::Repairs,
    /// A bracket that is missing or needless, and how to read on as if it were right.
    found: Option<(Diagnostic, recover::Repair)>,
    /// The first blocks whose closing brace stands where another one's would.
    suspicious: recover::Suspicions,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Parser<'t> {
        Parser {
            text,
            at: 0,
            read_to: 0,
            diagnostics: Diagnostics::new(),
            open: Vec::new(),
            newlines_are_blanks: false,
            depth: 0,
            repairs: recover::Repairs::default(),
            found: None,
            suspicious: recover::Suspicions::default(),
        }
    }

    fn single(mut self, value: Outcome<Expr<'t>>) -> Result<Expr<'t>, Diagnostic> {
        match (value, self.diagnostics.is_empty()) {
            (Ok(value), true) => Ok(value),
            _ => Err(self.diagnostics.swap_remove(0)),
        }
    }

    /// The next token.
    fn peek(&self) -> Token {
        let mut next = token::token(self.text, self.at);
        while self.newlines_are_blanks && next.kind == TokenKind::Newline {
            next = token::token(self.text, next.end);
        }
        next
    }

    /// Takes the token that was peeked.
    fn take(&mut self, token: Token) -> Token {
        self.at = token.end;
        self.read_to = token.end;
        match token.kind {
            TokenKind::Sign(b'{' | b'[' | b'(', 0) => self.open.push(token),
            TokenKind::Sign(b'}' | b']' | b')', 0) => {
                self.open.pop();
            }
            _ => {}
        }
        token
    }

    /// Takes the next token if it is this sign.
    fn eat(&mut self, sign: u8) -> bool {
        let next = self.peek();
        let found = next.is(sign);
        if found {
            self.take(next);
        }
        found
    }

    fn cut(&self, token: Token) -> &'t str {
        self.text.get(token.start..token.end).unwrap_or_default()
    }

    /// Reads something with newlines as blanks, or as ends.
    fn within<T>(&mut self, newlines_are_blanks: bool, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.newlines_are_blanks, newlines_are_blanks);
        let value = read(self);
        self.newlines_are_blanks = before;
        value
    }

    /// Reads something one level deeper.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        if self.depth == MAX_NESTING {
            let span = self.peek().span();
            let message = format!("nested more than {MAX_NESTING} levels deep");
            let problem = Diagnostic::error("too-deep", span, message)
                .with_hint("no job needs this; check for a bracket that is never closed");
            return Err(self.tell(problem));
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn fail(&mut self, code: &str, span: Span, message: impl Into<String>) -> Told {
        self.tell(Diagnostic::error(code, span, message))
    }

    fn tell(&mut self, problem: Diagnostic) -> Told {
        if self.diagnostics.len() < MAX_MISTAKES {
            self.diagnostics.push(problem);
        }
        Told
    }

    /// Tells that something else should stand here.
    fn expected(&mut self, what: &str, hint: &str) -> Told {
        let next = self.peek();
        if let Some(told) = self.never_ends(next) {
            return told;
        }
        let found = match next.kind {
            TokenKind::End => "the end of the file".to_owned(),
            TokenKind::Newline => "the end of the line".to_owned(),
            TokenKind::Quote => "a string".to_owned(),
            TokenKind::Heredoc => "a heredoc".to_owned(),
            TokenKind::Strange if self.cut(next).chars().all(invisible) => {
                let code = self.cut(next).chars().next().map_or(0, u32::from);
                format!("the character U+{code:04X}")
            }
            _ => format!("`{}`", self.cut(next)),
        };
        let message = format!("expected {what}, found {found}");
        let problem = Diagnostic::error("syntax", next.span(), message);
        let hint = match (self.strange(next), next.kind) {
            (Some(hint), _) => hint,
            (None, TokenKind::End | TokenKind::Newline) if hint.is_empty() => "write it here",
            (None, _) if hint.is_empty() => "remove it",
            (None, _) => hint,
        };
        self.tell(problem.with_hint(hint))
    }

    /// What to do about characters that other languages, and word processors, have a use for.
    fn strange(&self, next: Token) -> Option<&'static str> {
        let rest = self.text.get(next.start..)?;
        Some(match rest.chars().next()? {
            '\'' => "strings stand in double quotes: \"…\"",
            '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '´' => {
                "replace the typographic quotes by plain ones: \"…\""
            }
            '`' => "strings stand in double quotes; for several lines write <<EOF … EOF",
            letter if invisible(letter) && letter.is_whitespace() => {
                "this is no plain space, though it looks like one: type it again"
            }
            letter if invisible(letter) => "an invisible character stands here: remove it",
            '–' | '—' => "replace the long dash by a plain one",
            ';' => "remove it: a line ends a statement",
            '-' if rest.starts_with("--") => "comments begin with #",
            '<' if rest.starts_with("<!--") => "comments begin with #",
            '<' if rest.starts_with("<<<<") => {
                "a conflict of versions is left in the file: keep one of the two"
            }
            _ => return None,
        })
    }

    /// A comment without an end hides everything behind it.
    fn never_ends(&mut self, next: Token) -> Option<Told> {
        if next.kind != TokenKind::OpenComment {
            return None;
        }
        let span = Span { start: next.start, end: next.start + 2 };
        let problem = Diagnostic::error("never-closed", span, "this comment is never closed");
        Some(self.tell(problem.with_hint("close it with */")))
    }
}

/// True for what an editor shows as nothing or as a plain space, and HCL takes for neither.
fn invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{a0}' | '\u{2000}'..='\u{200d}' | '\u{202f}' | '\u{2060}' | '\u{3000}' | '\u{feff}'
    )
}
