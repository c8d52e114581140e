//! What allocations of one group and version have in common, each kept once.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::hash::Fnv;
use crate::model::Common;
use crate::record::{Visit, visit};

/// All that are in use, by a fingerprint.
#[derive(Clone, Debug, Default)]
pub(super) struct Commons(BTreeMap<u64, Vec<Arc<Common>>>);

impl Commons {
    /// The one that equals this, which may be this.
    pub(super) fn share(&mut self, common: Common) -> Arc<Common> {
        let equal = self.0.entry(fingerprint(&common)).or_default();
        if let Some(found) = equal.iter().find(|found| ***found == common) {
            return Arc::clone(found);
        }
        let common = Arc::new(common);
        equal.push(Arc::clone(&common));
        common
    }

    /// Forgets one that nobody else holds.
    pub(super) fn release(&mut self, common: Arc<Common>) {
        let key = fingerprint(&common);
        drop(common);
        if let Some(equal) = self.0.get_mut(&key) {
            equal.retain(|kept| Arc::strong_count(kept) > 1);
            if equal.is_empty() {
                self.0.remove(&key);
            }
        }
    }
}

fn fingerprint(common: &Common) -> u64 {
    let mut hash = Fnv::new();
    hash.add(&common.job.0.to_le_bytes());
    hash.add(common.group.as_bytes());
    hash.add(&common.version.to_le_bytes());
    if let Some(resources) = &common.resources {
        visit(resources, &mut |token| match token {
            Visit::Int(number) => hash.add(&number.to_le_bytes()),
            Visit::Text(text) => hash.add(text.as_bytes()),
            _ => {}
        });
    }
    hash.value()
}
