//! Log files of a task: `<task>.stdout.N`, rotated by size, the oldest removed.
//!
//! Writing goes on where an earlier run of the agent stopped.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/logs>

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::LogLimits;

/// One stream of one task, on disk.
pub struct LogFile {
    dir: PathBuf,
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
        std::fs::create_dir_all(dir)?;
        let index = indexes(dir, stem)?.into_iter().max().unwrap_or(0);
        let file = append_to(dir, stem, index)?;
        let size = file.metadata()?.len();
        Ok(LogFile { dir: dir.to_path_buf(), stem: stem.to_owned(), limits, index, size, file })
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
        self.file = append_to(&self.dir, &self.stem, self.index)?;
        self.size = 0;
        let keep_from = (self.index + 1).saturating_sub(self.limits.max_files.max(1));
        for old in indexes(&self.dir, &self.stem)?.into_iter().filter(|i| *i < keep_from) {
            std::fs::remove_file(self.dir.join(format!("{}.{old}", self.stem)))?;
        }
        Ok(())
    }
}

/// The numbers of the files of a stream, in no order.
pub fn indexes(dir: &Path, stem: &str) -> io::Result<Vec<u64>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|n| n.strip_prefix(stem)?.strip_prefix('.'));
        found.extend(number.and_then(|n| n.parse::<u64>().ok()));
    }
    Ok(found)
}

fn append_to(dir: &Path, stem: &str, index: u64) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(dir.join(format!("{stem}.{index}")))
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
        let mut left = indexes(&dir, "web.stdout").unwrap();
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
}
