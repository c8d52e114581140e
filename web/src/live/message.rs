//! What the agent says over the WebSocket, and the states of the line.

use steppe_planner::record::Record;

/// How the page stands with its agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// Nothing has been heard yet.
    #[default]
    Connecting,
    /// The cluster shown is the agent's newest.
    Live,
    /// There was an agent; the cluster shown is the last one known.
    Lost,
    /// The page came from a place without an agent: the sample cluster is shown.
    NoAgent,
}

/// Something changed in the state. Empty topics and keys mean "read everything again".
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct Change {
    pub index: u64,
    #[record(null)]
    pub topics: Vec<String>,
    /// `Allocation:<id>`, `Job:<id>`, …
    #[record(null)]
    pub keys: Vec<String>,
}

impl Change {
    /// The change that concerns everybody, after a reconnect.
    pub fn everything(index: u64) -> Change {
        Change { index, ..Change::default() }
    }

    /// True if it may concern a reader of this topic (`Allocation`) or key (`Allocation:<id>`).
    pub fn concerns(&self, what: &str) -> bool {
        let topic = what.split_once(':').map_or(what, |(topic, _)| topic);
        if self.topics.is_empty() && self.keys.is_empty() {
            return true;
        }
        if what != topic && self.keys.iter().any(|k| k == what) {
            return true;
        }
        let topic_changed = self.topics.iter().any(|t| t == topic);
        // A topic without a single key of its own says nothing about which object changed.
        let keyed = self.keys.iter().any(|k| k.split_once(':').is_some_and(|(t, _)| t == topic));
        topic_changed && (what == topic || !keyed)
    }
}
