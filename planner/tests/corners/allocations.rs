//! What becomes of the allocations a job has, and in what order others are placed.

use serde_json::json;

use crate::cluster::*;

#[test]
fn new_ones_are_placed_before_those_that_move() {
    let mut document = deployed(vec![node(1), node(2)], &grouped(json!({"Count": 2})));
    alloc(&mut document, "a.g[0]").desired_transition =
        Some(serde_json::from_value(json!({"Migrate": true})).expect("a transition"));
    let made = planned(&document, &grouped(json!({"Count": 3})));
    let names: Vec<&str> = made.placements.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["a.g[2]", "a.g[0]"]);
}

#[test]
fn whoever_was_told_to_stop_on_a_node_that_went_down_is_lost() {
    for kind in ["service", "system"] {
        let job = job(json!({"Type": kind}));
        let mut document = deployed(vec![node(1)], &job);
        document.allocations[0].desired_status = "stop".to_owned();
        document.nodes[0].status = "down".to_owned();
        let made = planned(&document, &job);
        let told: Vec<_> = made.stops.iter().map(|s| (&*s.name, &*s.client_status)).collect();
        assert_eq!(told, [("a.g[0]", "lost")], "{kind}");
        document.allocations[0].client_status = "complete".to_owned();
        assert!(planned(&document, &job).stops.is_empty(), "{kind}");
    }
}

#[test]
fn of_equal_names_the_lower_number_goes_first() {
    let mut document = deployed(vec![node(1)], &grouped(json!({"Count": 3})));
    document.deployments.clear();
    // The order of their IDs says nothing.
    for (name, id) in [("a.g[2]", "1"), ("a.g[1]", "3"), ("a.g[0]", "2")] {
        alloc(&mut document, name).id = id.to_owned();
    }
    alloc(&mut document, "a.g[0]").name = "a.g[1]".to_owned();
    let made = planned(&document, &grouped(json!({"Count": 1})));
    let stopped: Vec<&str> = made.stops.iter().map(|s| s.alloc_id.as_str()).collect();
    assert_eq!(stopped, ["2", "3"]);
}

#[test]
fn what_is_to_come_anyway_needs_no_blocked_evaluation() {
    let minute = 60_000_000_000_i64;
    let group = grouped(json!({"StopAfterClientDisconnect": minute}));
    let other =
        json!({"Name": "h", "Count": 1, "Tasks": [task(json!({"CPU": 5000, "MemoryMB": 100}))]});
    let mut document = deployed(vec![node(1), node(2)], &group);
    document.nodes[0].status = "down".to_owned();
    document.nodes[1].status = "down".to_owned();
    let mut both = group;
    both["TaskGroups"].as_array_mut().expect("groups").push(other);
    let made = planned(&document, &both);
    let triggers: Vec<&str> = made.created_evals.iter().map(|e| e.triggered_by.as_str()).collect();
    assert_eq!((triggers, made.queued["h"]), (vec!["alloc-failure"], 1));
}

#[test]
fn without_a_deployment_a_canary_is_none() {
    let update = json!({"MaxParallel": 0, "Canary": 1});
    let before = grouped(json!({"Update": update}));
    let document = deployed(vec![node(1)], &before);
    assert!(document.deployments.is_empty());
    let larger = json!([task(json!({"CPU": 200, "MemoryMB": 100}))]);
    let made = planned(&document, &grouped(json!({"Update": update, "Tasks": larger})));
    assert_eq!((placed(&made).as_str(), made.desired_updates["g"].canary), ("a.g[0]@n1", 1));
    assert!(!made.placements[0].canary);
}

#[test]
fn who_is_updated_in_place_keeps_paying_for_cores() {
    let group = |count: i64, priority: i64| {
        let tasks = json!([task(json!({"Cores": 1, "MemoryMB": 100}))]);
        with(grouped(json!({"Count": count, "Tasks": tasks})), json!({"Priority": priority}))
    };
    let mut document = deployed(vec![node(1)], &group(1, 50));
    // Half of the node is the first core's; 600 MHz do not fit beside it, updated or not.
    let large =
        json!({"Name": "h", "Count": 1, "Tasks": [task(json!({"CPU": 600, "MemoryMB": 100}))]});
    let mut both = group(1, 60);
    both["TaskGroups"].as_array_mut().expect("groups").push(large);
    let made = deploy(&mut document, &both);
    assert_eq!((made.in_place.len(), placed(&made).as_str()), (1, ""));
}

#[test]
fn a_value_that_an_update_frees_can_be_taken_by_the_next() {
    let one_a_rack = json!([condition("${meta.rack}", "distinct_property", "1")]);
    let group = |cpu: i64| {
        let tasks = json!([task(json!({"CPU": cpu, "MemoryMB": 100}))]);
        let update = json!({"MaxParallel": 2});
        grouped(json!({"Count": 2, "Constraints": one_a_rack, "Tasks": tasks, "Update": update}))
    };
    let mut document = deployed(vec![node(1), node(2)], &group(100));
    document.nodes[1].scheduling_eligibility = "ineligible".to_owned();
    let beside = with(node(3), json!({"Meta": {"rack": "r2"}}));
    document.nodes.push(serde_json::from_value(beside).expect("a node"));
    let made = planned(&document, &group(200));
    assert_eq!(placed(&made), "a.g[0]@n1 a.g[1]@n3");
}

#[test]
fn what_failed_is_tried_again_beside_a_full_group() {
    let mut document = deployed(vec![node(1), node(2)], &grouped(json!({"Count": 2})));
    document.deployments.clear();
    let failed = alloc(&mut document, "a.g[1]");
    failed.client_status = "failed".to_owned();
    failed.modify_time = 1_600_000_000_000_000_000;
    let made = planned(&document, &grouped(json!({"Count": 1})));
    assert_eq!(made.placements.len() + made.in_place.len(), 2, "one stays, one is tried again");
}

#[test]
fn each_allocation_follows_its_own_volume() {
    let at = |number: usize, plugin: &str| {
        let plugins = json!({plugin: {"Healthy": true, "NodeInfo": {"MaxVolumes": 9}}});
        with(node(number), json!({"CSINodePlugins": plugins}))
    };
    let mut document = document(vec![at(1, "one"), at(2, "two")]);
    let registered = |id: &str, plugin: &str| json!({"ID": id, "PluginID": plugin, "Schedulable": true, "AccessMode": "single-node-writer"});
    document.csi_volumes = vec![registered("disk[0]", "two"), registered("disk[1]", "one")];
    let volume = json!({"Name": "v", "Type": "csi", "Source": "disk", "PerAlloc": true});
    let made = planned(&document, &grouped(json!({"Count": 2, "Volumes": {"v": volume}})));
    assert_eq!(placed(&made), "a.g[0]@n2 a.g[1]@n1");
}
