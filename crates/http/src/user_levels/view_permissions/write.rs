//! `PUT /user-levels/{user_level_id}/view-permissions`, and all of them at once.

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
    UserLevelId, ViewId,
    access::{LevelScope, PermissionValue},
};
use keystead_service::access::user_levels::{self, Cell, CellChange, PutLevelPermissions, ReplaceLevelPermissions};
use serde::Deserialize;
use utoipa::ToSchema;

/// What a user level is to say about a view.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewViewPermission {
    /// The view.
    #[schema(value_type = Uuid)]
    view_id: ViewId,
    /// Whether it opens or closes.
    #[schema(schema_with = words::permission_value)]
    value: PermissionValue,
    /// Whether the organization may change it; it stays as it is when absent, and what is new can be changed. Only the
    /// platform says false.
    modifiable: Option<bool>,
}

/// What a user level is to say about views.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewViewPermissions {
    /// Each view once.
    #[schema(max_items = 500)]
    permissions: Vec<NewViewPermission>,
}

impl NewViewPermissions {
    fn changes(self) -> Vec<CellChange> {
        let change = |new: NewViewPermission| CellChange {
            cell: Cell::View(new.view_id),
            value: Some(new.value),
            scope: LevelScope::Organization,
            modifiable: new.modifiable,
            version: None,
        };
        self.permissions.into_iter().map(change).collect()
    }
}

/// Opens and closes views for a user level, all of them or none. What the level says about other views stays.
#[utoipa::path(
    put, path = "/user-levels/{user_level_id}/view-permissions", tag = "access", request_body = NewViewPermissions,
    params(("user_level_id" = Uuid, Path, description = "The user level."), Whose),
    responses((
        status = 200, description = "The user level as it is now.", body = UserLevel, headers(("ETag" = String))
    ))
)]
pub(crate) async fn put_view_permissions(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(level): Id<UserLevelId>,
    whose: Whose,
    Json { value, .. }: Json<NewViewPermissions>,
) -> Result<Versioned<UserLevel>, Problem> {
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let input = PutLevelPermissions { organization, level, of_views: true, changes: value.changes() };
    let body = UserLevel::from(user_levels::put_level_permissions(state.app(), &caller, input).await?);
    Ok(Versioned(body.version, body))
}

/// Replaces all that a user level says about views, for the level's version. What the organization cannot change stays, unless
/// the platform replaces it.
#[utoipa::path(
    put, path = "/user-levels/{user_level_id}/view-permissions/all", tag = "access", request_body = NewViewPermissions,
    params(("user_level_id" = Uuid, Path, description = "The user level."), Whose, openapi::Revision),
    responses((
        status = 200, description = "The user level as it is now.", body = UserLevel, headers(("ETag" = String))
    ))
)]
pub(crate) async fn replace_view_permissions(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(level): Id<UserLevelId>,
    whose: Whose,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<NewViewPermissions>,
) -> Result<Versioned<UserLevel>, Problem> {
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let changes = value.changes();
    let input = ReplaceLevelPermissions { organization, level, version, of_views: true, changes };
    let body = UserLevel::from(user_levels::replace_level_permissions(state.app(), &caller, input).await?);
    Ok(Versioned(body.version, body))
}
