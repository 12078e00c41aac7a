//! A job for the tests.

use crate::testing::{now, organization};
use keystead_domain::{
    JobId, Json,
    jobs::{Job, JobStatus},
};
use uuid::Uuid;

/// A job of organization 1 in its first of three attempts.
pub(in crate::jobs) fn a_job(kind: &str) -> Job {
    Job {
        id: JobId::from_uuid(Uuid::from_u128(11)),
        organization_id: organization(1),
        kind: kind.to_owned(),
        payload: Json::Object(serde_json::Map::new()),
        status: JobStatus::Running,
        unique_key: None,
        run_at: now(),
        attempts: 1,
        max_attempts: 3,
        locked_by: Some("worker".to_owned()),
        locked_until: Some(now().plus_seconds(60)),
        last_error: None,
        progress: 0,
        result: None,
        created_by: None,
        created_at: now(),
        updated_at: now(),
        finished_at: None,
    }
}
