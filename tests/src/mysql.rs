//! The real MariaDB client, as the workshop's reader uses it.

use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::wait;

/// How long a database may take for its very first start.
const LOGIN_PATIENCE: Duration = Duration::from_secs(90);

/// Runs one statement as root on 127.0.0.1 and gives the rows.
pub fn query(port: u16, statement: &str) -> Result<String> {
    let out = Command::new("mariadb")
        .args(["--no-defaults", "--batch", "--skip-column-names", "--connect-timeout=5"])
        .args(["--host=127.0.0.1", "--protocol=tcp", &format!("--port={port}")])
        .args(["--user=root", "--password=rooooot", "--execute", statement])
        .stdin(Stdio::null())
        .output()
        .context("cannot start the mariadb client")?;
    let errors = String::from_utf8_lossy(&out.stderr);
    ensure!(out.status.success(), "{statement}: {}", errors.trim());
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// Waits until root can log in; gives the databases.
pub async fn databases(port: u16) -> Result<Vec<String>> {
    let rows = wait::until("root logs in to MySQL", LOGIN_PATIENCE, async || {
        query(port, "show databases")
    });
    Ok(rows.await?.lines().map(str::to_owned).collect())
}
