//! `/users/{user_id}/user-levels`: which levels a member has.

use super::view::UserLevel;
use crate::{
    AppState,
    input::{Id, Json, Signed, Whose},
    problem::Problem,
};
use axum::extract::State;
use keystead_domain::{UserId, UserLevelId};
use keystead_service::access::user_levels::{self, SetLevelsOfMember};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The user levels that a member has.
#[derive(Serialize, ToSchema)]
pub(crate) struct LevelsOfMember {
    /// They, in order of their names.
    user_levels: Vec<UserLevel>,
}

/// Shows which user levels a member has here.
#[utoipa::path(
    get, path = "/users/{user_id}/user-levels", tag = "access",
    params(("user_id" = Uuid, Path, description = "The person."), Whose),
    responses((status = 200, description = "The levels.", body = LevelsOfMember))
)]
pub(crate) async fn get_levels_of_member(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(user): Id<UserId>,
    whose: Whose,
) -> Result<axum::Json<LevelsOfMember>, Problem> {
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let found = user_levels::levels_of_member(state.app(), &caller, organization, user).await?;
    Ok(axum::Json(LevelsOfMember { user_levels: found.into_iter().map(UserLevel::from).collect() }))
}

/// The user levels that a member is to have.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LevelsWanted {
    /// All of them.
    #[schema(value_type = Vec<Uuid>, max_items = 200)]
    user_levels: Vec<UserLevelId>,
}

/// Replaces the user levels that a member has here.
#[utoipa::path(
    put, path = "/users/{user_id}/user-levels", tag = "access", request_body = LevelsWanted,
    params(("user_id" = Uuid, Path, description = "The person."), Whose),
    responses((status = 200, description = "The levels that the person has now.", body = LevelsOfMember))
)]
pub(crate) async fn set_levels_of_member(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(user): Id<UserId>,
    whose: Whose,
    Json { value, .. }: Json<LevelsWanted>,
) -> Result<axum::Json<LevelsOfMember>, Problem> {
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let input = SetLevelsOfMember { organization, user, levels: value.user_levels };
    let found = user_levels::set_levels_of_member(state.app(), &caller, input).await?;
    Ok(axum::Json(LevelsOfMember { user_levels: found.into_iter().map(UserLevel::from).collect() }))
}
