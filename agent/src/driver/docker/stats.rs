//! One measurement of a container's processor and memory.

use bollard::Docker;
use bollard::models::{ContainerCpuStats, ContainerStatsResponse};
use bollard::query_parameters::StatsOptions;
use futures_util::StreamExt;

use super::error::of_container;
use crate::clock::parse_rfc3339;
use crate::driver::{DriverError, TaskHandle, TaskUsage};

/// Measures over about a second: Docker takes two samples.
pub(super) async fn measure(
    docker: &Docker,
    handle: &TaskHandle,
) -> Result<TaskUsage, DriverError> {
    let options = StatsOptions { stream: false, one_shot: false };
    let mut stream = Box::pin(docker.stats(&handle.id, Some(options)));
    match stream.next().await {
        Some(Ok(stats)) => Ok(usage(&stats)),
        Some(Err(error)) => Err(of_container(&error, &handle.name)),
        None => Err(DriverError::Gone(handle.name.clone())),
    }
}

fn usage(stats: &ContainerStatsResponse) -> TaskUsage {
    let memory = stats.memory_stats.clone().unwrap_or_default();
    // The page cache can be taken back: it is not the task's need.
    let cache = memory.stats.as_ref().and_then(|s| s.get("inactive_file")).copied().unwrap_or(0);
    let memory_bytes = memory.usage.unwrap_or(0).saturating_sub(cache);
    TaskUsage {
        cpu_percent: cpu_percent(stats.cpu_stats.as_ref(), stats.precpu_stats.as_ref()),
        memory_bytes,
        memory_max_bytes: memory.max_usage.unwrap_or(memory_bytes),
        pids: stats.pids_stats.as_ref().and_then(|p| p.current).unwrap_or(0),
        time_ns: stats.read.as_deref().and_then(parse_rfc3339).unwrap_or(0),
    }
}

/// Of one core: two busy cores are 200.
fn cpu_percent(now: Option<&ContainerCpuStats>, before: Option<&ContainerCpuStats>) -> f64 {
    let used = |s: Option<&ContainerCpuStats>| {
        s.and_then(|s| s.cpu_usage.as_ref()).and_then(|u| u.total_usage).unwrap_or(0)
    };
    let system = |s: Option<&ContainerCpuStats>| s.and_then(|s| s.system_cpu_usage).unwrap_or(0);
    let spent = used(now).saturating_sub(used(before)) as f64;
    let passed = system(now).saturating_sub(system(before)) as f64;
    let cores = now.and_then(|s| s.online_cpus).unwrap_or(1);
    if passed > 0.0 { spent / passed * f64::from(cores) * 100.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use bollard::models::ContainerCpuUsage;

    use super::*;

    #[test]
    fn a_percentage_is_of_one_core() {
        let sample = |used, system| ContainerCpuStats {
            cpu_usage: Some(ContainerCpuUsage { total_usage: Some(used), ..Default::default() }),
            system_cpu_usage: Some(system),
            online_cpus: Some(2),
            ..Default::default()
        };
        // Half of the machine's two cores.
        assert_eq!(cpu_percent(Some(&sample(500, 1000)), Some(&sample(0, 0))), 100.0);
        assert_eq!(cpu_percent(Some(&sample(5, 5)), None), 200.0);
        assert_eq!(cpu_percent(None, None), 0.0);
    }
}
