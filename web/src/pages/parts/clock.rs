//! Times on the page: relative to read, exact to hover. The clock redraws, it never asks the agent.

use gloo::timers::callback::Interval;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use super::words;
use crate::component::{use_begin, use_value};

/// The browser's time in milliseconds, renewed every `step_ms`.
#[hook]
pub fn use_now(step_ms: u32) -> f64 {
    let now = use_value(js_sys::Date::now());
    let setter = now.setter();
    use_begin(step_ms, move || {
        Box::new(Interval::new(step_ms, move || setter.set(js_sys::Date::now())))
    });
    *now
}

/// `3m ago` as of [`use_now`], with the exact time as its title; a dash for 0.
pub fn ago(nanos: i64, now: f64) -> Html {
    if nanos <= 0 {
        return html! { <span class="quiet">{ "–" }</span> };
    }
    let date = js_sys::Date::new(&JsValue::from_f64(nanos as f64 / 1e6));
    let exact = String::from(date.to_locale_string("sv-SE", &JsValue::UNDEFINED));
    let stamp = date.to_iso_string().as_string().unwrap_or_default();
    html! { <time datetime={stamp} title={exact}>{ words::ago(nanos, now) }</time> }
}

/// `14:03:59` in local time.
pub fn clock_time(nanos: i64) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(nanos as f64 / 1e6));
    format!("{:02}:{:02}:{:02}", date.get_hours(), date.get_minutes(), date.get_seconds())
}
