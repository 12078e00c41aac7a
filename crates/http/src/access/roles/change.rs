//! `PATCH` and `DELETE /roles/{role_id}`.

use crate::{
    AppState,
    access::view::Role,
    input::{Id, IfMatch, Json, Signed, given},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::RoleId;
use keystead_service::access::roles::{self, DeleteRole, UpdateRole};
use serde::Deserialize;
use utoipa::ToSchema;

/// What can be changed about one of the organization's own roles. What is absent stays; null clears the description.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleChange {
    /// Its name, unique in the organization.
    #[schema(pattern = "^[a-z0-9_-]{1,50}$")]
    name: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    description: Option<Option<String>>,
}

/// Changes a role. Built-in ones cannot be changed.
#[utoipa::path(
    patch, path = "/roles/{role_id}", tag = "access", request_body = RoleChange,
    params(("role_id" = Uuid, Path, description = "The role."), openapi::Revision),
    responses((status = 200, description = "The role as it is now.", body = Role, headers(("ETag" = String))))
)]
pub(crate) async fn update_role(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(role): Id<RoleId>,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<RoleChange>,
) -> Result<Versioned<Role>, Problem> {
    let RoleChange { name, description } = value;
    let input = UpdateRole { organization: caller.organization_id, role, version, name, description };
    let body = Role::from(roles::update_role(state.app(), &caller, input).await?);
    Ok(Versioned(body.version, body))
}

/// Removes a role that nobody holds and no invitation names. Built-in ones cannot be removed.
#[utoipa::path(
    delete, path = "/roles/{role_id}", tag = "access",
    params(("role_id" = Uuid, Path, description = "The role."), openapi::Revision),
    responses((status = 204, description = "Removed."))
)]
pub(crate) async fn delete_role(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(role): Id<RoleId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    let input = DeleteRole { organization: caller.organization_id, role, version };
    roles::delete_role(state.app(), &caller, input).await?;
    Ok(StatusCode::NO_CONTENT)
}
