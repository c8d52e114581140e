//! Jobs to start from.

/// A job in the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    pub key: &'static str,
    pub title: &'static str,
    /// What it shows, in a few words.
    pub note: &'static str,
    pub source: &'static str,
}

macro_rules! example {
    ($key:literal, $title:literal, $note:literal) => {
        Example {
            key: $key,
            title: $title,
            note: $note,
            source: include_str!(concat!($key, ".nomad.hcl")),
        }
    };
}

/// What a first visitor finds in the editor.
pub const FIRST: Example =
    example!("mysql", "MySQL", "one database on a fixed port, in the older syntax");

/// The menu.
pub const ALL: [Example; 6] = [
    FIRST,
    example!("mysql-volume", "MySQL that keeps its data", "the same, with a host volume"),
    example!("mysql-hcl2", "MySQL in HCL2", "a group network, and a variable for the version"),
    example!("web", "Web servers", "three copies on dynamic ports, with a rolling update"),
    example!("batch", "Nightly report", "a batch job with a memory appetite"),
    example!("impossible", "A job that fits nowhere", "every check fails: see every reason"),
];

/// The cluster that is shown where no agent answers: small enough to see whole, and with one of each
/// trouble. A snapshot document like any other, so that nothing else in the page knows of it.
pub const SAMPLE_CLUSTER: &str = "sample-cluster.json";
