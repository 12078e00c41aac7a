//! Makes the next signing key in time.

use crate::{
    App,
    bootstrap::ROTATE_SIGNING_KEYS,
    jobs::{Effect, JobHandler, Progress, job_caller},
    keys::rotate_signing_keys,
};
use async_trait::async_trait;
use keystead_domain::{Error, Result, jobs::Job};

pub(super) struct RotateSigningKeys;

#[async_trait]
impl JobHandler for RotateSigningKeys {
    fn kind(&self) -> &'static str {
        ROTATE_SIGNING_KEYS
    }

    /// The rotation has a lock and a transaction of its own, and makes no second key.
    async fn run(&self, app: &App, job: &Job, _: &Progress) -> Result<Effect> {
        let rotated = rotate_signing_keys(app, &job_caller(job)).await?;
        let result = serde_json::to_value(rotated).map_err(|error| Error::internal(error.to_string()))?;
        Ok(Effect::done(result))
    }
}
