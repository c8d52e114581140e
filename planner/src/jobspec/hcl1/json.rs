//! HCL's JSON syntax as HCL1 reads it: its strings are no templates, and an object that holds nothing but objects is
//! further labels, whatever it is meant to be.

use super::repeated;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::jobspec::json::document::{Kind, Member, Node};
use crate::jobspec::tree::{Attribute, Block, Body, Item, Label};
use crate::jobspec::value::Value;

/// Reads a document as the tree of a job file.
pub(crate) fn tree(root: &Node) -> (Body, Diagnostics) {
    let mut reader = Reader { diagnostics: Diagnostics::new() };
    if root.members().is_none() {
        let message = format!("an object must stand here, not {}", root.value().kind());
        reader.diagnostics.push(Diagnostic::error("wrong-type", root.span, message));
    }
    let body = reader.body(root.members().unwrap_or_default());
    (body, reader.diagnostics)
}

struct Reader {
    diagnostics: Diagnostics,
}

impl Reader {
    fn body(&mut self, members: &[Member]) -> Body {
        let mut body = Body::default();
        for member in members {
            self.entry(&[member], &member.value, &mut body);
        }
        self.diagnostics.extend(repeated::unite(&mut body));
        body
    }

    /// One entry under its keys, or all that its value stands for.
    fn entry(&mut self, keys: &[&Member], node: &Node, body: &mut Body) {
        let is_object = |node: &Node| node.members().is_some();
        match &node.kind {
            Kind::List(nodes) if !nodes.is_empty() && nodes.iter().all(is_object) => {
                nodes.iter().for_each(|node| self.entry(keys, node, body));
            }
            Kind::Object(members)
                if !members.is_empty() && members.iter().all(|member| is_object(&member.value)) =>
            {
                for member in members {
                    self.entry(&[keys, &[member]].concat(), &member.value, body);
                }
            }
            Kind::Object(members) => {
                let label = |key: &&Member| Label { text: key.key.clone(), span: key.span };
                let block = Block {
                    name: keys[0].key.clone(),
                    name_span: keys[0].span,
                    labels: keys[1..].iter().map(label).collect(),
                    body: self.body(members),
                    assigned: true,
                };
                body.items.push(Item::Block(block));
            }
            Kind::Scalar(_) | Kind::List(_) => body.items.push(Item::Attribute(Attribute {
                name: keys[0].key.clone(),
                name_span: keys[0].span,
                value: self.value(node),
                value_span: node.span,
                literal: true,
            })),
        }
    }

    fn value(&mut self, node: &Node) -> Value {
        match &node.kind {
            Kind::Scalar(Value::Null) => Value::from(""),
            Kind::Scalar(value) => value.clone(),
            Kind::Object(members) => repeated::object(&self.body(members)),
            Kind::List(nodes) => {
                Value::List(nodes.iter().filter_map(|node| self.element(node)).collect())
            }
        }
    }

    /// What stands in a list: Nomad reads over bools there, and knows neither null nor lists.
    fn element(&mut self, node: &Node) -> Option<Value> {
        let problem = match &node.kind {
            Kind::Scalar(Value::Bool(flag)) => {
                let message = format!("{flag} is ignored in a list of HCL1");
                Diagnostic::warning("ignored-value", node.span, message)
                    .with_hint(format!("write \"{flag}\""))
            }
            Kind::Scalar(Value::Null) | Kind::List(_) => {
                let message = format!("{} may not stand in a list of HCL1", node.value().kind());
                Diagnostic::error("wrong-type", node.span, message)
            }
            Kind::Scalar(_) | Kind::Object(_) => return Some(self.value(node)),
        };
        self.diagnostics.push(problem);
        None
    }
}
