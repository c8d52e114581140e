//! Finding containers again: by name for a known task, by label and mounts for those nobody wants.

use std::collections::HashMap;
use std::path::Path;

use bollard::Docker;
use bollard::models::{ContainerInspectResponse, ContainerSummary};
use bollard::query_parameters::{ListContainersOptions, RemoveContainerOptions};

use super::ALLOC_LABEL;
use super::error::{api_text, is_missing, message, of_container, status};
use crate::driver::{DriverError, PublishedPort, TaskHandle, TaskOrder};

/// What a container of the task's name is to the task.
pub(super) enum Found {
    Running(TaskHandle),
    /// It ran and ended; its exit code is still there.
    Ended(TaskHandle),
    /// It never ran, or belongs to somebody else's task.
    Useless(TaskHandle),
}

/// Looks for the task's container.
pub(super) async fn find(docker: &Docker, order: &TaskOrder) -> Result<Option<Found>, DriverError> {
    let name = order.container_name();
    match docker.inspect_container(&name, None).await {
        Ok(container) => Ok(Some(judge(container, order))),
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) => Err(of_container(&error, &name)),
    }
}

fn judge(container: ContainerInspectResponse, order: &TaskOrder) -> Found {
    let handle = TaskHandle {
        id: container.id.unwrap_or_default(),
        name: order.container_name(),
        task_name: order.task_name.clone(),
    };
    let labels = container.config.and_then(|c| c.labels).unwrap_or_default();
    if labels.get(ALLOC_LABEL) != Some(&order.alloc_id) {
        return Found::Useless(handle);
    }
    let state = container.state.unwrap_or_default();
    let never_started = state.started_at.as_deref().is_none_or(|t| t.starts_with("0001-01-01"));
    if state.running == Some(true) {
        Found::Running(handle)
    } else if never_started {
        Found::Useless(handle)
    } else {
        Found::Ended(handle)
    }
}

/// Removes a container; one that is gone already is fine.
pub(super) async fn remove(docker: &Docker, id: &str) -> Result<(), DriverError> {
    let options = RemoveContainerOptions { force: true, v: true, ..Default::default() };
    match docker.remove_container(id, Some(options)).await {
        Ok(()) => Ok(()),
        // 409: somebody else is removing it right now.
        Err(error) if is_missing(&error) || status(&error) == Some(409) => Ok(()),
        Err(error) => Err(DriverError::Unavailable(api_text(&error))),
    }
}

/// Removes every container of this agent whose task `keep` does not want, and gives their names.
pub(super) async fn reap(
    docker: &Docker,
    alloc_root: &Path,
    keep: &(dyn Fn(&str, &str) -> bool + Send + Sync),
) -> Result<Vec<String>, DriverError> {
    let mut removed = Vec::new();
    for container in list(docker, true).await? {
        let Some((id, name)) = unwanted(&container, alloc_root, keep) else {
            continue;
        };
        remove(docker, &id).await?;
        removed.push(name);
    }
    Ok(removed)
}

/// The container's ID and name, if it is one of ours and not wanted.
fn unwanted(
    container: &ContainerSummary,
    alloc_root: &Path,
    keep: &(dyn Fn(&str, &str) -> bool + Send + Sync),
) -> Option<(String, String)> {
    let alloc_id = container.labels.as_ref()?.get(ALLOC_LABEL)?;
    let ours = alloc_root.join(alloc_id);
    let mounts = container.mounts.as_deref().unwrap_or_default();
    // The label alone may be another agent's; a mount from our directory cannot be.
    if !mounts.iter().filter_map(|m| m.source.as_deref()).any(|s| Path::new(s).starts_with(&ours)) {
        return None;
    }
    let name = container_name(container);
    let task = name.strip_suffix(alloc_id.as_str())?.strip_suffix('-')?;
    if keep(alloc_id, task) {
        return None;
    }
    Some((container.id.clone()?, name.clone()))
}

fn container_name(container: &ContainerSummary) -> String {
    let names = container.names.as_deref().unwrap_or_default();
    names.first().map(|n| n.trim_start_matches('/').to_owned()).unwrap_or_default()
}

async fn list(docker: &Docker, labelled: bool) -> Result<Vec<ContainerSummary>, DriverError> {
    let filters =
        labelled.then(|| HashMap::from([("label".to_owned(), vec![ALLOC_LABEL.to_owned()])]));
    let options = ListContainersOptions { all: labelled, filters, ..Default::default() };
    docker
        .list_containers(Some(options))
        .await
        .map_err(|error| DriverError::Unavailable(message(&error)))
}

/// The host ports that running containers publish.
pub(super) async fn published(docker: &Docker) -> Result<Vec<PublishedPort>, DriverError> {
    let mut ports = Vec::new();
    for container in list(docker, false).await? {
        let name = container_name(&container);
        let labels = container.labels.unwrap_or_default();
        for port in container.ports.unwrap_or_default() {
            let Some(public) = port.public_port else {
                continue;
            };
            ports.push(PublishedPort {
                ip: port.ip.filter(|ip| !ip.is_empty()).unwrap_or_else(|| "0.0.0.0".into()),
                port: i64::from(public),
                protocol: port.typ.map_or_else(|| "tcp".to_owned(), |t| t.to_string()),
                container_id: container.id.clone().unwrap_or_default(),
                container_name: name.clone(),
                alloc_id: labels.get(ALLOC_LABEL).cloned(),
            });
        }
    }
    ports.sort();
    Ok(ports)
}

#[cfg(test)]
mod tests {
    use bollard::models::MountPoint;

    use super::*;

    #[test]
    fn only_our_own_unwanted_containers_go() {
        let container = |alloc_id: &str, root: &str| ContainerSummary {
            id: Some("c1".into()),
            names: Some(vec![format!("/web-{alloc_id}")]),
            labels: Some(HashMap::from([(ALLOC_LABEL.to_owned(), alloc_id.to_owned())])),
            mounts: Some(vec![MountPoint {
                source: Some(format!("{root}/{alloc_id}/alloc")),
                ..MountPoint::default()
            }]),
            ..ContainerSummary::default()
        };
        let keep = |alloc_id: &str, task: &str| alloc_id == "wanted" && task == "web";
        let root = Path::new("/var/lib/steppe/alloc");
        let ours = "/var/lib/steppe/alloc";
        assert!(unwanted(&container("wanted", ours), root, &keep).is_none());
        let gone = unwanted(&container("stale", ours), root, &keep);
        assert_eq!(gone, Some(("c1".to_owned(), "web-stale".to_owned())));
        assert!(unwanted(&container("stale", "/tmp/other/alloc"), root, &keep).is_none());
    }
}
