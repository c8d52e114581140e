//! What of the host a container sees: its own directories, and what its configuration and its group's volumes add.
//!
//! Sources must lie inside the allocation unless the node's configuration allows more; links on the way are followed
//! first.

use std::path::{Component, Path, PathBuf};

use bollard::models::{
    Mount, MountBindOptions, MountBindOptionsPropagationEnum as Propagation, MountTmpfsOptions,
    MountType,
};

use super::config::{DockerConfig, MountConfig};
use crate::driver::{DriverError, TaskMount, TaskOrder};

/// The directories every task has, and those of `volumes`.
pub(super) fn binds(order: &TaskOrder, config: &DockerConfig) -> Result<Vec<String>, DriverError> {
    let dirs = &order.dirs;
    let mut binds = vec![
        format!("{}:/alloc", dirs.shared.display()),
        format!("{}:/local", dirs.local.display()),
        format!("{}:/secrets", dirs.secrets.display()),
    ];
    for volume in &config.volumes {
        let malformed = || DriverError::Config(format!("invalid docker volume: \"{volume}\""));
        let (source, rest) = volume.split_once(':').ok_or_else(malformed)?;
        if !config.volume_driver.is_empty() && order.allow.host_binds {
            binds.push(volume.clone());
            continue;
        }
        let source = host_path(order, source, volume)?;
        binds.push(format!("{}:{rest}", source.display()));
    }
    Ok(binds)
}

/// A source inside the task's directory, or anywhere if the node allows it.
fn host_path(order: &TaskOrder, source: &str, shown: &str) -> Result<PathBuf, DriverError> {
    let path = normalized(&order.dirs.task.join(source));
    // The task may have put a link there in an earlier run.
    let path = path.canonicalize().unwrap_or(path);
    let own = [&order.dirs.task, &order.dirs.shared];
    let own = own.map(|dir| dir.canonicalize().unwrap_or_else(|_| dir.clone()));
    if order.allow.host_binds || own.iter().any(|dir| path.starts_with(dir)) {
        return Ok(path);
    }
    Err(DriverError::Config(format!(
        "volumes are not enabled; cannot mount host paths: \"{shown}\""
    )))
}

/// Without `.` and `..`, so that no path leaves its directory by name.
fn normalized(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => out.push(part),
        }
    }
    out
}

/// The mounts of the task's configuration, then the group's volumes.
pub(super) fn mounts(order: &TaskOrder, config: &DockerConfig) -> Result<Vec<Mount>, DriverError> {
    let mut mounts = Vec::new();
    for mount in &config.mounts {
        mounts.push(config_mount(order, mount)?);
    }
    mounts.extend(order.mounts.iter().map(volume_mount));
    Ok(mounts)
}

fn volume_mount(mount: &TaskMount) -> Mount {
    let propagation = match mount.propagation.as_str() {
        "host-to-task" => Propagation::RSLAVE,
        "bidirectional" => Propagation::RSHARED,
        _ => Propagation::RPRIVATE,
    };
    Mount {
        typ: Some(MountType::BIND),
        source: Some(mount.source.display().to_string()),
        target: Some(mount.target.clone()),
        read_only: Some(mount.read_only).filter(|on| *on),
        bind_options: Some(MountBindOptions {
            propagation: Some(propagation),
            ..MountBindOptions::default()
        }),
        ..Mount::default()
    }
}

fn config_mount(order: &TaskOrder, mount: &MountConfig) -> Result<Mount, DriverError> {
    let common = Mount {
        target: Some(mount.target.clone()),
        read_only: Some(mount.read_only).filter(|on| *on),
        ..Mount::default()
    };
    match mount.kind.as_str() {
        "bind" => {
            let source = host_path(order, &mount.source, &mount.source)?;
            let known = [
                Propagation::PRIVATE,
                Propagation::RPRIVATE,
                Propagation::SHARED,
                Propagation::RSHARED,
                Propagation::SLAVE,
                Propagation::RSLAVE,
            ];
            let asked = mount.propagation.as_deref().unwrap_or("rprivate");
            let propagation = known.into_iter().find(|p| p.to_string() == asked);
            let propagation = propagation
                .ok_or_else(|| DriverError::Config(format!("invalid propagation \"{asked}\"")))?;
            Ok(Mount {
                typ: Some(MountType::BIND),
                source: Some(source.display().to_string()),
                bind_options: Some(MountBindOptions {
                    propagation: Some(propagation),
                    ..MountBindOptions::default()
                }),
                ..common
            })
        }
        "tmpfs" => Ok(Mount {
            typ: Some(MountType::TMPFS),
            tmpfs_options: Some(MountTmpfsOptions {
                size_bytes: mount.tmpfs_size,
                mode: mount.tmpfs_mode,
                ..MountTmpfsOptions::default()
            }),
            ..common
        }),
        "volume" => {
            Ok(Mount { typ: Some(MountType::VOLUME), source: Some(mount.source.clone()), ..common })
        }
        other => Err(DriverError::Config(format!("unknown mount type \"{other}\""))),
    }
}
