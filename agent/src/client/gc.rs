//! Removes what no allocation needs any more: containers and directories.
//!
//! Touches only what lies below this agent's own allocation root, so that two agents on one machine
//! leave each other alone.

use std::path::Path;
use std::time::Duration;

use crate::driver::DriverSet;
use crate::state::Store;

const EVERY: Duration = Duration::from_secs(60);

/// Sweeps now and then, until it is dropped.
pub(super) async fn run(store: Store, drivers: DriverSet, alloc_root: std::path::PathBuf) {
    loop {
        tokio::time::sleep(EVERY).await;
        sweep(&store, &drivers, &alloc_root).await;
    }
}

/// Sweeps once.
pub(super) async fn sweep(store: &Store, drivers: &DriverSet, alloc_root: &Path) {
    // A task is wanted while its allocation is known and the task is not on record as ended.
    let keep = |alloc_id: &str, task: &str| {
        store.alloc(alloc_id).is_some_and(|record| {
            let ended = record.alloc.task_states.get(task).is_some_and(|s| s.state == "dead");
            !record.client_terminal() && !ended
        })
    };
    for (name, driver) in drivers.iter() {
        match driver.reap(alloc_root, &keep).await {
            Ok(removed) => {
                for task in removed {
                    tracing::info!(driver = name, task, "removed a task that nobody wants");
                }
            }
            Err(error) => tracing::debug!(driver = name, %error, "cannot look for leftovers"),
        }
    }
    if let Err(error) = directories(store, alloc_root) {
        tracing::warn!(%error, root = %alloc_root.display(), "cannot clean up the directories");
    }
}

fn directories(store: &Store, alloc_root: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(alloc_root)? {
        let entry = entry?;
        let name = entry.file_name();
        // Only what looks like an allocation: a user may keep other things here.
        let Some(id) = name.to_str().filter(|n| uuid::Uuid::parse_str(n).is_ok()) else {
            continue;
        };
        if store.alloc(id).is_none() {
            std::fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}
