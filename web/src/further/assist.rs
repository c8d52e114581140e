//! Offers and meanings for the editor, in the worker. The editor counts in UTF-16 units, the planner in bytes.

use steppe_planner::jobspec::{Docs, Help, Hover, Named, Offer, ParseOptions, complete, hover};
use steppe_planner::record::{self, Record};
use steppe_planner::snapshot::Snapshot;

use super::ask::About;

/// What may be written, and what it replaces.
#[derive(Debug, Default, Record)]
struct Offers {
    from: usize,
    to: usize,
    offers: Vec<Offer>,
}

/// What stands there, and where it begins and ends.
#[derive(Debug, Default, Record)]
struct Meaning {
    from: usize,
    to: usize,
    title: String,
    facts: Vec<Named>,
    text: String,
    url: Option<String>,
}

/// The editor's text and place.
pub struct Cursor<'a> {
    pub text: &'a str,
    pub at: usize,
    pub options: &'a ParseOptions,
}

/// Answers in the editor's words: JSON, or `null`.
pub fn assist(
    about: About,
    cursor: &Cursor<'_>,
    snapshot: Option<&Snapshot>,
    docs: &str,
) -> String {
    let docs = Docs::parse(docs);
    let known = snapshot.map(Snapshot::known).unwrap_or_default();
    let help = Help { docs: Some(&docs), known: Some(&known), options: Some(cursor.options) };
    let text = cursor.text;
    let at = byte_of(text, cursor.at);
    match about {
        About::Offers => {
            let found = complete(text, at, help);
            let (from, to) = (unit_of(text, found.span.start), unit_of(text, found.span.end));
            record::to_json(&Offers { from, to, offers: found.offers })
        }
        _ => match hover(text, at, help) {
            Some(Hover { span, title, facts, text: said, url }) => {
                let (from, to) = (unit_of(text, span.start), unit_of(text, span.end));
                record::to_json(&Meaning { from, to, title, facts, text: said, url })
            }
            None => "null".to_owned(),
        },
    }
}

/// The byte at which a UTF-16 unit begins.
fn byte_of(text: &str, unit: usize) -> usize {
    let mut units = 0;
    for (byte, letter) in text.char_indices() {
        if units >= unit {
            return byte;
        }
        units += letter.len_utf16();
    }
    text.len()
}

/// The UTF-16 unit that a byte belongs to.
fn unit_of(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < byte).map(|(_, letter)| letter.len_utf16()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_the_editors() {
        let text = "é😀x";
        assert_eq!([0, 1, 3, 4].map(|unit| byte_of(text, unit)), [0, 2, 6, 7]);
        assert_eq!([0, 2, 6, 7].map(|byte| unit_of(text, byte)), [0, 1, 3, 4]);
    }

    #[test]
    fn offers_and_meanings_say_what_they_replace() {
        let text = "# 😀\njob \"a\" {\n  priority";
        let options = ParseOptions::default();
        let units = text.encode_utf16().count();
        let cursor = Cursor { text, at: units, options: &options };
        let offers = assist(About::Offers, &cursor, None, "");
        assert!(
            offers.starts_with(&format!("{{\"from\":{},\"to\":{units},", units - 8)),
            "{offers}"
        );
        let meaning = assist(About::Meaning, &cursor, None, "");
        assert!(meaning.contains("\"title\":\"job.priority\""), "{meaning}");
        assert_eq!(assist(About::Meaning, &Cursor { at: 0, ..cursor }, None, ""), "null");
    }
}
