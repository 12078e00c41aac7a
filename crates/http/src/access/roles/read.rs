//! `GET /roles/{role_id}`.

use crate::{
    AppState,
    access::view::Role,
    input::{Id, Signed},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::extract::State;
use keystead_domain::RoleId;
use keystead_service::access::roles;

/// Shows a role. What it permits is at `/roles/{role_id}/permissions`.
#[utoipa::path(
    get, path = "/roles/{role_id}", tag = "access",
    params(("role_id" = Uuid, Path, description = "The role."), openapi::Unless),
    responses((status = 200, description = "The role.", body = Role, headers(("ETag" = String))))
)]
pub(crate) async fn get_role(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<RoleId>,
) -> Result<Versioned<Role>, Problem> {
    let body = Role::from(roles::get_role(state.app(), &caller, caller.organization_id, id).await?);
    Ok(Versioned(body.version, body))
}
