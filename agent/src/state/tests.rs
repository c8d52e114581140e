//! The store keeps what it was told, gives it back after a restart, and tells what has changed.

use std::path::PathBuf;
use std::sync::Arc;

use steppe_planner::Map;
use steppe_planner::api;
use steppe_planner::plan::{Placement, Plan, PlannedDeployment, PlannedEvaluation, Stop};
use steppe_planner::snapshot::{Document, Snapshot};

use super::*;
use crate::clock::ManualClock;
use crate::ids::CountedIds;

const NOW_NS: i64 = 1_800_000_000_000_000_000;

fn job(id: &str) -> api::Job {
    let group = api::TaskGroup {
        name: "g".to_owned(),
        count: Some(1),
        tasks: vec![api::Task { name: "t".to_owned(), ..api::Task::default() }],
        ..api::TaskGroup::default()
    };
    api::Job {
        id: Some(id.to_owned()),
        name: Some(id.to_owned()),
        namespace: Some("default".to_owned()),
        kind: Some("service".to_owned()),
        priority: Some(50),
        task_groups: vec![group],
        ..api::Job::default()
    }
}

fn node(id: &str) -> api::Node {
    api::Node {
        id: id.to_owned(),
        name: format!("node-{id}"),
        status: "ready".to_owned(),
        ..api::Node::default()
    }
}

fn store() -> Store {
    Store::open_with(None, ManualClock::at(NOW_NS), CountedIds::new()).expect("store")
}

fn register(store: &Store, job: api::Job) -> Arc<api::Job> {
    store.write(|txn| txn.register_job(job, None, None)).expect("registered").job
}

/// Commits a plan that places one allocation of the job, with a deployment.
fn place(store: &Store, job: &Arc<api::Job>) -> Committed {
    let groups = Map::from([(
        "g".to_owned(),
        api::DeploymentState {
            desired_total: 1,
            progress_deadline: 600_000_000_000,
            ..api::DeploymentState::default()
        },
    )]);
    let plan = Plan {
        placements: vec![Placement {
            name: format!("{}.g[0]", job.id.as_deref().expect("id")),
            group: "g".to_owned(),
            node_id: "n1".to_owned(),
            job_version: job.version.expect("version"),
            ..Placement::default()
        }],
        job_version: job.version.expect("version"),
        deployment: Some(PlannedDeployment {
            status: "running".to_owned(),
            groups,
            ..PlannedDeployment::default()
        }),
        snapshot_index: store.index(),
        ..Plan::default()
    };
    commit(store, job, &plan)
}

fn commit(store: &Store, job: &Arc<api::Job>, plan: &Plan) -> Committed {
    store
        .write(|txn| {
            let eval = txn.create_eval(job, NewEval { triggered_by: "test", ..NewEval::default() });
            txn.commit_plan(job, plan, &eval)
        })
        .expect("committed")
}

/// One write of a step that cannot fail.
fn step(store: &Store, body: impl FnOnce(&mut Txn<'_>)) {
    let written: Result<(), StateError> = store.write(|txn| {
        body(txn);
        Ok(())
    });
    written.expect("written");
}

fn temporary(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("steppe-state-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("temporary directory");
    dir
}

#[test]
fn everything_is_there_after_a_restart() {
    let dir = temporary("restart");
    let path = dir.join("state.db");
    let before = {
        let store =
            Store::open_with(Some(&path), ManualClock::at(NOW_NS), CountedIds::new()).expect("new");
        store.upsert_node(node("n1")).expect("node");
        let host = api::Host { id: "h1".to_owned(), ..api::Host::default() };
        store.upsert_host(host).expect("host");
        store.add_cooling_port("h1", 20_001).expect("port");
        let source = JobSource { source: "job \"a\" {}".to_owned(), ..JobSource::default() };
        let job = store
            .write(|txn| txn.register_job(job("a"), Some(source), None))
            .expect("registered")
            .job;
        place(&store, &job);
        (store.index(), store.read().document(NOW_NS), store.read().evals().count())
    };
    let store = Store::open(&path).expect("opened again");
    assert_eq!(store.index(), before.0);
    assert_eq!(store.read().document(NOW_NS), before.1);
    assert_eq!(store.read().evals().count(), before.2);
    let key = JobKey::new("default", "a");
    let state = store.read();
    assert_eq!(state.source(&key, 0).map(|s| s.source.as_str()), Some("job \"a\" {}"));
    let record = *state.allocs_of_job(&key).first().expect("allocation");
    assert_eq!(record.job.id.as_deref(), Some("a"), "with its job version");
    assert_eq!(state.table_index(Table::Nodes), 1);
    drop(state);
    drop(store);
    std::fs::remove_dir_all(dir).expect("clean up");
}

#[test]
fn a_refused_write_leaves_nothing() {
    let store = store();
    let before = store.index();
    let refused: Result<(), StateError> = store.write(|txn| {
        txn.put_node(node("n1"));
        Err(StateError::Refused("no".to_owned()))
    });
    assert!(refused.is_err());
    assert_eq!(store.index(), before);
    assert!(store.node("n1").is_none());
}

#[test]
fn the_same_specification_is_no_new_version() {
    let store = store();
    let first = register(&store, job("a"));
    let again = store.write(|txn| txn.register_job(job("a"), None, None)).expect("registered");
    assert!(!again.changed);
    assert_eq!(again.job.job_modify_index, first.job_modify_index);
    let changed = register(&store, api::Job { priority: Some(60), ..job("a") });
    assert_eq!(changed.version, Some(1));
    assert_eq!(changed.create_index, first.create_index);
}

#[test]
fn enforced_indexes_are_nomads_words() {
    let store = store();
    let refused = |enforce| {
        let written = store.write(|txn| txn.register_job(job("a"), None, Some(enforce)));
        written.err().map(|e| e.to_string())
    };
    assert_eq!(refused(7).as_deref(), Some("Enforcing job modify index 7: job does not exist"));
    assert_eq!(refused(0), None);
    assert_eq!(refused(0).as_deref(), Some("Enforcing job modify index 0: job already exists"));
    assert_eq!(
        refused(9).as_deref(),
        Some("Enforcing job modify index 9: job exists with conflicting job modify index: 1")
    );
}

#[test]
fn versions_are_kept_while_they_are_used() {
    let store = store();
    let first = register(&store, job("a"));
    place(&store, &first);
    for priority in 1..=9 {
        register(&store, api::Job { priority: Some(priority), ..job("a") });
    }
    let key = JobKey::new("default", "a");
    let versions: Vec<_> = store.read().job_versions(&key).iter().map(|j| j.version).collect();
    assert_eq!(
        versions,
        [9, 8, 7, 6, 5, 4, 0].map(Some),
        "six, and the one that an allocation runs"
    );
}

#[test]
fn a_purged_job_comes_back_as_another_one() {
    let store = store();
    let key = JobKey::new("default", "a");
    let first = register(&store, job("a"));
    let committed = place(&store, &first);
    store.write(|txn| Ok::<_, StateError>(txn.deregister_job(&key, true))).expect("purged");
    assert!(store.job("default", "a").is_none());
    let second = register(&store, api::Job { priority: Some(70), ..job("a") });
    assert_eq!(second.version, Some(0));
    assert_ne!(second.create_index, first.create_index);
    let (_, alloc_id) = committed.placed.first().expect("placed");
    let record = store.alloc(alloc_id).expect("allocation");
    assert_eq!(record.job.priority, Some(50), "the old allocation still knows its own job");
}

#[test]
fn a_plan_becomes_allocations_and_a_deployment() {
    let store = store();
    store.upsert_node(node("n1")).expect("node");
    let job = register(&store, job("a"));
    assert_eq!(job.status.as_deref(), Some("pending"));
    let committed = place(&store, &job);
    let deployment = store.deployment(&committed.deployment_id).expect("deployment");
    let group = deployment.task_groups.get("g").expect("group");
    assert_eq!((group.placed_allocs, group.healthy_allocs), (1, 0));
    assert!(group.require_progress_by.is_some());
    assert_eq!(store.job("default", "a").expect("job").status.as_deref(), Some("running"));

    let (_, alloc_id) = committed.placed.first().expect("placed").clone();
    for _ in 0..2 {
        step(&store, |txn| txn.set_alloc_health(&alloc_id, true));
    }
    let deployment = store.deployment(&committed.deployment_id).expect("deployment");
    assert_eq!(deployment.task_groups.get("g").map(|g| g.healthy_allocs), Some(1), "once");

    let stop = Stop { alloc_id: alloc_id.clone(), ..Stop::default() };
    commit(&store, &job, &Plan { stops: vec![stop], ..Plan::default() });
    assert_eq!(store.alloc(&alloc_id).expect("alloc").alloc.desired_status, "stop");
    assert_eq!(store.job("default", "a").expect("job").status.as_deref(), Some("dead"));
}

#[test]
fn a_blocked_evaluation_stays_one_and_does_not_wake_itself() {
    let store = store();
    let job = register(&store, job("a"));
    let blocked =
        PlannedEvaluation { status: "blocked".to_owned(), ..PlannedEvaluation::default() };
    let plan = Plan {
        created_evals: vec![blocked],
        queued: Map::from([("g".to_owned(), 1)]),
        ..Plan::default()
    };
    let first = commit(&store, &job, &plan);
    let second = commit(&store, &job, &plan);
    let status = |id: &str| store.eval(id).expect("eval").status.clone();
    let (old, new) = (first.evals.first().expect("one"), second.evals.first().expect("one"));
    assert_eq!((status(old).as_str(), status(new).as_str()), ("canceled", "blocked"));

    let retry = |plan: &Plan| {
        let eval = store.eval(new).expect("eval");
        store.write(|txn| txn.commit_plan(&job, plan, &eval)).expect("retried")
    };
    let outcome = retry(&plan);
    assert_eq!(outcome.evals, std::slice::from_ref(new), "no successor");
    let index = store.index();
    retry(&plan);
    assert_eq!(store.index(), index, "nothing new is no write");
    retry(&Plan::default());
    assert_eq!(status(new), "complete");
}

#[test]
fn a_failed_allocation_is_evaluated_in_the_same_write() {
    let store = store();
    let job = register(&store, job("a"));
    let (_, id) = place(&store, &job).placed.first().expect("placed").clone();
    let failed = AllocUpdate { id, client_status: "failed".to_owned(), ..AllocUpdate::default() };
    store.update_allocs_from_client(vec![failed.clone()]).expect("written");
    let key = JobKey::new("default", "a");
    let evaluations = || {
        let state = store.read();
        let evals = state.evals_of_job(&key);
        evals.iter().filter(|e| e.triggered_by == "alloc-failure").count()
    };
    assert_eq!(evaluations(), 1);
    let index = store.index();
    store.update_allocs_from_client(vec![failed]).expect("written");
    assert_eq!((evaluations(), store.index()), (1, index), "the same news twice is no news");
}

#[test]
fn a_failure_does_not_wait_for_the_follow_up_of_another() {
    let store = store();
    let job = register(&store, job("a"));
    let (_, id) = place(&store, &job).placed.first().expect("placed").clone();
    store
        .write(|txn| {
            txn.put_eval(api::Evaluation {
                id: "later".to_owned(),
                namespace: "default".to_owned(),
                job_id: "a".to_owned(),
                status: "pending".to_owned(),
                triggered_by: "alloc-failure".to_owned(),
                wait_until: Some(crate::clock::rfc3339(NOW_NS + 1_000_000_000_000)),
                ..api::Evaluation::default()
            });
            Ok::<_, StateError>(())
        })
        .expect("written");
    let failed = AllocUpdate { id, client_status: "failed".to_owned(), ..AllocUpdate::default() };
    store.update_allocs_from_client(vec![failed]).expect("written");
    let state = store.read();
    let evals = state.evals_of_job(&JobKey::new("default", "a"));
    let at_once = |e: &api::Evaluation| e.status == "pending" && e.wait_until.is_none();
    assert!(evals.iter().any(|e| e.triggered_by == "alloc-failure" && at_once(e)));
}

#[test]
fn the_client_does_not_overwrite_the_servers_decisions() {
    let store = store();
    store.upsert_node(node("n1")).expect("node");
    store
        .write(|txn| {
            let mut node = (*txn.node("n1").expect("node")).clone();
            node.scheduling_eligibility = "ineligible".to_owned();
            txn.put_node(node);
            Ok::<_, StateError>(())
        })
        .expect("written");
    store.upsert_node(node("n1")).expect("node");
    assert_eq!(store.node("n1").expect("node").scheduling_eligibility, "ineligible");
}

/// Follows the store by deltas, as pages do.
struct Follower {
    document: Document,
    snapshot: Snapshot,
}

impl Follower {
    fn new(store: &Store) -> Follower {
        let document = store.read().document(NOW_NS);
        let snapshot = Snapshot::new(document.clone()).expect("snapshot");
        Follower { document, snapshot }
    }

    fn follow(&mut self, store: &Store) {
        let base = self.document.index;
        let changes = store.changes_since(base).expect("remembered");
        let delta = store.read().document_since(base, &changes, NOW_NS);
        self.snapshot.apply(delta.clone()).expect("applied");
        self.document.apply(delta).expect("applied");
        let sorted = |document: &Document| {
            let mut document = document.clone();
            document.jobs.sort_by_key(steppe_planner::snapshot::job_key);
            document.allocations.sort_by(|a, b| a.id.cmp(&b.id));
            document.deployments.sort_by(|a, b| a.id.cmp(&b.id));
            document.hosts.sort_by(|a, b| a.id.cmp(&b.id));
            document
        };
        assert_eq!(sorted(&self.document), sorted(&store.read().document(NOW_NS)));
    }
}

#[test]
fn deltas_lead_to_the_whole() {
    let store = store();
    let mut follower = Follower::new(&store);
    store.upsert_node(node("n2")).expect("node");
    store.upsert_node(node("n1")).expect("node");
    store.upsert_host(api::Host { id: "h".to_owned(), ..api::Host::default() }).expect("host");
    follower.follow(&store);
    let first = register(&store, job("a"));
    follower.follow(&store);
    let (_, alloc_id) = place(&store, &first).placed.first().expect("placed").clone();
    follower.follow(&store);
    let ended = AllocUpdate {
        id: alloc_id.clone(),
        client_status: "complete".to_owned(),
        ..AllocUpdate::default()
    };
    let stop = Stop { alloc_id, ..Stop::default() };
    commit(&store, &first, &Plan { stops: vec![stop], ..Plan::default() });
    store.update_allocs_from_client(vec![ended]).expect("written");
    follower.follow(&store);
    let key = JobKey::new("default", "a");
    store.write(|txn| Ok::<_, StateError>(txn.deregister_job(&key, true))).expect("purged");
    follower.follow(&store);
    register(&store, job("a"));
    step(&store, |txn| txn.remove_node("n2"));
    follower.follow(&store);
}
