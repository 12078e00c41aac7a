//! `/user-levels/{user_level_id}/view-permissions/{view_permission_id}`.

use crate::{
    AppState,
    input::{Id, IfMatch, Json, Signed, Whose},
    openapi::{self, words},
    problem::Problem,
    reply::Versioned,
    user_levels::view::ViewPermission,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::{UserLevelId, ViewPermissionId, access::PermissionValue};
use keystead_service::access::user_levels::{self, DeleteLevelPermission, LevelPermissionId, UpdateViewPermission};
use serde::Deserialize;
use utoipa::ToSchema;

/// Shows what a user level says about a view.
#[utoipa::path(
    get, path = "/user-levels/{user_level_id}/view-permissions/{view_permission_id}", tag = "access",
    params(
        ("user_level_id" = Uuid, Path, description = "The user level."),
        ("view_permission_id" = Uuid, Path, description = "The permission."),
        Whose,
        openapi::Unless,
    ),
    responses((status = 200, description = "The permission.", body = ViewPermission, headers(("ETag" = String))))
)]
pub(crate) async fn get_view_permission(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((level, id)): Id<(UserLevelId, ViewPermissionId)>,
    whose: Whose,
) -> Result<Versioned<ViewPermission>, Problem> {
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let found = user_levels::get_view_permission(state.app(), &caller, organization, level, id).await?;
    Ok(Versioned(found.version, found.into()))
}

/// What can be changed about a permission on a view. What is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ViewPermissionChange {
    /// Whether it opens or closes.
    #[schema(schema_with = words::permission_value_or_null, required = false)]
    value: Option<PermissionValue>,
    /// Whether the organization may change it; only the platform says false.
    modifiable: Option<bool>,
}

/// Changes what a user level says about a view.
#[utoipa::path(
    patch, path = "/user-levels/{user_level_id}/view-permissions/{view_permission_id}", tag = "access",
    request_body = ViewPermissionChange,
    params(
        ("user_level_id" = Uuid, Path, description = "The user level."),
        ("view_permission_id" = Uuid, Path, description = "The permission."),
        Whose,
        openapi::Revision,
    ),
    responses((
        status = 200, description = "The permission as it is now.", body = ViewPermission, headers(("ETag" = String))
    ))
)]
pub(crate) async fn update_view_permission(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((level, permission)): Id<(UserLevelId, ViewPermissionId)>,
    whose: Whose,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<ViewPermissionChange>,
) -> Result<Versioned<ViewPermission>, Problem> {
    let ViewPermissionChange { value, modifiable } = value;
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let input = UpdateViewPermission { organization, level, permission, version, value, modifiable };
    let changed = user_levels::update_view_permission(state.app(), &caller, input).await?;
    Ok(Versioned(changed.version, changed.into()))
}

/// Lets a user level say nothing about a view.
#[utoipa::path(
    delete, path = "/user-levels/{user_level_id}/view-permissions/{view_permission_id}", tag = "access",
    params(
        ("user_level_id" = Uuid, Path, description = "The user level."),
        ("view_permission_id" = Uuid, Path, description = "The permission."),
        Whose,
        openapi::Revision,
    ),
    responses((status = 204, description = "Removed."))
)]
pub(crate) async fn delete_view_permission(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((level, id)): Id<(UserLevelId, ViewPermissionId)>,
    whose: Whose,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let permission = LevelPermissionId::View(id);
    let input = DeleteLevelPermission { organization, level, permission, version };
    user_levels::delete_level_permission(state.app(), &caller, input).await?;
    Ok(StatusCode::NO_CONTENT)
}
