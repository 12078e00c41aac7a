//! `GET /organizations`.

use super::view::Organization;
use crate::{
    AppState,
    input::{Query, Signed, page_input},
    openapi::words,
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_domain::organizations::OrganizationStatus;
use keystead_service::organizations::{self, ListOrganizations};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which organizations, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OrganizationQuery {
    /// At most so many items; 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only this status; for the platform's administrators.
    #[param(schema_with = words::organization_status, required = false)]
    status: Option<OrganizationStatus>,
}

/// Lists one's own organizations, or every one from the platform.
#[utoipa::path(
    get, path = "/organizations", tag = "organizations", params(OrganizationQuery),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<Organization>))
)]
pub(crate) async fn list_organizations(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<OrganizationQuery>,
) -> Result<Page<Organization>, Problem> {
    if !caller.at_platform() {
        if query.status.is_some() {
            return Err(Problem::invalid("status", "is for the platform's administrators, who see every organization"));
        }
        let page = page_input(query.limit, query.cursor)?;
        let found = organizations::list_own_organizations(state.app(), &caller, &page).await?;
        return Ok(Page::of(found, |(organization, _)| Organization::from(organization)));
    }
    let input = ListOrganizations { status: query.status, page: page_input(query.limit, query.cursor)? };
    let found = organizations::list_organizations(state.app(), &caller, input).await?;
    Ok(Page::of(found, Organization::from))
}
