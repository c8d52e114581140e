//! Nodes that are out of contact, for groups that put up with it: their allocations become unknown, others stand in for
//! them, and when they come back one of the two goes.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/disconnect>

use std::collections::BTreeSet;

use super::delay::Kind;
use super::reschedule::Rescheduling;
use super::{Counts, RECONNECTED, State, reschedule, sets};
use crate::model::{Alloc, Client, Disconnect};
use crate::semantics::Rule;

/// Live allocations by what has become of the contact to them.
#[derive(Clone, Debug, Default)]
pub(super) struct Contact {
    /// Out of contact, and nobody has said so yet.
    pub(super) gone: BTreeSet<u32>,
    /// Out of contact for too long.
    pub(super) lost: BTreeSet<u32>,
    /// Now replaced for as long as they are away.
    pub(super) away: BTreeSet<u32>,
    /// Back, or a replacement whose original is back: they stop.
    pub(super) doubled: BTreeSet<u32>,
    /// How many are back and stay.
    back: u64,
    /// How many of those that are gone are replaced after a delay.
    later: u64,
}

impl Contact {
    /// Counts as Nomad does: what is replaced at once only where a contact is gone. Whether an allocation came back before
    /// it was replaced the documents do not tell.
    pub(super) fn count(&self, rescheduling: &Rescheduling, counts: &mut Counts) {
        counts.disconnect = self.gone.len() as u64;
        counts.reconnect = self.back;
        counts.reschedule_later = rescheduling.later.len() as u64 + self.later;
        if !self.gone.is_empty() {
            counts.reschedule_now = (rescheduling.now.len() + self.away.len()) as u64;
        }
    }
}

impl State<'_, '_> {
    /// Takes out of the untainted what is lost, away or doubled. Notes what becomes unknown and until when.
    pub(super) fn contact(&mut self, untainted: &mut BTreeSet<u32>) -> Contact {
        let mut contact = Contact::default();
        if !self.inputs.cluster.semantics.has(Rule::DisconnectedClients) {
            return contact;
        }
        for number in untainted.iter().copied().filter(|n| !self.alloc(*n).is_terminal()) {
            let alloc = self.alloc(number);
            let is_away = self.is_disconnected(alloc);
            match (self.patience(alloc), alloc.client) {
                (None, _) if is_away => _ = contact.lost.insert(number),
                (Some(policy), Client::Unknown) => {
                    if self.inputs.cluster.now - alloc.failed_at >= policy.lost_after && is_away {
                        contact.lost.insert(number);
                    } else if self.is_due(alloc) && policy.replace {
                        contact.away.insert(number);
                    }
                }
                (Some(_), Client::Running) if is_away => _ = contact.gone.insert(number),
                (Some(_), _) if is_away => _ = contact.lost.insert(number),
                _ => {
                    if let Some(goes) = self.double(number, untainted) {
                        contact.doubled.insert(goes);
                        contact.back += u64::from(goes != number);
                    }
                }
            }
        }
        self.become_unknown(&mut contact);
        for number in sets::by_name(self, &contact.doubled) {
            self.stop(number, RECONNECTED, false);
        }
        let out = [&contact.lost, &contact.away, &contact.doubled];
        untainted.retain(|number| !out.iter().any(|set| set.contains(number)));
        contact
    }

    fn is_disconnected(&self, alloc: &Alloc) -> bool {
        let nodes = &self.inputs.cluster.nodes;
        alloc.node.is_some_and(|node| nodes[node as usize].status == "disconnected")
    }

    /// What the group of the allocation's own version says.
    fn patience(&self, alloc: &Alloc) -> Option<Disconnect> {
        let job = self.inputs.versions.get(&alloc.common.version).unwrap_or(self.inputs.job);
        job.group(&alloc.common.group)?.disconnect
    }

    fn is_due(&self, alloc: &Alloc) -> bool {
        let followup = alloc.followup_eval();
        !self.inputs.cluster.is_replaced(alloc)
            && !followup.is_empty()
            && self.inputs.eval_id == Some(followup)
    }

    /// Of an allocation that runs beside its replacement, the one that goes. Which of them is the better placed nobody
    /// remembers; the original stays unless the replacement is newer or the group prefers it.
    fn double(&self, number: u32, untainted: &BTreeSet<u32>) -> Option<u32> {
        let original = self.alloc(number);
        if original.client != Client::Running || !self.inputs.cluster.is_replaced(original) {
            return None;
        }
        let stands_in = |n: &u32| {
            let alloc = self.alloc(*n);
            let previous = alloc.history.as_ref().map_or("", |history| &*history.previous);
            previous == original.id && !alloc.is_terminal()
        };
        let replacement = untainted.iter().copied().find(stands_in)?;
        let newer = self.alloc(replacement).common.version > original.common.version;
        let preferred = self.patience(original).is_some_and(|policy| policy.keeps_replacement);
        Some(if newer || preferred { number } else { replacement })
    }

    /// Until they are lost, those that are gone are unknown; some are replaced meanwhile, at once or later.
    fn become_unknown(&mut self, contact: &mut Contact) {
        let now = self.inputs.cluster.now;
        let mut later = Vec::new();
        let mut patient = Vec::new();
        for number in contact.gone.iter().copied() {
            let Some(policy) = self.patience(self.alloc(number)) else { continue };
            let wait = match policy.replace {
                false => None,
                true if policy.delayed => reschedule::delay_when_gone(self, self.alloc(number)),
                true => Some(0),
            };
            match wait {
                Some(wait) if wait > reschedule::WINDOW => later.push((number, now + wait)),
                Some(_) => {
                    contact.away.insert(number);
                    patient.push((number, now + policy.lost_after));
                }
                None => patient.push((number, now + policy.lost_after)),
            }
        }
        contact.later = later.len() as u64;
        let waiting = self.delay(later, Kind::Reschedule);
        self.out.waiting.extend(waiting);
        let waiting = self.delay(patient, Kind::Disconnect);
        self.out.waiting.extend(waiting);
        self.out.unknown.extend(&contact.gone);
    }
}
