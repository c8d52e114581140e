//! The page's files: which file answers a path, how it is packed, how long it may be kept.
//!
//! A release build carries `target/dist` inside; a debug build reads it from the project folder. Paths that
//! are no file give `index.html`, because the page has routes of its own. What the page asks of the API is
//! none of this file's business; unknown paths under `/v1` are not found.

use std::borrow::Cow;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../target/dist"]
// A debug agent compiles without a page; build.rs makes its absence an error in release.
#[allow_missing = true]
struct Dist;

/// The folder whose name is a hash of everything in it.
const HASHED: &str = "assets/";

/// Filled in by each answer, so that the editor may add its style sheets and nobody else may.
const NONCE: &str = "@NONCE@";

const NO_PAGE: &str = "This agent was built without its page. Build it with `cargo xtask build`, or build \
                       page and agent and start them with `cargo xtask run`. The API under /v1 works.\n";

/// Answers every path that no other route takes.
pub(super) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().fallback(asset)
}

async fn asset(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "v1" || path.starts_with("v1/") {
        return (StatusCode::NOT_FOUND, "Invalid path\n").into_response();
    }
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("");
    if path.starts_with(HASHED) {
        return hashed(path, accepted);
    }
    index()
}

/// A file of the hashed folder, in the smallest form that the browser takes.
fn hashed(path: &str, accepted: &str) -> Response {
    for (encoding, suffix) in [("br", ".br"), ("gzip", ".gz")] {
        if !accepts(accepted, encoding) {
            continue;
        }
        if let Some(file) = Dist::get(&format!("{path}{suffix}")) {
            return file_response(path, file.data, Some(encoding));
        }
    }
    match Dist::get(path) {
        Some(file) => file_response(path, file.data, None),
        // Not the index: a stale page must see that its file is gone.
        None => (StatusCode::NOT_FOUND, "no such file\n").into_response(),
    }
}

fn file_response(path: &str, data: Cow<'static, [u8]>, encoding: Option<&'static str>) -> Response {
    let mut response = Response::new(Body::from(data.into_owned()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    // A worker is governed by the policy of its own script, not of the page that starts it.
    if path.ends_with(".js") {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(WORKER_POLICY));
    }
    response
}

/// The page itself, never kept without asking, with a nonce of its own.
fn index() -> Response {
    let Some(file) = Dist::get("index.html") else {
        return (StatusCode::NOT_FOUND, NO_PAGE).into_response();
    };
    let nonce = uuid::Uuid::new_v4().simple().to_string();
    let html = String::from_utf8_lossy(&file.data).replace(NONCE, &nonce);
    let mut response = Response::new(Body::from(html));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Only the agent's own files and API, and the one script that stands in the page itself, by the nonce. Style
/// attributes are allowed: the page draws its bars with them, and they can neither run nor load anything.
fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; worker-src 'self'; \
         connect-src 'self'; img-src 'self' data:; font-src 'self'; \
         style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; manifest-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

const WORKER_POLICY: &str =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/// True if an `Accept-Encoding` header takes the encoding (and not with `q=0`).
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        let refused = |w: &str| {
            w.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0))
        };
        words.next() == Some(encoding) && !words.any(refused)
    })
}

/// By extension; all that a page of ours is made of.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("wasm") => "application/wasm",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt" | "hcl" | "nomad") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_counts_unless_it_is_refused() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("", "gzip"));
        assert!(!accepts("brotli", "br"));
    }

    #[test]
    fn the_policy_allows_neither_foreign_scripts_nor_eval_nor_other_hosts() {
        let policy = page_policy("abc");
        let scripts =
            policy.split(';').find(|d| d.trim().starts_with("script-src ")).map(str::trim);
        assert_eq!(scripts, Some("script-src 'self' 'nonce-abc' 'wasm-unsafe-eval'"));
        assert!(policy.contains("style-src 'self' 'nonce-abc';"));
        assert!(!policy.contains("http:") && !policy.contains('*'));
    }

    #[tokio::test]
    async fn paths_of_the_api_and_lost_files_are_not_the_page() {
        for path in ["/v1/nonsense", "/v1", "/assets/0123/gone.js"] {
            let uri = Uri::try_from(path).expect("a path");
            let response = asset(uri, HeaderMap::new()).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
}
