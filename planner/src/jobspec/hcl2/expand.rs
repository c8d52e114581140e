//! Turns the parser's blocks into the tree: attributes are evaluated, dynamic blocks written out.

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, BlockLabel, Body, Structure};

use super::eval::{Evaluator, span_of};
use crate::diagnostic::{Diagnostic, Span};
use crate::jobspec::schema::BlockSchema;
use crate::jobspec::tree;
use crate::jobspec::value::Value;

/// A block with its body evaluated. `schema` is absent inside free-form blocks, where nothing is expanded.
pub(super) fn block(
    evaluator: &mut Evaluator,
    block: &Block,
    schema: Option<&'static BlockSchema>,
) -> tree::Block {
    tree::Block {
        name: block.ident.value().to_string(),
        name_span: span_of(&block.ident, 0),
        labels: block.labels.iter().map(label).collect(),
        body: body(evaluator, &block.body, schema),
        assigned: false,
    }
}

fn label(label: &BlockLabel) -> tree::Label {
    tree::Label { text: label.as_str().to_owned(), span: span_of(label, 0) }
}

fn body(
    evaluator: &mut Evaluator,
    body: &Body,
    schema: Option<&'static BlockSchema>,
) -> tree::Body {
    let mut out = tree::Body::default();
    for structure in body.iter() {
        match structure {
            Structure::Attribute(attribute) => {
                let value = evaluator.expr(&attribute.value);
                out.items.push(tree::Item::Attribute(tree::Attribute {
                    name: attribute.key.value().to_string(),
                    name_span: span_of(&attribute.key, 0),
                    value,
                    value_span: span_of(&attribute.value, 0),
                    literal: matches!(attribute.value, Expression::Object(_)),
                }));
            }
            Structure::Block(inner) => {
                let name = inner.ident.value().as_str();
                match schema {
                    Some(schema) if name == "dynamic" => {
                        dynamic(evaluator, inner, schema, &mut out)
                    }
                    _ => {
                        let inner = block(evaluator, inner, nested(schema, name));
                        out.items.push(tree::Item::Block(inner));
                    }
                }
            }
        }
        if evaluator.spend(1, span_of(structure, 0)) {
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
    evaluator: &mut Evaluator,
    written: &Block,
    schema: &'static BlockSchema,
    out: &mut tree::Body,
) {
    let span = span_of(&written.ident, 0);
    let [kind] = written.labels.as_slice() else {
        let problem = Diagnostic::error(
            "missing-label",
            span,
            "a dynamic block needs the type of its blocks as label",
        );
        evaluator.fail(problem.with_hint("write dynamic \"group\" { … }"));
        return;
    };
    let Some(for_each) = written.body.get_attribute("for_each") else {
        evaluator.fail(Diagnostic::error(
            "missing-attribute",
            span,
            "a dynamic block needs for_each",
        ));
        return;
    };
    let Some(content) = written.body.get_blocks("content").next() else {
        let problem =
            Diagnostic::error("missing-block", span, "a dynamic block needs a content block");
        evaluator.fail(problem.with_hint("write content { … } with what each block holds"));
        return;
    };
    let iterator = match written.body.get_attribute("iterator").map(|attribute| &attribute.value) {
        Some(Expression::Variable(name)) => name.value().to_string(),
        Some(other) => {
            let span = span_of(other, 0);
            evaluator.fail(Diagnostic::error("wrong-type", span, "iterator must be a single name"));
            return;
        }
        None => kind.as_str().to_owned(),
    };
    let collection = evaluator.expr(&for_each.value);
    let Some(pairs) = evaluator.pairs(collection, span_of(&for_each.value, 0)) else { return };
    for (key, value) in pairs {
        let each = Value::Object([("key".to_owned(), key), ("value".to_owned(), value)].into());
        evaluator.scope.push((iterator.clone(), each));
        let labels = labels(evaluator, written);
        let inner = tree::Block {
            name: kind.as_str().to_owned(),
            name_span: span_of(kind, 0),
            labels,
            body: body(evaluator, &content.body, nested(Some(schema), kind.as_str())),
            assigned: false,
        };
        evaluator.scope.pop();
        out.items.push(tree::Item::Block(inner));
        if evaluator.spend(1, span) {
            return;
        }
    }
}

fn labels(evaluator: &mut Evaluator, written: &Block) -> Vec<tree::Label> {
    let Some(attribute) = written.body.get_attribute("labels") else { return Vec::new() };
    let span: Span = span_of(&attribute.value, 0);
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
