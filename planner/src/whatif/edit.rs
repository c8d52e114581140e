//! One change to a cluster that nobody makes.

use super::{name, registered};
use crate::jobspec::nearest;
use crate::model::Usage;
use crate::record::{Record, Word};
use crate::snapshot::Snapshot;

/// More nodes than this are not added at once.
const CLONES_MAX: i64 = 1_000;

/// What is changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Word)]
pub enum EditKind {
    /// The node takes nothing new, and what stands there moves.
    #[default]
    Drain,
    /// The node is neither drained nor ineligible.
    Enable,
    /// The node is gone, and what stood there is lost.
    Remove,
    /// Nodes are added that are like this one, but empty.
    Clone,
    /// The node has another size.
    Resize,
    /// A registered job's group has another count.
    Count,
}

/// A change.
#[derive(Debug, Default, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct Edit {
    pub kind: EditKind,
    /// The node's name or ID.
    pub node: String,
    /// How many are added, or the group's count.
    pub count: i64,
    /// The size of the node, or of the nodes added: MHz, MiB, MiB. What is absent stays.
    pub cpu: Option<i64>,
    #[record(rename = "MemoryMB")]
    pub memory: Option<i64>,
    #[record(rename = "DiskMB")]
    pub disk: Option<i64>,
    #[record(rename = "JobID")]
    pub job: String,
    pub group: String,
}

/// Another count: namespace and ID in one, group, count.
pub(super) type Counted = (String, String, i64);

/// Makes one edit. Counts are only collected: they belong to jobs.
pub(super) fn make(
    snapshot: &mut Snapshot,
    edit: &Edit,
    counts: &mut Vec<Counted>,
) -> Result<(), String> {
    if edit.kind == EditKind::Count {
        counts.push(counted(snapshot, edit)?);
        return Ok(());
    }
    let node = find_node(snapshot, &edit.node)?;
    match edit.kind {
        EditKind::Drain => snapshot.drain(node),
        EditKind::Enable => snapshot.enable(node),
        EditKind::Remove => snapshot.remove_node(node),
        EditKind::Resize => snapshot.resize_node(node, size(snapshot, node, edit)?),
        EditKind::Clone => {
            let size = size(snapshot, node, edit)?;
            let like = snapshot.cluster().nodes[node as usize].name.clone();
            if !(1..=CLONES_MAX).contains(&edit.count) {
                return Err(format!("{} nodes cannot be added at once", edit.count));
            }
            for _ in 0..edit.count {
                let name = free_name(snapshot, &like);
                let like = find_node(snapshot, &like)?;
                let node = snapshot.clone_node(like, &name);
                snapshot.resize_node(node, size);
            }
        }
        EditKind::Count => {}
    }
    Ok(())
}

fn find_node(snapshot: &Snapshot, wanted: &str) -> Result<u32, String> {
    let cluster = snapshot.cluster();
    let by_name = || cluster.nodes.iter().position(|node| node.name == wanted);
    let found = cluster.node_number(wanted).or_else(|| u32::try_from(by_name()?).ok());
    found.ok_or_else(|| {
        let names = cluster.nodes.iter().map(|node| node.name.as_str());
        unknown("node", wanted, nearest(wanted, names))
    })
}

fn unknown(what: &str, wanted: &str, near: Option<&str>) -> String {
    let hint = near.map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default();
    format!("there is no {what} \"{wanted}\"{hint}")
}

fn counted(snapshot: &Snapshot, edit: &Edit) -> Result<Counted, String> {
    let jobs = registered(snapshot);
    let id = |job: &&&crate::api::Job| job.id.as_deref() == Some(edit.job.as_str());
    let job = jobs.iter().find(id).ok_or_else(|| {
        let ids = jobs.iter().filter_map(|job| job.id.as_deref());
        unknown("running job", &edit.job, nearest(&edit.job, ids))
    })?;
    let mut groups = job.task_groups.iter().map(|group| group.name.as_str());
    if !groups.clone().any(|group| group == edit.group) {
        return Err(unknown("group", &edit.group, nearest(&edit.group, &mut groups)));
    }
    if edit.count < 0 {
        return Err("a count cannot be negative".to_owned());
    }
    Ok((name(job), edit.group.clone(), edit.count))
}

fn size(snapshot: &Snapshot, node: u32, edit: &Edit) -> Result<Usage, String> {
    let node = &snapshot.cluster().nodes[node as usize];
    let mut size = node.capacity;
    size += node.reserved;
    let size = Usage {
        cpu: edit.cpu.unwrap_or(size.cpu),
        memory: edit.memory.unwrap_or(size.memory),
        disk: edit.disk.unwrap_or(size.disk),
    };
    if size.cpu < 0 || size.memory < 0 || size.disk < 0 {
        return Err("the size of a node cannot be negative".to_owned());
    }
    Ok(size)
}

/// `n1-2`, `n1-3`, …: the first that no node has.
fn free_name(snapshot: &Snapshot, like: &str) -> String {
    let nodes = &snapshot.cluster().nodes;
    let taken = |name: &String| nodes.iter().any(|n| n.name == *name || n.id == *name);
    let names = (2u64..).map(|number| format!("{like}-{number}"));
    names.into_iter().find(|name| !taken(name)).unwrap_or_default()
}
