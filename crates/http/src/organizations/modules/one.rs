//! `/organizations/{organization_id}/modules/{module_id}`.

use super::view::OrganizationModule;
use crate::{
    AppState,
    catalogue::active,
    input::{Id, Json, Signed},
    problem::Problem,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::{ModuleId, OrganizationId};
use keystead_service::organizations::modules::{self, SetOrganizationModule};
use serde::Deserialize;
use utoipa::ToSchema;

/// How an organization has a module.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HeldModule {
    /// Whether it counts now. It does unless said otherwise.
    #[serde(default = "active")]
    is_active: bool,
}

/// Gives an organization a module, or says whether one that it has counts. Only those who work for the platform do.
#[utoipa::path(
    put, path = "/organizations/{organization_id}/modules/{module_id}", tag = "catalogue", request_body = HeldModule,
    params(
        ("organization_id" = Uuid, Path, description = "The organization."),
        ("module_id" = Uuid, Path, description = "The module."),
    ),
    responses((status = 200, description = "The module as the organization has it now.", body = OrganizationModule))
)]
pub(crate) async fn set_organization_module(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((organization, module)): Id<(OrganizationId, ModuleId)>,
    Json { value, .. }: Json<HeldModule>,
) -> Result<axum::Json<OrganizationModule>, Problem> {
    let input = SetOrganizationModule { organization, module, is_active: value.is_active };
    let row = modules::set_organization_module(state.app(), &caller, input).await?;
    Ok(axum::Json(row.into()))
}

/// Takes a module from an organization. Only those who work for the platform do.
///
/// What user levels permit on what is in it stays, and does not count.
#[utoipa::path(
    delete, path = "/organizations/{organization_id}/modules/{module_id}", tag = "catalogue",
    params(
        ("organization_id" = Uuid, Path, description = "The organization."),
        ("module_id" = Uuid, Path, description = "The module."),
    ),
    responses((status = 204, description = "It has it no more."))
)]
pub(crate) async fn remove_organization_module(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((organization, module)): Id<(OrganizationId, ModuleId)>,
) -> Result<StatusCode, Problem> {
    modules::remove_organization_module(state.app(), &caller, organization, module).await?;
    Ok(StatusCode::NO_CONTENT)
}
