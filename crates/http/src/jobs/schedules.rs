//! `GET /schedules`.

use super::view::Schedule;
use crate::{
    AppState,
    input::{Paged, Query, Signed},
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_service::jobs;

/// Lists the organization's schedules.
#[utoipa::path(
    get, path = "/schedules", tag = "jobs", params(Paged),
    responses((status = 200, description = "A page of them.", body = Page<Schedule>))
)]
pub(crate) async fn list_schedules(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<Paged>,
) -> Result<Page<Schedule>, Problem> {
    let found = jobs::list_schedules(state.app(), &caller, query.input()?).await?;
    Ok(Page::of(found, Schedule::from))
}
