//! `/v1/agent/…`: the agent about itself.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::answer;
use super::app::App;
use super::operator::rpc_address;
use super::params::Params;
use crate::client::node::NOMAD_VERSION;

pub(super) async fn own(State(app): State<App>, params: Params) -> Response {
    let http = app.config.http_addr();
    let nodes = app.store.nodes();
    let node_id = nodes.first().map(|n| n.id.clone()).unwrap_or_default();
    let allocs = app.store.read().allocs().filter(|r| !r.terminal()).count();
    let mut stats = BTreeMap::from([
        (
            "nomad",
            json!({"server": "true", "leader": "true", "leader_addr": rpc_address(&app),
                   "bootstrap": "true", "known_regions": "1"}),
        ),
        ("runtime", json!({"arch": std::env::consts::ARCH, "kernel.name": std::env::consts::OS})),
    ]);
    if !node_id.is_empty() {
        stats.insert(
            "client",
            json!({"node_id": node_id, "num_allocations": allocs.to_string(),
                   "known_servers": rpc_address(&app), "last_heartbeat": "0s"}),
        );
    }
    let body = json!({
        "config": {
            "Region": app.config.region,
            "Datacenter": nodes.first().map_or("dc1", |n| &n.datacenter),
            "NodeName": member_name(&app),
            "DataDir": app.config.data_dir,
            "BindAddr": app.config.bind_addr,
            "DevMode": app.config.dev,
            "LogLevel": app.config.log_level.to_uppercase(),
            "Ports": {"HTTP": http.port()},
            "Addresses": {"HTTP": http.ip().to_string()},
            "AdvertiseAddrs": {"HTTP": http.to_string()},
            "Server": {"Enabled": true},
            "Client": {"Enabled": !nodes.is_empty()},
            "ACL": {"Enabled": false},
            "UI": {"Enabled": true, "ShowCLIHints": false},
            "Version": version(),
        },
        "member": member(&app),
        "stats": stats,
    });
    answer::json(&params, &body)
}

pub(super) async fn members(State(app): State<App>, params: Params) -> Response {
    let body = json!({
        "ServerName": member_name(&app),
        "ServerRegion": app.config.region,
        "ServerDC": "dc1",
        "Members": [member(&app)],
    });
    answer::json(&params, &body)
}

pub(super) async fn servers(State(app): State<App>, params: Params) -> Response {
    answer::json(&params, &[rpc_address(&app)])
}

pub(super) async fn health(State(app): State<App>, params: Params) -> Response {
    let mut body = serde_json::Map::new();
    let wanted = params.get("type");
    if wanted != Some("client") {
        body.insert("server".to_owned(), json!({"ok": true, "message": "ok"}));
    }
    if wanted != Some("server") && !app.store.nodes().is_empty() {
        body.insert("client".to_owned(), json!({"ok": true, "message": "ok"}));
    }
    answer::json(&params, &body)
}

fn member(app: &App) -> Value {
    let http = app.config.http_addr();
    json!({
        "Name": member_name(app),
        "Addr": http.ip().to_string(),
        "Port": u32::from(http.port()) + 2,
        "Status": "alive",
        "Tags": {
            "role": "nomad",
            "region": app.config.region,
            "dc": "dc1",
            "build": NOMAD_VERSION,
            "bootstrap": "1",
            "port": (u32::from(http.port()) + 1).to_string(),
            "steppe": env!("CARGO_PKG_VERSION"),
        },
        "ProtocolMin": 1, "ProtocolMax": 5, "ProtocolCur": 2,
        "DelegateMin": 2, "DelegateMax": 5, "DelegateCur": 4,
    })
}

fn version() -> Value {
    json!({"Version": NOMAD_VERSION, "VersionMetadata": "", "VersionPrerelease": "",
           "Revision": format!("steppe {}", env!("CARGO_PKG_VERSION"))})
}

fn member_name(app: &App) -> String {
    let name = app.config.nodes.first().map_or("steppe", |n| n.name.as_str());
    format!("{name}.{}", app.config.region)
}
