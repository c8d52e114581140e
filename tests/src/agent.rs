//! The real `steppe` binary: started on a free port with a data directory of its own, asked, killed.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::api::Api;
use crate::{docker, root, scratch, wait};

const START_PATIENCE: Duration = Duration::from_secs(30);

/// A running agent with the folder it works in; ends, with its containers, when dropped.
pub struct Agent {
    child: Option<Child>,
    pub dir: PathBuf,
    pub port: u16,
    configs: Vec<PathBuf>,
    pub api: Api,
}

/// The binary under test.
pub fn binary() -> PathBuf {
    let path = std::env::var_os("STEPPE_BIN").map(PathBuf::from);
    let path = path.unwrap_or_else(|| root().join("target/debug/steppe"));
    assert!(path.exists(), "{} is not there: cargo build -p steppe-agent", path.display());
    path
}

/// A port that nothing listens on now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    listener.local_addr().expect("it is bound").port()
}

/// A new empty folder for one test.
pub fn fresh_dir(name: &str) -> Result<PathBuf> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    let dir = scratch().join("run").join(format!("{name}-{}-{n}", std::process::id()));
    fs::create_dir_all(&dir)?;
    Ok(dir)
}

/// A configuration of one node, for `extra` to add to.
pub fn single_node(client: &str) -> String {
    format!(
        "data_dir = \"state\"\nbind_addr = \"127.0.0.1\"\nname = \"node-1\"\n\
         server {{\n  enabled = true\n}}\nclient {{\n  enabled = true\n{client}\n}}\n"
    )
}

impl Agent {
    /// One node with the defaults.
    pub async fn single(name: &str) -> Result<Agent> {
        Agent::start(name, &[("agent.hcl", single_node(""))]).await
    }

    /// An agent with these configuration files; the first one gets the HTTP port.
    pub async fn start(name: &str, files: &[(&str, String)]) -> Result<Agent> {
        Agent::start_in(fresh_dir(name)?, files).await
    }

    /// The same in a folder that is there already.
    pub async fn start_in(dir: PathBuf, files: &[(&str, String)]) -> Result<Agent> {
        let port = free_port();
        let mut configs = Vec::new();
        for (n, (name, text)) in files.iter().enumerate() {
            let ports =
                if n == 0 { format!("\nports {{\n  http = {port}\n}}\n") } else { String::new() };
            fs::write(dir.join(name), format!("{text}{ports}"))?;
            configs.push(PathBuf::from(name));
        }
        let api = Api::new(port);
        let mut agent = Agent { child: None, dir, port, configs, api };
        agent.spawn().await?;
        Ok(agent)
    }

    /// Starts the process again in the same folder, as after a crash or a new configuration.
    pub async fn spawn(&mut self) -> Result<()> {
        ensure!(self.child.is_none(), "it runs already");
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut command = Command::new(binary());
        command.arg("agent").current_dir(&self.dir);
        for config in &self.configs {
            command.arg("-config").arg(config);
        }
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        self.child = Some(command.spawn().context("cannot start steppe")?);
        let ready = wait::until("the agent answers", START_PATIENCE, async || {
            self.api.get("/v1/status/leader").await
        });
        ready.await.map(|_| ()).with_context(|| self.tail())
    }

    /// Waits until that many nodes are ready and have a healthy Docker.
    pub async fn nodes_ready(&self, count: usize) -> Result<()> {
        let ready = wait::until("all nodes are ready with Docker", START_PATIENCE, async || {
            let nodes = self.api.get("/v1/nodes").await?;
            let nodes = nodes.as_array().context("a list of nodes")?.clone();
            let fit = |n: &&serde_json::Value| {
                n["Status"] == "ready" && n["Drivers"]["docker"]["Healthy"] == true
            };
            let ready = nodes.iter().filter(fit).count();
            ensure!(ready == count && nodes.len() == count, "{ready} of {} nodes", nodes.len());
            Ok(())
        });
        ready.await.with_context(|| self.tail())
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// `kill -9`: nothing is cleaned up.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Gone already is as good.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// `STOP` freezes it, `CONT` lets it go on, `TERM` ends it.
    pub fn signal(&self, name: &str) -> Result<()> {
        let pid = self.pid().context("it does not run")?.to_string();
        let status = Command::new("kill").args([&format!("-{name}"), &pid]).status()?;
        ensure!(status.success(), "kill -{name} {pid}: {status}");
        Ok(())
    }

    /// Runs the command line against this agent, in its folder.
    pub fn cli(&self, args: &[&str]) -> Result<Output> {
        let mut command = Command::new(binary());
        command.args(args).current_dir(&self.dir).env("NOMAD_ADDR", self.url());
        command.stdin(Stdio::null()).output().context("cannot start steppe")
    }

    /// The same, for a command that must succeed; gives what it prints.
    pub fn cli_ok(&self, args: &[&str]) -> Result<String> {
        let out = self.cli(args)?;
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        if !out.status.success() {
            let errors = String::from_utf8_lossy(&out.stderr);
            bail!("steppe {} ended with {}: {text}{errors}", args.join(" "), out.status);
        }
        Ok(text)
    }

    pub fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.dir.join(name);
        fs::write(&path, text)?;
        Ok(path)
    }

    fn log(&self) -> PathBuf {
        self.dir.join("agent.log")
    }

    /// The end of the agent's log, for a failure's story.
    pub fn tail(&self) -> String {
        let text = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let from = lines.len().saturating_sub(25);
        format!("the agent's log ends:\n{}", lines[from..].join("\n"))
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.tail());
        }
        self.kill();
        remove_containers(&self.dir);
        if !std::thread::panicking() {
            // A folder that a container's user wrote to may resist; it is only clutter.
            let _ = fs::remove_dir_all(&self.dir);
        }
    }
}

/// Containers outlive an agent by design, but not a test.
fn remove_containers(dir: &Path) {
    for container in docker::containers_using(dir) {
        let _ = docker::run(&["rm", "--force", "--volumes", &container]);
    }
}
