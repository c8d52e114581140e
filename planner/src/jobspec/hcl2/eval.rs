//! Evaluates HCL2 expressions over the parser's tree, with the place of every mistake.
//!
//! A reference to something only the node knows (`attr.kernel.name`, `NOMAD_PORT_db`) stays text, as the agent or
//! the task interprets it later. The work is bounded, so that no text can hang the page.

use std::collections::BTreeMap;

use super::functions;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::jobspec::suggest;
use crate::jobspec::syntax::{Binary, Call, Each, Expr, For, Key, Kind, Operator};
use crate::jobspec::value::Value;

/// Evaluated expressions, list entries and text (in units of 32 bytes) that one file may cost.
const MAX_WORK: usize = 400_000;

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
    pub(crate) work: usize,
}

impl<'a> Evaluator<'a> {
    /// An evaluator that knows no variables yet.
    pub(crate) fn new(text: &'a str, files: functions::Files<'a>) -> Evaluator<'a> {
        Evaluator {
            text,
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
    pub(crate) fn expr(&mut self, expr: &Expr<'_>) -> Value {
        let span = expr.span;
        if self.spend(1, span) {
            return Value::Unknown;
        }
        match &expr.kind {
            Kind::Literal(value) => value.clone(),
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
                let result = value.to_number().map(|number| Value::number(-number));
                result.unwrap_or_else(|| self.operand(operand.span, &value, true))
            }
            Kind::Not(operand) => {
                let value = self.expr(operand);
                let result = value.to_bool().map(|flag| Value::Bool(!flag));
                result.unwrap_or_else(|| self.operand(operand.span, &value, false))
            }
            Kind::Binary(binary) => self.binary(binary),
            Kind::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                match self.condition(condition) {
                    Some(true) => self.expr(then),
                    Some(false) => self.expr(otherwise),
                    None => Value::Unknown,
                }
            }
            Kind::Call(call) => self.call(call, span),
            Kind::Traversal(root, steps) => self.traversal(root, steps, span),
            Kind::For(each) => self.for_expr(each),
            Kind::Broken => Value::Unknown,
        }
    }

    /// True or false; `None` if it is neither, which has been told then.
    pub(super) fn condition(&mut self, expr: &Expr<'_>) -> Option<bool> {
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
            let problem =
                Diagnostic::error("incomplete-reference", span, format!("{root} needs a name"))
                    .with_hint(format!("write {root}.name"));
            return self.fail(problem);
        }
        let before = self.text[..span.start].trim_end_matches(' ');
        let after = self.text[span.end..].trim_start_matches(' ');
        if before.ends_with("${") && after.starts_with('}') {
            let open = before.len() - 2;
            let close = self.text.len() - after.len() + 1;
            return Value::from(&self.text[open..close]);
        }
        Value::Text(format!("${{{}}}", self.cut(span)))
    }

    fn object(&mut self, entries: &[(Key<'_>, Expr<'_>)]) -> Value {
        let mut values = BTreeMap::new();
        for (key, value) in entries {
            let name = match key {
                Key::Name(name) => Some(name.text.to_owned()),
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
            values.extend(name.map(|name| (name, value)));
        }
        Value::Object(values)
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

    fn binary(&mut self, binary: &Binary<'_>) -> Value {
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
        let Some(a) = left.to_number() else {
            return self.operand(binary.left.span, &left, true);
        };
        let Some(b) = right.to_number() else {
            return self.operand(binary.right.span, &right, true);
        };
        let whole = match (left.to_int(), right.to_int(), operator) {
            (Some(a), Some(b), Operator::Plus) => a.checked_add(b),
            (Some(a), Some(b), Operator::Minus) => a.checked_sub(b),
            (Some(a), Some(b), Operator::Times) => a.checked_mul(b),
            (Some(a), Some(b), Operator::Remainder) if b != 0 => a.checked_rem(b),
            _ => None,
        };
        if let Some(whole) = whole {
            return Value::Int(whole);
        }
        match operator {
            Operator::Plus => Value::number(a + b),
            Operator::Minus => Value::number(a - b),
            Operator::Times => Value::number(a * b),
            Operator::Divide | Operator::Remainder if b == 0.0 => self.fail(
                Diagnostic::error("division-by-zero", binary.right.span, "division by zero")
                    .with_hint("guard it: b == 0 ? 0 : a / b"),
            ),
            Operator::Divide => Value::number(a / b),
            Operator::Remainder => Value::number(a % b),
            Operator::Less => Value::Bool(a < b),
            Operator::LessEqual => Value::Bool(a <= b),
            Operator::Greater => Value::Bool(a > b),
            Operator::GreaterEqual => Value::Bool(a >= b),
            Operator::Equal | Operator::NotEqual | Operator::And | Operator::Or => Value::Unknown,
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

    fn for_expr(&mut self, expr: &For<'_>) -> Value {
        let span = expr.each.collection.span;
        let collection = self.expr(&expr.each.collection);
        let Some(pairs) = self.pairs(collection, span) else { return Value::Unknown };
        let mut list = Vec::new();
        let mut object: BTreeMap<String, Value> = BTreeMap::new();
        for (key, value) in pairs {
            let depth = self.scope.len();
            self.enter(&expr.each, key, value);
            let keep = match &expr.condition {
                Some(condition) => self.expr(condition).to_bool().unwrap_or(false),
                None => true,
            };
            if keep {
                let entry_key = expr.key.as_ref().map(|key| self.expr(key));
                let value = self.expr(&expr.value);
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
        if expr.key.is_some() { Value::Object(object) } else { Value::List(list) }
    }

    /// The variables of one round.
    pub(super) fn enter(&mut self, each: &Each<'_>, key: Value, value: Value) {
        self.scope.extend(each.key.map(|name| (name.to_owned(), key)));
        self.scope.push((each.value.to_owned(), value));
    }

    fn call(&mut self, call: &Call<'_>, span: Span) -> Value {
        let (name, name_span) = (call.name.text, call.name.span);
        if !self.references {
            return self.fail(Diagnostic::error(
                "no-references",
                name_span,
                "functions are not available here",
            ));
        }
        if matches!(name, "try" | "can") {
            return self.attempt(name, call, span);
        }
        if name == "convert" && call.arguments.len() == 2 {
            return self.convert(call);
        }
        let mut values = Vec::new();
        for argument in &call.arguments {
            values.push((self.expr(argument), argument.span));
        }
        if call.expand
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
        if !functions::exists(name) {
            let mut problem = Diagnostic::error(
                "unknown-function",
                name_span,
                format!("there is no function {name}"),
            );
            problem = problem.with_hint(match suggest::nearest(name, functions::names()) {
                _ if matches!(name, "toset" | "tolist" | "tomap" | "tostring" | "tonumber") => {
                    format!("remove {name}( ): values convert by themselves")
                }
                Some(near) => format!("did you mean {near}?"),
                None => "write the value itself, or pass it in as a variable".to_owned(),
            });
            return self.fail(problem);
        }
        if values.iter().any(|(value, _)| value.has_unknown()) {
            return Value::Unknown;
        }
        let arguments: Vec<Value> = values.iter().map(|(value, _)| value.clone()).collect();
        match functions::call(name, arguments, &self.files) {
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
    fn attempt(&mut self, name: &str, call: &Call<'_>, span: Span) -> Value {
        for argument in &call.arguments {
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

    fn convert(&mut self, call: &Call<'_>) -> Value {
        let [value, wanted] = call.arguments.as_slice() else { return Value::Unknown };
        let span = value.span;
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
