//! How long it took from the key to the drawn preview, measured with the browser's own marks.
//!
//! `steppe:keystroke-to-preview` in the performance timeline is what benchmarks read.

use std::rc::Rc;

use gloo::render::request_animation_frame;
use gloo::utils::window;
use yew::prelude::*;

use crate::component::{use_after, use_keeper, use_value};
use crate::draft::{keystroke_mark, use_draft};
use crate::preview::Preview;

/// Properties of [`Latency`].
#[derive(Properties, PartialEq)]
pub struct LatencyProps {
    pub preview: Rc<Preview>,
}

/// The newest measurement.
#[component]
pub fn Latency(props: &LatencyProps) -> Html {
    let draft = use_draft();
    let measured = use_value(None::<f64>);
    let frame = use_keeper();
    {
        let measured = measured.setter();
        let number = props.preview.number;
        use_after(number, move || {
            if let Some(began) = draft.keyed_at(number) {
                // The effect runs when the tree is changed; the frame after it is the one that is seen.
                frame.keep(request_animation_frame(move |now| {
                    measure(number);
                    measured.set(Some((now - began).max(0.0)));
                }));
            }
        });
    }
    let Some(ms) = *measured else { return Html::default() };
    let preview = &props.preview;
    let title = format!(
        "From the key to the drawn preview. In the worker: parse {:.1} ms, plan {:.1} ms.",
        preview.parse_ms, preview.plan_ms
    );
    html! {
        <span class="latency" data-testid="latency" data-ms={format!("{ms:.1}")} {title}>
            { format!("preview in {ms:.0} ms") }
        </span>
    }
}

fn measure(number: u64) {
    let Some(performance) = window().performance() else { return };
    let (from, to) = (keystroke_mark(number), "steppe:drawn");
    // Only the entry in the timeline is lost if the browser refuses.
    let _ = performance.mark(to);
    let name = "steppe:keystroke-to-preview";
    let _ = performance.measure_with_start_mark_and_end_mark(name, &from, to);
    performance.clear_marks_with_mark_name(&from);
    performance.clear_marks_with_mark_name(to);
}
