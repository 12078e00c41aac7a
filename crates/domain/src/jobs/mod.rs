//! Background jobs and the schedules that start them.

use crate::{JobId, Json, OrganizationId, ScheduleId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// Waiting for its time or for a worker.
    Queued,
    /// A worker has it, until its lease ends.
    Running,
    /// Done.
    Succeeded,
    /// Given up after its last attempt; an administrator can retry it.
    Dead,
    /// Withdrawn.
    Cancelled,
}
crate::text_enum!(JobStatus { Queued = "queued", Running = "running", Succeeded = "succeeded", Dead = "dead", Cancelled = "cancelled" });

/// A job: enqueued in the transaction of the change that asks for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Its identifier.
    pub id: JobId,
    /// On whose behalf.
    pub organization_id: OrganizationId,
    /// What to do, such as `delete_expired_rows`.
    pub kind: String,
    /// The details, without secrets.
    pub payload: Json,
    /// Where it stands.
    pub status: JobStatus,
    /// While a job with the same key is queued or running, another one is not enqueued.
    pub unique_key: Option<String>,
    /// Not before.
    pub run_at: Timestamp,
    /// How often it was begun. It is also the fence: a worker whose attempt is no longer current cannot finish.
    pub attempts: i32,
    /// After so many it is dead.
    pub max_attempts: i32,
    /// Which worker has it.
    pub locked_by: Option<String>,
    /// Until when, unless the worker renews it.
    pub locked_until: Option<Timestamp>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// How far it is, 0 to 100.
    pub progress: i32,
    /// What it produced.
    pub result: Option<Json>,
    /// Who asked for it.
    pub created_by: Option<UserId>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// A schedule: enqueues a job again and again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Its identifier.
    pub id: ScheduleId,
    /// On whose behalf.
    pub organization_id: OrganizationId,
    /// Its name, unique in the organization.
    pub name: String,
    /// The kind of job it enqueues.
    pub kind: String,
    /// The job's details.
    pub payload: Json,
    /// How often, in seconds.
    pub every_seconds: i64,
    /// When next.
    pub next_run_at: Timestamp,
    /// When last.
    pub last_run_at: Option<Timestamp>,
    /// Whether it runs.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

/// Which jobs a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JobFilter {
    /// Only this status.
    pub status: Option<JobStatus>,
    /// Only this kind.
    pub kind: Option<String>,
}
