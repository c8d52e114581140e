//! Strings and heredocs: text with `${ … }` and `%{ … }` inside.
//!
//! Strip markers (`~`) and the common indentation of `<<-` are applied here, to the pieces as HCL cuts them: the text
//! of a heredoc falls into lines, and only the nearest piece is stripped.

use super::token::{Token, TokenKind};
use super::{Each, Expr, Kind, Label, Outcome, Parser, Piece, Told};
use crate::diagnostic::{Diagnostic, Span};
use crate::jobspec::scan;
use crate::jobspec::value::Value;

/// A template before its directives are put together.
enum Flat<'t> {
    Text(String),
    Value(Expr<'t>),
    If(Expr<'t>, Span),
    Else(Span),
    EndIf(Span),
    For(Each<'t>, Span),
    EndFor(Span),
}

/// How text inside a template is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Between quotes: backslashes escape, and a line's end ends it.
    Quoted,
    /// Lines up to a place.
    Lines(usize),
}

/// A piece under way.
#[derive(Default)]
struct Text {
    text: String,
    /// The piece before ended with `~}`.
    strip: bool,
}

impl<'t> Parser<'t> {
    /// A quoted string. A broken one is told and stands for nothing known.
    pub(super) fn string(&mut self, quote: Token) -> Outcome<Expr<'t>> {
        self.at = quote.end;
        let open = self.open.len();
        let flat = self.within(true, |parser| parser.flat(Mode::Quoted, quote.start));
        let kind = match flat {
            Ok(flat) => self.template_kind(flat)?,
            Err(told) => {
                let (end, closed) = self.skip_string(quote.start);
                self.open.truncate(open);
                self.at = end;
                self.read_to = end;
                if !closed {
                    return Err(told);
                }
                Kind::Broken
            }
        };
        Ok(Expr { kind, span: Span { start: quote.start, end: self.read_to } })
    }

    /// A quoted label: a string without templates.
    pub(super) fn label(&mut self, quote: Token) -> Outcome<Label> {
        let string = self.string(quote)?;
        let text = match string.kind {
            Kind::Literal(Value::Text(text)) => text,
            Kind::Broken => String::new(),
            _ => {
                let problem =
                    Diagnostic::error("syntax", string.span, "a label cannot be calculated");
                self.tell(problem.with_hint("write the name itself"));
                String::new()
            }
        };
        Ok(Label { text, span: string.span })
    }

    /// `<<MARK`, its lines, and the mark alone on a line.
    pub(super) fn heredoc(&mut self, opening: Token) -> Outcome<Expr<'t>> {
        let bytes = self.text.as_bytes();
        let line = super::token::line_end(bytes, opening.end);
        let Some((end, true)) = scan::heredoc_end(bytes, opening.start) else {
            let span = Span { start: opening.start, end: line };
            let problem = Diagnostic::error("never-closed", span, "this heredoc is never closed");
            let mark = self.cut(opening).trim_start_matches(['<', '-']);
            return Err(self.tell(problem.with_hint(format!("write {mark} alone on a line"))));
        };
        let last_line = self.text[..end].rfind('\n').map_or(end, |newline| newline + 1);
        self.at = (line + 1).min(last_line);
        let open = self.open.len();
        // What is inserted ends with the heredoc.
        let (whole, lines) = (self.text, &self.text[..last_line]);
        self.text = lines;
        let flat = self.within(true, |parser| parser.flat(Mode::Lines(last_line), opening.start));
        self.text = whole;
        let pieces = flat.and_then(|mut flat| {
            if self.cut(opening).starts_with("<<-") {
                dedent(&mut flat);
            }
            self.tree(flat)
        });
        self.open.truncate(open);
        self.at = end;
        self.read_to = end;
        let kind = pieces.map_or(Kind::Broken, plain);
        Ok(Expr { kind, span: Span { start: opening.start, end } })
    }

    /// `<< MARK` or `<<"MARK"`, as a shell takes it: told once, and its lines are skipped.
    pub(super) fn loose_heredoc(&mut self, first: Token) -> Outcome<Expr<'t>> {
        let line = super::token::line_end(self.text.as_bytes(), first.start);
        let head = &self.text[first.start..line];
        let inner = head.trim_start_matches('<').trim_start_matches('-').trim();
        let mark = inner.trim_matches(['"', '\'']);
        let is_mark = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !head.starts_with("<<") || mark.is_empty() || !mark.chars().all(is_mark) {
            return Err(self.expected("a value", ""));
        }
        let span = Span { start: first.start, end: first.start + head.trim_end().len() };
        let problem = Diagnostic::error("syntax", span, "the mark of a heredoc follows << at once");
        self.tell(problem.with_hint(format!("write <<{mark}")));
        let mut at = line;
        while at < self.text.len() {
            let end = super::token::line_end(self.text.as_bytes(), at + 1);
            if self.text[at..end].trim() == mark {
                self.at = end;
                self.read_to = end;
                break;
            }
            at = end;
        }
        Ok(Expr { kind: Kind::Broken, span })
    }

    /// A template that is the whole text.
    pub(super) fn plain_template(&mut self) -> Outcome<Expr<'t>> {
        let end = self.text.len();
        let flat = self.within(true, |parser| parser.flat(Mode::Lines(end), 0))?;
        let kind = self.template_kind(flat)?;
        Ok(Expr { kind, span: Span { start: 0, end } })
    }

    /// A lone `${ … }` is what is inside it; everything else is text.
    fn template_kind(&mut self, mut flat: Vec<Flat<'t>>) -> Outcome<Kind<'t>> {
        if let [Flat::Value(_)] = flat.as_slice()
            && let Some(Flat::Value(only)) = flat.pop()
        {
            return Ok(Kind::Wrapped(Box::new(only)));
        }
        Ok(plain(self.tree(flat)?))
    }

    /// Reads up to the end of the string or of the lines.
    fn flat(&mut self, mode: Mode, start: usize) -> Outcome<Vec<Flat<'t>>> {
        let mut flat = Vec::new();
        let mut text = Text::default();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let ended = matches!(mode, Mode::Lines(end) if self.at >= end);
            let Some(letter) = rest.chars().next().filter(|_| !ended) else {
                text.push_to(&mut flat);
                return match mode {
                    Mode::Quoted => Err(self.unclosed_string(start)),
                    Mode::Lines(_) => Ok(flat),
                };
            };
            match letter {
                '"' if mode == Mode::Quoted => {
                    text.push_to(&mut flat);
                    self.at += 1;
                    self.read_to = self.at;
                    return Ok(flat);
                }
                '\n' if mode == Mode::Quoted => return Err(self.unclosed_string(start)),
                '\\' if mode == Mode::Quoted => text.text.push(self.escape(rest)?),
                '$' | '%' if rest.starts_with("$${") || rest.starts_with("%%{") => {
                    text.text.push_str(&rest[1..3]);
                    self.at += 3;
                }
                '$' if rest.starts_with("${") => {
                    let value = self.inserted(&mut flat, &mut text, Parser::expression)?;
                    flat.push(Flat::Value(value));
                }
                '%' if rest.starts_with("%{") => {
                    let directive = self.inserted(&mut flat, &mut text, Parser::directive)?;
                    flat.push(directive);
                }
                _ => {
                    text.text.push(letter);
                    self.at += letter.len_utf8();
                    if letter == '\n' {
                        text.push_to(&mut flat);
                    }
                }
            }
        }
    }

    /// What stands between `${` or `%{` and its brace.
    fn inserted<T>(
        &mut self,
        flat: &mut Vec<Flat<'t>>,
        text: &mut Text,
        read: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        let start = self.at;
        let brace = Token { kind: TokenKind::Sign(b'{', 0), start: start + 1, end: start + 2 };
        self.take(brace);
        text.push_to(flat);
        if self.text[self.at..].starts_with('~') {
            self.at += 1;
            if let Some(Flat::Text(before)) = flat.last_mut() {
                before.truncate(before.trim_end().len());
            }
        }
        let value = read(self)?;
        text.strip = self.eat(b'~');
        if self.peek().kind == TokenKind::End {
            return Err(self.never_closed(brace));
        }
        // A `}` of the text behind it is not looked for across lines: newlines are blanks here.
        if !self.eat(b'}') {
            return Err(self.expected("`}`", "write $${ for the characters themselves"));
        }
        Ok(value)
    }

    fn directive(&mut self) -> Outcome<Flat<'t>> {
        let word = self.peek();
        self.take(word);
        let span = word.span();
        Ok(match self.cut(word) {
            "if" => Flat::If(self.expression()?, span),
            "else" => Flat::Else(span),
            "endif" => Flat::EndIf(span),
            "for" => Flat::For(self.each()?, span),
            "endfor" => Flat::EndFor(span),
            _ => {
                let problem = Diagnostic::error("syntax", span, "this is no template directive");
                return Err(self.tell(problem.with_hint(
                    "if, else, endif, for or endfor; write %%{ for the characters themselves",
                )));
            }
        })
    }

    fn escape(&mut self, rest: &str) -> Outcome<char> {
        let mut letters = rest.chars().skip(1);
        let digits = match letters.next() {
            Some('n') => return Ok(self.escaped('\n')),
            Some('r') => return Ok(self.escaped('\r')),
            Some('t') => return Ok(self.escaped('\t')),
            Some('"') => return Ok(self.escaped('"')),
            Some('\\') => return Ok(self.escaped('\\')),
            Some('u') => 4,
            Some('U') => 8,
            other => {
                let length = 1 + other.filter(|c| *c != '\n').map_or(0, char::len_utf8);
                let span = Span { start: self.at, end: self.at + length };
                let problem = Diagnostic::error("invalid-escape", span, "there is no such escape");
                return Err(self.tell(problem.with_hint("write \\\\ for a backslash")));
            }
        };
        let code = rest.get(2..2 + digits);
        let letter = code.and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?));
        match letter {
            Some(letter) => {
                self.at += 2 + digits;
                Ok(letter)
            }
            None => {
                let span = Span { start: self.at, end: self.at + 2 };
                let message = format!("{digits} hexadecimal digits of a character must follow");
                Err(self.fail("invalid-escape", span, message))
            }
        }
    }

    fn escaped(&mut self, letter: char) -> char {
        self.at += 2;
        letter
    }

    fn unclosed_string(&mut self, start: usize) -> Told {
        let end = super::token::line_end(self.text.as_bytes(), start);
        let span = Span { start, end: start + self.text[start..end].trim_end().len() };
        let problem = Diagnostic::error("never-closed", span, "this string is never closed");
        self.tell(problem.with_hint("close it with \" on the same line"))
    }

    /// Puts directives together with what is between them.
    fn tree(&mut self, flat: Vec<Flat<'t>>) -> Outcome<Vec<Piece<'t>>> {
        let mut rest = flat.into_iter();
        let (pieces, end) = self.branch(&mut rest)?;
        match end {
            None => Ok(pieces),
            Some(Flat::Else(span) | Flat::EndIf(span) | Flat::EndFor(span)) => {
                Err(self.fail("syntax", span, "this directive ends nothing"))
            }
            Some(_) => Ok(pieces),
        }
    }

    /// Pieces up to a directive that ends them.
    #[allow(clippy::type_complexity, reason = "pieces and what ended them")]
    fn branch(
        &mut self,
        rest: &mut std::vec::IntoIter<Flat<'t>>,
    ) -> Outcome<(Vec<Piece<'t>>, Option<Flat<'t>>)> {
        let mut pieces: Vec<Piece<'t>> = Vec::new();
        while let Some(next) = rest.next() {
            match next {
                Flat::Text(text) => match pieces.last_mut() {
                    Some(Piece::Text(before)) => before.push_str(&text),
                    _ => pieces.push(Piece::Text(text)),
                },
                Flat::Value(value) => pieces.push(Piece::Value(value)),
                Flat::If(condition, span) => {
                    let (then, mut end) = self.deeper(|parser| parser.branch(rest))?;
                    let mut otherwise = Vec::new();
                    if let Some(Flat::Else(_)) = end {
                        (otherwise, end) = self.deeper(|parser| parser.branch(rest))?;
                    }
                    if !matches!(end, Some(Flat::EndIf(_))) {
                        return Err(self.fail("syntax", span, "this directive has no endif"));
                    }
                    pieces.push(Piece::If { condition, then, otherwise });
                }
                Flat::For(each, span) => {
                    let (inner, end) = self.deeper(|parser| parser.branch(rest))?;
                    if !matches!(end, Some(Flat::EndFor(_))) {
                        return Err(self.fail("syntax", span, "this directive has no endfor"));
                    }
                    pieces.push(Piece::For { each, pieces: inner });
                }
                end @ (Flat::Else(_) | Flat::EndIf(_) | Flat::EndFor(_)) => {
                    return Ok((pieces, Some(end)));
                }
            }
        }
        Ok((pieces, None))
    }
}

impl Text {
    fn push_to(&mut self, flat: &mut Vec<Flat<'_>>) {
        let mut text = std::mem::take(&mut self.text);
        if text.is_empty() {
            return;
        }
        if std::mem::take(&mut self.strip) {
            text.drain(..text.len() - text.trim_start().len());
        }
        flat.push(Flat::Text(text));
    }
}

/// A template without anything to calculate is a text.
fn plain(mut pieces: Vec<Piece<'_>>) -> Kind<'_> {
    match pieces.as_mut_slice() {
        [] => Kind::Literal(Value::Text(String::new())),
        [Piece::Text(text)] => Kind::Literal(Value::Text(std::mem::take(text))),
        _ => Kind::Template(pieces),
    }
}

/// Takes away the indentation that all lines share. Blank lines do not count.
fn dedent(flat: &mut [Flat<'_>]) {
    let mut least = usize::MAX;
    let mut at_start = true;
    for piece in flat.iter() {
        if at_start {
            let indent = match piece {
                Flat::Text(line) if line.trim_start().is_empty() && line.ends_with('\n') => {
                    usize::MAX
                }
                Flat::Text(line) => line.chars().take_while(|c| c.is_whitespace()).count(),
                _ => 0,
            };
            least = least.min(indent);
        }
        at_start = matches!(piece, Flat::Text(line) if line.ends_with('\n'));
    }
    let mut at_start = true;
    for piece in flat.iter_mut() {
        let ends = matches!(piece, Flat::Text(line) if line.ends_with('\n'));
        if let Flat::Text(line) = piece
            && std::mem::replace(&mut at_start, ends)
        {
            let blank = line.trim_start().is_empty() && line.ends_with('\n');
            if !blank {
                let cut = line.char_indices().nth(least).map_or(line.len(), |(at, _)| at);
                line.drain(..cut);
            }
        } else {
            at_start = ends;
        }
    }
}
