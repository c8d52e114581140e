//! The command line's line to an agent.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use steppe_planner::api::Value;

use crate::config::DEFAULT_HTTP_PORT;

/// How long an agent may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Flags that every command talking to an agent has.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Connection")]
pub(super) struct ConnectionFlags {
    /// The agent's address [default: $STEPPE_ADDR, $NOMAD_ADDR or http://127.0.0.1:4646]
    #[arg(long, value_name = "URL")]
    pub address: Option<String>,
    /// The namespace to work in [default: $NOMAD_NAMESPACE or default]
    #[arg(long)]
    pub namespace: Option<String>,
    /// The region to ask [default: $NOMAD_REGION]
    #[arg(long)]
    pub region: Option<String>,
    /// The agent's token [default: $STEPPE_TOKEN or $NOMAD_TOKEN]
    #[arg(long)]
    pub token: Option<String>,
    /// Print without colours
    #[arg(long)]
    pub no_color: bool,
}

/// Why a request gave no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApiError {
    #[error(
        "no agent answers at {address}: {cause}\n\nStart one with `steppe agent`, or give the address of \
         another with -address=… or the variable NOMAD_ADDR."
    )]
    Unreachable { address: String, cause: String },
    #[error("Unexpected response code: {code} ({body})")]
    Status { code: u16, body: String },
    #[error("the answer of {path} cannot be read: {cause}")]
    Answer { path: String, cause: String },
    #[error("{0}")]
    Address(String),
}

/// An answer with the index it belongs to.
pub(super) struct Answer<T> {
    pub value: T,
    pub index: u64,
}

/// An agent's API.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    http: reqwest::Client,
    pub address: String,
    pub namespace: Option<String>,
    pub region: Option<String>,
    token: Option<String>,
}

/// Query parameters of a request.
pub(super) type Query<'a> = &'a [(&'a str, &'a str)];

impl Connection {
    /// From flags, then the environment, then the default. Connects to nothing yet.
    pub(super) fn new(flags: &ConnectionFlags) -> Result<Connection, ApiError> {
        let variable = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
        let address = flags
            .address
            .clone()
            .or_else(|| variable("STEPPE_ADDR"))
            .or_else(|| variable("NOMAD_ADDR"))
            .unwrap_or_else(|| format!("http://127.0.0.1:{DEFAULT_HTTP_PORT}"));
        let address = match address.split_once("://") {
            None => format!("http://{address}"),
            Some(("http", _)) => address,
            Some((scheme, _)) => {
                let text = format!("address {address}: {scheme} is not supported, use http");
                return Err(ApiError::Address(text));
            }
        };
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            // The agent is named by the user; a proxy for the web would only be in the way.
            .no_proxy()
            .build()
            .map_err(|e| ApiError::Address(e.to_string()))?;
        Ok(Connection {
            http,
            address: address.trim_end_matches('/').to_owned(),
            namespace: flags.namespace.clone().or_else(|| variable("NOMAD_NAMESPACE")),
            region: flags.region.clone().or_else(|| variable("NOMAD_REGION")),
            token: flags
                .token
                .clone()
                .or_else(|| variable("STEPPE_TOKEN"))
                .or_else(|| variable("NOMAD_TOKEN")),
        })
    }

    /// The same agent, asked about a namespace; `None` where the request itself names one.
    pub(super) fn within(&self, namespace: Option<&str>) -> Connection {
        Connection { namespace: namespace.map(str::to_owned), ..self.clone() }
    }

    /// Reads a document.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: Query<'_>,
    ) -> Result<Answer<T>, ApiError> {
        let request = self.http.get(self.url(path)).query(query);
        self.answer(path, request).await
    }

    /// Reads a document that may not exist: 404 and `null` are `None`.
    pub(super) async fn find<T: DeserializeOwned>(
        &self,
        path: &str,
        query: Query<'_>,
    ) -> Result<Option<T>, ApiError> {
        match self.get::<Option<T>>(path, query).await {
            Ok(answer) => Ok(answer.value),
            Err(ApiError::Status { code: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a document.
    pub(super) async fn put<T: DeserializeOwned>(
        &self,
        path: &str,
        query: Query<'_>,
        body: &impl Serialize,
    ) -> Result<T, ApiError> {
        let request = self.http.put(self.url(path)).query(query).json(body);
        Ok(self.answer(path, request).await?.value)
    }

    /// Deletes a document.
    pub(super) async fn delete<T: DeserializeOwned>(
        &self,
        path: &str,
        query: Query<'_>,
    ) -> Result<T, ApiError> {
        let request = self.http.delete(self.url(path)).query(query);
        Ok(self.answer(path, request).await?.value)
    }

    /// Opens a stream.
    pub(super) async fn stream(
        &self,
        path: &str,
        query: Query<'_>,
    ) -> Result<reqwest::Response, ApiError> {
        self.send(self.http.get(self.url(path)).query(query)).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    async fn answer<T: DeserializeOwned>(
        &self,
        path: &str,
        request: reqwest::RequestBuilder,
    ) -> Result<Answer<T>, ApiError> {
        let failed = |cause: String| ApiError::Answer { path: path.to_owned(), cause };
        let response = self.send(request).await?;
        let index = response.headers().get("x-nomad-index");
        let index = index.and_then(|v| v.to_str().ok()?.parse().ok()).unwrap_or_default();
        let body = response.bytes().await.map_err(|e| failed(cause_of(&e)))?;
        let value = serde_json::from_slice(&body).map_err(|e| failed(e.to_string()))?;
        Ok(Answer { value, index })
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, ApiError> {
        let mut request = request;
        if let Some(namespace) = &self.namespace {
            request = request.query(&[("namespace", namespace)]);
        }
        if let Some(region) = &self.region {
            request = request.query(&[("region", region)]);
        }
        if let Some(token) = &self.token {
            request = request.header("X-Nomad-Token", token);
        }
        let response = request.send().await.map_err(|error| ApiError::Unreachable {
            address: self.address.clone(),
            cause: cause_of(&error),
        })?;
        let code = response.status().as_u16();
        if code == 200 {
            return Ok(response);
        }
        let body = response.text().await.unwrap_or_default();
        Err(ApiError::Status { code, body })
    }
}

/// The innermost cause: the sentence a user can act on.
fn cause_of(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// Escapes a job ID for a path: dispatched and periodic jobs have slashes in theirs.
pub(super) fn escape(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A write that carries no more than its evaluation.
pub(super) fn text_field(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
