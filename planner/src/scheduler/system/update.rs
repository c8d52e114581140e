//! How allocations of an older version come to the new one: in place, or replaced, a few at a time.

use super::{Missing, Run, UPDATING};
use crate::Map;
use crate::scheduler::outcome::Evaluation;
use crate::scheduler::reconcile::{Cause, Change};
use crate::scheduler::update::change;

impl<'s> Run<'s, '_, '_> {
    /// Finds who can follow where it is, and replaces of the others as many as may be replaced now.
    pub(super) fn update(&mut self) {
        let situation = self.situation;
        let mut destructive = Vec::new();
        for number in std::mem::take(&mut self.updated) {
            let alloc = &situation.cluster.allocs[number as usize];
            let group = &alloc.common.group;
            match change(situation, &mut self.stack, self.draft, number) {
                Change::Destructive => {
                    self.count(group).destructive += 1;
                    destructive.push(number);
                }
                Change::InPlace | Change::None => {
                    self.count(group).in_place += 1;
                    if !alloc.is_terminal() {
                        self.outcome.in_place.push(number);
                    }
                }
            }
        }
        if self.rollout.is_some() {
            self.replace_by_group(&destructive);
        } else {
            self.replace_by_job(&destructive);
        }
    }

    /// One pace for the whole job; the rest waits for an evaluation.
    fn replace_by_job(&mut self, destructive: &[u32]) {
        let update = &self.situation.job.update;
        let rolling = update.stagger > 0 && update.max_parallel > 0;
        let limit = usize::try_from(update.max_parallel).unwrap_or(usize::MAX);
        let now = if rolling { destructive.len().min(limit) } else { destructive.len() };
        if now < destructive.len() {
            self.outcome.evaluations.push(Evaluation {
                triggered_by: "rolling-update",
                status: "pending",
                description: "",
                wait_until: 0,
                wait: update.stagger,
                node: None,
            });
        }
        for number in &destructive[..now] {
            if let Some(missing) = self.replacement(*number) {
                self.evict(&missing);
                self.place.push(missing);
            }
        }
    }

    /// Each group at its own pace; the rest waits until those are healthy. Of canaries all are candidates.
    fn replace_by_group(&mut self, destructive: &[u32]) {
        let mut room = self.room(destructive.len());
        for number in destructive {
            let Some(mut missing) = self.replacement(*number) else { continue };
            let room = room.entry(missing.group.name.clone()).or_default();
            if *room <= 0 {
                continue;
            }
            missing.canary = self.tries_canaries(missing.group);
            if missing.canary {
                self.canaries.push(missing);
                continue;
            }
            *room -= 1;
            self.evict(&missing);
            self.place.push(missing);
        }
    }

    /// How many allocations of each group may be replaced now: those that are not healthy yet take their share.
    fn room(&self, updates: usize) -> Map<i64> {
        let situation = self.situation;
        let parallel = |update: Option<&crate::model::Update>| {
            update.map(|update| update.max_parallel).filter(|parallel| *parallel > 0)
        };
        let all = i64::try_from(updates).unwrap_or(i64::MAX);
        let of_job = parallel(Some(&situation.job.update)).unwrap_or(all);
        let groups = situation.job.groups.iter();
        let mut room: Map<i64> = groups
            .map(|g| (g.name.clone(), parallel(g.update.as_ref()).unwrap_or(of_job)))
            .collect();
        for number in &self.left {
            let alloc = &situation.cluster.allocs[*number as usize];
            if self.is_deployed(alloc) && alloc.healthy.is_none() {
                *room.entry(alloc.common.group.clone()).or_default() -= 1;
            }
        }
        room
    }

    fn replacement(&self, number: u32) -> Option<Missing<'s>> {
        let alloc = &self.situation.cluster.allocs[number as usize];
        Some(Missing {
            node: alloc.node?,
            group: self.situation.job.group(&alloc.common.group)?,
            name: alloc.name.clone(),
            previous: Some(number),
            cause: Cause::Destructive,
            canary: false,
        })
    }

    /// Stops what an allocation stands in for.
    pub(super) fn evict(&mut self, missing: &Missing<'_>) {
        let running = |number: &u32| !self.situation.cluster.allocs[*number as usize].is_terminal();
        if let Some(number) = missing.previous.filter(running) {
            self.stop(number, UPDATING, false);
        }
    }
}
