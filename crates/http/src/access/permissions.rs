//! `/permissions`.

use super::view::Permission;
use crate::{
    AppState,
    input::{CreateKey, Id, Json, Paged, Query, Signed},
    openapi,
    problem::Problem,
    reply::{Created, Page},
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::PermissionId;
use keystead_service::access::permissions::{self, CreatePermission, ListPermissions};
use serde::Deserialize;
use utoipa::ToSchema;

/// Lists the permissions that roles here can have: the organization's own and the platform's.
#[utoipa::path(
    get, path = "/permissions", tag = "access", params(Paged),
    responses((status = 200, description = "A page of them.", body = Page<Permission>))
)]
pub(crate) async fn list_permissions(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<Paged>,
) -> Result<Page<Permission>, Problem> {
    let input = ListPermissions { organization: caller.organization_id, page: query.input()? };
    let found = permissions::list_permissions(state.app(), &caller, input).await?;
    Ok(Page::of(found, Permission::from))
}

/// A new permission.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPermission {
    /// `resource:action:scope`; scope is `own`, `organization` or, in the platform, `any`.
    #[schema(
        example = "reports:read:organization",
        pattern = "^[a-z][a-z0-9_]{0,39}:[a-z][a-z0-9_]{0,39}:(own|organization|any)$"
    )]
    name: String,
    /// What it is for.
    #[schema(max_length = 2000)]
    description: Option<String>,
}

/// Defines a permission, for a product's own resource. It permits nothing until a role has it.
#[utoipa::path(
    post, path = "/permissions", tag = "access", params(openapi::CreateKey), request_body = NewPermission,
    responses((status = 201, description = "The permission.", body = Permission, headers(("Location" = String))))
)]
pub(crate) async fn create_permission(
    State(state): State<AppState>,
    Signed(caller): Signed,
    key: CreateKey,
    Json { value, bytes }: Json<NewPermission>,
) -> Result<Created<Permission>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let NewPermission { name, description } = value;
    let input = CreatePermission { organization: caller.organization_id, name, description };
    let body = Permission::from(permissions::create_permission(state.app(), &caller, input, key).await?);
    Ok(Created { location: format!("/api/v1/permissions/{}", body.id), version: None, body })
}

/// Shows a permission.
#[utoipa::path(
    get, path = "/permissions/{permission_id}", tag = "access",
    params(("permission_id" = Uuid, Path, description = "The permission.")),
    responses((status = 200, description = "The permission.", body = Permission))
)]
pub(crate) async fn get_permission(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<PermissionId>,
) -> Result<axum::Json<Permission>, Problem> {
    let found = permissions::get_permission(state.app(), &caller, caller.organization_id, id).await?;
    Ok(axum::Json(found.into()))
}

/// Removes one of the organization's own permissions, when no role has it.
///
/// It takes no `If-Match`: a permission never changes, so it has no version.
#[utoipa::path(
    delete, path = "/permissions/{permission_id}", tag = "access",
    params(("permission_id" = Uuid, Path, description = "The permission.")),
    responses((status = 204, description = "Removed."))
)]
pub(crate) async fn delete_permission(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<PermissionId>,
) -> Result<StatusCode, Problem> {
    permissions::delete_permission(state.app(), &caller, caller.organization_id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
