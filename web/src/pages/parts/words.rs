//! How values read on the page: times, sizes, counts, statuses. Pure functions, no component.

use steppe_planner::api;

/// The colour of a status; the style sheet knows these five words.
pub fn tone(status: &str) -> &'static str {
    match status {
        "running" | "ready" | "successful" | "healthy" | "eligible" => "good",
        "complete" => "done",
        "pending" | "initializing" | "blocked" | "paused" | "starting" | "stopping" => "wait",
        "failed" | "lost" | "down" | "unhealthy" | "disconnected" => "bad",
        _ => "quiet",
    }
}

/// The first eight characters, as Nomad shortens IDs.
pub fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}

/// `3m ago`, from nanoseconds since the epoch and the browser's clock in milliseconds.
pub fn ago(nanos: i64, now_ms: f64) -> String {
    if nanos <= 0 {
        return String::new();
    }
    let seconds = (now_ms / 1000.0 - nanos as f64 / 1e9).max(0.0) as i64;
    if seconds < 2 { "just now".to_owned() } else { format!("{} ago", span(seconds)) }
}

/// `45s`, `12m`, `3h`, `4d`: the largest unit alone.
pub fn span(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds}s"),
        60..3600 => format!("{}m", seconds / 60),
        3600..86_400 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// `512 MB`, `1.5 GB`.
pub fn megabytes(mb: i64) -> String {
    if mb < 1024 {
        return format!("{mb} MB");
    }
    let gb = mb as f64 / 1024.0;
    if gb < 10.0 && mb % 1024 != 0 { format!("{gb:.1} GB") } else { format!("{gb:.0} GB") }
}

/// `740 B`, `12.3 MB`.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut value = count as f64;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 { format!("{count} B") } else { format!("{value:.1} {}", UNITS[unit]) }
}

/// `1 allocation`, `3 allocations`.
pub fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// A job's status with why, as `nomad job status` writes it.
pub fn job_status(job: &api::Job) -> String {
    let status = job.status.as_deref().filter(|s| !s.is_empty()).unwrap_or("pending");
    if job.stop.unwrap_or_default() && status == "dead" {
        return "dead (stopped)".to_owned();
    }
    status.to_owned()
}

/// The word that tells most about an allocation: what it does, and if it is on its way out.
pub fn allocation_status(allocation: &api::Allocation) -> String {
    let client = allocation.client_status.as_str();
    let ending = allocation.desired_status != "run" && !allocation.desired_status.is_empty();
    if ending && matches!(client, "running" | "pending") {
        return "stopping".to_owned();
    }
    client.to_owned()
}

/// Why an allocation is as it is; nothing where the status says it all.
pub fn why(allocation: &api::Allocation) -> &str {
    match allocation.client_status.as_str() {
        "running" | "complete" => "",
        _ => &allocation.client_description,
    }
}

/// True while an allocation holds resources.
pub fn is_live(allocation: &api::Allocation) -> bool {
    matches!(allocation.client_status.as_str(), "running" | "pending" | "unknown")
}

/// `host:port` of a mapping; an IPv6 address in brackets.
pub fn address(port: &api::PortMapping) -> String {
    if port.host_ip.contains(':') {
        format!("[{}]:{}", port.host_ip, port.value)
    } else {
        format!("{}:{}", port.host_ip, port.value)
    }
}

/// Every port of an allocation: the group's, and those of legacy task networks.
pub fn ports(allocation: &api::Allocation) -> Vec<api::PortMapping> {
    let Some(resources) = &allocation.allocated_resources else { return Vec::new() };
    let mut ports = resources.shared.ports.clone();
    let networks = resources.tasks.values().flat_map(|t| &t.networks);
    let legacy = networks.chain(resources.shared.networks.iter().filter(|_| ports.is_empty()));
    for network in legacy.collect::<Vec<_>>() {
        for port in network.reserved_ports.iter().chain(&network.dynamic_ports) {
            // Newer agents list the ports of legacy networks among the group's too.
            if ports.iter().any(|p| p.label == port.label && p.value == port.value) {
                continue;
            }
            ports.push(api::PortMapping {
                label: port.label.clone(),
                value: port.value,
                to: port.to,
                host_ip: network.ip.clone(),
            });
        }
    }
    ports
}

/// CPU in MHz, memory and disk in MB that an allocation was given.
pub fn given(allocation: &api::Allocation) -> (i64, i64, i64) {
    let Some(resources) = &allocation.allocated_resources else { return (0, 0, 0) };
    let cpu = resources.tasks.values().map(|t| t.cpu.cpu_shares).sum();
    let memory = resources.tasks.values().map(|t| t.memory.memory_mb).sum();
    (cpu, memory, resources.shared.disk_mb)
}
