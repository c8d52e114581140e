//! `node status`: all nodes, or one with what it offers and what runs there.

use steppe_planner::api::{Allocation, Node, NodeListStub, TextMap, Value};
use steppe_planner::plan::text::{key_values, table};

use super::alloc_status::alloc_table;
use super::connection::{Connection, ConnectionFlags, text_field};
use super::format::{or_none, short_id, time_text};
use super::node_stats;
use super::outcome::{During as _, Failure, Outcome, fail};
use super::tables::row;
use super::ui::Ui;
use super::{format, resolve};

#[derive(Debug, Default, clap::Args)]
pub(super) struct Flags {
    /// The node's name, its ID, or the beginning of it; without it, all nodes
    #[arg(value_name = "NODE")]
    pub id: Option<String>,
    /// The node of the agent that answers
    #[arg(long = "self")]
    pub this: bool,
    /// The node's own facts and its allocations only
    #[arg(long)]
    pub short: bool,
    /// Count the running allocations in the list
    #[arg(long)]
    pub allocs: bool,
    /// Show processors, memory and disks in detail
    #[arg(long)]
    pub stats: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Show full identifiers, drivers, attributes and meta
    #[arg(long)]
    pub verbose: bool,
    #[command(flatten)]
    pub connection: ConnectionFlags,
}

pub(super) async fn run(flags: Flags, ui: &mut Ui) -> Outcome {
    ui.paint.on &= !flags.connection.no_color;
    let api = Connection::new(&flags.connection).map_err(|e| fail(e.to_string()))?;
    let id = match (&flags.id, flags.this) {
        (None, false) => return list(&api, &flags, ui).await,
        (None, true) => own_id(&api).await?,
        (Some(id), _) => id.clone(),
    };
    let node = resolve::node(&api, &id).await?;
    if flags.json {
        ui.line(format::json(&node));
        return Ok(0);
    }
    let path = format!("/v1/node/{}/allocations", node.id);
    let allocs: Vec<Allocation> =
        api.get(&path, &[]).await.during("Error querying node allocations")?.value;
    if flags.short {
        let mut facts = facts(&node);
        facts.push(("Host Volumes", volume_names(&node)));
        facts.push(("CSI Volumes", "<none>".to_owned()));
        facts.push(("Drivers", driver_names(&node)));
        ui.line(key_values(&facts));
    } else {
        details(&api, &node, &allocs, &flags, ui).await?;
    }
    ui.heading("Allocations");
    if allocs.is_empty() {
        ui.line("No allocations placed");
    } else if flags.verbose {
        ui.line(alloc_table(&allocs, true, ui.now_ns()));
    } else {
        ui.line(alloc_table(&allocs, false, ui.now_ns()));
    }
    if flags.verbose && !flags.short {
        map("Attributes", &node.attributes, ui);
        map("Meta", &node.meta, ui);
    }
    Ok(0)
}

async fn own_id(api: &Connection) -> Result<String, Failure> {
    let about: Value =
        api.get("/v1/agent/self", &[]).await.during("Error querying agent info")?.value;
    let client = about.pointer("/stats/client");
    let id = client.map(|client| text_field(client, "node_id")).unwrap_or_default();
    if id.is_empty() { Err(fail("The agent has no node of its own")) } else { Ok(id) }
}

async fn list(api: &Connection, flags: &Flags, ui: &mut Ui) -> Outcome {
    let nodes: Vec<NodeListStub> =
        api.get("/v1/nodes", &[]).await.during("Error querying node status")?.value;
    if flags.json {
        ui.line(format::json(&nodes));
        return Ok(0);
    }
    if nodes.is_empty() {
        return Ok(0);
    }
    let mut head = vec!["ID", "DC", "Name", "Class"];
    if flags.verbose {
        head.extend(["Address", "Version"]);
    }
    head.extend(["Drain", "Eligibility", "Status"]);
    if flags.allocs {
        head.push("Running Allocs");
    }
    let mut rows = vec![head.into_iter().map(str::to_owned).collect::<Vec<String>>()];
    for node in &nodes {
        let mut cells = vec![
            short_id(&node.id, flags.verbose),
            node.datacenter.clone(),
            node.name.clone(),
            node.node_class.clone(),
        ];
        if flags.verbose {
            cells.extend([node.address.clone(), node.version.clone()]);
        }
        cells.extend([
            node.drain.to_string(),
            node.scheduling_eligibility.clone(),
            node.status.clone(),
        ]);
        if flags.allocs {
            let path = format!("/v1/node/{}/allocations", node.id);
            let allocs: Vec<Allocation> =
                api.get(&path, &[]).await.during("Error querying node allocations")?.value;
            let running = allocs.iter().filter(|a| a.client_status == "running").count();
            cells.push(running.to_string());
        }
        rows.push(cells);
    }
    ui.line(table(&rows));
    Ok(0)
}

fn facts(node: &Node) -> Vec<(&'static str, String)> {
    let drain = match &node.drain_strategy {
        Some(_) => "true".to_owned(),
        None => node.drain.to_string(),
    };
    vec![
        ("ID", node.id.clone()),
        ("Name", node.name.clone()),
        ("Class", or_none(&node.node_class)),
        ("DC", node.datacenter.clone()),
        ("Drain", drain),
        ("Eligibility", node.scheduling_eligibility.clone()),
        ("Status", node.status.clone()),
        ("CSI Controllers", joined(node.csi_controller_plugins.keys())),
        ("CSI Drivers", joined(node.csi_node_plugins.keys())),
    ]
}

async fn details(
    api: &Connection,
    node: &Node,
    allocs: &[Allocation],
    flags: &Flags,
    ui: &mut Ui,
) -> Result<(), Failure> {
    let stats: Option<Value> = api
        .get("/v1/client/stats", &[("node_id", node.id.as_str())])
        .await
        .map(|answer| answer.value)
        .ok();
    let mut facts = facts(node);
    if let Some(seconds) = stats.as_ref().and_then(|s| s.get("Uptime")?.as_u64()) {
        facts.push(("Uptime", format::go_duration(seconds as i64 * crate::clock::SECOND_NS)));
    }
    if !flags.verbose {
        facts.push(("Host Volumes", volume_names(node)));
        facts.push(("CSI Volumes", "<none>".to_owned()));
        facts.push(("Driver Status", driver_status(node)));
    }
    ui.line(key_values(&facts));
    if flags.verbose {
        volumes_and_drivers(node, ui);
    }
    events(node, flags.verbose, ui);
    node_stats::print(api, node, allocs, stats.as_ref(), flags.stats, ui).await;
    Ok(())
}

fn volumes_and_drivers(node: &Node, ui: &mut Ui) {
    if !node.host_volumes.is_empty() {
        ui.heading("Host Volumes");
        let mut rows = vec![row(["Name", "ReadOnly", "Source"])];
        rows.extend(
            node.host_volumes
                .iter()
                .map(|(name, v)| vec![name.clone(), v.read_only.to_string(), v.path.clone()]),
        );
        ui.line(table(&rows));
    }
    ui.heading("Drivers");
    let mut rows = vec![row(["Driver", "Detected", "Healthy", "Message", "Time"])];
    rows.extend(node.drivers.iter().map(|(name, d)| {
        vec![
            name.clone(),
            d.detected.to_string(),
            d.healthy.to_string(),
            d.health_description.clone(),
            time_text(d.update_time.as_deref()),
        ]
    }));
    ui.line(table(&rows));
}

fn events(node: &Node, verbose: bool, ui: &mut Ui) {
    ui.heading("Node Events");
    let mut rows = vec![if verbose {
        row(["Time", "Subsystem", "Message", "Details"])
    } else {
        row(["Time", "Subsystem", "Message"])
    }];
    for event in node.events.iter().rev() {
        let mut cells = vec![
            time_text(event.timestamp.as_deref()),
            event.subsystem.clone(),
            event.message.clone(),
        ];
        if verbose {
            let details: Vec<String> =
                event.details.iter().map(|(k, v)| format!("{k} : {v}")).collect();
            cells.push(details.join(" "));
        }
        rows.push(cells);
    }
    ui.line(table(&rows));
}

fn map(title: &str, map: &TextMap, ui: &mut Ui) {
    ui.heading(title);
    let rows: Vec<(&str, String)> = map.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
    ui.line(key_values(&rows));
}

fn joined<'a>(names: impl Iterator<Item = &'a String>) -> String {
    or_none(&names.cloned().collect::<Vec<_>>().join(","))
}

fn volume_names(node: &Node) -> String {
    joined(node.host_volumes.keys())
}

fn driver_names(node: &Node) -> String {
    let names: Vec<String> =
        node.drivers.iter().filter(|(_, d)| d.detected).map(|(name, _)| name.clone()).collect();
    or_none(&names.join(","))
}

/// Detected drivers, with a mark on those that are not well.
fn driver_status(node: &Node) -> String {
    let names: Vec<String> = node
        .drivers
        .iter()
        .filter(|(_, d)| d.detected)
        .map(|(name, d)| if d.healthy { name.clone() } else { format!("{name} (unhealthy)") })
        .collect();
    or_none(&names.join(","))
}
