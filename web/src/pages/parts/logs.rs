//! A task's output as it comes. Follows only while the page is on the screen: a browser allows six plain
//! connections to a host, and tabs in the background must leave them to the others.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::document;
use web_sys::{HtmlElement, VisibilityState};
use yew::prelude::*;

use super::table::{matches, use_filter};
use crate::component::{Setter, mount, use_after, use_begin, use_value};
use crate::live::http::segment;
use crate::live::stream::{self, StreamEvent};
use crate::live::{Link, use_live};

/// How much text is kept; the older half goes first.
const KEPT_BYTES: usize = 512 * 1024;
/// How much of the past is read at first.
const TAIL_BYTES: usize = 64 * 1024;
/// Output is drawn at most this often.
const DRAW_MS: u32 = 60;

/// The log of one task, standard output or error.
pub fn log_view(alloc_id: &str, task: &str, state: &str) -> Html {
    mount::<LogView>(LogViewProps {
        alloc_id: alloc_id.to_owned().into(),
        task: task.to_owned().into(),
        state: state.to_owned().into(),
    })
}

#[derive(Properties, PartialEq)]
struct LogViewProps {
    alloc_id: AttrValue,
    task: AttrValue,
    /// `pending`, `running` or `dead`: a log is read from `running` on and followed while it runs.
    state: AttrValue,
}

#[component]
fn LogView(props: &LogViewProps) -> Html {
    let kind = use_value("stdout");
    let (filter, field) = use_filter("Filter lines");
    let log = use_log(props, *kind);
    let screen = use_node_ref();
    let at_end = use_mut_ref(|| true);
    {
        let (screen, at_end) = (screen.clone(), at_end.clone());
        use_after(log.clone(), move || {
            if let (true, Some(element)) = (*at_end.borrow(), screen.cast::<HtmlElement>()) {
                element.set_scroll_top(element.scroll_height());
            }
        });
    }
    let onscroll = {
        let screen = screen.clone();
        Callback::from(move |_: Event| {
            let Some(e) = screen.cast::<HtmlElement>() else { return };
            let below = e.scroll_height() - e.scroll_top() - e.client_height();
            at_end.replace(below < 24);
        })
    };
    let choice = |word: &'static str| {
        let onclick = {
            let kind = kind.clone();
            Callback::from(move |_: MouseEvent| kind.set(word))
        };
        html! {
            <button type="button" class="choice" aria-pressed={(*kind == word).to_string()} {onclick}
                data-testid={format!("log-{word}")}>{ word }</button>
        }
    };
    html! {
        <section class="log" aria-label={format!("Log of {}", props.task)}>
            <div class="log-head">
                <div class="choices" role="group" aria-label="Stream">
                    { choice("stdout") }{ choice("stderr") }
                </div>
                <span class="log-state" role="status">{ log.note.clone() }</span>
                { field }
                <a class="button small" href={plain_address(props, *kind)}
                    download={format!("{}.{}.log", props.task, *kind)}>{ "Download" }</a>
            </div>
            <pre class="log-text" data-testid="log" data-kind={*kind} ref={screen} {onscroll} tabindex="0">
                { filtered(&log.text, &filter) }
            </pre>
        </section>
    }
}

fn filtered(text: &AttrValue, filter: &str) -> AttrValue {
    if filter.trim().is_empty() {
        return text.clone();
    }
    let lines = text.lines().filter(|line| matches(filter, &[line]));
    AttrValue::from(lines.map(|l| format!("{l}\n")).collect::<String>())
}

/// What is shown of a log.
#[derive(Clone, Default, PartialEq)]
struct Log {
    text: AttrValue,
    note: AttrValue,
}

/// Reads the log while the component is mounted and the page visible.
#[hook]
fn use_log(props: &LogViewProps, kind: &'static str) -> Log {
    let log = use_value(Log::default());
    let lost = use_live().link == Link::Lost;
    let visible = use_visible();
    let started = props.state != "pending";
    let running = props.state == "running";
    let (alloc_id, task) = (props.alloc_id.clone(), props.task.clone());
    let cause = (alloc_id.clone(), task.clone(), kind, started, visible, lost);
    let (setter, shown) = (log.setter(), (*log).clone());
    use_begin(cause, move || {
        if lost {
            // What was read stays; once the agent is found again it is read anew.
            setter.set(Log { note: "the agent does not answer".into(), ..shown });
        } else if !started {
            setter.set(Log {
                text: AttrValue::default(),
                note: "waiting for the task to start".into(),
            });
        } else if visible {
            let path = format!(
                "/v1/client/fs/logs/{}?task={}&type={kind}&follow={running}&origin=end&offset={TAIL_BYTES}",
                segment(&alloc_id),
                segment(&task),
            );
            return Box::new(read(path, setter, running));
        }
        Box::new(())
    });
    (*log).clone()
}

fn read(path: String, setter: Setter<Log>, running: bool) -> stream::Stream {
    let note: AttrValue = if running { "following".into() } else { "reading".into() };
    setter.set(Log { text: AttrValue::default(), note: note.clone() });
    let text = Rc::new(RefCell::new(String::new()));
    let draw = Rc::new(RefCell::new(None::<Timeout>));
    stream::follow(
        path,
        Callback::from(move |event| {
            let last = match event {
                StreamEvent::Text(more) => {
                    append(&mut text.borrow_mut(), &more);
                    None
                }
                StreamEvent::Ended => Some(AttrValue::from("ended")),
                StreamEvent::Failed(e) => Some(AttrValue::from(e.to_string())),
            };
            if let Some(note) = last {
                draw.replace(None);
                setter.set(Log { text: text.borrow().clone().into(), note });
            } else if draw.borrow().is_none() {
                let (text, setter, note) = (text.clone(), setter.clone(), note.clone());
                let slot = draw.clone();
                draw.replace(Some(Timeout::new(DRAW_MS, move || {
                    setter.set(Log { text: text.borrow().clone().into(), note });
                    // The timer that runs now is over; forgetting it is all that is left to do.
                    if let Some(timer) = slot.take() {
                        timer.forget();
                    }
                })));
            }
        }),
    )
}

fn append(text: &mut String, more: &str) {
    strip_escapes(text, more);
    if text.len() > KEPT_BYTES {
        let mut cut = text.len() - KEPT_BYTES / 2;
        while !text.is_char_boundary(cut) {
            cut += 1;
        }
        let cut = text[cut..].find('\n').map_or(cut, |at| cut + at + 1);
        text.drain(..cut);
    }
}

/// Leaves out terminal colours and carriage returns.
fn strip_escapes(to: &mut String, text: &str) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' if chars.peek() == Some(&'[') => {
                chars.next();
                while chars.next().is_some_and(|c| !('\u{40}'..='\u{7e}').contains(&c)) {}
            }
            '\r' if chars.peek() == Some(&'\n') => {}
            c => to.push(c),
        }
    }
}

fn plain_address(props: &LogViewProps, kind: &str) -> String {
    let (alloc_id, task) = (segment(&props.alloc_id), segment(&props.task));
    format!("/v1/client/fs/logs/{alloc_id}?task={task}&type={kind}&plain=true&origin=start")
}

#[hook]
fn use_visible() -> bool {
    let is_visible = || document().visibility_state() == VisibilityState::Visible;
    let visible = use_value(is_visible());
    let setter = visible.setter();
    use_begin((), move || {
        let changed = move |_: &Event| setter.set(is_visible());
        Box::new(EventListener::new(&document(), "visibilitychange", changed))
    });
    *visible
}
