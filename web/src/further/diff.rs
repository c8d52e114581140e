//! What would change in the registered job, as `job plan` shows it; folded until asked for.

use steppe_planner::api::{DiffKind, FieldDiff, JobDiff, ObjectDiff, TaskDiff, TaskGroupDiff};
use yew::prelude::*;

use super::ask::{About, Ask, use_answer};
use crate::components::{all, tag};

/// Stands below the plan.
#[component]
pub fn Changes() -> Html {
    let answered = use_answer(Ask { about: About::Diff, ..Ask::default() });
    let diff = answered.as_ref().and_then(|answered| answered.reply.diff.as_ref());
    diff.map(changes).unwrap_or_default()
}

/// The difference to the registered version.
fn changes(diff: &JobDiff) -> Html {
    let title = match diff.kind {
        // A new job differs in everything: the text itself is the better reading.
        DiffKind::Added => return Html::default(),
        DiffKind::None => {
            return html! {
                <p class="quiet block" data-testid="plan-diff">{ "The specification is the registered one." }</p>
            };
        }
        DiffKind::Edited | DiffKind::Deleted => "Changes to the registered job",
    };
    html! {
        <details class="block changes" data-testid="plan-diff">
            <summary><h2>{ title }</h2></summary>
            <div class="diff">
                { parts(&diff.fields, &diff.objects) }
                { for diff.task_groups.iter().map(group) }
            </div>
        </details>
    }
}

/// What most pieces of a job consist of.
fn parts(fields: &[FieldDiff], objects: &[ObjectDiff]) -> Html {
    fields.iter().map(field).chain(objects.iter().map(object)).collect()
}

fn sign(kind: DiffKind) -> (&'static str, &'static str) {
    match kind {
        DiffKind::Added => ("+", "added"),
        DiffKind::Deleted => ("−", "deleted"),
        DiffKind::Edited => ("±", "edited"),
        DiffKind::None => (" ", "same"),
    }
}

fn block(kind: DiffKind, title: String, notes: &[String], body: Html) -> Html {
    let (mark, class) = sign(kind);
    html! {
        <div class={classes!("diff-block", class)}>
            <p><span class="sign">{ mark }</span><span>{ title }</span>{ annotations(notes) }</p>
            <div class="diff-body">{ body }</div>
        </div>
    }
}

fn field(field: &FieldDiff) -> Html {
    let (mark, class) = sign(field.kind);
    html! {
        <p class={classes!("diff-field", class)}>
            <span class="sign">{ mark }</span><span class="key">{ &field.name }</span>
            <span class="values">
                if !field.old.is_empty() { <del>{ &field.old }</del> }
                if !field.old.is_empty() && !field.new.is_empty() { { " → " } }
                if !field.new.is_empty() { <ins>{ &field.new }</ins> }
            </span>
            { annotations(&field.annotations) }
        </p>
    }
}

fn object(o: &ObjectDiff) -> Html {
    block(o.kind, o.name.clone(), &[], parts(&o.fields, &o.objects))
}

fn group(g: &TaskGroupDiff) -> Html {
    let updates: Vec<String> = g.updates.iter().map(|(what, n)| format!("{n} {what}")).collect();
    let tasks = g.tasks.iter().map(task);
    let body = all(vec![parts(&g.fields, &g.objects), tasks.collect()]);
    block(g.kind, format!("group {}", g.name), &updates, body)
}

fn task(t: &TaskDiff) -> Html {
    block(t.kind, format!("task {}", t.name), &t.annotations, parts(&t.fields, &t.objects))
}

fn annotations(notes: &[String]) -> Html {
    notes.iter().map(tag).collect()
}
