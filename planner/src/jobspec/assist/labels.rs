//! Offers for the label of a block, where it is more than a name of the user's choice.

use super::Ask;
use super::cluster;
use super::offers::{Offer, OfferKind};
use super::place::Place;
use crate::jobspec::schema::Field;

/// What the label under the cursor may be.
pub(super) fn offers(place: &Place<'_>, ask: Ask<'_>) -> Vec<Offer> {
    let here = place.here();
    let offer = |word: &str, detail: &str| Offer::new(OfferKind::Value, word, detail, "");
    match (here.name, place.name()) {
        ("task", "scaling") => {
            vec![offer("cpu", "MHz of the task"), offer("mem", "MB of the task")]
        }
        (_, "device") => ask.known.devices.iter().map(|name| offer(name, "device")).collect(),
        ("spread", "target") => cluster::values_of_property(&here, place.text, ask)
            .iter()
            .map(|(word, detail)| offer(word, detail))
            .collect(),
        (_, "dynamic") => here
            .fields
            .iter()
            .filter(|field| field.nested().is_some())
            .map(|field: &Field| Offer::new(OfferKind::Block, field.name, "block", ""))
            .collect(),
        _ => Vec::new(),
    }
}
