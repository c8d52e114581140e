//! The form that makes another cluster of the real one: what is changed, on which node, or of which job.

use std::collections::BTreeSet;

use js_sys::Reflect;
use steppe_planner::whatif::{Edit, EditKind};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::queue;
use super::scene::Scene;
use crate::component::{State, use_after, use_text_file, use_value};
use crate::components::{Symbol, button, icon};
use crate::draft::{Draft, use_draft};
use crate::live::{Live, use_live};

/// So many names are offered.
const NAMES_MAX: usize = 300;
/// What can be changed, and what it is called.
const KINDS: [(EditKind, &str); 6] = [
    (EditKind::Drain, "Drain a node"),
    (EditKind::Remove, "Take a node away"),
    (EditKind::Enable, "Let a node take allocations"),
    (EditKind::Clone, "Add nodes like"),
    (EditKind::Resize, "Give a node another size"),
    (EditKind::Count, "Change the count of"),
];

/// What is filled in.
#[derive(Clone, Default, PartialEq)]
struct Form {
    kind: EditKind,
    node: String,
    /// Job and group.
    group: (String, String),
    count: String,
    cpu: String,
    memory: String,
    disk: String,
    wrong: String,
}

/// Folded until somebody wants it.
#[component]
pub fn WhatIf() -> Html {
    let draft = use_draft();
    let live = use_live();
    let open = use_value(false);
    let form = use_value(Form::default());
    let field = use_node_ref();
    {
        // A node was picked on its card: the form opens with it.
        let (form, open, field) = (form.clone(), open.clone(), field.clone());
        let (picked, times) = draft.shown.picked.clone();
        // What was picked before on another page is over.
        let seen = use_mut_ref(|| times);
        use_after(times, move || {
            if seen.replace(times) != times {
                let node = picked.to_string();
                form.set(Form { node, wrong: String::new(), ..(*form).clone() });
                open.set(true);
                if let Some(field) = field.cast::<HtmlInputElement>() {
                    // From below: a scene that is tried stays in sight above.
                    field.scroll_into_view_with_bool(false);
                    let _ = field.focus();
                }
            }
        });
    }
    let take = {
        let draft = draft.clone();
        use_text_file(Callback::from(move |(name, text): (String, String)| {
            queue::add(&draft, &name, &text);
        }))
    };
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    html! {
        <section class="what-if" aria-label="What if" data-testid="what-if">
            <button type="button" class="what-if-toggle" aria-expanded={open.to_string()} onclick={toggle}
                data-testid="what-if-toggle">
                { icon(Symbol::Chevron) }<span>{ "What if…" }</span>
                <span class="quiet">{ "a node is drained or gone, nodes are added, another job comes first" }</span>
            </button>
            // The field stays, so that it can be filled in before it is seen.
            <div class="what-if-body" hidden={!*open}>
                { fields(&draft, &live, &form, &field, *open) }
                { first(&draft, take) }
            </div>
        </section>
    }
}

fn fields(draft: &Draft, live: &Live, form: &State<Form>, field: &NodeRef, open: bool) -> Html {
    // A large cluster's names are only looked through when somebody sees them.
    let names = if open { node_names(draft, live) } else { BTreeSet::new() };
    let kind = form.kind;
    let onsubmit = {
        let (draft, live, form) = (draft.clone(), live.clone(), form.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match edit(&form, &node_names(&draft, &live)) {
                Ok(edit) => {
                    let mut scene = Scene::read(&draft.shown.scene);
                    scene.edits.push(edit);
                    draft.set_scene(scene.written());
                    form.set(Form { wrong: String::new(), ..(*form).clone() });
                }
                Err(wrong) => form.set(Form { wrong, ..(*form).clone() }),
            }
        })
    };
    let kinds = KINDS.iter().enumerate().map(|(at, (other, words))| {
        html! {
            <option value={at.to_string()} selected={*other == kind}>{ *words }</option>
        }
    });
    let onkind = change(form, |form, value| {
        let at = value.parse().unwrap_or(0);
        form.kind = KINDS.get(at).map_or(EditKind::Drain, |(kind, _)| *kind);
        if form.count.is_empty() {
            "1".clone_into(&mut form.count);
        }
    });
    html! {
        <form class="what-if-form" {onsubmit}>
            <label>{ "Change" }<select data-testid="what-if-kind" onchange={onkind}>{ for kinds }</select></label>
            <label hidden={kind == EditKind::Count}>{ "Node" }
                <input ref={field.clone()} class="field" list="what-if-nodes" autocomplete="off" data-testid="what-if-node"
                    value={form.node.clone()} oninput={typed(form, |form, value| form.node = value)} />
                <datalist id="what-if-nodes">
                    { for names.into_iter().take(NAMES_MAX).map(|name| html! { <option value={name} /> }) }
                </datalist>
            </label>
            if kind == EditKind::Count { { groups(live, form) } }
            if matches!(kind, EditKind::Clone | EditKind::Count) {
                { amount("How many", "what-if-count", &form.count, typed(form, |form, value| form.count = value)) }
            }
            if matches!(kind, EditKind::Clone | EditKind::Resize) {
                { amount("CPU, MHz", "what-if-cpu", &form.cpu, typed(form, |form, value| form.cpu = value)) }
                { amount("Memory, MB", "what-if-memory", &form.memory, typed(form, |form, value| form.memory = value)) }
                { amount("Disk, MB", "what-if-disk", &form.disk, typed(form, |form, value| form.disk = value)) }
            }
            <button type="submit" class="button" data-testid="what-if-try">{ "Try" }</button>
            if !form.wrong.is_empty() { <p class="wrong" role="alert">{ &form.wrong }</p> }
        </form>
    }
}

fn amount(
    label: &'static str,
    testid: &'static str,
    value: &str,
    oninput: Callback<InputEvent>,
) -> Html {
    html! {
        <label>{ label }<input class="field number" type="number" min="0" data-testid={testid}
            value={value.to_owned()} {oninput} /></label>
    }
}

/// The groups of the registered jobs.
fn groups(live: &Live, form: &State<Form>) -> Html {
    let all: Vec<(String, String, i64)> = live
        .cluster
        .jobs()
        .into_iter()
        .filter(|job| !job.stop.unwrap_or_default())
        .flat_map(|job| {
            let id = job.id.unwrap_or_default();
            let groups = job.task_groups.into_iter();
            groups.map(move |g| (id.clone(), g.name, g.count.unwrap_or(1))).collect::<Vec<_>>()
        })
        .collect();
    let options = all.iter().enumerate().map(|(at, (job, group, count))| html! {
        <option value={at.to_string()} selected={(job, group) == (&form.group.0, &form.group.1)}>
            { format!("{group} of {job} ({count} now)") }
        </option>
    });
    let choices = all.clone();
    let onchange = change(form, move |form, value| {
        let chosen = value.parse().ok().and_then(|at: usize| choices.get(at));
        form.group = chosen.map(|(job, group, _)| (job.clone(), group.clone())).unwrap_or_default();
    });
    html! {
        <label>{ "Group" }<select data-testid="what-if-group" {onchange}>
            <option value="" selected={form.group.0.is_empty()}>{ "choose" }</option>{ for options }
        </select></label>
    }
}

/// Other jobs that come before the text.
fn first(draft: &Draft, take: Callback<Option<web_sys::FileList>, bool>) -> Html {
    let this = {
        let draft = draft.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(plan) = &draft.shown.preview.plan {
                queue::add(&draft, &plan.job_id, &draft.shown.source);
            }
        })
    };
    let onchange = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        take.emit(input.files());
        input.set_value("");
    });
    html! {
        <p class="what-if-first">
            { "Another job comes first: " }
            { button("button small", Some("queue-this"), &this, "The text in the editor") }
            <label class="button small">{ icon(Symbol::Upload) }{ "A job file" }
                <input type="file" class="visually-hidden" data-testid="queue-file" {onchange} />
            </label>
        </p>
    }
}

/// The edit that is filled in, or what is wrong with it.
fn edit(form: &Form, nodes: &BTreeSet<String>) -> Result<Edit, String> {
    let number = |text: &str| match text.trim() {
        "" => Ok(None),
        text => text.parse::<i64>().map(Some).map_err(|_| format!("{text} is no number.")),
    };
    let kind = form.kind;
    let mut edit = Edit { kind, ..Edit::default() };
    if kind == EditKind::Count {
        (edit.job, edit.group) = form.group.clone();
        if edit.job.is_empty() {
            return Err("Choose a group.".to_owned());
        }
    } else {
        form.node.trim().clone_into(&mut edit.node);
        if !nodes.contains(&edit.node) {
            return Err(format!("There is no node {}.", edit.node));
        }
    }
    if matches!(kind, EditKind::Clone | EditKind::Count) {
        edit.count = number(&form.count)?.ok_or("How many?")?;
    }
    if matches!(kind, EditKind::Clone | EditKind::Resize) {
        edit.cpu = number(&form.cpu)?;
        edit.memory = number(&form.memory)?;
        edit.disk = number(&form.disk)?;
        let nothing = edit.cpu.is_none() && edit.memory.is_none() && edit.disk.is_none();
        if kind == EditKind::Resize && nothing {
            return Err("Fill in what is to be another.".to_owned());
        }
    }
    Ok(edit)
}

/// Nodes of the real cluster, and those that were added.
fn node_names(draft: &Draft, live: &Live) -> BTreeSet<String> {
    let document = live.cluster.read();
    let real = document.nodes.iter().map(|node| node.name.clone());
    let drawn = draft.shown.preview.topology.nodes.iter().map(|row| row.look.name.clone());
    real.chain(drawn).collect()
}

fn change(form: &State<Form>, act: impl Fn(&mut Form, String) + 'static) -> Callback<Event> {
    let form = form.clone();
    Callback::from(move |event: Event| set(&form, &event, &act))
}

fn typed(form: &State<Form>, act: fn(&mut Form, String)) -> Callback<InputEvent> {
    let form = form.clone();
    Callback::from(move |event: InputEvent| set(&form, &event, &act))
}

fn set(form: &State<Form>, event: &Event, act: &dyn Fn(&mut Form, String)) {
    let value = event.target().and_then(|target| Reflect::get(&target, &"value".into()).ok());
    let mut next = (**form).clone();
    act(&mut next, value.and_then(|value| value.as_string()).unwrap_or_default());
    next.wrong.clear();
    form.set(next);
}
