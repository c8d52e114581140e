//! Findings for a terminal: the line, a caret under the place, the fix below.

use super::{Diagnostic, Severity, Span};

/// Wider lines are shown as a window around the place.
const MAX_COLUMNS: usize = 120;

/// Renders one finding about a text.
///
/// ```text
/// error[unknown-attribute]: group has no attribute cnt
///  --> web.nomad:4:5
///   |
/// 4 |     cnt = 3
///   |     ^^^
///   = help: did you mean count?
/// ```
pub fn render(source: &str, file_name: &str, diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let mut out = format!("{severity}[{}]: {}\n", diagnostic.code, diagnostic.message);
    let margin = match diagnostic.span {
        Some(span) => excerpt(source, file_name, span, &mut out),
        None => {
            out.push_str(&format!(" --> {file_name}\n"));
            1
        }
    };
    if let Some(hint) = &diagnostic.hint {
        out.push_str(&format!("{:margin$} = help: {hint}\n", ""));
    }
    out
}

/// The line and column of a place, counted from one; columns are characters.
pub fn position(source: &str, offset: usize) -> (usize, usize) {
    let before = &source[..floor(source, offset)];
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

/// Writes the line with its marks; gives the width of the margin.
fn excerpt(source: &str, file_name: &str, span: Span, out: &mut String) -> usize {
    let start = floor(source, span.start);
    let (line, column) = position(source, start);
    let line_start = source[..start].rfind('\n').map_or(0, |end| end + 1);
    let line_end = source[start..].find('\n').map_or(source.len(), |end| start + end);
    // Only the first line of a longer place is marked.
    let end = floor(source, span.end).clamp(start, line_end);
    let shown = |text: &str| -> String { text.chars().map(visible).collect() };
    let before: Vec<char> = shown(&source[line_start..start]).chars().collect();
    let marked: Vec<char> = shown(&source[start..end]).chars().take(MAX_COLUMNS).collect();
    let after = shown(source[end..line_end].trim_end());
    let cut = (before.len() + marked.len()).saturating_sub(MAX_COLUMNS).min(before.len());
    let before: String = before[cut..].iter().collect();
    let marked: String = marked.into_iter().collect();
    let room = MAX_COLUMNS.saturating_sub(before.chars().count() + marked.chars().count());
    let short: String = after.chars().take(room).collect();
    let more = if short.len() < after.len() { "…" } else { "" };
    let less = if cut > 0 { "…" } else { "" };
    let number = line.to_string();
    let margin = number.len();
    let indent = " ".repeat(less.chars().count() + before.chars().count());
    let carets = "^".repeat(marked.chars().count().max(1));
    out.push_str(&format!("{:margin$}--> {file_name}:{line}:{column}\n", ""));
    out.push_str(&format!("{:margin$} |\n", ""));
    out.push_str(format!("{number} | {less}{before}{marked}{short}{more}").trim_end());
    out.push_str(&format!("\n{:margin$} | {indent}{carets}\n", ""));
    margin
}

/// One column for each character, so that the caret stands under its place.
fn visible(letter: char) -> char {
    match letter {
        '\t' => ' ',
        letter if letter.is_control() => '\u{fffd}',
        letter => letter,
    }
}

/// The nearest character boundary at or before a place.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
