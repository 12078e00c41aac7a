//! `PATCH` and `DELETE /user-levels/{user_level_id}`.

use super::view::UserLevel;
use crate::{
    AppState,
    input::{Id, IfMatch, Json, Signed, Whose, given},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::UserLevelId;
use keystead_service::access::user_levels::{self, DeleteUserLevel, UpdateUserLevel};
use serde::Deserialize;
use utoipa::ToSchema;

/// What can be changed about a user level. What is absent stays; null clears the description.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserLevelChange {
    /// Its name, unique in the organization.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    description: Option<Option<String>>,
}

/// Changes a user level.
#[utoipa::path(
    patch, path = "/user-levels/{user_level_id}", tag = "access", request_body = UserLevelChange,
    params(("user_level_id" = Uuid, Path, description = "The user level."), Whose, openapi::Revision),
    responses((
        status = 200, description = "The user level as it is now.", body = UserLevel, headers(("ETag" = String))
    ))
)]
pub(crate) async fn update_user_level(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(level): Id<UserLevelId>,
    whose: Whose,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<UserLevelChange>,
) -> Result<Versioned<UserLevel>, Problem> {
    let UserLevelChange { name, description } = value;
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let input = UpdateUserLevel { organization, level, version, name, description };
    let body = UserLevel::from(user_levels::update_user_level(state.app(), &caller, input).await?);
    Ok(Versioned(body.version, body))
}

/// Removes a user level that nobody has, with what it permits. One that permits what the organization cannot change, only the
/// platform removes.
#[utoipa::path(
    delete, path = "/user-levels/{user_level_id}", tag = "access",
    params(("user_level_id" = Uuid, Path, description = "The user level."), Whose, openapi::Revision),
    responses((status = 204, description = "Removed."))
)]
pub(crate) async fn delete_user_level(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(level): Id<UserLevelId>,
    whose: Whose,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    user_levels::delete_user_level(state.app(), &caller, DeleteUserLevel { organization, level, version }).await?;
    Ok(StatusCode::NO_CONTENT)
}
