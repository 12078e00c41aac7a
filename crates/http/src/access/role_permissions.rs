//! `/roles/{role_id}/permissions`: what a role permits.

use super::view::{Permission, Role};
use crate::{
    AppState,
    input::{Id, IfMatch, Json, Signed},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::extract::State;
use keystead_domain::RoleId;
use keystead_service::access::roles::{self, ReplaceRolePermissions};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a role permits.
#[derive(Serialize, ToSchema)]
pub(crate) struct RolePermissions {
    /// Its permissions, by name.
    permissions: Vec<Permission>,
}

/// Shows what a role permits. Its `ETag` is the role's.
#[utoipa::path(
    get, path = "/roles/{role_id}/permissions", tag = "access",
    params(("role_id" = Uuid, Path, description = "The role."), openapi::Unless),
    responses((status = 200, description = "The role's permissions.", body = RolePermissions, headers(("ETag" = String))))
)]
pub(crate) async fn get_role_permissions(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<RoleId>,
) -> Result<Versioned<RolePermissions>, Problem> {
    let organization = caller.organization_id;
    // The version is read first: should the role change in between, it is too old for an update, never too new.
    let version = roles::get_role(state.app(), &caller, organization, id).await?.version;
    let permissions = roles::role_permissions(state.app(), &caller, organization, id).await?;
    let permissions = permissions.into_iter().map(Permission::from).collect();
    Ok(Versioned(version, RolePermissions { permissions }))
}

/// What a role is to permit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PermissionNames {
    /// The names of the permissions.
    #[schema(max_items = 500, example = json!(["teams:create:organization"]))]
    permissions: Vec<String>,
}

/// Replaces what a role permits. It is in force for the next request of everyone who holds it.
#[utoipa::path(
    put, path = "/roles/{role_id}/permissions", tag = "access", request_body = PermissionNames,
    params(("role_id" = Uuid, Path, description = "The role."), openapi::Revision),
    responses((status = 200, description = "The role as it is now.", body = Role, headers(("ETag" = String))))
)]
pub(crate) async fn set_role_permissions(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(role): Id<RoleId>,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<PermissionNames>,
) -> Result<Versioned<Role>, Problem> {
    let organization = caller.organization_id;
    let input = ReplaceRolePermissions { organization, role, version, permissions: value.permissions };
    let body = Role::from(roles::replace_role_permissions(state.app(), &caller, input).await?);
    Ok(Versioned(body.version, body))
}
