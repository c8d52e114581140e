//! YAML's texts: words without quotes, with quotes, and lines of their own.

use super::read::{Outcome, Reader};

impl Reader<'_, '_> {
    /// A word without quotes; its further lines are indented at least by `least`.
    pub(super) fn plain(&mut self, least: usize, in_flow: bool) -> String {
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

    pub(super) fn quoted(&mut self) -> Outcome<String> {
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
    pub(super) fn lines(&mut self, least: usize) -> Outcome<String> {
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
