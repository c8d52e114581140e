//! Which deployment of the job goes on, which is over, and how one begins and ends.

use super::DeploymentChange;
use crate::model::{Deployment, Group, GroupDeployment, Job};

/// The latest deployment, as what it is to this version of the job.
#[derive(Default)]
pub struct Settled {
    /// Of this version, and not over.
    pub current: Option<Deployment>,
    /// Over, or of another version.
    pub old: Option<Deployment>,
    pub changes: Vec<DeploymentChange>,
}

/// Ends a deployment that is of another version, and keeps the one that goes on.
pub fn settle(job: &Job, latest: Option<&Deployment>) -> Settled {
    let Some(deployment) = latest else { return Settled::default() };
    let foreign = deployment.create_index != 0 && deployment.create_index != job.create_index;
    let ends = if job.stopped {
        Some("Cancelled because job is stopped")
    } else if foreign || deployment.version != job.version {
        Some("Cancelled due to newer version of job")
    } else {
        None
    };
    let mut settled = Settled::default();
    if let Some(description) = ends.filter(|_| deployment.active) {
        let id = deployment.id.clone();
        settled.changes.push(DeploymentChange { id, status: "cancelled", description });
    }
    let over = ends.is_some() || deployment.successful;
    *(if over { &mut settled.old } else { &mut settled.current }) = Some(deployment.clone());
    settled
}

/// Everything of the deployment is healthy.
pub fn completed(deployment: &Deployment) -> DeploymentChange {
    DeploymentChange {
        id: deployment.id.clone(),
        status: "successful",
        description: "Deployment completed successfully",
    }
}

/// A group at the beginning of a deployment.
pub fn begun(group: &Group) -> GroupDeployment {
    let update = group.update.clone().unwrap_or_default();
    GroupDeployment {
        auto_revert: update.auto_revert,
        auto_promote: update.auto_promote,
        progress_deadline: update.progress_deadline,
        ..GroupDeployment::default()
    }
}
