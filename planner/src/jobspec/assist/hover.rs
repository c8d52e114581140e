//! What stands under the pointer: a field with its type and default, a value in words, a reference with what it stands
//! for. Plain text; how it is drawn is not known here.

use super::cluster::{self, one_line};
use super::cursor::Spot;
use super::describe;
use super::place::{Around, Place};
use super::references;
use super::runtime;
use super::{Ask, Hover, Named};
use crate::diagnostic::Span;
use crate::duration;
use crate::jobspec::hcl2;
use crate::jobspec::schema::{Field, Kind, Names};

const SITE: &str = "https://developer.hashicorp.com/nomad/docs/reference/";

/// What stands at the cursor, which is at the end of its word.
pub(super) fn hover(place: &Place<'_>, ask: Ask<'_>) -> Option<Hover> {
    let span = Span { start: place.cursor.start, end: place.cursor.end };
    let word = place.text.get(span.start..span.end).filter(|word| !word.is_empty())?;
    match place.cursor.spot {
        Spot::Name => {
            let field = place.here().fields.iter().find(|field| field.name == word);
            let dynamic = word == "dynamic" && !place.here().fields.is_empty();
            match field {
                Some(field) => Some(of_field(field, &place.around, span, ask)),
                None if dynamic => Some(of_dynamic(place, span, ask)),
                None => None,
            }
        }
        Spot::Text => {
            let field = place.field(place.name());
            let declared = field.and_then(|field| of_declared(field.names, word, place, span));
            declared.or_else(|| of_value(field?, word, true, &place.around, span, ask))
        }
        Spot::Operand => operand(place, word, span, ask),
        Spot::Label | Spot::Nothing => None,
    }
}

fn operand(place: &Place<'_>, word: &str, span: Span, ask: Ask<'_>) -> Option<Hover> {
    if word.starts_with(|letter: char| letter.is_ascii_digit()) {
        let field = place.field(place.name())?;
        return of_value(field, word, false, &place.around, span, ask);
    }
    if place.text.get(span.end..).is_some_and(|rest| rest.starts_with('(')) {
        return function(word, span, ask);
    }
    match word.split('.').next() {
        Some("var" | "local") => variable(place, word, span, ask),
        Some("true" | "false" | "null") | None => None,
        _ => reference(word, span, ask),
    }
}

fn fact(facts: &mut Vec<Named>, name: &str, text: impl Into<String>) {
    let text = text.into();
    if !text.is_empty() {
        facts.push(Named::new(name, text));
    }
}

/// `job.group.task`, as the blocks are nested.
fn path(around: &[Around<'_>], last: &str) -> String {
    let names =
        around.iter().map(|around| around.name).filter(|name| !matches!(*name, "" | "dynamic"));
    names.chain([last]).collect::<Vec<_>>().join(".")
}

/// An attribute or block by its name.
pub(super) fn of_field(field: &Field, around: &[Around<'_>], span: Span, ask: Ask<'_>) -> Hover {
    let block = field.is_block();
    let doc = describe::doc(ask.docs, around, field.name, block);
    let mut facts = Vec::new();
    fact(&mut facts, "type", describe::kind(field));
    fact(&mut facts, "default", doc.default);
    if field.required {
        fact(&mut facts, "required", "yes");
    }
    fact(&mut facts, "values", field.values.join(", "));
    fact(&mut facts, "since", field.since);
    if field.removed {
        fact(&mut facts, "removed", "from later releases");
    }
    if !field.hcl1 {
        fact(&mut facts, "HCL1", "does not know it");
    }
    Hover {
        span,
        title: path(around, field.name),
        facts,
        text: doc.text.to_owned(),
        url: describe::url(around, field.name, block),
    }
}

fn of_dynamic(place: &Place<'_>, span: Span, ask: Ask<'_>) -> Hover {
    Hover {
        span,
        title: path(&place.around, "dynamic"),
        text: ask.docs.find("dynamic").unwrap_or_default().text.to_owned(),
        url: describe::url(&place.around, "dynamic", true),
        ..Hover::default()
    }
}

/// A name that the group declares: how it is declared.
fn of_declared(names: Names, word: &str, place: &Place<'_>, span: Span) -> Option<Hover> {
    let blocks = match names {
        Names::Port => cluster::ports(place),
        Names::Volume => cluster::volumes(place),
        _ => return None,
    };
    let is_it = |label: &crate::jobspec::syntax::Label| label.text == word;
    let block = blocks.into_iter().find(|block| block.labels.first().is_some_and(is_it))?;
    let mut hover =
        Hover { span, title: [block.name.text, " ", word].concat(), ..Hover::default() };
    for attribute in block.body.attributes() {
        let value = attribute.value.span;
        let value = place.text.get(value.start..value.end).unwrap_or_default();
        fact(&mut hover.facts, attribute.name.text, one_line(value));
    }
    hover.text = "Declared in this group.".to_owned();
    Some(hover)
}

/// A value of a field, if there is something to say that it does not say itself.
pub(super) fn of_value(
    field: &Field,
    word: &str,
    quoted: bool,
    around: &[Around<'_>],
    span: Span,
    ask: Ask<'_>,
) -> Option<Hover> {
    let mut hover = Hover { span, title: word.to_owned(), ..Hover::default() };
    match field.kind {
        Kind::Duration if quoted => hover.text = in_words(duration::parse(word).ok()?),
        Kind::Duration => {
            hover.text = in_words(word.parse().ok()?);
            fact(&mut hover.facts, "unit", "nanoseconds");
        }
        Kind::Int => hover.text = with_unit(field.name, word)?,
        Kind::Text | Kind::Texts => {
            let key = [field.name, "=", word].concat();
            hover.text = describe::doc(ask.docs, around, &key, true).text.to_owned();
            hover.facts = in_cluster(field.names, word, ask);
            if hover.text.is_empty() && hover.facts.is_empty() {
                return None;
            }
        }
        _ => return None,
    }
    hover.url = describe::url(around, field.name, false);
    Some(hover)
}

/// Whether the cluster has what a value names.
fn in_cluster(names: Names, word: &str, ask: Ask<'_>) -> Vec<Named> {
    let known = ask.known;
    let list = match names {
        Names::Datacenter => &known.datacenters,
        Names::Pool => &known.pools,
        Names::Driver => &known.drivers,
        Names::NetworkMode => &known.modes,
        Names::HostNetwork => &known.host_networks,
        _ => return Vec::new(),
    };
    if list.is_empty() || word.contains(['*', '$']) {
        return Vec::new();
    }
    let found = list.iter().any(|name| name == word);
    vec![Named::new("cluster", if found { "has it" } else { "no node has it" })]
}

/// A duration as one would say it.
fn in_words(nanos: i64) -> String {
    const UNITS: [(i64, &str); 7] = [
        (86_400_000_000_000, "day"),
        (3_600_000_000_000, "hour"),
        (60_000_000_000, "minute"),
        (1_000_000_000, "second"),
        (1_000_000, "millisecond"),
        (1_000, "microsecond"),
        (1, "nanosecond"),
    ];
    let mut rest = nanos;
    let mut words = Vec::new();
    for (size, unit) in UNITS {
        let count = rest / size;
        rest %= size;
        if count != 0 {
            words.push(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }));
        }
    }
    if words.is_empty() { "no time at all".to_owned() } else { words.join(" ") }
}

/// An amount with its unit, for fields whose unit does not stand in the text.
fn with_unit(name: &str, word: &str) -> Option<String> {
    let amount: i64 = word.parse().ok()?;
    let megabytes = match amount {
        1024.. if amount % 1024 == 0 => format!("{amount} MB, that is {} GB", amount / 1024),
        1024.. => format!("{amount} MB, about {:.1} GB", amount as f64 / 1024.0),
        _ => format!("{amount} MB"),
    };
    match name {
        "memory" | "memory_max" | "secrets" | "disk" | "size" | "max_file_size" => Some(megabytes),
        "cpu" => Some(format!("{amount} MHz")),
        "mbits" => Some(format!("{amount} Mbit/s")),
        _ => None,
    }
}

fn function(name: &str, span: Span, ask: Ask<'_>) -> Option<Hover> {
    hcl2::function_names().find(|known| *known == name)?;
    let doc = ask.docs.find(&["function.", name].concat()).unwrap_or_default();
    let parameters = if doc.default.is_empty() { "(…)" } else { doc.default };
    Some(Hover {
        span,
        title: [name, parameters].concat(),
        text: doc.text.to_owned(),
        url: Some([SITE, "hcl2/functions"].concat()),
        ..Hover::default()
    })
}

/// `var.name` and `local.name`: what is declared, and the value that is given.
fn variable(place: &Place<'_>, word: &str, span: Span, ask: Ask<'_>) -> Option<Hover> {
    let mut parts = word.split('.');
    let (root, name) = (parts.next()?, parts.next()?);
    let declared = references::declared(place.file, place.text);
    let found = declared.iter().find(|known| known.root == root && known.name == name)?;
    let mut hover = Hover { span, title: [root, ".", name].concat(), ..Hover::default() };
    fact(&mut hover.facts, "type", found.kind);
    let value = if root == "var" { "default" } else { "value" };
    fact(&mut hover.facts, value, found.value);
    if root == "var" {
        let of_env = ask
            .options
            .env
            .iter()
            .find(|(key, _)| key.strip_prefix("NOMAD_VAR_").unwrap_or(key.as_str()) == name);
        let given = ask.options.vars.iter().rev().find(|given| given.name == name);
        let value = given.map(|given| &given.text).or(of_env.map(|(_, value)| value));
        fact(&mut hover.facts, "given", value.cloned().unwrap_or_default());
    }
    hover.text = found.text.to_owned();
    let page = if root == "var" { "hcl2/variables" } else { "hcl2/locals" };
    hover.url = Some([SITE, page].concat());
    Some(hover)
}

/// A name of the runtime, with the values that nodes have for it.
fn reference(word: &str, span: Span, ask: Ask<'_>) -> Option<Hover> {
    let doc = runtime::doc(word, ask);
    let values = runtime::values(word, ask);
    let mut hover = Hover { span, title: word.to_owned(), ..Hover::default() };
    hover.text = doc.text.to_owned();
    fact(&mut hover.facts, "on the nodes", values.join(", "));
    let unknown = (word.starts_with("attr.") && !ask.known.attributes.is_empty())
        || (word.starts_with("meta.") && !ask.known.meta.is_empty());
    if values.is_empty() && unknown {
        fact(&mut hover.facts, "on the nodes", "no node has it");
    }
    if hover.text.is_empty() && hover.facts.is_empty() {
        return None;
    }
    let page = if word.starts_with("NOMAD_") {
        "runtime-environment-settings"
    } else {
        "runtime-variable-interpolation"
    };
    hover.url = Some([SITE, page].concat());
    Some(hover)
}
