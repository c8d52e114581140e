//! Disk: the volume that holds the allocations.

use std::path::Path;

/// A volume.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disk {
    pub volume: String,
    pub total_bytes: u64,
    /// What a process without privileges may still write.
    pub free_bytes: u64,
}

/// Reads the volume of a directory.
pub fn read(dir: &Path) -> Disk {
    let existing = dir.ancestors().find(|d| d.exists()).unwrap_or(Path::new("/"));
    let (total_bytes, free_bytes) = match nix::sys::statvfs::statvfs(existing) {
        Ok(stat) => {
            let unit = stat.fragment_size();
            (stat.blocks() * unit, stat.blocks_available() * unit)
        }
        Err(error) => {
            tracing::warn!(%error, dir = %existing.display(), "cannot measure the volume");
            (0, 0)
        }
    };
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let existing = existing.canonicalize().unwrap_or_else(|_| existing.to_path_buf());
    Disk { volume: volume(&mounts, &existing), total_bytes, free_bytes }
}

/// The device mounted nearest above a directory.
fn volume(mounts: &str, dir: &Path) -> String {
    let mounts = mounts.lines().filter_map(|line| {
        let mut fields = line.split_whitespace();
        Some((fields.next()?, Path::new(fields.next()?)))
    });
    let above = mounts.filter(|(_, at)| dir.starts_with(at));
    // Of two mounts on one directory the later hides the earlier.
    above.max_by_key(|(_, at)| at.components().count()).map_or(String::new(), |(d, _)| d.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mount_counts() {
        let mounts =
            "/dev/vda / ext4 rw 0 0\nproc /proc proc rw 0 0\n/dev/vdb /var/lib ext4 rw 0 0\n";
        assert_eq!(volume(mounts, Path::new("/var/lib/steppe")), "/dev/vdb");
        assert_eq!(volume(mounts, Path::new("/var/library")), "/dev/vda");
    }

    #[test]
    fn measures_a_directory_that_is_yet_to_be_made() {
        let disk = read(Path::new("/tmp/no/such/directory"));
        assert!(disk.total_bytes >= disk.free_bytes && disk.total_bytes > 0);
    }
}
