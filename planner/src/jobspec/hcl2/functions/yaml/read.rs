//! A YAML document to a value: blocks by their indentation, anchors and merge keys.
//!
//! How texts are written is not known here, nor what they stand for.

use std::collections::BTreeMap;

use super::scalar;
use crate::jobspec::hcl2::eval::size;
use crate::jobspec::hcl2::functions::{Arguments, Mistake};
use crate::jobspec::value::Value;

/// Deeper nesting is refused.
const MAX_DEPTH: usize = 60;

pub(super) type Outcome<T> = Result<T, Mistake>;

/// Reads the only document of a text.
pub(super) fn document(text: &str, arguments: &mut Arguments) -> Outcome<Value> {
    arguments.afford_text(text.len())?;
    let text = text.replace("\r\n", "\n");
    let anchors = BTreeMap::new();
    let mut reader = Reader { text: &text, at: 0, depth: 0, anchors, arguments };
    reader.skip();
    while reader.rest().starts_with('%') {
        reader.end_line();
        reader.skip();
    }
    if reader.marker("---") {
        reader.at += 3;
    }
    let value = reader.below(None)?;
    reader.skip();
    if reader.marker("...") {
        reader.at += 3;
        reader.skip();
    }
    match reader.rest() {
        "" => Ok(value),
        _ => Err(reader.wrong("nothing more may follow here")),
    }
}

pub(super) struct Reader<'t, 'a> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    depth: usize,
    anchors: BTreeMap<String, Value>,
    pub(super) arguments: &'a mut Arguments,
}

/// What stands before a value.
#[derive(Default)]
pub(super) struct Properties {
    pub(super) tag: String,
    anchor: Option<String>,
}

impl Reader<'_, '_> {
    pub(super) fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn wrong(&self, message: &str) -> Mistake {
        let line = self.text[..self.at.min(self.text.len())].matches('\n').count() + 1;
        Mistake::at(0, format!("this is no YAML: {message} (line {line})"))
    }

    fn line_start(&self) -> usize {
        self.text[..self.at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    pub(super) fn column(&self) -> usize {
        self.at - self.line_start()
    }

    /// True for `---` and `...` at the start of a line.
    fn marker(&self, marker: &str) -> bool {
        let behind = self.rest().strip_prefix(marker);
        self.column() == 0
            && behind.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\n', '\t']))
    }

    pub(super) fn ends_document(&self) -> bool {
        self.rest().is_empty() || self.marker("---") || self.marker("...")
    }

    pub(super) fn end_line(&mut self) {
        let rest = self.rest();
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    pub(super) fn spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    /// True where nothing more stands on the line.
    pub(super) fn line_is_over(&self) -> bool {
        let rest = self.rest();
        rest.is_empty() || rest.starts_with('\n') || self.is_comment()
    }

    fn is_comment(&self) -> bool {
        let before = self.text[..self.at].chars().next_back();
        self.rest().starts_with('#') && before.is_none_or(char::is_whitespace)
    }

    /// Skips blanks, comments and empty lines.
    pub(super) fn skip(&mut self) {
        loop {
            self.spaces();
            if self.is_comment() {
                self.end_line();
            }
            if !self.rest().starts_with('\n') {
                return;
            }
            self.at += 1;
        }
    }

    /// True for a sign of the structure, with a blank behind it.
    pub(super) fn sign(&self, sign: char) -> bool {
        let behind = self.rest().strip_prefix(sign);
        behind.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\n', '\t']))
    }

    pub(super) fn word(&mut self) -> String {
        let rest = self.rest();
        let length =
            rest.find(|c: char| c.is_whitespace() || ",[]{}".contains(c)).unwrap_or(rest.len());
        let word = rest[..length].to_owned();
        self.at += length;
        word
    }

    pub(super) fn properties(&mut self, mut known: Properties) -> Properties {
        loop {
            if self.rest().starts_with('&') {
                self.at += 1;
                known.anchor = Some(self.word());
            } else if self.rest().starts_with('!') {
                let tag = self.word();
                known.tag = tag.replace("!<tag:yaml.org,2002:", "!!").replace('>', "");
            } else {
                return known;
            }
            self.spaces();
        }
    }

    pub(super) fn keep(&mut self, properties: Properties, value: Value) -> Outcome<Value> {
        if let Some(name) = properties.anchor {
            self.arguments.afford(size(&value))?;
            self.anchors.insert(name, value.clone());
        }
        Ok(value)
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        if self.depth == MAX_DEPTH {
            return Err(self.wrong("it is nested too deep"));
        }
        self.arguments.afford(1)?;
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// The value of an entry whose collection stands at `column`, from behind its sign: on the same line, or below it.
    fn below(&mut self, column: Option<usize>) -> Outcome<Value> {
        self.nested(column, false)
    }

    fn nested(&mut self, column: Option<usize>, in_object: bool) -> Outcome<Value> {
        self.spaces();
        let mut properties = self.properties(Properties::default());
        let inline = !self.line_is_over();
        if !inline {
            self.skip();
            let here = self.column();
            let fits = match column {
                None => true,
                // A list may stand under its key without indentation.
                Some(column) => here > column || (in_object && here == column && self.sign('-')),
            };
            if self.ends_document() || !fits {
                let empty = self.resolve(&properties.tag, "", false)?;
                return self.keep(properties, empty);
            }
            properties = self.properties(properties);
        }
        let parent = column.map_or(0, |column| column + 1);
        let value = self.deeper(|reader| {
            // Behind a key, its value is no block.
            reader.block(&properties.tag, parent, !(inline && in_object))
        })?;
        self.keep(properties, value)
    }

    /// What begins here; its further lines are indented at least by `least`.
    fn block(&mut self, tag: &str, least: usize, may_be_block: bool) -> Outcome<Value> {
        let column = self.column();
        let line = &self.text[self.line_start()..self.at];
        if line.contains('\t') {
            return Err(self.wrong("lines are indented by blanks, not by tabs"));
        }
        if self.sign('?') {
            return Err(self.wrong("keys are words here"));
        }
        if self.sign('-') {
            return match may_be_block {
                true => self.list(column),
                false => Err(self.wrong("a list begins on a line of its own")),
            };
        }
        if self.rest().starts_with(['|', '>']) {
            let text = self.lines(least)?;
            return self.resolve(tag, &text, false);
        }
        let start = self.at;
        let value = self.single(tag, least, false)?;
        self.spaces();
        if !self.sign(':') {
            return match self.line_is_over() {
                true => Ok(value),
                false => Err(self.wrong("something is too much here")),
            };
        }
        let on_one_line = !self.text[start..self.at].contains('\n');
        if !may_be_block || !on_one_line {
            return Err(self.wrong("an object begins on a line of its own"));
        }
        self.at = start;
        self.object(column)
    }

    fn list(&mut self, column: usize) -> Outcome<Value> {
        let mut values = Vec::new();
        loop {
            self.at += 1;
            values.push(self.nested(Some(column), false)?);
            self.skip();
            if self.ends_document() || self.column() < column {
                return Ok(Value::List(values));
            }
            if self.column() > column {
                return Err(self.wrong("the indentation fits nothing"));
            }
            if !self.sign('-') {
                return Ok(Value::List(values));
            }
        }
    }

    fn object(&mut self, column: usize) -> Outcome<Value> {
        let mut values = BTreeMap::new();
        loop {
            let properties = self.properties(Properties::default());
            let merges = self.rest().starts_with("<<");
            let key = self.single(&properties.tag, usize::MAX, false)?;
            let key = self.key(key)?;
            self.spaces();
            if !self.sign(':') {
                return Err(self.wrong("a colon is expected here"));
            }
            self.at += 1;
            let value = self.nested(Some(column), true)?;
            if merges && key == "<<" {
                self.merge(&mut values, value)?;
            } else {
                values.insert(key, value);
            }
            self.skip();
            if self.ends_document() || self.column() < column {
                return Ok(Value::Object(values));
            }
            if self.column() > column || self.sign('-') {
                return Err(self.wrong("the indentation fits nothing"));
            }
        }
    }

    pub(super) fn key(&self, key: Value) -> Outcome<String> {
        key.to_text().ok_or_else(|| self.wrong("keys are words here"))
    }

    pub(super) fn merge(&self, values: &mut BTreeMap<String, Value>, value: Value) -> Outcome<()> {
        match value {
            Value::Object(more) => values.extend(more),
            Value::List(list) => list.into_iter().try_for_each(|one| match one {
                Value::Object(more) => {
                    values.extend(more);
                    Ok(())
                }
                _ => Err(self.wrong("only objects can be merged")),
            })?,
            _ => return Err(self.wrong("only objects can be merged")),
        }
        Ok(())
    }

    fn resolve(&self, tag: &str, text: &str, quoted: bool) -> Outcome<Value> {
        scalar::resolve(tag, text, quoted).map_err(|message| self.wrong(&message))
    }

    /// A scalar, an alias or a flow collection.
    pub(super) fn single(&mut self, tag: &str, least: usize, in_flow: bool) -> Outcome<Value> {
        match self.rest().chars().next() {
            Some('*') => {
                self.at += 1;
                let name = self.word();
                match self.anchors.get(&name) {
                    Some(value) => {
                        self.arguments.afford(size(value))?;
                        Ok(value.clone())
                    }
                    None => Err(self.wrong("there is no such anchor before")),
                }
            }
            Some('"' | '\'') => {
                let text = self.quoted()?;
                self.resolve(tag, &text, true)
            }
            Some('[') => self.deeper(Self::flow_list),
            Some('{') => self.deeper(Self::flow_object),
            Some(c) if ",]}#|>@`%".contains(c) => Err(self.wrong("a value is expected here")),
            _ => {
                let text = self.plain(least, in_flow);
                self.resolve(tag, &text, false)
            }
        }
    }
}
