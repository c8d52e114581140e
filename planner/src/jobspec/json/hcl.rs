//! HCL's JSON syntax as the syntax tree of HCL2: the schema says which keys are blocks, and labels are nested keys.
//!
//! What strings mean is decided where they are evaluated: templates, or plain text where only constants may stand.

use std::collections::BTreeMap;

use super::document::{Kind as NodeKind, Member, Node};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::jobspec::schema::{self, BlockSchema, Field, Label as Labels};
use crate::jobspec::syntax::{self, Attribute, Block, Body, Expr, Item, Key, Kind, Label, Name};
use crate::jobspec::value::Value;

/// Reads a document as a job file, with the blocks beside the job.
pub(crate) fn file<'t>(root: &'t Node, diagnostics: &mut Diagnostics) -> Body<'t> {
    let mut reader = Reader { diagnostics };
    reader.body(root, Some(&schema::FILE))
}

/// Reads a document as a file of values for variables.
pub(crate) fn values<'t>(root: &'t Node, diagnostics: &mut Diagnostics) -> Body<'t> {
    let mut reader = Reader { diagnostics };
    reader.body(root, None)
}

struct Reader<'a> {
    diagnostics: &'a mut Diagnostics,
}

/// A block under way: its type, and the labels so far.
struct Head<'t> {
    name: Name<'t>,
    labels: Vec<(&'t str, Span)>,
}

fn name(member: &Member) -> Name<'_> {
    Name { text: &member.key, span: member.span }
}

impl Reader<'_> {
    fn tell(&mut self, code: &str, span: Span, message: String) {
        self.diagnostics.push(Diagnostic::error(code, span, message));
    }

    /// The inside of a block: an object, or several of them in a list. Without a schema all keys are attributes.
    fn body<'t>(&mut self, node: &'t Node, schema: Option<&'static BlockSchema>) -> Body<'t> {
        let mut body = Body::default();
        let mut seen = BTreeMap::new();
        match &node.kind {
            NodeKind::Object(members) => self.members(members, schema, &mut seen, &mut body),
            NodeKind::List(nodes) => {
                for node in nodes {
                    match node.members() {
                        Some(members) => self.members(members, schema, &mut seen, &mut body),
                        None => self.no_object(node),
                    }
                }
            }
            NodeKind::Scalar(Value::Null) => {}
            NodeKind::Scalar(_) => self.no_object(node),
        }
        body
    }

    fn no_object(&mut self, node: &Node) {
        let message = format!("an object must stand here, not {}", node.value().kind());
        self.tell("wrong-type", node.span, message);
    }

    fn members<'t>(
        &mut self,
        members: &'t [Member],
        schema: Option<&'static BlockSchema>,
        seen: &mut BTreeMap<&'t str, Span>,
        body: &mut Body<'t>,
    ) {
        // A key "//" is a comment.
        for member in members.iter().filter(|member| member.key != "//") {
            let field = schema.and_then(|schema| schema.field(&member.key));
            let head = || Head { name: name(member), labels: Vec::new() };
            match (schema, field) {
                (Some(schema), None) if member.key == "dynamic" => {
                    self.blocks(head(), &member.value, 1, body, &mut |reader, head, node| {
                        reader.dynamic(head, node, schema)
                    });
                }
                // What may be an attribute is one here: a list of objects is no map.
                (_, Some(field))
                    if match member.value.kind {
                        NodeKind::Object(_) => field.is_block(),
                        NodeKind::List(_) => !field.is_attribute(),
                        NodeKind::Scalar(_) => false,
                    } =>
                {
                    let inner = field.nested();
                    let count = label_count(field);
                    self.blocks(head(), &member.value, count, body, &mut |reader, _, node| {
                        reader.body(node, inner)
                    });
                }
                (_, Some(field))
                    if field.is_block()
                        && matches!(member.value.kind, NodeKind::Scalar(Value::Null)) => {}
                _ => {
                    if seen.insert(&member.key, member.span).is_some() {
                        let message = format!("{} is already set in this block", member.key);
                        self.tell("duplicate-attribute", member.span, message);
                    }
                    let value = self.expr(&member.value);
                    body.items.push(Item::Attribute(Attribute { name: name(member), value }));
                }
            }
        }
    }

    /// One block, or several in a list; labels first.
    fn blocks<'t>(
        &mut self,
        head: Head<'t>,
        node: &'t Node,
        labels: usize,
        body: &mut Body<'t>,
        read: &mut dyn FnMut(&mut Self, &Head<'t>, &'t Node) -> Body<'t>,
    ) {
        match &node.kind {
            NodeKind::List(nodes) => {
                for node in nodes {
                    let head = Head { name: head.name, labels: head.labels.clone() };
                    self.blocks(head, node, labels, body, read);
                }
            }
            NodeKind::Scalar(Value::Null) => {}
            NodeKind::Scalar(_) => self.no_object(node),
            NodeKind::Object(members) if labels > 0 => {
                if members.is_empty() {
                    let message = format!("{} needs a name", head.name.text);
                    self.tell("missing-label", node.span, message);
                }
                for member in members {
                    let mut labelled = head.labels.clone();
                    labelled.push((&member.key, member.span));
                    let head = Head { name: head.name, labels: labelled };
                    self.blocks(head, &member.value, labels - 1, body, read);
                }
            }
            NodeKind::Object(_) => {
                let inside = read(self, &head, node);
                let labels = head.labels.into_iter();
                body.items.push(Item::Block(Block {
                    name: head.name,
                    labels: labels
                        .map(|(text, span)| Label { text: text.to_owned(), span })
                        .collect(),
                    inside: node.span,
                    body: inside,
                }));
            }
        }
    }

    /// The inside of a dynamic block: what its content may hold depends on its label.
    fn dynamic<'t>(
        &mut self,
        head: &Head<'t>,
        node: &'t Node,
        around: &'static BlockSchema,
    ) -> Body<'t> {
        let mut body = Body::default();
        let kind = head.labels.first().map_or("", |(text, _)| *text);
        let content = around.field(kind).and_then(Field::nested);
        for member in node.members().unwrap_or_default() {
            if member.key == "content" {
                let head = Head { name: name(member), labels: Vec::new() };
                self.blocks(head, &member.value, 0, &mut body, &mut |reader, _, node| {
                    reader.body(node, content)
                });
            } else if member.key != "//" {
                let value = self.expr(&member.value);
                body.items.push(Item::Attribute(Attribute { name: name(member), value }));
            }
        }
        body
    }

    fn expr<'t>(&mut self, node: &'t Node) -> Expr<'t> {
        let kind = match &node.kind {
            NodeKind::Scalar(Value::Text(text)) => {
                Kind::Json(text, Box::new(self.template(text, node.span)))
            }
            // JSON's numbers are whole only if they are written so; HCL's if they are.
            NodeKind::Scalar(Value::Decimal(digits)) => {
                Kind::Literal(Value::decimal(digits).unwrap_or(Value::Null))
            }
            NodeKind::Scalar(value) => Kind::Literal(value.clone()),
            NodeKind::List(nodes) => Kind::List(nodes.iter().map(|node| self.expr(node)).collect()),
            NodeKind::Object(members) => {
                let mut seen = BTreeMap::new();
                let mut entries = Vec::new();
                for member in members {
                    if seen.insert(member.key.as_str(), ()).is_some() {
                        let message = format!("{} is already set in this object", member.key);
                        self.tell("duplicate-attribute", member.span, message);
                    }
                    let key = match member.key.contains("{") {
                        false => Key::Name(name(member)),
                        true => {
                            let template = Box::new(self.template(&member.key, member.span));
                            let kind = Kind::Json(&member.key, template);
                            Key::Expr(Expr { kind, span: member.span })
                        }
                    };
                    entries.push((key, self.expr(&member.value)));
                }
                Kind::Object(entries)
            }
        };
        Expr { kind, span: node.span }
    }

    fn template<'t>(&mut self, text: &'t str, span: Span) -> Expr<'t> {
        if !text.contains("${") && !text.contains("%{") {
            return Expr { kind: Kind::Literal(Value::from(text)), span };
        }
        syntax::parse_template(text).unwrap_or_else(|problem| {
            let message = format!("in this template: {}", problem.message);
            self.diagnostics.push(Diagnostic { span: Some(span), message, ..problem });
            Expr { kind: Kind::Broken, span }
        })
    }
}

fn label_count(field: &Field) -> usize {
    match (field.nested().map(|schema| schema.label), field.kind) {
        (Some(Labels::One(_)), _) => 1,
        (Some(Labels::Optional), schema::Kind::Blocks(_)) => 1,
        _ => 0,
    }
}
