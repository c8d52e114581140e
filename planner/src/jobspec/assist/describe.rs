//! What is to be said about a field, whoever asks: its sentence, its type in words, its page in Nomad's documentation.

use super::Docs;
use super::docs::Doc;
use super::place::Around;
use crate::jobspec::schema::{Field, Kind};

const SITE: &str = "https://developer.hashicorp.com/nomad/docs/";

/// Blocks with a page of their own; what is in the others stands on the page of the block around.
const PAGES: &str = "action affinity artifact change_script check check_restart connect constraint consul csi_plugin \
     device disconnect dispatch_payload env ephemeral_disk expose gateway group identity job lifecycle logs meta \
     migrate multiregion network numa parameterized periodic proxy reschedule resources restart scaling schedule \
     secret service sidecar_service sidecar_task spread task template transparent_proxy ui update upstreams vault \
     volume volume_mount";

/// Blocks whose page covers everything in them.
const COVERING: [&str; 2] = ["gateway", "multiregion"];

/// What the documentation text says about a field of the innermost block, or about a value of it (`mode=delay`).
pub(super) fn doc<'d>(docs: &'d Docs, around: &[Around<'_>], field: &str, shared: bool) -> Doc<'d> {
    paths(around, field, shared).iter().find_map(|path| docs.find(path)).unwrap_or_default()
}

/// The paths it may stand under, the nearest first. Blocks and values are `shared`: said once for all their places.
pub(super) fn paths(around: &[Around<'_>], field: &str, shared: bool) -> Vec<String> {
    let Some(here) = around.last() else { return Vec::new() };
    let parent = around.iter().rev().nth(1).map_or("", |around| around.name);
    // A driver's config is told apart by the driver.
    let name = if here.name == "config" { here.label } else { here.name };
    let mut paths = vec![
        [parent, ".", name, ".", field].concat(),
        [name, ".", field].concat(),
        [here.schema, ".", field].concat(),
    ];
    if shared {
        paths.push(field.to_owned());
    }
    paths
}

/// The type of a field, in words.
pub(super) fn kind(field: &Field) -> &'static str {
    match field.kind {
        Kind::Text => "string",
        Kind::Bool => "true or false",
        Kind::Int | Kind::Int8 => "whole number",
        Kind::Duration => "duration",
        Kind::Texts => "list of strings",
        Kind::Ints => "list of whole numbers",
        Kind::TextMap | Kind::TextMapBlock => "block of strings",
        Kind::TextMapAttribute => "map of strings",
        Kind::ListMap => "block of lists of strings",
        Kind::Free => "block",
        Kind::Expression => "expression",
        Kind::Block(_) => "block",
        Kind::Blocks(_) | Kind::ByLabel(_) => "block, may repeat",
    }
}

/// Type, default and the release that brought it, in one line.
pub(super) fn detail(field: &Field, doc: Doc<'_>) -> String {
    let mut detail = kind(field).to_owned();
    if field.required {
        detail += ", required";
    }
    if !doc.default.is_empty() {
        detail = detail + ", default " + doc.default;
    }
    if !field.since.is_empty() {
        detail = detail + ", since " + field.since;
    }
    if field.removed {
        detail += ", removed from later releases";
    }
    detail
}

/// The page that explains a field of the innermost block, or the block of that name.
pub(super) fn url(around: &[Around<'_>], field: &str, block: bool) -> Option<String> {
    let has_page = |name: &str| PAGES.split_whitespace().any(|page| page == name);
    let page = |path: &str| Some([SITE, path].concat());
    let here = around.last()?;
    match (here.name, field) {
        ("variable" | "validation", _) | ("", "variable" | "variables") => {
            return page("reference/hcl2/variables");
        }
        ("", "locals") => return page("reference/hcl2/locals"),
        ("dynamic", _) | (_, "dynamic") => return page("reference/hcl2/expressions"),
        ("config", _) if !here.label.is_empty() => {
            return page(&["job-declare/task-driver/", here.label].concat());
        }
        _ => {}
    }
    let covering = around.iter().find(|around| COVERING.contains(&around.name));
    let own = match covering {
        Some(covering) => covering.name,
        None if block && has_page(field) => field,
        None => around.iter().rev().find(|around| has_page(around.name))?.name,
    };
    let anchor = if own == here.name && !block { ["#", field].concat() } else { String::new() };
    page(&["job-specification/", own, &anchor].concat())
}
