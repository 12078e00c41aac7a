//! Makes audit partitions ahead of time.

use crate::{
    App,
    bootstrap::ENSURE_PARTITIONS,
    jobs::{Effect, JobHandler, Progress},
};
use async_trait::async_trait;
use keystead_domain::{Result, jobs::Job};
use serde_json::json;

/// The current month and so many more: a server may be off for so long and find its partition when it comes back.
pub const PARTITION_MONTHS_AHEAD: u32 = 3;

pub(super) struct EnsurePartitions;

#[async_trait]
impl JobHandler for EnsurePartitions {
    fn kind(&self) -> &'static str {
        ENSURE_PARTITIONS
    }

    /// To make a partition again does nothing, so nothing has to be held back until the job ends.
    async fn run(&self, app: &App, _: &Job, _: &Progress) -> Result<Effect> {
        let created = app.store.ensure_partitions(app.now(), PARTITION_MONTHS_AHEAD).await?;
        Ok(Effect::done(json!({ "created": created })))
    }
}
