//! Blocks whose names are free: maps of texts and of lists, and blocks of anything.

use serde_json::{Map, Value as Json};

use super::{Decoder, Dialect, join};
use crate::diagnostic::Diagnostic;
use crate::jobspec::schema::Kind;
use crate::jobspec::tree::{Block, Body, Item};
use crate::jobspec::{convert, older};

impl Decoder {
    pub(super) fn no_labels(&mut self, block: &Block) {
        if let Some(label) = block.labels.first() {
            let message = format!("{} takes no label", block.name);
            self.diagnostics
                .push(Diagnostic::error("extra-label", label.span, message).with_hint("remove it"));
        }
    }

    /// Places of what a free-form block holds, for the checks that come later.
    pub(super) fn remember(&mut self, body: &Body, path: &str) {
        let mut counts = std::collections::BTreeMap::new();
        for item in &body.items {
            match item {
                Item::Attribute(attribute) => {
                    let place = join(path, &attribute.name);
                    self.spans.push((format!("{place}#"), attribute.name_span));
                    self.spans.push((place, attribute.value_span));
                }
                Item::Block(block) => {
                    let place = join(path, &block.name);
                    let count = counts.entry(block.name.as_str()).or_insert(0_usize);
                    let inner = format!("{place}[{count}]");
                    let first = *count == 0;
                    *count += 1;
                    self.remember(&block.body, &inner);
                    self.spans.push((inner, block.name_span));
                    if first {
                        self.spans.push((format!("{place}#"), block.name_span));
                        self.spans.push((place, block.name_span));
                    }
                }
            }
        }
        for item in body.items.iter().filter(|_| self.dialect == Dialect::Hcl2) {
            if let Item::Attribute(attribute) = item
                && counts.contains_key(attribute.name.as_str())
            {
                let message = format!("{} is ignored beside a block of that name", attribute.name);
                let span = attribute.name_span;
                self.diagnostics.push(
                    Diagnostic::warning("ignored-attribute", span, message)
                        .with_hint("keep one of the two"),
                );
            }
        }
    }

    /// `env { A = "x" }`.
    pub(super) fn text_map(&mut self, block: &Block, path: &str) -> Map<String, Json> {
        self.map_of(block, Some(path), Kind::Text, "strings")
    }

    /// `header { Name = ["a", "b"] }`.
    pub(super) fn list_map(&mut self, block: &Block) -> Map<String, Json> {
        self.map_of(block, None, Kind::Texts, "lists of strings")
    }

    /// A block whose names are free, and whose values are of one type.
    fn map_of(
        &mut self,
        block: &Block,
        path: Option<&str>,
        kind: Kind,
        what: &str,
    ) -> Map<String, Json> {
        let mut map = Map::new();
        for item in &block.body.items {
            match item {
                Item::Attribute(attribute) => {
                    if let Some(path) = path {
                        let place = join(path, &attribute.name);
                        self.spans.push((place, attribute.value_span));
                    }
                    // Headers are not converted even by HCL1.
                    let exact = self.hcl1() && matches!(kind, Kind::Texts);
                    let value = match exact && !older::fits(kind, &attribute.value) {
                        true => Err("must be a list of strings".to_owned()),
                        false => convert::typed(kind, (0, 0), &attribute.value, self.dialect),
                    };
                    match value {
                        Ok(value) => map.extend(value.map(|value| (attribute.name.clone(), value))),
                        Err(message) => {
                            let message = format!("{} {message}", attribute.name);
                            let hint = match kind {
                                Kind::Texts => Some(format!("write {} = [\"…\"]", attribute.name)),
                                _ => self
                                    .hints
                                    .map(|hints| (hints.entry)(&attribute.name, &attribute.value)),
                            };
                            let span = attribute.value_span;
                            let problem = Diagnostic::error("wrong-type", span, message);
                            self.diagnostics.push(Diagnostic { hint, ..problem });
                        }
                    }
                }
                Item::Block(inner) => {
                    let message = format!("{} holds only {what}", block.name);
                    let problem = Diagnostic::error("unknown-block", inner.name_span, message);
                    let hint = format!("write {} = …", inner.name);
                    self.diagnostics.push(problem.with_hint(hint));
                }
            }
        }
        map
    }
}

/// Adds entries to an object; later ones win.
pub(super) fn merge(map: &mut Map<String, Json>, json: &str, value: Map<String, Json>) {
    match map.entry(json).or_insert_with(|| Json::Object(Map::new())) {
        Json::Object(all) => all.extend(value),
        other => *other = Json::Object(value),
    }
}

/// The same for lists of text, which HCL1 makes longer.
pub(super) fn append(map: &mut Map<String, Json>, json: &str, value: Map<String, Json>) {
    let all = map.entry(json).or_insert_with(|| Json::Object(Map::new()));
    let Json::Object(all) = all else { return };
    for (name, more) in value {
        match (all.get_mut(&name), more) {
            (Some(Json::Array(before)), Json::Array(more)) => before.extend(more),
            (_, more) => {
                all.insert(name, more);
            }
        }
    }
}
