//! Turns the parser's blocks into the tree: attributes are evaluated, dynamic blocks written out.

use super::eval::Evaluator;
use crate::diagnostic::Diagnostic;
use crate::jobspec::schema::BlockSchema;
use crate::jobspec::syntax::{Block, Body, Item, Kind};
use crate::jobspec::tree;
use crate::jobspec::value::Value;

/// A block with its body evaluated. `schema` is absent inside free-form blocks, where nothing is expanded.
pub(super) fn block(
    evaluator: &mut Evaluator<'_>,
    block: &Block<'_>,
    schema: Option<&'static BlockSchema>,
) -> tree::Block {
    let label = |label: &crate::jobspec::syntax::Label| tree::Label {
        text: label.text.clone(),
        span: label.span,
    };
    tree::Block {
        name: block.name.text.to_owned(),
        name_span: block.name.span,
        labels: block.labels.iter().map(label).collect(),
        body: body(evaluator, &block.body, schema),
        assigned: false,
    }
}

fn body(
    evaluator: &mut Evaluator<'_>,
    body: &Body<'_>,
    schema: Option<&'static BlockSchema>,
) -> tree::Body {
    let mut out = tree::Body::default();
    for item in &body.items {
        let span = match item {
            Item::Attribute(attribute) => {
                let value = evaluator.expr(&attribute.value);
                out.items.push(tree::Item::Attribute(tree::Attribute {
                    name: attribute.name.text.to_owned(),
                    name_span: attribute.name.span,
                    value,
                    value_span: attribute.value.span,
                    literal: matches!(attribute.value.kind, Kind::Object(_)),
                }));
                attribute.name.span
            }
            Item::Block(inner) => {
                match schema {
                    Some(schema) if inner.name.text == "dynamic" => {
                        dynamic(evaluator, inner, schema, &mut out);
                    }
                    _ => {
                        let inner = block(evaluator, inner, nested(schema, inner.name.text));
                        out.items.push(tree::Item::Block(inner));
                    }
                }
                inner.name.span
            }
        };
        if evaluator.spend(1, span) {
            break;
        }
    }
    out
}

fn nested(schema: Option<&'static BlockSchema>, name: &str) -> Option<&'static BlockSchema> {
    schema?.field(name)?.nested()
}

/// `dynamic "type" { for_each, iterator, labels, content }`.
fn dynamic(
    evaluator: &mut Evaluator<'_>,
    written: &Block<'_>,
    schema: &'static BlockSchema,
    out: &mut tree::Body,
) {
    let span = written.name.span;
    let [kind] = written.labels.as_slice() else {
        let problem = Diagnostic::error(
            "missing-label",
            span,
            "a dynamic block needs the type of its blocks as label",
        );
        evaluator.fail(problem.with_hint("write dynamic \"group\" { … }"));
        return;
    };
    let Some(for_each) = written.body.attribute("for_each") else {
        evaluator.fail(Diagnostic::error(
            "missing-attribute",
            span,
            "a dynamic block needs for_each",
        ));
        return;
    };
    let Some(content) = written.body.blocks("content").next() else {
        let problem =
            Diagnostic::error("missing-block", span, "a dynamic block needs a content block");
        evaluator.fail(problem.with_hint("write content { … } with what each block holds"));
        return;
    };
    let iterator = match written.body.attribute("iterator").map(|attribute| &attribute.value) {
        None => kind.text.clone(),
        Some(name) => match name.kind {
            Kind::Name(name) => name.to_owned(),
            Kind::Broken => return,
            _ => {
                let message = "iterator must be a single name";
                evaluator.fail(Diagnostic::error("wrong-type", name.span, message));
                return;
            }
        },
    };
    let collection = evaluator.expr(&for_each.value);
    let Some(pairs) = evaluator.pairs(collection, for_each.value.span) else { return };
    for (key, value) in pairs {
        let each = Value::Object([("key".to_owned(), key), ("value".to_owned(), value)].into());
        evaluator.scope.push((iterator.clone(), each));
        let labels = labels(evaluator, written);
        let inner = tree::Block {
            name: kind.text.clone(),
            name_span: kind.span,
            labels,
            body: body(evaluator, &content.body, nested(Some(schema), &kind.text)),
            assigned: false,
        };
        evaluator.scope.pop();
        out.items.push(tree::Item::Block(inner));
        if evaluator.spend(1, span) {
            return;
        }
    }
}

fn labels(evaluator: &mut Evaluator<'_>, written: &Block<'_>) -> Vec<tree::Label> {
    let Some(attribute) = written.body.attribute("labels") else { return Vec::new() };
    let span = attribute.value.span;
    match evaluator.expr(&attribute.value) {
        Value::List(values) => values
            .iter()
            .filter_map(|value| {
                let text = value.to_text();
                if text.is_none() && *value != Value::Unknown {
                    evaluator.fail(Diagnostic::error("wrong-type", span, "labels must be strings"));
                }
                Some(tree::Label { text: text?, span })
            })
            .collect(),
        Value::Unknown => Vec::new(),
        _ => {
            evaluator.fail(Diagnostic::error(
                "wrong-type",
                span,
                "labels must be a list of strings",
            ));
            Vec::new()
        }
    }
}
