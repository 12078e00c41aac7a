//! Jobs and schedules.

use async_trait::async_trait;
use keystead_domain::{
    Ids, JobId, Json, OrganizationId, Page, PageRequest, Result, Timestamp,
    jobs::{Job, JobFilter, Schedule},
};

/// Jobs and schedules inside a unit of work. Class T.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait JobRepository: Send + Sync {
    /// Adds a job, unless one with the same unique key is queued or running. Returns whether it was added.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn enqueue(&self, job: &Job) -> Result<bool>;
    /// One job.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, id: JobId) -> Result<Option<Job>>;
    /// The jobs, in order of their making.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(&self, organization: OrganizationId, filter: &JobFilter, page: &PageRequest) -> Result<Page<Job>>;
    /// Puts a dead or cancelled job back into the queue at `now` with fresh attempts. Returns whether it was one.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn retry(&self, organization: OrganizationId, id: JobId, now: Timestamp) -> Result<bool>;
    /// Withdraws a queued job. Returns whether it was one.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn cancel(&self, organization: OrganizationId, id: JobId, now: Timestamp) -> Result<bool>;
    /// Finishes a running job in the same transaction as its effects. Returns false, and the worker must roll back, when
    /// `attempt` is no longer its current one: another worker has it.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn complete(
        &self,
        organization: OrganizationId,
        id: JobId,
        attempt: i32,
        result: &Json,
        now: Timestamp,
    ) -> Result<bool>;
    /// Adds a schedule unless its name is there already. Returns whether it was added.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn ensure_schedule(&self, schedule: &Schedule) -> Result<bool>;
    /// The schedules, by identifier.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn schedules(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<Schedule>>;
}

/// The queue across organizations, for workers. Each call is a transaction of its own.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait JobQueue: Send + Sync {
    /// Takes up to `limit` jobs that are due, or whose lease has ended: raises their attempts and leases them to `worker` until `lease_until`.
    /// Two workers never get the same attempt.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn claim(&self, worker: &str, limit: u32, now: Timestamp, lease_until: Timestamp) -> Result<Vec<Job>>;
    /// Prolongs a lease and notes the progress. Returns false when the attempt is no longer current.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn renew(&self, id: JobId, attempt: i32, progress: i32, lease_until: Timestamp) -> Result<bool>;
    /// Notes a failure: queued again for `retry_at`, or dead where that is none. Returns false when the attempt is no longer current.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn fail(
        &self,
        id: JobId,
        attempt: i32,
        error: &str,
        retry_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<bool>;
    /// Enqueues a job for every schedule that is due, in one transaction, and moves the schedule on. `ids` gives
    /// each job its identifier. Returns how many were enqueued. Two nodes never enqueue the same turn.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn enqueue_due(&self, now: Timestamp, ids: &Ids) -> Result<u32>;
    /// When the next job or schedule is due, if any.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn next_due(&self) -> Result<Option<Timestamp>>;
}
