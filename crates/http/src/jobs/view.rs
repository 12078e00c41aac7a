//! Jobs and schedules as the API shows them.

use crate::openapi::words;
use keystead_domain::{JobId, Json, OrganizationId, ScheduleId, Timestamp, UserId, jobs};
use serde::Serialize;
use utoipa::ToSchema;

/// A background job.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Job {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    id: JobId,
    /// On whose behalf.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// What it does.
    kind: String,
    /// The details.
    #[schema(value_type = Value)]
    payload: Json,
    /// Where it stands.
    #[schema(schema_with = words::job_status)]
    status: jobs::JobStatus,
    /// Not before.
    #[schema(value_type = String, format = DateTime)]
    run_at: Timestamp,
    /// How often it was begun.
    attempts: i32,
    /// After so many it is dead.
    max_attempts: i32,
    /// Why the last attempt failed.
    last_error: Option<String>,
    /// How far it is, 0 to 100.
    progress: i32,
    /// What it produced.
    #[schema(value_type = Option<Value>)]
    result: Option<Json>,
    /// Who asked for it.
    #[schema(value_type = Option<Uuid>)]
    created_by: Option<UserId>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
}

impl From<jobs::Job> for Job {
    fn from(job: jobs::Job) -> Self {
        Self {
            id: job.id,
            organization_id: job.organization_id,
            kind: job.kind,
            payload: job.payload,
            status: job.status,
            run_at: job.run_at,
            attempts: job.attempts,
            max_attempts: job.max_attempts,
            last_error: job.last_error,
            progress: job.progress,
            result: job.result,
            created_by: job.created_by,
            created_at: job.created_at,
            updated_at: job.updated_at,
            finished_at: job.finished_at,
        }
    }
}

/// Enqueues a job again and again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Schedule {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    id: ScheduleId,
    /// On whose behalf.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// Its name, unique in the organization.
    name: String,
    /// The kind of job that it enqueues.
    kind: String,
    /// How often, in seconds.
    every_seconds: i64,
    /// When next.
    #[schema(value_type = String, format = DateTime)]
    next_run_at: Timestamp,
    /// When last.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_run_at: Option<Timestamp>,
    /// Whether it runs.
    is_active: bool,
}

impl From<jobs::Schedule> for Schedule {
    fn from(schedule: jobs::Schedule) -> Self {
        Self {
            id: schedule.id,
            organization_id: schedule.organization_id,
            name: schedule.name,
            kind: schedule.kind,
            every_seconds: schedule.every_seconds,
            next_run_at: schedule.next_run_at,
            last_run_at: schedule.last_run_at,
            is_active: schedule.is_active,
        }
    }
}
