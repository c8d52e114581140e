//! Statements: attributes and blocks.

use std::collections::BTreeMap;

use super::recover::Opener;
use super::token::{Token, TokenKind};
use super::{Attribute, Block, Body, Expr, Item, Kind, Label, Name, Outcome, Parser};
use crate::diagnostic::{Diagnostic, Span};

impl<'t> Parser<'t> {
    /// All statements of the text.
    pub(super) fn file(&mut self) -> Body<'t> {
        let mut body = Body::default();
        loop {
            self.statements(&mut body, None);
            let stray = self.peek();
            if !stray.is(b'}') {
                return body;
            }
            self.take(stray);
            self.closes_nothing(stray);
        }
    }

    /// Statements up to the closing brace, which is not taken, or to the end of the text.
    fn statements(&mut self, body: &mut Body<'t>, opener: Option<&Opener>) {
        let mut set: BTreeMap<&'t str, Span> = BTreeMap::new();
        loop {
            let next = self.peek();
            match next.kind {
                TokenKind::End => return,
                TokenKind::Newline => {
                    self.take(next);
                }
                TokenKind::Sign(b'}', 0) => {
                    if self.repairs.is_needless(next.start) {
                        self.at = next.end;
                        continue;
                    }
                    return;
                }
                _ => {
                    let open = self.open.len();
                    match self.statement(next, opener.is_some()) {
                        Ok(item) => {
                            self.set_once(&item, &mut set);
                            body.items.push(item);
                        }
                        Err(_) => {
                            body.broken = true;
                            self.recover(next, open);
                        }
                    }
                }
            }
        }
    }

    fn set_once(&mut self, item: &Item<'t>, set: &mut BTreeMap<&'t str, Span>) {
        let Item::Attribute(Attribute { name, .. }) = item else { return };
        if set.insert(name.text, name.span).is_some() {
            let message = format!("{} is already set in this block", name.text);
            let problem = Diagnostic::error("duplicate-attribute", name.span, message);
            self.tell(problem.with_hint("keep one of the two"));
        }
    }

    fn statement(&mut self, first: Token, in_block: bool) -> Outcome<Item<'t>> {
        let name = match first.kind {
            TokenKind::Word => {
                self.take(first);
                Name { text: self.cut(first), span: first.span() }
            }
            _ => self.quoted_name(first).ok_or_else(|| self.no_statement(first))?,
        };
        let next = self.peek();
        match next.kind {
            TokenKind::Sign(b'=', 0) => {
                self.take(next);
                let value = self.value(in_block)?;
                Ok(Item::Attribute(Attribute { name, value }))
            }
            TokenKind::Sign(b'{', 0) | TokenKind::Quote | TokenKind::Word => {
                self.deeper(|parser| parser.block(name)).map(Item::Block)
            }
            TokenKind::Sign(b':', 0) => {
                let problem = Diagnostic::error(
                    "syntax",
                    next.span(),
                    format!("`:` sets nothing; {} needs `=`", name.text),
                );
                Err(self.tell(problem.with_hint(format!("write {} = …", name.text))))
            }
            TokenKind::Sign(b'[', 0) | TokenKind::Number => {
                Err(self.expected("`=`", &format!("write {} = …", name.text)))
            }
            _ => Err(self.expected(
                "`=` or `{`",
                &format!("write {0} = … for an attribute, {0} {{ … }} for a block", name.text),
            )),
        }
    }

    /// An attribute's value and the end of its line. What is broken inside has been told; the attribute stays.
    fn value(&mut self, in_block: bool) -> Outcome<Expr<'t>> {
        let first = self.peek();
        let open = self.open.len();
        let value = match self.expression() {
            Ok(value) => value,
            Err(_) => {
                self.recover(first, open);
                let span = Span { start: first.start, end: self.at.max(first.start) };
                return Ok(Expr { kind: Kind::Broken, span });
            }
        };
        self.end_of_statement(in_block)?;
        Ok(value)
    }

    fn end_of_statement(&mut self, in_block: bool) -> Outcome<()> {
        let next = self.peek();
        match next.kind {
            TokenKind::Newline | TokenKind::End => Ok(()),
            TokenKind::Sign(b'}', 0) if in_block && self.one_line() => Ok(()),
            TokenKind::Sign(b'}', 0) if in_block => {
                // Told, and read as it is meant.
                self.expected("a new line before the bracket", "put `}` on a line of its own");
                Ok(())
            }
            TokenKind::Sign(b']' | b')' | b'}', 0) => {
                let problem =
                    Diagnostic::error("syntax", next.span(), "this bracket closes nothing");
                Err(self.tell(problem.with_hint("remove it")))
            }
            TokenKind::Sign(b',', 0) => {
                let problem =
                    Diagnostic::error("syntax", next.span(), "no comma stands between attributes");
                Err(self.tell(problem.with_hint("write each attribute on a line of its own")))
            }
            TokenKind::Word if next.start == self.read_to => {
                let before = &self.text[..next.start];
                if before.ends_with('"') {
                    let hint = "write \\\" for a quote inside a string";
                    return Err(self.expected("the end of the line", hint));
                }
                let number = before.rfind(|c: char| !c.is_ascii_digit() && c != '.');
                let number = &before[number.map_or(0, |at| at + 1)..];
                let unit = self.cut(next);
                let hint = format!("remove {unit}, or quote both: \"{number}{unit}\"");
                Err(self.expected("the end of the line", &hint))
            }
            TokenKind::Word => {
                Err(self
                    .expected("the end of the line", "write each attribute on a line of its own"))
            }
            _ => Err(self.expected("the end of the line", "")),
        }
    }

    /// True if the innermost block began on this line.
    fn one_line(&self) -> bool {
        let start = self.open.last().map_or(0, |brace| brace.end);
        !self.text.get(start..self.read_to).unwrap_or_default().contains('\n')
    }

    fn block(&mut self, name: Name<'t>) -> Outcome<Block<'t>> {
        let labels = self.labels(name)?;
        let brace = self.peek();
        self.take(brace);
        let opener = Opener::new(self.text, name.span, brace);
        let mut body = Body::default();
        if !matches!(self.peek().kind, TokenKind::Newline | TokenKind::End) {
            self.one_liner(&mut body, &opener);
        } else {
            self.within(false, |parser| parser.statements(&mut body, Some(&opener)));
        }
        let next = self.peek();
        let inside = Span { start: brace.end, end: next.start };
        if next.kind == TokenKind::End {
            self.unclosed_block(&opener);
        } else if self.repairs.closes_before(next.start, brace.start) {
            self.open.pop();
        } else {
            self.take(next);
            self.compare_indent(&opener, next);
            self.end_of_block()?;
        }
        Ok(Block { name, labels, inside, body })
    }

    fn end_of_block(&mut self) -> Outcome<()> {
        let next = self.peek();
        match next.kind {
            TokenKind::Newline | TokenKind::End => Ok(()),
            // Told where the braces are compared.
            TokenKind::Sign(b'}', 0) => {
                self.expected("a new line", "put each bracket on a line of its own");
                Ok(())
            }
            TokenKind::Sign(b',', 0) => {
                let problem =
                    Diagnostic::error("syntax", next.span(), "no comma stands between blocks");
                self.tell(problem.with_hint("remove it"));
                self.take(next);
                Ok(())
            }
            _ => {
                self.expected("a new line after the block", "");
                Ok(())
            }
        }
    }

    /// `name { attribute = value }`.
    fn one_liner(&mut self, body: &mut Body<'t>, opener: &Opener) {
        let first = self.peek();
        if !first.is(b'}') {
            let open = self.open.len();
            match self.statement(first, true) {
                Ok(item) => {
                    if let Item::Block(inner) = &item {
                        let problem = Diagnostic::error(
                            "syntax",
                            inner.name.span,
                            "a block on one line holds one attribute at most",
                        );
                        self.tell(problem.with_hint("put the inner block on lines of its own"));
                    }
                    body.items.push(item);
                }
                Err(_) => {
                    body.broken = true;
                    self.recover(first, open);
                }
            }
        }
        if self.peek().kind == TokenKind::Newline {
            if matches!(body.items.as_slice(), [Item::Attribute(_)]) {
                let problem = Diagnostic::error(
                    "syntax",
                    first.span(),
                    "a block of several lines begins with a new line",
                );
                self.tell(problem.with_hint("put this on a line of its own"));
            }
            self.within(false, |parser| parser.statements(body, Some(opener)));
        }
    }

    /// The labels of a block, up to its brace.
    fn labels(&mut self, name: Name<'t>) -> Outcome<Vec<Label>> {
        let mut labels = Vec::new();
        loop {
            let next = self.peek();
            match next.kind {
                TokenKind::Sign(b'{', 0) => return Ok(labels),
                TokenKind::Word => {
                    self.take(next);
                    labels.push(Label { text: self.cut(next).to_owned(), span: next.span() });
                }
                TokenKind::Quote => match self.label(next) {
                    Ok(label) => labels.push(label),
                    Err(told) => {
                        self.at = next.end;
                        // Told, and a label all the same.
                        if labels.is_empty() {
                            labels.push(Label { text: String::new(), span: next.span() });
                        }
                        if !self.brace_ends_line() {
                            return Err(told);
                        }
                    }
                },
                TokenKind::Newline if self.brace_is_below(next) => {
                    let message = format!("the brace of {} stands on the next line", name.text);
                    let problem = Diagnostic::error("syntax", name.span, message);
                    self.tell(problem.with_hint("move { to the end of this line"));
                    self.at = self.below(next).start;
                }
                TokenKind::Newline | TokenKind::End if labels.len() == 1 => {
                    let message = format!("{} needs `=` before its value", name.text);
                    let problem = Diagnostic::error("syntax", labels[0].span, message);
                    let hint = format!("write {} = \"{}\"", name.text, labels[0].text);
                    return Err(self.tell(problem.with_hint(hint)));
                }
                TokenKind::Sign(b'=', 0) if labels.len() == 1 => {
                    let message = format!("{} has a label, so it is a block", name.text);
                    let problem = Diagnostic::error("syntax", next.span(), message);
                    self.take(next);
                    let hint = format!(
                        "write {} \"{}\" {{ … }} with what it holds inside",
                        name.text, labels[0].text
                    );
                    self.tell(problem.with_hint(hint));
                    if !self.peek().is(b'{') {
                        return Err(super::Told);
                    }
                }
                _ => {
                    let told = self.expected("`{`", "");
                    if !self.brace_ends_line() {
                        return Err(told);
                    }
                }
            }
        }
    }

    /// The first token behind a line's end that is none itself.
    fn below(&self, newline: Token) -> Token {
        let mut next = newline;
        while next.kind == TokenKind::Newline {
            next = super::token::token(self.text, next.end);
        }
        next
    }

    fn brace_is_below(&self, newline: Token) -> bool {
        self.below(newline).is(b'{')
    }

    /// True if the line ends with a brace: whatever its head says, it begins a block. Goes there.
    fn brace_ends_line(&mut self) -> bool {
        let end = super::token::line_end(self.text.as_bytes(), self.at.min(self.text.len()));
        let line = self.text[..end].trim_end();
        let found = line.ends_with('{') && line.len() > self.at;
        if found {
            self.at = line.len() - 1;
        }
        found
    }

    /// A name in quotes, as HCL1 has it: told, and read as the name.
    fn quoted_name(&mut self, first: Token) -> Option<Name<'t>> {
        if first.kind != TokenKind::Quote {
            return None;
        }
        let (end, closed) = self.skip_string(first.start);
        let behind = super::token::token(self.text, end);
        let names = behind.is(b'=') || behind.is(b':') || behind.is(b'{');
        let labelled = behind.kind == TokenKind::Quote;
        let text = self.text.get(first.end..end - 1).filter(|text| closed && !text.is_empty())?;
        if !names && !labelled {
            return None;
        }
        let span = Span { start: first.start, end };
        let message = "attribute names are not quoted in HCL2";
        let problem = Diagnostic::error("quoted-name", span, message);
        self.tell(problem.with_hint("remove the quotes, or read the file as HCL1"));
        self.at = end;
        self.read_to = end;
        Some(Name { text, span })
    }

    /// What cannot begin a statement.
    fn no_statement(&mut self, first: Token) -> super::Told {
        if let TokenKind::Sign(b']' | b')', 0) = first.kind {
            let problem = Diagnostic::error("syntax", first.span(), "this bracket closes nothing");
            return self.tell(problem.with_hint("remove it"));
        }
        self.expected("an attribute or a block", "a statement begins with a name")
    }
}
