//! What a node has given away and what it uses.

use steppe_planner::api::{Allocation, Node, Value};
use steppe_planner::plan::text::{key_values, table};

use super::connection::Connection;
use super::format::{bytes, mib};
use super::tables::row;
use super::ui::Ui;

/// Allocated resources, what the allocations use of them, and what the machine uses.
pub(super) async fn print(
    api: &Connection,
    node: &Node,
    allocs: &[Allocation],
    stats: Option<&Value>,
    detailed: bool,
    ui: &mut Ui,
) {
    let running: Vec<&Allocation> =
        allocs.iter().filter(|a| a.client_status == "running").collect();
    let total = Total::of(node);
    ui.heading("Allocated Resources");
    ui.line(allocated(&running, &total));
    ui.heading("Allocation Resource Utilization");
    ui.line(used_by_allocs(api, &running, &total).await);
    let Some(stats) = stats else {
        ui.line("\nThe node's own use of resources is not known now.");
        return;
    };
    ui.heading("Host Resource Utilization");
    ui.line(used_by_host(stats, &total));
    if detailed {
        cpu_and_memory(stats, ui);
        disks(stats, ui);
    }
}

/// What a node can give away.
struct Total {
    cpu_mhz: i64,
    memory_mb: i64,
    disk_mb: i64,
}

impl Total {
    fn of(node: &Node) -> Total {
        let has = node.node_resources.clone().unwrap_or_default();
        let keeps = node.reserved_resources.clone().unwrap_or_default();
        Total {
            cpu_mhz: has.cpu.cpu_shares - keeps.cpu.cpu_shares,
            memory_mb: has.memory.memory_mb - keeps.memory.memory_mb,
            disk_mb: has.disk.disk_mb - keeps.disk.disk_mb,
        }
    }
}

fn allocated(running: &[&Allocation], total: &Total) -> String {
    let (mut cpu, mut memory, mut disk) = (0, 0, 0);
    for given in running.iter().filter_map(|a| a.allocated_resources.as_ref()) {
        cpu += given.tasks.values().map(|t| t.cpu.cpu_shares).sum::<i64>();
        memory += given.tasks.values().map(|t| t.memory.memory_mb).sum::<i64>();
        disk += given.shared.disk_mb;
    }
    table(&[
        row(["CPU", "Memory", "Disk"]),
        vec![
            format!("{cpu}/{} MHz", total.cpu_mhz),
            format!("{}/{}", mib(memory), mib(total.memory_mb)),
            format!("{}/{}", mib(disk), mib(total.disk_mb)),
        ],
    ])
}

async fn used_by_allocs(api: &Connection, running: &[&Allocation], total: &Total) -> String {
    let (mut ticks, mut memory) = (0.0, 0.0);
    for alloc in running {
        let path = format!("/v1/client/allocation/{}/stats", alloc.id);
        // One that ended a moment ago uses nothing.
        let Ok(answer) = api.get::<Value>(&path, &[]).await else { continue };
        let number = |path: &str| answer.value.pointer(path).and_then(Value::as_f64);
        ticks += number("/ResourceUsage/CpuStats/TotalTicks").unwrap_or_default();
        let rss = number("/ResourceUsage/MemoryStats/RSS").filter(|rss| *rss > 0.0);
        let usage = number("/ResourceUsage/MemoryStats/Usage");
        memory += rss.or(usage).unwrap_or_default();
    }
    table(&[
        row(["CPU", "Memory"]),
        vec![
            format!("{}/{} MHz", ticks.floor(), total.cpu_mhz),
            format!("{}/{}", bytes(memory as u64), mib(total.memory_mb)),
        ],
    ])
}

fn used_by_host(stats: &Value, total: &Total) -> String {
    let number = |path: &str| stats.pointer(path).and_then(Value::as_f64).unwrap_or_default();
    let size = |path: &str| bytes(number(path) as u64);
    let disk = match stats.pointer("/DiskStats/0") {
        Some(_) => format!("{}/{}", size("/DiskStats/0/Used"), size("/DiskStats/0/Size")),
        None => "<none>".to_owned(),
    };
    table(&[
        row(["CPU", "Memory", "Disk"]),
        vec![
            format!("{}/{} MHz", number("/CPUTicksConsumed").floor(), total.cpu_mhz),
            format!("{}/{}", size("/Memory/Used"), size("/Memory/Total")),
            disk,
        ],
    ])
}

fn cpu_and_memory(stats: &Value, ui: &mut Ui) {
    let percent = |cpu: &Value, key: &str| {
        format!("{:.2}%", cpu.get(key).and_then(Value::as_f64).unwrap_or_default())
    };
    let cpus = stats.get("CPU").and_then(Value::as_array);
    let texts: Vec<String> = cpus
        .into_iter()
        .flatten()
        .map(|cpu| {
            let name = cpu.get("CPU").and_then(Value::as_str).unwrap_or_default().to_owned();
            key_values(&[
                ("CPU", name),
                ("User", percent(cpu, "User")),
                ("System", percent(cpu, "System")),
                ("Idle", percent(cpu, "Idle")),
            ])
        })
        .collect();
    ui.heading("CPU Stats");
    ui.line(texts.join("\n\n"));
    ui.heading("Memory Stats");
    let size = |key: &str| {
        let found = stats.get("Memory").and_then(|m| m.get(key)?.as_u64());
        bytes(found.unwrap_or_default())
    };
    let names = ["Total", "Available", "Used", "Free"];
    ui.line(key_values(&names.map(|name| (name, size(name)))));
}

fn disks(stats: &Value, ui: &mut Ui) {
    let all = stats.get("DiskStats").and_then(Value::as_array);
    let texts: Vec<String> = all
        .into_iter()
        .flatten()
        .map(|disk| {
            let text =
                |key: &str| disk.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let size = |key: &str| bytes(disk.get(key).and_then(Value::as_u64).unwrap_or_default());
            let percent = |key: &str| {
                format!("{:.2}%", disk.get(key).and_then(Value::as_f64).unwrap_or_default())
            };
            key_values(&[
                ("Device", text("Device")),
                ("MountPoint", text("Mountpoint")),
                ("Size", size("Size")),
                ("Used", size("Used")),
                ("Available", size("Available")),
                ("Used Percent", percent("UsedPercent")),
                ("Inodes Percent", percent("InodesUsedPercent")),
            ])
        })
        .collect();
    ui.heading("Disk Stats");
    ui.line(texts.join("\n\n"));
}
