//! Which part of the job specification the cursor stands in: the blocks around it, and what may stand in each.
//!
//! Blocks come from the parser's tree, which goes on behind mistakes; what the tree has lost (a block with a broken
//! head, an object that HCL1 takes for a block) comes from the tokens. What is offered there is not decided here.

use std::borrow::Cow;

use super::cursor::{self, Cursor, Open, Spot};
use crate::jobspec::scan;
use crate::jobspec::schema::{DYNAMIC, FILE, Field, Kind, driver_config};
use crate::jobspec::syntax::token::{self, TokenKind};
use crate::jobspec::syntax::{self, Block, Body, Item};
use crate::jobspec::value::Value;

/// The file itself.
const ROOT: Around<'static> = Around { fields: FILE.fields, ..Around::UNKNOWN };

/// A block around the cursor.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// As written; empty for the file.
    pub(super) name: &'a str,
    pub(super) label: &'a str,
    /// The schema's own name, where several fields share one.
    pub(super) schema: &'static str,
    /// What may stand in it.
    pub(super) fields: &'static [Field],
    /// Its names are the user's choice.
    pub(super) free: bool,
    /// As far as it could be read.
    pub(super) written: Option<&'a Body<'a>>,
}

/// Where the cursor stands.
pub(super) struct Place<'a> {
    pub(super) text: &'a str,
    pub(super) hcl1: bool,
    /// The whole file.
    pub(super) file: &'a Body<'a>,
    /// The file first.
    pub(super) around: Vec<Around<'a>>,
    pub(super) cursor: Cursor<'a>,
}

impl<'a> Place<'a> {
    /// Finds the cursor's place.
    pub(super) fn find(text: &'a str, file: &'a Body<'a>, offset: usize, hcl1: bool) -> Place<'a> {
        let mut around = vec![Around { written: Some(file), ..ROOT }];
        let mut body = file;
        let mut start = 0;
        while let Some(item) = body.items.iter().rev().find(|item| begins(item) <= offset) {
            start = begins(item);
            let Item::Block(block) = item else { break };
            if offset < block.inside.start {
                break;
            }
            if offset > block.inside.end {
                start = (block.inside.end + 1).min(text.len());
                break;
            }
            let label = block.labels.first().map_or("", |label| label.text.as_str());
            let inner = inside(&around, block.name.text, label);
            around.push(Around { written: Some(&block.body), ..inner });
            body = &block.body;
            start = block.inside.start;
        }
        let cursor = cursor::read(text, start.min(offset), offset, hcl1);
        let mut place = Place { text, hcl1, file, around, cursor };
        place.enter_levels();
        place
    }

    /// Blocks and objects that only the tokens know.
    fn enter_levels(&mut self) {
        let mut name = ("", "");
        for (depth, level) in self.cursor.levels.iter().enumerate() {
            if !matches!(level.open, Open::Body | Open::Object) {
                continue;
            }
            if depth > 0 {
                let inner = inside(&self.around, name.0, name.1);
                self.around.push(inner);
            }
            name = (level.name, level.label);
        }
    }

    /// The innermost block.
    pub(super) fn here(&self) -> Around<'a> {
        self.around.last().copied().unwrap_or(ROOT)
    }

    /// The name of the statement or entry that is being written.
    pub(super) fn name(&self) -> &'a str {
        let braces = |level: &&cursor::Level<'a>| matches!(level.open, Open::Body | Open::Object);
        self.cursor.levels.iter().rev().find(braces).map_or("", |level| level.name)
    }

    /// The field whose value is being written, or whose name stands under the cursor.
    pub(super) fn field(&self, name: &str) -> Option<&'static Field> {
        let fields = self.here().fields;
        fields.iter().find(|field| field.name == name && (field.hcl1 || !self.hcl1))
    }

    /// True if the innermost bracket around the operand is of that kind.
    pub(super) fn is_in(&self, open: Open<'_>) -> bool {
        self.cursor.levels.last().is_some_and(|level| level.open == open)
    }

    /// True in a template, between `${` and `}`.
    pub(super) fn inserted(&self) -> bool {
        self.cursor.levels.iter().any(|level| level.open == Open::Inserted)
    }

    /// What has been typed of the word under the cursor.
    pub(super) fn typed(&self, offset: usize) -> &'a str {
        self.text.get(self.cursor.start..offset).unwrap_or_default()
    }

    /// The names that stand in the innermost block, without the one under the cursor.
    pub(super) fn taken(&self) -> Vec<&'a str> {
        let mut taken = self.cursor.levels.last().map_or(Vec::new(), |level| level.names.clone());
        if self.cursor.spot != Spot::Name {
            taken.pop();
        }
        for item in self.here().written.map_or(&[][..], |body| body.items.as_slice()) {
            let name = name(item);
            if name.span.end < self.cursor.start || name.span.start > self.cursor.end {
                taken.push(name.text);
            }
        }
        taken
    }

    /// The nearest block of that name around the cursor.
    pub(super) fn enclosing(&self, name: &str) -> Option<&Around<'a>> {
        self.around.iter().rev().find(|around| around.name == name)
    }
}

impl<'a> Around<'a> {
    /// A block that nothing is known of.
    pub(super) const UNKNOWN: Around<'static> =
        Around { name: "", label: "", schema: "", fields: &[], free: false, written: None };

    /// The text of an attribute, if it is a constant.
    pub(super) fn constant(&self, name: &str) -> Option<&'a str> {
        match &self.written?.attribute(name)?.value.kind {
            syntax::Kind::Literal(Value::Text(text)) => Some(text),
            _ => None,
        }
    }
}

fn name<'a>(item: &'a Item<'a>) -> &'a syntax::Name<'a> {
    match item {
        Item::Attribute(attribute) => &attribute.name,
        Item::Block(block) => &block.name,
    }
}

fn begins(item: &Item<'_>) -> usize {
    name(item).span.start
}

/// The inside of the block of that name in the innermost of these blocks.
fn inside<'a>(around: &[Around<'a>], name: &'a str, label: &'a str) -> Around<'a> {
    let [.., before, here] = around else {
        let file = around.first().copied().unwrap_or(ROOT);
        return of_field(&file, name, label);
    };
    // What a dynamic block writes is what its label says.
    if here.name == "dynamic" && name == "content" {
        return Around { name: here.label, ..of_field(before, here.label, "") };
    }
    of_field(here, name, label)
}

fn of_field<'a>(here: &Around<'a>, name: &'a str, label: &'a str) -> Around<'a> {
    let unknown = Around { name, label, ..Around::UNKNOWN };
    let Some(field) = here.fields.iter().find(|field| field.name == name) else {
        if name == "dynamic" && !here.fields.is_empty() {
            return Around { schema: "dynamic", fields: DYNAMIC.fields, ..unknown };
        }
        // Below a free-form block everything is free.
        return Around { free: here.free, ..unknown };
    };
    match field.kind {
        Kind::Block(schema) | Kind::Blocks(schema) | Kind::ByLabel(schema) => {
            Around { schema: schema.name, fields: schema.fields, ..unknown }
        }
        Kind::Free if name == "config" => {
            let driver = match here.constant("driver") {
                None if here.name == "sidecar_task" => "docker",
                driver => driver.unwrap_or_default(),
            };
            let fields = config_fields(driver);
            Around { name, label: driver, fields, free: true, ..Around::UNKNOWN }
        }
        Kind::TextMap
        | Kind::TextMapBlock
        | Kind::TextMapAttribute
        | Kind::ListMap
        | Kind::Free => Around { free: true, ..unknown },
        _ => unknown,
    }
}

/// What a driver's `config` may hold. Sentences about its fields stand under the driver's name (`docker.image`); what it
/// does not list is still offered a value.
pub(super) fn config_fields(driver: &str) -> &'static [Field] {
    driver_config(driver).map_or(&[], |config| config.fields)
}

/// The text for the parser: a string under the cursor that is not closed on its line is cut off there, because reading
/// on would take the lines behind it for its inside. Places stay what they are.
pub(super) fn mended(text: &str, offset: usize) -> Cow<'_, str> {
    let before = text.get(..offset).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[offset..].find('\n').map_or(text.len(), |newline| offset + newline);
    let line = &text[start..end];
    // The head of a block: the parser knows what to do.
    if line.trim_end().ends_with('{') {
        return Cow::Borrowed(text);
    }
    let mut at = 0;
    loop {
        let next = token::token(line, at);
        at = match next.kind {
            TokenKind::End | TokenKind::OpenComment => return Cow::Borrowed(text),
            TokenKind::Quote => match scan::string_end(line.as_bytes(), next.start) {
                (end, true) => end,
                _ => {
                    let cut = start + next.start;
                    let value = if end - cut >= 2 { "\"\"" } else { "0" };
                    let blanks = " ".repeat(end - cut - value.len());
                    return Cow::Owned([&text[..cut], value, &blanks, &text[end..]].concat());
                }
            },
            _ => next.end,
        };
    }
}

/// The blocks below these names, from the outside in.
pub(super) fn below<'a>(body: &'a Body<'a>, path: &[&str], found: &mut Vec<&'a Block<'a>>) {
    let Some((first, rest)) = path.split_first() else { return };
    for block in body.blocks(first) {
        if rest.is_empty() {
            found.push(block);
        } else {
            below(&block.body, rest, found);
        }
    }
}
