//! Allocations come, change and go, one at a time: what is kept about them is kept right.

use std::sync::Arc;

use super::Cluster;
use super::compile_alloc::{Facts, compile_alloc, version};
use super::document::find_job;
use crate::api;
use crate::model::{Alloc, Symbol};

impl Cluster {
    /// Adds an allocation, or puts it in the place of the one of that ID. `jobs` in their order.
    pub(super) fn put_alloc(&mut self, alloc: api::Allocation, jobs: &[api::Job]) {
        let job = find_job(jobs, &alloc.namespace, &alloc.job_id, version(&alloc));
        let facts = Facts::of(job.or(alloc.job.as_deref()), &alloc.task_group);
        let compiled = compile_alloc(alloc, facts, self);
        if let Some(previous) = previous(&compiled) {
            *self.successors.entry(previous).or_default() += 1;
        }
        let number = match self.find_alloc(&compiled.id) {
            Ok(place) => {
                let number = self.by_id[place];
                self.unlink(number);
                number
            }
            Err(place) => {
                let end = u32::try_from(self.allocs.len()).unwrap_or(u32::MAX);
                let number = self.empty.pop().unwrap_or(end);
                if number == end {
                    self.allocs.push(Alloc::default());
                }
                self.by_id.insert(place, number);
                number
            }
        };
        self.allocs[number as usize] = compiled;
        let mut own = self.by_job.remove(&self.job_of(number)).unwrap_or_default();
        self.insert(&mut own, number);
        self.by_job.insert(self.job_of(number), own);
        self.seat(number);
    }

    /// Removes the allocation of that ID.
    pub(super) fn remove_alloc(&mut self, id: &str) {
        if let Ok(place) = self.find_alloc(id) {
            let number = self.by_id.remove(place);
            self.unlink(number);
            self.empty.push(number);
        }
    }

    /// Takes over what the allocations of a job version have from their job.
    pub(super) fn refresh_job(&mut self, job: Symbol, version: u64, document: Option<&api::Job>) {
        for number in self.allocs_of(job).to_vec() {
            let common = &self.allocs[number as usize].common;
            if common.version != version {
                continue;
            }
            let facts = Facts::of(document, &common.group);
            let mut newer = (**common).clone();
            newer.priority = facts.priority;
            newer.csi_volumes = facts.csi_volumes;
            let newer = self.commons.share(newer);
            let older = std::mem::replace(&mut self.allocs[number as usize].common, newer);
            self.commons.release(older);
        }
    }

    /// Lets an allocation hold what it has where it stands.
    pub(super) fn seat(&mut self, number: u32) {
        let alloc = &self.allocs[number as usize];
        let node = self.node_number(&alloc.node_id);
        self.allocs[number as usize].node = node;
        let alloc = &self.allocs[number as usize];
        let Some(node) = node.filter(|_| self.is_accounted(alloc)) else { return };
        let node = node as usize;
        self.used[node] += alloc.common.usage;
        let book = &mut self.ports[self.nodes[node].host];
        let before = |other: u32| self.allocs[other as usize].id < alloc.id;
        alloc.ports().for_each(|(ip, port)| book.hold(ip, port, number, &before));
        let mut standing = std::mem::take(&mut self.on_node[node]);
        self.insert(&mut standing, number);
        self.on_node[node] = standing;
    }

    fn unseat(&mut self, number: u32) {
        let alloc = &self.allocs[number as usize];
        let Some(node) = alloc.node.filter(|_| self.is_accounted(alloc)) else { return };
        let node = node as usize;
        self.used[node] -= alloc.common.usage;
        let book = &mut self.ports[self.nodes[node].host];
        alloc.ports().for_each(|(ip, port)| book.release(ip, port, number));
        self.on_node[node].retain(|other| *other != number);
    }

    /// Takes an allocation out of everything but the order of IDs.
    fn unlink(&mut self, number: u32) {
        self.unseat(number);
        let job = self.job_of(number);
        if let Some(own) = self.by_job.get_mut(&job) {
            own.retain(|other| *other != number);
            if own.is_empty() {
                self.by_job.remove(&job);
            }
        }
        let alloc = std::mem::take(&mut self.allocs[number as usize]);
        if let Some(previous) = previous(&alloc)
            && let Some(count) = self.successors.get_mut(&previous)
        {
            *count -= 1;
            if *count == 0 {
                self.successors.remove(&previous);
            }
        }
        self.commons.release(alloc.common);
    }

    fn job_of(&self, number: u32) -> Symbol {
        self.allocs[number as usize].common.job
    }

    pub(super) fn find_alloc(&self, id: &str) -> Result<usize, usize> {
        // Whole documents come in this order.
        if self.by_id.last().is_none_or(|last| self.allocs[*last as usize].id.as_str() < id) {
            return Err(self.by_id.len());
        }
        self.by_id.binary_search_by(|number| self.allocs[*number as usize].id.as_str().cmp(id))
    }

    /// Adds a number to a list that stands by ID.
    fn insert(&self, list: &mut Vec<u32>, number: u32) {
        let id = &self.allocs[number as usize].id;
        let before = |other: &u32| self.allocs[*other as usize].id < *id;
        let place =
            if list.last().is_none_or(before) { list.len() } else { list.partition_point(before) };
        list.insert(place, number);
    }
}

fn previous(alloc: &Alloc) -> Option<Arc<str>> {
    let previous = &alloc.history.as_ref()?.previous;
    (!previous.is_empty()).then(|| Arc::clone(previous))
}
