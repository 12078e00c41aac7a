//! `GET /schedules`.

use super::view::Schedule;
use crate::{
    AppState,
    input::{Query, Signed, page_input},
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_domain::OrganizationId;
use keystead_service::jobs::{self, ListSchedules};
use serde::Deserialize;
use utoipa::IntoParams;

/// Whose schedules, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ScheduleQuery {
    /// At most so many items; 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Of this organization; the caller's when absent. Only the platform's administrators name another.
    #[param(value_type = Option<Uuid>)]
    organization_id: Option<OrganizationId>,
}

/// Lists an organization's schedules.
#[utoipa::path(
    get, path = "/schedules", tag = "jobs", params(ScheduleQuery),
    responses((status = 200, description = "A page of them.", body = Page<Schedule>))
)]
pub(crate) async fn list_schedules(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<ScheduleQuery>,
) -> Result<Page<Schedule>, Problem> {
    let input = ListSchedules { organization: query.organization_id, page: page_input(query.limit, query.cursor)? };
    let found = jobs::list_schedules(state.app(), &caller, input).await?;
    Ok(Page::of(found, Schedule::from))
}
