//! `GET /organizations/{organization_id}/modules`.

use super::view::OrganizationModule;
use crate::{
    AppState,
    input::{Id, Paged, Query, Signed},
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_domain::OrganizationId;
use keystead_service::organizations::modules::{self, ListOrganizationModules};

/// Lists the modules that an organization has: one's own, any for those who work for the platform.
#[utoipa::path(
    get, path = "/organizations/{organization_id}/modules", tag = "catalogue",
    params(("organization_id" = Uuid, Path, description = "The organization."), Paged),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<OrganizationModule>))
)]
pub(crate) async fn list_organization_modules(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(organization): Id<OrganizationId>,
    Query(query): Query<Paged>,
) -> Result<Page<OrganizationModule>, Problem> {
    let input = ListOrganizationModules { organization, page: query.input()? };
    let found = modules::list_organization_modules(state.app(), &caller, input).await?;
    Ok(Page::of(found, OrganizationModule::from))
}
