//! Offers for the first word of a statement: the attributes and blocks that may stand where the cursor is.

use std::cmp::Reverse;

use super::Ask;
use super::describe;
use super::offers::{Offer, OfferKind};
use super::place::{Around, Place};
use super::snippet::Snippet;
use crate::jobspec::schema::{Field, Kind};

/// What jobs mostly say, in the order in which they say it. The rest follows in the order of the schema.
const USUAL: &[(&str, &str)] = &[
    ("job", "datacenters type group meta constraint update"),
    ("group", "count network task service volume restart"),
    ("task", "driver config resources env template volume_mount service artifact"),
    ("service", "name port provider check tags"),
    ("check", "type path interval timeout port name"),
    ("network", "mode port"),
    ("port", "to static"),
    ("resources", "cpu memory"),
    ("volume", "type source read_only"),
    ("volume_mount", "volume destination read_only"),
    ("template", "data destination env change_mode"),
    ("constraint", "attribute operator value"),
    ("affinity", "attribute operator value weight"),
    ("restart", "attempts interval delay mode"),
    ("update", "max_parallel min_healthy_time healthy_deadline auto_revert canary"),
    ("artifact", "source destination"),
    ("periodic", "crons prohibit_overlap time_zone"),
    ("vault", "role policies"),
    ("identity", "name aud file env"),
    ("upstreams", "destination_name local_bind_port"),
];

/// What may stand here and does not yet.
pub(super) fn offers(place: &Place<'_>, ask: Ask<'_>) -> Vec<Offer> {
    let here = place.here();
    let taken = place.taken();
    let mut fields: Vec<&Field> = here
        .fields
        .iter()
        .filter(|field| field.hcl1 || !place.hcl1)
        .filter(|field| may_repeat(field) || !taken.contains(&field.name))
        .collect();
    let usual = USUAL.iter().find(|(name, _)| *name == here.name).map_or("", |(_, names)| names);
    let rank = |field: &Field| {
        let number = usual.split(' ').position(|name| name == field.name).unwrap_or(usize::MAX);
        (field.removed, number, Reverse(field.required))
    };
    fields.sort_by_key(|field| rank(field));
    let written = written(place);
    // HCL1 may write any block as an attribute.
    match written {
        Written::Attribute if !place.hcl1 => fields.retain(|field| field.is_attribute()),
        Written::Block => fields.retain(|field| field.is_block()),
        _ => {}
    }
    let bare = written != Written::Nothing;
    let mut offers: Vec<Offer> =
        fields.into_iter().map(|field| offer(field, place, ask, bare)).collect();
    if has_blocks(&here) && !place.hcl1 && written != Written::Attribute {
        let doc = ask.docs.find("dynamic").unwrap_or_default();
        let offer = Offer::new(OfferKind::Block, "dynamic", "block, may repeat", doc.text);
        offers.push(if bare { offer } else { offer.written(Snippet::dynamic().text, true) });
    }
    offers
}

fn offer(field: &Field, place: &Place<'_>, ask: Ask<'_>, bare: bool) -> Offer {
    let block = field.is_block();
    let doc = describe::doc(ask.docs, &place.around, field.name, block);
    let kind = if block { OfferKind::Block } else { OfferKind::Attribute };
    let offer = Offer::new(kind, field.name, &describe::detail(field, doc), doc.text);
    if bare {
        return offer;
    }
    offer.written(Snippet::of(field, &place.around, ask).text, true)
}

fn may_repeat(field: &Field) -> bool {
    let several = ["locals", "variables"].contains(&field.name);
    several || matches!(field.kind, Kind::Blocks(_) | Kind::ByLabel(_))
}

/// Dynamic blocks stand where blocks do, below the job.
fn has_blocks(here: &Around<'_>) -> bool {
    !here.name.is_empty()
        && !matches!(here.name, "variable" | "validation" | "dynamic")
        && here.fields.iter().any(|field| field.nested().is_some())
}

/// What of a statement is there already, so that only its name is in question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Nothing,
    /// A quote around the name.
    Quote,
    Attribute,
    Block,
}

fn written(place: &Place<'_>) -> Written {
    let rest = place.text.get(place.cursor.end..).unwrap_or_default();
    let rest = rest.split('\n').next().unwrap_or_default();
    let rest = rest.strip_prefix('"').unwrap_or(rest).trim_start();
    let quoted = place.text.get(..place.cursor.start).is_some_and(|text| text.ends_with('"'));
    match rest.bytes().next() {
        Some(b'=') if place.cursor.start < place.cursor.end => Written::Attribute,
        Some(b'{' | b'"') if place.cursor.start < place.cursor.end => Written::Block,
        _ if quoted => Written::Quote,
        _ => Written::Nothing,
    }
}
