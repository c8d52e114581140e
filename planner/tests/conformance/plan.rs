//! Compares a plan with what Nomad's scheduler did.
//!
//! `groups` are verdicts on the cluster before the plan; `greedy` is Nomad's scheduler with its dice taken away.
//! Where the corpus has a run without Nomad's class cache, that one counts.

use std::path::Path;

use serde_json::{Value as Json, json};
use steppe_planner::plan::check as check_plan;
use steppe_planner::plan::{GroupReport, NodeVerdict, Outcome, Placement, Plan};
use steppe_planner::scheduler::verdicts;
use steppe_planner::{PlanOptions, plan};

use crate::case::Differences;
use crate::input::{self, Input};
use crate::rules::Rules;
use crate::text;

/// Checks one case.
pub(crate) fn check(folder: &Path) -> Differences {
    let expected = input::json(&folder.join("expected.json")).expect("the case is JSON");
    if expected["parse_error"].is_string() || expected["admission"]["error"].is_string() {
        // Such jobs never get to planning; refusing them is the parse suite's matter.
        return Differences::new();
    }
    let input = match input::read(folder) {
        Ok(input) => input,
        Err(error) => return vec![error],
    };
    let mut differences = Differences::new();
    let run = match &expected["greedy_uncached"] {
        Json::Null => &expected["greedy"],
        run => run,
    };
    let rules = Rules::of(&input, run);
    for report in verdicts(&input.job, &input.snapshot) {
        group(&expected["groups"][&report.name]["nodes"], &report, &rules, &mut differences);
    }
    let options = PlanOptions { stop: input.stop, ..PlanOptions::default() };
    let made = plan(&input.job, &input.snapshot, &options);
    let wrong = check_plan(&made, &input.snapshot, &input.job);
    differences.extend(wrong.into_iter().map(|sentence| format!("the judge: {sentence}")));
    effects(&expected, run, &made, &input, &rules, &mut differences);
    text::check(&expected, &made, &input, &rules, &mut differences);
    differences
}

/// Compares the verdicts of one group.
fn group(expected: &Json, report: &GroupReport, rules: &Rules, differences: &mut Differences) {
    let misscored = rules.misscored.contains(&report.name);
    for wanted in expected.as_array().into_iter().flatten() {
        let name = wanted["node"].as_str().unwrap_or_default();
        let at = format!("{} on {name}", report.name);
        let Some(found) = report.nodes.iter().find(|n| n.node_name == name) else {
            differences.push(format!("{at}: no verdict"));
            continue;
        };
        let (wanted_text, found_text) = (wanted_verdict(wanted), verdict(found));
        // A silent rejection has a true reason, and a misjudged port too.
        let silent = wanted_text == "rejected" && found.outcome == Outcome::Exhausted;
        let ports = misscored && found_text.ends_with("dynamic port selection failed");
        if silent || ports {
            continue;
        }
        if wanted_text != found_text {
            differences.push(format!("{at}: expected {wanted_text}, found {found_text}"));
            continue;
        }
        if let Some(score) = wanted["final_score"].as_f64().filter(|_| !misscored) {
            number(&format!("{at}: score"), score, found.score.unwrap_or(f64::NAN), differences);
            compare(&format!("{at}: scores"), &wanted["scores"], &json!(found.scores), differences);
        }
    }
}

fn wanted_verdict(wanted: &Json) -> String {
    for kind in ["excluded", "filtered", "exhausted"] {
        if let Some(key) = wanted[kind].as_str() {
            return format!("{kind} {key}");
        }
    }
    // Nomad rejects silently here; the true reason is expected, whatever it is.
    if wanted["rejected_without_metric"] == true { "rejected".into() } else { "feasible".into() }
}

fn verdict(found: &NodeVerdict) -> String {
    let key = found.failures.first().map_or("", |f| f.key.as_str());
    match found.outcome {
        Outcome::Feasible => "feasible".to_owned(),
        Outcome::Filtered | Outcome::NotTargeted => format!("filtered {key}"),
        Outcome::Exhausted => format!("exhausted {key}"),
        Outcome::Excluded => {
            let check = found.failures.first().map(|f| format!("{:?}", f.check));
            format!("excluded {}", check.unwrap_or_default().to_lowercase())
        }
    }
}

/// Compares everything the plan would do.
fn effects(
    expected: &Json,
    run: &Json,
    made: &Plan,
    input: &Input,
    rules: &Rules,
    differences: &mut Differences,
) {
    let mut check = |what: &str, found: Json| compare(what, &run[what], &found, differences);
    check("spec_changed", json!(made.spec_changed));
    check("job_version", json!(made.job_version));
    check("job_modify_index", json!(made.job_modify_index));
    check("desired_tg_updates", json!(made.desired_updates));
    check("queued", json!(made.queued));
    check("stops", stops(made));
    check("inplace", in_place(made));
    check("preempted", preempted(made));
    let failed = match &expected["failed_tg_allocs_uncached"] {
        Json::Null => &run["failed_tg_allocs"],
        uncached => uncached,
    };
    let mut found = json!(made.failed_groups);
    if rules.silent_preemption {
        silence(failed, &mut found);
    }
    compare("failed_tg_allocs", failed, &found, differences);
    deployment(run, made, differences);
    compare(
        "followup_marks",
        &names(&run["followup_marks"], "alloc"),
        &json!(made.followups.iter().map(|f| &f.alloc_id).collect::<Vec<_>>()),
        differences,
    );
    evaluations(run, made, input, differences);
    placements(run, made, rules, differences);
}

/// Takes out what Nomad does not count with preemption on: ports and devices.
fn silence(wanted: &Json, found: &mut Json) {
    for (name, metric) in found.as_object_mut().into_iter().flatten() {
        let counted = &wanted[name]["DimensionExhausted"];
        let Some(dimensions) = metric["DimensionExhausted"].as_object_mut() else { continue };
        let before = dimensions.len();
        dimensions.retain(|key, _| {
            let silent = key.starts_with("network: ") || key.starts_with("devices: ");
            !silent || counted.get(key).is_some()
        });
        if dimensions.len() < before {
            metric["NodesExhausted"] = wanted[name]["NodesExhausted"].clone();
            metric["ClassExhausted"] = wanted[name]["ClassExhausted"].clone();
        }
    }
}

fn names(list: &Json, key: &str) -> Json {
    list.as_array().into_iter().flatten().map(|entry| entry[key].clone()).collect()
}

fn stops(made: &Plan) -> Json {
    made.stops
        .iter()
        .filter(|s| !s.evict)
        .map(|s| {
            json!({
                "alloc": s.alloc_id,
                "name": s.name,
                "node": s.node_name,
                "description": s.description,
                "client_status": s.client_status,
                "followup_eval": s.followup_eval.is_some(),
            })
        })
        .collect()
}

fn preempted(made: &Plan) -> Json {
    let evicted = made.stops.iter().filter(|s| s.evict);
    evicted.map(|s| json!(s.alloc_id)).collect()
}

fn in_place(made: &Plan) -> Json {
    let update = |u: &steppe_planner::plan::InPlaceUpdate| json!({"alloc": u.alloc_id, "name": u.name, "node": u.node_name});
    made.in_place.iter().map(update).collect()
}

fn deployment(run: &Json, made: &Plan, differences: &mut Differences) {
    let found = made.deployment.as_ref().map_or(Json::Null, |d| {
        let groups: serde_json::Map<String, Json> = d
            .groups
            .iter()
            .map(|(name, g)| {
                let state = json!({
                    "auto_revert": g.auto_revert,
                    "auto_promote": g.auto_promote,
                    "promoted": g.promoted,
                    "desired_canaries": g.desired_canaries,
                    "desired_total": g.desired_total,
                });
                (name.clone(), state)
            })
            .collect();
        json!({
            "job_version": made.job_version,
            "status": d.status,
            "status_description": d.status_description,
            "groups": groups,
        })
    });
    compare("deployment", &run["deployment"], &found, differences);
    let updates: Json = made
        .deployment_updates
        .iter()
        .map(|u| {
            json!({
                "deployment": u.deployment_id,
                "status": u.status,
                "status_description": u.status_description,
            })
        })
        .collect();
    compare("deployment_updates", &run["deployment_updates"], &updates, differences);
}

/// Compares the evaluations as a set: trigger, status, time and node.
fn evaluations(run: &Json, made: &Plan, input: &Input, differences: &mut Differences) {
    let node = |id: &str| {
        let nodes = &input.document.nodes;
        nodes.iter().find(|n| n.id == id).map_or(String::new(), |n| n.name.clone())
    };
    let mut wanted: Vec<String> = run["created_evals"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|e| {
            let text = |key: &str| e[key].as_str().unwrap_or_default().to_owned();
            let time = steppe_planner::snapshot::time::parse(&text("wait_until")).unwrap_or(0);
            format!("{} {} {time} {}", text("triggered_by"), text("status"), text("node"))
        })
        .collect();
    let mut found: Vec<String> = made
        .created_evals
        .iter()
        .map(|e| format!("{} {} {} {}", e.triggered_by, e.status, e.wait_until, node(&e.node_id)))
        .collect();
    wanted.sort();
    found.sort();
    if wanted != found {
        differences.push(format!("created_evals: expected {wanted:?}, found {found:?}"));
    }
}

fn placements(run: &Json, made: &Plan, rules: &Rules, differences: &mut Differences) {
    let misscored = |group: &str| rules.misscored.contains(group);
    let all = run["placements"].as_array().into_iter().flatten();
    let wanted: Vec<&Json> = all.filter(|p| p["failed"] != true).collect();
    let list = |names: Vec<String>| names.join(" ");
    let wanted_names = list(
        wanted
            .iter()
            .map(|p| {
                let text = |key: &str| p[key].as_str().unwrap_or_default();
                let node = if misscored(text("group")) { "" } else { text("node") };
                format!("{}@{node}", text("name"))
            })
            .collect(),
    );
    let found_name = |p: &Placement| {
        let node = if misscored(&p.group) { "" } else { p.node_name.as_str() };
        format!("{}@{node}", p.name)
    };
    let found_names = list(made.placements.iter().map(found_name).collect());
    if wanted_names != found_names {
        differences.push(format!("placements: expected {wanted_names}, found {found_names}"));
        return;
    }
    for (wanted, found) in wanted.into_iter().zip(&made.placements) {
        let at = &found.name;
        if !misscored(&found.group) {
            let score = wanted["score"].as_f64().unwrap_or(f64::NAN);
            number(&format!("{at}: score"), score, found.score, differences);
        }
        let previous = wanted["previous_alloc"].as_str().unwrap_or_default();
        if previous != found.previous_allocation {
            differences.push(format!(
                "{at}: previous: expected {previous:?}, found {:?}",
                found.previous_allocation
            ));
        }
        compare(&format!("{at}: canary"), &wanted["canary"], &json!(found.canary), differences);
        let mut victims = found.preempted.clone();
        victims.sort();
        let mut wanted_victims: Vec<String> =
            serde_json::from_value(wanted["preempted"].clone()).unwrap_or_default();
        wanted_victims.sort();
        compare(&format!("{at}: preempted"), &json!(wanted_victims), &json!(victims), differences);
        if !misscored(&found.group) {
            resources(at, &wanted["resources"], found, differences);
        }
    }
}

/// Ports (values of static ones only), devices, cores.
fn resources(at: &str, wanted: &Json, found: &Placement, differences: &mut Differences) {
    let mut wanted_ports: Vec<String> = wanted["ports"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|p| {
            let value = p["value"].as_i64().map_or("dynamic".to_owned(), |v| v.to_string());
            // -1 asks for the same port inside; Nomad resolves it for dynamic ports only.
            let same = p["to_same_as_value"] == true || p["to"] == -1;
            let to = if same || p["to"] == p["value"] && p["to"].is_i64() {
                "same".to_owned()
            } else {
                p["to"].as_i64().unwrap_or(0).to_string()
            };
            let text = |key: &str| p[key].as_str().unwrap_or_default();
            format!("{} {value} {to} {} {}", text("label"), text("host_ip"), text("scope"))
        })
        .collect();
    let mut found_ports: Vec<String> = found
        .ports
        .iter()
        .map(|p| {
            let value = if p.is_static { p.value.to_string() } else { "dynamic".to_owned() };
            let to = if p.to == p.value { "same".to_owned() } else { p.to.to_string() };
            let scope = match p.task.as_str() {
                "" => "group".to_owned(),
                task => format!("task:{task}"),
            };
            format!("{} {value} {to} {} {scope}", p.label, p.host_ip)
        })
        .collect();
    wanted_ports.sort();
    found_ports.sort();
    if wanted_ports != found_ports {
        differences.push(format!("{at}: ports: expected {wanted_ports:?}, found {found_ports:?}"));
    }
    let mut devices = serde_json::Map::new();
    let mut cores = serde_json::Map::new();
    for (task, given) in &found.resources.tasks {
        let list: Vec<String> = given
            .devices
            .iter()
            .flat_map(|d| {
                d.device_ids
                    .iter()
                    .map(move |id| format!("{}/{}/{}:{id}", d.vendor, d.kind, d.name))
            })
            .collect();
        if !list.is_empty() {
            devices.insert(task.clone(), json!(list));
        }
        if !given.cpu.reserved_cores.is_empty() {
            cores.insert(task.clone(), json!(given.cpu.reserved_cores));
        }
    }
    compare(&format!("{at}: devices"), &wanted["devices"], &Json::Object(devices), differences);
    compare(&format!("{at}: cores"), &wanted["cores"], &Json::Object(cores), differences);
}

fn number(at: &str, wanted: f64, found: f64, differences: &mut Differences) {
    if (wanted - found).abs() > 1e-9 || wanted.is_nan() != found.is_nan() {
        differences.push(format!("{at}: expected {wanted}, found {found}"));
    }
}

/// Nothing, in any of the ways JSON says it.
fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(false) => true,
        Json::Number(n) => n.as_f64() == Some(0.0),
        Json::String(text) => text.is_empty(),
        Json::Array(list) => list.is_empty(),
        Json::Object(map) => map.values().all(is_empty),
        Json::Bool(true) => false,
    }
}

/// Compares what is expected; absent, empty and zero are the same, and so are numbers within 1e-9.
fn compare(at: &str, wanted: &Json, found: &Json, differences: &mut Differences) {
    match (wanted, found) {
        _ if is_empty(wanted) && is_empty(found) => {}
        (Json::Object(a), Json::Object(b)) => {
            let mut keys: Vec<&String> = a.keys().chain(b.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                // Nomad's hash of a class, the time it took, and who must be told: not decisions.
                if matches!(
                    key.as_str(),
                    "new_deployment" | "ScoreMetaData" | "NodesInPool" | "NodePool"
                ) {
                    continue;
                }
                let none = Json::Null;
                let (a, b) = (a.get(key).unwrap_or(&none), b.get(key).unwrap_or(&none));
                compare(&format!("{at}.{key}"), a, b, differences);
            }
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            for (i, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&format!("{at}[{i}]"), a, b, differences);
            }
        }
        (Json::Number(a), Json::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            number(at, a, b, differences);
        }
        _ if wanted == found => {}
        _ => differences.push(format!("{at}: expected {wanted}, found {found}")),
    }
}
