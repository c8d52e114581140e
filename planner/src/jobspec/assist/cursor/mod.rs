//! Where in a statement the cursor stands: read token by token from the statement's first word to the cursor.
//!
//! The parser's tree says which block is around; it says nothing about a statement that is half written. What the names
//! mean is not known here, and what stands behind the cursor is looked at only to find the end of the word under it.

mod strings;

use crate::jobspec::scan;
use crate::jobspec::syntax::token::{self, Token, TokenKind};

/// Deeper nesting is given up: no job needs it.
const MAX_LEVELS: usize = 80;

/// What may be written at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// The first word of a statement, or the key of an entry.
    Name,
    /// The label of a block, in its quotes.
    Label,
    /// An operand of an expression: a number, a reference, a function.
    Operand,
    /// A string without anything inserted before the cursor, in its quotes.
    Text,
    /// Nothing that is known.
    Nothing,
}

/// A bracket that is open at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open<'t> {
    /// Statements.
    Body,
    /// Entries.
    Object,
    List,
    /// The arguments of a function.
    Call(&'t str),
    /// Parentheses, or an index.
    Group,
    /// `${ … }` in a string.
    Inserted,
}

/// What is open, and what has been read in it.
#[derive(Debug)]
pub(super) struct Level<'t> {
    pub(super) open: Open<'t>,
    /// Behind the bracket.
    pub(super) start: usize,
    /// The name of the statement or entry that is being written.
    pub(super) name: &'t str,
    /// Its first label.
    pub(super) label: &'t str,
    /// The names before it.
    pub(super) names: Vec<&'t str>,
    step: Step,
    /// The end of the last word of an expression, and the word.
    word: (usize, &'t str),
}

/// What is expected next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Name,
    /// A label, a brace or `=`.
    Head,
    Operand,
    /// An operator or the end.
    Operator,
    /// The word after a dot.
    Member,
    /// Up to the `in` of a `for`.
    For,
}

/// Where the cursor stands.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    pub(super) spot: Spot,
    /// The word, reference or string under the cursor.
    pub(super) start: usize,
    pub(super) end: usize,
    /// What is open there, the statement itself first.
    pub(super) levels: Vec<Level<'t>>,
}

/// Reads from `start`, where a statement begins, to the cursor.
pub(super) fn read(text: &str, start: usize, offset: usize, hcl1: bool) -> Cursor<'_> {
    let mut reader = Reader { text, at: start, offset, hcl1, levels: Vec::new() };
    reader.push(Open::Body, Step::Name);
    let found = reader.code(1).unwrap_or((Spot::Nothing, offset, offset));
    Cursor { spot: found.0, start: found.1, end: found.2, levels: reader.levels }
}

/// The spot and the ends of what is under the cursor.
type Found = (Spot, usize, usize);

struct Reader<'t> {
    text: &'t str,
    at: usize,
    offset: usize,
    hcl1: bool,
    levels: Vec<Level<'t>>,
}

impl<'t> Reader<'t> {
    fn push(&mut self, open: Open<'t>, step: Step) {
        let (start, word) = (self.at, (0, ""));
        self.levels.push(Level { open, start, name: "", label: "", names: Vec::new(), step, word });
    }

    fn step(&self) -> Step {
        self.levels.last().map_or(Step::Name, |level| level.step)
    }

    fn set(&mut self, step: Step) {
        if let Some(level) = self.levels.last_mut() {
            level.step = step;
        }
    }

    /// True where entries stand in braces.
    fn in_braces(&self) -> bool {
        self.levels.last().is_some_and(|level| matches!(level.open, Open::Body | Open::Object))
    }

    fn cut(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn nothing(&self) -> Found {
        (Spot::Nothing, self.offset, self.offset)
    }

    /// Reads tokens until the cursor is found, or until fewer than `floor` brackets are open.
    fn code(&mut self, floor: usize) -> Option<Found> {
        while self.levels.len() >= floor {
            if self.levels.len() > MAX_LEVELS {
                return Some(self.nothing());
            }
            let next = token::token(self.text, self.at);
            if next.start >= self.offset {
                return Some(self.between());
            }
            let before = self.at;
            self.at = next.end;
            let found = match next.kind {
                TokenKind::OpenComment => Some(self.nothing()),
                TokenKind::Newline => {
                    self.new_line();
                    None
                }
                TokenKind::Word => self.word(next),
                TokenKind::Number => self.number(next),
                TokenKind::Quote => self.string(next.start),
                TokenKind::Heredoc => self.heredoc(next),
                TokenKind::Sign(first, second) => {
                    self.sign(first, second, next.start);
                    None
                }
                TokenKind::Ellipsis | TokenKind::Strange | TokenKind::End => None,
            };
            if found.is_some() {
                return found;
            }
            if self.at <= before {
                return Some(self.nothing());
            }
        }
        None
    }

    /// The cursor stands in front of the next token, in blanks or in a comment.
    fn between(&self) -> Found {
        let mut gap = self.cut(self.at, self.offset);
        loop {
            gap = gap.trim_start_matches([' ', '\t', '\r', '\u{feff}']);
            match gap.strip_prefix("/*").and_then(|comment| comment.split_once("*/")) {
                Some((_, rest)) => gap = rest,
                None => break,
            }
        }
        let spot = match self.step() {
            _ if !gap.is_empty() => Spot::Nothing,
            Step::Name => Spot::Name,
            Step::Operand => Spot::Operand,
            // HCL1's statements may share a line.
            Step::Operator if self.hcl1 && self.in_braces() => Spot::Name,
            _ => Spot::Nothing,
        };
        (spot, self.offset, self.offset)
    }

    fn new_line(&mut self) {
        if !self.in_braces() {
            if !self.begins_statement() {
                return;
            }
            // A list or call that is not closed yet.
            while !self.in_braces() {
                self.levels.pop();
            }
        }
        self.set(Step::Name);
        if let Some(level) = self.levels.last_mut() {
            (level.name, level.label) = ("", "");
        }
    }

    /// True if the next line can only be a statement: an attribute, a block with its brace, or the word under the cursor
    /// below a `${` that is not closed.
    fn begins_statement(&self) -> bool {
        let first = token::token(self.text, self.at);
        let mut next = token::token(self.text, first.end);
        if next.kind == TokenKind::Quote {
            let (end, _) = scan::string_end(self.text.as_bytes(), next.start);
            next = token::token(self.text, end);
        }
        let inserted = self.levels.last().is_some_and(|level| level.open == Open::Inserted);
        let here = inserted && self.offset <= first.end;
        first.kind == TokenKind::Word && (here || next.is(b'=') || next.is(b'{'))
    }

    /// Begins a statement or an entry.
    fn begin(&mut self, name: &'t str) {
        if let Some(level) = self.levels.last_mut() {
            (level.name, level.label, level.step) = (name, "", Step::Head);
            level.names.push(name);
        }
    }

    fn word(&mut self, token: Token) -> Option<Found> {
        let word = self.cut(token.start, token.end);
        let here = self.offset <= token.end;
        match self.step() {
            Step::Name if here => return Some((Spot::Name, token.start, token.end)),
            Step::Operator if here && self.hcl1 && self.in_braces() => {
                return Some((Spot::Name, token.start, token.end));
            }
            Step::Operand => return self.reference(token),
            _ if here => return Some(self.nothing()),
            Step::Name => self.begin(word),
            Step::Head => self.label(word),
            Step::Operator if word == "if" && !self.in_braces() => self.set(Step::Operand),
            Step::Operator => self.begin(word),
            Step::Member => self.set(Step::Operator),
            Step::For if word == "in" => self.set(Step::Operand),
            Step::For => {}
        }
        None
    }

    fn label(&mut self, label: &'t str) {
        if let Some(level) = self.levels.last_mut()
            && level.label.is_empty()
        {
            level.label = label;
        }
    }

    /// `name` or `name.name.name`, with a dot behind it that has no name yet.
    fn reference(&mut self, token: Token) -> Option<Found> {
        let mut end = token.end;
        let rest = self.text.get(end..).unwrap_or_default();
        let mut letters = rest.chars().peekable();
        while let Some(letter) = letters.next() {
            let goes_on = letter.is_alphanumeric() || matches!(letter, '_' | '-');
            if !goes_on && (letter != '.' || letters.peek() == Some(&'.')) {
                break;
            }
            end += letter.len_utf8();
        }
        if self.offset <= end {
            return Some((Spot::Operand, token.start, end));
        }
        self.at = end;
        let word = self.cut(token.start, end);
        let behind = token::token(self.text, end);
        let is_for = word == "for" && behind.kind == TokenKind::Word && behind.start > end;
        self.set(if is_for { Step::For } else { Step::Operator });
        if let Some(level) = self.levels.last_mut() {
            level.word = (end, word);
        }
        None
    }

    fn number(&mut self, token: Token) -> Option<Found> {
        if self.offset > token.end {
            self.set(Step::Operator);
            return None;
        }
        let operand = self.step() == Step::Operand;
        let spot = if operand { Spot::Operand } else { Spot::Nothing };
        Some((spot, token.start, token.end))
    }

    fn sign(&mut self, first: u8, second: u8, start: usize) {
        match (first, second) {
            (b'{', 0) => {
                let body = self.step() == Step::Head && self.in_braces();
                self.set(Step::Operator);
                self.push(if body { Open::Body } else { Open::Object }, Step::Name);
            }
            (b'[', 0) => {
                let list = self.step() == Step::Operand;
                self.set(Step::Operator);
                self.push(if list { Open::List } else { Open::Group }, Step::Operand);
            }
            (b'(', 0) => {
                let word = self.levels.last().map_or((0, ""), |level| level.word);
                self.set(Step::Operator);
                let call = word.0 == start && start > 0;
                self.push(if call { Open::Call(word.1) } else { Open::Group }, Step::Operand);
            }
            (b'}' | b']' | b')', 0) => self.close(first),
            (b',', 0) if self.in_braces() => self.set(Step::Name),
            (b'.', 0) if self.step() == Step::Operator => self.set(Step::Member),
            (b'=' | b':', 0) => self.set(Step::Operand),
            _ if self.step() == Step::Operator => self.set(Step::Operand),
            (b',', 0) if self.step() != Step::For => self.set(Step::Operand),
            _ => {}
        }
    }

    /// Closes the innermost bracket of that kind, with what is left open in it. The outermost stays.
    fn close(&mut self, closing: u8) {
        let fits = |level: &Level<'_>| match level.open {
            Open::Body | Open::Object | Open::Inserted => closing == b'}',
            Open::List => closing == b']',
            Open::Call(_) => closing == b')',
            Open::Group => closing != b'}',
        };
        if let Some(at) = self.levels.iter().rposition(fits).filter(|at| *at > 0) {
            self.levels.truncate(at);
        }
    }
}
