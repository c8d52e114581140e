//! The query of a request: Nomad's parameters, decoded once.

use std::time::Duration;
use steppe_planner::Map;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;

use super::error::ApiError;

/// Nomad's default and longest wait of a blocking query.
const WAIT_MAX: Duration = Duration::from_secs(300);

/// The parameters of a request.
#[derive(Clone, Debug, Default)]
pub(super) struct Params(Map<String>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Params, ApiError> {
        let Query(pairs) = Query::<Vec<(String, String)>>::from_request_parts(parts, state)
            .await
            .map_err(|e| ApiError::bad_request(e.to_string()))?;
        Ok(Params(pairs.into_iter().collect()))
    }
}

impl Params {
    /// A parameter, if it is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|v| !v.is_empty())
    }

    /// A parameter, or nothing for an absent one.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// A flag: `true`, `1` or just its name.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|v| matches!(v.as_str(), "" | "1" | "t" | "true" | "True"))
    }

    /// A whole number; a bad one is an error in Go's words.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| {
            ApiError::bad_request(format!(
                "error parsing {name}: strconv.ParseInt: parsing \"{text}\": invalid syntax"
            ))
        })
    }

    /// The namespace of a single object; `default` if none is given.
    pub(super) fn namespace(&self) -> &str {
        self.get("namespace").unwrap_or("default")
    }

    /// True if a list with this namespace parameter contains the namespace.
    pub(super) fn in_namespace(&self, namespace: &str) -> bool {
        self.namespace() == "*" || self.namespace() == namespace
    }

    /// True if the answer is to be indented.
    pub(super) fn pretty(&self) -> bool {
        self.0.get("pretty").is_some_and(|v| v != "0")
    }

    /// The index a client has seen; 0 does not block.
    pub(super) fn index(&self) -> Result<u64, ApiError> {
        match self.get("index") {
            Some(text) => text.parse().map_err(|_| ApiError::bad_request("Invalid index")),
            None => Ok(0),
        }
    }

    /// How long a client wants to wait at most.
    pub(super) fn wait(&self) -> Result<Duration, ApiError> {
        let Some(text) = self.get("wait") else {
            return Ok(WAIT_MAX);
        };
        let wait =
            parse_duration(text).ok_or_else(|| ApiError::bad_request("Invalid wait time"))?;
        Ok(if wait.is_zero() { WAIT_MAX } else { wait.min(WAIT_MAX) })
    }
}

/// Reads a Go duration such as `2000ms` or `1m30s`.
fn parse_duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut total = Duration::ZERO;
    if rest == "0" {
        return Some(total);
    }
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let value: f64 = rest.get(..digits)?.parse().ok()?;
        rest = rest.get(digits..)?;
        let unit_end = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let seconds = match rest.get(..unit_end)? {
            "ns" => 1e-9,
            "us" | "µs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        total = total.checked_add(Duration::try_from_secs_f64(value * seconds).ok()?)?;
        rest = rest.get(unit_end..)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_gos() {
        let ms = |text| parse_duration(text).map(|d| d.as_millis());
        assert_eq!(ms("2000ms"), Some(2000));
        assert_eq!(ms("1m30s"), Some(90_000));
        assert_eq!(ms("1.5s"), Some(1500));
        assert_eq!(ms("0"), Some(0));
        for bad in ["", "5", "s", "5x", "-1s", "1e3s"] {
            assert_eq!(parse_duration(bad), None, "{bad}");
        }
    }
}
