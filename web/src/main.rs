//! The page and, in a worker, the planner: one wasm binary that looks where it was started.
#![allow(
    unreachable_pub,
    reason = "nothing outside of a binary can reach anything: `pub` marks what a module offers"
)]

mod app;
mod assets;
mod component;
mod components;
mod deploy;
mod draft;
mod editor;
mod examples;
mod further;
mod inputs;
mod live;
mod pages;
mod patience;
mod plan;
mod positions;
mod preview;
mod router;
mod shell;
mod theme;
mod topology;
mod worker;

fn main() {
    if worker::is_worker() {
        worker::run();
    } else {
        yew::Renderer::<app::App>::new().render();
    }
}
