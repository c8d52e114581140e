//! The sentences against the tables they are about: nothing is missing, and nothing is said about what is not there.

use std::collections::BTreeSet;

use super::Docs;
use super::describe;
use super::place::Around;
use super::runtime;
use crate::jobspec::hcl2;
use crate::jobspec::schema::{FILE, Field, driver_config, drivers};

/// Fields whose values say what they are.
const PLAIN_VALUES: [&str; 8] = [
    "method",
    "kill_signal",
    "change_signal",
    "tls_min_version",
    "tls_max_version",
    "time_zone",
    "propagation",
    "drive_interface",
];

/// Which paths are looked for, and which of them are found.
struct Walk<'d> {
    docs: &'d Docs,
    seen: BTreeSet<(&'static str, &'static str, usize)>,
    used: BTreeSet<String>,
    missing: BTreeSet<String>,
}

impl Walk<'_> {
    fn expect(&mut self, paths: Vec<String>) {
        match paths.iter().find(|path| self.docs.find(path).is_some_and(|d| !d.text.is_empty())) {
            Some(path) => _ = self.used.insert(path.clone()),
            None => _ = self.missing.insert(paths.join(" or ")),
        }
    }

    fn fields(&mut self, around: &mut Vec<Around<'static>>, fields: &'static [Field]) {
        for field in fields {
            self.expect(describe::paths(around, field.name, field.is_block()));
            let plain = PLAIN_VALUES.contains(&field.name);
            for value in field.values.iter().filter(|_| !plain) {
                self.expect(describe::paths(around, &format!("{}={value}", field.name), true));
            }
            let Some(inner) = field.nested() else { continue };
            let parent = around.last().map_or("", |around| around.name);
            if self.seen.insert((parent, field.name, std::ptr::from_ref(inner) as usize)) {
                around.push(Around {
                    name: field.name,
                    schema: inner.name,
                    fields: inner.fields,
                    ..Around::UNKNOWN
                });
                self.fields(around, inner.fields);
                around.pop();
            }
        }
    }
}

#[test]
fn every_name_is_explained_and_nothing_else() {
    let docs = Docs::included();
    let (seen, used, missing) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut walk = Walk { docs: &docs, seen, used, missing };
    let file = Around { fields: FILE.fields, ..Around::UNKNOWN };
    walk.fields(&mut vec![file], FILE.fields);
    let dynamic = crate::jobspec::schema::DYNAMIC.fields;
    let here = Around { name: "dynamic", schema: "dynamic", fields: dynamic, ..Around::UNKNOWN };
    walk.fields(&mut vec![file, here], dynamic);
    walk.expect(vec!["dynamic".to_owned()]);
    for driver in drivers() {
        let fields = driver_config(driver).map_or(&[][..], |config| config.fields);
        let task = Around { name: "task", ..Around::UNKNOWN };
        let config = Around { name: "config", label: driver, fields, ..Around::UNKNOWN };
        walk.fields(&mut vec![task, config], fields);
    }
    for name in hcl2::function_names() {
        walk.expect(vec![format!("function.{name}")]);
    }
    let names = runtime::NODE.iter().chain(&runtime::DEVICE).chain(&runtime::TASK);
    let families = runtime::OF_PORT.iter().chain([&runtime::OF_META, &"attr.", &"meta."]);
    for name in names.chain(families) {
        walk.expect(vec![format!("runtime.{name}")]);
    }
    for name in runtime::ATTRIBUTES {
        walk.expect(vec![format!("runtime.attr.{name}")]);
    }
    let missing: Vec<String> = walk.missing.into_iter().collect();
    assert!(missing.is_empty(), "not explained:\n{}", missing.join("\n"));
    let orphans: Vec<&str> = docs.paths().filter(|path| !walk.used.contains(*path)).collect();
    assert!(orphans.is_empty(), "explained, but nowhere to be found:\n{}", orphans.join("\n"));
    let all: Vec<&str> = docs.paths().collect();
    let twice: Vec<&&str> = all.windows(2).filter(|w| w[0] == w[1]).map(|w| &w[0]).collect();
    assert!(twice.is_empty(), "explained twice: {twice:?}");
}

#[test]
fn sentences_are_sentences() {
    let docs = Docs::included();
    let mut wrong = Vec::new();
    for path in docs.paths() {
        let doc = docs.find(path).unwrap_or_default();
        let begins = doc.text.chars().next().is_some_and(|letter| !letter.is_lowercase());
        if !begins || !doc.text.ends_with(['.', '?']) || doc.text.contains(['\t', '<', '`']) {
            wrong.push(path);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn functions_are_described_with_as_many_parameters_as_they_take() {
    let docs = Docs::included();
    for (name, least, most) in hcl2::function_arities() {
        let doc = docs.find(&format!("function.{name}")).unwrap_or_default();
        let inside = doc.default.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let inside = inside.unwrap_or_else(|| panic!("{name} has no parameters in parentheses"));
        let parameters: Vec<&str> = inside.split(", ").filter(|name| !name.is_empty()).collect();
        let optional = parameters.iter().filter(|name| name.ends_with('?')).count();
        let many = parameters.last().is_some_and(|name| name.ends_with('…'));
        let given = parameters.len();
        // What may come any number of times may also not come.
        let needed = if many { least.max(given - 1) } else { given - optional };
        assert_eq!(needed, least, "{name}: the least number of arguments");
        let limit = if many { usize::MAX } else { given };
        assert_eq!(limit, most, "{name}: the largest number of arguments");
    }
}
