//! What the machine is and has: the facts behind a node's attributes and resources.
//!
//! Read once at the start, as Nomad does; ports and drivers are watched elsewhere (`host`, `node`).
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/runtime/interpolation>

pub mod cpu;
pub mod disk;
pub mod kernel;
pub mod memory;
pub mod network;
pub mod os;
pub mod ports;

use std::path::Path;

use steppe_planner::api::TextMap;

/// The machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Machine {
    pub hostname: String,
    pub cores: i64,
    pub cpu_mhz_total: i64,
    pub memory_mb: i64,
    /// Free on the volume of the data directory.
    pub disk_mb: i64,
    pub interfaces: Vec<network::Interface>,
    /// Nomad's attributes of all of this.
    pub attributes: TextMap,
}

impl Machine {
    /// Looks at the machine; `data_dir` tells which volume holds the allocations.
    pub fn read(data_dir: &Path) -> Machine {
        let cpu = cpu::read();
        let memory_bytes = memory::total_bytes();
        let disk = disk::read(data_dir);
        let kernel = kernel::read();
        let mut attributes = TextMap::new();
        let mut put = |key: &str, value: String| {
            if !value.is_empty() {
                attributes.insert(key.to_owned(), value);
            }
        };
        put("arch", cpu.arch.clone());
        put("cpu.arch", cpu.arch.clone());
        put("cpu.frequency", cpu.mhz.to_string());
        put("cpu.modelname", cpu.model.clone());
        put("cpu.numcores", cpu.cores.to_string());
        put("cpu.reservablecores", cpu.cores.to_string());
        put("cpu.totalcompute", cpu.total_mhz().to_string());
        put("cpu.usablecompute", cpu.total_mhz().to_string());
        put("memory.totalbytes", memory_bytes.to_string());
        put("unique.storage.volume", disk.volume.clone());
        put("unique.storage.bytestotal", disk.total_bytes.to_string());
        put("unique.storage.bytesfree", disk.free_bytes.to_string());
        put("kernel.name", kernel.name.clone());
        put("kernel.version", kernel.version.clone());
        put("kernel.arch", kernel.arch.clone());
        put("unique.hostname", kernel.hostname.clone());
        put("unique.cgroup.mountpoint", "/sys/fs/cgroup".to_owned());
        put("os.signals", os::SIGNALS.join(","));
        let (os_name, os_version) = os::read();
        put("os.name", os_name);
        put("os.version", os_version);
        Machine {
            hostname: kernel.hostname,
            cores: cpu.cores,
            cpu_mhz_total: cpu.total_mhz(),
            memory_mb: i64::try_from(memory_bytes >> 20).unwrap_or(i64::MAX),
            disk_mb: i64::try_from(disk.free_bytes >> 20).unwrap_or(i64::MAX),
            interfaces: network::interfaces(),
            attributes,
        }
    }
}

/// The first line of a small file, trimmed; empty if it cannot be read.
fn line_of(path: &str) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().next().unwrap_or_default().trim().to_owned()
}
