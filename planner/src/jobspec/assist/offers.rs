//! What a completion consists of, and which of the offers fit what has been typed.

use std::collections::BTreeSet;

use super::words;
use crate::diagnostic::Span;
use crate::record::{Record, Word};

/// What may be written at a place.
#[derive(Debug, Default, Eq, Record)]
pub struct Completion {
    /// What an accepted offer replaces.
    pub span: Span,
    /// The best ones first.
    pub offers: Vec<Offer>,
}

/// One thing to write.
#[derive(Debug, Default, Eq, Record)]
pub struct Offer {
    /// What it is called.
    pub label: String,
    pub kind: OfferKind,
    /// Type and default, parameters, or where it comes from.
    pub detail: String,
    /// A sentence about it; may be empty.
    pub text: String,
    /// What to write.
    pub insert: String,
    /// `insert` has places to fill in: `${1:text}` and `${}`.
    pub snippet: bool,
}

/// What kind of thing is offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Word)]
#[record(rename_all = "lowercase")]
pub enum OfferKind {
    Block,
    Attribute,
    #[default]
    Value,
    Function,
    /// A variable or local value of the text.
    Variable,
    /// What only the node or the task knows.
    Reference,
}

impl Offer {
    /// An offer that is written as it is called.
    pub(super) fn new(kind: OfferKind, label: &str, detail: &str, text: &str) -> Offer {
        Offer {
            label: label.to_owned(),
            kind,
            detail: detail.to_owned(),
            text: text.to_owned(),
            insert: label.to_owned(),
            snippet: false,
        }
    }

    /// The same, written in another way.
    pub(super) fn written(mut self, insert: String, snippet: bool) -> Offer {
        (self.insert, self.snippet) = (insert, snippet);
        self
    }
}

/// Leaves what fits, each once, the best first and otherwise in the order given.
pub(super) fn fit(offers: &mut Vec<Offer>, typed: &str) {
    let mut seen = BTreeSet::new();
    let mut ranked: Vec<(u8, Offer)> = Vec::new();
    for offer in offers.drain(..) {
        if let Some(rank) = words::fits(typed, &offer.label)
            && seen.insert(offer.label.clone())
        {
            ranked.push((rank, offer));
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    offers.extend(ranked.into_iter().map(|(_, offer)| offer));
}
