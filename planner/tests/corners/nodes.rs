//! Whether one node may take a group.

use serde_json::{Value, json};

use crate::cluster::*;

fn constrained(attributes: Value, left: &str, operand: &str, right: &str) -> String {
    let node = with(node(1), json!({"Attributes": attributes}));
    verdict(node, &job(json!({"Constraints": [condition(left, operand, right)]})))
}

/// One device group, and one request for it under a condition.
fn device(attributes: Value, left: &str, operand: &str, right: &str) -> String {
    let mut node = node(1);
    node["NodeResources"]["Devices"] = json!([{
        "Vendor": "v", "Type": "gpu", "Name": "n", "Instances": [{"ID": "i", "Healthy": true}],
        "Attributes": attributes,
    }]);
    let request =
        json!({"Name": "gpu", "Count": 1, "Constraints": [condition(left, operand, right)]});
    let task = task(json!({"CPU": 100, "MemoryMB": 100, "Devices": [request]}));
    verdict(node, &grouped(json!({"Tasks": [task]})))
}

#[test]
fn a_version_may_be_short_on_either_side() {
    let version = |v: &str, range: &str| constrained(json!({"v": v}), "${attr.v}", "semver", range);
    for (v, range) in
        [("1.9.3", ">= 1.9"), ("v1.9", ">= v1.9.0"), ("2", "> 1, < 3"), ("1.09.0", ">= 1.08")]
    {
        assert_eq!(version(v, range), "feasible", "{v} {range}");
    }
    for (v, range) in [("1.8", ">= 1.9"), (" 1.9", ">= 1.9"), ("1.9", ">= 1.9beta")] {
        assert_eq!(version(v, range), format!("${{attr.v}} semver {range}"));
    }
}

#[test]
fn an_attribute_is_found_without_its_closing_brace() {
    let known = json!({"num": "9"});
    assert_eq!(constrained(known.clone(), "${attr.num", "=", "9"), "feasible");
    assert_eq!(constrained(known, "${node.class", "=", ""), "${node.class = ");
}

#[test]
fn what_is_missing_differs_from_what_names_nothing() {
    let unequal = |left: &str, right: &str| constrained(json!({}), left, "!=", right);
    assert_eq!(unequal("${attr.x}", "${meta.y}"), "${attr.x} != ${meta.y}");
    assert_eq!(unequal("${node.x}", "${env.y}"), "${node.x} != ${env.y}");
    assert_eq!(unequal("${node.x}", "${meta.y}"), "feasible");
    assert_eq!(unequal("${attr.x}", "y"), "feasible");
}

#[test]
fn a_driver_may_be_known_by_its_attribute_alone() {
    let told = |value: &str| {
        let fields = json!({"Drivers": {}, "Attributes": {"driver.docker": value}});
        verdict(with(node(1), fields), &job(json!({})))
    };
    assert_eq!(told("1"), "feasible");
    assert_eq!(told("0"), "missing drivers");
}

#[test]
fn a_host_network_is_a_name_or_one_variable() {
    let told = |name: &str| {
        let mut node = with(node(1), json!({"Meta": {"net": "public"}}));
        node["NodeResources"]["NodeNetworks"][0]["Addresses"][0]["Alias"] = json!("public");
        let port = json!({"Label": "www", "HostNetwork": name});
        verdict(node, &grouped(json!({"Networks": [{"DynamicPorts": [port]}]})))
    };
    assert_eq!(told("${meta.net}"), "feasible");
    assert_eq!(
        told("the-${meta.net}"),
        "missing host network \"the-${meta.net}\" for port \"www\""
    );
    assert_eq!(told("${meta.x}"), "invalid host network \"${meta.x}\" template for port \"www\"");
}

#[test]
fn of_two_booleans_that_differ_each_is_the_greater() {
    let sli = |operand: &str, right: &str| {
        device(json!({"sli": {"Bool": false}}), "${device.attr.sli}", operand, right)
    };
    for (operand, right) in
        [(">", "true"), (">=", "true"), (">=", "false"), ("<=", "false"), ("!=", "true")]
    {
        assert_eq!(sli(operand, right), "feasible", "{operand} {right}");
    }
    for (operand, right) in [("<", "true"), ("<=", "true"), (">", "false"), ("=", "true")] {
        assert_eq!(sli(operand, right), "missing devices", "{operand} {right}");
    }
}

#[test]
fn a_whole_number_is_a_version_and_a_number_is_no_pattern() {
    let driver = json!({"driver": {"Int": 418}, "model": {"String": "418"}});
    let told =
        |left: &str, operand: &str, right: &str| device(driver.clone(), left, operand, right);
    assert_eq!(told("${device.attr.driver}", "version", ">= 400"), "feasible");
    assert_eq!(told("${device.attr.model}", "regexp", "^4"), "feasible");
    assert_eq!(told("${device.attr.model}", "regexp", "41"), "missing devices");
}

#[test]
fn system_jobs_know_no_distinct_hosts() {
    let one = json!({"LTarget": "", "RTarget": "true", "Operand": "distinct_hosts"});
    let group = |name: &str| json!({"Name": name, "Count": 1, "Tasks": [task(json!({"CPU": 100, "MemoryMB": 100}))]});
    let groups = json!({"Constraints": [one], "TaskGroups": [group("g"), group("h")]});
    let made = planned(&document(vec![node(1)]), &with(job(groups), json!({"Type": "system"})));
    assert_eq!(placed(&made), "a.g[0]@n1 a.h[0]@n1");
}

/// A node whose plugin mounts two volumes at most, and three volumes that are registered.
fn volumes(access: &str) -> steppe_planner::snapshot::Document {
    let plugin = json!({"Healthy": true, "NodeInfo": {"MaxVolumes": 2}});
    let mut document = document(vec![with(node(1), json!({"CSINodePlugins": {"ebs": plugin}}))]);
    let volume =
        |id: &str| json!({"ID": id, "PluginID": "ebs", "Schedulable": true, "AccessMode": access});
    document.csi_volumes = ["one", "two", "three"].map(volume).to_vec();
    document
}

fn mounting(job: &str, count: i64, volumes: &[&str]) -> Value {
    let asked = volumes.iter().map(|id| (*id, json!({"Name": id, "Type": "csi", "Source": id})));
    let asked: std::collections::BTreeMap<_, _> = asked.collect();
    with(grouped(json!({"Count": count, "Volumes": asked})), json!({"ID": job}))
}

#[test]
fn a_plugin_is_full_by_volumes_not_by_who_mounts_them() {
    let mut document = volumes("multi-node-multi-writer");
    deploy(&mut document, &mounting("a", 3, &["one"]));
    assert_eq!(verdicts(&document, &mounting("b", 1, &["two"])), ["feasible"]);
    deploy(&mut document, &mounting("b", 1, &["two"]));
    let full = "CSI plugin ebs has the maximum number of volumes on client id1";
    assert_eq!(verdicts(&document, &mounting("c", 1, &["three"])), [full]);
}

#[test]
fn a_writer_is_in_the_way_of_other_jobs_only() {
    let mut document = volumes("single-node-writer");
    deploy(&mut document, &mounting("a", 1, &["one"]));
    let writer = document.allocations[0].id.clone();
    document.csi_volumes[0]["WriteAllocs"] = json!({writer: null});
    assert_eq!(verdicts(&document, &mounting("a", 2, &["one"])), ["feasible"]);
    let taken = "CSI volume one has exhausted its available writer claims";
    assert_eq!(verdicts(&document, &mounting("b", 1, &["one"])), [taken]);
    document.csi_volumes[0]["ResourceExhausted"] = json!("2021-07-01T12:00:00Z");
    let exhausted = "CSI volume one is unschedulable or is read-only";
    assert_eq!(verdicts(&document, &mounting("a", 2, &["one"])), [exhausted]);
}

#[test]
fn a_volume_of_no_access_mode_is_written_as_it_was_registered() {
    let mut document = volumes("");
    let job = mounting("a", 1, &["one"]);
    let read_only = "CSI volume one is unschedulable or is read-only";
    assert_eq!(verdicts(&document, &job), [read_only]);
    document.csi_volumes[0]["RequestedCapabilities"] =
        json!([{"AccessMode": "single-node-writer"}]);
    assert_eq!(verdicts(&document, &job), ["feasible"]);
}
