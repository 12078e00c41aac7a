//! `POST /jobs/{job_id}/retry` and `/cancel`.

use super::view::Job;
use crate::{
    AppState,
    input::{Id, Signed, Whose},
    problem::Problem,
};
use axum::extract::State;
use keystead_domain::JobId;
use keystead_service::jobs;

/// Puts a dead or cancelled job back into the queue, with fresh attempts.
#[utoipa::path(
    post, path = "/jobs/{job_id}/retry", tag = "jobs",
    params(("job_id" = Uuid, Path, description = "The job."), Whose),
    responses((status = 200, description = "The job as it is now.", body = Job))
)]
pub(crate) async fn retry_job(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<JobId>,
    whose: Whose,
) -> Result<axum::Json<Job>, Problem> {
    Ok(axum::Json(jobs::retry_job(state.app(), &caller, whose.organization_id, id).await?.into()))
}

/// Withdraws a job that nobody has begun.
#[utoipa::path(
    post, path = "/jobs/{job_id}/cancel", tag = "jobs",
    params(("job_id" = Uuid, Path, description = "The job."), Whose),
    responses((status = 200, description = "The job as it is now.", body = Job))
)]
pub(crate) async fn cancel_job(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<JobId>,
    whose: Whose,
) -> Result<axum::Json<Job>, Problem> {
    Ok(axum::Json(jobs::cancel_job(state.app(), &caller, whose.organization_id, id).await?.into()))
}
