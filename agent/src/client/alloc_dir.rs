//! The directories of an allocation on disk.
//!
//! `<root>/<alloc id>/alloc/{data,logs,tmp}` is shared by its tasks, `<root>/<alloc id>/<task>/
//! {local,secrets,tmp}` belongs to one. Nothing outside an allocation's directory is ever touched.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/concepts/filesystem>

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::driver::TaskDirs;

/// An allocation's place on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllocDir {
    root: PathBuf,
}

/// The directory of all allocations below an agent's data directory.
pub fn alloc_root(data_dir: &Path) -> PathBuf {
    data_dir.join("alloc")
}

impl AllocDir {
    /// The place of an allocation; creates nothing.
    pub fn new(data_dir: &Path, alloc_id: &str) -> AllocDir {
        AllocDir { root: alloc_root(data_dir).join(alloc_id) }
    }

    /// What a user may look into.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the tasks' output is kept.
    pub fn logs(&self) -> PathBuf {
        self.root.join("alloc/logs")
    }

    /// The directories of one task.
    pub fn task(&self, name: &str) -> TaskDirs {
        let task = self.root.join(name);
        TaskDirs {
            shared: self.root.join("alloc"),
            local: task.join("local"),
            secrets: task.join("secrets"),
            logs: self.logs(),
            task,
        }
    }

    /// Creates the shared directories and those of the tasks. Containers run as any user, so that all
    /// but the secrets are open; the way to them is not.
    pub fn build<'a>(&self, tasks: impl Iterator<Item = &'a str>) -> io::Result<()> {
        std::fs::create_dir_all(&self.root)?;
        let shared = self.root.join("alloc");
        make(&shared, 0o777)?;
        for dir in ["data", "logs", "tmp"] {
            make(&shared.join(dir), 0o777)?;
        }
        for name in tasks {
            let dirs = self.task(name);
            make(&dirs.task, 0o777)?;
            make(&dirs.local, 0o777)?;
            make(&dirs.task.join("tmp"), 0o777)?;
            make(&dirs.secrets, 0o777)?;
        }
        Ok(())
    }

    /// Removes everything.
    pub fn remove(&self) -> io::Result<()> {
        match std::fs::remove_dir_all(&self.root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        }
    }
}

/// Makes a directory with these permissions. One that is there is left as it is: a task may have put
/// a link in its place, and its target is none of our business.
fn make(dir: &Path, mode: u32) -> io::Result<()> {
    match std::fs::create_dir(dir) {
        Ok(()) => std::fs::set_permissions(dir, std::fs::Permissions::from_mode(mode)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_twice_and_removes_all() {
        let data = std::env::temp_dir().join(format!("steppe-allocdir-{}", std::process::id()));
        let dir = AllocDir::new(&data, "a1");
        for _ in 0..2 {
            dir.build(["web"].into_iter()).unwrap();
        }
        assert!(data.join("alloc/a1/alloc/logs").is_dir());
        assert!(data.join("alloc/a1/web/secrets").is_dir());
        dir.remove().unwrap();
        dir.remove().unwrap();
        assert!(!data.join("alloc/a1").exists());
        std::fs::remove_dir_all(data).unwrap();
    }

    #[test]
    fn a_link_planted_by_a_task_is_left_alone() {
        let data = std::env::temp_dir().join(format!("steppe-planted-{}", std::process::id()));
        let dir = AllocDir::new(&data, "a1");
        dir.build(["web"].into_iter()).unwrap();
        let private = data.join("private");
        make(&private, 0o700).unwrap();
        std::fs::remove_dir(dir.root().join("alloc/data")).unwrap();
        std::os::unix::fs::symlink(&private, dir.root().join("alloc/data")).unwrap();
        dir.build(["web"].into_iter()).unwrap();
        let mode = std::fs::metadata(&private).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        std::fs::remove_dir_all(data).unwrap();
    }
}
