//! Getting an image: a local one if there is, otherwise a pull with progress layer by layer.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bollard::Docker;
use bollard::auth::DockerCredentials;
use bollard::models::CreateImageInfo;
use bollard::query_parameters::CreateImageOptionsBuilder;
use futures_util::StreamExt;
use steppe_planner::api::TextMap;
use tokio_util::sync::CancellationToken;

use super::config::DockerConfig;
use super::error::{is_missing, message};
use crate::driver::{DriverError, Progress, ProgressSink};

/// How often progress is told at most: each word of it is a write.
const TELL_EVERY: Duration = Duration::from_millis(300);

/// Makes sure that the image is there.
pub(super) async fn image(
    docker: &Docker,
    config: &DockerConfig,
    progress: &ProgressSink,
    cancel: &CancellationToken,
) -> Result<(), DriverError> {
    let local = match docker.inspect_image(&config.image).await {
        Ok(_) => true,
        Err(error) if is_missing(&error) => false,
        Err(error) => return Err(DriverError::Unavailable(message(&error))),
    };
    let (_, tag) = split(&config.image);
    if local && !config.force_pull && tag != "latest" {
        return Ok(());
    }
    let pulled = tokio::select! {
        pulled = tokio::time::timeout(config.pull_timeout, pull(docker, config, progress)) => pulled,
        () = cancel.cancelled() => return Err(DriverError::Gone("start given up".into())),
    };
    let image = &config.image;
    let error = match pulled {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => error,
        Err(_) => failure(image, "the pull took longer than image_pull_timeout", true),
    };
    if local && !config.force_pull {
        // `latest` is asked for anew each time; without a registry the one at hand must do.
        tracing::warn!(image, %error, "using the local image");
        return Ok(());
    }
    Err(error)
}

async fn pull(
    docker: &Docker,
    config: &DockerConfig,
    progress: &ProgressSink,
) -> Result<(), DriverError> {
    let image = &config.image;
    let (repository, tag) = split(image);
    let options = CreateImageOptionsBuilder::new().from_image(repository).tag(tag).build();
    let credentials = config.auth.as_ref().map(|auth| DockerCredentials {
        username: Some(auth.username.clone()),
        password: Some(auth.password.clone()),
        email: auth.email.clone(),
        serveraddress: auth.server_address.clone(),
        ..DockerCredentials::default()
    });
    let mut layers = Layers::new(image);
    progress(layers.progress());
    let mut told = Instant::now();
    let mut stream = Box::pin(docker.create_image(Some(options), None, credentials));
    while let Some(step) = stream.next().await {
        let info = step.map_err(|error| {
            failure(image, &super::error::api_text(&error), !denied(&message(&error)))
        })?;
        layers.apply(&info);
        if told.elapsed() >= TELL_EVERY {
            told = Instant::now();
            progress(layers.progress());
        }
    }
    progress(layers.progress());
    Ok(())
}

fn failure(image: &str, text: &str, recoverable: bool) -> DriverError {
    DriverError::Start { message: format!("Failed to pull `{image}`: {text}"), recoverable }
}

/// Trying again does not help when the registry says no.
fn denied(text: &str) -> bool {
    ["not found", "manifest unknown", "pull access denied", "unauthorized", "no basic auth"]
        .iter()
        .any(|sign| text.contains(sign))
}

/// Repository and tag (or digest); without one Docker means `latest`.
pub(super) fn split(image: &str) -> (&str, &str) {
    if let Some((repository, digest)) = image.split_once('@') {
        return (repository, digest);
    }
    // A colon before the last slash belongs to the registry's port.
    match image.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, tag),
        _ => (image, "latest"),
    }
}

/// The layers of an image under way.
struct Layers {
    image: String,
    layers: BTreeMap<String, Layer>,
}

#[derive(Default)]
struct Layer {
    status: String,
    current: i64,
    total: i64,
    done: bool,
}

impl Layers {
    fn new(image: &str) -> Self {
        Layers { image: image.to_owned(), layers: BTreeMap::new() }
    }

    fn apply(&mut self, info: &CreateImageInfo) {
        let (Some(id), Some(status)) = (&info.id, &info.status) else {
            return;
        };
        // The first line names the tag, not a layer.
        if status.starts_with("Pulling from") {
            return;
        }
        let layer = self.layers.entry(id.clone()).or_default();
        layer.done = status == "Pull complete" || status == "Already exists";
        if let Some(detail) = &info.progress_detail
            && status == "Downloading"
        {
            layer.current = detail.current.unwrap_or(layer.current);
            layer.total = detail.total.unwrap_or(layer.total);
        }
        if layer.done || status == "Download complete" || status == "Extracting" {
            layer.current = layer.total;
        }
        layer.status.clone_from(status);
    }

    fn progress(&self) -> Progress {
        let mut details = TextMap::from([("image".to_owned(), self.image.clone())]);
        if self.layers.is_empty() {
            return Progress { message: "Downloading image".into(), details };
        }
        let done = self.layers.values().filter(|l| l.done).count();
        let (current, total) = self
            .layers
            .values()
            .fold((0, 0), |(current, total), l| (current + l.current, total + l.total));
        let numbers = [
            ("layers_done", done.to_string()),
            ("layers_total", self.layers.len().to_string()),
            ("bytes_done", current.to_string()),
            ("bytes_total", total.to_string()),
            ("layers", self.table()),
        ];
        details.extend(numbers.map(|(k, v)| (k.to_owned(), v)));
        let mut message = format!("Downloading image: {done} of {} layers", self.layers.len());
        if total > 0 {
            message.push_str(&format!(", {} of {} MB", megabytes(current), megabytes(total)));
        }
        Progress { message, details }
    }

    /// One object a layer, for those who draw them.
    fn table(&self) -> String {
        let layer = |(id, l): (&String, &Layer)| {
            serde_json::json!({
                "ID": id, "Status": l.status, "Current": l.current, "Total": l.total,
            })
        };
        self.layers.iter().map(layer).collect::<serde_json::Value>().to_string()
    }
}

fn megabytes(bytes: i64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use bollard::models::ProgressDetail;

    use super::*;

    #[test]
    fn a_registrys_port_is_not_a_tag() {
        assert_eq!(split("mysql:5.7.28"), ("mysql", "5.7.28"));
        assert_eq!(split("127.0.0.1:5000/web"), ("127.0.0.1:5000/web", "latest"));
        assert_eq!(split("127.0.0.1:5000/web:2"), ("127.0.0.1:5000/web", "2"));
        assert_eq!(split("web@sha256:ab"), ("web", "sha256:ab"));
    }

    fn info(id: &str, status: &str, at: Option<(i64, i64)>) -> CreateImageInfo {
        let detail =
            |(current, total)| ProgressDetail { current: Some(current), total: Some(total) };
        CreateImageInfo {
            id: Some(id.into()),
            status: Some(status.into()),
            progress_detail: at.map(detail),
            ..CreateImageInfo::default()
        }
    }

    #[test]
    fn counts_layers_and_bytes() {
        let mut layers = Layers::new("web:1");
        assert_eq!(layers.progress().message, "Downloading image");
        layers.apply(&info("1", "Pulling from library/web", None));
        layers.apply(&info("aa", "Already exists", None));
        layers.apply(&info("bb", "Downloading", Some((1_000_000, 4_000_000))));
        layers.apply(&info("cc", "Pulling fs layer", None));
        let progress = layers.progress();
        assert_eq!(progress.message, "Downloading image: 1 of 3 layers, 1.0 of 4.0 MB");
        layers.apply(&info("bb", "Extracting", Some((10, 4_000_000))));
        layers.apply(&info("bb", "Pull complete", None));
        layers.apply(&info("cc", "Pull complete", None));
        let progress = layers.progress();
        assert_eq!(progress.details["layers_done"], "3");
        assert_eq!(progress.details["bytes_done"], "4000000");
    }
}
