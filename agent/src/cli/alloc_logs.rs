//! `alloc logs`: what a task wrote, from the start, the end, or as it comes.

use std::time::Duration;

use base64::Engine as _;
use futures_util::StreamExt as _;
use steppe_planner::api::{AllocListStub, Allocation};

use super::connection::{Connection, ConnectionFlags, escape};
use super::outcome::{During as _, Failure, Outcome, fail};
use super::resolve;
use super::ui::Ui;

/// Nomad's guess of a line's length: so many bytes are read from the end for each line wanted.
const BYTES_A_LINE: u64 = 120;
/// Lines of `-tail` on its own.
const TAIL_LINES: u64 = 10;
/// After this long without data, what came is the end of the file.
const SETTLED: Duration = Duration::from_millis(500);

#[derive(Debug, clap::Args)]
pub(super) struct Flags {
    /// The allocation, or the beginning of its ID; with -job, the job
    #[arg(value_name = "ALLOCATION")]
    id: String,
    /// The task, where there are several
    task_name: Option<String>,
    /// The task (same as the second argument)
    #[arg(long)]
    task: Option<String>,
    /// The newest running allocation of this job
    #[arg(long)]
    job: bool,
    /// Standard error instead of standard output
    #[arg(long)]
    stderr: bool,
    /// Standard output (the default)
    #[arg(long)]
    stdout: bool,
    /// Go on as more is written
    #[arg(short = 'f')]
    follow: bool,
    /// From the end
    #[arg(long)]
    tail: bool,
    /// With -tail: how many lines
    #[arg(short = 'n', value_name = "LINES")]
    lines: Option<u64>,
    /// With -tail: how many bytes
    #[arg(short = 'c', value_name = "BYTES")]
    bytes: Option<u64>,
    /// Accepted for Nomad's sake
    #[arg(long, hide = true)]
    verbose: bool,
    #[command(flatten)]
    connection: ConnectionFlags,
}

#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Frame {
    data: Option<String>,
}

pub(super) async fn run(flags: Flags, ui: &mut Ui) -> Outcome {
    let api = Connection::new(&flags.connection).map_err(|e| fail(e.to_string()))?;
    let alloc = find_alloc(&api, &flags).await?;
    let task = match flags.task.clone().or_else(|| flags.task_name.clone()) {
        Some(task) => task,
        None => only_task(&alloc)?,
    };
    let lines = match (flags.tail, flags.bytes) {
        (true, None) => Some(flags.lines.unwrap_or(TAIL_LINES)),
        _ => None,
    };
    let (origin, offset) = match (flags.tail, flags.bytes, lines) {
        (true, Some(bytes), _) => ("end", bytes),
        (true, None, Some(lines)) => ("end", lines.saturating_mul(BYTES_A_LINE)),
        _ => ("start", 0),
    };
    let offset = offset.to_string();
    let query = [
        ("follow", if flags.follow { "true" } else { "false" }),
        ("task", task.as_str()),
        ("type", if flags.stderr { "stderr" } else { "stdout" }),
        ("origin", origin),
        ("offset", offset.as_str()),
    ];
    let path = format!("/v1/client/fs/logs/{}", alloc.id);
    let response = api.stream(&path, &query).await.during("Error reading file")?;
    print(response, lines, flags.follow, ui).await
}

async fn find_alloc(api: &Connection, flags: &Flags) -> Result<Allocation, Failure> {
    if !flags.job {
        return resolve::alloc(api, &flags.id).await;
    }
    let job = resolve::job(api, &flags.id, "Error fetching allocations").await?;
    let path = format!("/v1/job/{}/allocations", escape(&job.id));
    let query = [("namespace", job.namespace.as_str())];
    let anywhere = api.within(None);
    let allocs: Vec<AllocListStub> =
        anywhere.get(&path, &query).await.during("Error fetching allocations")?.value;
    let newest = allocs
        .iter()
        .filter(|a| a.client_status == "running")
        .max_by_key(|a| a.create_index)
        .or_else(|| allocs.iter().max_by_key(|a| a.create_index));
    match newest {
        Some(alloc) => resolve::alloc(api, &alloc.id).await,
        None => Err(fail(format!("No allocations for job {:?} found", job.id))),
    }
}

fn only_task(alloc: &Allocation) -> Result<String, Failure> {
    let group = alloc
        .job
        .iter()
        .flat_map(|job| &job.task_groups)
        .find(|group| group.name == alloc.task_group);
    let names: Vec<&str> =
        group.iter().flat_map(|g| &g.tasks).map(|task| task.name.as_str()).collect();
    match names.as_slice() {
        [only] => Ok((*only).to_owned()),
        [] => Err(fail("Failed to validate task: Could not determine task".to_owned())),
        many => {
            let list: Vec<String> = many.iter().map(|name| format!("  * {name}")).collect();
            let id: String = alloc.id.chars().take(8).collect();
            Err(fail(format!(
                "Failed to validate task: Allocation {id:?} is running the following tasks:\n{}\n\n\
                 Please specify the task.",
                list.join("\n")
            )))
        }
    }
}

/// Prints the frames of a stream; with `lines`, only that many of what is there at first.
async fn print(
    response: reqwest::Response,
    lines: Option<u64>,
    follow: bool,
    ui: &mut Ui,
) -> Outcome {
    let mut chunks = response.bytes_stream();
    let mut unread: Vec<u8> = Vec::new();
    // Held back until the end of the file is reached.
    let mut held = lines.map(|_| Vec::new());
    let cut = |held: Vec<u8>, ui: &mut Ui| ui.raw(last_lines(&held, lines.unwrap_or_default()));
    loop {
        let next = if held.is_some() && follow {
            match tokio::time::timeout(SETTLED, chunks.next()).await {
                Ok(next) => next,
                Err(_) => {
                    cut(held.take().unwrap_or_default(), ui);
                    continue;
                }
            }
        } else {
            chunks.next().await
        };
        let Some(chunk) = next else { break };
        let chunk = chunk.map_err(|e| fail(format!("Error reading file: {e}")))?;
        unread.extend_from_slice(&chunk);
        let (frames, used) = frames(&unread)?;
        unread.drain(..used);
        for data in frames {
            match &mut held {
                Some(held) => held.extend_from_slice(&data),
                None => ui.raw(&data),
            }
        }
        if ui.is_closed() {
            return Ok(0);
        }
    }
    if let Some(held) = held {
        cut(held, ui);
    }
    Ok(0)
}

/// The data of every whole frame, and how many bytes they took.
fn frames(bytes: &[u8]) -> Result<(Vec<Vec<u8>>, usize), Failure> {
    let failed = |cause: String| fail(format!("Error reading file: {cause}"));
    let mut stream = serde_json::Deserializer::from_slice(bytes).into_iter::<Frame>();
    let mut data = Vec::new();
    let mut used = 0;
    while let Some(frame) = stream.next() {
        match frame {
            Ok(frame) => {
                used = stream.byte_offset();
                if let Some(text) = frame.data {
                    let decoded = base64::engine::general_purpose::STANDARD.decode(text);
                    data.push(decoded.map_err(|e| failed(e.to_string()))?);
                }
            }
            Err(error) if error.is_eof() => break,
            Err(error) => return Err(failed(error.to_string())),
        }
    }
    Ok((data, used))
}

/// The end of a text, beginning with a line.
fn last_lines(text: &[u8], count: u64) -> &[u8] {
    let body = text.strip_suffix(b"\n").unwrap_or(text);
    let ends = body.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n');
    let Ok(count) = usize::try_from(count) else { return text };
    match count.checked_sub(1) {
        None => &[],
        Some(before) => match ends.map(|(at, _)| at).nth(before) {
            Some(at) => &text[at + 1..],
            None => text,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_whole() {
        assert_eq!(last_lines(b"a\nb\nc\n", 2), b"b\nc\n");
        assert_eq!(last_lines(b"a\nb\nc", 1), b"c");
        assert_eq!(last_lines(b"a\n", 5), b"a\n");
        assert_eq!(last_lines(b"a\nb\n", 0), b"");
    }

    #[test]
    fn frames_are_read_as_they_complete() {
        let bytes = br#"{"Data":"aGk=","Offset":2}{}{"Data":"b2s"#;
        let (data, used) = frames(bytes).unwrap();
        assert_eq!(data, [b"hi".to_vec()]);
        assert_eq!(&bytes[used..], br#"{"Data":"b2s"#);
        assert!(frames(b"nonsense").is_err());
    }
}
