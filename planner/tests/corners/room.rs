//! Room made by evicting others: what the newcomer gets, what it scores, and what is in the way.

use serde_json::{Value, json};
use steppe_planner::snapshot::Document;

use crate::cluster::*;

/// A job that asks for things.
fn asking(id: &str, priority: i64, resources: Value) -> Value {
    let group = grouped(json!({"Tasks": [task(resources)]}));
    with(group, json!({"ID": id, "Priority": priority}))
}

fn full(resources: Value) -> Document {
    deployed(vec![node(1)], &asking("low", 10, resources))
}

#[test]
fn whole_cores_count_in_the_score_of_a_node_that_is_cleared() {
    let document = full(json!({"CPU": 900, "MemoryMB": 100}));
    let made = planned(&document, &asking("high", 80, json!({"Cores": 1, "MemoryMB": 100})));
    let placement = &made.placements[0];
    assert_eq!((placement.preempted.len(), placed(&made).as_str()), (1, "high.g[0]@n1"));
    // The victim's 900 still count, and half of the node's 1000 is the core's.
    let free = |used: f64, of: f64| libm::pow(10.0, 1.0 - used / of);
    let fit = (20.0 - free(1400.0, 1000.0) - free(200.0, 1000.0)) / 18.0;
    assert!(
        (placement.scores["binpack"] - fit).abs() < 1e-9,
        "{} {fit}",
        placement.scores["binpack"]
    );
}

/// A node with two devices.
fn with_devices() -> Value {
    let mut node = node(1);
    let instance = |id: &str| json!({"ID": id, "Healthy": true});
    node["NodeResources"]["Devices"] = json!([
        {"Vendor": "v", "Type": "gpu", "Name": "n", "Instances": [instance("1"), instance("2")]},
    ]);
    node
}

#[test]
fn who_goes_for_cpu_keeps_its_device_from_the_newcomer() {
    let gpu =
        |cpu: i64| json!({"CPU": cpu, "MemoryMB": 100, "Devices": [{"Name": "gpu", "Count": 1}]});
    let document = deployed(vec![with_devices()], &asking("low", 10, gpu(900)));
    let made = planned(&document, &asking("high", 80, gpu(500)));
    let given = &made.placements[0].resources.tasks["t"].devices[0].device_ids;
    assert_eq!(
        (made.placements[0].preempted.len(), given.as_slice()),
        (1, ["2".to_owned()].as_slice())
    );
}

#[test]
fn the_last_thing_in_the_way_is_told() {
    let gpus =
        |cpu: i64| json!({"CPU": cpu, "MemoryMB": 100, "Devices": [{"Name": "gpu", "Count": 2}]});
    let document = deployed(vec![with_devices()], &asking("low", 10, gpus(100)));
    // The devices could be had, 5000 MHz could not.
    let made = planned(&document, &asking("high", 80, gpus(5000)));
    let exhausted: Vec<&str> =
        made.failed_groups["g"].dimension_exhausted.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(exhausted, ["cpu"]);
}

#[test]
fn what_a_group_lets_move_at_once_spares_none_of_it() {
    let low = |id: &str, cpu: i64| {
        let resources = task(json!({"CPU": cpu, "MemoryMB": 100}));
        let migrate = json!({"Tasks": [resources], "Count": 2, "Migrate": {"MaxParallel": 1}});
        with(grouped(migrate), json!({"ID": id, "Priority": 10}))
    };
    let mut document = deployed(vec![node(1)], &low("fitting", 300));
    deploy(&mut document, &low("small", 200));
    let high = grouped(json!({"Tasks": [task(json!({"CPU": 300, "MemoryMB": 100}))], "Count": 2}));
    let made = planned(&document, &with(high, json!({"ID": "high", "Priority": 80})));
    let gone =
        |id: &String| document.allocations.iter().any(|a| a.id == *id && a.job_id == "fitting");
    let fitting = made.placements.iter().map(|p| p.preempted.iter().filter(|id| gone(id)).count());
    assert_eq!(fitting.collect::<Vec<_>>(), [1, 1]);
}
