//! The judge knows every way in which a plan can be wrong: each is done to good plans, and it must complain every time.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::test_runner::TestRunner;
use steppe_planner::plan::{Outcome, Placement, Plan, Stop, check};
use steppe_planner::snapshot::Snapshot;
use steppe_planner::{PlanOptions, api, plan};

use crate::generate::{Dice, lived_in, rows, snapshot, some_job};

/// Does something wrong to a plan; `None` if the plan has nothing that this could be done to.
type Wrong = fn(&mut Plan, &Snapshot, &api::Job) -> Option<()>;

const WRONGS: [(&str, Wrong); 21] = [
    ("a node that a check rules out", to_a_node_ruled_out),
    ("a node that is full", to_a_full_node),
    ("a node that does not exist", |plan, _, _| {
        plan.placements.first_mut()?.node_id = "nowhere".to_owned();
        Some(())
    }),
    ("more memory than there is", |plan, _, _| {
        let task = plan.placements.last_mut()?.resources.tasks.values_mut().next()?;
        task.memory.memory_mb += 100_000;
        Some(())
    }),
    ("more cpu than there is", |plan, _, _| {
        let task = plan.placements.last_mut()?.resources.tasks.values_mut().next()?;
        task.cpu.cpu_shares += 100_000;
        Some(())
    }),
    ("more disk than there is", |plan, _, _| {
        plan.placements.last_mut()?.resources.shared.disk_mb += 100_000;
        Some(())
    }),
    ("less memory than asked", |plan, _, _| {
        let task = plan.placements.first_mut()?.resources.tasks.values_mut().next()?;
        task.memory.memory_mb -= 1;
        Some(())
    }),
    ("a task forgotten", |plan, _, job| {
        let placement = plan.placements.first_mut()?;
        let group = job.task_groups.iter().find(|g| g.name == placement.group)?;
        placement.resources.tasks.remove(&group.tasks.first()?.name).map(drop)
    }),
    ("a port given twice", a_port_twice),
    ("a port forgotten", |plan, _, _| {
        plan.placements.iter_mut().find_map(|p| p.ports.pop()).map(drop)
    }),
    ("another static port than asked", |plan, _, _| {
        let mut ports = plan.placements.iter_mut().flat_map(|p| &mut p.ports);
        ports.find(|port| port.is_static)?.value += 1;
        Some(())
    }),
    ("a dynamic port out of range", |plan, _, _| {
        let mut ports = plan.placements.iter_mut().flat_map(|p| &mut p.ports);
        ports.find(|port| !port.is_static)?.value = 60_000;
        Some(())
    }),
    ("an address of another node", |plan, _, _| {
        let mut ports = plan.placements.iter_mut().flat_map(|p| &mut p.ports);
        ports.next()?.host_ip = "192.0.2.1".to_owned();
        Some(())
    }),
    ("a device given twice, or one that does not exist", |plan, _, _| {
        let tasks = plan.placements.iter_mut().flat_map(|p| p.resources.tasks.values_mut());
        let device = tasks.flat_map(|task| &mut task.devices).next()?;
        let first = device.device_ids.first()?.clone();
        match device.device_ids.get_mut(1) {
            Some(second) => *second = first,
            None => "gpu-9".clone_into(device.device_ids.first_mut()?),
        }
        Some(())
    }),
    ("a core given twice", |plan, _, _| {
        let tasks = plan.placements.iter_mut().flat_map(|p| p.resources.tasks.values_mut());
        let cores = tasks.map(|task| &mut task.cpu.reserved_cores).find(|c| !c.is_empty())?;
        cores.push(cores[0]);
        Some(())
    }),
    ("more bandwidth than there is", |plan, _, _| {
        let tasks = plan.placements.iter_mut().flat_map(|p| p.resources.tasks.values_mut());
        let network = tasks.flat_map(|task| &mut task.networks).next()?;
        network.mbits = Some(5_000);
        Some(())
    }),
    ("an allocation too many", |plan, _, _| {
        let copy = Placement { canary: false, ..plan.placements.first()?.clone() };
        plan.placements.push(copy);
        Some(())
    }),
    ("a stop of nothing", |plan, _, _| {
        plan.stops.first_mut()?.alloc_id = "nothing".to_owned();
        Some(())
    }),
    ("stopped and updated", |plan, _, _| {
        let alloc_id = plan.in_place.first()?.alloc_id.clone();
        plan.stops.push(Stop { alloc_id, ..Stop::default() });
        Some(())
    }),
    ("a victim for nothing", |plan, on, _| {
        let is_victim = |id: &str| plan.stops.iter().any(|stop| stop.evict && stop.alloc_id == id);
        let mut spared = on.cluster().allocations().map(|(_, alloc)| alloc);
        let alloc_id = spared.find(|alloc| !is_victim(&alloc.id))?.id.clone();
        plan.stops.push(Stop { alloc_id, evict: true, ..Stop::default() });
        Some(())
    }),
    ("a victim that is too important", |plan, on, job| {
        let least = job.priority.unwrap_or(50) - 9;
        let mut allocations = on.cluster().allocations().map(|(_, alloc)| alloc);
        let alloc_id = allocations.find(|a| a.common.priority >= least)?.id.clone();
        plan.placements.first_mut()?.preempted.push(alloc_id.clone());
        plan.stops.push(Stop { alloc_id, evict: true, ..Stop::default() });
        Some(())
    }),
];

/// Moves a placement to a node on which a check fails for as long as the node is what it is.
fn to_a_node_ruled_out(plan: &mut Plan, on: &Snapshot, _: &api::Job) -> Option<()> {
    move_to(plan, on, &[Outcome::Filtered, Outcome::Excluded, Outcome::NotTargeted])
}

/// Moves a placement to a node where something is missing.
fn to_a_full_node(plan: &mut Plan, on: &Snapshot, _: &api::Job) -> Option<()> {
    move_to(plan, on, &[Outcome::Exhausted])
}

/// Nodes of the same machine are left out: what they lack may be what the placement holds there.
fn move_to(plan: &mut Plan, on: &Snapshot, outcomes: &[Outcome]) -> Option<()> {
    let cluster = on.cluster();
    let host = |id: &str| cluster.node_number(id).map(|n| cluster.nodes[n as usize].host);
    let version = plan.job_version;
    let placement = plan.placements.iter_mut().rfind(|p| p.job_version == version)?;
    let report = plan.groups.iter().find(|g| g.name == placement.group)?;
    let elsewhere = report.nodes.iter().filter(|n| host(&n.node_id) != host(&placement.node_id));
    let node = elsewhere.into_iter().find(|n| outcomes.contains(&n.outcome))?;
    placement.node_id.clone_from(&node.node_id);
    placement.node_name.clone_from(&node.node_name);
    Some(())
}

fn a_port_twice(plan: &mut Plan, _: &Snapshot, _: &api::Job) -> Option<()> {
    let placement = plan.placements.iter_mut().find(|p| p.ports.len() > 1)?;
    let first = placement.ports.first()?.clone();
    let last = placement.ports.last_mut()?;
    last.host_ip = first.host_ip;
    last.value = first.value;
    Some(())
}

#[test]
fn it_complains_about_everything_that_is_wrong() {
    let done: RefCell<BTreeMap<&str, usize>> = RefCell::default();
    let outcome = TestRunner::new(crate::cases(700)).run(&rows(), |row| {
        let dice = &mut Dice::new(&row);
        let document = lived_in(dice);
        let job = some_job(dice, &document);
        let snapshot = snapshot(&document);
        let good = || plan(&job, &snapshot, &PlanOptions::default());
        if check(&good(), &snapshot, &job).is_empty() {
            let made = good();
            for (name, wrong) in WRONGS {
                let mut made = made.clone();
                if wrong(&mut made, &snapshot, &job).is_some() {
                    let complaints = check(&made, &snapshot, &job);
                    proptest::prop_assert!(!complaints.is_empty(), "{name}");
                    *done.borrow_mut().entry(name).or_default() += 1;
                }
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    let done = done.into_inner();
    for (name, _) in WRONGS {
        let times = done.get(name).copied().unwrap_or_default();
        assert!(times >= 5, "{name}: done {times} times");
    }
}

/// Each kind of constraint on the other allocations, broken.
#[test]
fn it_complains_about_neighbours_that_must_not_be() {
    for (left, operand, right) in
        [("", "distinct_hosts", "true"), ("${node.unique.name}", "distinct_property", "1")]
    {
        for of_job in [true, false] {
            let row = [0u8; 40];
            let dice = &mut Dice::new(&row);
            let snapshot = snapshot(&crate::generate::cluster(dice));
            let mut job = crate::generate::job(dice, "a");
            job.task_groups[0].count = Some(2);
            let mut free = plan(&job, &snapshot, &PlanOptions::default());
            assert_eq!(free.placements.len(), 2, "both fit on the one node");
            let constraint = api::Constraint {
                l_target: left.to_owned(),
                operand: operand.to_owned(),
                r_target: right.to_owned(),
            };
            let list =
                if of_job { &mut job.constraints } else { &mut job.task_groups[0].constraints };
            list.push(constraint);
            let kept = plan(&job, &snapshot, &PlanOptions::default());
            assert_eq!(check(&kept, &snapshot, &job), Vec::<String>::new());
            free.job_version = kept.job_version;
            assert_ne!(check(&free, &snapshot, &job), Vec::<String>::new(), "{operand}");
        }
    }
}
