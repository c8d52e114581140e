//! Evaluates HCL2 expressions over the parser's tree, with the place of every mistake.
//!
//! A reference to something only the node knows (`attr.kernel.name`, `NOMAD_PORT_db`) stays text, as the agent or
//! the task interprets it later. The work is bounded, so that no text can hang the page.

use std::collections::BTreeMap;

use hcl_edit::expr::{
    BinaryOp, BinaryOperator, Conditional, Expression, ForExpr, FuncCall, ObjectKey, UnaryOp,
    UnaryOperator,
};

use super::functions;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::jobspec::suggest;
use crate::jobspec::value::Value;

/// Evaluated expressions, list entries and text (in units of 32 bytes) that one file may cost.
const MAX_WORK: usize = 400_000;

/// Evaluates expressions of one text.
pub(crate) struct Evaluator<'a> {
    /// What was parsed; references that stay text are cut from here.
    pub(crate) text: &'a str,
    /// Where `text` begins in the file, for templates inside JSON strings.
    pub(crate) base: usize,
    pub(crate) diagnostics: Diagnostics,
    pub(crate) variables: BTreeMap<String, Value>,
    pub(crate) locals: BTreeMap<String, Value>,
    /// `for` variables and the iterators of dynamic blocks, innermost last.
    pub(crate) scope: Vec<(String, Value)>,
    /// False where only constants may stand: every reference is an error.
    pub(crate) references: bool,
    pub(crate) files: functions::Files<'a>,
    pub(crate) work: usize,
}

/// The place of a part of the tree.
pub(crate) fn span_of(part: &impl hcl_edit::Span, base: usize) -> Span {
    part.span().map_or(Span { start: base, end: base }, |range| Span {
        start: base + range.start,
        end: base + range.end,
    })
}

impl<'a> Evaluator<'a> {
    /// An evaluator that knows no variables yet.
    pub(crate) fn new(text: &'a str, files: functions::Files<'a>) -> Evaluator<'a> {
        Evaluator {
            text,
            base: 0,
            diagnostics: Diagnostics::new(),
            variables: BTreeMap::new(),
            locals: BTreeMap::new(),
            scope: Vec::new(),
            references: true,
            files,
            work: 0,
        }
    }

    /// Reports a mistake; its value is unknown from then on.
    pub(crate) fn fail(&mut self, diagnostic: Diagnostic) -> Value {
        self.diagnostics.push(diagnostic);
        Value::Unknown
    }

    /// The place of a part of the tree in the file.
    pub(crate) fn span(&self, part: &impl hcl_edit::Span) -> Span {
        span_of(part, self.base)
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

    /// Evaluates an expression.
    pub(crate) fn expr(&mut self, expr: &Expression) -> Value {
        if self.spend(1, self.span(expr)) {
            return Value::Unknown;
        }
        match expr {
            Expression::Null(_) => Value::Null,
            Expression::Bool(flag) => Value::Bool(*flag.value()),
            Expression::Number(number) => match number.value().as_i64() {
                Some(whole) => Value::Int(whole),
                None => number.value().as_f64().map_or(Value::Unknown, Value::number),
            },
            Expression::String(text) => Value::Text(text.value().clone()),
            Expression::Array(array) => {
                Value::List(array.iter().map(|value| self.expr(value)).collect())
            }
            Expression::Object(object) => self.object(object),
            Expression::StringTemplate(template) => self.template_value(template, None),
            Expression::HeredocTemplate(heredoc) => {
                let flush = self.cut(self.span(expr)).starts_with("<<-");
                self.heredoc(heredoc, flush)
            }
            Expression::Parenthesis(inner) => self.expr(inner.inner()),
            Expression::Variable(name) => {
                let span = self.span(expr);
                match self.lookup(name.value(), span) {
                    Some(value) => value,
                    None => self.runtime(span, name.value()),
                }
            }
            Expression::Conditional(conditional) => self.conditional(conditional),
            Expression::FuncCall(call) => self.call(call, self.span(expr)),
            Expression::Traversal(traversal) => self.traversal(traversal, self.span(expr)),
            Expression::UnaryOp(op) => self.unary(op),
            Expression::BinaryOp(op) => self.binary(op),
            Expression::ForExpr(expr) => self.for_expr(expr),
        }
    }

    /// The text of a place, empty if it lies outside.
    pub(crate) fn cut(&self, span: Span) -> &'a str {
        let start = span.start.saturating_sub(self.base);
        let end = span.end.saturating_sub(self.base);
        self.text.get(start..end).unwrap_or_default()
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
            let problem =
                Diagnostic::error("incomplete-reference", span, format!("{root} needs a name"))
                    .with_hint(format!("write {root}.name"));
            return self.fail(problem);
        }
        let start = span.start - self.base;
        let end = span.end - self.base;
        let before = self.text[..start].trim_end_matches(' ');
        let after = self.text[end..].trim_start_matches(' ');
        if before.ends_with("${") && after.starts_with('}') {
            let open = before.len() - 2;
            let close = self.text.len() - after.len() + 1;
            return Value::from(&self.text[open..close]);
        }
        Value::Text(format!("${{{}}}", self.cut(span)))
    }

    fn object(&mut self, object: &hcl_edit::expr::Object) -> Value {
        let mut values = BTreeMap::new();
        for (key, value) in object.iter() {
            let name = match key {
                ObjectKey::Ident(name) => Some(name.value().to_string()),
                ObjectKey::Expression(Expression::Variable(name)) => Some(name.value().to_string()),
                ObjectKey::Expression(expr) => {
                    let span = self.span(expr);
                    let key = self.expr(expr);
                    let name = key.to_text();
                    if name.is_none() && key != Value::Unknown {
                        self.fail(Diagnostic::error(
                            "wrong-type",
                            span,
                            format!("a key must be a string, not {}", key.kind()),
                        ));
                    }
                    name
                }
            };
            let value = self.expr(value.expr());
            values.extend(name.map(|name| (name, value)));
        }
        Value::Object(values)
    }

    fn conditional(&mut self, conditional: &Conditional) -> Value {
        let span = self.span(&conditional.cond_expr);
        let condition = self.expr(&conditional.cond_expr);
        match condition.to_bool() {
            Some(true) => self.expr(&conditional.true_expr),
            Some(false) => self.expr(&conditional.false_expr),
            None if condition == Value::Unknown => Value::Unknown,
            None => self.fail(Diagnostic::error(
                "wrong-type",
                span,
                format!("a condition must be true or false, not {}", condition.kind()),
            )),
        }
    }

    fn unary(&mut self, op: &UnaryOp) -> Value {
        let span = self.span(&op.expr);
        let value = self.expr(&op.expr);
        let result = match op.operator.value() {
            UnaryOperator::Neg => value.to_number().map(|number| Value::number(-number)),
            UnaryOperator::Not => value.to_bool().map(|flag| Value::Bool(!flag)),
        };
        match result {
            Some(result) => result,
            None if value == Value::Unknown => value,
            None => self.operand(span, &value, matches!(op.operator.value(), UnaryOperator::Neg)),
        }
    }

    fn operand(&mut self, span: Span, value: &Value, number: bool) -> Value {
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

    fn binary(&mut self, op: &BinaryOp) -> Value {
        use BinaryOperator::{
            And, Div, Eq, Greater, GreaterEq, Less, LessEq, Minus, Mod, Mul, NotEq, Or, Plus,
        };
        let (left, right) = (self.expr(&op.lhs_expr), self.expr(&op.rhs_expr));
        if left == Value::Unknown || right == Value::Unknown {
            return Value::Unknown;
        }
        let operator = *op.operator.value();
        match operator {
            Eq => return Value::Bool(left == right),
            NotEq => return Value::Bool(left != right),
            And | Or => {
                let (left_span, right_span) = (self.span(&op.lhs_expr), self.span(&op.rhs_expr));
                return match (left.to_bool(), right.to_bool()) {
                    (Some(a), Some(b)) => {
                        Value::Bool(if operator == And { a && b } else { a || b })
                    }
                    (None, _) => self.operand(left_span, &left, false),
                    (_, None) => self.operand(right_span, &right, false),
                };
            }
            _ => {}
        }
        let Some(a) = left.to_number() else {
            return self.operand(self.span(&op.lhs_expr), &left, true);
        };
        let Some(b) = right.to_number() else {
            return self.operand(self.span(&op.rhs_expr), &right, true);
        };
        let whole = match (left.to_int(), right.to_int(), operator) {
            (Some(a), Some(b), Plus) => a.checked_add(b),
            (Some(a), Some(b), Minus) => a.checked_sub(b),
            (Some(a), Some(b), Mul) => a.checked_mul(b),
            (Some(a), Some(b), Mod) if b != 0 => a.checked_rem(b),
            _ => None,
        };
        if let Some(whole) = whole {
            return Value::Int(whole);
        }
        match operator {
            Plus => Value::number(a + b),
            Minus => Value::number(a - b),
            Mul => Value::number(a * b),
            Div | Mod if b == 0.0 => self.fail(Diagnostic::error(
                "division-by-zero",
                self.span(&op.rhs_expr),
                "division by zero",
            )),
            Div => Value::number(a / b),
            Mod => Value::number(a % b),
            Less => Value::Bool(a < b),
            LessEq => Value::Bool(a <= b),
            Greater => Value::Bool(a > b),
            GreaterEq => Value::Bool(a >= b),
            Eq | NotEq | And | Or => Value::Unknown,
        }
    }

    /// The pairs a `for` walks through: index or key, and value.
    pub(crate) fn pairs(&mut self, value: Value, span: Span) -> Option<Vec<(Value, Value)>> {
        let pairs: Vec<(Value, Value)> = match value {
            Value::List(values) => {
                values.into_iter().zip(0..).map(|(value, n)| (Value::Int(n), value)).collect()
            }
            Value::Object(values) => {
                values.into_iter().map(|(key, value)| (Value::Text(key), value)).collect()
            }
            Value::Unknown => return None,
            other => {
                self.fail(
                    Diagnostic::error(
                        "wrong-type",
                        span,
                        format!("cannot iterate over {}", other.kind()),
                    )
                    .with_hint("give a list or an object"),
                );
                return None;
            }
        };
        if self.spend(pairs.len(), span) { None } else { Some(pairs) }
    }

    fn for_expr(&mut self, expr: &ForExpr) -> Value {
        let span = self.span(&expr.intro.collection_expr);
        let collection = self.expr(&expr.intro.collection_expr);
        let Some(pairs) = self.pairs(collection, span) else { return Value::Unknown };
        let mut list = Vec::new();
        let mut object: BTreeMap<String, Value> = BTreeMap::new();
        for (key, value) in pairs {
            let depth = self.scope.len();
            if let Some(name) = &expr.intro.key_var {
                self.scope.push((name.value().to_string(), key));
            }
            self.scope.push((expr.intro.value_var.value().to_string(), value));
            let keep = match &expr.cond {
                Some(condition) => self.expr(&condition.expr).to_bool().unwrap_or(false),
                None => true,
            };
            if keep {
                let entry_key = expr.key_expr.as_ref().map(|key| self.expr(key));
                let value = self.expr(&expr.value_expr);
                match entry_key.map(|key| key.to_text()) {
                    None => list.push(value),
                    Some(Some(key)) if expr.grouping => match object.get_mut(&key) {
                        Some(Value::List(values)) => values.push(value),
                        _ => {
                            object.insert(key, Value::List(vec![value]));
                        }
                    },
                    Some(Some(key)) => {
                        if object.insert(key.clone(), value).is_some() {
                            let message = format!("two elements have the key {key}");
                            self.fail(
                                Diagnostic::error("duplicate-key", span, message)
                                    .with_hint("write … after the value to group them"),
                            );
                        }
                    }
                    Some(None) => {}
                }
            }
            self.scope.truncate(depth);
            if self.spend(0, span) {
                return Value::Unknown;
            }
        }
        if expr.key_expr.is_some() { Value::Object(object) } else { Value::List(list) }
    }

    fn call(&mut self, call: &FuncCall, span: Span) -> Value {
        let name = call.name.name.value().to_string();
        let name_span = self.span(&call.name.name);
        if !self.references {
            return self.fail(Diagnostic::error(
                "no-references",
                name_span,
                "functions are not available here",
            ));
        }
        if matches!(name.as_str(), "try" | "can") {
            return self.attempt(&name, call, span);
        }
        if name == "convert" && call.args.len() == 2 {
            return self.convert(call);
        }
        let mut values = Vec::new();
        for argument in call.args.iter() {
            values.push((self.expr(argument), self.span(argument)));
        }
        if call.args.expand_final()
            && let Some((last, last_span)) = values.pop()
        {
            match last {
                Value::List(list) => {
                    values.extend(list.into_iter().map(|value| (value, last_span)))
                }
                Value::Unknown => return Value::Unknown,
                _ => {
                    return self.fail(Diagnostic::error(
                        "wrong-type",
                        last_span,
                        "only a list can be expanded",
                    ));
                }
            }
        }
        if !call.name.namespace.is_empty() || !functions::exists(&name) {
            let mut problem = Diagnostic::error(
                "unknown-function",
                name_span,
                format!("there is no function {name}"),
            );
            if let Some(near) = suggest::nearest(&name, functions::names()) {
                problem = problem.with_hint(format!("did you mean {near}?"));
            }
            return self.fail(problem);
        }
        if values.iter().any(|(value, _)| value.has_unknown()) {
            return Value::Unknown;
        }
        let arguments: Vec<Value> = values.iter().map(|(value, _)| value.clone()).collect();
        match functions::call(&name, arguments, &self.files) {
            Ok(value) => {
                if self.spend(size(&value), span) {
                    Value::Unknown
                } else {
                    value
                }
            }
            Err(mistake) => {
                let place = mistake
                    .argument
                    .and_then(|n| values.get(n))
                    .map_or(name_span, |(_, span)| *span);
                let mut problem =
                    Diagnostic::error(mistake.code, place, format!("{name}: {}", mistake.message));
                problem.hint = mistake.hint;
                self.fail(problem)
            }
        }
    }

    /// `try` takes the first argument without a mistake; `can` says whether there is none.
    fn attempt(&mut self, name: &str, call: &FuncCall, span: Span) -> Value {
        for argument in call.args.iter() {
            let before = self.diagnostics.len();
            let value = self.expr(argument);
            let failed = self.diagnostics.len() > before || value.has_unknown();
            if failed && !self.spend(0, span) {
                self.diagnostics.truncate(before);
            }
            match (name, failed) {
                ("can", failed) => return Value::Bool(!failed),
                (_, false) => return value,
                _ => {}
            }
        }
        self.fail(Diagnostic::error(
            "wrong-arguments",
            span,
            format!("{name}: no argument could be evaluated"),
        ))
    }

    fn convert(&mut self, call: &FuncCall) -> Value {
        let (Some(value), Some(wanted)) = (call.args.get(0), call.args.get(1)) else {
            return Value::Unknown;
        };
        let span = self.span(value);
        let value = self.expr(value);
        match super::types::parse(wanted).and_then(|wanted| wanted.convert(value)) {
            Ok(value) => value,
            Err(message) => self.fail(Diagnostic::error("wrong-type", span, message)),
        }
    }
}

/// What a value costs: its parts, and its text in units of 32 bytes.
pub(crate) fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) => 1 + text.len() / 32,
        Value::List(values) => 1 + values.iter().map(size).sum::<usize>(),
        Value::Object(values) => 1 + values.values().map(size).sum::<usize>(),
        _ => 1,
    }
}
