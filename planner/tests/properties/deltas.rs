//! A snapshot that took changes one after another is the one that is made of the changed document.

use proptest::prelude::*;
use steppe_planner::snapshot::{Document, Snapshot};
use steppe_planner::{PlanOptions, plan};

use crate::generate::{Dice, change, lived_in, rows, snapshot, some_job};

/// What can be told of two snapshots, apart from what is planned on them.
fn told(snapshot: &Snapshot) -> (Document, String, Vec<String>) {
    let cluster = snapshot.cluster();
    let resources = |(_, alloc)| {
        let given = cluster.resources(alloc).map(|r| serde_json::to_string(&r).expect("JSON"));
        let node = alloc.node.map(|node| cluster.nodes[node as usize].id.clone());
        format!("{} {:?} {given:?} {}", alloc.id, node, cluster.is_replaced(alloc))
    };
    let known = serde_json::to_string(&snapshot.known()).expect("JSON");
    (snapshot.head().clone(), known, cluster.allocations().map(resources).collect())
}

proptest! {
    #![proptest_config(crate::cases(500))]

    #[test]
    fn changes_give_what_the_changed_document_gives(row in rows()) {
        let dice = &mut Dice::new(&row);
        let mut document = lived_in(dice);
        let mut kept = snapshot(&document);
        for _ in 0..1 + dice.below(3) {
            let delta = change(dice, &document);
            kept.apply(delta.clone()).expect("the change begins where the snapshot stands");
            document.apply(delta).expect("the change begins where the document stands");
            let anew = snapshot(&document);
            prop_assert_eq!(told(&kept), told(&anew));
            let job = some_job(dice, &document);
            let options = PlanOptions { stop: dice.one_in(9), ..PlanOptions::default() };
            prop_assert_eq!(plan(&job, &kept, &options), plan(&job, &anew, &options));
        }
    }
}
