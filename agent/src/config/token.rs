//! The token of an agent that more than this machine can reach.
//!
//! The agent can start containers, so whoever reaches it is as good as root: an address other than a
//! loopback one always needs a token. One is made and kept beside the state if none was given.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use super::{AgentConfig, ConfigError};
use crate::data_dir;

/// A token that says something: one of nothing but white space would let everybody in.
pub fn not_blank(token: Option<&str>) -> Option<String> {
    token.map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned)
}

/// Gives the configuration a token if its address needs one; returns where a new one was kept.
pub fn ensure_token(
    config: &mut AgentConfig,
    new_token: impl FnOnce() -> String,
) -> Result<Option<PathBuf>, ConfigError> {
    config.token = not_blank(config.token.as_deref());
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
    data_dir::make(&config.data_dir).map_err(failed)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_token_is_none() {
        let dir = std::env::temp_dir().join(format!("steppe-token-{}", std::process::id()));
        let mut config = AgentConfig {
            bind_addr: std::net::IpAddr::from([0, 0, 0, 0]),
            data_dir: dir.clone(),
            token: Some(" ".to_owned()),
            ..AgentConfig::default()
        };
        let kept = ensure_token(&mut config, || "made".to_owned()).unwrap();
        assert_eq!(config.token.as_deref(), Some("made"));
        assert_eq!(kept, Some(dir.join("token")));
        assert_eq!(not_blank(Some("\t")), None);
        assert_eq!(not_blank(Some("secret\n")).as_deref(), Some("secret"));
        std::fs::remove_dir_all(dir).unwrap();
    }
}
