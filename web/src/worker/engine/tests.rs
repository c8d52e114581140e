//! The engine on the sample cluster, without a browser.

use super::*;
use crate::examples;
use crate::preview::BlockKind;

const SAMPLE_CLUSTER: &str = include_str!("../../../static/sample-cluster.json");

fn engine() -> Engine {
    let mut engine = Engine::default();
    assert_eq!(engine.load(SAMPLE_CLUSTER), Ok(100));
    engine.later = crate::worker::later::tools().ok();
    engine
}

#[test]
fn the_first_part_plans_alone_and_says_less() {
    let mut whole = engine();
    let mut first = engine();
    first.later = None;
    for example in examples::ALL {
        let [plan, less] =
            [&mut whole, &mut first].map(|engine| preview(engine, example.source).plan);
        let (plan, less) = (plan.expect("a plan"), less.expect("a plan"));
        assert_eq!((&plan.placements, &plan.digest), (&less.placements, &less.digest));
        assert!(less.groups.iter().all(|group| group.verdicts.is_empty()));
    }
    let json = Question { source: "{}".to_owned(), ..Question::default() };
    assert!(first.lacks(&Request::Plan(json)));
}

fn preview(engine: &mut Engine, source: &str) -> Preview {
    let question = Question { number: 7, source: source.to_owned(), ..Question::default() };
    engine.preview(&question, &|| 0.0)
}

#[test]
fn every_example_is_a_good_job() {
    let mut engine = engine();
    for example in examples::ALL {
        let preview = preview(&mut engine, example.source);
        assert_eq!(preview.errors(), 0, "{}: {:?}", example.key, preview.findings);
        let plan = preview.plan.expect("a text without errors is planned");
        assert_eq!(plan.unplaced() > 0, example.key == "impossible", "{}", example.key);
    }
}

#[test]
fn the_first_example_is_placed_with_its_port_and_drawn_as_a_ghost() {
    let preview = preview(&mut engine(), examples::FIRST.source);
    assert_eq!((preview.number, preview.format.as_str()), (7, "hcl1"));
    let plan = preview.plan.expect("it is planned");
    let placed = &plan.placements[0];
    assert_eq!(placed.name, "mysql-5.7.mysql-group[0]");
    assert_eq!(placed.ports[0].value, 3306);
    let ghosts: Vec<_> = preview
        .topology
        .nodes
        .iter()
        .flat_map(|n| n.blocks.iter().map(move |b| (&n.look.name, b)))
        .filter(|(_, b)| b.kind == BlockKind::Ghost)
        .collect();
    assert_eq!(ghosts.len(), 1);
    assert_eq!(*ghosts[0].0, placed.node_name);
    assert_eq!(ghosts[0].1.memory_mb, 256);
    assert_eq!(ghosts[0].1.ports.len(), 1, "{:?}", ghosts[0].1.ports);
}

#[test]
fn what_fits_nowhere_names_every_reason_of_every_node() {
    let impossible = examples::ALL.iter().find(|e| e.key == "impossible").expect("it exists");
    let plan = preview(&mut engine(), impossible.source).plan.expect("it is planned");
    let verdicts = &plan.groups[0].verdicts;
    assert_eq!(verdicts.len(), 7);
    assert!(verdicts.iter().all(|v| v.failures.len() >= 5), "{verdicts:?}");
}

#[test]
fn a_broken_text_has_findings_and_no_plan_but_the_cluster_stays() {
    let preview = preview(&mut engine(), "job \"a\" {\n  group \"g\" {\n");
    assert!(preview.errors() > 0);
    assert_eq!(preview.plan, None);
    assert_eq!(preview.topology.nodes.len(), 7);
}

#[test]
fn only_the_rows_on_the_screen_travel() {
    let rows = crate::worker::Rows { placements: 1, verdicts: 2, nodes: 3 };
    let web = examples::ALL.iter().find(|e| e.key == "web").expect("it exists");
    let question =
        Question { number: 1, source: web.source.to_owned(), rows, ..Question::default() };
    let preview = engine().preview(&question, &|| 0.0);
    let plan = preview.plan.expect("it is planned");
    assert_eq!((plan.placements.len(), plan.placements_total), (1, 3));
    assert_eq!((plan.groups[0].verdicts.len(), plan.groups[0].verdicts_total), (2, 7));
    assert_eq!((preview.topology.nodes.len(), preview.topology.nodes_total), (3, 7));
}

#[test]
fn a_scene_is_planned_in_and_left_again() {
    let mut engine = engine();
    let real = preview(&mut engine, examples::FIRST.source);
    let node = real.plan.as_ref().expect("it is planned").placements[0].node_name.clone();
    let scene = format!(r#"{{"edits":[{{"Kind":"Remove","Node":"{node}"}}],"before":[]}}"#);
    let source = examples::FIRST.source.to_owned();
    let question = Question { number: 7, source, scene, ..Question::default() };
    let tried = engine.preview(&question, &|| 0.0);
    assert_eq!(tried.snapshot_index, real.snapshot_index, "it is the same cluster still");
    let told = tried.staged.expect("it says so");
    assert!(told.contains(r#""error":"""#), "{told}");
    let elsewhere = &tried.plan.expect("it is planned").placements[0].node_name;
    assert_ne!(*elsewhere, node);
    let gone = tried.topology.nodes.iter().find(|n| n.look.name == node);
    let gone = gone.expect("it is still drawn");
    assert_eq!(gone.look.status, "removed");
    assert!(gone.blocks.iter().all(|b| b.kind == BlockKind::Leaving), "{gone:?}");
    assert_eq!(preview(&mut engine, examples::FIRST.source), real);
}

#[test]
fn what_would_move_stands_in_both_places() {
    let mut engine = engine();
    let scene = r#"{"edits":[{"Kind":"Drain","Node":"maple"}]}"#.to_owned();
    let source = examples::FIRST.source.to_owned();
    let question = Question { source, scene, ..Question::default() };
    let topology = engine.preview(&question, &|| 0.0).topology;
    let block = |node: &str, kind| {
        let row = topology.nodes.iter().find(|n| n.look.name == node).expect("it is drawn");
        row.blocks.iter().find(|b| b.kind == kind && b.name == "metrics.metrics[0]")
    };
    let leaving = block("maple", BlockKind::Leaving).expect("it would leave");
    let ghost = block("cedar", BlockKind::Ghost).expect("it would come");
    assert_eq!((leaving.fate.as_str(), ghost.fate.as_str()), ("to cedar", "from maple"));
    assert!(leaving.memory_mb > 0 && ghost.memory_mb > 0, "{leaving:?} {ghost:?}");
}

#[test]
fn what_would_be_preempted_is_marked_before() {
    let mut engine = Engine::default();
    let full = r#"{"Version":1,"Index":9,"Profile":"2.0",
        "SchedulerConfig":{"PreemptionConfig":{"ServiceSchedulerEnabled":true}},
        "Nodes":[{"ID":"id-n1","Name":"n1","Datacenter":"dc1","Status":"ready",
            "SchedulingEligibility":"eligible","Drivers":{"mock":{"Detected":true,"Healthy":true}},
            "NodeResources":{"Cpu":{"CpuShares":1000},"Memory":{"MemoryMB":1000},"Disk":{"DiskMB":9000},
                "Networks":[{"Mode":"host"}]}}],
        "Jobs":[{"ID":"low","Name":"low","Type":"service","Priority":20,"Version":0,"Datacenters":["dc1"],
            "TaskGroups":[{"Name":"g","Count":1,"Tasks":[{"Name":"t","Driver":"mock",
            "Resources":{"CPU":500,"MemoryMB":800}}]}]}],
        "Allocations":[{"ID":"a1","Name":"low.g[0]","Namespace":"default","NodeID":"id-n1","JobID":"low",
            "JobVersion":0,"TaskGroup":"g","DesiredStatus":"run","ClientStatus":"running",
            "AllocatedResources":{"Shared":{"DiskMB":300},"Tasks":{"t":{"Cpu":{"CpuShares":500},"Memory":{"MemoryMB":800}}}}}]}"#;
    assert_eq!(engine.load(full), Ok(9));
    let text = r#"job "high" {
        datacenters = ["dc1"]
        priority = 90
        group "g" {
          task "t" {
            driver = "mock"
            resources {
              cpu = 500
              memory = 800
            }
          }
        }
      }"#;
    let preview = preview(&mut engine, text);
    let plan = preview.plan.as_ref().expect("it is planned");
    assert_eq!(plan.placements.len(), 1, "{:?}", plan.groups);
    assert_eq!(plan.placements[0].preempted, ["a1"]);
    let blocks = &preview.topology.nodes[0].blocks;
    let victim = blocks.iter().find(|b| b.name == "low.g[0]").expect("it is still there");
    assert_eq!((victim.kind, victim.fate.as_str()), (BlockKind::Leaving, "preempted"));
}

#[test]
fn a_change_before_the_first_snapshot_is_refused() {
    let delta = r#"{"Version":1,"Base":4,"Index":5}"#;
    assert!(Engine::default().load(delta).is_err());
}
