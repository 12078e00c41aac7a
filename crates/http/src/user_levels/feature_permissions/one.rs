//! `/user-levels/{user_level_id}/feature-permissions/{feature_permission_id}`.

use crate::{
    AppState,
    input::{Id, IfMatch, Json, Signed, Whose},
    openapi::{self, words},
    problem::Problem,
    reply::Versioned,
    user_levels::view::FeaturePermission,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::{
    FeaturePermissionId, UserLevelId,
    access::{LevelScope, PermissionValue},
};
use keystead_service::access::user_levels::{self, DeleteLevelPermission, LevelPermissionId, UpdateFeaturePermission};
use serde::Deserialize;
use utoipa::ToSchema;

/// Shows what a user level says about an action on a feature.
#[utoipa::path(
    get, path = "/user-levels/{user_level_id}/feature-permissions/{feature_permission_id}", tag = "access",
    params(
        ("user_level_id" = Uuid, Path, description = "The user level."),
        ("feature_permission_id" = Uuid, Path, description = "The permission."),
        Whose,
        openapi::Unless,
    ),
    responses((status = 200, description = "The permission.", body = FeaturePermission, headers(("ETag" = String))))
)]
pub(crate) async fn get_feature_permission(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((level, id)): Id<(UserLevelId, FeaturePermissionId)>,
    whose: Whose,
) -> Result<Versioned<FeaturePermission>, Problem> {
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let found = user_levels::get_feature_permission(state.app(), &caller, organization, level, id).await?;
    Ok(Versioned(found.version, found.into()))
}

/// What can be changed about a permission on a feature. What is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeaturePermissionChange {
    /// Whether it allows or denies.
    #[schema(schema_with = words::permission_value_or_null, required = false)]
    value: Option<PermissionValue>,
    /// Whose resources it reaches.
    #[schema(schema_with = words::level_scope_or_null, required = false)]
    scope: Option<LevelScope>,
    /// Whether the organization may change it; only the platform says false.
    modifiable: Option<bool>,
}

/// Changes what a user level says about an action on a feature.
#[utoipa::path(
    patch, path = "/user-levels/{user_level_id}/feature-permissions/{feature_permission_id}", tag = "access",
    request_body = FeaturePermissionChange,
    params(
        ("user_level_id" = Uuid, Path, description = "The user level."),
        ("feature_permission_id" = Uuid, Path, description = "The permission."),
        Whose,
        openapi::Revision,
    ),
    responses((
        status = 200, description = "The permission as it is now.", body = FeaturePermission, headers(("ETag" = String))
    ))
)]
pub(crate) async fn update_feature_permission(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((level, permission)): Id<(UserLevelId, FeaturePermissionId)>,
    whose: Whose,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<FeaturePermissionChange>,
) -> Result<Versioned<FeaturePermission>, Problem> {
    let FeaturePermissionChange { value, scope, modifiable } = value;
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let input = UpdateFeaturePermission { organization, level, permission, version, value, scope, modifiable };
    let changed = user_levels::update_feature_permission(state.app(), &caller, input).await?;
    Ok(Versioned(changed.version, changed.into()))
}

/// Lets a user level say nothing about an action on a feature.
#[utoipa::path(
    delete, path = "/user-levels/{user_level_id}/feature-permissions/{feature_permission_id}", tag = "access",
    params(
        ("user_level_id" = Uuid, Path, description = "The user level."),
        ("feature_permission_id" = Uuid, Path, description = "The permission."),
        Whose,
        openapi::Revision,
    ),
    responses((status = 204, description = "Removed."))
)]
pub(crate) async fn delete_feature_permission(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((level, id)): Id<(UserLevelId, FeaturePermissionId)>,
    whose: Whose,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let permission = LevelPermissionId::Feature(id);
    let input = DeleteLevelPermission { organization, level, permission, version };
    user_levels::delete_level_permission(state.app(), &caller, input).await?;
    Ok(StatusCode::NO_CONTENT)
}
