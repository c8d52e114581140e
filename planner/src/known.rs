//! What a cluster has, by name: what may be offered where a job names it.
//!
//! Plain lists, so that a page can keep them beside the text while the snapshot is elsewhere. Nothing here judges a job.

use crate::Map;
use crate::record::Record;

/// The names of a cluster, each list in order and without repetition.
#[derive(Debug, Default, Record)]
pub struct Known {
    pub datacenters: Vec<String>,
    pub pools: Vec<String>,
    pub classes: Vec<String>,
    /// Task drivers that some node can use.
    pub drivers: Vec<String>,
    /// Host volumes.
    pub volumes: Vec<String>,
    pub csi_volumes: Vec<String>,
    /// Network modes.
    pub modes: Vec<String>,
    /// Networks that ports can be published on.
    pub host_networks: Vec<String>,
    /// Device groups, as `vendor/type/name`.
    pub devices: Vec<String>,
    /// Attributes by name (without `attr.`), with the values that nodes have; of many only the first ones.
    pub attributes: Map<Vec<String>>,
    /// Meta keys (without `meta.`), likewise.
    pub meta: Map<Vec<String>>,
}

/// Of a property's values, more are not kept.
pub const MAX_VALUES: usize = 8;
