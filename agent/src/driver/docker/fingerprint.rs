//! Whether Docker answers, and what it is.

use bollard::Docker;
use steppe_planner::api::TextMap;

use super::error::message;
use crate::driver::DriverFingerprint;

/// Asks the daemon. `seen` says whether it has ever answered this agent.
pub(super) async fn fingerprint(
    docker: Result<Docker, bollard::errors::Error>,
    seen: bool,
) -> DriverFingerprint {
    let away = |error: &bollard::errors::Error| DriverFingerprint {
        detected: seen,
        healthy: false,
        description: format!("Failed to connect to docker daemon: {}", message(error)),
        attributes: TextMap::new(),
    };
    let docker = match docker {
        Ok(docker) => docker,
        Err(error) => return away(&error),
    };
    let (version, info) = match tokio::join!(docker.version(), docker.info()) {
        (Ok(version), Ok(info)) => (version, info),
        (Err(error), _) | (_, Err(error)) => return away(&error),
    };
    let mut runtimes: Vec<String> = info.runtimes.unwrap_or_default().into_keys().collect();
    runtimes.sort();
    let pairs = [
        ("driver.docker", "true".to_owned()),
        ("driver.docker.version", version.version.unwrap_or_default()),
        ("driver.docker.os_type", info.os_type.unwrap_or_else(|| "linux".into())),
        ("driver.docker.runtimes", runtimes.join(",")),
    ];
    DriverFingerprint {
        detected: true,
        healthy: true,
        description: "Healthy".into(),
        attributes: pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
    }
}
