//! The token of an agent that more than this machine can reach.
//!
//! The agent can start containers, so whoever reaches it is as good as root: an address other than a
//! loopback one always needs a token. One is made and kept beside the state if none was given.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use super::{AgentConfig, ConfigError};

/// Gives the configuration a token if its address needs one; returns where a new one was kept.
pub fn ensure_token(
    config: &mut AgentConfig,
    new_token: impl FnOnce() -> String,
) -> Result<Option<PathBuf>, ConfigError> {
    if config.token.is_some() || config.bind_addr.is_loopback() {
        return Ok(None);
    }
    let path = config.data_dir.join("token");
    let failed = |source| ConfigError::Read { path: path.clone(), source };
    if let Ok(kept) = std::fs::read_to_string(&path)
        && !kept.trim().is_empty()
    {
        config.token = Some(kept.trim().to_owned());
        return Ok(Some(path));
    }
    let token = new_token();
    std::fs::create_dir_all(&config.data_dir).map_err(failed)?;
    std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&path)
        .and_then(|mut file| writeln!(file, "{token}"))
        .map_err(failed)?;
    config.token = Some(token);
    Ok(Some(path))
}
