//! `alloc status`: one allocation with its tasks and what happened to them.

use std::collections::BTreeMap;

use steppe_planner::api::{
    AllocListStub, Allocation, Evaluation, Lifecycle, Task, TaskGroup, TaskState, Value,
};
use steppe_planner::plan::text::{key_values, table, table_with_gaps};

use super::connection::{Connection, ConnectionFlags};
use super::format::{
    ago, bytes, go_duration, mib, or_none, short_id, time, time_or_ago, time_text,
};
use super::outcome::{During as _, Failure, Outcome, fail};
use super::tables::{self, row};
use super::ui::Ui;
use super::{format, resolve};
use crate::clock::parse_rfc3339;

#[derive(Debug, Default, clap::Args)]
pub(super) struct Flags {
    /// The allocation, or the beginning of its ID
    #[arg(value_name = "ALLOCATION")]
    pub id: Option<String>,
    /// The tasks' states only
    #[arg(long)]
    pub short: bool,
    /// Show what the tasks use in detail
    #[arg(long)]
    pub stats: bool,
    /// Print JSON; without an ID, all allocations
    #[arg(long)]
    pub json: bool,
    /// Show full identifiers, times and scores
    #[arg(long)]
    pub verbose: bool,
    #[command(flatten)]
    pub connection: ConnectionFlags,
}

pub(super) async fn run(flags: Flags, ui: &mut Ui) -> Outcome {
    ui.paint.on &= !flags.connection.no_color;
    let api = Connection::new(&flags.connection).map_err(|e| fail(e.to_string()))?;
    let Some(id) = &flags.id else {
        if !flags.json {
            return Err(fail(
                "This command takes one of the following argument conditions:\n * A single \
                 <allocation>\n * No arguments, with output format specified\nFor additional help \
                 try 'steppe alloc status -help'",
            ));
        }
        let all: Vec<AllocListStub> =
            api.get("/v1/allocations", &[]).await.during("Error querying allocations")?.value;
        ui.line(format::json(&all));
        return Ok(0);
    };
    let alloc = resolve::alloc(&api, id).await?;
    if flags.json {
        ui.line(format::json(&alloc));
        return Ok(0);
    }
    if flags.short {
        short(&alloc, ui);
        return Ok(0);
    }
    let followup = followup(&api, &alloc).await?;
    let path = format!("/v1/client/allocation/{}/stats", alloc.id);
    let stats = match api.get::<Value>(&path, &[]).await {
        Ok(answer) => Some(answer.value),
        Err(error) => {
            // A finished allocation has none, which is no news.
            if flags.stats {
                ui.error(format!("Couldn't retrieve stats: {error}"));
            }
            None
        }
    };
    ui.line(header(&alloc, followup.as_ref(), flags.verbose, ui.now_ns()));
    addresses(&alloc, ui);
    for (name, lifecycle) in tasks_in_order(&alloc) {
        task(&alloc, &name, lifecycle.as_ref(), stats.as_ref(), flags.stats, ui);
    }
    if flags.verbose {
        scores(&alloc, ui);
    }
    Ok(0)
}

/// The evaluation that will replace a failed allocation later.
async fn followup(api: &Connection, alloc: &Allocation) -> Result<Option<Evaluation>, Failure> {
    if alloc.followup_eval_id.is_empty() || !alloc.next_allocation.is_empty() {
        return Ok(None);
    }
    let path = format!("/v1/evaluation/{}", alloc.followup_eval_id);
    api.find(&path, &[]).await.during("Error querying evaluation")
}

fn header(alloc: &Allocation, followup: Option<&Evaluation>, verbose: bool, now: i64) -> String {
    let version = alloc.job.as_ref().and_then(|j| j.version).or(alloc.job_version);
    let mut facts = vec![
        ("ID", alloc.id.clone()),
        ("Eval ID", short_id(&alloc.eval_id, verbose)),
        ("Name", alloc.name.clone()),
        ("Node ID", short_id(&alloc.node_id, verbose)),
        ("Node Name", alloc.node_name.clone()),
        ("Job ID", alloc.job_id.clone()),
        ("Job Version", version.unwrap_or_default().to_string()),
        ("Client Status", alloc.client_status.clone()),
        ("Client Description", or_none(&alloc.client_description)),
        ("Desired Status", alloc.desired_status.clone()),
        ("Desired Description", or_none(&alloc.desired_description)),
        ("Created", time_or_ago(alloc.create_time, now, verbose)),
        ("Modified", time_or_ago(alloc.modify_time, now, verbose)),
    ];
    if !alloc.deployment_id.is_empty() {
        let status = alloc.deployment_status.as_ref();
        let health = match status.and_then(|s| s.healthy) {
            Some(true) => "healthy",
            Some(false) => "unhealthy",
            None => "unset",
        };
        facts.push(("Deployment ID", short_id(&alloc.deployment_id, verbose)));
        facts.push(("Deployment Health", health.to_owned()));
        if status.is_some_and(|s| s.canary) {
            facts.push(("Canary", "true".to_owned()));
        }
    }
    if let Some(attempts) = reschedule_attempts(alloc) {
        facts.push(("Reschedule Attempts", attempts));
    }
    let due = followup.and_then(|e| parse_rfc3339(e.wait_until.as_deref()?));
    if let Some(due) = due.filter(|due| *due > now) {
        facts.push(("Reschedule Eligibility", ago(due, now)));
    }
    if !alloc.next_allocation.is_empty() {
        facts.push(("Replacement Alloc ID", short_id(&alloc.next_allocation, verbose)));
    }
    if let Some(metrics) = alloc.metrics.as_ref().filter(|_| verbose) {
        facts.push(("Evaluated Nodes", metrics.nodes_evaluated.to_string()));
        facts.push(("Filtered Nodes", metrics.nodes_filtered.to_string()));
        facts.push(("Exhausted Nodes", metrics.nodes_exhausted.to_string()));
        facts.push(("Allocation Time", go_duration(metrics.allocation_time)));
        facts.push(("Failures", metrics.coalesced_failures.to_string()));
    }
    key_values(&facts)
}

/// `1/3`, where the group limits how often it is rescheduled.
fn reschedule_attempts(alloc: &Allocation) -> Option<String> {
    let tried = alloc.reschedule_tracker.as_ref()?.events.len();
    let policy = group(alloc)?.reschedule_policy.as_ref()?;
    let limited = !policy.unlimited.unwrap_or_default() && tried > 0;
    limited.then(|| format!("{tried}/{}", policy.attempts.unwrap_or_default()))
}

fn group(alloc: &Allocation) -> Option<&TaskGroup> {
    alloc.job.as_ref()?.task_groups.iter().find(|g| g.name == alloc.task_group)
}

fn task_of<'a>(alloc: &'a Allocation, name: &str) -> Option<&'a Task> {
    group(alloc)?.tasks.iter().find(|t| t.name == name)
}

/// The tasks: those before the main ones, the main ones, those after; by name.
fn tasks_in_order(alloc: &Allocation) -> Vec<(String, Option<Lifecycle>)> {
    let mut names: Vec<String> = alloc.task_states.keys().cloned().collect();
    for task in group(alloc).map(|g| g.tasks.as_slice()).unwrap_or_default() {
        if !names.contains(&task.name) {
            names.push(task.name.clone());
        }
    }
    let mut tasks: Vec<(String, Option<Lifecycle>)> = names
        .into_iter()
        .map(|name| {
            let lifecycle = task_of(alloc, &name).and_then(|t| t.lifecycle.clone());
            (name, lifecycle)
        })
        .collect();
    let rank = |lifecycle: &Option<Lifecycle>| match lifecycle {
        Some(l) if l.hook == "prestart" => u8::from(l.sidecar),
        None => 2,
        Some(l) if l.hook == "poststart" => 3,
        Some(_) => 4,
    };
    tasks.sort_by(|a, b| rank(&a.1).cmp(&rank(&b.1)).then_with(|| a.0.cmp(&b.0)));
    tasks
}

fn lifecycle_text(lifecycle: Option<&Lifecycle>) -> String {
    match lifecycle {
        None => "main".to_owned(),
        Some(l) if l.sidecar => format!("{} sidecar", l.hook),
        Some(l) => l.hook.clone(),
    }
}

fn short(alloc: &Allocation, ui: &mut Ui) {
    let now = ui.now_ns();
    ui.line(key_values(&[
        ("ID", alloc.id.clone()),
        ("Name", alloc.name.clone()),
        ("Created", ago(alloc.create_time, now)),
        ("Modified", ago(alloc.modify_time, now)),
    ]));
    ui.heading("Tasks");
    let mut rows = vec![row(["Name", "State", "Last Event", "Time", "Lifecycle"])];
    for (name, lifecycle) in tasks_in_order(alloc) {
        let state = alloc.task_states.get(&name);
        let last = state.and_then(|s| s.events.last());
        rows.push(vec![
            name,
            state.map(|s| s.state.clone()).unwrap_or_default(),
            last.map(|e| e.kind.clone()).unwrap_or_default(),
            last.map(|e| time(e.time)).unwrap_or_default(),
            lifecycle_text(lifecycle.as_ref()),
        ]);
    }
    ui.line(table(&rows));
}

/// The ports of the group.
fn addresses(alloc: &Allocation, ui: &mut Ui) {
    let Some(shared) = alloc.allocated_resources.as_ref().map(|r| &r.shared) else { return };
    let Some(network) = shared.networks.first() else { return };
    let fixed = |label: &str| network.reserved_ports.iter().any(|p| p.label == label);
    let line = |label: String, dynamic: bool, ip: &str, value: i64, to: i64| {
        let to = if to > 0 { format!(" -> {to}") } else { String::new() };
        vec![label, if dynamic { "yes" } else { "no" }.to_owned(), format!("{ip}:{value}{to}")]
    };
    let mut rows = vec![row(["Label", "Dynamic", "Address"])];
    if shared.ports.is_empty() {
        let ports = network.dynamic_ports.iter().map(|p| (p, true));
        for (port, dynamic) in ports.chain(network.reserved_ports.iter().map(|p| (p, false))) {
            rows.push(line(port.label.clone(), dynamic, &network.ip, port.value, port.to));
        }
    }
    for port in &shared.ports {
        let label = format!("*{}", port.label);
        rows.push(line(label, !fixed(&port.label), &port.host_ip, port.value, port.to));
    }
    if rows.len() == 1 {
        return;
    }
    let mode = match network.mode.as_str() {
        "" | "host" => String::new(),
        mode => format!(" (mode = {mode:?})"),
    };
    ui.line(format!("\nAllocation Addresses{mode}\n{}", table(&rows)));
}

fn task(
    alloc: &Allocation,
    name: &str,
    lifecycle: Option<&Lifecycle>,
    stats: Option<&Value>,
    detailed: bool,
    ui: &mut Ui,
) {
    let empty = TaskState::default();
    let state = alloc.task_states.get(name).unwrap_or(&empty);
    let hook = lifecycle.map(|l| format!(" ({})", lifecycle_text(Some(l)))).unwrap_or_default();
    ui.heading(&format!("Task {name:?}{hook} is {:?}", state.state));
    let usage = stats.and_then(|s| s.get("Tasks")?.get(name)?.get("ResourceUsage"));
    ui.line("Task Resources");
    ui.line(table_with_gaps(&resources(alloc, name, usage)));
    if let Some(usage) = usage.filter(|_| detailed) {
        usage_details(usage, ui);
    }
    volumes(alloc, name, ui);
    ui.line("\nTask Events:");
    ui.line(key_values(&[
        ("Started At", time_text(state.started_at.as_deref())),
        ("Finished At", time_text(state.finished_at.as_deref())),
        ("Total Restarts", state.restarts.to_string()),
        ("Last Restart", time_text(state.last_restart.as_deref())),
    ]));
    ui.line("\nRecent Events:");
    let mut rows = vec![row(["Time", "Type", "Description"])];
    rows.extend(
        state
            .events
            .iter()
            .rev()
            .map(|e| vec![time(e.time), e.kind.clone(), e.display_message.clone()]),
    );
    ui.line(table(&rows));
}

/// What the task has, and uses of it; further addresses in lines of their own.
fn resources(alloc: &Allocation, name: &str, usage: Option<&Value>) -> Vec<Vec<String>> {
    let mut rows = vec![row(["CPU", "Memory", "Disk", "Addresses"])];
    let Some(given) = alloc.allocated_resources.as_ref() else { return rows };
    let Some(task) = given.tasks.get(name) else { return rows };
    let mut cpu = format!("{} MHz", task.cpu.cpu_shares);
    let mut memory = mib(task.memory.memory_mb);
    if let Some(usage) = usage {
        let number = |group: &str, key: &str| usage.get(group)?.get(key)?.as_f64();
        let ticks = number("CpuStats", "TotalTicks").unwrap_or_default();
        let rss = number("MemoryStats", "RSS").filter(|rss| *rss > 0.0);
        let used = rss.or_else(|| number("MemoryStats", "Usage")).unwrap_or_default();
        cpu = format!("{}/{cpu}", ticks.floor());
        memory = format!("{}/{memory}", bytes(used as u64));
    }
    let mut addresses = Vec::new();
    for network in &task.networks {
        for port in network.reserved_ports.iter().chain(&network.dynamic_ports) {
            addresses.push(format!("{}: {}:{}", port.label, network.ip, port.value));
        }
    }
    let first = if addresses.is_empty() { String::new() } else { addresses.remove(0) };
    rows.push(vec![cpu, memory, mib(given.shared.disk_mb), first]);
    let blank = String::new;
    rows.extend(addresses.into_iter().map(|a| vec![blank(), blank(), blank(), a]));
    rows
}

fn usage_details(usage: &Value, ui: &mut Ui) {
    let number = |group: &str, key: &str| usage.get(group)?.get(key)?.as_f64();
    let size = |key: &str| bytes(number("MemoryStats", key).unwrap_or_default() as u64);
    ui.line("\nMemory Stats");
    let names = ["Cache", "Max Usage", "RSS", "Swap", "Usage"];
    let sizes = ["Cache", "MaxUsage", "RSS", "Swap", "Usage"].map(size).to_vec();
    ui.line(table(&[row(names), sizes]));
    let cpu = |key: &str| number("CpuStats", key).unwrap_or_default();
    ui.line("\nCPU Stats");
    ui.line(table(&[
        row(["Percent", "Throttled Periods", "Throttled Time"]),
        vec![
            format!("{:.2}%", cpu("Percent")),
            cpu("ThrottledPeriods").to_string(),
            cpu("ThrottledTime").to_string(),
        ],
    ]));
}

fn volumes(alloc: &Allocation, name: &str, ui: &mut Ui) {
    let (Some(group), Some(task)) = (group(alloc), task_of(alloc, name)) else { return };
    for (kind, title) in [("host", "Host Volumes:"), ("csi", "CSI Volumes:")] {
        let mut rows = vec![row(["ID", "Read Only"])];
        for mount in &task.volume_mounts {
            let volume = mount.volume.as_deref().and_then(|name| group.volumes.get(name));
            if let Some(volume) = volume.filter(|v| v.kind == kind) {
                rows.push(vec![volume.source.clone(), volume.read_only.to_string()]);
            }
        }
        if rows.len() > 1 {
            ui.line(format!("\n{title}\n{}", table(&rows)));
        }
    }
}

fn scores(alloc: &Allocation, ui: &mut Ui) {
    let Some(metrics) = alloc.metrics.as_ref() else { return };
    if metrics.score_meta_data.is_empty() {
        return;
    }
    let names: BTreeMap<&String, ()> =
        metrics.score_meta_data.iter().flat_map(|m| m.scores.keys().map(|k| (k, ()))).collect();
    let head = ["Node".to_owned()].into_iter().chain(names.keys().map(|n| (*n).clone()));
    let mut rows = vec![head.chain(["final score".to_owned()]).collect::<Vec<_>>()];
    for node in &metrics.score_meta_data {
        let mut cells = vec![node.node_id.clone()];
        let score = |name: &String| node.scores.get(name).copied().unwrap_or_default();
        cells.extend(names.keys().map(|name| short_number(score(name))));
        cells.push(short_number(node.norm_score));
        rows.push(cells);
    }
    ui.heading("Placement Metrics");
    ui.line(table(&rows));
}

/// Three significant digits.
fn short_number(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let digits = (2 - number.abs().log10().floor() as i32).clamp(0, 12) as usize;
    let text = format!("{number:.digits$}");
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A row of an allocation table from the whole document.
pub(super) fn stub_of(alloc: &Allocation) -> AllocListStub {
    AllocListStub {
        id: alloc.id.clone(),
        eval_id: alloc.eval_id.clone(),
        name: alloc.name.clone(),
        node_id: alloc.node_id.clone(),
        node_name: alloc.node_name.clone(),
        task_group: alloc.task_group.clone(),
        job_version: alloc
            .job
            .as_ref()
            .and_then(|j| j.version)
            .or(alloc.job_version)
            .unwrap_or_default(),
        desired_status: alloc.desired_status.clone(),
        client_status: alloc.client_status.clone(),
        create_index: alloc.create_index,
        create_time: alloc.create_time,
        modify_time: alloc.modify_time,
        ..AllocListStub::default()
    }
}

/// A list of allocations as a table.
pub(super) fn alloc_table(allocs: &[Allocation], verbose: bool, now: i64) -> String {
    let stubs: Vec<AllocListStub> = allocs.iter().map(stub_of).collect();
    tables::allocs(&stubs.iter().collect::<Vec<_>>(), verbose, now)
}

#[cfg(test)]
mod tests {
    use super::short_number;

    #[test]
    fn scores_have_three_digits() {
        let texts: Vec<String> =
            [0.0, 0.13, 0.123_456, 1.0, 12.345, -0.5].into_iter().map(short_number).collect();
        assert_eq!(texts, ["0", "0.13", "0.123", "1", "12.3", "-0.5"]);
    }
}
