//! `PUT /organizations/{organization_id}/modules`.

use super::view::OrganizationModule;
use crate::{
    AppState,
    catalogue::active,
    input::{Id, Json, Signed},
    problem::Problem,
};
use axum::extract::State;
use keystead_domain::{ModuleId, OrganizationId};
use keystead_service::organizations::modules;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// All the modules that an organization is to have.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedModules {
    /// They, each once.
    #[schema(max_items = 1000)]
    modules: Vec<WantedModule>,
}

/// A module that an organization is to have.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedModule {
    /// Which.
    #[schema(value_type = Uuid)]
    module_id: ModuleId,
    /// Whether it counts now. It does unless said otherwise.
    #[serde(default = "active")]
    is_active: bool,
}

/// All the modules that an organization has.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrganizationModules {
    /// They, oldest first.
    items: Vec<OrganizationModule>,
}

/// Replaces the modules that an organization has, all or none. Only those who work for the platform do.
#[utoipa::path(
    put, path = "/organizations/{organization_id}/modules", tag = "catalogue", request_body = WantedModules,
    params(("organization_id" = Uuid, Path, description = "The organization.")),
    responses((status = 200, description = "The modules that it has now.", body = OrganizationModules))
)]
pub(crate) async fn replace_organization_modules(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(organization): Id<OrganizationId>,
    Json { value, .. }: Json<WantedModules>,
) -> Result<axum::Json<OrganizationModules>, Problem> {
    let wanted = |wanted: WantedModule| modules::WantedModule { module: wanted.module_id, is_active: wanted.is_active };
    let wanted = value.modules.into_iter().map(wanted).collect();
    let items = modules::replace_organization_modules(state.app(), &caller, organization, wanted).await?;
    Ok(axum::Json(OrganizationModules { items: items.into_iter().map(OrganizationModule::from).collect() }))
}
