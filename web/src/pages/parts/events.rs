//! What happens to a task: its events, its log, and how far its image has come.

use steppe_planner::api;
use steppe_planner::record::Record;
use yew::prelude::*;

use super::clock::clock_time;
use super::logs::log_view;
use super::words;
use crate::components::{all, gauge, note, quiet};
use crate::live::http::decode;

/// What a task went through: its image's download, its events, its log.
pub fn task_life(allocation: &api::Allocation, task: &str, state: &api::TaskState) -> Html {
    all(vec![
        Pull::of(state).map(|pull| pull_progress(&pull)).unwrap_or_default(),
        events(&state.events),
        log_view(&allocation.id, task, &state.state),
    ])
}

/// How often a task was started anew; nothing if it never was.
pub fn restarts(state: &api::TaskState) -> Html {
    if state.restarts == 0 {
        return Html::default();
    }
    quiet(words::count(usize::try_from(state.restarts).unwrap_or(0), "restart"))
}

/// Task events, newest first.
fn events(events: &[api::TaskEvent]) -> Html {
    if events.is_empty() {
        return note("Nothing happened yet.");
    }
    let items = events.iter().rev().map(|event| {
        let text =
            if event.display_message.is_empty() { &event.message } else { &event.display_message };
        html! {
            <li class="event" data-testid="event" data-kind={event.kind.clone()}
                data-tone={tone(event)}>
                <time class="event-time">{ clock_time(event.time) }</time>
                <span class="event-kind">{ &event.kind }</span>
                <span class="event-text">{ text }</span>
            </li>
        }
    });
    html! { <ol class="events">{ for items }</ol> }
}

fn tone(event: &api::TaskEvent) -> &'static str {
    match event.kind.as_str() {
        "Started" => "good",
        "Driver Failure" | "Setup Failure" | "Failed Validation" | "Not Restarting" => "bad",
        "Terminated" if event.exit_code != 0 => "bad",
        "Restarting" | "Driver" | "Killing" => "wait",
        _ if event.fails_task => "bad",
        _ => "quiet",
    }
}

/// The download of an image, as its driver last reported it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pull {
    pub image: String,
    pub message: String,
    /// Bytes here and in all; 0 where the registry has not said yet.
    pub done: u64,
    pub total: u64,
    pub layers: Vec<Layer>,
}

/// One layer of an image, as the agent tells it.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct Layer {
    #[record(rename = "ID")]
    id: String,
    status: String,
    current: u64,
    total: u64,
}

impl Pull {
    /// The download under way: the newest event of the task, if a driver reports one.
    pub fn of(state: &api::TaskState) -> Option<Pull> {
        let event = state.events.last()?;
        if event.kind != "Driver" || state.state != "pending" {
            return None;
        }
        Pull::read(event)
    }

    fn read(event: &api::TaskEvent) -> Option<Pull> {
        let details = &event.details;
        let number = |key: &str| details.get(key).and_then(|v| v.parse().ok()).unwrap_or(0);
        let image = details.get("image").cloned()?;
        let message = event.display_message.clone();
        let layers = details.get("layers").and_then(|text| decode(text).ok()).unwrap_or_default();
        Some(Pull {
            image,
            message,
            done: number("bytes_done"),
            total: number("bytes_total"),
            layers,
        })
    }
}

/// A bar for the image, and one for each layer that is not complete.
pub fn pull_progress(pull: &Pull) -> Html {
    let known = pull.total > 0;
    let percent = if known {
        (pull.done.min(pull.total) * 100 / pull.total).to_string()
    } else {
        String::new()
    };
    let size = if known {
        format!("{} of {}", words::bytes(pull.done), words::bytes(pull.total))
    } else {
        pull.message.clone()
    };
    let what = format!("Download of {}", pull.image);
    html! {
        <div class="pull" data-testid="pull-progress" data-percent={percent}>
            <div class="pull-head">
                <span class="pull-image">{ &pull.image }</span>
                <span class="pull-size">{ size }</span>
            </div>
            if known {
                { gauge(pull.done.to_string(), pull.total.to_string(), what) }
            } else {
                <progress class="gauge" aria-label={what} />
            }
            if !pull.layers.is_empty() {
                <ul class="pull-layers">{ for pull.layers.iter().map(layer_row) }</ul>
            }
        </div>
    }
}

fn layer_row(layer: &Layer) -> Html {
    // A layer that was here before has no size.
    let complete = layer.status == "Already exists" || layer.status == "Pull complete";
    let (done, total) = if complete { (1, 1) } else { (layer.current, layer.total.max(1)) };
    html! {
        <li class="pull-layer">
            <span class="id">{ &layer.id }</span>
            { gauge(done.to_string(), total.to_string(), format!("Layer {}", layer.id)) }
            <span class="pull-status">{ &layer.status }</span>
        </li>
    }
}
