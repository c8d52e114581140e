//! The plan page: the job on the left, what it would do on the right, live.
//!
//! While the text has errors the last good plan stays, dimmed: a half-typed line must not make the page
//! jump. Deciding is the planner's, drawing the pieces is the files' beside this one.

mod examples_menu;
mod findings;
mod latency;
mod placements;
mod summary;

use std::rc::Rc;

use yew::prelude::*;

use crate::component::{mount, use_text_file, use_value};
use crate::components::{empty, note};
use crate::draft::{Draft, use_draft};
use crate::editor::{Editor, EditorProps, Jump};
use crate::pages::{Later, LaterProps, Piece};
use crate::preview::{PlanView, Preview};
use crate::topology::node_grid;
use crate::worker::Rows;
use examples_menu::ExampleMenu;
use findings::findings;
use latency::{Latency, LatencyProps};
use placements::placements;
use summary::summary;

/// Properties of [`PlanPage`].
#[derive(Properties, PartialEq)]
pub struct PlanPageProps {
    /// A group and a node: the question that stands in place of the plan's rows.
    pub why: Option<(AttrValue, AttrValue)>,
}

/// The home page.
#[component]
pub fn PlanPage(props: &PlanPageProps) -> Html {
    let draft = use_draft();
    let jump = use_value(None::<Jump>);
    let text = {
        let draft = draft.clone();
        use_callback((), move |(), ()| draft.text())
    };
    let typed = {
        let draft = draft.clone();
        use_callback((), move |text, ()| draft.typed(text))
    };
    let assist = {
        let draft = draft.clone();
        use_callback((), move |(about, text, at), ()| draft.assist(about, text, at))
    };
    let (dropping, drop_events) = use_drop(&draft);
    let onjump = {
        let jump = jump.clone();
        Callback::from(move |(line, column)| {
            let nonce = jump.map_or(1, |j: Jump| j.nonce + 1);
            jump.set(Some(Jump { line, column, nonce }));
        })
    };
    let shown = &draft.shown;
    let preview = &shown.preview;
    let asks = !preview.inputs.is_empty()
        || !preview.missing_files.is_empty()
        || shown.inputs.files.keys().next().is_some();
    let (ondragover, ondragleave, ondrop) = drop_events;
    let editor = EditorProps {
        text,
        revision: shown.revision,
        findings: preview.findings.clone(),
        jump: *jump,
        onchange: typed,
        assist,
    };
    html! {
        <div class="plan-page">
            <section class={if dropping { "source dropping" } else { "source" }} aria-label="Job file"
                {ondragover} {ondragleave} {ondrop}>
                <div class="toolbar">
                    { mount::<ExampleMenu>(()) }
                    <span class="format" data-testid="format" title="The language the text was read as">
                        { format_name(&preview.format) }
                    </span>
                    <span class="push" />
                    { mount::<Latency>(LatencyProps { preview: Rc::clone(preview) }) }
                </div>
                { mount::<Editor>(editor) }
                if asks { { mount::<Later>(LaterProps { piece: Piece::Inputs }) } }
                { findings(&preview.findings, &onjump) }
            </section>
            <section class="result" aria-label="What the job would do">
                { mount::<Result>(ResultProps { draft: draft.clone(), why: props.why.clone() }) }
            </section>
        </div>
    }
}

fn format_name(format: &str) -> &'static str {
    match format {
        "hcl1" => "HCL1",
        "json" => "JSON",
        "hcl2" => "HCL2",
        _ => "",
    }
}

type DropEvents = (Callback<DragEvent>, Callback<DragEvent>, Callback<DragEvent>);

/// A job file dropped on the editor replaces the text; undo brings the old one back.
#[hook]
fn use_drop(draft: &Draft) -> (bool, DropEvents) {
    let over = use_value(false);
    let take = {
        let draft = draft.clone();
        use_text_file(Callback::from(move |(_, text): (String, String)| draft.replace(&text)))
    };
    let ondragover = {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(true);
        })
    };
    let ondragleave = {
        let over = over.setter();
        Callback::from(move |_| over.set(false))
    };
    let ondrop = {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            over.set(false);
            if take.emit(event.data_transfer().and_then(|data| data.files())) {
                event.prevent_default();
            }
        })
    };
    (*over, (ondragover, ondragleave, ondrop))
}

#[derive(Properties, PartialEq)]
struct ResultProps {
    draft: Draft,
    why: Option<(AttrValue, AttrValue)>,
}

#[component]
fn Result(props: &ResultProps) -> Html {
    let draft = &props.draft;
    let preview = &draft.shown.preview;
    let last = use_mut_ref(|| None::<Rc<PlanView>>);
    if let Some(plan) = &preview.plan {
        *last.borrow_mut() = Some(Rc::clone(plan));
    } else if draft.shown.source.trim().is_empty() {
        *last.borrow_mut() = None;
    }
    let plan = last.borrow().clone();
    let stale = preview.plan.is_none();
    let more = more_rows(draft);
    if let Some((group, node)) = &props.why {
        return html! {
            <>
                { summary(&draft.shown, plan.as_deref(), stale) }
                { later(preview, Piece::Scene) }
                { mount::<Later>(LaterProps { piece: Piece::Why(group.clone(), node.clone()) }) }
            </>
        };
    }
    html! {
        <>
            { summary(&draft.shown, plan.as_deref(), stale) }
            { later(preview, Piece::Scene) }
            { later(preview, Piece::Deploy) }
            { later(preview, Piece::Advice) }
            <div class={if stale { "detail stale" } else { "detail" }} data-stale={stale.to_string()}>
                if let Some(plan) = &plan {
                    { placements(plan, &more(|r| r.placements *= 4)) }
                    { later(preview, Piece::Reasons(Rc::clone(plan), more(|r| r.verdicts *= 4))) }
                }
                { later(preview, Piece::WhatIf) }
                { nodes(preview, &more(|r| r.nodes *= 4)) }
                { later(preview, Piece::Changes) }
            </div>
        </>
    }
}

/// A piece of the rest of the program, which may come once the first preview is there.
fn later(preview: &Preview, piece: Piece) -> Html {
    match preview.snapshot_index {
        Some(_) => mount::<Later>(LaterProps { piece }),
        None => Html::default(),
    }
}

fn more_rows(draft: &Draft) -> impl Fn(fn(&mut Rows)) -> Callback<MouseEvent> + use<> {
    let draft = draft.clone();
    move |grow| {
        let draft = draft.clone();
        Callback::from(move |_: MouseEvent| {
            let mut rows = draft.rows();
            grow(&mut rows);
            draft.show(rows);
        })
    }
}

fn nodes(preview: &Preview, onmore: &Callback<MouseEvent>) -> Html {
    let topology = &preview.topology;
    let body = if preview.snapshot_index.is_none() {
        note("Waiting for the cluster…")
    } else if topology.nodes_total == 0 {
        let hint = "As soon as a client joins, it appears here and the job is planned again.";
        empty("The cluster has no nodes", html! { hint })
    } else {
        let hidden = topology.nodes_total - topology.nodes.len();
        node_grid(&topology.nodes.iter().collect::<Vec<_>>(), preview, hidden, onmore)
    };
    html! {
        <section class="block cluster" aria-labelledby="nodes-title">
            <h2 id="nodes-title">{ "Cluster" }
                <span class="aside">{ cluster_size(topology.nodes_total, topology.allocations_total) }</span>
            </h2>
            { body }
        </section>
    }
}

fn cluster_size(nodes: usize, allocations: usize) -> String {
    use crate::preview::words::quantity;
    format!("{}, {}", quantity(nodes, "node"), quantity(allocations, "allocation"))
}
