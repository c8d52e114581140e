//! A configuration file as a tree that knows its lines, read by taking entries out of it.
//!
//! What nobody took is left over, and is reported: that is how no setting is silently dropped. Accepts HCL2
//! and the quoted keys of HCL1 (`options { "driver.raw_exec.enable" = "1" }`). Expressions other than
//! plain values are errors: an agent's configuration has no variables.

use std::ops::Range;
use std::path::{Path, PathBuf};
use steppe_planner::Map;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ObjectKey, UnaryOperator};
use hcl_edit::structure::{BlockLabel, Body, Structure};

use super::ConfigError;

/// The text of a file and where its lines start.
struct Source<'a> {
    file: &'a Path,
    text: &'a str,
}

/// A block, or a whole file.
#[derive(Clone, Debug)]
pub(super) struct Section {
    pub(super) file: PathBuf,
    pub(super) line: usize,
    entries: Vec<Entry>,
}

/// One attribute or block in a section.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) labels: Vec<String>,
    pub(super) line: usize,
    value: Value,
}

#[derive(Clone, Debug)]
enum Value {
    Text(String),
    Number(f64),
    Bool(bool),
    /// No setting that this agent honours is a list.
    List,
    Section(Section),
    Null,
}

impl Section {
    /// Reads a file's text.
    pub(super) fn parse(file: &Path, text: &str) -> Result<Section, ConfigError> {
        let source = Source { file, text };
        let body = hcl_edit::parser::parse_body(text).or_else(|first| {
            // HCL1 allows quoted keys; the same text without its quotes keeps every offset. The
            // mistake that stands further down is the real one.
            hcl_edit::parser::parse_body(&unquote_keys(text)).map_err(|second| {
                let error = std::cmp::max_by_key(first, second, |e| e.location().offset());
                let message = format!("{} in `{}`", error.message(), error.line().trim());
                ConfigError::At { file: file.to_owned(), line: error.location().line(), message }
            })
        })?;
        source.section(&body, 1)
    }

    /// Takes a block out; the blocks of one name are merged, as Nomad does.
    pub(super) fn take_section(&mut self, key: &str) -> Result<Option<Section>, ConfigError> {
        let mut found: Option<Section> = None;
        for entry in self.take_all(key) {
            let section = self.as_section(entry)?;
            match &mut found {
                Some(first) => first.entries.extend(section.entries),
                None => found = Some(section),
            }
        }
        Ok(found)
    }

    /// Takes every labelled block of a name: label, line and content.
    pub(super) fn take_labelled(
        &mut self,
        key: &str,
    ) -> Result<Vec<(String, Section)>, ConfigError> {
        let mut found = Vec::new();
        for entry in self.take_all(key) {
            let [label] = entry.labels.as_slice() else {
                return Err(self
                    .error(entry.line, format!("`{key}` needs one name: {key} \"name\" {{ … }}")));
            };
            found.push((label.clone(), self.as_section(entry)?));
        }
        Ok(found)
    }

    pub(super) fn take_text(&mut self, key: &str) -> Result<Option<String>, ConfigError> {
        let Some(entry) = self.take_one(key) else { return Ok(None) };
        match text_of(&entry.value) {
            Some(text) => Ok(Some(text)),
            None => Err(self.error(entry.line, format!("`{key}` must be a string"))),
        }
    }

    pub(super) fn take_int(&mut self, key: &str) -> Result<Option<i64>, ConfigError> {
        let Some(entry) = self.take_one(key) else { return Ok(None) };
        let number = match &entry.value {
            Value::Number(n) if n.fract() == 0.0 && n.abs() < 9e15 => Some(*n as i64),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        number
            .map(Some)
            .ok_or_else(|| self.error(entry.line, format!("`{key}` must be a whole number")))
    }

    pub(super) fn take_bool(&mut self, key: &str) -> Result<Option<bool>, ConfigError> {
        let Some(entry) = self.take_one(key) else { return Ok(None) };
        let flag = match &entry.value {
            Value::Bool(flag) => Some(*flag),
            Value::Text(text) => match text.as_str() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        };
        flag.map(Some)
            .ok_or_else(|| self.error(entry.line, format!("`{key}` must be true or false")))
    }

    /// Takes a map of texts, written as a block or as an object.
    pub(super) fn take_map(&mut self, key: &str) -> Result<Map<String>, ConfigError> {
        let Some(section) = self.take_section(key)? else { return Ok(Map::new()) };
        let mut map = Map::new();
        for entry in section.entries {
            let text = text_of(&entry.value).ok_or_else(|| {
                self.error(entry.line, format!("`{key}.{}` must be a string", entry.key))
            })?;
            map.insert(entry.key, text);
        }
        Ok(map)
    }

    /// The line of a key that is still here.
    pub(super) fn line_of(&self, key: &str) -> usize {
        self.entries.iter().find(|e| e.key == key).map_or(self.line, |e| e.line)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|e| e.key == key)
    }

    /// What nobody took.
    pub(super) fn rest(self) -> impl Iterator<Item = Entry> {
        self.entries.into_iter()
    }

    pub(super) fn error(&self, line: usize, message: String) -> ConfigError {
        ConfigError::At { file: self.file.clone(), line, message }
    }

    fn take_one(&mut self, key: &str) -> Option<Entry> {
        self.take_all(key).pop()
    }

    fn take_all(&mut self, key: &str) -> Vec<Entry> {
        let (taken, left) =
            std::mem::take(&mut self.entries).into_iter().partition(|e| e.key == key);
        self.entries = left;
        taken
    }

    fn as_section(&self, entry: Entry) -> Result<Section, ConfigError> {
        match entry.value {
            Value::Section(section) => Ok(section),
            _ => Err(self.error(entry.line, format!("`{}` must be a block", entry.key))),
        }
    }
}

/// A plain value as the text Nomad would keep in a map.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::List | Value::Section(_) | Value::Null => None,
    }
}

impl Source<'_> {
    fn section(&self, body: &Body, line: usize) -> Result<Section, ConfigError> {
        let mut entries = Vec::new();
        for structure in body {
            entries.push(match structure {
                Structure::Attribute(attribute) => {
                    let at = attribute.key.span();
                    let line = self.line(at.clone());
                    Entry {
                        key: self.key(at, attribute.key.as_str()),
                        labels: Vec::new(),
                        line,
                        value: self.value(&attribute.value, line)?,
                    }
                }
                Structure::Block(block) => {
                    let line = self.line(block.ident.span());
                    let labels = block.labels.iter().map(label_text).collect();
                    let value = Value::Section(self.section(&block.body, line)?);
                    Entry { key: block.ident.as_str().to_owned(), labels, line, value }
                }
            });
        }
        Ok(Section { file: self.file.to_owned(), line, entries })
    }

    fn value(&self, expression: &Expression, line: usize) -> Result<Value, ConfigError> {
        Ok(match expression {
            Expression::Null(_) => Value::Null,
            Expression::Bool(flag) => Value::Bool(*flag.value()),
            Expression::Number(number) => {
                Value::Number(number.value().as_f64().unwrap_or(f64::NAN))
            }
            Expression::String(text) => Value::Text(text.value().clone()),
            Expression::Array(_) => Value::List,
            Expression::Object(object) => {
                let mut entries = Vec::new();
                for (key, value) in object {
                    let line = self.line(key.span()).max(line);
                    let key = self.object_key(key, line)?;
                    let value = self.value(value.expr(), line)?;
                    entries.push(Entry { key, labels: Vec::new(), line, value });
                }
                Value::Section(Section { file: self.file.to_owned(), line, entries })
            }
            Expression::UnaryOp(operation) if *operation.operator.value() == UnaryOperator::Neg => {
                match self.value(&operation.expr, line)? {
                    Value::Number(n) => Value::Number(-n),
                    _ => return Err(self.not_plain(line)),
                }
            }
            Expression::HeredocTemplate(_)
            | Expression::StringTemplate(_)
            | Expression::Parenthesis(_)
            | Expression::Variable(_)
            | Expression::Conditional(_)
            | Expression::FuncCall(_)
            | Expression::Traversal(_)
            | Expression::UnaryOp(_)
            | Expression::BinaryOp(_)
            | Expression::ForExpr(_) => return Err(self.not_plain(line)),
        })
    }

    fn object_key(&self, key: &ObjectKey, line: usize) -> Result<String, ConfigError> {
        match key {
            ObjectKey::Ident(ident) => Ok(self.key(ident.span(), ident.as_str())),
            ObjectKey::Expression(expression) => {
                text_of(&self.value(expression, line)?).ok_or_else(|| self.not_plain(line))
            }
        }
    }

    /// The key as written: `unquote_keys` may have replaced characters of it.
    fn key(&self, span: Option<Range<usize>>, parsed: &str) -> String {
        let written = span.and_then(|s| self.text.get(s)).unwrap_or(parsed);
        written.trim_matches('"').to_owned()
    }

    fn line(&self, span: Option<Range<usize>>) -> usize {
        let start = span.map_or(0, |s| s.start).min(self.text.len());
        1 + self.text.as_bytes()[..start].iter().filter(|b| **b == b'\n').count()
    }

    fn not_plain(&self, line: usize) -> ConfigError {
        ConfigError::At {
            file: self.file.to_owned(),
            line,
            message: "only plain values are possible here: a string, a number, true, false, a list"
                .into(),
        }
    }
}

fn label_text(label: &BlockLabel) -> String {
    match label {
        BlockLabel::Ident(ident) => ident.as_str().to_owned(),
        BlockLabel::String(text) => text.value().clone(),
    }
}

/// Rewrites `"a.b" = …` at the start of a line or block to `_a_b_ = …`: an identifier of the same length.
fn unquote_keys(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let start = line.rfind("{ \"").map_or(0, |brace| brace + 1);
        let indent = start + (line[start..].len() - line[start..].trim_start().len());
        let key = line[indent..].strip_prefix('"').and_then(|rest| rest.split_once('"'));
        match key {
            Some((key, after)) if key.is_ascii() && after.trim_start().starts_with('=') => {
                out.push_str(&line[..indent]);
                out.push('_');
                out.extend(key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }));
                out.push('_');
                out.push_str(after);
            }
            _ => out.push_str(line),
        }
    }
    out
}
