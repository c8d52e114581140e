//! A value as YAML, in the one form that Nomad writes: strings in double quotes, or as lines where they have several.

use crate::jobspec::value::Value;

/// Longer lines are broken at a blank.
const WIDTH: usize = 80;

/// The whole document.
pub(super) fn document(value: Value) -> String {
    let mut writer = Writer { out: String::new(), open: false };
    match &value.bare() {
        Value::List(values) if !values.is_empty() => writer.list(values, 0, false),
        Value::Object(values) if !values.is_empty() => writer.object(values, 0, false),
        single => {
            writer.scalar(single, 2);
            // Nothing else tells where a bare word ends.
            writer.open |= !matches!(single, Value::Text(_) | Value::List(_) | Value::Object(_));
        }
    }
    if writer.open {
        writer.out.push_str("...\n");
    }
    writer.out
}

struct Writer {
    out: String,
    /// The last text ends with lines that only the end of the document could end.
    open: bool,
}

impl Writer {
    /// Entries at this indentation; the first may stand behind a dash already.
    fn list(&mut self, values: &[Value], indent: usize, behind: bool) {
        for (at, value) in values.iter().enumerate() {
            if at > 0 || !behind {
                self.blanks(indent);
            }
            self.out.push_str("- ");
            match value {
                Value::List(inner) if !inner.is_empty() => self.list(inner, indent + 2, true),
                Value::Object(inner) if !inner.is_empty() => self.object(inner, indent + 2, true),
                single => self.scalar(single, indent + 2),
            }
        }
    }

    fn object(
        &mut self,
        values: &std::collections::BTreeMap<String, Value>,
        indent: usize,
        behind: bool,
    ) {
        for (at, (key, value)) in values.iter().enumerate() {
            if at > 0 || !behind {
                self.blanks(indent);
            }
            self.quoted(key, None);
            self.out.push(':');
            match value {
                // Lists stand under their key without indentation.
                Value::List(inner) if !inner.is_empty() => {
                    self.out.push('\n');
                    self.list(inner, indent, false);
                }
                Value::Object(inner) if !inner.is_empty() => {
                    self.out.push('\n');
                    self.object(inner, indent + 2, false);
                }
                single => {
                    self.out.push(' ');
                    self.scalar(single, indent + 2);
                }
            }
        }
    }

    fn blanks(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
    }

    /// A value without parts, and the end of its line. What it breaks into goes to this indentation.
    fn scalar(&mut self, value: &Value, indent: usize) {
        self.open = false;
        match value {
            Value::Text(text) if text.contains('\n') && has_lines(text) => {
                return self.lines(text, indent);
            }
            Value::Text(text) => self.quoted(text, Some(indent)),
            Value::List(_) => self.out.push_str("[]"),
            Value::Object(_) => self.out.push_str("{}"),
            other => self.out.push_str(&other.to_text().unwrap_or_else(|| "null".to_owned())),
        }
        self.out.push('\n');
    }

    /// `|` and the lines of a text.
    fn lines(&mut self, text: &str, indent: usize) {
        self.out.push('|');
        if text.starts_with([' ', '\n']) {
            self.out.push('2');
        }
        let rest = text.strip_suffix('\n');
        match rest {
            None => self.out.push('-'),
            Some(rest) if rest.is_empty() || rest.ends_with('\n') => {
                self.out.push('+');
                self.open = true;
            }
            Some(_) => {}
        }
        self.out.push('\n');
        for line in rest.unwrap_or(text).split('\n') {
            if !line.is_empty() {
                self.blanks(indent);
            }
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    /// In double quotes; broken into lines of this indentation where they get long.
    fn quoted(&mut self, text: &str, indent: Option<usize>) {
        let line = self.out.rfind('\n').map_or(0, |newline| newline + 1);
        let mut column = self.out[line..].chars().count() + 1;
        self.out.push('"');
        let mut after_space = false;
        for (at, letter) in text.char_indices() {
            let inside = at > 0 && at + 1 < text.len();
            if letter == ' '
                && let Some(indent) = indent.filter(|_| inside && !after_space && column > WIDTH)
            {
                self.out.push('\n');
                self.blanks(indent);
                column = indent;
                if text[at + 1..].starts_with(' ') {
                    self.out.push('\\');
                    column += 1;
                }
                after_space = true;
                continue;
            }
            let before = self.out.len();
            escape(letter, &mut self.out);
            column += self.out[before..].chars().count();
            after_space = letter == ' ';
        }
        self.out.push('"');
    }
}

/// True for a text that may stand as lines: all of it can be seen, and no blank is lost.
fn has_lines(text: &str) -> bool {
    let seen = |letter: char| letter == '\n' || is_printable(letter);
    text.chars().all(seen) && !text.contains(" \n") && !text.ends_with(' ')
}

fn is_printable(letter: char) -> bool {
    matches!(letter, ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && letter != '\u{feff}'
}

fn escape(letter: char, out: &mut String) {
    let short = match letter {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' | '\\' => letter,
        '\u{85}' => 'N',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        letter if is_printable(letter) => return out.push(letter),
        letter => {
            let code = u32::from(letter);
            let escaped = match code {
                0..0x100 => format!("\\x{code:02X}"),
                0x100..0x1_0000 => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            };
            return out.push_str(&escaped);
        }
    };
    out.push('\\');
    out.push(short);
}
