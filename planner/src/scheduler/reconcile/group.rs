//! One group: what stays, stops, changes, moves and is missing, in Nomad's order of decisions.

use std::collections::BTreeSet;

use super::delay::Kind;
use super::names::{Names, alloc_name};
use super::{
    Cause, Change, Counts, LOST, MIGRATING, Missing, NOT_NEEDED, RESCHEDULED, State, Stopping,
    UPDATING, begun, reschedule, sets,
};
use crate::model::{Client, Deployment, Desired, Group, GroupDeployment};
use crate::semantics::Rule;

/// The sets a group's allocations fall into while it is reconciled.
#[derive(Default)]
struct Sets {
    untainted: BTreeSet<u32>,
    migrate: BTreeSet<u32>,
    lost: BTreeSet<u32>,
    now: BTreeSet<u32>,
    /// Replaced for as long as there is no contact to them.
    away: BTreeSet<u32>,
    canaries: BTreeSet<u32>,
    destructive: BTreeSet<u32>,
}

/// Reconciles a group; answers whether it is done with its deployment.
pub(super) fn reconcile_group(
    state: &mut State<'_, '_>,
    group: &Group,
    mut all: BTreeSet<u32>,
    change: &mut dyn FnMut(u32) -> Change,
) -> bool {
    let mut counts = Counts::default();
    let before = state.out.place.len();
    let existing = state.current.as_ref().and_then(|d| d.groups.get(&group.name)).cloned();
    let mut deployed = existing.clone().unwrap_or_else(|| begun(group));
    if state.inputs.batch {
        counts.ignore += drop_old_ended(state, &mut all);
    }
    let canaries = state.canaries(&mut all, &mut counts);
    let mut split = sets::by_taint(state, &all);
    let contact = state.contact(&mut split.untainted);
    counts.stop += contact.doubled.len() as u64;
    split.lost.extend(&contact.lost);
    let rescheduling = reschedule::split(state, &split.untainted);
    if state.inputs.cluster.semantics.has(Rule::ContactCounts) {
        contact.count(&rescheduling, &mut counts);
    }
    let mut sets = Sets {
        untainted: rescheduling.untainted,
        migrate: split.migrate,
        lost: split.lost,
        now: rescheduling.now,
        away: contact.away,
        canaries,
        destructive: BTreeSet::new(),
    };
    let lost_later = state.lost_later(sets.lost.iter().copied());
    let group_waits = !lost_later.is_empty();
    let lost_evals = state.delay(lost_later, Kind::Reschedule);
    let later = !rescheduling.later.is_empty();
    let waiting = state.delay(rescheduling.later, Kind::Reschedule);
    state.out.waiting.extend(waiting);

    let mut names = names(state, group, &sets);
    let mut canarying = deployed.desired_canaries != 0 && !deployed.promoted;
    counts.stop += stop_excess(state, group, &mut names, &mut sets, canarying, &lost_evals);
    let (ignored, in_place) = follow(state, &mut sets, change);
    counts.ignore += ignored;
    counts.in_place += in_place;
    if existing.is_none() {
        deployed.desired_total += len(&sets.destructive) + as_i64(in_place);
    }
    if canarying {
        let canaries = sets.canaries.clone();
        sets.untainted.retain(|n| !canaries.contains(n));
    }
    let needs_canary = place_canaries(state, group, &mut names, &sets, &mut deployed, &mut counts);
    canarying = deployed.desired_canaries != 0 && !deployed.promoted;
    let limit = limit(state, group, &sets, canarying);
    let place =
        if group_waits { Vec::new() } else { missing(state, group, &mut names, &sets, canarying) };
    if existing.is_none() && !group_waits {
        deployed.desired_total += as_i64(place.len() as u64);
    }
    let placed = place.len();
    let ready = !state.paused() && !state.failed() && !canarying;
    let limit = place_missing(state, place, &sets, &mut counts, ready, limit);
    replace(state, group, &sets, &mut counts, ready, limit);
    migrate(state, group, &sets, &mut counts, canarying);
    keep_to_count(state, group, before, &mut counts);

    let busy =
        sets.destructive.len() + placed + sets.migrate.len() + sets.now.len() + sets.away.len();
    let quiet = busy == 0 && in_place == 0 && !later && !needs_canary;
    attach(state, group, deployed, existing.is_some(), &sets, &all);
    state.out.counts.insert(group.name.clone(), counts);
    quiet && is_done(state, group)
}

fn as_i64(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn len(set: &BTreeSet<u32>) -> i64 {
    as_i64(set.len() as u64)
}

/// Ended allocations of older versions of a batch job do not count.
fn drop_old_ended(state: &State<'_, '_>, all: &mut BTreeSet<u32>) -> u64 {
    let before = all.len();
    all.retain(|n| {
        let alloc = state.alloc(*n);
        !(alloc.is_terminal() && alloc.common.version < state.inputs.job.version)
    });
    (before - all.len()) as u64
}

fn names(state: &State<'_, '_>, group: &Group, sets: &Sets) -> Names {
    let taken = [&sets.untainted, &sets.migrate, &sets.now, &sets.lost, &sets.away];
    let indexes: Vec<u64> = taken.into_iter().flatten().map(|n| state.alloc(*n).index()).collect();
    Names::new(group.count.max(0).unsigned_abs(), indexes.into_iter())
}

/// Stops what is lost, and what is more than the count.
fn stop_excess(
    state: &mut State<'_, '_>,
    group: &Group,
    names: &mut Names,
    sets: &mut Sets,
    canarying: bool,
    lost_evals: &[(u32, usize)],
) -> u64 {
    for number in &sets.lost {
        let followup = lost_evals.iter().find(|(n, _)| n == number).map(|(_, eval)| *eval);
        let stopping = Stopping { alloc: *number, description: LOST, lost: true, followup };
        state.out.stop.push(stopping);
    }
    let mut stopped = len(&sets.lost);
    let mut counted: BTreeSet<u32> = if canarying {
        sets.untainted.difference(&sets.canaries).copied().collect()
    } else {
        sets.untainted.clone()
    };
    // What is unknown may come back: another stands in for it.
    if state.inputs.cluster.semantics.has(Rule::DisconnectedClients) {
        counted.retain(|n| state.alloc(*n).client != Client::Unknown);
    }
    let remove = len(&counted) + len(&sets.migrate) - group.count;
    if remove > 0 {
        let chosen = excess(state, group, names, sets, canarying, &counted, remove);
        for number in chosen {
            state.stop(number, NOT_NEEDED, false);
            sets.untainted.remove(&number);
            sets.migrate.remove(&number);
            stopped += 1;
        }
    }
    stopped.unsigned_abs()
}

fn excess(
    state: &State<'_, '_>,
    group: &Group,
    names: &mut Names,
    sets: &Sets,
    canarying: bool,
    counted: &BTreeSet<u32>,
    remove: i64,
) -> Vec<u32> {
    let remove = usize::try_from(remove).unwrap_or(0);
    let mut live = sets::by_name(state, counted);
    live.retain(|n| !state.alloc(*n).is_terminal());
    let mut chosen: Vec<u32> = Vec::new();
    if !canarying && !sets.canaries.is_empty() {
        let canary_names: BTreeSet<&str> =
            sets.canaries.iter().map(|n| state.alloc(*n).name.as_str()).collect();
        let doubles = live.iter().copied().filter(|n| {
            !sets.canaries.contains(n) && canary_names.contains(state.alloc(*n).name.as_str())
        });
        chosen.extend(doubles.take(remove));
    }
    if chosen.len() < remove && !sets.migrate.is_empty() {
        let taken = sets.migrate.iter().map(|n| state.alloc(*n).index());
        let mut migrating = Names::new(group.count.max(0).unsigned_abs(), taken);
        let highest = migrating.highest(remove - chosen.len());
        for number in sets::by_name(state, &sets.migrate) {
            let index = state.alloc(number).index();
            if chosen.len() < remove && highest.contains(&index) {
                chosen.push(number);
                names.release(index);
            }
        }
    }
    let add = |chosen: &mut Vec<u32>, list: Vec<u32>| {
        let room = remove - chosen.len().min(remove);
        let fresh: Vec<u32> = list.into_iter().filter(|n| !chosen.contains(n)).collect();
        chosen.extend(fresh.into_iter().take(room));
    };
    if state.inputs.cluster.semantics.has(Rule::StopFailedFirst) {
        let failed = |n: &u32| {
            let alloc = state.alloc(*n);
            alloc.client == Client::Failed && alloc.desired == Desired::Run
        };
        add(&mut chosen, counted.iter().copied().filter(failed).collect());
    }
    let highest = names.highest(remove - chosen.len().min(remove));
    let named = live.iter().copied().filter(|n| highest.contains(&state.alloc(*n).index()));
    add(&mut chosen, named.collect());
    // Doubled names leave some over.
    add(&mut chosen, live);
    chosen
}

/// Asks of each remaining allocation how it can follow the job.
fn follow(
    state: &mut State<'_, '_>,
    sets: &mut Sets,
    change: &mut dyn FnMut(u32) -> Change,
) -> (u64, u64) {
    let (mut ignored, mut in_place) = (0, 0);
    for number in sets.untainted.iter().copied() {
        match change(number) {
            Change::None => ignored += 1,
            Change::InPlace => {
                in_place += 1;
                state.out.in_place.push(number);
            }
            Change::Destructive => {
                sets.destructive.insert(number);
            }
        }
    }
    (ignored, in_place)
}

fn place_canaries(
    state: &mut State<'_, '_>,
    group: &Group,
    names: &mut Names,
    sets: &Sets,
    deployed: &mut GroupDeployment,
    counts: &mut Counts,
) -> bool {
    let wanted = group.update.as_ref().map_or(0, |u| u.canary);
    let needed = !sets.destructive.is_empty() && len(&sets.canaries) < wanted && !deployed.promoted;
    if !needed {
        return false;
    }
    deployed.desired_canaries = wanted;
    if state.paused() || state.failed() {
        return true;
    }
    let number = usize::try_from(wanted - len(&sets.canaries)).unwrap_or(0);
    counts.canary += number as u64;
    let indexes =
        |set: &BTreeSet<u32>| set.iter().map(|n| state.alloc(*n).index()).collect::<BTreeSet<_>>();
    let next = names.next_canaries(number, &indexes(&sets.canaries), &indexes(&sets.destructive));
    for index in next {
        let name = alloc_name(&state.inputs.job.id, &group.name, index);
        let mut missing = plain(group, name, Cause::Canary);
        missing.canary = true;
        state.out.place.push(missing);
    }
    true
}

fn plain(group: &Group, name: String, cause: Cause) -> Missing {
    Missing {
        group: group.name.clone(),
        name,
        cause,
        previous: None,
        canary: false,
        downgrade: false,
        least_version: 0,
        stop_previous: None,
    }
}

/// How many allocations may be replaced now.
fn limit(state: &State<'_, '_>, group: &Group, sets: &Sets, canarying: bool) -> i64 {
    let update = group.update.as_ref().filter(|u| u.max_parallel > 0);
    let Some(update) = update.filter(|_| !sets.destructive.is_empty() || !sets.migrate.is_empty())
    else {
        return group.count;
    };
    if state.paused() || state.failed() || canarying {
        return 0;
    }
    let mut limit = update.max_parallel;
    if let Some(current) = &state.current {
        for number in &sets.untainted {
            let alloc = state.alloc(*number);
            // A deployment that this plan makes has no ID, and no allocations yet.
            if current.id.is_empty() || *alloc.deployment != *current.id {
                continue;
            }
            match alloc.healthy {
                Some(false) => return 0,
                Some(true) => {}
                None => limit -= 1,
            }
        }
    }
    limit.max(0)
}

/// Rescheduled ones, replacements of lost ones, then new names up to the count.
fn missing(
    state: &State<'_, '_>,
    group: &Group,
    names: &mut Names,
    sets: &Sets,
    canarying: bool,
) -> Vec<Missing> {
    let successor = |number: u32, cause: Cause| {
        let alloc = state.alloc(number);
        let mut missing = plain(group, alloc.name.clone(), cause);
        missing.previous = Some(number);
        missing.canary = alloc.canary;
        missing.downgrade = canarying && !alloc.canary;
        missing.least_version = alloc.common.version;
        missing
    };
    let mut place: Vec<Missing> = sets::by_name(state, &sets.now)
        .into_iter()
        .map(|n| successor(n, Cause::Reschedule))
        .collect();
    place.extend(sets::by_name(state, &sets.away).into_iter().map(|n| successor(n, Cause::Lost)));
    let mut existing = len(&sets.untainted) + len(&sets.migrate) + len(&sets.now) + len(&sets.away);
    for number in sets::by_name(state, &sets.lost) {
        if existing >= group.count {
            break;
        }
        existing += 1;
        place.push(successor(number, Cause::Lost));
    }
    let rest = usize::try_from(group.count - existing).unwrap_or(0);
    for index in names.next(rest) {
        let name = alloc_name(&state.inputs.job.id, &group.name, index);
        let mut missing = plain(group, name, Cause::Missing);
        missing.downgrade = canarying;
        place.push(missing);
    }
    place
}

/// Hands on what may be placed now; answers how many replacements are left.
fn place_missing(
    state: &mut State<'_, '_>,
    place: Vec<Missing>,
    sets: &Sets,
    counts: &mut Counts,
    ready: bool,
    limit: i64,
) -> i64 {
    if ready {
        let placed = as_i64(place.len() as u64);
        counts.place += place.len() as u64;
        state.out.place.extend(place);
        for number in &sets.now {
            state.stop(*number, RESCHEDULED, false);
        }
        counts.stop += sets.now.len() as u64;
        return limit - placed.min(limit);
    }
    // Even while nothing else is placed, what was lost or failed is replaced.
    let allowed = (sets.lost.len() + sets.away.len()).min(place.len());
    counts.place += allowed as u64;
    state.out.place.extend(place[..allowed].iter().cloned());
    let current = state.current.as_ref().map(|d| d.id.clone());
    for missing in place {
        let Some(previous) = missing.previous.filter(|_| missing.cause == Cause::Reschedule) else {
            continue;
        };
        let of_failed =
            state.failed() && current.as_deref() == Some(&state.alloc(previous).deployment);
        if !of_failed {
            state.out.place.push(missing);
            counts.place += 1;
            state.stop(previous, RESCHEDULED, false);
            counts.stop += 1;
        }
    }
    limit
}

/// Replaces as many as the limit allows, by number.
fn replace(
    state: &mut State<'_, '_>,
    group: &Group,
    sets: &Sets,
    counts: &mut Counts,
    ready: bool,
    limit: i64,
) {
    let limit = if ready { usize::try_from(limit).unwrap_or(0) } else { 0 };
    let ordered = sets::by_name(state, &sets.destructive);
    let now = ordered.len().min(limit);
    counts.destructive += now as u64;
    counts.ignore += (ordered.len() - now) as u64;
    for number in ordered.into_iter().take(now) {
        let mut missing = plain(group, state.alloc(number).name.clone(), Cause::Destructive);
        missing.previous = Some(number);
        missing.stop_previous = Some(UPDATING);
        state.out.destructive.push(missing);
    }
}

fn migrate(
    state: &mut State<'_, '_>,
    group: &Group,
    sets: &Sets,
    counts: &mut Counts,
    canarying: bool,
) {
    counts.migrate += sets.migrate.len() as u64;
    for number in sets::by_name(state, &sets.migrate) {
        state.stop(number, MIGRATING, false);
        let alloc = state.alloc(number);
        let mut missing = plain(group, alloc.name.clone(), Cause::Migrate);
        missing.previous = Some(number);
        missing.canary = alloc.canary;
        missing.downgrade = canarying && !alloc.canary;
        missing.least_version = alloc.common.version;
        state.out.place.push(missing);
    }
}

/// However much is missing, no more is placed at once than the count; the rest follows with another evaluation.
fn keep_to_count(state: &mut State<'_, '_>, group: &Group, before: usize, counts: &mut Counts) {
    let most = usize::try_from(group.count).unwrap_or(0);
    let cut = state.out.place.len() > before.saturating_add(most);
    if cut && state.inputs.cluster.semantics.has(Rule::PlacementsWithinCount) {
        state.out.place.truncate(before + most);
        counts.place = most as u64;
    }
}

/// Puts the group into the new deployment where this plan makes one.
fn attach(
    state: &mut State<'_, '_>,
    group: &Group,
    deployed: GroupDeployment,
    existing: bool,
    sets: &Sets,
    all: &BTreeSet<u32>,
) {
    let job = state.inputs.job;
    let updates = !sets.destructive.is_empty() || !state.out.in_place.is_empty();
    let had_running = all.iter().any(|n| {
        state.alloc(*n).common.version == job.version
            && !state.inputs.foreign.contains(&state.own[*n as usize])
    });
    let strategy = group.update.as_ref().is_some_and(|u| u.max_parallel > 0);
    if existing || !strategy || deployed.desired_total == 0 || had_running && !updates {
        return;
    }
    let current = state.current.get_or_insert_with(|| {
        state.out.deployment = Some(crate::Map::new());
        Deployment { version: job.version, active: true, ..Deployment::default() }
    });
    current.groups.insert(group.name.clone(), deployed.clone());
    if let Some(new) = &mut state.out.deployment {
        new.insert(group.name.clone(), deployed);
    }
}

/// True if the deployment of the group has nothing left to wait for.
fn is_done(state: &State<'_, '_>, group: &Group) -> bool {
    let deployed = state.current.as_ref().and_then(|d| d.groups.get(&group.name));
    deployed.is_none_or(|d| {
        d.healthy >= d.desired_total.max(d.desired_canaries)
            && (d.desired_canaries == 0 || d.promoted)
    })
}
