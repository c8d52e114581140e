//! Offers inside an expression: variables and local values of the text, functions, and names of the runtime.

use super::Ask;
use super::cluster::one_line;
use super::offers::{Offer, OfferKind};
use super::place::Place;
use super::runtime;
use crate::diagnostic::Span;
use crate::jobspec::hcl2;
use crate::jobspec::schema::{Field, Kind, Names};
use crate::jobspec::syntax::{Body, Item};

/// Adds what an operand may be.
pub(super) fn offers(
    place: &Place<'_>,
    ask: Ask<'_>,
    field: Option<&Field>,
    typed: &str,
    offers: &mut Vec<Offer>,
) {
    let inserted = place.inserted();
    let is_type = field.is_some_and(|f| matches!(f.kind, Kind::Expression) && f.name == "type");
    // Values of variables may not refer to anything, nor do types.
    let constant = place.enclosing("variable").is_some() && place.here().name != "validation";
    if is_type || constant || place.enclosing("variables").is_some() {
        return;
    }
    if !place.hcl1 {
        for declared in declared(place.file, place.text) {
            let path = [declared.root, ".", declared.name].concat();
            let detail = declared.detail();
            offers.push(Offer::new(OfferKind::Variable, &path, &detail, declared.text));
        }
        iterators(place, offers);
    }
    // All of them at once are no help.
    let wanted = inserted || !typed.is_empty();
    let text = field.is_none_or(|field| matches!(field.kind, Kind::Text | Kind::Texts));
    if inserted || (wanted && text && !place.hcl1) {
        let properties_only = field.is_some_and(|field| field.names == Names::Property);
        offers.extend(runtime::offers(place, ask, properties_only));
    }
    if !place.hcl1 && wanted && !typed.contains('.') {
        functions(ask, offers);
    }
}

/// A variable or a local value.
pub(super) struct Declared<'a> {
    /// `var` or `local`.
    pub(super) root: &'static str,
    pub(super) name: &'a str,
    /// What is written, if anything is.
    pub(super) kind: &'a str,
    pub(super) value: &'a str,
    /// Its description.
    pub(super) text: &'a str,
}

impl Declared<'_> {
    fn detail(&self) -> String {
        match (self.kind, self.value) {
            ("", "") => "variable".to_owned(),
            ("", value) => value.to_owned(),
            (kind, "") => kind.to_owned(),
            (kind, value) => [kind, ", default ", value].concat(),
        }
    }
}

/// What a text declares.
pub(super) fn declared<'a>(file: &'a Body<'a>, text: &'a str) -> Vec<Declared<'a>> {
    let mut found = Vec::new();
    let cut = |span: Span| one_line(text.get(span.start..span.end).unwrap_or_default());
    for item in &file.items {
        let Item::Block(block) = item else { continue };
        let value = |name: &str| block.body.attribute(name).map_or("", |a| cut(a.value.span));
        match (block.name.text, block.labels.first()) {
            ("variable", Some(label)) => found.push(Declared {
                root: "var",
                name: &label.text,
                kind: value("type"),
                value: value("default"),
                text: value("description"),
            }),
            ("variables" | "locals", _) => {
                let root = if block.name.text == "locals" { "local" } else { "var" };
                found.extend(block.body.attributes().map(|attribute| Declared {
                    root,
                    name: attribute.name.text,
                    kind: "",
                    value: cut(attribute.value.span),
                    text: "",
                }));
            }
            _ => {}
        }
    }
    found
}

/// `name.key` and `name.value` of the dynamic blocks around.
fn iterators(place: &Place<'_>, offers: &mut Vec<Offer>) {
    for around in place.around.iter().rev().filter(|around| around.name == "dynamic") {
        let written = around.written.and_then(|body| body.attribute("iterator"));
        let span = written.map(|attribute| attribute.value.span);
        let name = span.and_then(|span| place.text.get(span.start..span.end));
        let name = name.unwrap_or(around.label);
        for (step, detail) in [(".value", "of this round"), (".key", "key or number of this round")]
        {
            let path = [name, step].concat();
            offers.push(Offer::new(OfferKind::Variable, &path, detail, ""));
        }
    }
}

fn functions(ask: Ask<'_>, offers: &mut Vec<Offer>) {
    for name in hcl2::function_names() {
        let doc = ask.docs.find(&["function.", name].concat()).unwrap_or_default();
        let offer = Offer::new(OfferKind::Function, name, doc.default, doc.text);
        let inside = if doc.default == "()" { "()" } else { "(${1})" };
        offers.push(offer.written([name, inside].concat(), inside != "()"));
    }
}
