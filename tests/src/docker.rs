//! Docker's own command line: the witness of what the agent did.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// The label with which the agent marks its containers.
pub const ALLOC_LABEL: &str = "com.hashicorp.nomad.alloc_id";

/// Runs `docker` with these arguments and gives what it prints.
pub fn run(args: &[&str]) -> Result<String> {
    let out = Command::new("docker")
        .args(args)
        // The builder without BuildKit: Debian's package has no other.
        .env("DOCKER_BUILDKIT", "0")
        .stdin(Stdio::null())
        .output()
        .context("cannot start docker")?;
    let errors = String::from_utf8_lossy(&out.stderr);
    ensure!(out.status.success(), "docker {}: {}", args.join(" "), errors.trim());
    Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

/// `docker inspect` of one container.
pub fn inspect(container: &str) -> Result<Value> {
    let text = run(&["inspect", "--type", "container", container])?;
    let mut list: Vec<Value> = serde_json::from_str(&text)?;
    list.pop().context("docker inspect found nothing")
}

/// The containers of one allocation, running or not.
pub fn of_allocation(alloc_id: &str) -> Result<Vec<String>> {
    let filter = format!("label={ALLOC_LABEL}={alloc_id}");
    Ok(run(&["ps", "--all", "--quiet", "--no-trunc", "--filter", &filter])?
        .lines()
        .map(str::to_owned)
        .collect())
}

/// Containers made by an agent that works in this folder.
pub fn containers_using(dir: &Path) -> Vec<String> {
    let filter = format!("label={ALLOC_LABEL}");
    let Ok(all) = run(&["ps", "--all", "--quiet", "--no-trunc", "--filter", &filter]) else {
        return Vec::new();
    };
    let dir = dir.to_string_lossy();
    all.lines()
        .filter(|id| {
            let binds = inspect(id).unwrap_or_default();
            [&binds["Mounts"], &binds["HostConfig"]["Binds"]]
                .iter()
                .any(|part| part.to_string().contains(dir.as_ref()))
        })
        .map(str::to_owned)
        .collect()
}

/// The host ports a container publishes, as `port/protocol`, in order.
pub fn published(inspected: &Value) -> Vec<String> {
    let empty = serde_json::Map::new();
    let bindings = inspected["HostConfig"]["PortBindings"].as_object().unwrap_or(&empty);
    let mut ports: Vec<String> = bindings
        .iter()
        .flat_map(|(inside, hosts)| {
            let protocol = inside.split('/').nth(1).unwrap_or("tcp").to_owned();
            let hosts = hosts.as_array().cloned().unwrap_or_default();
            hosts
                .into_iter()
                .map(move |h| format!("{}/{protocol}", h["HostPort"].as_str().unwrap_or_default()))
        })
        .collect();
    ports.sort();
    ports.dedup();
    ports
}

pub fn has_image(name: &str) -> bool {
    run(&["image", "inspect", "--format", "{{.Id}}", name]).is_ok()
}
