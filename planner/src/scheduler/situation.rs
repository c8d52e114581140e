//! Everything about the job that a plan depends on: its versions, its deployment, what changed.

use std::collections::{BTreeMap, BTreeSet};

use super::PlanOptions;
use super::feasible::{in_datacenters, in_pool};
use super::rank::Algorithm;
use super::reconcile::{LOST, Stopping};
use crate::Map;
use crate::api;
use crate::model::{self, Client, Deployment, Desired, GroupDeployment, Job, JobKind, compile_job};
use crate::semantics::Rule;
use crate::snapshot::{Cluster, Fact, Snapshot};

/// The job being planned and its history.
pub struct Situation<'a> {
    pub cluster: &'a Cluster,
    pub job: Job,
    /// Registered versions by number, this one included.
    pub versions: BTreeMap<u64, Job>,
    /// Pairs of old version and group whose allocations must be replaced.
    pub destructive: BTreeSet<(u64, String)>,
    /// The latest one.
    pub deployment: Option<Deployment>,
    /// All of the job, newest version first.
    pub deployments: Vec<Deployment>,
    /// Allocations of an earlier job of the same ID that was purged.
    pub foreign: BTreeSet<u32>,
    pub spec_changed: bool,
    /// Of the registered version; 0 for a new job.
    pub job_modify_index: u64,
    pub eval_id: Option<String>,
    pub algorithm: Algorithm,
    pub preemption: bool,
    pub memory_oversubscription: bool,
    /// Ready nodes of the job's datacenters and pool, in order.
    pub candidates: Vec<u32>,
}

impl<'a> Situation<'a> {
    /// Finds the registered version, and says what this plan would register.
    pub fn compile(job: &api::Job, snapshot: &'a Snapshot, options: &PlanOptions) -> Situation<'a> {
        let cluster = snapshot.cluster();
        let document = snapshot.head();
        let mut wanted = job.clone();
        if options.stop {
            wanted.stop = Some(true);
        }
        let same_id = |j: &&api::Job| j.id == wanted.id && namespace(j) == namespace(&wanted);
        let history: Vec<&api::Job> = document.jobs.iter().filter(same_id).collect();
        let registered = history.iter().copied().max_by_key(|j| j.version.unwrap_or_default());
        let spec_changed = registered.is_none_or(|r| !model::same_specification(r, &wanted));
        let version = |j: &api::Job| j.version.unwrap_or_default();
        let new_version =
            registered.map_or(0, |r| if spec_changed { version(r) + 1 } else { version(r) });
        wanted.version = Some(new_version);
        wanted.create_index = registered.and_then(|r| r.create_index);
        let compiled = compile_job(&wanted, &cluster.symbols, cluster.semantics);
        let mut versions: BTreeMap<u64, Job> = history
            .iter()
            .map(|j| (version(j), compile_job(j, &cluster.symbols, cluster.semantics)))
            .collect();
        versions.insert(new_version, compiled.clone());
        let mut deployments = deployments(document, &wanted);
        let deployment = deployments.last().cloned();
        deployments.sort_by_key(|d| std::cmp::Reverse(d.version));
        let mut situation = Situation {
            destructive: destructive(&compiled, &wanted, &history, cluster),
            deployment,
            deployments,
            foreign: foreign(&compiled, registered.is_some(), cluster),
            cluster,
            versions,
            job: compiled,
            spec_changed,
            job_modify_index: registered.and_then(|r| r.job_modify_index).unwrap_or_default(),
            eval_id: options.eval_id.clone(),
            algorithm: Algorithm::Binpack,
            preemption: false,
            memory_oversubscription: false,
            candidates: Vec::new(),
        };
        situation.configure(document.scheduler_config.as_ref());
        situation.candidates = situation.candidates();
        situation
    }

    fn configure(&mut self, config: Option<&api::SchedulerConfiguration>) {
        let fallback = api::SchedulerConfiguration::default();
        let config = config.unwrap_or(&fallback);
        if config.scheduler_algorithm == "spread" {
            self.algorithm = Algorithm::Spread;
        }
        let preemption = &config.preemption_config;
        self.preemption = match self.job.kind {
            JobKind::Service => preemption.service_scheduler_enabled,
            JobKind::Batch => preemption.batch_scheduler_enabled,
            JobKind::System => preemption.system_scheduler_enabled,
            JobKind::SysBatch => preemption.sys_batch_scheduler_enabled,
        };
        self.memory_oversubscription = config.memory_oversubscription_enabled;
    }

    /// True if the node belongs to the job's datacenters and pool.
    pub fn in_reach(&self, number: u32) -> bool {
        let node = &self.cluster.nodes[number as usize];
        in_datacenters(&self.job.datacenters, &node.datacenter, self.cluster.semantics)
            && in_pool(&self.job.pool, &node.pool, self.cluster.semantics)
    }

    /// Allocations told to stop that never say that they have: their node is down or gone.
    pub fn silent(&self) -> impl Iterator<Item = Stopping> {
        let of_job = self.cluster.allocs_of(self.job.key).iter().copied();
        let silent = of_job.filter(|number| {
            let alloc = &self.cluster.allocs[*number as usize];
            alloc.desired != Desired::Run
                && matches!(alloc.client, Client::Running | Client::Pending)
                && alloc.node.is_none_or(|n| self.cluster.nodes[n as usize].is_down())
        });
        silent.map(|alloc| Stopping { alloc, description: LOST, lost: true, followup: None })
    }

    fn candidates(&self) -> Vec<u32> {
        let numbers = 0..u32::try_from(self.cluster.nodes.len()).unwrap_or(u32::MAX);
        numbers
            .filter(|n| self.cluster.nodes[*n as usize].is_ready() && self.in_reach(*n))
            .collect()
    }

    /// Candidates by datacenter; old profiles list every datacenter asked for.
    pub fn available(&self) -> Map<i64> {
        let mut available = Map::new();
        if !self.cluster.semantics.has(Rule::DatacenterGlobs) {
            available.extend(self.job.datacenters.iter().map(|d| (d.clone(), 0)));
        }
        let places = self.cluster.places(vec![Some(Fact::Datacenter)]);
        let mut counts = vec![0; places.values().len()];
        self.candidates.iter().for_each(|number| counts[places.number(*number)] += 1);
        for (count, values) in counts.into_iter().zip(places.values()) {
            if count > 0 {
                let name = values[0].map_or("", |value| self.cluster.symbols.text(value));
                available.insert(name.to_owned(), count);
            }
        }
        available
    }
}

fn namespace(job: &api::Job) -> &str {
    job.namespace.as_deref().filter(|n| !n.is_empty()).unwrap_or("default")
}

fn destructive(
    job: &Job,
    wanted: &api::Job,
    history: &[&api::Job],
    cluster: &Cluster,
) -> BTreeSet<(u64, String)> {
    let in_use: BTreeSet<u64> = cluster
        .allocs_of(job.key)
        .iter()
        .map(|n| cluster.allocs[*n as usize].common.version)
        .filter(|v| *v != job.version)
        .collect();
    let mut destructive = BTreeSet::new();
    for version in in_use {
        let old = history.iter().find(|j| j.version.unwrap_or_default() == version);
        for group in &job.groups {
            let must_replace = old.is_none_or(|old| {
                model::destructive_change(old, wanted, &group.name, cluster.semantics)
            });
            if must_replace {
                destructive.insert((version, group.name.clone()));
            }
        }
    }
    destructive
}

/// Ended allocations from before the registered job was created belong to one that was purged.
fn foreign(job: &Job, registered: bool, cluster: &Cluster) -> BTreeSet<u32> {
    let numbers = cluster.allocs_of(job.key).iter().copied();
    numbers
        .filter(|n| {
            let created = cluster.allocs[*n as usize].create_index;
            !registered || created != 0 && created < job.create_index
        })
        .collect()
}

/// Deployments of the job, the latest last.
fn deployments(document: &crate::snapshot::Document, wanted: &api::Job) -> Vec<Deployment> {
    let of_job = document.deployments.iter().filter(|d| {
        let ns = if d.namespace.is_empty() { "default" } else { d.namespace.as_str() };
        Some(&d.job_id) == wanted.id.as_ref() && ns == namespace(wanted)
    });
    let mut list: Vec<&api::Deployment> = of_job.collect();
    // Those without an index keep the document's order.
    list.sort_by_key(|d| d.create_index);
    list.into_iter().map(compile_deployment).collect()
}

fn compile_deployment(deployment: &api::Deployment) -> Deployment {
    let groups = deployment.task_groups.iter().map(|(name, g)| {
        let state = GroupDeployment {
            auto_revert: g.auto_revert,
            auto_promote: g.auto_promote,
            promoted: g.promoted,
            progress_deadline: g.progress_deadline,
            desired_canaries: g.desired_canaries,
            desired_total: g.desired_total,
            healthy: g.healthy_allocs,
            placed_canaries: g.placed_canaries.clone(),
        };
        (name.clone(), state)
    });
    Deployment {
        id: deployment.id.clone(),
        version: deployment.job_version,
        create_index: deployment.job_create_index,
        active: matches!(deployment.status.as_str(), "running" | "paused" | "pending" | "blocked"),
        paused: deployment.status == "paused",
        failed: deployment.status == "failed",
        successful: deployment.status == "successful",
        groups: groups.collect(),
    }
}
