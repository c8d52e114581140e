//! What the drivers' `config` blocks take: one table for each driver, in the style of the job's own.
//!
//! Data only. A driver that is not listed here checks its options itself; what the checks are is decided in `lint`.

mod docker;
mod exec;
mod java;
mod qemu;
mod raw_exec;

use super::{BlockSchema, Field};

/// Every driver whose options are known.
static DRIVERS: [(&str, &BlockSchema); 5] = [
    ("docker", &docker::CONFIG),
    ("exec", &exec::CONFIG),
    ("raw_exec", &raw_exec::CONFIG),
    ("java", &java::CONFIG),
    ("qemu", &qemu::CONFIG),
];

/// The options of a driver, if they are known.
pub(crate) fn driver_config(driver: &str) -> Option<&'static BlockSchema> {
    DRIVERS.iter().find(|(name, _)| *name == driver).map(|(_, config)| *config)
}

/// The names of the drivers whose options are known.
pub(crate) fn drivers() -> impl Iterator<Item = &'static str> {
    DRIVERS.iter().map(|(name, _)| *name)
}

/// The options of all of them.
pub(crate) fn driver_options() -> impl Iterator<Item = &'static Field> {
    DRIVERS.iter().flat_map(|(_, config)| config.fields)
}
