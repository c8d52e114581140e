//! Corners of the scheduler: small clusters on which Nomad does something that one would not guess.

mod allocations;
mod cluster;
mod newer;
mod nodes;
mod room;
