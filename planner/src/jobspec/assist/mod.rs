//! Help with writing a job: what may stand at the cursor, and what that is which stands there.
//!
//! Both read the text as it is while somebody types, with half a word and brackets that are not closed yet, and both ask
//! the schema that also decodes it. They judge nothing (diagnostics do), never change the text, and know of the cluster
//! only what [`Known`] lists. What is said about names is data that the caller brings ([`Docs`]).

mod cluster;
mod cursor;
mod describe;
mod docs;
mod hover;
mod json;
mod labels;
mod names;
mod offers;
mod place;
mod references;
pub(crate) mod runtime;
mod snippet;
#[cfg(test)]
mod tests;
mod values;
mod words;

pub use docs::{Doc, Docs};
pub use offers::{Completion, Offer, OfferKind};

use self::cursor::Spot;
use self::place::Place;
use super::{MAX_SIZE, Named, ParseOptions, Syntax, syntax};
use crate::diagnostic::{Diagnostics, Span};
use crate::known::Known;
use crate::record::Record;

/// What helps besides the text. All of it may be absent.
#[derive(Clone, Copy, Default)]
pub struct Help<'a> {
    /// What is said about names.
    pub docs: Option<&'a Docs>,
    /// What the cluster has.
    pub known: Option<&'a Known>,
    /// The language of the text and the values of its variables.
    pub options: Option<&'a ParseOptions>,
}

/// What stands at a place, explained in plain text.
#[derive(Debug, Default, Eq, Record)]
pub struct Hover {
    /// The word, reference or value.
    pub span: Span,
    /// `job.group.count`, `var.image`, `30s`.
    pub title: String,
    /// Short facts in order, such as type and default.
    pub facts: Vec<Named>,
    /// A sentence or two; may be empty.
    pub text: String,
    /// A page of Nomad's documentation.
    pub url: Option<String>,
}

/// The same, with nothing absent.
#[derive(Clone, Copy)]
struct Ask<'a> {
    docs: &'a Docs,
    known: &'a Known,
    options: &'a ParseOptions,
}

/// What may be written at a place of a text, given in bytes of its UTF-8.
///
/// Offers fit what has been typed of the word before the place, those that begin with it first. Never an error: where
/// nothing is known, nothing is offered.
///
/// ```
/// use steppe_planner::jobspec::{Docs, Help, complete};
///
/// let docs = Docs::included();
/// let help = Help { docs: Some(&docs), ..Help::default() };
/// let text = "job \"web\" {\n  group \"app\" {\n    cou";
/// let completion = complete(text, text.len(), help);
/// let offer = &completion.offers[0];
/// assert_eq!(offer.label, "count");
/// assert_eq!(offer.insert, "count = ${1:1}");
/// assert_eq!(&text[completion.span.start..completion.span.end], "cou");
/// ```
pub fn complete(text: &str, offset: usize, help: Help<'_>) -> Completion {
    let offset = boundary(text, offset);
    let nothing = Completion { span: Span { start: offset, end: offset }, offers: Vec::new() };
    if text.len() > MAX_SIZE {
        return nothing;
    }
    with_defaults(help, |ask| {
        if is_json(text, ask) {
            return json::complete(text, offset, ask);
        }
        with_place(text, offset, ask, |place| {
            let typed = place.typed(offset);
            let mut offers = match place.cursor.spot {
                Spot::Name => names::offers(place, ask),
                Spot::Label => labels::offers(place, ask),
                Spot::Operand | Spot::Text => values::offers(place, ask, typed),
                Spot::Nothing => return nothing,
            };
            offers::fit(&mut offers, typed);
            // In front of a word nothing is replaced.
            let start = place.cursor.start;
            let quoted = matches!(place.cursor.spot, Spot::Text | Spot::Label);
            let end = if typed.is_empty() && !quoted { offset } else { place.cursor.end };
            Completion { span: Span { start, end }, offers }
        })
    })
}

/// What stands at a place of a text, given in bytes of its UTF-8; nothing where there is nothing to say.
///
/// ```
/// use steppe_planner::jobspec::{Docs, Help, hover};
///
/// let docs = Docs::included();
/// let help = Help { docs: Some(&docs), ..Help::default() };
/// let text = "job \"web\" {\n  priority = 70\n}\n";
/// let hover = hover(text, text.find("prio").unwrap(), help).unwrap();
/// assert_eq!(hover.title, "job.priority");
/// assert_eq!((hover.facts[0].name.as_str(), hover.facts[0].text.as_str()), ("type", "whole number"));
/// ```
pub fn hover(text: &str, offset: usize, help: Help<'_>) -> Option<Hover> {
    if text.len() > MAX_SIZE {
        return None;
    }
    let offset = boundary(text, offset);
    with_defaults(help, |ask| {
        if is_json(text, ask) {
            return json::hover(text, offset, ask);
        }
        // The word is read to its end, as if the cursor stood behind it.
        let offset = words::end(text, offset);
        with_place(text, offset, ask, |place| hover::hover(place, ask))
    })
}

/// The place itself, or the letter it lies in.
fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn with_defaults<T>(help: Help<'_>, then: impl FnOnce(Ask<'_>) -> T) -> T {
    let (docs, known, options) = (Docs::default(), Known::default(), ParseOptions::default());
    then(Ask {
        docs: help.docs.unwrap_or(&docs),
        known: help.known.unwrap_or(&known),
        options: help.options.unwrap_or(&options),
    })
}

fn with_place<T>(text: &str, offset: usize, ask: Ask<'_>, then: impl FnOnce(&Place<'_>) -> T) -> T {
    let mended = place::mended(text, offset);
    let (file, problems) = syntax::parse(&mended);
    let hcl1 = is_hcl1(ask.options.syntax, &file, &problems);
    then(&Place::find(text, &file, offset, hcl1))
}

fn is_json(text: &str, ask: Ask<'_>) -> bool {
    ask.options.syntax == Syntax::Json
        || text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
}

/// HCL1 is what nobody would write in HCL2: names in quotes, and nothing that only HCL2 has.
fn is_hcl1(wish: Syntax, file: &syntax::Body<'_>, problems: &Diagnostics) -> bool {
    let quoted = || problems.iter().any(|problem| problem.code == "quoted-name");
    let newer = || {
        ["variable", "variables", "locals"].iter().any(|name| file.blocks(name).next().is_some())
    };
    match wish {
        Syntax::Hcl1 => true,
        Syntax::Auto => quoted() && !newer(),
        Syntax::Hcl2 | Syntax::Json => false,
    }
}
