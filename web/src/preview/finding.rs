//! A diagnostic with its place as an editor counts: lines from zero, columns in UTF-16 units.

use steppe_planner::diagnostic::{Diagnostic, Severity};
use steppe_planner::record::Record;

/// One finding in the text.
#[derive(Default, Debug, Eq, Record)]
pub struct Finding {
    pub severity: Severity,
    pub code: String,
    pub message: String,
    pub hint: Option<String>,
    /// False where it concerns the whole text; the numbers then say "its beginning".
    pub placed: bool,
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

impl Finding {
    /// `severity` as a word for style sheets.
    pub fn tone(&self) -> &'static str {
        match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// Turns byte spans into places.
pub fn locate(text: &str, diagnostics: &[Diagnostic]) -> Vec<Finding> {
    let starts: Vec<usize> = line_starts(text);
    diagnostics
        .iter()
        .map(|d| {
            let span = d.span.unwrap_or_default();
            let (line, column) = place(text, &starts, span.start);
            let (end_line, end_column) = place(text, &starts, span.end.max(span.start));
            Finding {
                severity: d.severity,
                code: d.code.clone(),
                message: d.message.clone(),
                hint: d.hint.clone(),
                placed: d.span.is_some(),
                line,
                column,
                end_line,
                end_column,
            }
        })
        .collect()
}

fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (i, &byte) in bytes.iter().enumerate() {
        // `\r\n` is one end of line; a lone `\r` is one too, as in the editor.
        if byte == b'\n' || (byte == b'\r' && bytes.get(i + 1) != Some(&b'\n')) {
            starts.push(i + 1);
        }
    }
    starts
}

fn place(text: &str, starts: &[usize], offset: usize) -> (usize, usize) {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let line = starts.partition_point(|&start| start <= at) - 1;
    let before = &text[starts[line]..at];
    (line, before.trim_end_matches(['\r', '\n']).encode_utf16().count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use steppe_planner::diagnostic::Span;

    fn at(text: &str, start: usize, end: usize) -> (usize, usize, usize, usize) {
        let found = Diagnostic::error("x", Span { start, end }, "m");
        let f = &locate(text, &[found])[0];
        (f.line, f.column, f.end_line, f.end_column)
    }

    #[test]
    fn columns_are_utf16_units() {
        let text = "a = \"数据😀x\"\n";
        let x = text.find('x').expect("there is an x");
        assert_eq!(at(text, x, x + 1), (0, 9, 0, 10));
    }

    #[test]
    fn every_line_ending_counts_once() {
        let text = "a\r\nb\rc\nd";
        assert_eq!(at(text, 3, 4), (1, 0, 1, 1));
        assert_eq!(at(text, 5, 6), (2, 0, 2, 1));
        assert_eq!(at(text, 7, 8), (3, 0, 3, 1));
    }

    #[test]
    fn a_span_beyond_the_text_points_at_its_end() {
        assert_eq!(at("ab\nc", 90, 99), (1, 1, 1, 1));
    }
}
