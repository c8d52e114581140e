//! What a job was: its versions with their differences, its evaluations and its deployments.

use steppe_planner::api;
use steppe_planner::record::Record;
use yew::prelude::*;

use super::parts::{Ago, Failure, Loading, Status, words};
use crate::components::Empty;
use crate::live::http::segment;
use crate::live::{Remote, use_remote};

/// Properties of the lists below.
#[derive(Properties, PartialEq)]
pub struct HistoryProps {
    pub job_id: AttrValue,
    #[prop_or_default]
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
        Remote::Loading => return html! { <Loading /> },
        Remote::Failed(error) => {
            return html! { <Failure what="The versions cannot be read." {error} /> };
        }
        Remote::Ready(list) => list,
    };
    let rows = list.versions.iter().enumerate().map(|(i, job)| {
        let changes = list.diffs.get(i).map(changed_fields).unwrap_or_default();
        html! {
            <li class="version" data-testid="version">
                <p class="version-head">
                    <strong>{ format!("Version {}", job.version.unwrap_or_default()) }</strong>
                    if job.stable.unwrap_or_default() { <Status word="stable" /> }
                    if job.stop.unwrap_or_default() { <Status word="stopped" /> }
                    <Ago nanos={job.submit_time.unwrap_or_default()} now={props.now} />
                </p>
                if i + 1 == list.versions.len() {
                    <p class="quiet">{ "The oldest version that is kept." }</p>
                } else if changes.is_empty() {
                    <p class="quiet">{ "The same specification as before." }</p>
                } else {
                    <ul class="fields">{ for changes.into_iter().map(|line| html! { <li>{ line }</li> }) }</ul>
                }
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

/// Every run of the scheduler for the job, newest first.
#[component]
pub fn Evaluations(props: &HistoryProps) -> Html {
    let path = format!("/v1/job/{}/evaluations", segment(&props.job_id));
    let list =
        match use_remote::<Vec<api::Evaluation>>(Some(path.into()), vec!["Evaluation".into()]) {
            Remote::Loading => return html! { <Loading /> },
            Remote::Failed(error) => {
                return html! { <Failure what="The evaluations cannot be read." {error} /> };
            }
            Remote::Ready(list) => list,
        };
    if list.is_empty() {
        return html! { <Empty title="No evaluation is stored" /> };
    }
    let mut list: Vec<&api::Evaluation> = list.iter().collect();
    list.sort_by_key(|e| std::cmp::Reverse((e.create_index, e.modify_index)));
    let rows = list.into_iter().map(|e| html! {
        <tr key={e.id.clone()} data-testid="eval-row">
            <th scope="row" data-label="Evaluation"><span class="id">{ words::short(&e.id).to_owned() }</span></th>
            <td data-label="Status"><Status word={e.status.clone()} title={e.status_description.clone()} /></td>
            <td data-label="Triggered by">{ e.triggered_by.clone() }</td>
            <td data-label="Placement failures">
                { if e.failed_tg_allocs.is_empty() { "no".to_owned() }
                  else { e.failed_tg_allocs.keys().cloned().collect::<Vec<_>>().join(", ") } }
            </td>
            <td data-label="Created"><Ago nanos={e.create_time} now={props.now} /></td>
        </tr>
    });
    html! {
        <table class="rows">
            <thead><tr>
                <th scope="col">{ "Evaluation" }</th><th scope="col">{ "Status" }</th>
                <th scope="col">{ "Triggered by" }</th><th scope="col">{ "Placement failures" }</th>
                <th scope="col">{ "Created" }</th>
            </tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

/// Every deployment of the job, newest first.
#[component]
pub fn Deployments(props: &HistoryProps) -> Html {
    let path = format!("/v1/job/{}/deployments", segment(&props.job_id));
    let list =
        match use_remote::<Vec<api::Deployment>>(Some(path.into()), vec!["Deployment".into()]) {
            Remote::Loading => return html! { <Loading /> },
            Remote::Failed(error) => {
                return html! { <Failure what="The deployments cannot be read." {error} /> };
            }
            Remote::Ready(list) => list,
        };
    if list.is_empty() {
        return html! {
            <Empty title="No deployment">
                <p>{ "Service jobs with an update block get one for every new version." }</p>
            </Empty>
        };
    }
    let mut list: Vec<&api::Deployment> = list.iter().collect();
    list.sort_by_key(|d| std::cmp::Reverse(d.create_index));
    let rows = list.into_iter().map(|d| {
        let groups = d.task_groups.iter().map(|(name, g)| {
            format!("{name}: {} of {} healthy, {} placed", g.healthy_allocs, g.desired_total, g.placed_allocs)
        });
        html! {
            <tr key={d.id.clone()} data-testid="deployment-row">
                <th scope="row" data-label="Deployment"><span class="id">{ words::short(&d.id).to_owned() }</span></th>
                <td data-label="Version" class="num">{ d.job_version }</td>
                <td data-label="Status"><Status word={d.status.clone()} /></td>
                <td data-label="Groups">{ groups.collect::<Vec<_>>().join("; ") }</td>
                <td data-label="Description">{ d.status_description.clone() }</td>
            </tr>
        }
    });
    html! {
        <table class="rows">
            <thead><tr>
                <th scope="col">{ "Deployment" }</th><th scope="col" class="num">{ "Version" }</th>
                <th scope="col">{ "Status" }</th><th scope="col">{ "Groups" }</th>
                <th scope="col">{ "Description" }</th>
            </tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}
