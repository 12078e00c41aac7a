//! `GET /user-levels/{user_level_id}`.

use super::view::UserLevel;
use crate::{
    AppState,
    input::{Id, Signed, Whose},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::extract::State;
use keystead_domain::UserLevelId;
use keystead_service::access::user_levels;

/// Shows a user level. What it permits is listed beside it.
#[utoipa::path(
    get, path = "/user-levels/{user_level_id}", tag = "access",
    params(("user_level_id" = Uuid, Path, description = "The user level."), Whose, openapi::Unless),
    responses((status = 200, description = "The user level.", body = UserLevel, headers(("ETag" = String))))
)]
pub(crate) async fn get_user_level(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<UserLevelId>,
    whose: Whose,
) -> Result<Versioned<UserLevel>, Problem> {
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let body = UserLevel::from(user_levels::get_user_level(state.app(), &caller, organization, id).await?);
    Ok(Versioned(body.version, body))
}
