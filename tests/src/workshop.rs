//! The workshop's files, as they stand in `tests/workshop`.

use std::fs;

use crate::root;

pub const JOB: &str = "mysql-5.7";
pub const PORT: u16 = 3306;

fn read(name: &str) -> String {
    let path = root().join("tests/workshop").join(name);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The first job, without a volume.
pub fn mysql() -> String {
    read("mysql.nomad")
}

/// The second one, with its data on a host volume.
pub fn mysql_with_volume() -> String {
    read("mysql-volume.nomad")
}

/// The server's and the three clients' configuration.
pub fn cluster() -> Vec<(&'static str, String)> {
    [
        "nomad-local-config-server.hcl",
        "nomad-local-config-client-1.hcl",
        "nomad-local-config-client-2.hcl",
        "nomad-local-config-client-3.hcl",
    ]
    .map(|name| (name, read(name)))
    .to_vec()
}
