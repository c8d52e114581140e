//! Takes up evaluations: those that are pending and due, and those that are blocked once something has
//! changed that could free a place.
//!
//! The queue is the state itself, so a restart loses nothing. Evaluations are worked off one after the
//! other, by priority, then age: two plans never race for the same place.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use steppe_planner::{PlanOptions, api};

use super::{RETRY_AFTER, ServerError, planning};
use crate::clock::parse_rfc3339;
use crate::state::{JobKey, Store, Topic, Txn};

/// Nothing due is awaited longer than this at once, so that a clock that jumps is noticed.
const SLEEP_MAX: Duration = Duration::from_secs(10);

/// Works until the store is gone.
pub(super) async fn run(store: Store) {
    let mut changes = store.subscribe();
    let mut seen = Seen::default();
    loop {
        changes.borrow_and_update();
        let worker = store.clone();
        let mut tried = std::mem::take(&mut seen);
        let round = tokio::task::spawn_blocking(move || {
            let sleep = work(&worker, &mut tried);
            (tried, sleep)
        });
        let sleep = match round.await {
            Ok((tried, sleep)) => {
                seen = tried;
                sleep
            }
            Err(error) => {
                tracing::error!(%error, "the evaluation worker failed");
                SLEEP_MAX
            }
        };
        if let Ok(Err(_)) = tokio::time::timeout(sleep, changes.changed()).await {
            return;
        }
    }
}

/// Which index each blocked evaluation was tried at.
#[derive(Default)]
struct Seen {
    blocked: BTreeMap<String, u64>,
}

/// Works off everything that is due; gives how long to sleep until the next is.
fn work(store: &Store, seen: &mut Seen) -> Duration {
    loop {
        let now_ns = store.clock().now_ns();
        let (due, next_ns) = due(store, now_ns, seen);
        if due.is_empty() {
            let wait = next_ns.map_or(SLEEP_MAX, |next| {
                Duration::from_nanos(next.saturating_sub(now_ns).max(0).unsigned_abs())
            });
            return wait.clamp(Duration::from_millis(1), SLEEP_MAX);
        }
        let mut again = false;
        for eval in due {
            if eval.status == "blocked" {
                seen.blocked.insert(eval.id.clone(), store.index());
            }
            let Err(error) = ServerError::contain(|| process(store, &eval.id)) else {
                continue;
            };
            tracing::warn!(eval = eval.id, %error, "evaluation failed");
            if error.may_pass() || !fail(store, &eval.id, &error.to_string()) {
                seen.blocked.remove(&eval.id);
                again = true;
            }
        }
        if again {
            return RETRY_AFTER;
        }
    }
}

/// The evaluations to work off now, in order, and when the next pending one is due.
fn due(store: &Store, now_ns: i64, seen: &mut Seen) -> (Vec<Arc<api::Evaluation>>, Option<i64>) {
    let state = store.read();
    let open: Vec<Arc<api::Evaluation>> = state.open_evals().into_iter().cloned().collect();
    drop(state);
    seen.blocked.retain(|id, _| open.iter().any(|e| e.id == *id));
    let mut due = Vec::new();
    let mut next_ns: Option<i64> = None;
    for eval in open {
        if eval.status == "blocked" {
            let since = seen.blocked.get(&eval.id).copied().unwrap_or(eval.modify_index);
            if place_may_be_free(store, since) {
                due.push(eval);
            }
            continue;
        }
        match eval.wait_until.as_deref().and_then(parse_rfc3339) {
            Some(until) if until > now_ns => {
                next_ns = Some(next_ns.map_or(until, |next| next.min(until)));
            }
            _ => due.push(eval),
        }
    }
    due.sort_by(|a, b| {
        (b.priority, a.create_index, &a.id).cmp(&(a.priority, b.create_index, &b.id))
    });
    (due, next_ns)
}

/// True if nodes, hosts, settings or ended allocations changed since an index.
fn place_may_be_free(store: &Store, since: u64) -> bool {
    if store.index() == since {
        return false;
    }
    let Some(changes) = store.changes_since(since) else {
        return true;
    };
    let state = store.read();
    changes.documents.iter().any(|(topic, key)| match topic {
        Topic::Node | Topic::Host | Topic::SchedulerConfiguration => true,
        Topic::Allocation => state.alloc(key).is_none_or(|r| r.terminal()),
        Topic::Job | Topic::Evaluation | Topic::Deployment => false,
    })
}

/// Plans one evaluation and commits the plan, in one write.
fn process(store: &Store, eval_id: &str) -> Result<(), ServerError> {
    store.write(|txn| {
        let Some(eval) = txn.eval(eval_id) else {
            return Ok(());
        };
        if !matches!(eval.status.as_str(), "pending" | "blocked") {
            return Ok(());
        }
        let key = JobKey::new(&eval.namespace, &eval.job_id);
        let Some(job) = job_of(txn, &key) else {
            complete(txn, &eval);
            return Ok(());
        };
        let stopped = job.stop == Some(true);
        if stopped {
            // Nothing of a stopped job waits for a place.
            txn.cancel_blocked(&key, &eval.id);
        }
        let options = PlanOptions { stop: stopped, eval_id: Some(eval.id.clone()) };
        let plan = planning::run_judged(txn.before(), txn.now_ns(), &job, &options)?;
        txn.commit_plan(&job, &plan, &eval)?;
        Ok(())
    })
}

/// The registered job; of a purged one, what its allocations still run, marked as stopped.
fn job_of(txn: &Txn<'_>, key: &JobKey) -> Option<Arc<api::Job>> {
    if let Some(job) = txn.job(key) {
        return Some(job);
    }
    let left = txn.allocs_of_job(key);
    let last = left.iter().filter(|r| !r.terminal()).max_by_key(|r| r.job.job_modify_index)?;
    Some(Arc::new(api::Job { stop: Some(true), ..(*last.job).clone() }))
}

fn complete(txn: &mut Txn<'_>, eval: &api::Evaluation) {
    let snapshot_index = txn.before().index();
    txn.put_eval(api::Evaluation { status: "complete".to_owned(), snapshot_index, ..eval.clone() });
}

/// A failed evaluation is not tried again; the next change of the job makes a new one. False if that
/// cannot be written.
fn fail(store: &Store, eval_id: &str, reason: &str) -> bool {
    let written = store.write(|txn| {
        if let Some(eval) = txn.eval(eval_id) {
            txn.put_eval(api::Evaluation {
                status: "failed".to_owned(),
                status_description: reason.to_owned(),
                ..(*eval).clone()
            });
            txn.refresh_job_status(&JobKey::new(&eval.namespace, &eval.job_id));
        }
        Ok::<_, ServerError>(())
    });
    if let Err(error) = &written {
        tracing::error!(eval = eval_id, %error, "cannot record a failed evaluation");
    }
    written.is_ok()
}
