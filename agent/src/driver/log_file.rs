//! Log files of a task: `<task>.stdout.N`, rotated by size, the oldest removed.
//!
//! Writing goes on where an earlier run of the agent stopped.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/logs>

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;

use super::LogLimits;

/// An allocation's log directory. Its tasks may write to it, so that no name in it is trusted: the
/// directory is held open, and symbolic links are not followed.
pub struct LogDir {
    handle: File,
}

impl LogDir {
    /// Opens the directory, which is made if it is not there.
    pub fn open(dir: &Path) -> io::Result<LogDir> {
        std::fs::create_dir_all(dir)?;
        let flags = OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW;
        let handle = OpenOptions::new().read(true).custom_flags(flags.bits()).open(dir)?;
        Ok(LogDir { handle })
    }

    /// A name in the directory that was opened, wherever a task may have moved it since.
    fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/self/fd/{}", self.handle.as_raw_fd())).join(name)
    }

    /// Opens a file and nothing else: no link is followed, and no pipe waited for.
    fn open_regular(&self, name: &str, options: &mut OpenOptions) -> io::Result<File> {
        let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
        let file = options.custom_flags(flags.bits()).open(self.path(name))?;
        if file.metadata()?.is_file() {
            return Ok(file);
        }
        Err(io::Error::other(format!("{name} is not a regular file")))
    }

    fn append(&self, name: &str) -> io::Result<File> {
        self.open_regular(name, OpenOptions::new().create(true).append(true))
    }

    /// Reads a small file; one that is not there is empty.
    pub fn read(&self, name: &str) -> String {
        let file = self.open_regular(name, OpenOptions::new().read(true));
        let mut text = String::new();
        match file.and_then(|file| file.take(4096).read_to_string(&mut text)) {
            Ok(_) => text,
            Err(_) => String::new(),
        }
    }

    /// Writes a small file.
    pub fn write(&self, name: &str, text: &str) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.create(true).write(true).truncate(true);
        self.open_regular(name, &mut options)?.write_all(text.as_bytes())
    }

    /// The numbers of the files of a stream, in no order.
    fn indexes(&self, stem: &str) -> io::Result<Vec<u64>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(self.path("."))? {
            let name = entry?.file_name();
            let number = name.to_str().and_then(|n| n.strip_prefix(stem)?.strip_prefix('.'));
            found.extend(number.and_then(|n| n.parse::<u64>().ok()));
        }
        Ok(found)
    }
}

/// One stream of one task, on disk.
pub struct LogFile {
    dir: LogDir,
    /// `<task>.stdout` or `<task>.stderr`.
    stem: String,
    limits: LogLimits,
    index: u64,
    size: u64,
    file: File,
}

impl LogFile {
    /// Opens the newest file of the stream, or its first.
    pub fn open(dir: &Path, stem: &str, limits: LogLimits) -> io::Result<Self> {
        let dir = LogDir::open(dir)?;
        let index = dir.indexes(stem)?.into_iter().max().unwrap_or(0);
        let file = dir.append(&format!("{stem}.{index}"))?;
        let size = file.metadata()?.len();
        Ok(LogFile { dir, stem: stem.to_owned(), limits, index, size, file })
    }

    /// Appends, starting a new file at the size limit.
    pub fn write(&mut self, mut data: &[u8]) -> io::Result<()> {
        let limit = self.limits.max_file_bytes.max(1);
        while !data.is_empty() {
            if self.size >= limit {
                self.rotate()?;
            }
            let room = usize::try_from(limit - self.size).unwrap_or(usize::MAX);
            let (now, later) = data.split_at(room.min(data.len()));
            self.file.write_all(now)?;
            self.size += now.len() as u64;
            data = later;
        }
        Ok(())
    }

    fn rotate(&mut self) -> io::Result<()> {
        self.index += 1;
        self.file = self.dir.append(&format!("{}.{}", self.stem, self.index))?;
        self.size = 0;
        let keep_from = (self.index + 1).saturating_sub(self.limits.max_files.max(1));
        for old in self.dir.indexes(&self.stem)?.into_iter().filter(|i| *i < keep_from) {
            std::fs::remove_file(self.dir.path(&format!("{}.{old}", self.stem)))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("steppe-log-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        dir
    }

    #[test]
    fn rotates_at_the_limit_and_keeps_the_newest_files() {
        let dir = scratch("rotate");
        let limits = LogLimits { max_files: 2, max_file_bytes: 4, disabled: false };
        let mut log = LogFile::open(&dir, "web.stdout", limits).unwrap();
        log.write(b"abcdefghij").unwrap();
        let mut left = LogDir::open(&dir).unwrap().indexes("web.stdout").unwrap();
        left.sort_unstable();
        assert_eq!(left, [1, 2]);
        assert_eq!(std::fs::read(dir.join("web.stdout.1")).unwrap(), b"efgh");
        assert_eq!(std::fs::read(dir.join("web.stdout.2")).unwrap(), b"ij");
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn goes_on_in_the_newest_file() {
        let dir = scratch("resume");
        let limits = LogLimits { max_files: 3, max_file_bytes: 4, disabled: false };
        LogFile::open(&dir, "web.stdout", limits).unwrap().write(b"abcdef").unwrap();
        LogFile::open(&dir, "web.stdout", limits).unwrap().write(b"gh!").unwrap();
        assert_eq!(std::fs::read(dir.join("web.stdout.1")).unwrap(), b"efgh");
        assert_eq!(std::fs::read(dir.join("web.stdout.2")).unwrap(), b"!");
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_link_planted_by_a_task_is_not_followed() {
        let dir = scratch("planted");
        std::fs::create_dir_all(&dir).unwrap();
        let victim = dir.join("victim");
        std::os::unix::fs::symlink(&victim, dir.join("web.stdout.0")).unwrap();
        assert!(LogFile::open(&dir, "web.stdout", LogLimits::default()).is_err());
        std::os::unix::fs::symlink("/etc/hostname", dir.join(".web.position")).unwrap();
        let logs = LogDir::open(&dir).unwrap();
        assert_eq!(logs.read(".web.position"), "");
        assert!(logs.write(".web.position", "x").is_err());
        std::os::unix::fs::symlink(&dir, dir.join("logs")).unwrap();
        assert!(LogDir::open(&dir.join("logs")).is_err());
        assert!(!victim.exists());
        let made = std::process::Command::new("mkfifo").arg(dir.join("pipe")).status().unwrap();
        assert!(made.success());
        assert_eq!(logs.read("pipe"), "", "does not wait for a writer");
        assert!(logs.write("pipe", "x").is_err(), "does not wait for a reader");
        std::fs::remove_dir_all(dir).unwrap();
    }
}
