//! Copies a container's output into the allocation's log files.
//!
//! Docker keeps the time of every message. The time of the last one copied is noted beside the logs,
//! so that a new run of the agent goes on where the old one stopped.

use std::io;
use std::path::Path;
use std::time::Duration;

use bollard::Docker;
use bollard::container::LogOutput;
use bollard::query_parameters::LogsOptions;
use futures_util::StreamExt;

use crate::clock::{SECOND_NS, parse_rfc3339};
use crate::driver::log_file::{LogDir, LogFile};
use crate::driver::{TaskHandle, TaskOrder};

/// How long to wait before a broken stream is opened again.
const REOPEN: Duration = Duration::from_millis(500);

/// Follows the output until the container has ended and all is copied.
pub(super) async fn follow(docker: &Docker, handle: &TaskHandle, order: &TaskOrder) {
    if order.logs.disabled {
        return;
    }
    let mut copy = match Copy::open(handle, order) {
        Ok(copy) => copy,
        Err(error) => {
            tracing::warn!(%error, task = handle.name, "cannot open the task's log files");
            return;
        }
    };
    loop {
        let complete = match copy.stream(docker, handle).await {
            Ok(complete) => complete,
            Err(error) => {
                tracing::warn!(%error, task = handle.name, "cannot write the task's logs");
                return;
            }
        };
        // A stream that broke is told apart from one that ended by asking for the container.
        match docker.inspect_container(&handle.id, None).await {
            Ok(found) => {
                let running = found.state.and_then(|s| s.running).unwrap_or(false);
                if !running && complete {
                    return;
                }
            }
            Err(error) if super::error::is_missing(&error) => return,
            Err(_) => {}
        }
        tokio::time::sleep(REOPEN).await;
    }
}

struct Copy {
    stdout: LogFile,
    stderr: LogFile,
    position: Position,
}

impl Copy {
    fn open(handle: &TaskHandle, order: &TaskOrder) -> io::Result<Copy> {
        let (dir, task) = (&order.dirs.logs, &order.task_name);
        Ok(Copy {
            stdout: LogFile::open(dir, &format!("{task}.stdout"), order.logs)?,
            stderr: LogFile::open(dir, &format!("{task}.stderr"), order.logs)?,
            position: Position::read(dir, task, &handle.id)?,
        })
    }

    /// Copies until the stream ends; true if it ended by itself.
    async fn stream(&mut self, docker: &Docker, handle: &TaskHandle) -> io::Result<bool> {
        self.position.resume();
        let options = LogsOptions {
            follow: true,
            stdout: true,
            stderr: true,
            timestamps: true,
            since: self.position.since_seconds(),
            tail: "all".into(),
            ..LogsOptions::default()
        };
        let mut stream = Box::pin(docker.logs(&handle.id, Some(options)));
        while let Some(output) = stream.next().await {
            match output {
                Ok(output) => self.write(&output)?,
                Err(_) => return Ok(false),
            }
        }
        Ok(true)
    }

    fn write(&mut self, output: &LogOutput) -> io::Result<()> {
        let (file, message) = match output {
            LogOutput::StdErr { message } => (&mut self.stderr, message),
            LogOutput::StdOut { message }
            | LogOutput::Console { message }
            | LogOutput::StdIn { message } => (&mut self.stdout, message),
        };
        let Some((time, text)) = split_time(message) else {
            return file.write(message);
        };
        if !self.position.is_new(time) {
            return Ok(());
        }
        file.write(text)?;
        self.position.advance(time)
    }
}

/// Docker puts the time and a space before each message.
fn split_time(message: &[u8]) -> Option<(&str, &[u8])> {
    let space = message.iter().position(|b| *b == b' ')?;
    let time = std::str::from_utf8(&message[..space]).ok()?;
    parse_rfc3339(time)?;
    Some((time, &message[space + 1..]))
}

/// The last message copied.
struct Position {
    dir: LogDir,
    /// `.<task>.position`.
    file: String,
    container: String,
    /// Fixed width in UTC, so that texts compare as times do.
    time: String,
    /// Where this stream began. The pieces of one long line share their time, so that only what an
    /// earlier stream has copied may be left out.
    resumed: String,
}

impl Position {
    fn read(dir: &Path, task: &str, container: &str) -> io::Result<Position> {
        let (dir, file) = (LogDir::open(dir)?, format!(".{task}.position"));
        let noted = dir.read(&file);
        // Another container's times say nothing about this one.
        let time = noted.strip_prefix(container).and_then(|t| t.strip_prefix(' '));
        let time = time.unwrap_or_default().to_owned();
        Ok(Position { dir, file, container: container.to_owned(), resumed: time.clone(), time })
    }

    fn resume(&mut self) {
        self.resumed.clone_from(&self.time);
    }

    fn since_seconds(&self) -> i32 {
        let seconds = parse_rfc3339(&self.time).map_or(0, |ns| ns / SECOND_NS);
        i32::try_from(seconds).unwrap_or(0)
    }

    fn is_new(&self, time: &str) -> bool {
        time > self.resumed.as_str()
    }

    fn advance(&mut self, time: &str) -> io::Result<()> {
        time.clone_into(&mut self.time);
        self.dir.write(&self.file, &format!("{} {time}", self.container))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_cut_off_and_compared() {
        let message = b"2026-11-23T06:12:56.664178267Z hello world\n";
        let (time, text) = split_time(message).unwrap();
        assert_eq!(text, b"hello world\n");
        let dir = std::env::temp_dir().join(format!("steppe-position-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let mut position = Position::read(&dir, "web", "c1").unwrap();
        assert!(position.is_new(time));
        position.advance(time).unwrap();
        let again = Position::read(&dir, "web", "c1").unwrap();
        assert!(!again.is_new(time));
        assert!(again.is_new("2026-11-23T06:12:56.664178268Z"));
        assert_eq!(Position::read(&dir, "web", "c2").unwrap().time, "");
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_message_without_a_time_is_kept() {
        assert_eq!(split_time(b"no time here"), None);
    }
}
