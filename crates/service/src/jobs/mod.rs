//! Background jobs: work for later, enqueued in the transaction of the change that asks for it.
//!
//! A [`JobRunner`] takes jobs from the queue and runs their [`JobHandler`]s. A job may be begun more than once (the
//! machine may stop in the middle), but what it does becomes visible once: a handler hands back an open transaction, and
//! the runner commits it together with the job's end, if that attempt still is the current one.

mod cancel;
mod enqueue;
mod get;
mod kinds;
mod list;
mod retry;
mod runner;
mod schedules;

pub use cancel::cancel_job;
pub use enqueue::{NewJob, enqueue, wake};
pub use get::get_job;
pub use kinds::PARTITION_MONTHS_AHEAD;
pub use list::{ListJobs, list_jobs};
pub use retry::retry_job;
pub use runner::{Effect, JobHandler, JobRunner, Progress, RunnerSettings, job_caller};
pub use schedules::{ListSchedules, list_schedules};

use keystead_domain::{Error, JobId, OrganizationId, Result, jobs::Job};
use keystead_store::UnitOfWork;

async fn job(unit: &dyn UnitOfWork, organization: OrganizationId, id: JobId) -> Result<Job> {
    unit.jobs().find(organization, id).await?.ok_or_else(|| Error::not_found("job"))
}
