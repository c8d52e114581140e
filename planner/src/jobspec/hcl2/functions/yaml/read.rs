//! A YAML document to a value: blocks by their indentation, flow collections, scalars, anchors and merge keys.

use std::collections::BTreeMap;

use super::scalar;
use crate::jobspec::hcl2::eval::size;
use crate::jobspec::hcl2::functions::{Arguments, Mistake};
use crate::jobspec::value::Value;

/// Deeper nesting is refused.
const MAX_DEPTH: usize = 60;

type Outcome<T> = Result<T, Mistake>;

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

struct Reader<'t, 'a> {
    text: &'t str,
    at: usize,
    depth: usize,
    anchors: BTreeMap<String, Value>,
    arguments: &'a mut Arguments,
}

/// What stands before a value.
#[derive(Default)]
struct Properties {
    tag: String,
    anchor: Option<String>,
}

impl Reader<'_, '_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn wrong(&self, message: &str) -> Mistake {
        let line = self.text[..self.at.min(self.text.len())].matches('\n').count() + 1;
        Mistake::at(0, format!("this is no YAML: {message} (line {line})"))
    }

    fn line_start(&self) -> usize {
        self.text[..self.at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    fn column(&self) -> usize {
        self.at - self.line_start()
    }

    /// True for `---` and `...` at the start of a line.
    fn marker(&self, marker: &str) -> bool {
        let behind = self.rest().strip_prefix(marker);
        self.column() == 0
            && behind.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\n', '\t']))
    }

    fn ends_document(&self) -> bool {
        self.rest().is_empty() || self.marker("---") || self.marker("...")
    }

    fn end_line(&mut self) {
        let rest = self.rest();
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    fn spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    /// True where nothing more stands on the line.
    fn line_is_over(&self) -> bool {
        let rest = self.rest();
        rest.is_empty() || rest.starts_with('\n') || self.is_comment()
    }

    fn is_comment(&self) -> bool {
        let before = self.text[..self.at].chars().next_back();
        self.rest().starts_with('#') && before.is_none_or(char::is_whitespace)
    }

    /// Skips blanks, comments and empty lines.
    fn skip(&mut self) {
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
    fn sign(&self, sign: char) -> bool {
        let behind = self.rest().strip_prefix(sign);
        behind.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\n', '\t']))
    }

    fn word(&mut self) -> String {
        let rest = self.rest();
        let length =
            rest.find(|c: char| c.is_whitespace() || ",[]{}".contains(c)).unwrap_or(rest.len());
        let word = rest[..length].to_owned();
        self.at += length;
        word
    }

    fn properties(&mut self, mut known: Properties) -> Properties {
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

    fn keep(&mut self, properties: Properties, value: Value) -> Outcome<Value> {
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

    fn key(&self, key: Value) -> Outcome<String> {
        key.to_text().ok_or_else(|| self.wrong("keys are words here"))
    }

    fn merge(&self, values: &mut BTreeMap<String, Value>, value: Value) -> Outcome<()> {
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
    fn single(&mut self, tag: &str, least: usize, in_flow: bool) -> Outcome<Value> {
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

    /// A word without quotes; its further lines are indented at least by `least`.
    fn plain(&mut self, least: usize, in_flow: bool) -> String {
        let mut text = self.plain_line(in_flow);
        loop {
            let before = self.at;
            self.spaces();
            if self.sign(':') || !self.rest().starts_with('\n') {
                self.at = before;
                return text;
            }
            let from = self.at;
            self.skip();
            let breaks = self.text[from..self.at].matches('\n').count();
            let comment = self.text[from..self.at].contains('#');
            let goes_on = if in_flow { true } else { self.column() >= least };
            if comment || !goes_on || self.ends_document() || self.rest().starts_with('#') {
                self.at = before;
                return text;
            }
            let line = self.plain_line(in_flow);
            let behind = self.at;
            self.spaces();
            if line.is_empty() || (self.sign(':') && !in_flow) {
                // The next entry.
                self.at = before;
                return text;
            }
            self.at = behind;
            match breaks {
                1 => text.push(' '),
                more => text.extend(std::iter::repeat_n('\n', more - 1)),
            }
            text.push_str(&line);
        }
    }

    fn plain_line(&mut self, in_flow: bool) -> String {
        let rest = self.rest();
        let mut end = rest.len();
        let mut before = ' ';
        for (at, letter) in rest.char_indices() {
            let next = rest[at + letter.len_utf8()..].chars().next();
            let stops = match letter {
                '\n' => true,
                '#' => before.is_whitespace(),
                ':' => next
                    .is_none_or(|next| next.is_whitespace() || (in_flow && ",[]{}".contains(next))),
                ',' | '[' | ']' | '{' | '}' => in_flow,
                _ => false,
            };
            if stops {
                end = at;
                break;
            }
            before = letter;
        }
        let text = rest[..end].trim_end().to_owned();
        self.at += text.len();
        text
    }

    fn quoted(&mut self) -> Outcome<String> {
        let quote = self.rest().chars().next().unwrap_or('"');
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(letter) = rest.chars().next() else {
                return Err(self.wrong("a quote is never closed"));
            };
            self.at += letter.len_utf8();
            match letter {
                '\'' if quote == '\'' && rest[1..].starts_with('\'') => {
                    self.at += 1;
                    text.push('\'');
                }
                letter if letter == quote => return Ok(text),
                '\n' => {
                    text.truncate(text.trim_end_matches([' ', '\t']).len());
                    self.fold(&mut text);
                }
                '\\' if quote == '"' => self.escape(&mut text)?,
                letter => text.push(letter),
            }
        }
    }

    /// One break between lines is a blank, more of them are one less.
    fn fold(&mut self, text: &mut String) {
        let mut breaks = 1;
        loop {
            self.spaces();
            if !self.rest().starts_with('\n') {
                break;
            }
            self.at += 1;
            breaks += 1;
        }
        match breaks {
            1 => text.push(' '),
            more => text.extend(std::iter::repeat_n('\n', more - 1)),
        }
    }

    fn escape(&mut self, text: &mut String) -> Outcome<()> {
        let Some(letter) = self.rest().chars().next() else {
            return Err(self.wrong("a quote is never closed"));
        };
        self.at += letter.len_utf8();
        let digits = match letter {
            '\n' => {
                self.spaces();
                return Ok(());
            }
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => {
                let short = match letter {
                    '0' => '\0',
                    'a' => '\u{7}',
                    'b' => '\u{8}',
                    't' | '\t' => '\t',
                    'n' => '\n',
                    'v' => '\u{b}',
                    'f' => '\u{c}',
                    'r' => '\r',
                    'e' => '\u{1b}',
                    ' ' | '"' | '\'' | '/' | '\\' => letter,
                    'N' => '\u{85}',
                    '_' => '\u{a0}',
                    'L' => '\u{2028}',
                    'P' => '\u{2029}',
                    _ => return Err(self.wrong("there is no such escape")),
                };
                text.push(short);
                return Ok(());
            }
        };
        let code = self.rest().get(..digits).and_then(|code| u32::from_str_radix(code, 16).ok());
        match code.and_then(char::from_u32) {
            Some(letter) => {
                self.at += digits;
                text.push(letter);
                Ok(())
            }
            None => Err(self.wrong("there is no such character")),
        }
    }

    /// `|` or `>` and the lines below, which are indented at least by `least`.
    fn lines(&mut self, least: usize) -> Outcome<String> {
        let folded = self.rest().starts_with('>');
        self.at += 1;
        let head = self.word();
        let keep = head.contains('+');
        let strip = head.contains('-');
        let given = head.chars().find_map(|c| c.to_digit(10)).map(|digit| digit as usize);
        if !head.chars().all(|c| "+-123456789".contains(c)) {
            return Err(self.wrong("this is no way to begin lines of text"));
        }
        self.spaces();
        if !self.line_is_over() {
            return Err(self.wrong("the lines of a text begin on the next line"));
        }
        self.end_line();
        self.at = (self.at + 1).min(self.text.len());
        let mut indent = given.map(|given| least.saturating_sub(1) + given);
        let mut lines: Vec<&str> = Vec::new();
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
            let blank = line.trim_start_matches(' ').is_empty();
            let margin = line.len() - line.trim_start_matches(' ').len();
            if !blank && (margin < indent.unwrap_or(least) || self.ends_document()) {
                break;
            }
            if !blank {
                indent.get_or_insert(margin);
            }
            lines.push(line);
            self.at = (self.at + line.len() + 1).min(self.text.len());
        }
        // The line that ended them is read on from its start.
        let indent = indent.unwrap_or(least);
        let lines: Vec<&str> = lines.iter().map(|line| line.get(indent..).unwrap_or("")).collect();
        let mut text = if folded { fold_lines(&lines) } else { lines.join("\n") + "\n" };
        if lines.iter().all(|line| line.is_empty()) && !keep {
            text.clear();
        }
        if !keep {
            text.truncate(text.trim_end_matches('\n').len());
            if !strip && !text.is_empty() {
                text.push('\n');
            }
        }
        // What follows is looked for from the end of the last line.
        if self.at > 0 && self.at < self.text.len() {
            self.at -= 1;
        }
        Ok(text)
    }

    fn flow_list(&mut self) -> Outcome<Value> {
        self.at += 1;
        let mut values = Vec::new();
        loop {
            self.skip();
            if self.flow_ends(']')? {
                return Ok(Value::List(values));
            }
            let value = self.flow_value()?;
            self.skip();
            if self.rest().starts_with(':') {
                // A single pair.
                self.at += 1;
                let key = self.key(value)?;
                self.skip();
                let value = self.flow_or_nothing(']')?;
                values.push(Value::Object([(key, value)].into()));
            } else {
                values.push(value);
            }
            self.flow_comma(']')?;
        }
    }

    fn flow_object(&mut self) -> Outcome<Value> {
        self.at += 1;
        let mut values = BTreeMap::new();
        loop {
            self.skip();
            if self.flow_ends('}')? {
                return Ok(Value::Object(values));
            }
            let merges = self.rest().starts_with("<<");
            let key = self.flow_value()?;
            let key = self.key(key)?;
            self.skip();
            let value = match self.rest().starts_with(':') {
                true => {
                    self.at += 1;
                    self.skip();
                    self.flow_or_nothing('}')?
                }
                false => Value::Null,
            };
            if merges && key == "<<" {
                self.merge(&mut values, value)?;
            } else {
                values.insert(key, value);
            }
            self.flow_comma('}')?;
        }
    }

    fn flow_ends(&mut self, closing: char) -> Outcome<bool> {
        if self.rest().is_empty() {
            return Err(self.wrong("a bracket is never closed"));
        }
        let ends = self.rest().starts_with(closing);
        self.at += usize::from(ends);
        Ok(ends)
    }

    fn flow_comma(&mut self, closing: char) -> Outcome<()> {
        self.skip();
        if self.rest().starts_with(',') {
            self.at += 1;
        } else if !self.rest().starts_with(closing) {
            return Err(self.wrong("a comma or the closing bracket is expected here"));
        }
        Ok(())
    }

    fn flow_or_nothing(&mut self, closing: char) -> Outcome<Value> {
        match self.rest().starts_with([',', closing]) {
            true => Ok(Value::Null),
            false => self.flow_value(),
        }
    }

    fn flow_value(&mut self) -> Outcome<Value> {
        let properties = self.properties(Properties::default());
        self.arguments.afford(1)?;
        let value = self.single(&properties.tag, 0, true)?;
        self.keep(properties, value)
    }
}

/// Lines that are not indented further run together.
fn fold_lines(lines: &[&str]) -> String {
    let mut text = String::new();
    let mut breaks = 0;
    let mut before_indented = true;
    for line in lines {
        if line.is_empty() {
            breaks += 1;
            continue;
        }
        let indented = line.starts_with([' ', '\t']);
        if !text.is_empty() {
            let whole = indented || before_indented;
            match (whole, breaks) {
                (true, _) => text.extend(std::iter::repeat_n('\n', breaks + 1)),
                (false, 0) => text.push(' '),
                (false, _) => text.extend(std::iter::repeat_n('\n', breaks)),
            }
        } else {
            text.extend(std::iter::repeat_n('\n', breaks));
        }
        text.push_str(line);
        breaks = 0;
        before_indented = indented;
    }
    text.extend(std::iter::repeat_n('\n', breaks + 1));
    text
}
