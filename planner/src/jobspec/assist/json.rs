//! The same help for JSON documents: keys by the schema, values as far as they are words.
//!
//! Typed JSON is broken most of the time, so it is not parsed: the keys that lead to the cursor are read from the text
//! before it. Nomad's API documents and HCL's own JSON syntax are told apart by their first key.

use super::cluster;
use super::describe;
use super::offers::{self, Completion, Offer, OfferKind};
use super::place::Around;
use super::{Ask, Hover};
use crate::diagnostic::Span;
use crate::jobspec::schema::{BlockSchema, FILE, Field, JOB, Kind, Label};

/// Deeper nesting is given up.
const MAX_LEVELS: usize = 80;

/// A bracket that is open.
struct Level<'t> {
    object: bool,
    key: &'t str,
    keys: Vec<&'t str>,
    /// A value is expected, not a key.
    value: bool,
}

/// What stands at the cursor.
struct Spot<'t> {
    levels: Vec<Level<'t>>,
    start: usize,
    end: usize,
    quoted: bool,
}

/// What may stand in an object.
#[derive(Clone, Copy)]
enum Inside {
    Schema(&'static BlockSchema),
    /// Labels of blocks of that schema.
    Labels(&'static BlockSchema),
    Unknown,
}

/// What may be written at the cursor.
pub(super) fn complete(text: &str, offset: usize, ask: Ask<'_>) -> Completion {
    let spot = read(text, offset);
    let typed = text.get(spot.start..offset).unwrap_or_default();
    let (around, api) = around(&spot);
    let mut found = Vec::new();
    if let (Some(level), Some(here)) = (spot.levels.last(), around.last()) {
        if level.object && !level.value {
            found = keys(level, &around, api, spot.quoted, ask);
            if spot.levels.len() == 1 && level.keys.is_empty() {
                let offer = Offer::new(OfferKind::Block, "Job", "block", "");
                let whole = offer.clone().written("\"Job\": {${}}".to_owned(), true);
                found.insert(0, if spot.quoted { offer } else { whole });
            }
        } else if let Some(field) = field(here.fields, value_key(&spot), api) {
            found = values(field, &around, spot.quoted, ask);
        }
    }
    offers::fit(&mut found, typed);
    let end = if typed.is_empty() && !spot.quoted { offset } else { spot.end };
    Completion { span: Span { start: spot.start, end }, offers: found }
}

/// What stands at the cursor.
pub(super) fn hover(text: &str, offset: usize, ask: Ask<'_>) -> Option<Hover> {
    let spot = read(text, super::words::end(text, offset));
    let span = Span { start: spot.start, end: spot.end };
    let word = text.get(span.start..span.end).filter(|word| !word.is_empty())?;
    let (around, api) = around(&spot);
    let (level, here) = (spot.levels.last()?, around.last()?);
    if level.object && !level.value {
        let field = field(here.fields, word, api).filter(|_| spot.quoted)?;
        return Some(super::hover::of_field(field, &around, span, ask));
    }
    let field = field(here.fields, value_key(&spot), api)?;
    super::hover::of_value(field, word, spot.quoted, &around, span, ask)
}

/// The key whose value is written, of a list's element the list's.
fn value_key<'t>(spot: &Spot<'t>) -> &'t str {
    spot.levels.iter().rev().find(|level| level.object).map_or("", |level| level.key)
}

fn field(fields: &'static [Field], name: &str, api: bool) -> Option<&'static Field> {
    fields.iter().find(|field| {
        if api {
            !field.json.is_empty() && field.json.eq_ignore_ascii_case(name)
        } else {
            field.name == name
        }
    })
}

fn keys(
    level: &Level<'_>,
    around: &[Around<'_>],
    api: bool,
    quoted: bool,
    ask: Ask<'_>,
) -> Vec<Offer> {
    let mut found = Vec::new();
    let Some(here) = around.last() else { return found };
    for field in here.fields.iter().filter(|field| !api || !field.json.is_empty()) {
        let key = if api { field.json } else { field.name };
        if level.keys.contains(&key) {
            continue;
        }
        let block = field.is_block();
        let doc = describe::doc(ask.docs, around, field.name, block);
        let kind = if block { OfferKind::Block } else { OfferKind::Attribute };
        let offer = Offer::new(kind, key, &describe::detail(field, doc), doc.text);
        found.push(if quoted {
            offer
        } else {
            let value = match field.kind {
                Kind::Blocks(_) if api => "[{${}}]",
                Kind::Text => "\"${}\"",
                Kind::Texts => "[\"${}\"]",
                _ if block => "{${}}",
                _ => "${}",
            };
            offer.written(["\"", key, "\": ", value].concat(), true)
        });
    }
    found
}

fn values(field: &Field, around: &[Around<'_>], quoted: bool, ask: Ask<'_>) -> Vec<Offer> {
    let mut found = Vec::new();
    if matches!(field.kind, Kind::Bool) && !quoted {
        return ["true", "false"].map(|word| Offer::new(OfferKind::Value, word, "", "")).into();
    }
    for (word, detail) in cluster::offered(field.names, None, ask) {
        found.push(Offer::new(OfferKind::Value, &word, &detail, ""));
    }
    for word in field.values {
        let key = [field.name, "=", word].concat();
        let doc = describe::doc(ask.docs, around, &key, true);
        found.push(Offer::new(OfferKind::Value, word, "", doc.text));
    }
    if !quoted {
        let in_quotes = |offer: Offer| {
            let insert = ["\"", &offer.label, "\""].concat();
            offer.written(insert, false)
        };
        found = found.into_iter().map(in_quotes).collect();
    }
    found
}

/// The blocks that the open brackets stand for, and whether they have the names of the API.
fn around<'t>(spot: &Spot<'t>) -> (Vec<Around<'t>>, bool) {
    let begins_with = |name: &str| {
        spot.levels.first().is_some_and(|level| level.keys.first().is_some_and(|key| *key == name))
    };
    let (hcl, wrapped) = (begins_with("job"), begins_with("Job"));
    let file = Around { fields: if hcl { FILE.fields } else { &[] }, ..Around::UNKNOWN };
    let mut around = vec![file];
    let mut inside = if hcl { Inside::Schema(&FILE) } else { Inside::Unknown };
    let mut key = "";
    for (depth, level) in spot.levels.iter().filter(|level| level.object).enumerate() {
        inside = match inside {
            _ if !hcl && depth == usize::from(wrapped) => Inside::Schema(&JOB),
            Inside::Schema(schema) if depth > 0 => below(schema, key, !hcl),
            Inside::Labels(schema) => Inside::Schema(schema),
            other => other,
        };
        if let Inside::Schema(schema) = inside
            && !std::ptr::eq(schema, &FILE)
        {
            let (name, fields) = (schema.name, schema.fields);
            around.push(Around { name, schema: name, fields, ..Around::UNKNOWN });
        }
        key = level.key;
    }
    if !matches!(inside, Inside::Schema(_)) {
        around.push(Around::UNKNOWN);
    }
    (around, !hcl)
}

fn below(schema: &'static BlockSchema, key: &str, api: bool) -> Inside {
    let Some(field) = field(schema.fields, key, api) else { return Inside::Unknown };
    match field.kind {
        Kind::ByLabel(inner) => Inside::Labels(inner),
        Kind::Block(inner) | Kind::Blocks(inner)
            if !api && matches!(inner.label, Label::One(_)) =>
        {
            Inside::Labels(inner)
        }
        Kind::Block(inner) | Kind::Blocks(inner) => Inside::Schema(inner),
        _ => Inside::Unknown,
    }
}

/// Reads the text up to the cursor.
fn read(text: &str, offset: usize) -> Spot<'_> {
    let bytes = text.as_bytes();
    let mut levels: Vec<Level<'_>> = Vec::new();
    let mut at = 0;
    let mut word = offset;
    while at < offset {
        let start = at;
        at += 1;
        word = offset;
        match bytes[start] {
            open @ (b'{' | b'[') if levels.len() < MAX_LEVELS => {
                let object = open == b'{';
                levels.push(Level { object, key: "", keys: Vec::new(), value: !object });
            }
            b'}' | b']' => drop(levels.pop()),
            b':' => levels.last_mut().into_iter().for_each(|level| level.value = true),
            b',' => levels.last_mut().into_iter().for_each(|level| level.value = !level.object),
            b'"' => {
                let mut end = at;
                while end < bytes.len() && !matches!(bytes[end], b'"' | b'\n') {
                    end += if bytes[end] == b'\\' { 2 } else { 1 };
                }
                let end = end.min(bytes.len());
                if end >= offset {
                    let closed = bytes.get(end) == Some(&b'"');
                    let end = if closed { end } else { offset };
                    return Spot { levels, start: at, end, quoted: true };
                }
                if let Some(level) = levels.last_mut().filter(|level| !level.value) {
                    level.key = text.get(at..end).unwrap_or_default();
                    level.keys.push(level.key);
                }
                at = end + 1;
            }
            byte if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') => {
                let goes_on = |byte: &u8| {
                    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'+')
                };
                while at < offset && bytes.get(at).is_some_and(goes_on) {
                    at += 1;
                }
                if at == offset {
                    word = start;
                }
            }
            _ => {}
        }
    }
    Spot { levels, start: word, end: offset, quoted: false }
}
