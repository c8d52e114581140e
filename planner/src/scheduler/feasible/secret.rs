//! The provider of every secret is there: a node tells of each by an attribute, of those built into Nomad too.

use super::{Ask, Report};
use crate::scheduler::reason::Reason;
use crate::snapshot::{Cluster, Column, Fact, NO_VALUE};

/// The providers of a group: one entry each, with the first task that uses it.
#[derive(Clone, Debug)]
pub(super) struct Secrets(Vec<(usize, usize, Column)>);

impl Secrets {
    pub(super) fn new(ask: &Ask<'_>, cluster: &Cluster) -> Secrets {
        let mut known = Vec::new();
        let mut secrets = Vec::new();
        for (task, asked) in ask.group.tasks.iter().enumerate() {
            for (secret, provider) in asked.secret_providers.iter().enumerate() {
                if !known.contains(&provider) {
                    known.push(provider);
                    let attribute = cluster.offered(&attribute(provider));
                    secrets.push((task, secret, cluster.column(Fact::Attribute(attribute))));
                }
            }
        }
        Secrets(secrets)
    }

    pub(super) fn check(&self, number: u32, report: Report<'_>) -> bool {
        let mut missing = self.0.iter().filter(|(.., column)| column[number as usize] == NO_VALUE);
        missing.all(|(task, secret, _)| report(Reason::Secret { task: *task, secret: *secret }))
    }
}

/// By which a node tells that it has the provider.
fn attribute(provider: &str) -> String {
    format!("plugins.secrets.{provider}.version")
}
