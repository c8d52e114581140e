//! Waiting for a container's end, through every absence of Docker, and reading how it ended.

use std::time::Duration;

use bollard::Docker;
use bollard::errors::Error;
use bollard::query_parameters::WaitContainerOptions;
use futures_util::StreamExt;

use super::DockerDriver;
use super::error::is_missing;
use super::logs;
use crate::driver::{ExitResult, TaskHandle, TaskOrder};

const RETRY: Duration = Duration::from_secs(1);
/// The rest of the output is waited for only so long after the end.
const LOGS_AFTER_END: Duration = Duration::from_secs(5);
/// The exit code of a container that was removed behind our back.
const GONE_EXIT_CODE: i64 = 137;

/// Waits for the end of the task, copying its output meanwhile.
pub(super) async fn wait(
    driver: &DockerDriver,
    handle: &TaskHandle,
    order: &TaskOrder,
) -> ExitResult {
    let copy = async {
        if let Ok(docker) = driver.docker().await {
            logs::follow(&docker, handle, order).await;
        }
    };
    let mut copy = Box::pin(copy);
    let end = end(driver, handle);
    let mut end = Box::pin(end);
    tokio::select! {
        exit = &mut end => {
            if tokio::time::timeout(LOGS_AFTER_END, copy).await.is_err() {
                tracing::warn!(task = handle.name, "the end of the output was not copied");
            }
            exit
        }
        () = &mut copy => end.await,
    }
}

async fn end(driver: &DockerDriver, handle: &TaskHandle) -> ExitResult {
    loop {
        if let Ok(docker) = driver.docker().await {
            // However the wait went, the container itself says how it is.
            ended(&docker, &handle.id).await;
            match read(&docker, handle).await {
                Ok(Some(exit)) => return exit,
                Ok(None) => {}
                Err(error) if is_missing(&error) => {
                    return ExitResult {
                        exit_code: GONE_EXIT_CODE,
                        message: "Docker container is gone".into(),
                        ..ExitResult::default()
                    };
                }
                Err(_) => {}
            }
        }
        tokio::time::sleep(RETRY).await;
    }
}

/// Resolves when the container is not running, or Docker cannot say.
pub(super) async fn ended(docker: &Docker, id: &str) {
    let options = WaitContainerOptions { condition: "not-running".into() };
    let mut stream = Box::pin(docker.wait_container(id, Some(options)));
    // A code other than 0 is an error to the library, and an answer all the same.
    let _ = stream.next().await;
}

/// How the container ended; `None` if it has not.
async fn read(docker: &Docker, handle: &TaskHandle) -> Result<Option<ExitResult>, Error> {
    let state = docker.inspect_container(&handle.id, None).await?.state.unwrap_or_default();
    if state.running == Some(true) {
        return Ok(None);
    }
    let exit_code = state.exit_code.unwrap_or(0);
    let oom_killed = state.oom_killed.unwrap_or(false);
    let message = if oom_killed {
        "OOM Killed".to_owned()
    } else if exit_code != 0 {
        format!("Docker container exited with non-zero exit code: {exit_code}")
    } else {
        String::new()
    };
    Ok(Some(ExitResult { exit_code, signal: 0, oom_killed, message }))
}
