//! Evaluates HCL2 expressions over the parser's tree, with the place of every mistake.
//!
//! A reference to something only the node knows (`attr.kernel.name`, `NOMAD_PORT_db`) stays text, as the agent or
//! the task interprets it later. The work is bounded, so that no text can hang the page.

use std::collections::BTreeMap;

use super::exact::{self, Uncountable};
use super::functions::{self, Library};
use super::types::Type;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::jobspec::syntax::{Binary, Expr, Key, Kind, Operator};
use crate::jobspec::value::Value;

/// What one file may cost: evaluated expressions, entries of lists, text in units of 32 bytes, and what is written out.
const MAX_WORK: usize = 400_000;
/// Deeper values are refused: whoever walks through one goes as deep.
const MAX_DEPTH: usize = 200;
/// Brackets and blanks behind a reference that are looked at.
const MAX_BEHIND: usize = 64;
/// Behind so many mistakes nothing similar is looked for: it would take longer than all the rest.
const MAX_SUGGESTIONS: usize = 200;

/// Evaluates expressions of one text.
pub(crate) struct Evaluator<'a> {
    /// What was parsed; references that stay text are cut from here.
    pub(crate) text: &'a str,
    pub(crate) diagnostics: Diagnostics,
    pub(crate) variables: BTreeMap<String, Value>,
    pub(crate) locals: BTreeMap<String, Value>,
    /// `for` variables and the iterators of dynamic blocks, innermost last.
    pub(crate) scope: Vec<(String, Value)>,
    /// False where only constants may stand: every reference is an error.
    pub(crate) references: bool,
    pub(crate) files: functions::Files<'a>,
    /// Absent in a program that has them elsewhere.
    pub(crate) library: Option<&'static Library>,
    /// A function was called without them.
    pub(crate) unfinished: bool,
    pub(crate) work: usize,
}

impl<'a> Evaluator<'a> {
    /// An evaluator that knows no variables yet.
    pub(crate) fn new(
        text: &'a str,
        files: functions::Files<'a>,
        library: Option<&'static Library>,
    ) -> Evaluator<'a> {
        Evaluator {
            text,
            diagnostics: Diagnostics::new(),
            variables: BTreeMap::new(),
            locals: BTreeMap::new(),
            scope: Vec::new(),
            references: true,
            files,
            library,
            unfinished: false,
            work: 0,
        }
    }

    /// Reports a mistake; its value is unknown from then on.
    pub(crate) fn fail(&mut self, diagnostic: Diagnostic) -> Value {
        self.diagnostics.push(diagnostic);
        Value::Unknown
    }

    /// Counts work; true when there was too much of it (reported once).
    pub(crate) fn spend(&mut self, work: usize, span: Span) -> bool {
        let before = self.work;
        self.work = self.work.saturating_add(work);
        if before <= MAX_WORK && self.work > MAX_WORK {
            let problem = Diagnostic::error(
                "too-much-work",
                span,
                "evaluating this file takes too much work",
            )
            .with_hint("shorten the ranges and lists its expressions walk through");
            self.diagnostics.push(problem);
        }
        self.work > MAX_WORK
    }

    /// What may still be spent.
    pub(super) fn left(&self) -> usize {
        MAX_WORK.saturating_sub(self.work)
    }

    /// True while it is worth looking for what was meant.
    pub(super) fn suggests(&self) -> bool {
        self.diagnostics.len() < MAX_SUGGESTIONS
    }

    /// Evaluates an expression.
    pub(crate) fn expr(&mut self, expr: &Expr<'a>) -> Value {
        let span = expr.span;
        if self.spend(1, span) {
            return Value::Unknown;
        }
        match &expr.kind {
            Kind::Literal(value) => {
                if self.spend(size(value), span) {
                    return Value::Unknown;
                }
                value.clone()
            }
            Kind::Json(text, template) => self.json_text(text, template, span),
            Kind::Template(pieces) => self.template(pieces),
            Kind::List(values) => {
                Value::List(values.iter().map(|value| self.expr(value)).collect())
            }
            Kind::Object(entries) => self.object(entries),
            Kind::Name(name) => match self.lookup(name, span) {
                Some(value) => value,
                None => self.runtime(span, name),
            },
            Kind::Wrapped(inner) => self.expr(inner),
            Kind::Negative(operand) => {
                let value = self.expr(operand);
                let result = value.negated();
                result.unwrap_or_else(|| self.operand(operand.span, &value, true))
            }
            Kind::Not(operand) => {
                let value = self.expr(operand);
                let result = value.to_bool().map(|flag| Value::Bool(!flag));
                result.unwrap_or_else(|| self.operand(operand.span, &value, false))
            }
            Kind::Binary(binary) => self.binary(binary),
            Kind::Conditional(parts) => self.conditional(parts),
            Kind::Call(call) => self.call(call, span),
            Kind::Traversal(root, steps) => self.traversal(root, steps, span),
            Kind::For(each) => self.for_expr(each),
            Kind::Broken => Value::Unknown,
        }
    }

    /// A string of HCL's JSON syntax: a template, but plain text where only constants may stand.
    fn json_text(&mut self, text: &'a str, template: &Expr<'a>, span: Span) -> Value {
        if !self.references {
            return Value::from(text);
        }
        let before = self.diagnostics.len();
        let document = std::mem::replace(&mut self.text, text);
        let value = self.expr(template);
        self.text = document;
        // Escapes make places inside a JSON string uncertain: the string as a whole is marked.
        self.diagnostics.iter_mut().skip(before).for_each(|problem| problem.span = Some(span));
        value
    }

    /// Both results are looked at, because they must have a type in common, which the chosen one then takes.
    fn conditional(&mut self, parts: &[Expr<'a>; 3]) -> Value {
        let [condition, then, otherwise] = parts;
        let before = self.diagnostics.len();
        let yes = self.expr(then);
        let yes_told = self.diagnostics.split_off(before);
        let no = self.expr(otherwise);
        let no_told = self.diagnostics.split_off(before);
        let flag = self.condition(condition);
        if self.spend(0, condition.span) {
            self.diagnostics.extend(yes_told.into_iter().chain(no_told));
            return Value::Unknown;
        }
        let (chosen, told) = match flag {
            Some(true) => (&yes, yes_told),
            Some(false) => (&no, no_told),
            None => return Value::Unknown,
        };
        let failed = !told.is_empty();
        self.diagnostics.extend(told);
        let types = match (Type::of(&yes), Type::of(&no)) {
            (Type::Any, other) | (other, Type::Any) => [other.clone(), other],
            both => both.into(),
        };
        let common = Type::common(&[&types[0], &types[1]]);
        let converted = common.map(|common| common.convert(chosen.clone()));
        match converted {
            Some(Ok(value)) => value,
            _ if failed || yes.has_unknown() || no.has_unknown() => chosen.clone(),
            Some(Err(message)) => {
                let place = if flag == Some(true) { then } else { otherwise };
                self.fail(Diagnostic::error("wrong-type", place.span, message))
            }
            None => {
                let span = Span { start: then.span.start, end: otherwise.span.end };
                let message = format!(
                    "both results must be of one type, not {} and {}",
                    types[0].describe(),
                    types[1].describe()
                );
                self.fail(Diagnostic::error("wrong-type", span, message))
            }
        }
    }

    /// True or false; `None` if it is neither, which has been told then.
    pub(super) fn condition(&mut self, expr: &Expr<'a>) -> Option<bool> {
        let value = self.expr(expr);
        let flag = value.to_bool();
        if flag.is_none() && value != Value::Unknown {
            let message = format!("a condition must be true or false, not {}", value.kind());
            self.fail(Diagnostic::error("wrong-type", expr.span, message));
        }
        flag
    }

    /// The text of a place, empty if it lies outside.
    pub(crate) fn cut(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// What a name of the scope stands for.
    pub(super) fn lookup(&mut self, name: &str, span: Span) -> Option<Value> {
        let at = self.scope.iter().rposition(|(known, _)| known == name)?;
        let cost = size(&self.scope[at].1);
        Some(if self.spend(cost, span) { Value::Unknown } else { self.scope[at].1.clone() })
    }

    /// A reference that only the node or the task can resolve: kept as the text the user wrote.
    pub(super) fn runtime(&mut self, span: Span, root: &str) -> Value {
        if !self.references {
            let problem = Diagnostic::error("no-references", span, "only constants may stand here")
                .with_hint("variables, functions and references are not available at this place");
            return self.fail(problem);
        }
        if matches!(root, "var" | "local") {
            let all = Value::Object(self.known(root).clone());
            return if self.spend(size(&all), span) { Value::Unknown } else { all };
        }
        let before = self.text[..span.start].trim_end_matches(' ');
        if before.ends_with("${") {
            let mut text = self.text[before.len() - 2..span.end].to_owned();
            text.push_str(&self.behind(span.end));
            text.push('}');
            return Value::Text(text);
        }
        Value::Text(format!("${{{}}}", self.cut(span)))
    }

    /// What Nomad copies from behind a reference besides its bracket: the blanks before it, and with each further
    /// bracket all that stands before that one once more.
    fn behind(&self, end: usize) -> String {
        let mut copied = String::new();
        let rest = self.text.as_bytes().get(end..).unwrap_or_default();
        for (at, byte) in rest.iter().enumerate().skip(1).take(MAX_BEHIND) {
            match byte {
                b'}' => copied.push_str(self.cut(Span { start: end, end: end + at })),
                b' ' => {}
                _ => break,
            }
        }
        copied
    }

    fn object(&mut self, entries: &[(Key<'a>, Expr<'a>)]) -> Value {
        let mut values = BTreeMap::new();
        let mut known = true;
        for (key, value) in entries {
            let name = match key {
                Key::Name(name) => Some(name.text.to_owned()),
                Key::Expr(Expr { kind: Kind::Traversal(root, _), span })
                    if matches!(root.kind, Kind::Name(_)) =>
                {
                    let message = "this key may be a name with dots or a reference";
                    let problem = Diagnostic::error("ambiguous-key", *span, message);
                    self.fail(problem.with_hint("put it in quotes, or a reference in parentheses"));
                    None
                }
                Key::Expr(expr) => {
                    let key = self.expr(expr);
                    let name = key.to_text();
                    if name.is_none() && key != Value::Unknown {
                        let message = format!("a key must be a string, not {}", key.kind());
                        self.fail(Diagnostic::error("wrong-type", expr.span, message));
                    }
                    name
                }
            };
            let value = self.expr(value);
            known &= name.is_some();
            values.extend(name.map(|name| (name, value)));
        }
        if known { Value::Object(values) } else { Value::Unknown }
    }

    /// Tells that an operand is of the wrong type.
    fn operand(&mut self, span: Span, value: &Value, number: bool) -> Value {
        if *value == Value::Unknown {
            return Value::Unknown;
        }
        let wanted = if number { "a number" } else { "true or false" };
        let runtime = matches!(value, Value::Text(text) if text.contains("${"));
        let mut problem = Diagnostic::error(
            "wrong-type",
            span,
            format!("this operand must be {wanted}, not {}", value.kind()),
        );
        if runtime {
            problem = problem.with_hint(
                "its value is known only on the node, so it cannot be calculated with here",
            );
        }
        self.fail(problem)
    }

    fn binary(&mut self, binary: &Binary<'a>) -> Value {
        let (left, right) = (self.expr(&binary.left), self.expr(&binary.right));
        if left == Value::Unknown || right == Value::Unknown {
            return Value::Unknown;
        }
        let operator = binary.operator;
        match operator {
            Operator::Equal => return Value::Bool(left == right),
            Operator::NotEqual => return Value::Bool(left != right),
            Operator::And | Operator::Or => {
                return match (left.to_bool(), right.to_bool()) {
                    (Some(a), Some(b)) if operator == Operator::And => Value::Bool(a && b),
                    (Some(a), Some(b)) => Value::Bool(a || b),
                    (None, _) => self.operand(binary.left.span, &left, false),
                    (_, None) => self.operand(binary.right.span, &right, false),
                };
            }
            _ => {}
        }
        if left.to_number().is_none() {
            return self.operand(binary.left.span, &left, true);
        }
        if right.to_number().is_none() {
            return self.operand(binary.right.span, &right, true);
        }
        if let (Some(a), Some(b)) = (left.to_int(), right.to_int())
            && let Some(value) = exact::whole(operator, a, b)
        {
            return value;
        }
        let Some(library) = self.library else {
            self.unfinished = true;
            return Value::Unknown;
        };
        let span = Span { start: binary.left.span.start, end: binary.right.span.end };
        if self.spend(exact::WORK, span) {
            return Value::Unknown;
        }
        match (library.calculate)(operator, &left, &right) {
            Ok(value) => value,
            Err(Uncountable::Division) => self.fail(
                Diagnostic::error("division-by-zero", binary.right.span, "division by zero")
                    .with_hint("guard it: b == 0 ? 0 : a / b"),
            ),
            Err(Uncountable::Size) => self.fail(
                Diagnostic::error(
                    "wrong-type",
                    span,
                    "the result is no number that a job can hold",
                )
                .with_hint("calculate with smaller numbers"),
            ),
        }
    }
}

/// What a value costs: its parts, and its text in units of 32 bytes. More than any file has if it is too deep.
pub(crate) fn size(value: &Value) -> usize {
    fn part(value: &Value, depth: usize) -> usize {
        if depth > MAX_DEPTH {
            return MAX_WORK;
        }
        match value {
            Value::Text(text) => 1 + text.len() / 32,
            Value::List(values) => sum(values.iter(), depth),
            Value::Object(values) => sum(values.values(), depth),
            Value::Typed(typed) => part(&typed.parts, depth),
            _ => 1,
        }
    }
    fn sum<'v>(values: impl Iterator<Item = &'v Value>, depth: usize) -> usize {
        values.fold(1, |all, value| all.saturating_add(part(value, depth + 1)))
    }
    part(value, 0)
}
