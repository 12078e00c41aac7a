//! `PUT /user-levels/{user_level_id}/feature-permissions`, and all of them at once.

use crate::{
    AppState,
    input::{Id, IfMatch, Json, Signed, Whose},
    openapi::{self, words},
    problem::Problem,
    reply::Versioned,
    user_levels::view::UserLevel,
};
use axum::extract::State;
use keystead_domain::{
    FeatureId, UserLevelId,
    access::{LevelScope, PermissionValue},
};
use keystead_service::access::user_levels::{self, Cell, CellChange, PutLevelPermissions, ReplaceLevelPermissions};
use serde::Deserialize;
use utoipa::ToSchema;

/// What a user level is to say about an action on a feature.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFeaturePermission {
    /// The feature.
    #[schema(value_type = Uuid)]
    feature_id: FeatureId,
    /// What is done.
    #[schema(min_length = 1, max_length = 40, pattern = "^[!-~]{1,40}$", example = "read")]
    action: String,
    /// Whether it allows or denies.
    #[schema(schema_with = words::permission_value)]
    value: PermissionValue,
    /// Whose resources it reaches.
    #[schema(schema_with = words::level_scope)]
    scope: LevelScope,
    /// Whether the organization may change it; it stays as it is when absent, and what is new can be changed. Only the
    /// platform says false.
    modifiable: Option<bool>,
}

/// What a user level is to say about features.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFeaturePermissions {
    /// Each action on a feature once.
    #[schema(max_items = 500)]
    permissions: Vec<NewFeaturePermission>,
}

impl NewFeaturePermissions {
    fn changes(self) -> Vec<CellChange> {
        let change = |new: NewFeaturePermission| CellChange {
            cell: Cell::Feature(new.feature_id, new.action),
            value: Some(new.value),
            scope: new.scope,
            modifiable: new.modifiable,
            version: None,
        };
        self.permissions.into_iter().map(change).collect()
    }
}

/// Allows and denies actions on features for a user level, all of them or none. What the level says about others stays.
#[utoipa::path(
    put, path = "/user-levels/{user_level_id}/feature-permissions", tag = "access", request_body = NewFeaturePermissions,
    params(("user_level_id" = Uuid, Path, description = "The user level."), Whose),
    responses((
        status = 200, description = "The user level as it is now.", body = UserLevel, headers(("ETag" = String))
    ))
)]
pub(crate) async fn put_feature_permissions(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(level): Id<UserLevelId>,
    whose: Whose,
    Json { value, .. }: Json<NewFeaturePermissions>,
) -> Result<Versioned<UserLevel>, Problem> {
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let input = PutLevelPermissions { organization, level, of_views: false, changes: value.changes() };
    let body = UserLevel::from(user_levels::put_level_permissions(state.app(), &caller, input).await?);
    Ok(Versioned(body.version, body))
}

/// Replaces all that a user level says about features, for the level's version. What the organization cannot change stays, unless
/// the platform replaces it.
#[utoipa::path(
    put, path = "/user-levels/{user_level_id}/feature-permissions/all", tag = "access", request_body = NewFeaturePermissions,
    params(("user_level_id" = Uuid, Path, description = "The user level."), Whose, openapi::Revision),
    responses((
        status = 200, description = "The user level as it is now.", body = UserLevel, headers(("ETag" = String))
    ))
)]
pub(crate) async fn replace_feature_permissions(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(level): Id<UserLevelId>,
    whose: Whose,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<NewFeaturePermissions>,
) -> Result<Versioned<UserLevel>, Problem> {
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let changes = value.changes();
    let input = ReplaceLevelPermissions { organization, level, version, of_views: false, changes };
    let body = UserLevel::from(user_levels::replace_level_permissions(state.app(), &caller, input).await?);
    Ok(Versioned(body.version, body))
}
