//! `/v1/client/fs/{ls,stat,cat,readat}/:id`: the files of an allocation.

use std::fs::{self, Metadata};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::Path as FilePath;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::alloc_dir::AllocDir;
use super::answer;
use super::app::App;
use super::error::ApiError;
use super::params::Params;
use crate::clock::{SECOND_NS, rfc3339};

/// A whole file is read into memory up to here; longer ones are read in parts.
const CAT_MAX_BYTES: u64 = 64 << 20;
/// What Go's content detection looks at.
const SNIFF_BYTES: usize = 512;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FileInfo {
    name: String,
    is_dir: bool,
    size: u64,
    file_mode: String,
    mod_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<&'static str>,
}

pub(super) async fn ls(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    let path = params.get("path").unwrap_or("/").to_owned();
    let list = app
        .blocking(move |app| {
            let place = AllocDir::of(app, &id)?.resolve(&path)?;
            let mut list = Vec::new();
            for entry in fs::read_dir(&place).map_err(|e| failed("open", &place, &e))? {
                let entry = entry.map_err(|e| failed("readdir", &place, &e))?;
                // A file may vanish between the two looks.
                if let Ok(metadata) = entry.path().symlink_metadata() {
                    let name = entry.file_name().to_string_lossy().into_owned();
                    list.push(describe(name, &metadata, None));
                }
            }
            list.sort_by(|a, b| a.name.cmp(&b.name));
            Ok::<_, ApiError>(list)
        })
        .await?;
    Ok(answer::json(&params, &list))
}

pub(super) async fn stat(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    let path = wanted(&params)?;
    let info = app
        .blocking(move |app| {
            let dir = AllocDir::of(app, &id)?;
            let place = dir.resolve(&path)?;
            let metadata = fs::metadata(&place).map_err(|e| failed("stat", &place, &e))?;
            let name = place.file_name().map_or_else(|| "/".into(), |n| n.to_string_lossy());
            let content_type = if metadata.is_file() {
                sniff_file(&dir, &place)
            } else {
                "application/octet-stream"
            };
            Ok::<_, ApiError>(describe(name.into_owned(), &metadata, Some(content_type)))
        })
        .await?;
    Ok(answer::json(&params, &info))
}

pub(super) async fn cat(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    let path = wanted(&params)?;
    content(&app, id, path, 0, None).await
}

pub(super) async fn read_at(
    State(app): State<App>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    let path = wanted(&params)?;
    let offset =
        params.number("offset")?.ok_or_else(|| ApiError::bad_request("must provide an offset"))?;
    let limit = params.number("limit")?.filter(|limit| *limit >= 0).map(i64::unsigned_abs);
    content(&app, id, path, offset.max(0).unsigned_abs(), limit).await
}

async fn content(
    app: &App,
    id: String,
    path: String,
    offset: u64,
    limit: Option<u64>,
) -> Result<Response, ApiError> {
    let bytes = app
        .blocking(move |app| {
            let dir = AllocDir::of(app, &id)?;
            let place = dir.resolve(&path)?;
            let metadata = fs::metadata(&place).map_err(|e| failed("stat", &place, &e))?;
            if metadata.is_dir() {
                return Err(ApiError::refused(format!("file \"{path}\" is a directory")));
            }
            let mut file = dir.open(&place).map_err(|e| failed("open", &place, &e))?;
            file.seek(SeekFrom::Start(offset)).map_err(|e| failed("seek", &place, &e))?;
            let mut bytes = Vec::new();
            file.take(limit.unwrap_or(CAT_MAX_BYTES).min(CAT_MAX_BYTES))
                .read_to_end(&mut bytes)
                .map_err(|e| failed("read", &place, &e))?;
            Ok(bytes)
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, sniff(&bytes)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // What a task wrote must not run as a page of this agent.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ];
    Ok((headers, bytes).into_response())
}

fn wanted(params: &Params) -> Result<String, ApiError> {
    params
        .get("path")
        .map(str::to_owned)
        .ok_or_else(|| ApiError::bad_request("must provide a file name"))
}

fn describe(name: String, metadata: &Metadata, content_type: Option<&'static str>) -> FileInfo {
    FileInfo {
        name,
        is_dir: metadata.is_dir(),
        size: metadata.len(),
        file_mode: mode_text(metadata),
        mod_time: rfc3339(metadata.mtime() * SECOND_NS + metadata.mtime_nsec()),
        content_type,
    }
}

/// The mode as Go writes it: `drwxr-xr-x`.
fn mode_text(metadata: &Metadata) -> String {
    let mode = metadata.mode();
    let kind = match mode & 0o170_000 {
        0o040_000 => 'd',
        0o120_000 => 'L',
        0o010_000 => 'p',
        0o140_000 => 'S',
        _ => '-',
    };
    let bits = "rwxrwxrwx"
        .chars()
        .enumerate()
        .map(|(at, letter)| if mode & (0o400 >> at) != 0 { letter } else { '-' });
    std::iter::once(kind).chain(bits).collect()
}

fn sniff_file(dir: &AllocDir, place: &FilePath) -> &'static str {
    let mut start = Vec::new();
    let read =
        dir.open(place).and_then(|file| file.take(SNIFF_BYTES as u64).read_to_end(&mut start));
    if read.is_ok() { sniff(&start) } else { "application/octet-stream" }
}

/// Text or not: what clients do with the answer depends on no more than this.
fn sniff(bytes: &[u8]) -> &'static str {
    let start = bytes.get(..SNIFF_BYTES).unwrap_or(bytes);
    let binary = start.iter().any(|b| matches!(b, 0..=8 | 11 | 14..=26 | 28..=31));
    if binary { "application/octet-stream" } else { "text/plain; charset=utf-8" }
}

/// An error of the file system in Go's words.
pub(super) fn failed(verb: &str, place: &FilePath, error: &std::io::Error) -> ApiError {
    let reason = match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    ApiError::refused(format!("{verb} {}: {reason}", place.display()))
}
