//! Debian's docker-registry on loopback, with a user and a password.

use std::fs::{self, File};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::agent::{free_port, fresh_dir};
use crate::{docker, wait};

pub const USER: &str = "puller";
pub const PASSWORD: &str = "pull-secret";
/// The password, hashed with bcrypt as the registry wants it.
const HASH: &str = "$2b$04$5Mehao/5me1J6GUj4mjhAOEXzuAEUlNlWmZvPCO8I6ACGLUjXXKm6";

/// A running registry; ends and forgets everything when dropped.
pub struct Registry {
    child: Child,
    dir: PathBuf,
    pub port: u16,
}

impl Registry {
    pub async fn start() -> Result<Registry> {
        let dir = fresh_dir("registry")?;
        let port = free_port();
        let place = dir.display();
        fs::write(dir.join("users"), format!("{USER}:{HASH}\n"))?;
        let config = format!(
            "version: 0.1\nlog:\n  level: warn\nstorage:\n  filesystem:\n    rootdirectory: {place}/data\n\
             http:\n  addr: 127.0.0.1:{port}\nauth:\n  htpasswd:\n    realm: tests\n    path: {place}/users\n"
        );
        fs::write(dir.join("config.yml"), config)?;
        let log = File::create(dir.join("log"))?;
        let child = Command::new("docker-registry")
            .arg("serve")
            .arg(dir.join("config.yml"))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("cannot start docker-registry")?;
        let registry = Registry { child, dir, port };
        wait::until("the registry listens", Duration::from_secs(20), async || {
            Ok(TcpStream::connect(("127.0.0.1", port))?)
        })
        .await?;
        Ok(registry)
    }

    /// Pushes a local image under a name in this registry, and removes it from the engine.
    pub fn take(&self, image: &str, name: &str) -> Result<()> {
        let remote = format!("127.0.0.1:{}/{name}", self.port);
        let config = self.dir.join("docker-config").to_string_lossy().into_owned();
        let address = format!("127.0.0.1:{}", self.port);
        docker::run(&["--config", &config, "login", "-u", USER, "-p", PASSWORD, &address])?;
        docker::run(&["tag", image, &remote])?;
        docker::run(&["--config", &config, "push", "--quiet", &remote])?;
        docker::run(&["image", "rm", &remote, image])?;
        Ok(())
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.dir);
    }
}
