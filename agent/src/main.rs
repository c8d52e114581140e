//! Placeholder entry point until the first slice lands.
fn main() {}
