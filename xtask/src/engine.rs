//! A Docker engine for the tests: the one that answers, else one started here and stopped at the end.

use std::fs::{self, File};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::shell::{self, Step, clean, root};

const START_PATIENCE: Duration = Duration::from_secs(60);
const STOP_PATIENCE: Duration = Duration::from_secs(30);

/// Keeps the engine; an engine started here ends with it.
pub(crate) struct Engine {
    child: Option<Child>,
}

impl Engine {
    pub(crate) fn ensure() -> Result<Engine> {
        if answers() {
            return Ok(Engine { child: None });
        }
        let step = Step::start("starting dockerd (nothing answers on Docker's socket)");
        let program = shell::find("dockerd").context("there is no dockerd")?;
        let log = root().join("target/dockerd.log");
        fs::create_dir_all(root().join("target"))?;
        let out = File::create(&log)?;
        let child = clean(program)
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .spawn()
            .context("cannot start dockerd")?;
        let mut engine = Engine { child: Some(child) };
        let start = Instant::now();
        while !answers() {
            let gone = engine.child.as_mut().is_some_and(|c| !matches!(c.try_wait(), Ok(None)));
            if gone || start.elapsed() > START_PATIENCE {
                let text = fs::read_to_string(&log).unwrap_or_default();
                let tail: Vec<&str> = text.lines().rev().take(5).collect();
                bail!(
                    "dockerd does not come up; the end of {}:\n{}",
                    log.display(),
                    tail.join("\n")
                );
            }
            thread::sleep(Duration::from_millis(200));
        }
        step.done("");
        Ok(engine)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let Some(child) = &mut self.child else { return };
        let step = Step::start("stopping the dockerd started here");
        // SIGTERM lets it stop its containers and its containerd.
        let _ = Command::new("kill").arg(child.id().to_string()).status();
        let start = Instant::now();
        while matches!(child.try_wait(), Ok(None)) {
            if start.elapsed() > STOP_PATIENCE {
                let _ = child.kill();
                let _ = child.wait();
                break;
            }
            thread::sleep(Duration::from_millis(100));
        }
        step.done("");
    }
}

fn answers() -> bool {
    let mut docker = clean("docker");
    docker.args(["version", "--format", "{{.Server.Version}}"]);
    docker.stdout(Stdio::null()).stderr(Stdio::null());
    docker.status().is_ok_and(|s| s.success())
}
