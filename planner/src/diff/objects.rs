//! Nested objects: one to one, as sets without order, and free-form.

use std::collections::BTreeSet;

use super::flat::{Flat, Listing, diff_fields, scalar};
use crate::Map;
use crate::api::{DiffKind, FieldDiff, ObjectDiff, Value};

/// Compares two objects of one name; `None` if they are equal.
pub(super) fn diff_object(
    name: &str,
    old: Option<&Flat>,
    new: Option<&Flat>,
) -> Option<ObjectDiff> {
    diff_object_with(name, old, new, Vec::new())
}

/// The same with what was found inside.
pub(super) fn diff_object_with(
    name: &str,
    old: Option<&Flat>,
    new: Option<&Flat>,
    objects: Vec<ObjectDiff>,
) -> Option<ObjectDiff> {
    let kind = match super::kind_of(old, new) {
        DiffKind::None if objects.iter().all(|inside| inside.kind == DiffKind::None) => {
            return None;
        }
        DiffKind::None => DiffKind::Edited,
        kind @ (DiffKind::Added | DiffKind::Deleted | DiffKind::Edited) => kind,
    };
    let empty = Flat::new();
    let fields = diff_fields(old.unwrap_or(&empty), new.unwrap_or(&empty), Listing::All);
    Some(ObjectDiff { kind, name: name.to_owned(), fields, objects })
}

/// Compares two objects as wholes: one that differs in what is not shown is still edited, and shows all its fields.
pub(super) fn diff_whole<T: PartialEq + Default>(
    name: &str,
    (old, new): (Option<&T>, Option<&T>),
    flat: impl Fn(&T) -> Flat,
    objects: impl FnOnce(&T, &T) -> Vec<ObjectDiff>,
) -> Option<ObjectDiff> {
    let kind = super::kind_of(old, new);
    if kind == DiffKind::None {
        return None;
    }
    let side = |side: Option<&T>| side.map(&flat).unwrap_or_default();
    let fields = diff_fields(&side(old), &side(new), Listing::All);
    let empty = T::default();
    let objects = objects(old.unwrap_or(&empty), new.unwrap_or(&empty));
    Some(ObjectDiff { kind, name: name.to_owned(), fields, objects })
}

/// Compares two objects of plain fields. What has only gained fields counts as added, though it was there.
pub(super) fn diff_plain(name: &str, old: Option<&Flat>, new: Option<&Flat>) -> Option<ObjectDiff> {
    let found = diff_object(name, old, new)?;
    let any = |kind: DiffKind| found.fields.iter().any(|field| field.kind == kind);
    let kind = match (any(DiffKind::Edited), any(DiffKind::Added), any(DiffKind::Deleted)) {
        (true, ..) | (_, true, true) => DiffKind::Edited,
        (_, true, _) => DiffKind::Added,
        (.., true) => DiffKind::Deleted,
        _ => return None,
    };
    Some(ObjectDiff { kind, ..found })
}

/// Compares two sets of equals: an edit is one deleted and one added.
pub(super) fn diff_set(name: &str, old: &[Flat], new: &[Flat]) -> Vec<ObjectDiff> {
    let only = |these: &[Flat], others: &[Flat]| -> BTreeSet<Flat> {
        these.iter().filter(|t| !others.contains(t)).cloned().collect()
    };
    let mut found: Vec<ObjectDiff> = only(old, new)
        .iter()
        .filter_map(|gone| diff_plain(name, Some(gone), None))
        .chain(only(new, old).iter().filter_map(|come| diff_plain(name, None, Some(come))))
        .collect();
    sort(&mut found);
    found
}

/// Pairs two lists by a key, in the order of the keys, each with both sides.
pub(super) fn pair<'a, T>(
    old: &'a [T],
    new: &'a [T],
    key: impl Fn(&T) -> &str,
) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let mut pairs: Map<(Option<&T>, Option<&T>)> = Map::new();
    for item in old {
        pairs.entry(key(item).to_owned()).or_default().0 = Some(item);
    }
    for item in new {
        pairs.entry(key(item).to_owned()).or_default().1 = Some(item);
    }
    pairs.into_values().collect()
}

/// Compares two sets of texts (datacenters, tags, policies). Equal ones are listed, with nothing changed.
pub(super) fn diff_texts(name: &str, old: &[String], new: &[String]) -> Option<ObjectDiff> {
    let old: BTreeSet<&String> = old.iter().collect();
    let new: BTreeSet<&String> = new.iter().collect();
    let added = new.difference(&old).count();
    let removed = old.difference(&new).count();
    let kind = match (added, removed) {
        (0, 0) if old.is_empty() => return None,
        (0, 0) => DiffKind::None,
        (_, 0) => DiffKind::Added,
        (0, _) => DiffKind::Deleted,
        _ => DiffKind::Edited,
    };
    let mut fields: Vec<FieldDiff> = old
        .union(&new)
        .map(|text| {
            let side = |set: &BTreeSet<&String>| {
                if set.contains(text) { (*text).clone() } else { String::new() }
            };
            let (old, new) = (side(&old), side(&new));
            let kind = match (old.is_empty(), new.is_empty()) {
                (true, false) => DiffKind::Added,
                (false, true) => DiffKind::Deleted,
                _ => DiffKind::None,
            };
            FieldDiff { kind, name: name.to_owned(), old, new, annotations: Vec::new() }
        })
        .collect();
    fields.sort_by(|a, b| (&a.old, &a.new).cmp(&(&b.old, &b.new)));
    Some(ObjectDiff { kind, name: name.to_owned(), fields, objects: Vec::new() })
}

/// The texts of a list in a document.
pub(super) fn texts(document: &Value, name: &str) -> Vec<String> {
    let list = document.get(name).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Compares two free-form documents: scalars are fields, maps and lists are objects inside.
pub(super) fn diff_value(
    name: &str,
    old: Option<&Value>,
    new: Option<&Value>,
) -> Option<ObjectDiff> {
    let present = |value: Option<&Value>| value.filter(|v| !v.is_null()).cloned();
    let (old, new) = (present(old), present(new));
    let flat = |value: &Option<Value>| {
        value.as_ref().map(|v| {
            members(v).into_iter().filter_map(|(k, v)| Some((k, scalar(v)?))).collect::<Flat>()
        })
    };
    let nested = |value: &Option<Value>| -> Map<Value> {
        let all = value.as_ref().map(members).unwrap_or_default();
        all.into_iter()
            .filter(|(_, v)| v.is_array() || v.is_object())
            .map(|(k, v)| (k, v.clone()))
            .collect()
    };
    let (old_nested, new_nested) = (nested(&old), nested(&new));
    let names: BTreeSet<&String> = old_nested.keys().chain(new_nested.keys()).collect();
    let objects = names
        .into_iter()
        .filter_map(|name| diff_value(name, old_nested.get(name), new_nested.get(name)))
        .collect();
    diff_object_with(name, flat(&old).as_ref(), flat(&new).as_ref(), objects)
}

fn members(value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), v)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(i, v)| (format!("[{i}]"), v)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// Edited first, then added, then deleted; equals by what they hold.
pub(super) fn sort(objects: &mut [ObjectDiff]) {
    let rank = |kind: DiffKind| match kind {
        DiffKind::Edited => 0,
        DiffKind::Added => 1,
        DiffKind::Deleted => 2,
        DiffKind::None => 3,
    };
    let texts = |o: &ObjectDiff| -> Vec<(String, String, String)> {
        o.fields.iter().map(|f| (f.name.clone(), f.old.clone(), f.new.clone())).collect()
    };
    objects.sort_by(|a, b| {
        (&a.name, rank(a.kind), a.fields.len(), a.objects.len())
            .cmp(&(&b.name, rank(b.kind), b.fields.len(), b.objects.len()))
            .then_with(|| texts(a).cmp(&texts(b)))
    });
}
