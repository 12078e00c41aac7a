//! `GET /jobs`.

use super::view::Job;
use crate::{
    AppState,
    input::{Query, Signed, page_input},
    openapi::words,
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_domain::{
    OrganizationId,
    jobs::{JobFilter, JobStatus},
};
use keystead_service::jobs::{self, ListJobs};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which jobs, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct JobQuery {
    /// At most so many items; 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Of this organization; the caller's when absent. Only the platform's administrators name another.
    #[param(value_type = Option<Uuid>)]
    organization_id: Option<OrganizationId>,
    /// Only this status.
    #[param(schema_with = words::job_status, required = false)]
    status: Option<JobStatus>,
    /// Only this kind.
    kind: Option<String>,
}

/// Lists an organization's jobs.
#[utoipa::path(
    get, path = "/jobs", tag = "jobs", params(JobQuery),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<Job>))
)]
pub(crate) async fn list_jobs(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<JobQuery>,
) -> Result<Page<Job>, Problem> {
    let page = page_input(query.limit, query.cursor)?;
    let filter = JobFilter { status: query.status, kind: query.kind };
    let found =
        jobs::list_jobs(state.app(), &caller, ListJobs { organization: query.organization_id, filter, page }).await?;
    Ok(Page::of(found, Job::from))
}
