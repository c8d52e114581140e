//! A suggestion, applied, does what it promised.

use proptest::prelude::*;
use steppe_planner::jobspec::edited;
use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::Snapshot;
use steppe_planner::whatif::what_if;
use steppe_planner::{ParseOptions, PlanOptions, api, canonicalize, outline, parse, suggest};

use crate::cluster::{document, jobs, nodes, snapshot};

/// A job file that asks for more than small clusters have, in one way or several.
fn text() -> impl Strategy<Value = String> {
    let seeds = (1u8..9, 1u16..2000, any::<bool>(), 0u8..4, 0u8..3, 0u8..3);
    seeds.prop_map(|(count, memory, fixed, volume, datacenter, constraint)| {
        let port = if fixed { " static = 3306 " } else { "" };
        let volume = match volume {
            0 => "    volume \"d\" {\n      type = \"host\"\n      source = \"data\"\n    }\n",
            1 => "    volume \"d\" {\n      type = \"host\"\n      source = \"dta\"\n    }\n",
            _ => "",
        };
        let datacenter = ["dc1", "dc1", "dc2"][usize::from(datacenter)];
        let constraint = match constraint {
            0 => "    constraint {\n      attribute = \"${attr.kernel.name}\"\n      value = \"darwin\"\n    }\n",
            1 => "    constraint {\n      operator = \"distinct_hosts\"\n      value = \"true\"\n    }\n",
            _ => "",
        };
        format!(
            "job \"new\" {{\n  datacenters = [\"{datacenter}\"]\n  group \"g\" {{\n    count = {count}\n{volume}{constraint}    \
             network {{\n      port \"p\" {{{port}}}\n    }}\n    task \"t\" {{\n      driver = \"docker\"\n      config {{\n        \
             image = \"a\"\n      }}\n      resources {{\n        memory = {memory}\n      }}\n    }}\n  }}\n}}\n"
        )
    })
}

fn waiting(text: &str, snapshot: &Snapshot) -> (i64, api::Job) {
    let mut job = parse(text, &ParseOptions::default()).job.expect("a job");
    canonicalize(&mut job, Semantics::default());
    (outline(&job, snapshot, &PlanOptions::default()).unplaced(), job)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_suggested_helps(nodes in nodes(), jobs in jobs(), text in text()) {
        let snapshot = snapshot(&document(&nodes, &jobs));
        let (before, job) = waiting(&text, &snapshot);
        let suggestions = suggest(&text, &ParseOptions::default(), &snapshot);
        prop_assert!(before > 0 || suggestions.is_empty());
        for suggestion in suggestions {
            let changed = edited(&text, &suggestion.edits);
            let other = suggestion.edit.iter().map(|edit| what_if(&snapshot, std::slice::from_ref(edit), Some(&job)).expect("it can be made").snapshot).next();
            let (after, _) = waiting(&changed, other.as_ref().unwrap_or(&snapshot));
            prop_assert_eq!((suggestion.of, suggestion.waiting), (before, after));
            prop_assert!(after < before, "{}", suggestion.title);
        }
    }
}
