//! `GET /organizations/{organization_id}`.

use super::view::Organization;
use crate::{
    AppState,
    input::{Id, Signed},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::extract::State;
use keystead_domain::OrganizationId;
use keystead_service::organizations;

/// Shows the organization that one works in, or any from the platform.
#[utoipa::path(
    get, path = "/organizations/{organization_id}", tag = "organizations",
    params(("organization_id" = Uuid, Path, description = "The organization."), openapi::Unless),
    responses((status = 200, description = "The organization.", body = Organization, headers(("ETag" = String))))
)]
pub(crate) async fn get_organization(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<OrganizationId>,
) -> Result<Versioned<Organization>, Problem> {
    let body = Organization::from(organizations::get_organization(state.app(), &caller, id).await?);
    Ok(Versioned(body.version, body))
}
