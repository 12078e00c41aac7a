//! `GET /user-levels`.

use super::{PagedWhose, view::UserLevel};
use crate::{
    AppState,
    input::{Query, Signed},
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_service::access::user_levels::{self, ListUserLevels};

/// Lists the organization's user levels.
#[utoipa::path(
    get, path = "/user-levels", tag = "access", params(PagedWhose),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<UserLevel>))
)]
pub(crate) async fn list_user_levels(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<PagedWhose>,
) -> Result<Page<UserLevel>, Problem> {
    let (organization, page) = query.input(&caller)?;
    let found = user_levels::list_user_levels(state.app(), &caller, ListUserLevels { organization, page }).await?;
    Ok(Page::of(found, UserLevel::from))
}
