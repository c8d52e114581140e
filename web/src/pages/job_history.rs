//! What a job was: its versions with their differences, its evaluations and its deployments.

use steppe_planner::api;
use steppe_planner::record::Record;
use yew::prelude::*;

use super::parts::{ago, failure, loading, short_id, status, titled_status};
use crate::components::Column::{self, Numbers, Words};
use crate::components::{cell, empty, note, number, row_head, table};
use crate::live::http::segment;
use crate::live::{Remote, use_remote};

/// Properties of the panels of a job's page.
#[derive(Properties, PartialEq)]
pub struct HistoryProps {
    pub job_id: AttrValue,
    pub now: f64,
}

/// `GET /v1/job/:id/versions`.
#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
struct VersionList {
    #[record(null)]
    versions: Vec<api::Job>,
    #[record(null)]
    diffs: Vec<api::JobDiff>,
}

/// Every stored version, newest first, with what changed in it.
#[component]
pub fn Versions(props: &HistoryProps) -> Html {
    let path = format!("/v1/job/{}/versions?diffs=true", segment(&props.job_id));
    let watch = vec!["Job".to_owned()];
    let list = match use_remote::<VersionList>(Some(path.into()), watch) {
        Remote::Loading => return loading(),
        Remote::Failed(error) => return failure("The versions cannot be read.", &error),
        Remote::Ready(list) => list,
    };
    let rows = list.versions.iter().enumerate().map(|(i, job)| {
        let changes = list.diffs.get(i).map(changed_fields).unwrap_or_default();
        let body = if i + 1 == list.versions.len() {
            note("The oldest version that is kept.")
        } else if changes.is_empty() {
            note("The same specification as before.")
        } else {
            let lines = changes.into_iter().map(|line| html! { <li>{ line }</li> });
            html! { <ul class="fields">{ for lines }</ul> }
        };
        html! {
            <li class="version" data-testid="version">
                <p class="version-head">
                    <strong>{ format!("Version {}", job.version.unwrap_or_default()) }</strong>
                    if job.stable.unwrap_or_default() { { status("stable", None) } }
                    if job.stop.unwrap_or_default() { { status("stopped", None) } }
                    { ago(job.submit_time.unwrap_or_default(), props.now) }
                </p>
                { body }
            </li>
        }
    });
    html! { <ol class="versions">{ for rows }</ol> }
}

/// The differences as lines: `task web: resources.MemoryMB 256 → 512`.
fn changed_fields(diff: &api::JobDiff) -> Vec<String> {
    let mut lines = Vec::new();
    field_lines("", &diff.fields, &mut lines);
    object_lines("", &diff.objects, &mut lines);
    for group in &diff.task_groups {
        let at = format!("group {}: ", group.name);
        field_lines(&at, &group.fields, &mut lines);
        object_lines(&at, &group.objects, &mut lines);
        for task in &group.tasks {
            let at = format!("task {}: ", task.name);
            field_lines(&at, &task.fields, &mut lines);
            object_lines(&at, &task.objects, &mut lines);
        }
    }
    lines
}

fn field_lines(at: &str, fields: &[api::FieldDiff], lines: &mut Vec<String>) {
    let quoted = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    let changed = fields.iter().filter(|f| f.kind != api::DiffKind::None);
    lines
        .extend(changed.map(|f| format!("{at}{} {} → {}", f.name, quoted(&f.old), quoted(&f.new))));
}

fn object_lines(at: &str, objects: &[api::ObjectDiff], lines: &mut Vec<String>) {
    for object in objects.iter().filter(|o| o.kind != api::DiffKind::None) {
        let inner = format!("{at}{}.", object.name);
        field_lines(&inner, &object.fields, lines);
        object_lines(&inner, &object.objects, lines);
    }
}

const EVALUATION_COLUMNS: [Column; 5] = [
    Words("Evaluation"),
    Words("Status"),
    Words("Triggered by"),
    Words("Placement failures"),
    Words("Created"),
];

/// Every run of the scheduler for the job, newest first.
#[component]
pub fn Evaluations(props: &HistoryProps) -> Html {
    let path = format!("/v1/job/{}/evaluations", segment(&props.job_id));
    let list =
        match use_remote::<Vec<api::Evaluation>>(Some(path.into()), vec!["Evaluation".into()]) {
            Remote::Loading => return loading(),
            Remote::Failed(error) => return failure("The evaluations cannot be read.", &error),
            Remote::Ready(list) => list,
        };
    if list.is_empty() {
        return empty("No evaluation is stored", Html::default());
    }
    let mut list: Vec<&api::Evaluation> = list.iter().collect();
    list.sort_by_key(|e| std::cmp::Reverse((e.create_index, e.modify_index)));
    let rows = list.into_iter().map(|e| {
        let failed: Vec<&str> = e.failed_tg_allocs.iter().map(|(group, _)| &**group).collect();
        let failed = if failed.is_empty() { "no".to_owned() } else { failed.join(", ") };
        let cells = vec![
            row_head("Evaluation", short_id(&e.id)),
            cell("Status", titled_status(&e.status, None, &e.status_description)),
            cell("Triggered by", &e.triggered_by),
            cell("Placement failures", failed),
            cell("Created", ago(e.create_time, props.now)),
        ];
        html! { <tr key={e.id.as_str()} data-testid="eval-row">{ cells }</tr> }
    });
    table(&EVALUATION_COLUMNS, rows.collect())
}

const DEPLOYMENT_COLUMNS: [Column; 5] = [
    Words("Deployment"),
    Numbers("Version"),
    Words("Status"),
    Words("Groups"),
    Words("Description"),
];

/// Every deployment of the job, newest first.
#[component]
pub fn Deployments(props: &HistoryProps) -> Html {
    let path = format!("/v1/job/{}/deployments", segment(&props.job_id));
    let list =
        match use_remote::<Vec<api::Deployment>>(Some(path.into()), vec!["Deployment".into()]) {
            Remote::Loading => return loading(),
            Remote::Failed(error) => return failure("The deployments cannot be read.", &error),
            Remote::Ready(list) => list,
        };
    if list.is_empty() {
        let body = html! {
            <p>{ "Service jobs with an update block get one for every new version." }</p>
        };
        return empty("No deployment", body);
    }
    let mut list: Vec<&api::Deployment> = list.iter().collect();
    list.sort_by_key(|d| std::cmp::Reverse(d.create_index));
    let rows = list.into_iter().map(|d| {
        let groups = d.task_groups.iter().map(|(name, g)| {
            let (healthy, all) = (g.healthy_allocs, g.desired_total);
            format!("{name}: {healthy} of {all} healthy, {} placed", g.placed_allocs)
        });
        let cells = vec![
            row_head("Deployment", short_id(&d.id)),
            number("Version", d.job_version),
            cell("Status", status(&d.status, None)),
            cell("Groups", groups.collect::<Vec<_>>().join("; ")),
            cell("Description", &d.status_description),
        ];
        html! { <tr key={d.id.as_str()} data-testid="deployment-row">{ cells }</tr> }
    });
    table(&DEPLOYMENT_COLUMNS, rows.collect())
}
