//! CSI volumes: what of them decides whether another claim fits.

use crate::Map;
use crate::api::Value;

/// A registered CSI volume.
#[derive(Clone, Debug, Default)]
pub struct CsiVolume {
    pub id: String,
    pub namespace: String,
    pub plugin: String,
    pub schedulable: bool,
    pub access_mode: String,
    /// Access modes it was registered for, where none is in force yet.
    pub capabilities: Vec<String>,
    /// Allocations that write to it.
    pub writers: Vec<String>,
    pub readers: Vec<String>,
    /// Places it can be reached from; any will do, and none means everywhere.
    pub topologies: Vec<Map<String>>,
}

impl CsiVolume {
    /// Reads the volume document.
    pub fn compile(document: &Value) -> CsiVolume {
        let text = |key: &str| document.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
        let keys = |key: &str| -> Vec<String> {
            let map = document.get(key).and_then(Value::as_object);
            map.map(|m| m.keys().cloned().collect()).unwrap_or_default()
        };
        let capabilities = document
            .get("RequestedCapabilities")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|c| c.get("AccessMode")?.as_str().map(str::to_owned))
            .collect();
        let namespace = text("Namespace");
        CsiVolume {
            id: text("ID"),
            namespace: if namespace.is_empty() { "default".to_owned() } else { namespace },
            plugin: text("PluginID"),
            schedulable: document.get("Schedulable").and_then(Value::as_bool).unwrap_or_default(),
            access_mode: text("AccessMode"),
            capabilities,
            writers: merged(keys("WriteClaims"), keys("WriteAllocs")),
            readers: merged(keys("ReadClaims"), keys("ReadAllocs")),
            topologies: document
                .get("Topologies")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .map(segments)
                .collect(),
        }
    }

    /// True if it can be reached from a place.
    pub fn is_reachable(&self, from: &Map<String>) -> bool {
        let covers =
            |wanted: &Map<String>| wanted.iter().all(|(key, value)| from.get(key) == Some(value));
        self.topologies.is_empty() || self.topologies.iter().any(covers)
    }

    /// True if its access mode allows reading only.
    pub fn is_read_only(&self) -> bool {
        self.any_mode(|m| m.contains("reader-only")) && !self.any_mode(|m| m.contains("writer"))
    }

    /// True if any number of allocations may write.
    pub fn has_many_writers(&self) -> bool {
        self.any_mode(|m| m == "multi-node-multi-writer")
    }

    fn any_mode(&self, test: impl Fn(&str) -> bool) -> bool {
        if self.access_mode.is_empty() {
            self.capabilities.iter().any(|m| test(m))
        } else {
            test(&self.access_mode)
        }
    }
}

/// The segments of a topology.
pub(super) fn segments(topology: &Value) -> Map<String> {
    let segments = topology.get("Segments").and_then(Value::as_object);
    let pair = |(key, value): (&String, &Value)| Some((key.clone(), value.as_str()?.to_owned()));
    segments.into_iter().flatten().filter_map(pair).collect()
}

fn merged(mut a: Vec<String>, b: Vec<String>) -> Vec<String> {
    a.extend(b);
    a.sort();
    a.dedup();
    a
}
