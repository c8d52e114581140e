//! Changes to a job file that leave the rest of the text as it stands: a value set, a block or an attribute taken out.
//!
//! Whether a change is wise is not known here. What cannot be changed safely is not changed: the answer is `None`.

use super::SpanMap;
use super::syntax::{Block, Body, Item, parse};
use crate::diagnostic::Span;
use crate::record::Record;

/// A stretch of text to replace.
#[derive(Debug, Default, Eq, Record)]
pub struct TextEdit {
    pub span: Span,
    pub text: String,
}

/// A block on the way to a place, the outermost first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Only(&'static str),
    Labeled(&'static str, String),
    Nth(&'static str, usize),
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The attribute gets a value, as the language writes it. A block that is missing is written.
    Set { place: Vec<Step>, name: &'static str, value: String },
    /// The attribute is gone.
    Unset { place: Vec<Step>, name: &'static str },
    /// The block itself is gone.
    Remove { place: Vec<Step> },
}

/// The edits that make the changes. `spans` are those of the parsed text.
pub fn edits(text: &str, spans: &SpanMap, changes: &[Change]) -> Option<Vec<TextEdit>> {
    let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let (body, _) = if is_json { Default::default() } else { parse(text) };
    let job = body.blocks("job").next();
    let edit = |change: &Change| match change {
        Change::Set { place, name, value } => {
            let known = spans.0.get(&format!("{}{name}", path(place))).copied();
            match (known, job) {
                (Some(span), _) => Some(TextEdit { span, text: value.clone() }),
                (None, Some(job)) => insert(text, job, place, name, value),
                (None, None) => None,
            }
        }
        Change::Unset { place, name } => {
            let block = find(job?, place)?;
            let attribute = block.body.attribute(name)?;
            let span = Span { start: attribute.name.span.start, end: attribute.value.span.end };
            Some(TextEdit { span: lines(text, span), text: String::new() })
        }
        Change::Remove { place } => {
            let block = find(job?, place)?;
            let span = Span { start: block.name.span.start, end: block.inside.end + 1 };
            Some(TextEdit { span: lines(text, span), text: String::new() })
        }
    };
    let mut edits: Vec<TextEdit> = changes.iter().map(edit).collect::<Option<_>>()?;
    edits.sort_by_key(|edit| edit.span);
    let apart = edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
    apart.then_some(edits)
}

/// The text with edits made; they stand in order and apart.
pub fn edited(text: &str, edits: &[TextEdit]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut from = 0;
    for edit in edits {
        result.push_str(text.get(from..edit.span.start).unwrap_or_default());
        result.push_str(&edit.text);
        from = edit.span.end;
    }
    result.push_str(text.get(from..).unwrap_or_default());
    result
}

/// The place as the span map names it.
fn path(place: &[Step]) -> String {
    let mut path = String::new();
    for step in place {
        path += &match step {
            Step::Only(kind) => format!("{kind}."),
            Step::Labeled(kind, label) => format!("{kind}.{label}."),
            Step::Nth(kind, number) => format!("{kind}[{number}]."),
        };
    }
    path
}

fn child<'b, 't>(body: &'b Body<'t>, step: &Step) -> Option<&'b Block<'t>> {
    match step {
        Step::Only(kind) => body.blocks(kind).next(),
        Step::Nth(kind, number) => body.blocks(kind).nth(*number),
        Step::Labeled(kind, label) => {
            body.blocks(kind).find(|block| block.labels.first().is_some_and(|l| l.text == *label))
        }
    }
}

fn find<'b, 't>(job: &'b Block<'t>, place: &[Step]) -> Option<&'b Block<'t>> {
    place.iter().try_fold(job, |block, step| child(&block.body, step))
}

/// Writes an attribute into the innermost block that is there, with the blocks that are missing around it.
fn insert(
    text: &str,
    job: &Block<'_>,
    place: &[Step],
    name: &str,
    value: &str,
) -> Option<TextEdit> {
    let mut block = job;
    let mut missing = place;
    while let Some((step, rest)) = missing.split_first() {
        let Some(inner) = child(&block.body, step) else { break };
        (block, missing) = (inner, rest);
    }
    let outer = indentation(text, block.name.span.start);
    let first = block.body.items.first().map(|item| match item {
        Item::Attribute(attribute) => attribute.name.span.start,
        Item::Block(block) => block.name.span.start,
    });
    let inside = text.get(block.inside.start..block.inside.end)?;
    let one_line = !inside.contains('\n');
    let indent = match first {
        Some(first) if !one_line => indentation(text, first).to_owned(),
        _ => format!("{outer}  "),
    };
    let mut lines = format!("{name} = {value}");
    for step in missing.iter().rev() {
        // A block that may stand several times is not made up.
        let Step::Only(kind) = step else { return None };
        lines = format!("{kind} {{\n  {}\n}}", lines.replace('\n', "\n  "));
    }
    let lines = lines.replace('\n', &format!("\n{indent}"));
    if one_line {
        let rest = inside.trim();
        let rest = if rest.is_empty() { String::new() } else { format!("{indent}{rest}\n") };
        let text = format!("\n{indent}{lines}\n{rest}{outer}");
        return Some(TextEdit { span: block.inside, text });
    }
    let at = block.inside.start;
    Some(TextEdit { span: Span { start: at, end: at }, text: format!("\n{indent}{lines}") })
}

/// The blanks before a place, as far as nothing else stands there.
fn indentation(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = &text[start..at];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The whole lines of a stretch, if nothing else stands on them.
fn lines(text: &str, span: Span) -> Span {
    let start = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |newline| span.end + newline + 1);
    let alone = text[start..span.start].trim().is_empty() && text[span.end..end].trim().is_empty();
    if alone { Span { start, end } } else { span }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobspec::ParseOptions;

    const JOB: &str = "job \"a\" {\n  group \"g\" {\n    count = 3\n    task \"t\" {\n      driver = \"docker\"\n\n      \
                       resources { cpu = 5 }\n    }\n    constraint {\n      value = \"x\"\n    }\n    constraint {\n      \
                       value = \"y\"\n    }\n  }\n}\n";

    fn task(more: &[Step]) -> Vec<Step> {
        let mut place =
            vec![Step::Labeled("group", "g".to_owned()), Step::Labeled("task", "t".to_owned())];
        place.extend_from_slice(more);
        place
    }

    fn change(change: Change) -> String {
        let parsed = crate::parse(JOB, &ParseOptions::default());
        let edits = edits(JOB, &parsed.spans, &[change]).expect("it can be changed");
        let result = edited(JOB, &edits);
        let again = crate::parse(&result, &ParseOptions::default());
        assert!(!crate::diagnostic::has_errors(&again.diagnostics), "{result}");
        result
    }

    fn set(place: Vec<Step>, name: &'static str, value: &str) -> String {
        change(Change::Set { place, name, value: value.to_owned() })
    }

    #[test]
    fn a_value_is_replaced_where_it_stands() {
        let place = vec![Step::Labeled("group", "g".to_owned())];
        assert_eq!(set(place, "count", "1"), JOB.replace("count = 3", "count = 1"));
    }

    #[test]
    fn what_is_missing_is_written_in_the_style_of_the_text() {
        let expected = "resources {\n        memory = 64\n        cpu = 5\n      }";
        let made = set(task(&[Step::Only("resources")]), "memory", "64");
        assert_eq!(made, JOB.replace("resources { cpu = 5 }", expected));
        let expected = "group \"g\" {\n    ephemeral_disk {\n      size = 10\n    }\n";
        let made = set(
            vec![Step::Labeled("group", "g".to_owned()), Step::Only("ephemeral_disk")],
            "size",
            "10",
        );
        assert_eq!(made, JOB.replace("group \"g\" {\n", expected));
    }

    #[test]
    fn what_goes_takes_its_lines_along() {
        let place = vec![Step::Labeled("group", "g".to_owned()), Step::Nth("constraint", 1)];
        let made = change(Change::Remove { place });
        assert_eq!(made, JOB.replace("    constraint {\n      value = \"y\"\n    }\n", ""));
        let place = vec![Step::Labeled("group", "g".to_owned())];
        let made = change(Change::Unset { place, name: "count" });
        assert_eq!(made, JOB.replace("    count = 3\n", ""));
    }

    #[test]
    fn a_task_that_is_not_there_is_not_made_up() {
        let parsed = crate::parse(JOB, &ParseOptions::default());
        let place = vec![Step::Labeled("group", "h".to_owned())];
        let change = Change::Set { place, name: "count", value: "1".to_owned() };
        assert_eq!(edits(JOB, &parsed.spans, &[change]), None);
    }
}
