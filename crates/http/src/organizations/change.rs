//! `PATCH` and `DELETE /organizations/{organization_id}`.

use super::view::Organization;
use crate::{
    AppState,
    input::{Id, IfMatch, Json, Signed},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::OrganizationId;
use keystead_service::organizations::{self, ArchiveOrganization, UpdateOrganization};
use serde::Deserialize;
use utoipa::ToSchema;

/// What its administrators can change about an organization. What is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganizationChange {
    /// Its name.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    /// What its administrators note.
    #[schema(value_type = Option<Object>)]
    metadata: Option<serde_json::Value>,
}

/// Changes an organization.
#[utoipa::path(
    patch, path = "/organizations/{organization_id}", tag = "organizations", request_body = OrganizationChange,
    params(("organization_id" = Uuid, Path, description = "The organization."), openapi::Revision),
    responses((status = 200, description = "The organization as it is now.", body = Organization, headers(("ETag" = String))))
)]
pub(crate) async fn update_organization(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(organization): Id<OrganizationId>,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<OrganizationChange>,
) -> Result<Versioned<Organization>, Problem> {
    let OrganizationChange { name, metadata } = value;
    let input = UpdateOrganization { organization, version, name, metadata };
    let body = Organization::from(organizations::update_organization(state.app(), &caller, input).await?);
    Ok(Versioned(body.version, body))
}

/// Archives an organization: nobody can work in it any more; its rows and audit events stay.
#[utoipa::path(
    delete, path = "/organizations/{organization_id}", tag = "organizations",
    params(("organization_id" = Uuid, Path, description = "The organization."), openapi::Revision),
    responses((status = 204, description = "Archived."))
)]
pub(crate) async fn archive_organization(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(organization): Id<OrganizationId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    organizations::archive_organization(state.app(), &caller, ArchiveOrganization { organization, version }).await?;
    Ok(StatusCode::NO_CONTENT)
}
