//! `GET /jobs/{job_id}`.

use super::view::Job;
use crate::{
    AppState,
    input::{Id, Signed, Whose},
    problem::Problem,
};
use axum::extract::State;
use keystead_domain::JobId;
use keystead_service::jobs;

/// Shows a job.
#[utoipa::path(
    get, path = "/jobs/{job_id}", tag = "jobs",
    params(("job_id" = Uuid, Path, description = "The job."), Whose),
    responses((status = 200, description = "The job.", body = Job))
)]
pub(crate) async fn get_job(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<JobId>,
    whose: Whose,
) -> Result<axum::Json<Job>, Problem> {
    Ok(axum::Json(jobs::get_job(state.app(), &caller, whose.organization_id, id).await?.into()))
}
