//! Texts as users read them.

use super::*;
use crate::api::{
    self, AllocMetric, DiffKind, FieldDiff, Holder, JobDiff, ObjectDiff, TaskDiff, TaskGroupDiff,
};
use crate::plan::*;

fn field(kind: DiffKind, name: &str, old: &str, new: &str) -> FieldDiff {
    FieldDiff { kind, name: name.into(), old: old.into(), new: new.into(), ..Default::default() }
}

#[test]
fn markers_and_names_line_up() {
    let task = TaskDiff {
        kind: DiffKind::Edited,
        name: "httpd".into(),
        fields: vec![
            field(DiffKind::Added, "Env[EXTRA]", "", "1"),
            field(DiffKind::Edited, "Env[GREETING]", "hello", "bonjour"),
        ],
        objects: vec![ObjectDiff {
            kind: DiffKind::Edited,
            name: "Config".into(),
            fields: vec![
                field(DiffKind::None, "args[0]", "a", "a"),
                field(DiffKind::Edited, "image", "img:1", "img:2"),
            ],
            objects: vec![],
        }],
        annotations: vec!["forces create/destroy update".into()],
    };
    let diff = JobDiff {
        kind: DiffKind::Edited,
        id: "web".into(),
        task_groups: vec![TaskGroupDiff {
            kind: DiffKind::Edited,
            name: "web".into(),
            tasks: vec![task],
            updates: [("create".to_owned(), 2)].into(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let expected = "\
+/- Job: \"web\"
+/- Task Group: \"web\" (2 create)
  +/- Task: \"httpd\" (forces create/destroy update)
    +   Env[EXTRA]:    \"1\"
    +/- Env[GREETING]: \"hello\" => \"bonjour\"
    +/- Config {
          args[0]: \"a\"
      +/- image:   \"img:1\" => \"img:2\"
        }

";
    assert_eq!(diff_text(&diff, &TextOptions::default()), expected);
}

#[test]
fn a_failed_group_names_what_is_exhausted() {
    let metric = AllocMetric {
        nodes_evaluated: 1,
        nodes_exhausted: 1,
        dimension_exhausted: [("network: reserved port collision db=3306".to_owned(), 1)].into(),
        ..Default::default()
    };
    let answer = api::JobPlanResponse {
        failed_tg_allocs: [("g".to_owned(), metric)].into(),
        ..Default::default()
    };
    let expected = "\
Scheduler dry-run:
- WARNING: Failed to place all allocations.
  Task Group \"g\" (failed to place 1 allocation):
    * Resources exhausted on 1 nodes
    * Dimension \"network: reserved port collision db=3306\" exhausted on 1 nodes

";
    assert_eq!(plan_text(&answer, "service", &TextOptions::default()), expected);
}

#[test]
fn a_rolling_update_stands_apart_from_what_failed() {
    let mut answer = api::JobPlanResponse::default();
    answer.created_evals.push(api::Evaluation {
        triggered_by: "rolling-update".to_owned(),
        wait: Some(30_000_000_000),
        ..api::Evaluation::default()
    });
    let next = "- Rolling update, next evaluation will be in 30s.";
    let told = |answer: &api::JobPlanResponse| plan_text(answer, "system", &TextOptions::default());
    assert!(told(&answer).contains(&format!("allocated.\n{next}")), "{}", told(&answer));
    let metric = AllocMetric { nodes_exhausted: 1, nodes_evaluated: 1, ..AllocMetric::default() };
    answer.failed_tg_allocs.insert("g".to_owned(), metric);
    assert!(told(&answer).contains(&format!("on 1 nodes\n\n{next}")), "{}", told(&answer));
}

#[test]
fn every_reason_of_a_node_is_named_with_its_holder() {
    let failure = |check, message: &str, required: &str, actual: &str, holders| Failure {
        check,
        message: message.into(),
        required: required.into(),
        actual: actual.into(),
        holders,
        ..Default::default()
    };
    let holder = Holder { kind: "process".into(), id: "4242".into(), name: "mysqld".into() };
    let plan = Plan {
        failed_groups: [("g".to_owned(), AllocMetric::default())].into(),
        groups: vec![GroupReport {
            name: "g".into(),
            nodes: vec![NodeVerdict {
                node_name: "client-1".into(),
                datacenter: "dc1".into(),
                outcome: Outcome::Filtered,
                failures: vec![
                    failure(Check::Memory, "not enough memory", "512 MB", "200 MB free", vec![]),
                    failure(Check::Port, "port 3306 is taken", "port 3306", "held", vec![holder]),
                ],
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let expected = "\
Why not: task group \"g\"
  client-1 (dc1)
    * not enough memory
        required: 512 MB; actual: 200 MB free
    * port 3306 is taken
        required: port 3306; actual: held; held by: process mysqld (pid 4242)";
    assert_eq!(report_text(&plan, Paint::default()), expected);
}

#[test]
fn placements_show_node_ports_and_volumes() {
    let plan = Plan {
        placements: vec![Placement {
            name: "mysql.db[0]".into(),
            node_name: "client-3".into(),
            datacenter: "dc1".into(),
            ports: vec![PlannedPort {
                label: "db".into(),
                host_ip: "127.0.0.1".into(),
                value: 3306,
                ..Default::default()
            }],
            volumes: vec![PlannedVolume {
                source: "mysql-vol".into(),
                path: "/data".into(),
                mounts: vec!["db:/var/lib/mysql".into()],
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let expected = "\
Placements
Allocation   Node      Datacenter  Ports              Volumes
mysql.db[0]  client-3  dc1         db 127.0.0.1:3306  mysql-vol (/data) -> db:/var/lib/mysql";
    assert_eq!(report_text(&plan, Paint::default()), expected);
}

#[test]
fn a_count_below_zero_is_no_change_too_many() {
    // So it comes from a Nomad that takes a node off which it was not going to place anything on.
    let below = api::DesiredUpdates { place: u64::MAX, stop: 1, ..Default::default() };
    assert!(makes_changes(&[("g".to_owned(), below)].into_iter().collect()));
    let none = api::DesiredUpdates { ignore: 1, ..Default::default() };
    assert!(!makes_changes(&[("g".to_owned(), none)].into_iter().collect()));
}
