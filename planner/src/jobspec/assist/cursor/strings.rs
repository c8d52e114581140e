//! The insides of strings and heredocs: text, and expressions that are inserted in it.

use super::{Found, Open, Reader, Spot, Step};
use crate::jobspec::scan;
use crate::jobspec::syntax::token::{self, Token};

impl Reader<'_> {
    /// A string with what is inserted in it; without its closing quote it ends with the line.
    pub(super) fn string(&mut self, quote: usize) -> Option<Found> {
        let step = self.step();
        let bytes = self.text.as_bytes();
        let start = quote + 1;
        let mut plain = true;
        self.at = start;
        let closed = loop {
            if self.at >= self.offset {
                return Some(self.in_string(quote, step, plain));
            }
            match bytes.get(self.at..).unwrap_or_default() {
                [] | [b'\n', ..] => break false,
                [b'"', ..] => {
                    self.at += 1;
                    break true;
                }
                [b'\\', ..] => self.letters(2),
                [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => self.at += 3,
                [b'$' | b'%', b'{', ..] if self.at + 1 < self.offset => {
                    plain = false;
                    if let Some(found) = self.inserted() {
                        return Some(found);
                    }
                    if !self.is_behind(b'}') {
                        // The statement around has ended instead.
                        return None;
                    }
                }
                _ => self.letters(1),
            }
        };
        let end = if closed { self.at - 1 } else { self.at };
        match step {
            Step::Name => self.begin(self.cut(start, end)),
            Step::Head => self.label(self.cut(start, end)),
            _ => self.set(Step::Operator),
        }
        None
    }

    /// True if that sign was read last.
    fn is_behind(&self, sign: u8) -> bool {
        self.at > 0 && self.text.as_bytes().get(self.at - 1) == Some(&sign)
    }

    fn letters(&mut self, count: usize) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.chars().take(count).map(char::len_utf8).sum::<usize>();
    }

    /// `${ … }` and `%{ … }`.
    fn inserted(&mut self) -> Option<Found> {
        let directive = self.text.as_bytes().get(self.at) == Some(&b'%');
        self.at += 2;
        if self.text.as_bytes().get(self.at) == Some(&b'~') {
            self.at += 1;
        }
        self.push(Open::Inserted, Step::Operand);
        if directive {
            let word = token::token(self.text, self.at);
            if word.end >= self.offset {
                return Some(self.nothing());
            }
            self.at = word.end;
            let is_for = self.cut(word.start, word.end) == "for";
            self.set(if is_for { Step::For } else { Step::Operand });
        }
        self.code(self.levels.len())
    }

    fn in_string(&self, quote: usize, step: Step, plain: bool) -> Found {
        let spot = match step {
            Step::Operand if plain => Spot::Text,
            Step::Head => Spot::Label,
            Step::Name if self.hcl1 => Spot::Name,
            _ => Spot::Nothing,
        };
        let (end, closed) = scan::string_end(self.text.as_bytes(), quote);
        let one_line = !self.cut(quote, end).contains('\n');
        let end = if closed && one_line && end > self.offset { end - 1 } else { self.offset };
        (spot, quote + 1, end)
    }

    /// A text of several lines. Only what is inserted in it matters.
    pub(super) fn heredoc(&mut self, token: Token) -> Option<Found> {
        let bytes = self.text.as_bytes();
        let (end, closed) = scan::heredoc_end(bytes, token.start).unwrap_or((token.end, true));
        self.set(Step::Operator);
        if closed && end < self.offset {
            self.at = end;
            return None;
        }
        while self.at < self.offset {
            match bytes.get(self.at..).unwrap_or_default() {
                [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => self.at += 3,
                [b'$' | b'%', b'{', ..] if self.ends_here() => {
                    if let Some(found) = self.inserted() {
                        return Some(found);
                    }
                    if !self.is_behind(b'}') {
                        // The statement around has ended instead.
                        return None;
                    }
                }
                [] => break,
                _ => self.letters(1),
            }
        }
        Some(self.nothing())
    }

    /// True for a `${` of a heredoc that ends on its line, or on whose line the cursor stands.
    fn ends_here(&self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        self.at + 1 < self.offset && (line.contains('}') || self.offset <= self.at + line.len())
    }
}
