//! `GET /user-levels/{user_level_id}/view-permissions`.

use crate::{
    AppState,
    input::{Id, Query, Signed},
    problem::Problem,
    reply::Page,
    user_levels::{PagedWhose, view::ViewPermission},
};
use axum::extract::State;
use keystead_domain::UserLevelId;
use keystead_service::access::user_levels::{self, ListLevelPermissions};

/// Lists which views a user level opens and closes.
#[utoipa::path(
    get, path = "/user-levels/{user_level_id}/view-permissions", tag = "access",
    params(("user_level_id" = Uuid, Path, description = "The user level."), PagedWhose),
    responses((status = 200, description = "A page of them, in order of the views.", body = Page<ViewPermission>))
)]
pub(crate) async fn list_view_permissions(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(level): Id<UserLevelId>,
    Query(query): Query<PagedWhose>,
) -> Result<Page<ViewPermission>, Problem> {
    let (organization, page) = query.input(&caller)?;
    let input = ListLevelPermissions { organization, level, page };
    let found = user_levels::list_view_permissions(state.app(), &caller, input).await?;
    Ok(Page::of(found, ViewPermission::from))
}
