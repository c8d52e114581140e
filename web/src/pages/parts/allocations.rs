//! The table of allocations, wherever allocations are listed.

use steppe_planner::api;
use yew::prelude::*;

use super::clock::Ago;
use super::links::{AllocationLink, JobLink, NodeLink};
use super::status::Status;
use super::table::{More, use_shown};
use super::words;

/// Properties of [`AllocationTable`].
#[derive(Properties, PartialEq)]
pub struct AllocationTableProps {
    pub allocations: Vec<api::Allocation>,
    pub now: f64,
    /// Left out where the page is about one job.
    #[prop_or(true)]
    pub show_job: bool,
    /// Left out where the page is about one node.
    #[prop_or(true)]
    pub show_node: bool,
}

/// Allocations, one a row.
#[component]
pub fn AllocationTable(props: &AllocationTableProps) -> Html {
    let (shown, more) = use_shown();
    let total = props.allocations.len();
    let rows = props.allocations.iter().take(shown).map(|a| row(a, props));
    html! {
        <>
        <table class="rows">
            <thead><tr>
                <th scope="col">{ "Allocation" }</th>
                if props.show_job { <th scope="col">{ "Job" }</th> }
                <th scope="col">{ "Status" }</th>
                if props.show_node { <th scope="col">{ "Node" }</th> }
                <th scope="col">{ "Ports" }</th>
                <th scope="col" class="num">{ "CPU" }</th>
                <th scope="col" class="num">{ "Memory" }</th>
                <th scope="col" class="num">{ "Version" }</th>
                <th scope="col">{ "Changed" }</th>
            </tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
        <More {shown} {total} onmore={more} />
        </>
    }
}

fn row(allocation: &api::Allocation, props: &AllocationTableProps) -> Html {
    let status = words::allocation_status(allocation);
    let (cpu, memory, _) = words::given(allocation);
    let why =
        match (allocation.client_description.as_str(), allocation.desired_description.as_str()) {
            ("", desired) => desired.to_owned(),
            (client, _) => client.to_owned(),
        };
    let version = allocation.job_version.or(allocation.job.as_ref().and_then(|j| j.version));
    html! {
        <tr key={allocation.id.clone()} data-testid="alloc-row" data-alloc={allocation.id.clone()}>
            <th scope="row" data-label="Allocation">
                <AllocationLink id={allocation.id.clone()} class="row-link">
                    { allocation.name.clone() }
                </AllocationLink>
                <span class="id">{ words::short(&allocation.id).to_owned() }</span>
            </th>
            if props.show_job {
                <td data-label="Job"><JobLink id={allocation.job_id.clone()} /></td>
            }
            <td data-label="Status">
                <Status word={status} testid="alloc-status" title={why} />
                { health(allocation) }
            </td>
            if props.show_node {
                <td data-label="Node">
                    <NodeLink id={allocation.node_id.clone()} name={allocation.node_name.clone()} />
                </td>
            }
            <td data-label="Ports">{ ports(allocation) }</td>
            <td data-label="CPU" class="num">{ format!("{cpu} MHz") }</td>
            <td data-label="Memory" class="num">{ words::megabytes(memory) }</td>
            <td data-label="Version" class="num">{ version.map_or_else(String::new, |v| v.to_string()) }</td>
            <td data-label="Changed"><Ago nanos={allocation.modify_time} now={props.now} /></td>
        </tr>
    }
}

/// Whether the deployment counts it as healthy; nothing for allocations that are over.
pub fn health(allocation: &api::Allocation) -> Html {
    if !words::is_live(allocation) {
        return Html::default();
    }
    match allocation.deployment_status.as_ref().and_then(|s| s.healthy) {
        Some(true) => html! { <span class="health" data-tone="good">{ "healthy" }</span> },
        Some(false) => html! { <span class="health" data-tone="bad">{ "unhealthy" }</span> },
        None => Html::default(),
    }
}

/// `db 3306, http 21044 → 80`.
pub fn ports(allocation: &api::Allocation) -> Html {
    let ports = words::ports(allocation);
    if ports.is_empty() {
        return html! { <span class="quiet">{ "–" }</span> };
    }
    let items = ports.iter().map(|port| {
        let inside = if port.to > 0 && port.to != port.value {
            format!(" → {}", port.to)
        } else {
            String::new()
        };
        html! {
            <span class="port" title={words::address(port)}>
                <span class="port-label">{ port.label.clone() }</span>
                { format!(" {}{inside}", port.value) }
            </span>
        }
    });
    html! { <span class="ports">{ for items }</span> }
}
