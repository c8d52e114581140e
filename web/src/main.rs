//! Placeholder entry point until the first slice lands.
mod live;
fn main() {}
