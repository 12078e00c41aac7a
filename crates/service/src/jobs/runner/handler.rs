//! What does a kind of job.

use crate::App;
use async_trait::async_trait;
use keystead_domain::{Caller, Json, RequestContext, Result, jobs::Job};
use keystead_store::UnitOfWork;
use std::{
    fmt,
    sync::atomic::{AtomicI32, Ordering},
    time::Duration,
};

/// Does one kind of job.
#[async_trait]
pub trait JobHandler: Send + Sync + 'static {
    /// The kind, such as `delete_expired_rows`.
    fn kind(&self) -> &'static str;

    /// An attempt that takes longer has failed.
    fn time_limit(&self) -> Duration {
        Duration::from_secs(600)
    }

    /// Does it. The attempt may be ended at any await: when its lease is lost, its time is over or the server stops. What
    /// must become visible exactly once belongs into [`Effect::within`]; what is done before that may be done again.
    ///
    /// # Errors
    /// What went wrong; the job is tried again later. Its public message is kept with the job.
    async fn run(&self, app: &App, job: &Job, progress: &Progress) -> Result<Effect>;
}

/// How far an attempt is; written with the next sign of life.
#[derive(Debug, Default)]
pub struct Progress(AtomicI32);

impl Progress {
    /// Notes that `percent` is done; kept within 0 to 100.
    pub fn set(&self, percent: i32) {
        self.0.store(percent.clamp(0, 100), Ordering::Relaxed);
    }

    /// Notes that `done` of `all` has passed.
    pub fn set_fraction(&self, done: Duration, all: Duration) {
        let percent = done.as_millis().saturating_mul(100).checked_div(all.as_millis()).unwrap_or(100);
        self.set(i32::try_from(percent).unwrap_or(100));
    }

    /// The percentage that was noted last.
    #[must_use]
    pub fn get(&self) -> i32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What an attempt leaves to be made visible together with the job's end.
pub struct Effect {
    pub(super) result: Json,
    pub(super) unit: Option<Box<dyn UnitOfWork>>,
}

impl Effect {
    /// There is nothing to be made visible but the result.
    #[must_use]
    pub fn done(result: Json) -> Self {
        Self { result, unit: None }
    }

    /// Makes the changes in `unit` visible together with the job's end; if another worker has taken the job over, neither.
    #[must_use]
    pub fn within(unit: Box<dyn UnitOfWork>, result: Json) -> Self {
        Self { result, unit: Some(unit) }
    }

    /// What the job produced.
    #[must_use]
    pub const fn result(&self) -> &Json {
        &self.result
    }
}

impl fmt::Debug for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Effect").field("result", &self.result).field("writes", &self.unit.is_some()).finish()
    }
}

/// Who acts when a job runs: a job of its organization. Its identifier ties together what it causes.
#[must_use]
pub fn job_caller(job: &Job) -> Caller {
    let context = RequestContext { correlation_id: job.id.to_string(), source: "job", ..RequestContext::default() };
    Caller::job(job.organization_id, context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_stays_within_bounds() {
        let progress = Progress::default();
        for (percent, expected) in [(-5, 0), (40, 40), (400, 100)] {
            progress.set(percent);
            assert_eq!(progress.get(), expected);
        }
        progress.set_fraction(Duration::from_secs(3), Duration::from_secs(4));
        assert_eq!(progress.get(), 75);
        progress.set_fraction(Duration::from_secs(3), Duration::ZERO);
        assert_eq!(progress.get(), 100);
    }
}
