//! Paths inside an allocation's directory: nothing outside it can be named, not even through a link
//! that a task has made.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Component, Path, PathBuf};

use nix::fcntl::OFlag;

use super::app::App;
use super::error::ApiError;
use crate::state::AllocRecord;

/// Tasks keep tokens and passwords here; the API never shows them.
const SECRETS: &str = "secrets";

/// The directory of one allocation.
#[derive(Clone)]
pub(super) struct AllocDir {
    pub(super) root: PathBuf,
}

impl AllocDir {
    /// The directory of a known allocation.
    pub(super) fn of(app: &App, alloc_id: &str) -> Result<AllocDir, ApiError> {
        if alloc_id.is_empty() {
            return Err(ApiError::bad_request("must provide a valid alloc id"));
        }
        known(app, alloc_id)?;
        Ok(AllocDir { root: app.config.data_dir.join("alloc").join(alloc_id) })
    }

    /// Where the log files are.
    pub(super) fn logs(&self) -> Result<PathBuf, ApiError> {
        self.resolve("alloc/logs")
    }

    /// Opens a regular file that is inside, wherever the links on the way to it lead by now. Nothing else
    /// is opened, so that no pipe or device of a task is ever waited for.
    pub(super) fn open(&self, place: &Path) -> io::Result<File> {
        let handle =
            OpenOptions::new().read(true).custom_flags(OFlag::O_PATH.bits()).open(place)?;
        if !handle.metadata()?.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        let name = PathBuf::from(format!("/proc/self/fd/{}", handle.as_raw_fd()));
        let real = name.read_link()?;
        let inside = real.strip_prefix(self.root.canonicalize()?).ok();
        if inside.is_none_or(|i| i.components().nth(1).is_some_and(|c| c.as_os_str() == SECRETS)) {
            return Err(io::Error::other("path escapes the alloc directory"));
        }
        File::open(name)
    }

    /// The place of a path as a client writes it (`/` is the directory itself).
    pub(super) fn resolve(&self, path: &str) -> Result<PathBuf, ApiError> {
        let mut inside = PathBuf::new();
        for part in Path::new(path).components() {
            match part {
                Component::Normal(name) => inside.push(name),
                Component::ParentDir => {
                    if !inside.pop() {
                        return Err(escapes());
                    }
                }
                Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
            }
        }
        let secret = inside.components().nth(1).is_some_and(|c| c.as_os_str() == SECRETS);
        if secret {
            return Err(ApiError::refused(format!("Reading secret file prohibited: {path}")));
        }
        let place = self.root.join(&inside);
        // Links are followed only as long as they stay inside.
        if let (Ok(real), Ok(root)) = (place.canonicalize(), self.root.canonicalize()) {
            let within = real.strip_prefix(&root).map_err(|_| escapes())?;
            if within.components().nth(1).is_some_and(|c| c.as_os_str() == SECRETS) {
                return Err(escapes());
            }
        }
        Ok(place)
    }
}

/// The allocation, or the error that every client endpoint gives for an unknown one.
pub(super) fn known(app: &App, alloc_id: &str) -> Result<std::sync::Arc<AllocRecord>, ApiError> {
    app.store
        .alloc(alloc_id)
        .ok_or_else(|| ApiError::not_found(format!("Unknown allocation \"{alloc_id}\"")))
}

fn escapes() -> ApiError {
    ApiError::refused("Path escapes the alloc directory")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_can_be_named() {
        let dir = AllocDir { root: PathBuf::from("/nowhere/alloc/1") };
        assert_eq!(dir.resolve("/").ok(), Some(PathBuf::from("/nowhere/alloc/1")));
        assert_eq!(
            dir.resolve("a/../alloc/logs/x").ok(),
            Some(PathBuf::from("/nowhere/alloc/1/alloc/logs/x"))
        );
        assert_eq!(dir.resolve("../../etc/passwd"), Err(escapes()));
        assert_eq!(dir.resolve("a/../../2/x"), Err(escapes()));
        assert!(dir.resolve("web/secrets/token").is_err());
        assert!(dir.resolve("/web/./secrets").is_err());
    }

    #[test]
    fn only_files_inside_are_opened() {
        let base = std::env::temp_dir().join(format!("steppe-inside-{}", std::process::id()));
        let dir = AllocDir { root: base.join("1") };
        std::fs::create_dir_all(dir.root.join("web/secrets")).unwrap();
        std::fs::write(base.join("other"), "x").unwrap();
        std::fs::write(dir.root.join("web/secrets/key"), "x").unwrap();
        std::fs::write(dir.root.join("web/file"), "x").unwrap();
        let link = |to: &Path, name: &str| {
            std::os::unix::fs::symlink(to, dir.root.join(name)).unwrap();
        };
        link(&base.join("other"), "out");
        link(&dir.root.join("web/secrets/key"), "key");
        link(&dir.root.join("web/file"), "in");
        let pipe = dir.root.join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(dir.open(&dir.root.join("in")).is_ok());
        for refused in ["out", "key", "pipe", "web"] {
            assert!(dir.open(&dir.root.join(refused)).is_err(), "{refused}");
        }
        std::fs::remove_dir_all(base).unwrap();
    }
}
