//! HCL's JSON syntax to the tree: the schema says which keys are blocks, and labels are nested keys.

use super::document::{Kind, Member, Node};
use crate::diagnostic::{Diagnostics, Span};
use crate::jobspec::hcl2;
use crate::jobspec::schema::{self, BlockSchema, Field, Label};
use crate::jobspec::tree::{self, Attribute, Block, Body, Item};
use crate::jobspec::value::Value;

/// Reads a document as a job file. `templates`: strings are templates, as in HCL2.
pub(crate) fn read(root: &Node, templates: bool, diagnostics: &mut Diagnostics) -> Body {
    let mut reader = Reader { templates, diagnostics };
    let mut body = Body::default();
    for member in root.members().unwrap_or_default() {
        if member.key == "job" {
            reader.blocks(member, 1, Some(&schema::JOB), &mut body);
        } else {
            let value = member.value.value();
            body.items.push(attribute(member, value));
        }
    }
    body
}

fn attribute(member: &Member, value: Value) -> Item {
    Item::Attribute(Attribute {
        name: member.key.clone(),
        name_span: member.span,
        value,
        value_span: member.value.span,
        literal: false,
    })
}

struct Reader<'a> {
    templates: bool,
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn body(&mut self, members: &[Member], schema: Option<&'static BlockSchema>) -> Body {
        let mut body = Body::default();
        for member in members {
            // A key "//" is a comment.
            if member.key == "//" {
                continue;
            }
            let field = schema.and_then(|schema| schema.field(&member.key));
            match field {
                Some(field)
                    if field.is_block() && !matches!(member.value.kind, Kind::Scalar(_)) =>
                {
                    self.blocks(member, label_count(field), field.nested(), &mut body);
                }
                _ => {
                    let value = self.value(&member.value);
                    body.items.push(attribute(member, value));
                }
            }
        }
        body
    }

    /// One block, or several in a list; labels first.
    fn blocks(
        &mut self,
        member: &Member,
        labels: usize,
        schema: Option<&'static BlockSchema>,
        body: &mut Body,
    ) {
        let start = Block {
            name: member.key.clone(),
            name_span: member.span,
            labels: Vec::new(),
            body: Body::default(),
            assigned: false,
        };
        self.labelled(&start, &member.value, labels, schema, body);
    }

    fn labelled(
        &mut self,
        start: &Block,
        node: &Node,
        labels: usize,
        schema: Option<&'static BlockSchema>,
        body: &mut Body,
    ) {
        match &node.kind {
            Kind::List(nodes) => {
                for node in nodes {
                    self.labelled(start, node, labels, schema, body);
                }
            }
            Kind::Object(members) if labels > 0 => {
                for member in members {
                    let mut block = start.clone();
                    block.labels.push(tree::Label { text: member.key.clone(), span: member.span });
                    self.labelled(&block, &member.value, labels - 1, schema, body);
                }
            }
            Kind::Object(members) => {
                let mut block = start.clone();
                block.body = self.body(members, schema);
                body.items.push(Item::Block(block));
            }
            Kind::Scalar(value) => {
                body.items.push(Item::Attribute(Attribute {
                    name: start.name.clone(),
                    name_span: start.name_span,
                    value: value.clone(),
                    value_span: node.span,
                    literal: false,
                }));
            }
        }
    }

    fn value(&mut self, node: &Node) -> Value {
        match &node.kind {
            Kind::Scalar(Value::Text(text)) if self.templates => self.text(text, node.span),
            Kind::Scalar(value) => value.clone(),
            Kind::List(nodes) => Value::List(nodes.iter().map(|node| self.value(node)).collect()),
            Kind::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|member| (member.key.clone(), self.value(&member.value)))
                    .collect(),
            ),
        }
    }

    fn text(&mut self, text: &str, span: Span) -> Value {
        hcl2::json_text(text, span, self.diagnostics)
    }
}

fn label_count(field: &Field) -> usize {
    match (field.nested().map(|schema| schema.label), field.kind) {
        (Some(Label::One(_)), _) => 1,
        (Some(Label::Optional), schema::Kind::Blocks(_)) => 1,
        _ => 0,
    }
}
