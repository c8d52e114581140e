//! Expressions, by the precedence of their operators.

use super::recover::Opener;
use super::token::{self, Token, TokenKind};
use super::{
    Binary, Call, Each, Expr, For, Key, Kind, MAX_OPERATORS, Name, Operator, Outcome, Parser, Step,
};
use crate::diagnostic::{Diagnostic, Span};
use crate::jobspec::value::{self, Value};

/// Where a value is missing.
const A_VALUE: &str = "a value";

impl<'t> Parser<'t> {
    /// An expression with everything that may stand in it.
    pub(super) fn expression(&mut self) -> Outcome<Expr<'t>> {
        self.deeper(|parser| {
            let condition = parser.operation(0)?;
            if !parser.eat(b'?') {
                return Ok(condition);
            }
            let then = parser.expression()?;
            if !parser.eat(b':') {
                return Err(parser.expected("`:`", "write condition ? value : other value"));
            }
            let otherwise = parser.expression()?;
            let span = Span { start: condition.span.start, end: otherwise.span.end };
            Ok(Expr { kind: Kind::Conditional(Box::new([condition, then, otherwise])), span })
        })
    }

    /// Operators of this precedence and above, those of one precedence from the left.
    fn operation(&mut self, least: u8) -> Outcome<Expr<'t>> {
        let mut left = self.operand()?;
        let mut count = 0;
        loop {
            let sign = self.peek();
            let Some((operator, precedence)) = operator(sign) else { return Ok(left) };
            if precedence < least {
                return Ok(left);
            }
            count += 1;
            if count > MAX_OPERATORS {
                let message = format!("more than {MAX_OPERATORS} operators in a row");
                return Err(self.fail("too-deep", sign.span(), message));
            }
            self.take(sign);
            let right = self.operation(precedence + 1)?;
            let span = Span { start: left.span.start, end: right.span.end };
            left = Expr { kind: Kind::Binary(Box::new(Binary { operator, left, right })), span };
        }
    }

    fn operand(&mut self) -> Outcome<Expr<'t>> {
        let sign = self.peek();
        let kind: fn(Box<Expr<'t>>) -> Kind<'t> = match sign.kind {
            TokenKind::Sign(b'-', 0) => Kind::Negative,
            TokenKind::Sign(b'!', 0) => Kind::Not,
            _ => {
                let value = self.primary(sign)?;
                return self.steps(value);
            }
        };
        self.take(sign);
        let operand = self.deeper(Parser::operand)?;
        let span = Span { start: sign.start, end: operand.span.end };
        Ok(Expr { kind: kind(Box::new(operand)), span })
    }

    fn primary(&mut self, first: Token) -> Outcome<Expr<'t>> {
        let kind = match first.kind {
            TokenKind::Number => {
                self.take(first);
                Kind::Literal(value::parse_number(self.cut(first)).unwrap_or(Value::Null))
            }
            TokenKind::Quote => return self.string(first),
            TokenKind::Heredoc => return self.heredoc(first),
            TokenKind::Sign(b'<', 0) => return self.loose_heredoc(first),
            TokenKind::Word => {
                self.take(first);
                if self.peek().is(b'(') {
                    return self.call(first);
                }
                match self.cut(first) {
                    "true" => Kind::Literal(Value::Bool(true)),
                    "false" => Kind::Literal(Value::Bool(false)),
                    "null" => Kind::Literal(Value::Null),
                    name => Kind::Name(name),
                }
            }
            TokenKind::Sign(b'(', 0) => {
                self.take(first);
                let inner = self.within(true, |parser| {
                    let inner = parser.expression()?;
                    parser.closing(first, b')')?;
                    Ok(inner)
                })?;
                Kind::Wrapped(Box::new(inner))
            }
            TokenKind::Sign(b'[', 0) => {
                self.take(first);
                self.within(true, |parser| parser.list(first))?
            }
            TokenKind::Sign(b'{', 0) if self.text[first.end..].starts_with('{') => {
                let hint = "{{ }} belongs into the data of a template block";
                return Err(self.expected(A_VALUE, hint));
            }
            TokenKind::Sign(b'{', 0) => {
                self.take(first);
                self.within(false, |parser| parser.object(first))?
            }
            TokenKind::Sign(b'\'', 0) | TokenKind::Strange if self.cut(first) == "'" => {
                return Err(self.expected(A_VALUE, "strings stand in double quotes"));
            }
            _ => return Err(self.expected(A_VALUE, "")),
        };
        Ok(Expr { kind, span: Span { start: first.start, end: self.read_to } })
    }

    /// Takes the bracket that closes `opening`.
    fn closing(&mut self, opening: Token, closing: u8) -> Outcome<()> {
        if self.eat(closing) {
            return Ok(());
        }
        if self.peek().kind == TokenKind::End {
            return Err(self.never_closed(opening));
        }
        let name = char::from(closing);
        Err(self.expected(&format!("`{name}`"), ""))
    }

    pub(super) fn never_closed(&mut self, opening: Token) -> super::Told {
        let closing = match opening.kind {
            TokenKind::Sign(b'[', 0) => ']',
            TokenKind::Sign(b'(', 0) => ')',
            _ => '}',
        };
        let problem =
            Diagnostic::error("never-closed", opening.span(), "this bracket is never closed");
        self.tell(problem.with_hint(format!("add `{closing}`")))
    }

    fn list(&mut self, opening: Token) -> Outcome<Kind<'t>> {
        if self.is_for() {
            return self.for_expression(opening, b']');
        }
        let mut values = Vec::new();
        loop {
            if self.eat(b']') {
                return Ok(Kind::List(values));
            }
            values.push(self.expression()?);
            let next = self.peek();
            if next.is(b',') {
                self.take(next);
            } else if !next.is(b']') {
                let hint = "separate the elements with commas";
                return Err(self.element_ends(opening, "`,` or `]`", hint));
            }
        }
    }

    /// An element of a list, object or call should end here.
    fn element_ends(&mut self, opening: Token, what: &str, hint: &str) -> super::Told {
        match self.peek().kind {
            TokenKind::End => self.never_closed(opening),
            TokenKind::Word | TokenKind::Quote | TokenKind::Number => self.expected(what, hint),
            _ => self.expected(what, ""),
        }
    }

    fn object(&mut self, opening: Token) -> Outcome<Kind<'t>> {
        if self.within(true, |parser| parser.is_for()) {
            return self.within(true, |parser| parser.for_expression(opening, b'}'));
        }
        let opener = Opener::of_line(self.text, opening);
        let mut entries = Vec::new();
        loop {
            let next = self.peek();
            match next.kind {
                TokenKind::Newline => {
                    self.take(next);
                    continue;
                }
                TokenKind::Sign(b'}', 0)
                    if self.repairs.closes_before(next.start, opening.start) =>
                {
                    self.open.pop();
                    return Ok(Kind::Object(entries));
                }
                TokenKind::Sign(b'}', 0) => {
                    self.take(next);
                    self.compare_indent(&opener, next);
                    return Ok(Kind::Object(entries));
                }
                TokenKind::End => return Err(self.never_closed(opening)),
                _ => entries.push(self.entry(next)?),
            }
            let next = self.peek();
            match next.kind {
                TokenKind::Sign(b',', 0) | TokenKind::Newline => {
                    self.take(next);
                }
                TokenKind::Sign(b'}', 0) => {}
                _ => {
                    let hint = "separate the entries with commas or new lines";
                    return Err(self.element_ends(opening, "`,`, `}` or a new line", hint));
                }
            }
        }
    }

    fn entry(&mut self, first: Token) -> Outcome<(Key<'t>, Expr<'t>)> {
        let behind = token::token(self.text, first.end);
        let plain = first.kind == TokenKind::Word && (behind.is(b'=') || behind.is(b':'));
        let key = if plain {
            self.take(first);
            Key::Name(Name { text: self.cut(first), span: first.span() })
        } else {
            Key::Expr(self.expression()?)
        };
        if !self.eat(b'=') && !self.eat(b':') {
            return Err(self.expected("`=`", "write key = value"));
        }
        Ok((key, self.expression()?))
    }

    fn call(&mut self, name: Token) -> Outcome<Expr<'t>> {
        let opening = self.peek();
        self.take(opening);
        let (arguments, expand) = self.within(true, |parser| {
            let mut arguments = Vec::new();
            loop {
                if parser.eat(b')') {
                    return Ok((arguments, false));
                }
                arguments.push(parser.expression()?);
                let next = parser.peek();
                if next.is(b',') {
                    parser.take(next);
                } else if next.kind == TokenKind::Ellipsis {
                    parser.take(next);
                    parser.closing(opening, b')')?;
                    return Ok((arguments, true));
                } else if !next.is(b')') {
                    let hint = "separate the arguments with commas";
                    return Err(parser.element_ends(opening, "`,` or `)`", hint));
                }
            }
        })?;
        let name = Name { text: self.cut(name), span: name.span() };
        let span = Span { start: name.span.start, end: self.read_to };
        Ok(Expr { kind: Kind::Call(Box::new(Call { name, arguments, expand })), span })
    }

    /// True if `for` and a name follow.
    fn is_for(&self) -> bool {
        let next = self.peek();
        next.kind == TokenKind::Word
            && self.cut(next) == "for"
            && token::token(self.text, next.end).kind == TokenKind::Word
    }

    fn for_expression(&mut self, opening: Token, closing: u8) -> Outcome<Kind<'t>> {
        let word = self.peek();
        self.take(word);
        let each = self.each()?;
        if !self.eat(b':') {
            return Err(self.expected("`:`", "write for name in collection : value"));
        }
        let mut value = self.expression()?;
        let mut key = None;
        if closing == b'}' {
            let arrow = self.peek();
            if arrow.kind != TokenKind::Sign(b'=', b'>') {
                return Err(self.expected("`=>`", "an object needs key => value"));
            }
            self.take(arrow);
            key = Some(std::mem::replace(&mut value, self.expression()?));
        }
        let mut grouping = false;
        let dots = self.peek();
        if dots.kind == TokenKind::Ellipsis && key.is_some() {
            self.take(dots);
            grouping = true;
        }
        let mut condition = None;
        let next = self.peek();
        if next.kind == TokenKind::Word && self.cut(next) == "if" {
            self.take(next);
            condition = Some(self.expression()?);
        }
        self.closing(opening, closing)?;
        Ok(Kind::For(Box::new(For { each, key, value, grouping, condition })))
    }

    /// `name in collection` or `key, value in collection`.
    pub(super) fn each(&mut self) -> Outcome<Each<'t>> {
        let mut value = self.word("a name")?;
        let mut key = None;
        if self.eat(b',') {
            key = Some(value);
            value = self.word("a name")?;
        }
        let next = self.peek();
        if next.kind != TokenKind::Word || self.cut(next) != "in" {
            return Err(self.expected("`in`", "write for name in collection"));
        }
        self.take(next);
        Ok(Each { key, value, collection: self.expression()? })
    }

    fn word(&mut self, what: &str) -> Outcome<&'t str> {
        let next = self.peek();
        if next.kind != TokenKind::Word {
            return Err(self.expected(what, ""));
        }
        self.take(next);
        Ok(self.cut(next))
    }

    /// The steps that follow a value.
    fn steps(&mut self, value: Expr<'t>) -> Outcome<Expr<'t>> {
        let mut steps = Vec::new();
        loop {
            let next = self.peek();
            if next.is(b'.') {
                self.take(next);
                self.attribute_step(&mut steps)?;
            } else if next.is(b'[') {
                self.take(next);
                steps.push(self.within(true, |parser| parser.index_step(next))?);
            } else {
                break;
            }
        }
        if steps.is_empty() {
            return Ok(value);
        }
        let span = Span { start: value.span.start, end: self.read_to };
        Ok(Expr { kind: Kind::Traversal(Box::new(value), steps), span })
    }

    fn attribute_step(&mut self, steps: &mut Vec<Step<'t>>) -> Outcome<()> {
        let next = self.peek();
        match next.kind {
            TokenKind::Word => {
                self.take(next);
                steps.push(Step::Attribute(self.cut(next)));
            }
            TokenKind::Sign(b'*', 0) => {
                self.take(next);
                steps.push(Step::AttributeSplat);
            }
            TokenKind::Number => {
                self.take(next);
                // `.0.1` is cut as the number 0.1, and not allowed either.
                match self.cut(next).parse() {
                    Ok(index) => steps.push(Step::Legacy(index)),
                    Err(_) => return Err(self.fail("syntax", next.span(), "this is no index")),
                }
            }
            _ => return Err(self.expected("a name", "a name or `*` follows the dot")),
        }
        Ok(())
    }

    fn index_step(&mut self, opening: Token) -> Outcome<Step<'t>> {
        let next = self.peek();
        if next.is(b'*') {
            let behind = token::token(self.text, next.end);
            if behind.is(b']') {
                self.take(next);
                self.take(behind);
                return Ok(Step::Splat);
            }
        }
        let index = self.expression()?;
        self.closing(opening, b']')?;
        Ok(Step::Index(index))
    }
}

/// The operator of two operands that a token stands for, with its precedence.
fn operator(token: Token) -> Option<(Operator, u8)> {
    let TokenKind::Sign(first, second) = token.kind else { return None };
    Some(match (first, second) {
        (b'|', b'|') => (Operator::Or, 0),
        (b'&', b'&') => (Operator::And, 1),
        (b'=', b'=') => (Operator::Equal, 2),
        (b'!', b'=') => (Operator::NotEqual, 2),
        (b'<', 0) => (Operator::Less, 3),
        (b'<', b'=') => (Operator::LessEqual, 3),
        (b'>', 0) => (Operator::Greater, 3),
        (b'>', b'=') => (Operator::GreaterEqual, 3),
        (b'+', 0) => (Operator::Plus, 4),
        (b'-', 0) => (Operator::Minus, 4),
        (b'*', 0) => (Operator::Times, 5),
        (b'/', 0) => (Operator::Divide, 5),
        (b'%', 0) => (Operator::Remainder, 5),
        _ => return None,
    })
}
