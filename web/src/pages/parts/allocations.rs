//! The table of allocations, wherever allocations are listed.

use steppe_planner::api;
use yew::prelude::*;

use super::clock::ago;
use super::links::{allocation_link, job_link, node_link};
use super::status::titled_status;
use super::table::Shown;
use super::words;
use crate::components::Column::{self, Numbers, Words};
use crate::components::{all, cell, label, number, quiet, row_head, table};

/// What the page is about that lists them: the column that would only repeat it is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Cluster,
    Job,
    Node,
}

const COLUMNS: [Column; 9] = [
    Words("Allocation"),
    Words("Job"),
    Words("Status"),
    Words("Node"),
    Words("Ports"),
    Numbers("CPU"),
    Numbers("Memory"),
    Numbers("Version"),
    Words("Changed"),
];

/// Allocations, one a row.
pub fn allocation_table(
    allocations: &[api::Allocation],
    subject: Subject,
    now: f64,
    shown: &Shown,
) -> Html {
    let left_out = match subject {
        Subject::Cluster => None,
        Subject::Job => Some(Words("Job")),
        Subject::Node => Some(Words("Node")),
    };
    let columns = COLUMNS.into_iter().filter(|column| Some(*column) != left_out);
    let rows = allocations.iter().take(shown.rows).map(|a| row(a, subject, now));
    let table = table(&columns.collect::<Vec<_>>(), rows.collect());
    all(vec![table, shown.more(allocations.len())])
}

fn row(allocation: &api::Allocation, subject: Subject, now: f64) -> Html {
    let name = allocation_link(&allocation.id, &allocation.name, "row-link");
    let (cpu, memory, _) = words::given(allocation);
    let version = allocation.job_version.or(allocation.job.as_ref().and_then(|j| j.version));
    let mut cells = vec![row_head("Allocation", vec![name, short_id(&allocation.id)])];
    if subject != Subject::Job {
        cells.push(cell("Job", job_link(&allocation.job_id, "")));
    }
    cells.push(cell("Status", vec![state(allocation), health(allocation)]));
    if subject != Subject::Node {
        cells.push(cell("Node", node_link(&allocation.node_id, &allocation.node_name, "")));
    }
    cells.extend([
        cell("Ports", ports(allocation)),
        number("CPU", format!("{cpu} MHz")),
        number("Memory", words::megabytes(memory)),
        number("Version", version.map(|v| v.to_string())),
        cell("Changed", ago(allocation.modify_time, now)),
    ]);
    let id = &allocation.id;
    html! { <tr key={id.as_str()} data-testid="alloc-row" data-alloc={id.clone()}>{ cells }</tr> }
}

/// The first eight characters, in fixed-width type.
pub fn short_id(id: &str) -> Html {
    html! { <span class="id">{ words::short(id) }</span> }
}

fn state(allocation: &api::Allocation) -> Html {
    let why = match allocation.client_description.as_str() {
        "" => &allocation.desired_description,
        client => client,
    };
    let word = words::allocation_status(allocation);
    titled_status(&word, Some("alloc-status"), why)
}

/// Whether the deployment counts it as healthy; nothing for allocations that are over.
pub fn health(allocation: &api::Allocation) -> Html {
    if !words::is_live(allocation) {
        return Html::default();
    }
    let (tone, word) = match allocation.deployment_status.as_ref().and_then(|s| s.healthy) {
        Some(true) => ("good", "healthy"),
        Some(false) => ("bad", "unhealthy"),
        None => return Html::default(),
    };
    html! { <span class="health" data-tone={tone}>{ word }</span> }
}

/// `db 3306, http 21044 → 80`.
pub fn ports(allocation: &api::Allocation) -> Html {
    let ports = words::ports(allocation);
    if ports.is_empty() {
        return quiet("–");
    }
    let items = ports.iter().map(|port| {
        let inside = if port.to > 0 && port.to != port.value {
            format!(" → {}", port.to)
        } else {
            String::new()
        };
        html! {
            <span class="port" title={words::address(port)}>
                { label(&port.label) }
                { format!(" {}{inside}", port.value) }
            </span>
        }
    });
    html! { <span class="ports">{ for items }</span> }
}
