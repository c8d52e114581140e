//! How reading goes on behind a mistake, and which bracket is to blame when they do not come out even.

use std::collections::BTreeSet;

use super::token::{self, Token, TokenKind};
use super::{MAX_MISTAKES, Parser};
use crate::diagnostic::{Diagnostic, Span};
use crate::jobspec::scan;

/// Where a block begins.
pub(super) struct Opener {
    pub(super) brace: Span,
    /// Columns before its first word.
    pub(super) indent: usize,
}

/// A bracket to read as if it were there, or as if it were not.
#[derive(Clone, Copy)]
pub(super) enum Repair {
    /// The block with this brace ends before that place.
    Close { brace: usize, before: usize },
    /// The closing brace at this place is not there.
    Ignore(usize),
    /// Nothing helps.
    None,
}

/// Repairs made so far.
#[derive(Default)]
pub(super) struct Repairs {
    closed: BTreeSet<(usize, usize)>,
    ignored: BTreeSet<usize>,
}

/// Braces that do not stand under what they close.
#[derive(Default)]
pub(super) struct Suspicions {
    /// A block, and the brace further left that closed it.
    early: Option<(Span, usize)>,
    /// A brace further right than the block it closed.
    needless: Option<Span>,
}

impl Opener {
    /// The first word of a block, if the block begins its line, and its brace.
    pub(super) fn new(text: &str, name: Span, brace: Token) -> Opener {
        Opener { brace: brace.span(), indent: indent(text, name.start).unwrap_or(usize::MAX) }
    }

    /// A brace behind something else on its line.
    pub(super) fn of_line(text: &str, brace: Token) -> Opener {
        let line = text[..brace.start].rfind('\n').map_or(0, |newline| newline + 1);
        let rest = &text[line..];
        Opener { brace: brace.span(), indent: rest.len() - rest.trim_start().len() }
    }
}

/// The columns before a place, if nothing else stands there.
fn indent(text: &str, at: usize) -> Option<usize> {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let before = &text[line..at];
    before.trim().is_empty().then_some(before.len())
}

impl Repairs {
    /// Adds one; false if it changes nothing.
    pub(super) fn add(&mut self, repair: Repair) -> bool {
        match repair {
            Repair::Close { brace, before } => self.closed.insert((before, brace)),
            Repair::Ignore(at) => self.ignored.insert(at),
            Repair::None => false,
        }
    }

    /// True if the block with that brace ends before this place.
    pub(super) fn closes_before(&self, at: usize, brace: usize) -> bool {
        self.closed.contains(&(at, brace))
    }

    /// True if the brace at this place is one too many.
    pub(super) fn is_needless(&self, at: usize) -> bool {
        self.ignored.contains(&at)
    }
}

impl Parser<'_> {
    /// Notes a closing brace that stands elsewhere than under the block it closes.
    pub(super) fn compare_indent(&mut self, opener: &Opener, closing: Token) {
        let Some(column) = indent(self.text, closing.start) else { return };
        if opener.indent == usize::MAX || column == opener.indent {
            return;
        }
        if column < opener.indent {
            self.suspicious.early.get_or_insert((opener.brace, closing.start));
        } else {
            self.suspicious.needless.get_or_insert(closing.span());
        }
    }

    /// The text ended inside a block: the one that was closed by another's brace is to blame, else this one.
    pub(super) fn unclosed_block(&mut self, opener: &Opener) {
        if self.found.is_some() || self.diagnostics.iter().any(|told| self.ends_the_text(told)) {
            return;
        }
        let (brace, repair, hint) = match self.suspicious.early {
            Some((brace, before)) => {
                (brace, Repair::Close { brace: brace.start, before }, "add `}` where it ends")
            }
            None => (opener.brace, Repair::None, "add `}` at the end"),
        };
        let problem = Diagnostic::error("never-closed", brace, "this bracket is never closed");
        self.found = Some((problem.with_hint(hint), repair));
    }

    /// True if a mistake told already is why nothing is closed any more.
    fn ends_the_text(&self, told: &Diagnostic) -> bool {
        let at = told.span.map_or(0, |span| span.start);
        let first = self.text.as_bytes().get(at);
        match told.code.as_str() {
            "too-deep" => true,
            "never-closed" => matches!(first, Some(b'{' | b'[' | b'(' | b'/' | b'<')),
            _ => false,
        }
    }

    /// A brace where nothing is open: an earlier one that stands too far right is to blame, else this one.
    pub(super) fn closes_nothing(&mut self, brace: Token) {
        if self.found.is_some() {
            return;
        }
        let (span, repair) = match self.suspicious.needless {
            Some(span) => (span, Repair::Ignore(span.start)),
            None => (brace.span(), Repair::Ignore(brace.start)),
        };
        let problem = Diagnostic::error("syntax", span, "this bracket closes nothing");
        self.found = Some((problem.with_hint("remove it"), repair));
    }

    /// Goes to the end of a broken statement that began with `first`, when `open` brackets were open. It is looked at
    /// once more from its beginning: by brackets and lines alone, because nothing else in it can be trusted.
    pub(super) fn recover(&mut self, first: Token, open: usize) {
        self.newlines_are_blanks = false;
        self.open.truncate(open);
        // What is nested too deep has no end that could be trusted, and a text full of mistakes none worth looking for.
        let hopeless = self.diagnostics.len() >= MAX_MISTAKES;
        if hopeless || self.diagnostics.last().is_some_and(|told| told.code == "too-deep") {
            self.at = self.text.len();
            return;
        }
        self.at = first.start;
        loop {
            let next = token::token(self.text, self.at);
            let inside = self.open.len() > open;
            match next.kind {
                TokenKind::End => return,
                TokenKind::Newline if !inside => return,
                TokenKind::Newline if self.begins_statement(next.end) => {
                    self.blame_bracket(first, open);
                    return;
                }
                TokenKind::Sign(b'}', 0) if !inside && next.start > first.start => return,
                TokenKind::Sign(closing @ (b'}' | b']' | b')'), 0) if inside => {
                    if !self.close(closing, open) {
                        self.blame_bracket(first, open);
                        return;
                    }
                    self.at = next.end;
                }
                TokenKind::Sign(b'}' | b']' | b')', 0) => self.at = next.end,
                TokenKind::Quote => self.at = self.skip_string(next.start).0,
                TokenKind::Heredoc => {
                    let end = scan::heredoc_end(self.text.as_bytes(), next.start);
                    self.at = end.map_or(next.end, |(end, _)| end).max(next.end);
                }
                _ => {
                    self.take(next);
                }
            }
        }
    }

    /// A bracket of the statement is never closed: what was told of the statement only followed from that.
    fn blame_bracket(&mut self, first: Token, open: usize) {
        let bracket = self.open.get(open).copied();
        self.open.truncate(open);
        let Some(bracket) = bracket else { return };
        if self
            .diagnostics
            .last()
            .is_some_and(|told| told.span.is_some_and(|s| s.start >= first.start))
        {
            self.diagnostics.pop();
        }
        self.never_closed(bracket);
    }

    /// Closes the innermost bracket of that kind, and those inside it; false if it belongs to what is around.
    fn close(&mut self, closing: u8, open: usize) -> bool {
        let opening = match closing {
            b'}' => b'{',
            b']' => b'[',
            _ => b'(',
        };
        match self.open.iter().rposition(|bracket| bracket.is(opening)) {
            Some(at) if at >= open => {
                self.open.truncate(at);
                true
            }
            // A stray one of the other kinds closes nothing.
            _ => closing != b'}',
        }
    }

    /// True if a line can only be a new statement of the block around, whatever is open: an attribute where a
    /// list or call is open, a block with its brace anywhere.
    fn begins_statement(&self, line: usize) -> bool {
        let first = token::token(self.text, line);
        if first.kind != TokenKind::Word {
            return false;
        }
        let mut next = token::token(self.text, first.end);
        if next.is(b'=') {
            return !self.open.last().is_some_and(|bracket| bracket.is(b'{'));
        }
        let labelled = next.kind == TokenKind::Quote;
        if labelled {
            next = token::token(self.text, self.skip_string(next.start).0);
        }
        next.is(b'{') && (labelled || token::token(self.text, next.end).kind == TokenKind::Newline)
    }

    /// The end of the string that begins here, and whether it has one.
    pub(super) fn skip_string(&self, start: usize) -> (usize, bool) {
        scan::string_end(self.text.as_bytes(), start)
    }
}
