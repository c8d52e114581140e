//! CSI volumes: what of them decides whether another claim fits.

use crate::Map;
use crate::api::Value;
use crate::model::Alloc;

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
            schedulable: document.get("Schedulable").and_then(Value::as_bool).unwrap_or_default()
                && !is_exhausted(document),
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

    /// True if no access mode of it allows writing.
    pub fn is_read_only(&self) -> bool {
        self.writing_mode().is_none()
    }

    /// True if any number of allocations may write.
    pub fn has_many_writers(&self) -> bool {
        self.writing_mode() == Some("multi-node-multi-writer")
    }

    /// The mode in force, or the first one it was registered for, if it is for writing.
    fn writing_mode(&self) -> Option<&str> {
        let registered = self.capabilities.iter().filter(|_| self.access_mode.is_empty());
        let mut modes = std::iter::once(&self.access_mode).chain(registered);
        modes.find(|mode| mode.ends_with("-writer")).map(String::as_str)
    }

    /// True if it is in use on the node of an allocation because of it.
    pub fn is_held_by(&self, alloc: &Alloc) -> bool {
        let claims = self.writers.contains(&alloc.id) || self.readers.contains(&alloc.id);
        claims || alloc.common.csi_volumes.contains(&self.id)
    }
}

/// True if its plugin has said that it can serve no more.
fn is_exhausted(document: &Value) -> bool {
    let since = document.get("ResourceExhausted").and_then(Value::as_str);
    since.and_then(super::time::parse).is_some_and(|time| time > 0)
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
