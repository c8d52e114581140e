//! Who may ask.

use axum::http::{StatusCode, header};

use super::support::{TestAgent, request};

#[tokio::test(flavor = "multi_thread")]
async fn only_own_names_and_own_pages() {
    let agent = TestAgent::start("guard").await;
    let ask = |host: &'static str, origin: Option<&'static str>| {
        let mut request = request("GET", "/v1/jobs", None);
        request.headers_mut().insert(header::HOST, host.parse().expect("host"));
        if let Some(origin) = origin {
            request.headers_mut().insert(header::ORIGIN, origin.parse().expect("origin"));
        }
        let agent = &agent;
        async move { agent.send(request).await.status }
    };
    assert_eq!(ask("127.0.0.1:4646", None).await, StatusCode::OK);
    assert_eq!(ask("localhost:4646", Some("http://localhost:4646")).await, StatusCode::OK);
    assert_eq!(ask("evil.example:4646", None).await, StatusCode::FORBIDDEN, "rebound name");
    assert_eq!(ask("127.0.0.1:4646", Some("http://evil.example")).await, StatusCode::FORBIDDEN);
    assert_eq!(ask("127.0.0.1:4646", Some("http://127.0.0.1:8080")).await, StatusCode::FORBIDDEN);
    assert_eq!(ask("127.0.0.1:4646", Some("null")).await, StatusCode::FORBIDDEN, "a file");
}
