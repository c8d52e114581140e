//! Who may ask: `Host` and `Origin` on every request, and the token where one is set.
//!
//! A page of another site can send requests to a loopback address, and a name it controls can be
//! made to point there (DNS rebinding). So the host must be an address literal, `localhost`, or the
//! agent's own, and an origin must be the very host the request goes to.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::error::ApiError;
use crate::config::host_name;

/// Lets a request pass, or answers 403.
pub(super) async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    match admit(&app, &request) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn admit(app: &App, request: &Request) -> Result<(), ApiError> {
    let headers = request.headers();
    let host = headers
        .get(header::HOST)
        .and_then(|h| h.to_str().ok())
        .or_else(|| request.uri().authority().map(|a| a.as_str()))
        .ok_or_else(|| ApiError::bad_request("missing Host header"))?;
    // With a token, the name of the machine may lead here: who misuses it does not know the token.
    let named = app.config.token.is_some() && is_machine(host, &host_name());
    if !is_own_name(host) && !named {
        return Err(forbidden(format!("host {host:?} is not this agent's address")));
    }
    if let Some(origin) = headers.get(header::ORIGIN) {
        let origin = origin.to_str().unwrap_or_default();
        if !same_place(origin, host) {
            return Err(forbidden(format!("origin {origin:?} may not use this agent")));
        }
    }
    let site = headers.get("sec-fetch-site").and_then(|s| s.to_str().ok());
    if site == Some("cross-site") && request.uri().path().starts_with("/v1/") {
        return Err(forbidden("requests from another site are refused".to_owned()));
    }
    match &app.config.token {
        Some(token) if request.uri().path().starts_with("/v1/") => check_token(headers, token),
        _ => Ok(()),
    }
}

/// An address literal or `localhost`: names that nobody else can point elsewhere.
fn is_own_name(host: &str) -> bool {
    let name = without_port(host);
    let literal = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || literal.parse::<IpAddr>().is_ok()
}

/// The machine's own name, whole or without its domain.
fn is_machine(host: &str, machine: &str) -> bool {
    let name = without_port(host);
    let short = machine.split('.').next().unwrap_or(machine);
    !name.is_empty() && [machine, short].iter().any(|own| name.eq_ignore_ascii_case(own))
}

fn without_port(host: &str) -> &str {
    if host.starts_with('[') {
        return host.split_inclusive(']').next().unwrap_or(host);
    }
    host.split(':').next().unwrap_or(host)
}

fn same_place(origin: &str, host: &str) -> bool {
    origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"))
        .is_some_and(|place| place.eq_ignore_ascii_case(host))
}

fn check_token(headers: &HeaderMap, token: &str) -> Result<(), ApiError> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.strip_prefix("Bearer "));
    let cookie = headers
        .get(header::COOKIE)
        .and_then(|v| v.to_str().ok())
        .and_then(|cookies| cookies.split("; ").find_map(|c| c.strip_prefix("steppe-token=")));
    let given = headers.get("x-nomad-token").and_then(|v| v.to_str().ok());
    match given.or(bearer).or(cookie) {
        Some(given) if equal_in_constant_time(given, token) => Ok(()),
        Some(_) => Err(forbidden("ACL token not found".to_owned())),
        None => Err(forbidden("Permission denied".to_owned())),
    }
}

/// Compares without telling by time how much was right.
fn equal_in_constant_time(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |acc, (x, y)| acc | (x ^ y)) == 0
}

fn forbidden(text: String) -> ApiError {
    ApiError::new(StatusCode::FORBIDDEN, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_names() {
        for own in ["127.0.0.1:4646", "localhost:4646", "[::1]:4646", "192.168.1.7", "LOCALHOST"] {
            assert!(is_own_name(own), "{own}");
        }
        for other in ["evil.example:4646", "127.0.0.1.evil.example", "", "localhost.evil.example"] {
            assert!(!is_own_name(other), "{other}");
        }
    }

    #[test]
    fn the_machines_name() {
        for own in ["box:4646", "BOX", "box.lan:4646"] {
            assert!(is_machine(own, "box.lan"), "{own}");
        }
        for other in ["box.evil.example", "", "boxer"] {
            assert!(!is_machine(other, "box.lan"), "{other}");
        }
    }

    #[test]
    fn an_origin_is_the_very_host() {
        assert!(same_place("http://127.0.0.1:4646", "127.0.0.1:4646"));
        assert!(!same_place("http://127.0.0.1:8080", "127.0.0.1:4646"));
        assert!(!same_place("null", "127.0.0.1:4646"));
    }
}
