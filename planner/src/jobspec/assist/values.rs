//! Offers for a value: the words an attribute takes, names it may refer to, and what an expression may hold.

use super::Ask;
use super::cluster;
use super::cursor::{Open, Spot};
use super::describe;
use super::offers::{Offer, OfferKind};
use super::place::Place;
use super::references;
use crate::jobspec::schema::{Field, Kind, Names};

/// What the value under the cursor may be.
pub(super) fn offers(place: &Place<'_>, ask: Ask<'_>, typed: &str) -> Vec<Offer> {
    let name = place.name();
    let field = place.field(name);
    let mut offers = Vec::new();
    let innermost = place.cursor.levels.last().map_or(Open::Body, |level| level.open);
    if matches!(innermost, Open::Body | Open::Object | Open::List) {
        match field {
            Some(field) => expected(field, place, ask, &mut offers),
            None => unnamed(name, place, ask, &mut offers),
        }
    } else if let Some(Field { kind: Kind::Expression, .. }) = field {
        // Types are written like functions: list(string).
        field.into_iter().for_each(|field| expected(field, place, ask, &mut offers));
    }
    if place.cursor.spot == Spot::Operand {
        references::offers(place, ask, field, typed, &mut offers);
    }
    offers
}

fn expected(field: &'static Field, place: &Place<'_>, ask: Ask<'_>, offers: &mut Vec<Offer>) {
    let name = field.name;
    if matches!(field.kind, Kind::Bool) {
        if place.cursor.spot == Spot::Operand {
            let default = describe::doc(ask.docs, &place.around, name, false).default;
            let detail = |word: &str| if word == default { "the default" } else { "" };
            for word in ["true", "false"] {
                offers.push(Offer::new(OfferKind::Value, word, detail(word), ""));
            }
        }
        return;
    }
    if matches!(field.kind, Kind::Expression) {
        return types(field, place, ask, offers);
    }
    // A reference that is begun without quotes goes on without them.
    let begun = place.cursor.spot == Spot::Operand
        && place.cursor.start < place.cursor.end
        && field.names == Names::Property;
    let names = if begun { Names::Nothing } else { field.names };
    for (word, detail) in cluster::named(names, place, ask) {
        let kind =
            if field.names == Names::Property { OfferKind::Reference } else { OfferKind::Value };
        let path = word.trim_matches(['$', '{', '}']);
        let text =
            if field.names == Names::Property { super::runtime::doc(path, ask).text } else { "" };
        push(Offer::new(kind, &word, &detail, text), Some(field), place, offers);
    }
    for word in field.values {
        let key = [name, "=", word].concat();
        let doc = describe::doc(ask.docs, &place.around, &key, true);
        let detail = if is_default(word, field, place, ask) { "the default" } else { "" };
        push(Offer::new(OfferKind::Value, word, detail, doc.text), Some(field), place, offers);
    }
    if name == "value" && matches!(place.here().name, "constraint" | "affinity") {
        for (word, detail) in cluster::values_of_property(&place.here(), place.text, ask) {
            push(Offer::new(OfferKind::Value, &word, &detail, ""), Some(field), place, offers);
        }
    }
}

fn is_default(word: &str, field: &Field, place: &Place<'_>, ask: Ask<'_>) -> bool {
    describe::doc(ask.docs, &place.around, field.name, false).default == word
}

/// What drivers without a description have in common: they publish ports of the group.
fn unnamed(name: &str, place: &Place<'_>, ask: Ask<'_>, offers: &mut Vec<Offer>) {
    if name == "ports" && place.here().name == "config" && place.is_in(Open::List) {
        for (word, detail) in cluster::named(Names::Port, place, ask) {
            push(Offer::new(OfferKind::Value, &word, &detail, ""), None, place, offers);
        }
    }
}

/// The words of a type.
fn types(field: &Field, place: &Place<'_>, ask: Ask<'_>, offers: &mut Vec<Offer>) {
    if place.cursor.spot != Spot::Operand {
        return;
    }
    for word in field.values {
        let key = [field.name, "=", word].concat();
        let doc = describe::doc(ask.docs, &place.around, &key, true);
        let offer = Offer::new(OfferKind::Value, word, "type", doc.text);
        let inside = match *word {
            "list" | "map" | "set" => "(${1:string})",
            "object" => "({ ${1:name} = ${2:string} })",
            "tuple" => "([${1:string}])",
            _ => "",
        };
        let snippet = !inside.is_empty();
        offers.push(offer.written([word, inside].concat(), snippet));
    }
}

/// Adds a word as it is written at this place: with the quotes and the brackets that it needs there.
fn push(offer: Offer, field: Option<&Field>, place: &Place<'_>, offers: &mut Vec<Offer>) {
    let list = place.cursor.levels.last().filter(|level| level.open == Open::List);
    let quoted = ["\"", &offer.label, "\""].concat();
    if let Some(list) = list {
        // What the list holds already is not wanted again.
        let before = place.text.get(list.start..place.cursor.start).unwrap_or_default();
        if before.contains(&quoted) {
            return;
        }
    }
    if place.cursor.spot == Spot::Text {
        offers.push(offer);
        return;
    }
    let is_list = field.is_some_and(|field| matches!(field.kind, Kind::Texts));
    let insert = if is_list && list.is_none() { ["[", &quoted, "]"].concat() } else { quoted };
    offers.push(offer.written(insert, false));
}
