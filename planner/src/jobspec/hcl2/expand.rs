//! Turns the parser's blocks into the tree: attributes are evaluated, dynamic blocks written out.

use super::eval::Evaluator;
use crate::diagnostic::Diagnostic;
use crate::jobspec::schema::{self, BlockSchema, Label};
use crate::jobspec::suggest;
use crate::jobspec::syntax::{self, Attribute, Block, Body, Item, Kind};
use crate::jobspec::tree;
use crate::jobspec::value::Value;

/// What an entry of the tree costs: it takes much more room than a value.
const ENTRY: usize = 4;

/// A block with its body evaluated. `schema` is absent inside free-form blocks, where nothing is expanded.
pub(super) fn block<'t>(
    evaluator: &mut Evaluator<'t>,
    block: &Block<'t>,
    schema: Option<&'static BlockSchema>,
) -> tree::Block {
    let label = |label: &syntax::Label| tree::Label { text: label.text.clone(), span: label.span };
    tree::Block {
        name: block.name.text.to_owned(),
        name_span: block.name.span,
        labels: block.labels.iter().map(label).collect(),
        body: body(evaluator, &block.body, schema),
        assigned: false,
    }
}

fn body<'t>(
    evaluator: &mut Evaluator<'t>,
    body: &Body<'t>,
    schema: Option<&'static BlockSchema>,
) -> tree::Body {
    let mut out = tree::Body { broken: body.broken, ..tree::Body::default() };
    for item in &body.items {
        let span = match item {
            Item::Attribute(attribute) => {
                let value = evaluator.expr(&attribute.value);
                if schema.is_none() && value.is_keyless() {
                    let message = "Nomad keeps only the values of this map, as a list";
                    let problem =
                        Diagnostic::warning("keys-ignored", attribute.value.span, message);
                    let hint = "write { for k, v in … : k => v }, which is an object";
                    evaluator.diagnostics.push(problem.with_hint(hint));
                }
                let value = value.bare();
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
                    // Where strings are no templates, nothing is expanded either.
                    Some(schema) if inner.name.text == "dynamic" && evaluator.references => {
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
        if evaluator.spend(ENTRY, span) {
            break;
        }
    }
    out
}

fn nested(schema: Option<&'static BlockSchema>, name: &str) -> Option<&'static BlockSchema> {
    schema?.field(name)?.nested()
}

/// A dynamic block, taken apart.
struct Spec<'s, 't> {
    kind: &'s syntax::Label,
    for_each: &'s Attribute<'t>,
    iterator: &'s str,
    labels: Option<&'s Attribute<'t>>,
    content: &'s Block<'t>,
}

/// `dynamic "type" { for_each, iterator, labels, content }`.
fn dynamic<'t>(
    evaluator: &mut Evaluator<'t>,
    written: &Block<'t>,
    schema: &'static BlockSchema,
    out: &mut tree::Body,
) {
    let Some(spec) = spec(evaluator, written, schema) else { return };
    let collection = evaluator.expr(&spec.for_each.value);
    let Some(pairs) = evaluator.pairs(collection, spec.for_each.value.span) else { return };
    let told = evaluator.diagnostics.len();
    for (key, value) in pairs {
        let each = Value::Object([("key".to_owned(), key), ("value".to_owned(), value)].into());
        evaluator.scope.push((spec.iterator.to_owned(), each));
        let labels = match spec.labels {
            Some(written) => labels(evaluator, written),
            None => Some(Vec::new()),
        };
        if let Some(labels) = labels {
            out.items.push(tree::Item::Block(tree::Block {
                name: spec.kind.text.clone(),
                name_span: spec.kind.span,
                labels,
                body: body(evaluator, &spec.content.body, nested(Some(schema), &spec.kind.text)),
                assigned: false,
            }));
        }
        evaluator.scope.pop();
        // One mistake is made in every round; it is told once.
        if evaluator.diagnostics.len() > told || evaluator.spend(ENTRY, spec.kind.span) {
            return;
        }
    }
}

/// What a dynamic block says, if it says all that it must.
fn spec<'s, 't>(
    evaluator: &mut Evaluator<'t>,
    written: &'s Block<'t>,
    schema: &'static BlockSchema,
) -> Option<Spec<'s, 't>> {
    let span = written.name.span;
    let told = evaluator.diagnostics.len();
    let [kind] = written.labels.as_slice() else {
        let message = "a dynamic block needs the type of its blocks as label";
        let problem = Diagnostic::error("missing-label", span, message);
        evaluator.fail(problem.with_hint("write dynamic \"group\" { … }"));
        return None;
    };
    let field = schema.field(&kind.text).filter(|field| field.is_block());
    if field.is_none() {
        let message = format!("{} has no block {}", schema.name, kind.text);
        let mut problem = Diagnostic::error("unknown-block", kind.span, message);
        let blocks = schema.fields.iter().filter(|field| field.is_block()).map(|field| field.name);
        problem.hint =
            suggest::nearest(&kind.text, blocks).map(|near| format!("did you mean {near}?"));
        evaluator.fail(problem);
    }
    let labelled =
        field.and_then(|field| field.nested()).is_none_or(|inner| inner.label != Label::None);
    for item in &written.body.items {
        let (name, block) = match item {
            Item::Attribute(attribute) => (attribute.name, false),
            Item::Block(block) => (block.name, true),
        };
        let known = schema::DYNAMIC.field(name.text);
        if known.is_none_or(|known| known.is_block() != block) {
            let what = if block { "block" } else { "attribute" };
            let code = if block { "unknown-block" } else { "unknown-attribute" };
            let message = format!("a dynamic block has no {what} {}", name.text);
            let problem = Diagnostic::error(code, name.span, message);
            evaluator.fail(problem.with_hint("what each block holds stands in content { … }"));
        } else if name.text == "labels" && !labelled {
            let message = format!("{} takes no label", kind.text);
            evaluator.fail(Diagnostic::error("extra-label", name.span, message));
        }
    }
    let for_each = written.body.attribute("for_each");
    if for_each.is_none() {
        let message = "a dynamic block needs for_each";
        evaluator.fail(Diagnostic::error("missing-attribute", span, message));
    }
    let mut contents = written.body.blocks("content");
    let content = contents.next();
    if content.is_none() {
        let message = "a dynamic block needs a content block";
        let problem = Diagnostic::error("missing-block", span, message);
        evaluator.fail(problem.with_hint("write content { … } with what each block holds"));
    }
    if let Some(second) = contents.next() {
        let message = "a dynamic block has only one content block";
        evaluator.fail(Diagnostic::error("duplicate-block", second.name.span, message));
    }
    if let Some(label) = content.and_then(|content| content.labels.first()) {
        evaluator.fail(Diagnostic::error("extra-label", label.span, "content takes no label"));
    }
    let iterator = written.body.attribute("iterator").map(|attribute| &attribute.value);
    let iterator = match iterator.map(|value| (&value.kind, value.span)) {
        None => kind.text.as_str(),
        Some((Kind::Name(name) | Kind::Json(name, _), _)) => name,
        Some((Kind::Broken, _)) => return None,
        Some((_, span)) => {
            let message = "iterator must be a single name";
            evaluator.fail(Diagnostic::error("wrong-type", span, message));
            return None;
        }
    };
    let spec = Spec {
        kind,
        for_each: for_each?,
        iterator,
        labels: written.body.attribute("labels"),
        content: content?,
    };
    (evaluator.diagnostics.len() == told).then_some(spec)
}

fn labels<'t>(
    evaluator: &mut Evaluator<'t>,
    attribute: &Attribute<'t>,
) -> Option<Vec<tree::Label>> {
    let span = attribute.value.span;
    let values = match evaluator.expr(&attribute.value).parts() {
        Value::List(values) => values,
        Value::Unknown => return None,
        _ => {
            let message = "labels must be a list of strings";
            evaluator.fail(Diagnostic::error("wrong-type", span, message));
            return None;
        }
    };
    let mut labels = Vec::new();
    for value in values {
        match value.to_text() {
            Some(text) => labels.push(tree::Label { text, span }),
            None => {
                if value != Value::Unknown {
                    let message = "labels must be strings";
                    evaluator.fail(Diagnostic::error("wrong-type", span, message));
                }
                return None;
            }
        }
    }
    Some(labels)
}
