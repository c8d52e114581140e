//! Jobs to start from, and the cluster that is shown where no agent answers.

mod cluster;

use std::rc::Rc;

use steppe_planner::record;

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

/// A snapshot document as JSON, as an agent would send it.
pub fn sample_cluster() -> Rc<str> {
    Rc::from(record::to_json(&cluster::document()))
}
