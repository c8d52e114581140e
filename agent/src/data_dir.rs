//! The data directory is its owner's alone: state and allocation directories hold what jobs keep secret.
//!
//! A directory that was there before keeps its mode, since others may have things in it; what the agent
//! puts into it is closed instead.

use std::fs::{DirBuilder, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// The state, and the files that SQLite puts beside it.
const STATE_FILES: [&str; 3] = ["state.db", "state.db-wal", "state.db-shm"];

/// Makes the directory, for its owner only, if it is not there.
pub(crate) fn make(dir: &Path) -> io::Result<()> {
    if let Some(parent) = dir.parent() {
        std::fs::create_dir_all(parent)?;
    }
    match DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && dir.is_dir() => Ok(()),
        result => result,
    }
}

/// Closes what the agent keeps in the directory to everybody else.
pub(crate) fn close(dir: &Path) -> io::Result<()> {
    let allocs = dir.join("alloc");
    make(&allocs)?;
    std::fs::set_permissions(&allocs, Permissions::from_mode(0o700))?;
    // An empty file is an empty database; the files beside it get its mode.
    OpenOptions::new().create(true).append(true).mode(0o600).open(dir.join("state.db"))?;
    for name in STATE_FILES {
        match std::fs::set_permissions(dir.join(name), Permissions::from_mode(0o600)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_private_and_what_was_there_is_closed_inside() {
        let dir = std::env::temp_dir().join(format!("steppe-private-{}", std::process::id()));
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let made = dir.join("made");
        make(&made).unwrap();
        assert_eq!(mode(&made), 0o700);
        let named = dir.join("named");
        std::fs::create_dir_all(named.join("alloc")).unwrap();
        std::fs::write(named.join("state.db"), "").unwrap();
        for open in [&named, &named.join("alloc"), &named.join("state.db")] {
            std::fs::set_permissions(open, Permissions::from_mode(0o755)).unwrap();
        }
        make(&named).unwrap();
        close(&named).unwrap();
        assert_eq!(mode(&named), 0o755);
        assert_eq!(mode(&named.join("alloc")), 0o700);
        assert_eq!(mode(&named.join("state.db")), 0o600);
        std::fs::remove_dir_all(dir).unwrap();
    }
}
