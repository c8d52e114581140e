//! The Docker driver: a task is a container, named after it and labelled with its allocation.
//!
//! Containers look as Nomad's do. The only place that knows the Docker client library; its types do
//! not leave this folder.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/drivers/docker>

mod config;
mod create;
mod error;
mod events;
mod exit;
mod fingerprint;
mod logs;
mod mounts;
mod network;
mod pull;
mod recover;
mod stats;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bollard::Docker;
use bollard::errors::Error;
use bollard::query_parameters::{
    CreateContainerOptionsBuilder, KillContainerOptions, StopContainerOptions,
};
use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::{
    DriverError, DriverFingerprint, ExitResult, ProgressSink, PublishedPort, Recovered, TaskDriver,
    TaskHandle, TaskOrder, TaskUsage,
};
use config::DockerConfig;
use error::{api_text, message, of_container, status};
use recover::Found;

/// The label that says which allocation a container belongs to.
const ALLOC_LABEL: &str = "com.hashicorp.nomad.alloc_id";
/// How often a name or a port that is being freed is tried again.
const ATTEMPTS: u32 = 5;
const ATTEMPT_AFTER: Duration = Duration::from_millis(300);
/// Docker's own time to answer a stop, on top of the task's.
const STOP_SLACK: Duration = Duration::from_secs(30);

/// The driver; it connects when it is first needed, and again when Docker comes back.
#[derive(Default)]
pub struct DockerDriver {
    connection: Mutex<Option<Docker>>,
    seen: AtomicBool,
    events: events::Events,
}

impl DockerDriver {
    /// A driver for the Docker of this machine, or the one `DOCKER_HOST` names.
    pub fn new() -> Self {
        DockerDriver::default()
    }

    async fn connect(&self) -> Result<Docker, Error> {
        let known = self.connection.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(docker) = known {
            return Ok(docker);
        }
        let docker = Docker::connect_with_defaults()?
            .with_request_modifier(url_safe_login)
            .negotiate_version()
            .await?;
        let mut slot = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        *slot = Some(docker.clone());
        Ok(docker)
    }

    async fn docker(&self) -> Result<Docker, DriverError> {
        self.connect().await.map_err(|error| {
            DriverError::Unavailable(format!(
                "Failed to connect to docker daemon: {}",
                message(&error)
            ))
        })
    }

    async fn start_task(
        &self,
        order: &TaskOrder,
        progress: &ProgressSink,
        cancel: &CancellationToken,
    ) -> Result<TaskHandle, DriverError> {
        let config = DockerConfig::read(order)?;
        // A configuration that cannot work is told before anything is pulled.
        let body = create::body(order, &config)?;
        let docker = self.docker().await?;
        if let Some(Found::Running(handle)) = recover::find(&docker, order).await? {
            return Ok(handle);
        }
        pull::image(&docker, &config, progress, cancel).await?;
        let name = order.container_name();
        for attempt in 1.. {
            let options = CreateContainerOptionsBuilder::new().name(&name).build();
            match docker.create_container(Some(options), body.clone()).await {
                Ok(created) => return launch(&docker, created.id, order).await,
                Err(error) if status(&error) == Some(409) && attempt < ATTEMPTS => {
                    match recover::find(&docker, order).await? {
                        Some(Found::Running(handle)) => return Ok(handle),
                        Some(Found::Ended(left) | Found::Useless(left)) => {
                            recover::remove(&docker, &left.id).await?;
                        }
                        None => {}
                    }
                    tokio::time::sleep(ATTEMPT_AFTER).await;
                }
                Err(error) => {
                    let recoverable = status(&error) != Some(400);
                    let message = format!("Failed to create container: {}", api_text(&error));
                    return Err(DriverError::Start { message, recoverable });
                }
            }
        }
        unreachable!("the loop ends by returning")
    }

    async fn stop_task(
        &self,
        handle: &TaskHandle,
        signal: &str,
        timeout: Duration,
    ) -> Result<(), DriverError> {
        let docker = self.docker().await?;
        let mut grace = timeout;
        if !matches!(signal, "" | "SIGTERM") {
            kill(&docker, handle, signal).await?;
            // The task has its time before Docker ends it. A wait that broke off early looks like an
            // end, so that Docker is told to stop it in any case.
            tokio::select! {
                () = tokio::time::sleep(timeout) => {}
                () = exit::ended(&docker, &handle.id) => {}
            }
            grace = Duration::ZERO;
        }
        let seconds = i32::try_from(grace.as_millis().div_ceil(1000)).unwrap_or(i32::MAX);
        let options = StopContainerOptions { t: Some(seconds), signal: None };
        let patient = docker.with_timeout(grace + STOP_SLACK);
        match patient.stop_container(&handle.id, Some(options)).await {
            Ok(()) => Ok(()),
            Err(error) if status(&error) == Some(304) => Ok(()),
            Err(error) => Err(of_container(&error, &handle.name)),
        }
    }
}

/// Docker reads the login header in the URL-safe alphabet; the library writes the standard one.
fn url_safe_login(mut request: bollard::BollardRequest) -> bollard::BollardRequest {
    if let Some(header) = request.headers_mut().get_mut("x-registry-auth") {
        let safe = header.to_str().map(|text| text.replace('+', "-").replace('/', "_"));
        if let Some(value) = safe.ok().and_then(|text| text.parse().ok()) {
            *header = value;
        }
    }
    request
}

async fn launch(docker: &Docker, id: String, order: &TaskOrder) -> Result<TaskHandle, DriverError> {
    let mut attempt = 1;
    loop {
        let Err(error) = docker.start_container(&id, None).await else {
            break;
        };
        let text = message(&error);
        let busy =
            text.contains("port is already allocated") || text.contains("address already in use");
        if busy && attempt < ATTEMPTS {
            // The container that held it may have ended this moment.
            attempt += 1;
            tokio::time::sleep(ATTEMPT_AFTER).await;
            continue;
        }
        let message = format!("Failed to start container {id}: {}", api_text(&error));
        if let Err(error) = recover::remove(docker, &id).await {
            tracing::warn!(%error, id, "cannot remove the container that did not start");
        }
        return Err(DriverError::Start { message, recoverable: true });
    }
    let (name, task_name) = (order.container_name(), order.task_name.clone());
    Ok(TaskHandle { id, name, task_name })
}

async fn kill(docker: &Docker, handle: &TaskHandle, signal: &str) -> Result<(), DriverError> {
    let options = KillContainerOptions { signal: signal.to_owned() };
    match docker.kill_container(&handle.id, Some(options)).await {
        Ok(()) => Ok(()),
        // 409: it is not running any more.
        Err(error) if status(&error) == Some(409) => Ok(()),
        Err(error) => Err(of_container(&error, &handle.name)),
    }
}

impl TaskDriver for DockerDriver {
    fn name(&self) -> &'static str {
        "docker"
    }

    fn fingerprint(&self) -> BoxFuture<'_, DriverFingerprint> {
        Box::pin(async {
            let seen = self.seen.load(Ordering::Relaxed);
            let found = fingerprint::fingerprint(self.connect().await, seen).await;
            self.seen.fetch_or(found.detected, Ordering::Relaxed);
            found
        })
    }

    fn start<'a>(
        &'a self,
        order: &'a TaskOrder,
        progress: ProgressSink,
        cancel: CancellationToken,
    ) -> BoxFuture<'a, Result<TaskHandle, DriverError>> {
        Box::pin(async move { self.start_task(order, &progress, &cancel).await })
    }

    fn recover<'a>(
        &'a self,
        order: &'a TaskOrder,
    ) -> BoxFuture<'a, Result<Option<Recovered>, DriverError>> {
        Box::pin(async move {
            let docker = self.docker().await?;
            Ok(match recover::find(&docker, order).await? {
                Some(Found::Running(handle)) => Some(Recovered { handle, running: true }),
                Some(Found::Ended(handle)) => Some(Recovered { handle, running: false }),
                Some(Found::Useless(_)) | None => None,
            })
        })
    }

    fn wait<'a>(
        &'a self,
        handle: &'a TaskHandle,
        order: &'a TaskOrder,
    ) -> BoxFuture<'a, ExitResult> {
        Box::pin(exit::wait(self, handle, order))
    }

    fn stop<'a>(
        &'a self,
        handle: &'a TaskHandle,
        signal: &'a str,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<(), DriverError>> {
        Box::pin(self.stop_task(handle, signal, timeout))
    }

    fn signal<'a>(
        &'a self,
        handle: &'a TaskHandle,
        signal: &'a str,
    ) -> BoxFuture<'a, Result<(), DriverError>> {
        Box::pin(async move { kill(&self.docker().await?, handle, signal).await })
    }

    fn destroy<'a>(&'a self, handle: &'a TaskHandle) -> BoxFuture<'a, Result<(), DriverError>> {
        Box::pin(async move { recover::remove(&self.docker().await?, &handle.id).await })
    }

    fn stats<'a>(
        &'a self,
        handle: &'a TaskHandle,
    ) -> BoxFuture<'a, Result<TaskUsage, DriverError>> {
        Box::pin(async move { stats::measure(&self.docker().await?, handle).await })
    }

    fn reap<'a>(
        &'a self,
        alloc_root: &'a Path,
        keep: &'a (dyn Fn(&str, &str) -> bool + Send + Sync),
    ) -> BoxFuture<'a, Result<Vec<String>, DriverError>> {
        Box::pin(async move { recover::reap(&self.docker().await?, alloc_root, keep).await })
    }

    fn published_ports(&self) -> BoxFuture<'_, Vec<PublishedPort>> {
        Box::pin(async {
            let Ok(docker) = self.docker().await else {
                return Vec::new();
            };
            recover::published(&docker).await.unwrap_or_else(|error| {
                tracing::debug!(%error, "cannot list the published ports");
                Vec::new()
            })
        })
    }

    fn changed(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.events.changed())
    }
}
