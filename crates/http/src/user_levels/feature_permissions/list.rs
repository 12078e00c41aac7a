//! `GET /user-levels/{user_level_id}/feature-permissions`.

use crate::{
    AppState,
    input::{Id, Query, Signed},
    problem::Problem,
    reply::Page,
    user_levels::{PagedWhose, view::FeaturePermission},
};
use axum::extract::State;
use keystead_domain::UserLevelId;
use keystead_service::access::user_levels::{self, ListLevelPermissions};

/// Lists what a user level allows and denies on features.
#[utoipa::path(
    get, path = "/user-levels/{user_level_id}/feature-permissions", tag = "access",
    params(("user_level_id" = Uuid, Path, description = "The user level."), PagedWhose),
    responses((status = 200, description = "A page of them, in order of features and actions.", body = Page<FeaturePermission>))
)]
pub(crate) async fn list_feature_permissions(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(level): Id<UserLevelId>,
    Query(query): Query<PagedWhose>,
) -> Result<Page<FeaturePermission>, Problem> {
    let (organization, page) = query.input(&caller)?;
    let input = ListLevelPermissions { organization, level, page };
    let found = user_levels::list_feature_permissions(state.app(), &caller, input).await?;
    Ok(Page::of(found, FeaturePermission::from))
}
