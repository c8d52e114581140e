//! Names that a job refers to: ports, volumes and tasks that the text declares around the cursor, and what the cluster
//! offers. What a field refers to is said by the schema.

use super::Ask;
use super::place::{Around, Place, below};
use super::runtime;
use crate::jobspec::schema::Names;
use crate::jobspec::syntax::{Attribute, Block, Body};

/// A name and where it comes from.
pub(super) type Named = (String, String);

/// What a field may name, at this place.
pub(super) fn named(names: Names, place: &Place<'_>, ask: Ask<'_>) -> Vec<Named> {
    match names {
        Names::Port => declared(&ports(place), place),
        Names::Volume => declared(&volumes(place), place),
        Names::Task => declared(&tasks(place), place),
        Names::Property => {
            let in_device = place.enclosing("device").is_some();
            runtime::properties(ask, in_device)
                .map(|(path, detail)| (format!("${{{path}}}"), detail))
                .collect()
        }
        _ => offered(names, place.here().constant("type"), ask),
    }
}

/// What the cluster offers of that kind; of volumes by the type of the block.
pub(super) fn offered(names: Names, kind: Option<&str>, ask: Ask<'_>) -> Vec<Named> {
    let known = ask.known;
    let mut found = Vec::new();
    let mut add = |list: &[String], what: &str| {
        found.extend(list.iter().map(|name| (name.clone(), what.to_owned())));
    };
    match names {
        Names::Nothing | Names::Port | Names::Volume | Names::Task | Names::Property => {}
        Names::Datacenter => add(&known.datacenters, "datacenter"),
        Names::Pool => add(&known.pools, "node pool"),
        Names::Driver => add(&known.drivers, "driver of the cluster"),
        Names::NetworkMode => add(&known.modes, "offered by nodes"),
        Names::HostNetwork => add(&known.host_networks, "host network"),
        Names::Source => {
            if kind != Some("csi") {
                add(&known.volumes, "host volume");
            }
            if kind != Some("host") {
                add(&known.csi_volumes, "CSI volume");
            }
        }
    }
    found
}

/// The values that nodes have for what a condition compares.
pub(super) fn values_of_property(here: &Around<'_>, text: &str, ask: Ask<'_>) -> Vec<Named> {
    let Some(attribute) = here.written.and_then(|body| body.attribute("attribute")) else {
        return Vec::new();
    };
    let span = attribute.value.span;
    let path = text.get(span.start..span.end).unwrap_or_default();
    let path = path.trim_matches(['"', '$', '{', '}', ' ']);
    runtime::values(path, ask)
        .iter()
        .filter(|value| !value.contains(['"', '\\', '\n', '$']))
        .map(|value| (value.clone(), format!("value of {path}")))
        .collect()
}

/// The blocks that declare ports for what stands here.
pub(super) fn ports<'a>(place: &Place<'a>) -> Vec<&'a Block<'a>> {
    let mut found = Vec::new();
    if let Some(group) = written(place, "group") {
        below(group, &["network", "port"], &mut found);
        below(group, &["task", "resources", "network", "port"], &mut found);
    } else if let Some(task) = written(place, "task") {
        below(task, &["resources", "network", "port"], &mut found);
    }
    found
}

pub(super) fn volumes<'a>(place: &Place<'a>) -> Vec<&'a Block<'a>> {
    let mut found = Vec::new();
    if let Some(group) = written(place, "group") {
        below(group, &["volume"], &mut found);
    }
    found
}

fn tasks<'a>(place: &Place<'a>) -> Vec<&'a Block<'a>> {
    let mut found = Vec::new();
    if let Some(group) = written(place, "group") {
        below(group, &["task"], &mut found);
    }
    found
}

fn written<'a>(place: &Place<'a>, name: &str) -> Option<&'a Body<'a>> {
    place.enclosing(name)?.written
}

fn declared(blocks: &[&Block<'_>], place: &Place<'_>) -> Vec<Named> {
    let mut found = Vec::new();
    for block in blocks {
        let Some(label) = block.labels.first() else { continue };
        let mut detail = block.name.text.to_owned();
        for attribute in block.body.attributes().take(2) {
            detail = detail + ", " + &written_as(attribute, place.text);
        }
        found.push((label.text.clone(), detail));
    }
    found
}

/// `name value`, as it stands in the text.
fn written_as(attribute: &Attribute<'_>, text: &str) -> String {
    let span = attribute.value.span;
    let value = text.get(span.start..span.end).unwrap_or_default();
    [attribute.name.text, " ", one_line(value)].concat()
}

/// The first line of a text, without what surrounds a string.
pub(super) fn one_line(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default().trim();
    line.strip_prefix('"').and_then(|line| line.strip_suffix('"')).unwrap_or(line)
}
