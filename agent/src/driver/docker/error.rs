//! Docker's errors as texts and kinds.

use bollard::errors::Error;

use crate::driver::DriverError;

/// The status the daemon answered with, if it answered.
pub(super) fn status(error: &Error) -> Option<u16> {
    match error {
        Error::DockerResponseServerError { status_code, .. } => Some(*status_code),
        _ => None,
    }
}

/// The daemon does not know it.
pub(super) fn is_missing(error: &Error) -> bool {
    status(error) == Some(404)
}

/// The bare text.
pub(super) fn message(error: &Error) -> String {
    match error {
        Error::DockerResponseServerError { message, .. } => message.clone(),
        Error::DockerStreamError { error } => error.clone(),
        other => other.to_string(),
    }
}

/// The text as Nomad shows it.
pub(super) fn api_text(error: &Error) -> String {
    match error {
        Error::DockerResponseServerError { status_code, message } => {
            format!("API error ({status_code}): {message}")
        }
        Error::DockerStreamError { error } => format!("API error (500): {error}"),
        other => other.to_string(),
    }
}

/// A request about one container that failed.
pub(super) fn of_container(error: &Error, name: &str) -> DriverError {
    match status(error) {
        Some(404) => DriverError::Gone(name.to_owned()),
        Some(_) => DriverError::Start { message: api_text(error), recoverable: true },
        None => DriverError::Unavailable(message(error)),
    }
}
