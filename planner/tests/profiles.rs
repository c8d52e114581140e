//! Where versions of Nomad differ: for each rule of the table a case, told under the last version without it and the first
//! version with it, and under the profiles `1.1` and `2.0`.

use serde_json::{Value, json};
use steppe_planner::jobspec::SpanMap;
use steppe_planner::plan::{Plan, apply};
use steppe_planner::semantics::{RULES, Rule, Semantics};
use steppe_planner::snapshot::{DOCUMENT_VERSION, Document, Snapshot};
use steppe_planner::{PlanOptions, api, canonicalize, plan, scheduler, validate};

/// A case tells under a profile what comes of it.
type Case = fn(&str) -> String;

macro_rules! rules {
    ($($test:ident $rule:ident $case:expr, $before:literal => $after:literal;)*) => {
        $(
            #[test]
            fn $test() {
                differs(Rule::$rule, $case, $before, $after);
            }
        )*
        const COVERED: &[Rule] = &[$(Rule::$rule),*];
    };
}

rules! {
    numbers_are_compared_as_numbers NumericComparison
        |p| nodes(&deployed(p, vec![node(1)], &constrained("${attr.cores}", ">", "9")).1), "" => "n1";
    what_stops_holds_on_until_the_client_has_ended_it ClientTerminalAccounting stopping, "n1" => "";
    datacenters_are_patterns DatacenterGlobs
        |p| nodes(&deployed(p, vec![node(1)], &job(json!({"Datacenters": ["dc*"]}))).1), "" => "n1";
    pools_keep_others_out NodePools
        |p| nodes(&deployed(p, vec![with(node(1), json!({"NodePool": "gpu"}))], &job(json!({}))).1),
        "n1" => "";
    an_affinity_for_nothing_lowers_the_mean AffinityCountsZero unmatched_affinity,
        "the fit alone" => "half of the fit";
    poststart_tasks_need_room PoststartCounts poststart, "n1" => "";
    a_static_port_takes_another_address AnyAddressOfAlias second_address, "" => "n1";
    affinities_change_in_place AffinityInPlace
        |p| followed(p, json!({"Affinities": [{"LTarget": "${node.class}", "RTarget": "x", "Operand": "=", "Weight": 50}]})),
        "replaced on n1" => "in place";
    volumes_change_destructively VolumesDestructive
        |p| followed_group(p, json!({"Volumes": {"v": {"Name": "v", "Type": "host", "Source": "data"}}})),
        "in place" => "replaced on n1";
    another_datacenter_is_another_place DatacenterChangeDestructive
        |p| followed(p, json!({"Datacenters": ["dc2"]})), "in place" => "replaced on n2";
    no_network_needs_no_network NoneNetworkAlways
        |p| nodes(&deployed(p, vec![node(1)], &grouped(json!({"Networks": [{"Mode": "none"}]}))).1), "" => "n1";
    distinct_hosts_can_be_off DistinctHostsFalse distinct_hosts_off, "n1" => "n1 n1";
    system_jobs_leave_a_datacenter SystemLeavesDatacenter leaving, "0 stopped" => "1 stopped";
    what_failed_goes_first StopFailedFirst scaled_down, "a.g[1]" => "a.g[0]";
    what_has_no_target_shares_the_rest SpreadSharesRest spread, "0.5" => "0";
    a_lost_contact_is_not_a_loss DisconnectedClients disconnected,
        "placed []" => "placed [n2], unknown [a.g[0]]";
    a_disk_that_migrates_stays MigratePrefersNode |p| updated_disk(p, json!({"Migrate": true}), "dc1"),
        "replaced on n2" => "replaced on n1";
    only_a_node_of_the_job_is_preferred PreferredInReach |p| updated_disk(p, json!({"Sticky": true}), "dc2"),
        "replaced on n1" => "replaced on n2";
    devices_of_several_groups_count_together DevicesAcrossGroups devices,
        "missing devices" => "devices: no devices match request";
    system_jobs_may_end SystemBatch |p| admitted(p, job(json!({"Type": "sysbatch"}))),
        "Invalid job type: \"sysbatch\"" => "";
    a_volume_must_be_reachable CsiTopology topology, "feasible" => "did not meet topology requirement";
    each_allocation_has_its_own_host_volume HostVolumePerAlloc numbered_volumes, "n1 n1" => "n1 n2";
    a_system_job_that_is_nowhere_has_failed SystemFiltersFail nowhere, "" => "g";
    system_jobs_are_deployed SystemDeployments rolled,
        "rolling-update" => "2 wanted";
    a_group_of_count_0_is_gone ZeroCountIsGone emptied, "n1" => "";
    outdated_system_allocations_end_where_nothing_new_may_come SystemOutdatedEnds outdated, "0 stopped" => "1 stopped";
    secrets_need_their_providers SecretsProviders secret, "feasible" => "missing secrets provider";
    secrets_take_memory SecretsMemory
        |p| nodes(&deployed(p, vec![node(1)], &sized(json!({"MemoryMB": 900, "SecretsMB": 200}))).1), "n1" => "";
    a_node_may_take_so_many MaxAllocs crowded, "n1 n1 n1" => "n1 n1";
    host_volumes_are_looked_at_last HostVolumesLast no_volume_no_network,
        "missing compatible host volumes" => "missing network";
    lost_contacts_are_counted ContactCounts contacts, "" => "1 disconnect, 1 reschedule now";
    no_more_is_placed_than_the_count PlacementsWithinCount more_canaries, "2 placed" => "1 placed";
    memory_may_have_no_limit MemoryUnlimited
        |p| admitted(p, sized(json!({"MemoryMB": 100, "MemoryMaxMB": -1}))),
        "MemoryMaxMB value (-1) should be larger than MemoryMB value (100)" => "";
}

#[test]
fn every_rule_has_a_case() {
    let without: Vec<&Rule> =
        RULES.iter().map(|(rule, ..)| rule).filter(|rule| !COVERED.contains(rule)).collect();
    assert_eq!(without, Vec::<&Rule>::new());
}

fn differs(rule: Rule, case: Case, before: &str, after: &str) {
    let (_, (major, minor, patch), _) =
        RULES.into_iter().find(|(r, ..)| *r == rule).expect("a rule");
    let last_without = match patch {
        0 => format!("{major}.{}.99", minor - 1),
        _ => format!("{major}.{minor}.{}", patch - 1),
    };
    assert_eq!(case("1.1"), before, "1.1");
    assert_eq!(case(&last_without), before, "{last_without}");
    let first_with = format!("{major}.{minor}.{patch}");
    assert_eq!(case(&first_with), after, "{first_with}");
    assert_eq!(case("2.0"), after, "2.0");
}

/// Puts the fields of the second into the first.
fn with(mut base: Value, fields: Value) -> Value {
    for (name, value) in fields.as_object().expect("fields") {
        base[name] = value.clone();
    }
    base
}

/// A node of dc1 with 1000 MHz and 1000 MB.
fn node(number: usize) -> Value {
    let address = format!("10.0.0.{number}");
    json!({
        "ID": format!("id{number}"), "Name": format!("n{number}"), "Datacenter": "dc1", "Status": "ready",
        "SchedulingEligibility": "eligible",
        "Attributes": {"cores": "16"}, "Meta": {"rack": format!("r{number}")},
        "Drivers": {"docker": {"Detected": true, "Healthy": true}}, "HostVolumes": {"data": {"Path": "/srv"}},
        "NodeResources": {
            "Cpu": {"CpuShares": 1000}, "Memory": {"MemoryMB": 1000}, "Disk": {"DiskMB": 9000},
            "Networks": [{"Mode": "host", "Device": "eth0", "CIDR": format!("{address}/32"), "IP": address, "MBits": 1000}],
            "NodeNetworks": [{"Mode": "host", "Device": "eth0", "Addresses": [{"Alias": "default", "Address": address}]}],
        },
    })
}

/// A job `a` with one group `g` of one task; the fields are the job's.
fn job(fields: Value) -> Value {
    let task = json!({"Name": "t", "Driver": "docker", "Resources": {"CPU": 100, "MemoryMB": 100}});
    let group = json!({"Name": "g", "Count": 1, "Tasks": [task]});
    let base = json!({"ID": "a", "Type": "service", "Datacenters": ["dc1"], "TaskGroups": [group]});
    with(base, fields)
}

/// The same; the fields are the group's.
fn grouped(fields: Value) -> Value {
    let mut base = job(json!({}));
    base["TaskGroups"][0] = with(base["TaskGroups"][0].take(), fields);
    base
}

fn constrained(left: &str, operand: &str, right: &str) -> Value {
    job(json!({"Constraints": [{"LTarget": left, "RTarget": right, "Operand": operand}]}))
}

fn read(profile: &str, job: &Value) -> api::Job {
    let mut job: api::Job = serde_json::from_value(job.clone()).expect("a job");
    canonicalize(&mut job, Semantics::of(profile));
    job
}

fn document(profile: &str, nodes: Vec<Value>) -> Document {
    Document {
        version: DOCUMENT_VERSION,
        profile: profile.to_owned(),
        now: 1_700_000_000_000_000_000,
        nodes: serde_json::from_value(Value::Array(nodes)).expect("nodes"),
        ..Document::default()
    }
}

fn planned(document: &Document, job: &Value) -> Plan {
    let snapshot = Snapshot::new(document.clone()).expect("a snapshot");
    plan(&read(&document.profile, job), &snapshot, &PlanOptions::default())
}

/// Plans a job on empty nodes and carries the plan out.
fn deployed(profile: &str, nodes: Vec<Value>, job: &Value) -> (Document, Plan) {
    let mut document = document(profile, nodes);
    let made = planned(&document, job);
    apply(&mut document, &read(profile, job), &made);
    (document, made)
}

/// Where things are placed.
fn nodes(made: &Plan) -> String {
    let names: Vec<&str> = made.placements.iter().map(|p| p.node_name.as_str()).collect();
    names.join(" ")
}

fn outcome(made: &Plan) -> String {
    match (made.in_place.len(), nodes(made)) {
        (1, none) if none.is_empty() => "in place".to_owned(),
        (_, nodes) => format!("replaced on {nodes}"),
    }
}

/// How the one allocation, on a node of dc1, follows a change of the job. There is a node of dc2 too.
fn followed(profile: &str, fields: Value) -> String {
    let nodes = vec![node(1), with(node(2), json!({"Datacenter": "dc2"}))];
    let (document, _) = deployed(profile, nodes, &job(json!({})));
    outcome(&planned(&document, &job(fields)))
}

fn followed_group(profile: &str, fields: Value) -> String {
    let (document, _) = deployed(profile, vec![node(1)], &job(json!({})));
    outcome(&planned(&document, &grouped(fields)))
}

/// A first group's allocation is told to stop, and its client has not yet done so: is there room for another job?
fn stopping(profile: &str) -> String {
    let task = json!({"Name": "t", "Driver": "docker", "Resources": {"MemoryMB": 900}});
    let big = grouped(json!({"Tasks": [task]}));
    let (mut document, _) = deployed(profile, vec![node(1)], &big);
    document.allocations[0].desired_status = "stop".to_owned();
    nodes(&planned(&document, &with(big, json!({"ID": "b"}))))
}

fn unmatched_affinity(profile: &str) -> String {
    let wish = json!({"LTarget": "${node.class}", "RTarget": "x", "Operand": "=", "Weight": 50});
    let (_, made) = deployed(profile, vec![node(1)], &job(json!({"Affinities": [wish]})));
    let placement = &made.placements[0];
    let fit = placement.scores["binpack"];
    match placement.score {
        score if score == fit => "the fit alone".to_owned(),
        score if score == fit / 2.0 => "half of the fit".to_owned(),
        score => score.to_string(),
    }
}

/// Two tasks of 600 MB each, of which one starts after the other, on a node of 1000 MB.
fn poststart(profile: &str) -> String {
    let task =
        |name: &str| json!({"Name": name, "Driver": "docker", "Resources": {"MemoryMB": 600}});
    let after = with(task("after"), json!({"Lifecycle": {"Hook": "poststart", "Sidecar": true}}));
    let job = grouped(json!({"Tasks": [task("main"), after]}));
    nodes(&deployed(profile, vec![node(1)], &job).1)
}

/// A port that is reserved on the first of two addresses.
fn second_address(profile: &str) -> String {
    let mut node = node(1);
    node["NodeResources"]["NodeNetworks"][0]["Addresses"] = json!([
        {"Alias": "default", "Address": "10.0.0.1", "ReservedPorts": "80"},
        {"Alias": "default", "Address": "10.0.0.2"},
    ]);
    let job = grouped(json!({"Networks": [{"ReservedPorts": [{"Label": "www", "Value": 80}]}]}));
    nodes(&deployed(profile, vec![node], &job).1)
}

fn distinct_hosts_off(profile: &str) -> String {
    let constraint = json!({"LTarget": "", "RTarget": "false", "Operand": "distinct_hosts"});
    let job = grouped(json!({"Count": 2, "Constraints": [constraint]}));
    nodes(&deployed(profile, vec![node(1)], &job).1)
}

/// A system job no longer names the datacenter in which it runs.
fn leaving(profile: &str) -> String {
    let (document, _) = deployed(profile, vec![node(1)], &job(json!({"Type": "system"})));
    let made = planned(&document, &job(json!({"Type": "system", "Datacenters": ["dc2"]})));
    format!("{} stopped", made.stops.len())
}

/// What has failed in a group is due to be tried again, and the group is emptied.
fn emptied(profile: &str) -> String {
    let at_once =
        json!({"Attempts": 0, "Unlimited": true, "Delay": 0, "DelayFunction": "constant"});
    let with_count = |count| grouped(json!({"Count": count, "ReschedulePolicy": at_once}));
    let (mut document, _) = deployed(profile, vec![node(1)], &with_count(1));
    document.deployments.clear();
    document.allocations[0].client_status = "failed".to_owned();
    document.allocations[0].deployment_id.clear();
    let made = planned(&document, &with_count(0));
    assert_eq!(made.stops.len(), 1);
    nodes(&made)
}

/// A system job that no node may run.
fn nowhere(profile: &str) -> String {
    let never = json!({"LTarget": "${meta.rack}", "RTarget": "r9", "Operand": "="});
    let job = job(json!({"Type": "system", "Constraints": [never]}));
    let failed = deployed(profile, vec![node(1), node(2)], &job).1.failed_groups;
    assert!(failed.values().all(|metric| metric.nodes_filtered == 2), "{failed:?}");
    failed.into_keys().collect()
}

/// A system job on two nodes gets another driver, one node at a time.
fn rolled(profile: &str) -> String {
    let update = json!({"MaxParallel": 1, "Stagger": 30_000_000_000_i64});
    let job = job(json!({"Type": "system", "Update": update}));
    let (document, _) = deployed(profile, vec![node(1), node(2)], &job);
    let made = planned(&document, &with(job, json!({"Meta": {"a": "b"}})));
    assert_eq!(made.placements.len(), 1);
    let evals = made.created_evals.iter().map(|eval| eval.triggered_by.clone());
    let wanted = made.deployment.iter().flat_map(|d| d.groups.values());
    evals.chain(wanted.map(|group| format!("{} wanted", group.desired_total))).collect()
}

/// A node is made ineligible, then its system job changes.
fn outdated(profile: &str) -> String {
    let (mut document, _) = deployed(profile, vec![node(1)], &job(json!({"Type": "system"})));
    document.nodes[0].scheduling_eligibility = "ineligible".to_owned();
    let made = planned(&document, &job(json!({"Type": "system", "Meta": {"a": "b"}})));
    format!("{} stopped", made.stops.len())
}

/// Of two allocations the first has failed for good; one is enough now.
fn scaled_down(profile: &str) -> String {
    let never = json!({"Attempts": 0, "Unlimited": false});
    let two = grouped(json!({"Count": 2, "ReschedulePolicy": never}));
    let (mut document, _) = deployed(profile, vec![node(1)], &two);
    document.deployments.clear();
    document.allocations[0].client_status = "failed".to_owned();
    let one = grouped(json!({"Count": 1, "ReschedulePolicy": never}));
    let stopped: Vec<String> = planned(&document, &one).stops.into_iter().map(|s| s.name).collect();
    stopped.join(" ")
}

/// Half of four belongs on r1; one stands on r2. What does spreading say of r3?
fn spread(profile: &str) -> String {
    let target = json!([{"Value": "r1", "Percent": 50}]);
    let spread = json!({"Attribute": "${meta.rack}", "Weight": 50, "SpreadTarget": target});
    let on_r2 = json!([{"LTarget": "${meta.rack}", "RTarget": "r2", "Operand": "="}]);
    let first = grouped(json!({"Constraints": on_r2}));
    let (document, _) = deployed(profile, (1..4).map(node).collect(), &first);
    let snapshot = Snapshot::new(document).expect("a snapshot");
    let four = grouped(json!({"Count": 4, "Spreads": [spread]}));
    let verdicts = scheduler::verdicts(&read(profile, &four), &snapshot);
    verdicts[0].nodes[2].scores.get("allocation-spread").copied().unwrap_or_default().to_string()
}

/// The node of the only allocation is out of contact, which its group puts up with.
fn disconnected(profile: &str) -> String {
    let hour = 3_600_000_000_000_i64;
    let patient = grouped(json!({"MaxClientDisconnect": hour}));
    let (mut document, _) = deployed(profile, vec![node(1), node(2)], &patient);
    document.nodes[0].status = "disconnected".to_owned();
    let made = planned(&document, &patient);
    let unknown: Vec<&str> = made
        .followups
        .iter()
        .filter(|f| f.client_status == "unknown")
        .filter_map(|f| document.allocations.iter().find(|a| a.id == f.alloc_id))
        .map(|alloc| alloc.name.as_str())
        .collect();
    match unknown[..] {
        [] => format!("placed [{}]", nodes(&made)),
        _ => format!("placed [{}], unknown [{}]", nodes(&made), unknown.join(" ")),
    }
}

/// The allocation has its disk on n1; n2 is the fuller node and so the better one. Its new version names one datacenter.
fn updated_disk(profile: &str, disk: Value, datacenter: &str) -> String {
    let both = json!({"Datacenters": ["dc1", "dc2"]});
    let mut fuller = with(node(2), json!({"Datacenter": datacenter}));
    fuller["NodeResources"]["Memory"]["MemoryMB"] = json!(500);
    let on_n1 = json!([{"LTarget": "${node.unique.name}", "RTarget": "n1", "Operand": "="}]);
    let before = with(grouped(json!({"EphemeralDisk": disk, "Constraints": on_n1})), both);
    let (document, _) = deployed(profile, vec![node(1), fuller], &before);
    let task = json!({"Name": "t", "Driver": "docker", "User": "x", "Resources": {"CPU": 100, "MemoryMB": 100}});
    let after = with(
        grouped(json!({"EphemeralDisk": disk, "Tasks": [task]})),
        json!({"Datacenters": [datacenter]}),
    );
    outcome(&planned(&document, &after))
}

fn first_key(profile: &str, document: Document, job: &Value) -> String {
    let snapshot = Snapshot::new(document).expect("a snapshot");
    let verdicts = scheduler::verdicts(&read(profile, job), &snapshot);
    let failures = &verdicts[0].nodes[0].failures;
    failures.first().map_or_else(|| "feasible".to_owned(), |failure| failure.key.clone())
}

/// Two devices are asked for, and there is one each of two models.
fn devices(profile: &str) -> String {
    let group = |name: &str| json!({"Vendor": "v", "Type": "gpu", "Name": name, "Instances": [{"ID": name, "Healthy": true}]});
    let mut node = node(1);
    node["NodeResources"]["Devices"] = json!([group("one"), group("two")]);
    let resources = json!({"CPU": 100, "MemoryMB": 100, "Devices": [{"Name": "gpu", "Count": 2}]});
    let task = json!({"Name": "t", "Driver": "docker", "Resources": resources});
    first_key(profile, document(profile, vec![node]), &grouped(json!({"Tasks": [task]})))
}

/// A volume of zone a, and a node of zone b.
fn topology(profile: &str) -> String {
    let segments = |zone: &str| json!({"Segments": {"zone": zone}});
    let plugin = json!({"Healthy": true, "NodeInfo": {"AccessibleTopology": segments("b")}});
    let node = with(node(1), json!({"CSINodePlugins": {"plugin": plugin}}));
    let mut document = document(profile, vec![node]);
    document.csi_volumes = vec![json!({
        "ID": "disk", "PluginID": "plugin", "Schedulable": true, "AccessMode": "multi-node-multi-writer",
        "Topologies": [segments("a")],
    })];
    let volume = json!({"Name": "v", "Type": "csi", "Source": "disk"});
    first_key(profile, document, &grouped(json!({"Volumes": {"v": volume}})))
}

/// Two allocations; the volume is on n1, the first's own too, the second's own on n2.
fn numbered_volumes(profile: &str) -> String {
    let volumes = |names: &[&str]| {
        let volume = |name: &&str| ((*name).to_owned(), json!({"Path": "/srv"}));
        json!({"HostVolumes": names.iter().map(volume).collect::<serde_json::Map<_, _>>()})
    };
    let nodes = vec![
        with(node(1), volumes(&["data", "data[0]"])),
        with(node(2), volumes(&["data[1]"])),
        with(node(3), volumes(&[])),
    ];
    let volume = json!({"Name": "v", "Type": "host", "Source": "data", "PerAlloc": true});
    let group = grouped(json!({"Count": 2, "Volumes": {"v": volume}}));
    let (_, made) = deployed(profile, nodes, &group);
    self::nodes(&made)
}

/// Two secrets, and a node that has one provider.
fn secret(profile: &str) -> String {
    let has = json!({"Attributes": {"plugins.secrets.vault.version": "1.0.0"}});
    let secret = |provider: &str| json!({"Name": provider, "Provider": provider, "Path": "p"});
    let task =
        json!({"Name": "t", "Driver": "docker", "Secrets": [secret("vault"), secret("nomad")]});
    let document = document(profile, vec![with(node(1), has)]);
    first_key(profile, document, &grouped(json!({"Tasks": [task]})))
}

/// Three allocations, and one node that takes two.
fn crowded(profile: &str) -> String {
    let node = with(node(1), json!({"NodeMaxAllocs": 2}));
    nodes(&deployed(profile, vec![node], &grouped(json!({"Count": 3}))).1)
}

/// A node has neither the network nor the volume: which is counted?
fn no_volume_no_network(profile: &str) -> String {
    let volume = json!({"Name": "v", "Type": "host", "Source": "elsewhere"});
    let group = grouped(json!({"Volumes": {"v": volume}, "Networks": [{"Mode": "bridge"}]}));
    first_key(profile, document(profile, vec![node(1)]), &group)
}

/// The contact to the only allocation is gone: what does the plan count of it?
fn contacts(profile: &str) -> String {
    let patient = grouped(json!({"MaxClientDisconnect": 3_600_000_000_000_i64}));
    let (mut document, _) = deployed(profile, vec![node(1), node(2)], &patient);
    document.nodes[0].status = "disconnected".to_owned();
    let counts = planned(&document, &patient).desired_updates["g"].clone();
    let named = [
        (counts.disconnect, "disconnect"),
        (counts.reconnect, "reconnect"),
        (counts.reschedule_now, "reschedule now"),
        (counts.reschedule_later, "reschedule later"),
    ];
    let told = named.into_iter().filter_map(|(n, name)| Some(format!("{} {name}", n?)));
    told.collect::<Vec<_>>().join(", ")
}

/// One allocation is updated, with two canaries.
fn more_canaries(profile: &str) -> String {
    let update = |user: &str| {
        let task = json!({"Name": "t", "Driver": "docker", "User": user, "Resources": {"CPU": 10}});
        grouped(json!({"Tasks": [task], "Update": {"MaxParallel": 1, "Canary": 2}}))
    };
    let (document, _) = deployed(profile, vec![node(1)], &update("one"));
    format!("{} placed", planned(&document, &update("two")).placements.len())
}

/// One task that asks for this.
fn sized(resources: Value) -> Value {
    grouped(json!({"Tasks": [{"Name": "t", "Driver": "docker", "Resources": resources}]}))
}

/// What is told of a job.
fn admitted(profile: &str, job: Value) -> String {
    let mut job: api::Job = serde_json::from_value(job).unwrap();
    canonicalize(&mut job, Semantics::of(profile));
    let found = validate(&job, &SpanMap::default(), Semantics::of(profile));
    found.into_iter().map(|finding| finding.message).collect()
}

#[test]
fn a_host_volume_for_each_allocation_is_told_where_all_would_share_it() {
    let text = "job \"a\" {\n  datacenters = [\"dc1\"]\n  group \"g\" {\n    volume \"v\" {\n      type = \"host\"\n      \
                source = \"data\"\n      per_alloc = true\n    }\n    task \"t\" {\n      driver = \"docker\"\n      \
                config {\n        image = \"i\"\n      }\n    }\n  }\n}\n";
    let told = |profile: &str| {
        let parsed = steppe_planner::parse(text, &steppe_planner::ParseOptions::default());
        let found = steppe_planner::review(&parsed, Semantics::of(profile)).diagnostics;
        found.iter().any(|d| d.code == "per-alloc-ignored")
    };
    assert!(told("1.9.0"));
    assert!(!told("2.0"));
}
