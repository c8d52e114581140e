//! The cluster-wide settings of the scheduler.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/api-docs/operator/scheduler>

use crate::record::Record;

/// `GET /v1/operator/scheduler/configuration`, its inner document.
#[derive(Debug, Eq, Record)]
#[record(rename_all = "PascalCase")]
pub struct SchedulerConfiguration {
    /// `binpack` or `spread`.
    pub scheduler_algorithm: String,
    pub preemption_config: PreemptionConfig,
    pub memory_oversubscription_enabled: bool,
    pub create_index: u64,
    pub modify_index: u64,
}

/// Which job types may preempt.
#[derive(Debug, Eq, Default, Record)]
#[record(rename_all = "PascalCase")]
pub struct PreemptionConfig {
    pub system_scheduler_enabled: bool,
    pub sys_batch_scheduler_enabled: bool,
    pub batch_scheduler_enabled: bool,
    pub service_scheduler_enabled: bool,
}

impl Default for SchedulerConfiguration {
    /// The settings of a new cluster: binpack, preemption for system jobs only.
    fn default() -> Self {
        SchedulerConfiguration {
            scheduler_algorithm: "binpack".to_owned(),
            preemption_config: PreemptionConfig {
                system_scheduler_enabled: true,
                ..PreemptionConfig::default()
            },
            memory_oversubscription_enabled: false,
            create_index: 0,
            modify_index: 0,
        }
    }
}
