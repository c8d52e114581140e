//! Evaluates templates: strings and heredocs with `${ … }` and `%{ … }`.

use hcl_edit::template::{
    Directive, Element, ForDirective, HeredocTemplate, IfDirective, Template,
};

use super::eval::Evaluator;
use crate::diagnostic::{Diagnostic, Span};
use crate::jobspec::value::Value;

impl Evaluator<'_> {
    /// A template as a value: a lone `${ … }` keeps its type, everything else is text.
    pub(crate) fn template_value(&mut self, template: &Template, dedent: Option<usize>) -> Value {
        let mut elements = template.iter();
        if let (Some(Element::Interpolation(only)), None) = (elements.next(), elements.next())
            && dedent.is_none()
        {
            return self.expr(&only.expr);
        }
        let mut out = Some(String::new());
        self.template(template, (false, false), &mut out);
        match out {
            Some(text) if !self.spend(text.len() / 32, Span::default()) => Value::Text(text),
            _ => Value::Unknown,
        }
    }

    /// A heredoc; `<<-` takes away the indentation all its lines share.
    pub(crate) fn heredoc(&mut self, heredoc: &HeredocTemplate, flush: bool) -> Value {
        if flush && heredoc.indent().is_none() {
            let mut dedented = heredoc.clone();
            dedented.dedent();
            return self.template_value(&dedented.template, Some(0));
        }
        self.template_value(&heredoc.template, Some(0))
    }

    /// Appends a template's text; `None` once a part is unknown. `trim` says whether blanks at its ends go.
    fn template(&mut self, template: &Template, trim: (bool, bool), out: &mut Option<String>) {
        let elements: Vec<&Element> = template.iter().collect();
        for (at, element) in elements.iter().enumerate() {
            match element {
                Element::Literal(text) => {
                    let start = if at == 0 { trim.0 } else { strips_after(elements[at - 1]) };
                    let end = elements.get(at + 1).map_or(trim.1, |next| strips_before(next));
                    let mut text = text.value().as_str();
                    if start {
                        text = trim_first_line(text);
                    }
                    if end {
                        text = text.trim_end();
                    }
                    if let Some(out) = out {
                        out.push_str(text);
                    }
                }
                Element::Interpolation(part) => {
                    let span = self.span(&part.expr);
                    let value = self.expr(&part.expr);
                    self.append(&value, span, out);
                }
                Element::Directive(directive) => match &**directive {
                    Directive::If(directive) => self.if_directive(directive, out),
                    Directive::For(directive) => self.for_directive(directive, out),
                },
            }
            if self.spend(1, Span::default()) {
                *out = None;
                return;
            }
        }
    }

    fn append(&mut self, value: &Value, span: Span, out: &mut Option<String>) {
        match (value.to_text(), value) {
            (Some(text), _) => {
                if self.spend(text.len() / 32, span) {
                    *out = None;
                } else if let Some(out) = out {
                    out.push_str(&text);
                }
            }
            (None, Value::Unknown) => *out = None,
            (None, other) => {
                let message = format!("{} cannot be part of a string", other.kind());
                self.fail(Diagnostic::error("wrong-type", span, message));
                *out = None;
            }
        }
    }

    fn if_directive(&mut self, directive: &IfDirective, out: &mut Option<String>) {
        let span = self.span(&directive.if_expr.cond_expr);
        let condition = self.expr(&directive.if_expr.cond_expr);
        let closing = directive.endif_expr.strip.strip_start();
        match (condition.to_bool(), &directive.else_expr) {
            (Some(true), otherwise) => {
                let end =
                    otherwise.as_ref().map_or(closing, |otherwise| otherwise.strip.strip_start());
                self.template(
                    &directive.if_expr.template,
                    (directive.if_expr.strip.strip_end(), end),
                    out,
                );
            }
            (Some(false), Some(otherwise)) => {
                self.template(&otherwise.template, (otherwise.strip.strip_end(), closing), out);
            }
            (Some(false), None) => {}
            (None, _) => {
                if condition != Value::Unknown {
                    let message =
                        format!("a condition must be true or false, not {}", condition.kind());
                    self.fail(Diagnostic::error("wrong-type", span, message));
                }
                *out = None;
            }
        }
    }

    fn for_directive(&mut self, directive: &ForDirective, out: &mut Option<String>) {
        let head = &directive.for_expr;
        let span = self.span(&head.collection_expr);
        let collection = self.expr(&head.collection_expr);
        let Some(pairs) = self.pairs(collection, span) else {
            *out = None;
            return;
        };
        let trim = (head.strip.strip_end(), directive.endfor_expr.strip.strip_start());
        for (key, value) in pairs {
            let depth = self.scope.len();
            if let Some(name) = &head.key_var {
                self.scope.push((name.value().to_string(), key));
            }
            self.scope.push((head.value_var.value().to_string(), value));
            self.template(&head.template, trim, out);
            self.scope.truncate(depth);
            if out.is_none() {
                return;
            }
        }
    }
}

/// Blanks up to and with the first line break: HCL cuts template text into lines and strips only the nearest.
fn trim_first_line(text: &str) -> &str {
    match text.find('\n') {
        Some(end) if text[..end].trim().is_empty() => &text[end + 1..],
        _ => text.trim_start(),
    }
}

fn strips_before(element: &Element) -> bool {
    match element {
        Element::Literal(_) => false,
        Element::Interpolation(part) => part.strip.strip_start(),
        Element::Directive(directive) => match &**directive {
            Directive::If(directive) => directive.if_expr.strip.strip_start(),
            Directive::For(directive) => directive.for_expr.strip.strip_start(),
        },
    }
}

fn strips_after(element: &Element) -> bool {
    match element {
        Element::Literal(_) => false,
        Element::Interpolation(part) => part.strip.strip_end(),
        Element::Directive(directive) => match &**directive {
            Directive::If(directive) => directive.endif_expr.strip.strip_end(),
            Directive::For(directive) => directive.endfor_expr.strip.strip_end(),
        },
    }
}
