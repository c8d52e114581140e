//! Who holds a port on this machine, read from `/proc`.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;

use anyhow::{Result, bail};

/// `LISTEN` in `/proc/net/tcp`.
const LISTEN: &str = "0A";

/// An error naming the holder if the port on 127.0.0.1 is taken.
pub(crate) fn ensure_free(port: u16, what_for: &str) -> Result<()> {
    if TcpListener::bind(("127.0.0.1", port)).is_ok() {
        return Ok(());
    }
    let holder = holder(port).unwrap_or_else(|| "a process that this user cannot see".into());
    bail!("port {port} is needed for {what_for}, but it is held by {holder}");
}

/// Name and ID of the process that listens on a port.
fn holder(port: u16) -> Option<String> {
    let sockets: BTreeSet<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .flat_map(|table| {
            fs::read_to_string(table)
                .unwrap_or_default()
                .lines()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .filter_map(|line| listening_socket(&line, port))
        .collect();
    for process in fs::read_dir("/proc").ok()?.flatten() {
        let pid = process.file_name().to_string_lossy().into_owned();
        if pid.parse::<u32>().is_err() {
            // `self` and the like are links to processes that have their own folder.
            continue;
        }
        let Ok(open) = fs::read_dir(process.path().join("fd")) else { continue };
        let holds = open.flatten().any(|fd| {
            fs::read_link(fd.path()).is_ok_and(|to| sockets.contains(to.to_string_lossy().as_ref()))
        });
        if holds {
            let name = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            return Some(format!("{} (process {pid})", name.trim()));
        }
    }
    None
}

/// `socket:[inode]` if the table's line is a listener on the port.
fn listening_socket(line: &str, port: u16) -> Option<String> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let (_, hex) = fields.get(1)?.rsplit_once(':')?;
    let listens = fields.get(3) == Some(&LISTEN) && u16::from_str_radix(hex, 16) == Ok(port);
    listens.then(|| format!("socket:[{}]", fields.get(9).copied().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_names_this_process() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let error = ensure_free(port, "a test").expect_err("it is taken").to_string();
        assert!(error.contains(&format!("(process {})", std::process::id())), "{error}");
        drop(listener);
        ensure_free(port, "a test").expect("free again");
    }
}
