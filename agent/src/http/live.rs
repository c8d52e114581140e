//! `/v1/steppe/live`: a WebSocket that says what has changed, and nothing else.
//!
//! Pages fetch what concerns them. Changes within 50 ms become one message, so that a deploy of a
//! hundred allocations does not mean a hundred redraws.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use serde::Serialize;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};

use super::app::App;
use crate::state::{Store, Topic};

const COALESCE: Duration = Duration::from_millis(50);
const PING_EVERY: Duration = Duration::from_secs(20);
/// Longer lists say only the topics: the page reads everything again anyway.
const KEYS_MAX: usize = 512;

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct News {
    index: u64,
    topics: BTreeSet<&'static str>,
    keys: Vec<String>,
}

pub(super) async fn live(State(app): State<App>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| announce(socket, app.store))
}

async fn announce(mut socket: WebSocket, store: Store) {
    let mut changed = store.subscribe();
    let mut told = *changed.borrow_and_update();
    if send(&mut socket, &News { index: told, ..News::default() }).await.is_err() {
        return;
    }
    let mut ping = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            change = changed.changed() => {
                if change.is_err() {
                    return;
                }
                sleep(COALESCE).await;
                changed.borrow_and_update();
                let news = news_since(&store, told);
                told = news.index;
                if send(&mut socket, &news).await.is_err() {
                    return;
                }
            }
            _ = ping.tick() => {
                if socket.send(Message::Ping(axum::body::Bytes::new())).await.is_err() {
                    return;
                }
            }
            received = socket.recv() => match received {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(Message::Text(_) | Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => {}
            },
        }
    }
}

fn news_since(store: &Store, told: u64) -> News {
    let Some(changes) = store.changes_since(told) else {
        let every = [
            Topic::Job,
            Topic::Node,
            Topic::Host,
            Topic::Allocation,
            Topic::Evaluation,
            Topic::Deployment,
        ];
        let topics = every.into_iter().map(Topic::name).collect();
        return News { index: store.index(), topics, keys: Vec::new() };
    };
    let topics = changes.documents.iter().map(|(topic, _)| topic.name()).collect();
    let keys = if changes.documents.len() > KEYS_MAX {
        Vec::new()
    } else {
        {
            let names: BTreeSet<String> =
                changes.documents.iter().map(|(topic, key)| name(*topic, key)).collect();
            names.into_iter().collect()
        }
    };
    News { index: changes.index, topics, keys }
}

/// A document's name on the wire. Pages know a job by its ID, whatever its version.
fn name(topic: Topic, key: &str) -> String {
    let id = match topic {
        Topic::Job => key
            .split_once('/')
            .and_then(|(_, versioned)| versioned.rsplit_once('@'))
            .map_or(key, |(id, _)| id),
        _ => key,
    };
    format!("{}:{id}", topic.name())
}

async fn send(socket: &mut WebSocket, news: &News) -> Result<(), axum::Error> {
    let text = serde_json::to_string(news).map_err(axum::Error::new)?;
    socket.send(Message::Text(text.into())).await
}
