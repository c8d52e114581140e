//! What the API asks of the clients past the store: orders for running tasks, and statistics.

use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::json;
use steppe_planner::api::Value;
use tokio::sync::oneshot;

use super::alloc_shell::UserOrder;
use super::fingerprint::memory;
use super::{Client, Shared};
use crate::driver::TaskUsage;
use crate::http::{ClientAccess, ClientError};

/// How long a request waits for a fresh look at the machine.
const LOOK_TIMEOUT: Duration = Duration::from_secs(2);

impl Shared {
    /// Checks that the allocation runs here and has the task.
    fn check(&self, alloc_id: &str, task: Option<&str>) -> Result<(), ClientError> {
        let record = self.store.alloc(alloc_id);
        let record = record.ok_or_else(|| ClientError::UnknownAllocation(alloc_id.to_owned()))?;
        let Some(task) = task else {
            return Ok(());
        };
        if !record.group().is_some_and(|g| g.tasks.iter().any(|t| t.name == task)) {
            return Err(ClientError::UnknownTask(task.to_owned()));
        }
        let state = record.alloc.task_states.get(task);
        if state.is_some_and(|s| s.state == "running") {
            Ok(())
        } else {
            Err(ClientError::NotRunning)
        }
    }

    fn send(
        &self,
        alloc_id: &str,
        task: Option<&str>,
        order: UserOrder,
    ) -> Result<(), ClientError> {
        self.check(alloc_id, task)?;
        if self.handles.order(alloc_id, order) { Ok(()) } else { Err(ClientError::NotRunning) }
    }

    async fn measure(&self, alloc_id: &str) -> Result<Value, ClientError> {
        self.check(alloc_id, None)?;
        let mut tasks = serde_json::Map::new();
        let mut total = TaskUsage::default();
        for (name, handle) in self.handles.tasks(alloc_id) {
            // A task that ends while it is measured is left out.
            let Some(usage) = self.usage(alloc_id, &name, &handle).await else {
                continue;
            };
            total.cpu_percent += usage.cpu_percent;
            total.memory_bytes += usage.memory_bytes;
            total.memory_max_bytes += usage.memory_max_bytes;
            total.time_ns = usage.time_ns;
            tasks.insert(name, self.document(&usage));
        }
        let mut document = self.document(&total);
        document["Tasks"] = Value::Object(tasks);
        Ok(document)
    }

    async fn usage(
        &self,
        alloc_id: &str,
        task: &str,
        handle: &crate::driver::TaskHandle,
    ) -> Option<TaskUsage> {
        let record = self.store.alloc(alloc_id)?;
        let driver = &record.group()?.tasks.iter().find(|t| t.name == task)?.driver;
        self.drivers.get(driver)?.stats(handle).await.ok()
    }

    fn document(&self, usage: &TaskUsage) -> Value {
        // A percentage is of one core; Nomad's ticks are the MHz that makes.
        let cores = self.machine.cores.max(1);
        let core_mhz = self.machine.cpu_mhz_total as f64 / cores as f64;
        json!({
            "ResourceUsage": {
                "CpuStats": {
                    "Measured": ["Percent"],
                    "Percent": usage.cpu_percent,
                    "SystemMode": 0.0,
                    "UserMode": 0.0,
                    "ThrottledPeriods": 0,
                    "ThrottledTime": 0,
                    "TotalTicks": usage.cpu_percent / 100.0 * core_mhz,
                },
                "MemoryStats": {
                    "Measured": ["Usage", "Max Usage"],
                    "Usage": usage.memory_bytes,
                    "MaxUsage": usage.memory_max_bytes,
                    "RSS": 0,
                    "Cache": 0,
                    "Swap": 0,
                    "KernelUsage": 0,
                    "KernelMaxUsage": 0,
                },
                "DeviceStats": null,
            },
            "Pids": null,
            "Timestamp": usage.time_ns,
        })
    }

    fn machine_document(&self) -> Value {
        let total = u64::try_from(self.machine.memory_mb).unwrap_or(0) << 20;
        let available = memory::available_bytes();
        let uptime = std::fs::read_to_string("/proc/uptime").unwrap_or_default();
        let uptime = uptime.split('.').next().and_then(|s| s.parse::<u64>().ok()).unwrap_or(0);
        json!({
            "AllocDirStats": null,
            "CPU": [],
            "CPUTicksConsumed": 0.0,
            "DeviceStats": [],
            "DiskStats": [],
            "Memory": {
                "Available": available,
                "Free": available,
                "Total": total,
                "Used": total.saturating_sub(available),
            },
            "Timestamp": self.store.clock().now_ns(),
            "Uptime": uptime,
        })
    }
}

impl ClientAccess for Client {
    fn restart<'a>(
        &'a self,
        alloc_id: &'a str,
        task: Option<&'a str>,
    ) -> BoxFuture<'a, Result<(), ClientError>> {
        let order = UserOrder::Restart(task.map(str::to_owned));
        Box::pin(async move { self.shared.send(alloc_id, task, order) })
    }

    fn signal<'a>(
        &'a self,
        alloc_id: &'a str,
        task: Option<&'a str>,
        signal: &'a str,
    ) -> BoxFuture<'a, Result<(), ClientError>> {
        let order = UserOrder::Signal(task.map(str::to_owned), signal.to_owned());
        Box::pin(async move { self.shared.send(alloc_id, task, order) })
    }

    fn alloc_stats<'a>(&'a self, alloc_id: &'a str) -> BoxFuture<'a, Result<Value, ClientError>> {
        Box::pin(self.shared.measure(alloc_id))
    }

    fn refresh_hosts(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let (answer, answered) = oneshot::channel();
            if self.shared.look.send(answer).is_ok() {
                // A driver that hangs must not hold up a request: then the last look counts.
                let _ = tokio::time::timeout(LOOK_TIMEOUT, answered).await;
            }
        })
    }

    fn node_stats<'a>(&'a self, node_id: &'a str) -> BoxFuture<'a, Result<Value, ClientError>> {
        Box::pin(async move {
            if self.shared.store.node(node_id).is_none() {
                return Err(ClientError::Failed(format!("node {node_id} is not on this agent")));
            }
            Ok(self.shared.machine_document())
        })
    }
}
