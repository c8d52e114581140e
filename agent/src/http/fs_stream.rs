//! `/v1/client/fs/{logs,stream}/:id`: files as they grow, in Nomad's frames or plain.
//!
//! A frame is one JSON object without separator: `{"Data":base64,"File":…,"Offset":…}`, with `Offset` after
//! the data; `{}` every second says that the connection lives.

use std::path::PathBuf;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt, SeekFrom};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use tokio_stream::wrappers::ReceiverStream;

use super::alloc_dir::{AllocDir, known};
use super::app::App;
use super::error::ApiError;
use super::params::Params;
use crate::state::Store;

const FRAME_BYTES: usize = 64 << 10;
const HEARTBEAT_EVERY: Duration = Duration::from_secs(1);
/// How soon new text in a file is seen.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// A finished task may still have text on the way to its files.
const QUIET_AFTER_END: Duration = Duration::from_millis(500);

/// The output of a task.
pub(super) async fn logs(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let task = params.get("task").ok_or_else(|| ApiError::bad_request("must provide task name"))?;
    let kind = params.get("type").filter(|k| matches!(*k, "stdout" | "stderr"));
    let kind =
        kind.ok_or_else(|| ApiError::bad_request("must provide log type (stdout/stderr)"))?;
    let from_end = from_end(&params)?;
    let offset = params.number("offset")?.unwrap_or(0).max(0).unsigned_abs();
    let follow = params.flag("follow");
    let dir = AllocDir::of(&app, &id)?;
    let record = known(&app, &id)?;
    let has_task = record.group().is_some_and(|g| g.tasks.iter().any(|t| t.name == task));
    if !has_task {
        return Err(ApiError::bad_request(format!("unknown task name \"{task}\"")));
    }
    let logs = dir.logs()?;
    let files = Files::new(dir, Names::Rotated { logs, stem: format!("{task}.{kind}.") });
    let start = files.start(from_end, offset);
    let end = End::OfTask { store: app.store, alloc_id: id, task: task.to_owned() };
    let reader = Reader { files, at: start, end, follow };
    Ok(match upgrade {
        Ok(upgrade) => upgrade.on_upgrade(move |socket| carry(socket, begin(reader, false))),
        Err(_) => respond(reader, &params),
    })
}

/// One file.
pub(super) async fn stream(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    let path =
        params.get("path").ok_or_else(|| ApiError::bad_request("must provide a file name"))?;
    let from_end = from_end(&params)?;
    let offset = params.number("offset")?.unwrap_or(0).max(0).unsigned_abs();
    let dir = AllocDir::of(&app, &id)?;
    let place = dir.resolve(path)?;
    if !place.is_file() {
        let text = format!("stat {}: no such file or directory", place.display());
        return Err(ApiError::bad_request(text));
    }
    let follow = params.get("follow").is_none_or(|f| f != "false");
    let name = path.trim_start_matches('/').to_owned();
    let files = Files::new(dir, Names::One { place, name });
    let start = files.start(from_end, offset);
    Ok(respond(Reader { files, at: start, end: End::Never, follow }, &params))
}

fn from_end(params: &Params) -> Result<bool, ApiError> {
    match params.get("origin") {
        None | Some("start") => Ok(false),
        Some("end") => Ok(true),
        Some(_) => Err(ApiError::bad_request("origin must be start or end")),
    }
}

type Frames = mpsc::Receiver<Result<Bytes, std::io::Error>>;

fn begin(reader: Reader, plain: bool) -> Frames {
    let (to, from) = mpsc::channel(8);
    tokio::spawn(async move {
        // The only error is that nobody reads any more.
        let _ = reader.run(Sink { to, plain }).await;
    });
    from
}

/// The page follows logs by WebSocket, a frame a message: a browser gives a host six connections for
/// requests, and counts sockets apart.
async fn carry(mut socket: WebSocket, mut frames: Frames) {
    loop {
        tokio::select! {
            frame = frames.recv() => {
                let text = frame.and_then(Result::ok).and_then(|f| Utf8Bytes::try_from(f).ok());
                let Some(text) = text else { break };
                if socket.send(Message::Text(text)).await.is_err() {
                    return;
                }
            }
            received = socket.recv() => match received {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {}
            },
        }
    }
    // Who has gone already needs no farewell.
    let _ = socket.send(Message::Close(None)).await;
}

fn respond(reader: Reader, params: &Params) -> Response {
    let plain = params.flag("plain");
    let from = begin(reader, plain);
    let content_type = if plain { "text/plain; charset=utf-8" } else { "application/json" };
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Body::from_stream(ReceiverStream::new(from))).into_response()
}

/// Nobody reads any more.
struct Closed;

struct Sink {
    to: mpsc::Sender<Result<Bytes, std::io::Error>>,
    plain: bool,
}

impl Sink {
    async fn data(&self, file: &str, offset: u64, bytes: &[u8]) -> Result<(), Closed> {
        let frame = if self.plain {
            Bytes::copy_from_slice(bytes)
        } else {
            let frame = json!({"Data": STANDARD.encode(bytes), "File": file, "Offset": offset});
            Bytes::from(frame.to_string())
        };
        self.to.send(Ok(frame)).await.map_err(|_| Closed)
    }

    async fn heartbeat(&self) -> Result<(), Closed> {
        if self.plain {
            return if self.to.is_closed() { Err(Closed) } else { Ok(()) };
        }
        self.to.send(Ok(Bytes::from_static(b"{}"))).await.map_err(|_| Closed)
    }
}

/// One file, or the numbered files of a log.
enum Names {
    One { place: PathBuf, name: String },
    Rotated { logs: PathBuf, stem: String },
}

/// What is read, and the directory it must not leave.
struct Files {
    dir: AllocDir,
    names: Names,
}

/// A place in the text: which file, and how far into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct At {
    number: u64,
    offset: u64,
}

impl Files {
    fn new(dir: AllocDir, names: Names) -> Files {
        Files { dir, names }
    }

    /// The numbers of the files that exist, in order.
    fn numbers(&self) -> Vec<u64> {
        let Names::Rotated { logs, stem } = &self.names else {
            return vec![0];
        };
        let entries = std::fs::read_dir(logs).into_iter().flatten().flatten();
        let mut numbers: Vec<u64> = entries
            .filter_map(|entry| entry.file_name().to_str()?.strip_prefix(stem)?.parse().ok())
            .collect();
        numbers.sort_unstable();
        numbers
    }

    fn place(&self, number: u64) -> PathBuf {
        match &self.names {
            Names::One { place, .. } => place.clone(),
            Names::Rotated { logs, stem } => logs.join(format!("{stem}{number}")),
        }
    }

    /// The name in frames.
    fn name(&self, number: u64) -> String {
        match &self.names {
            Names::One { name, .. } => name.clone(),
            Names::Rotated { stem, .. } => format!("alloc/logs/{stem}{number}"),
        }
    }

    /// Where reading begins: so many bytes after the start, or before the end.
    fn start(&self, from_end: bool, offset: u64) -> At {
        let sizes: Vec<(u64, u64)> = self
            .numbers()
            .into_iter()
            .map(|number| (number, self.size(number).unwrap_or(0)))
            .collect();
        let total: u64 = sizes.iter().map(|(_, size)| size).sum();
        let mut skip = if from_end { total.saturating_sub(offset) } else { offset.min(total) };
        let mut at = At::default();
        for (number, size) in sizes {
            at = At { number, offset: skip.min(size) };
            if skip < size {
                break;
            }
            skip -= size;
        }
        at
    }

    fn size(&self, number: u64) -> Option<u64> {
        Some(self.dir.open(&self.place(number)).ok()?.metadata().ok()?.len())
    }

    /// Reads what is there; a file that is not there yet has nothing.
    async fn read_some(&self, at: At, buffer: &mut [u8]) -> usize {
        let Ok(file) = self.dir.open(&self.place(at.number)) else {
            return 0;
        };
        let mut file = File::from_std(file);
        if file.seek(SeekFrom::Start(at.offset)).await.is_err() {
            return 0;
        }
        file.read(buffer).await.unwrap_or(0)
    }
}

/// When a followed text is over.
enum End {
    Never,
    /// When the task is dead and has said everything.
    OfTask {
        store: Store,
        alloc_id: String,
        task: String,
    },
}

impl End {
    fn reached(&self) -> bool {
        match self {
            End::Never => false,
            End::OfTask { store, alloc_id, task } => store.alloc(alloc_id).is_none_or(|record| {
                record.client_terminal()
                    || record.alloc.task_states.get(task).is_some_and(|s| s.state == "dead")
            }),
        }
    }
}

struct Reader {
    files: Files,
    at: At,
    end: End,
    follow: bool,
}

impl Reader {
    async fn run(mut self, sink: Sink) -> Result<(), Closed> {
        let mut buffer = vec![0; FRAME_BYTES];
        let mut last_sent = Instant::now();
        let mut quiet_since: Option<Instant> = None;
        loop {
            let bytes = self.files.read_some(self.at, &mut buffer).await;
            if let Some(bytes) = buffer.get(..bytes).filter(|b| !b.is_empty()) {
                self.at.offset += bytes.len() as u64;
                sink.data(&self.files.name(self.at.number), self.at.offset, bytes).await?;
                last_sent = Instant::now();
                quiet_since = None;
                continue;
            }
            if self.next_file() {
                continue;
            }
            if !self.follow {
                return Ok(());
            }
            if self.end.reached() {
                let since = *quiet_since.get_or_insert_with(Instant::now);
                if since.elapsed() >= QUIET_AFTER_END {
                    return Ok(());
                }
            }
            if last_sent.elapsed() >= HEARTBEAT_EVERY {
                sink.heartbeat().await?;
                last_sent = Instant::now();
            }
            sleep(LOOK_EVERY).await;
        }
    }

    /// Goes on to the next file of a log; a file that was cut begins anew.
    fn next_file(&mut self) -> bool {
        if self.files.size(self.at.number).is_some_and(|size| size < self.at.offset) {
            self.at.offset = 0;
            return true;
        }
        let next = self.files.numbers().into_iter().find(|number| *number > self.at.number);
        match next {
            Some(number) => {
                self.at = At { number, offset: 0 };
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_may_begin_in_an_earlier_file() {
        let dir = std::env::temp_dir().join(format!("steppe-logs-{}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("temporary directory");
        for (number, text) in [(0, "aaaa"), (1, "bbbb"), (10, "cc")] {
            std::fs::write(dir.join(format!("t.stdout.{number}")), text).expect("log file");
        }
        let names = Names::Rotated { logs: dir.clone(), stem: "t.stdout.".to_owned() };
        let files = Files::new(AllocDir { root: dir.clone() }, names);
        assert_eq!(files.numbers(), [0, 1, 10], "by number, not by name");
        assert_eq!(files.start(false, 0), At { number: 0, offset: 0 });
        assert_eq!(files.start(true, 3), At { number: 1, offset: 3 });
        assert_eq!(files.start(true, 0), At { number: 10, offset: 2 });
        assert_eq!(files.start(true, 999), At { number: 0, offset: 0 });
        assert_eq!(files.start(false, 5), At { number: 1, offset: 1 });
        std::fs::remove_dir_all(&dir).expect("clean up");
    }
}
