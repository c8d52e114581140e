//! What would change in the registered job, as `job plan` shows it; folded until asked for.

use steppe_planner::api::{DiffKind, FieldDiff, JobDiff, ObjectDiff, TaskDiff, TaskGroupDiff};
use yew::prelude::*;

/// The difference to the registered version.
pub fn changes(diff: &JobDiff) -> Html {
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
                { for diff.fields.iter().map(field) }
                { for diff.objects.iter().map(object) }
                { for diff.task_groups.iter().map(group) }
            </div>
        </details>
    }
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
    let body =
        html! { <>{ for o.fields.iter().map(field) }{ for o.objects.iter().map(object) }</> };
    block(o.kind, o.name.clone(), &[], body)
}

fn group(g: &TaskGroupDiff) -> Html {
    let updates: Vec<String> = g.updates.iter().map(|(what, n)| format!("{n} {what}")).collect();
    let body = html! { <>
        { for g.fields.iter().map(field) }{ for g.objects.iter().map(object) }
        { for g.tasks.iter().map(task) }
    </> };
    block(g.kind, format!("group {}", g.name), &updates, body)
}

fn task(t: &TaskDiff) -> Html {
    let body =
        html! { <>{ for t.fields.iter().map(field) }{ for t.objects.iter().map(object) }</> };
    block(t.kind, format!("task {}", t.name), &t.annotations, body)
}

fn annotations(notes: &[String]) -> Html {
    notes.iter().map(|n| html! { <span class="tag">{ n }</span> }).collect()
}
